"""The country as a place of figures: what its provinces add up to."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.core.indicators import days
from portal.core.indicators.books import books
from portal.core.indicators.figures import Origin, State
from portal.core.indicators.parts import parts_of
from portal.core.indicators.small_cells import SmallCells
from portal.core.indicators.snapshots import keep_tallies
from portal.core.indicators.values import FigureQuery, kept
from portal.core.lib.codes import COUNTRY
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import FiguresDay
from portal.core.territory.totals import refresh_totals
from portal.registry import DISCLOSURE, INDICATORS
from tests import factories
from workforce.queries.staffing import StaffingQuery

EVERYWHERE = ("",)


def lines(on: date, *codes: str) -> dict:
    indicators = tuple(INDICATORS.values())
    return {line.code: line for line in FigureQuery(indicators, Chosen(EVERYWHERE, on, codes=codes)).lines()}


def whole(on: date):
    (line,) = lines(on, COUNTRY).values()
    return line


def adds_up(total, provinces: dict) -> None:
    """Every count that figures are made of; formulas are judged for the country itself and are no sums."""
    for key, one in INDICATORS.items():
        if not one.sql:
            parts = [line[key].numerator or 0 for line in provinces.values()]
            assert (total[key].numerator or 0) == sum(parts), key
        if one.divided and not one.per_resident:
            assert (total[key].denominator or 0) == sum(line[key].denominator or 0 for line in provinces.values()), key


def test_counts_of_the_country_are_those_of_its_provinces(world):
    total = whole(world.today)
    assert (total.place.code, total.place.name, total.place.level) == ("000000", "全国", 0)
    assert (total["workers"].numerator, total["workers"].origin) == (7, Origin.TODAY)
    adds_up(total, lines(world.today, "96", "97"))


def test_day_in_the_past_is_counted_for_the_country_too(world):
    on = world.today.replace(year=world.today.year - 1)
    total = whole(on)
    assert total["workers"].origin == Origin.ROWS
    adds_up(total, lines(on, "96", "97"))


def test_population_of_the_country_is_known_where_that_of_every_province_is(world):
    assert whole(world.today)["staffing_ratio"].state == State.NO_DATA
    factories.population("97", 10_000, on=date(2020, 11, 1), basis="urban_permanent", source="邻省公报")
    refresh_totals("97")
    figure = whole(world.today)["staffing_ratio"]
    assert (figure.numerator, figure.population.value, figure.value) == (7, 50_000, Decimal("1.40"))
    assert (figure.population.own, figure.population.on) == (False, date(2020, 11, 1))
    assert figure.rule is None  # each province rules for itself
    factories.staffing_rule()
    assert whole(world.today)["staffing_ratio"].rule.value == {"heads": 18, "per": 10_000}
    yesterday = whole(world.today.replace(day=1))["staffing_ratio"]
    assert (yesterday.population.value, yesterday.origin) == (50_000, Origin.ROWS)


def test_staffing_of_the_country(world):
    factories.staffing_rule()
    factories.population("97", 10_000, on=date(2020, 11, 1), basis="urban_permanent", source="邻省公报")
    refresh_totals("97")
    for on in (world.today, world.today.replace(day=1)):
        (row,) = StaffingQuery(EVERYWHERE, on, level=0).rows()
        assert (row.code, row.name, row.workers, row.population) == (COUNTRY, "全国", 7, 50_000)
        assert (row.required, row.gap, row.status) == (90, 83, "short")
    assert StaffingQuery(("96",), world.today, level=0).rows() == []
    assert StaffingQuery(EVERYWHERE, world.today, under="96", level=0).rows() == []


def test_months_kept_of_the_provinces_are_months_of_the_country(world):
    for book in books():
        keep_tallies(book, world.today)
    indicators = tuple(INDICATORS.values())
    (total,) = kept(indicators, COUNTRY, world.today, world.today)
    provinces = {line.code: line for line in kept(indicators, ["96", "97"], world.today, world.today)}
    assert set(provinces) == {"96", "97"}
    adds_up(total, provinces)


def test_kept_day_of_a_country_too_big_to_be_counted(world, monkeypatch):
    for book in books():
        keep_tallies(book, world.today)
    FiguresDay.objects.update(on=world.today + timedelta(days=1))
    monkeypatch.setattr(days, "PEOPLE_AT_MOST", 0)
    total = whole(world.today)
    assert {figure.origin for figure in total.figures.values()} == {Origin.SNAPSHOT}
    assert (total["workers"].numerator, total["workers"].counted_at.date() >= world.today) == (7, True)
    adds_up(total, lines(world.today, "96", "97"))


def test_province_withheld_cannot_be_had_from_the_country(world):
    """邻省 has one worker: withheld alone, the country less the other province would tell."""
    small = SmallCells(DISCLOSURE, (INDICATORS["workers"],), world.today, EVERYWHERE, 3)
    hidden = {code for code, _key in small.among(["96", "97", COUNTRY])}
    assert "97" in hidden and len(hidden) >= 2
    assert replace(small, territories=("97",)).among(["97"]) == {("97", "workers")}


@pytest.mark.parametrize("territories", [("96",), ("96", "97"), ()])
def test_country_is_nobodys_who_does_not_hold_it(world, territories):
    query = FigureQuery((INDICATORS["workers"],), Chosen(territories, world.today, codes=(COUNTRY,)))
    assert (query.lines(), query.count()) == ([], 0)


def test_country_counts_as_one_place(world):
    assert FigureQuery((INDICATORS["workers"],), Chosen(EVERYWHERE, world.today, codes=(COUNTRY,))).count() == 1


@pytest.mark.parametrize("key", INDICATORS)
def test_every_number_of_the_country_is_one(world, key):
    """Also a population, which reads no counter."""
    for part in parts_of(INDICATORS[key]).values():
        for on in (world.today, world.today.replace(day=1)):
            assert len(FigureQuery((part.plain,), Chosen(EVERYWHERE, on, codes=(COUNTRY,))).lines()) == 1
