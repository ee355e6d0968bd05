"""Populations entered at the same moment: the totals hold both, and nobody is refused."""

from datetime import date

import pytest

from portal.core.models import Division, FiguresDay, PopulationTotal
from tests.together import together
from workforce.actions.populations import record_population

DAY = date(2026, 6, 30)
COMMUNITIES = ("910101001001", "910101001002", "910101001003", "910101001004")


@pytest.mark.django_db(transaction=True)
def test_two_offices_of_a_province_enter_populations_at_once():
    above = None
    for level, code in enumerate(("91", "9101", "910101", "910101001"), 1):
        above = Division.objects.create(
            code=code, name=code, label=code, initials="x", level=level, kind="district", urban=True, parent=above
        )
    places = [
        Division.objects.create(
            code=code, name=code, label=code, initials="x", level=5, kind="residents", urban=True, parent=above
        )
        for code in COMMUNITIES
    ]
    FiguresDay.objects.create(on=DAY)

    def enter(place):
        return lambda: record_population(division=place, on=DAY, basis="ledger", value=1000, source="台账", by=None)

    for _round in range(3):
        answers = together(*map(enter, places))
        assert [type(answer).__name__ for answer in answers] == ["Population"] * 4
    assert PopulationTotal.objects.get(division="91", basis="ledger").value == 4000
