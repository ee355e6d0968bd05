"""The demonstration's schemes keep the rules that every scheme keeps."""

import pytest

from portal.core.territory.models import Division
from portal.demo.rating_schemes import ITEMS, make_default_schemes
from portal.registry import INDICATORS
from ratings.models import RatingScheme
from ratings.queries.schemes import faults_of
from tests import factories
from tests import world as w


@pytest.mark.parametrize("kind", ITEMS)
def test_items_come_to_a_hundred(kind):
    assert sum(points for _group, _label, points, *_rest in ITEMS[kind]) == 100


def test_schemes_are_made_once_and_in_use(world):
    approver = factories.user("approver", ("city", w.CITY), division=w.CITY)
    city = Division.objects.get(pk=w.CITY)
    for _time in range(2):
        made = make_default_schemes(city, 2026, world.users.city, approver)
    assert {kind: one.state for kind, one in made.items()} == {"community": "in_use", "village": "in_use"}
    assert RatingScheme.objects.count() == 2
    assert [faults_of(one, INDICATORS) for one in made.values()] == [[], []]
    automatic = made["community"].items.exclude(indicator="")
    assert (automatic.count(), sum(one.points for one in automatic)) == (10, 76)
    assert made["community"].items.get(indicator="staffing_gap").steps[0] == {"most": "0", "percent": "100"}
