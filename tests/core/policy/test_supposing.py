"""A rule put in place of the one there is: the statement sees it where it would apply, the table stays as it is."""

from datetime import date

import pytest
from django.db import connection

from portal.core.policy.kinds import POPULATION_AGE, STAFFING
from portal.core.policy.models import PolicyRule
from portal.core.policy.queries import RULES_CTE, nearest_rule
from portal.core.policy.supposing import Supposed
from tests import factories
from tests import world as w

DAY = date(2026, 6, 1)
READING = (
    f"WITH {RULES_CTE} SELECT d.code, (r.value->>'heads')::int FROM core_division d {nearest_rule(STAFFING, 'd.code', 'r')}",
    {"on": DAY},
)
TWENTY = {"heads": 20, "per": 10_000}


def heads(scope: str) -> dict[str, int | None]:
    with connection.cursor() as cursor:
        cursor.execute(*Supposed(STAFFING, scope, TWENTY).within(READING))
        return dict(cursor.fetchall())


@pytest.mark.django_db
def test_rule_supposed_applies_below_its_place_except_where_a_nearer_one_does(world):
    factories.staffing_rule(w.STREET, heads=30)
    found = heads(w.DISTRICT)
    assert [found[code] for code in (w.CITY, w.DISTRICT, w.STREET, w.SPRING, w.AUTUMN, w.SNOW, w.FAR)] == [
        18, 20, 30, 30, 20, 18, None,
    ]  # fmt: skip
    assert PolicyRule.objects.count() == 2


@pytest.mark.django_db
def test_rule_supposed_stands_in_for_the_one_of_the_same_place(world):
    assert {code: n for code, n in heads(w.CITY).items() if n != 20} == {
        code: None for code in world.divisions if code.startswith("97")
    }
    assert set(heads("").values()) == {18, 20}


def test_statement_that_does_not_read_the_kind_is_refused():
    with pytest.raises(ValueError, match=r"does not read rules of population\.max_age"):
        Supposed(POPULATION_AGE, "", {"months": 6}).within(READING)
    with pytest.raises(ValueError, match="does not read rules"):
        Supposed(STAFFING, "", TWENTY).within(("SELECT 1", {}))
