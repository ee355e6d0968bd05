"""Figures of the roster on the sample world: kept and counted alike, as of any day, inside the wall, over time."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.core.indicators.figures import Met, Origin, State
from portal.core.indicators.rows import RowsBehind
from portal.core.indicators.values import FigureQuery, figure_afresh, kept, series
from portal.core.territory.chosen import Chosen
from portal.registry import INDICATORS
from tests import world as w
from workforce.actions.tallies import recount
from workforce.counters import BOOK
from workforce.models import Snapshot, Tally

ALL = tuple(INDICATORS.values())
LONG_AGO = date(1999, 1, 1)


def numbers(lines):
    """What was found, without how it was found."""
    return {
        line.code: {key: (f.numerator, f.denominator, f.state, f.met) for key, f in line.figures.items()}
        for line in lines
    }


def test_kept_figures_equal_those_counted_from_the_records(world):
    chosen = Chosen(("",), world.today, under="96")
    stored = FigureQuery(ALL, chosen).lines()
    counted = FigureQuery(ALL, chosen, figures_on=LONG_AGO).lines()
    assert {line["workers"].origin for line in stored} == {Origin.TODAY}
    assert {line["workers"].origin for line in counted} == {Origin.ROWS}
    assert numbers(stored) == numbers(counted)
    assert len(stored) > 10


def test_figures_read_all_at_once_are_those_read_one_by_one(world):
    for line in FigureQuery(ALL, Chosen(("",), world.today, under="96")).lines():
        one_by_one = {one.key: line.figures[one.key] for one in ALL}
        assert dict(line.figures.items()) == one_by_one
        assert list(line.figures.values()) == list(one_by_one.values())


def test_a_past_day_gives_what_was_true_then(world):
    recount()
    before = figure_afresh(INDICATORS["in_post"], w.DISTRICT, world.today - timedelta(days=20_000))
    assert (before.numerator, before.origin) == (0, Origin.ROWS)


def test_reader_sees_only_the_own_territory(world):
    lines = FigureQuery(ALL, Chosen((w.STREET,), world.today)).lines()
    assert {line.code[: len(w.STREET)] for line in lines} == {w.STREET}
    assert FigureQuery(ALL, Chosen((), world.today)).lines() == []


@pytest.mark.parametrize("name", BOOK.names)
def test_rows_behind_a_number_are_as_many_as_it_says(world, name):
    counter = BOOK.counters[name]
    behind = RowsBehind(BOOK, name, "96", world.today, ("",))
    rows = behind.page(1000)
    assert len({(row.code, row.id) for row in rows}) == len(rows) == behind.count()
    if not counter.add:
        assert len(rows) == getattr(Tally.objects.get(division_id="96"), name)


def test_rows_are_paged_forth_and_back_by_key(world):
    behind = RowsBehind(BOOK, "in_post", "96", world.today, ("",))
    rows = behind.page(1000)
    assert behind.after(behind.key_of(rows[1]), 2) == rows[2:4]
    assert behind.before(behind.key_of(rows[3]), 2) == rows[1:3]
    assert behind.after(None, 3) == rows[:3]


def test_rows_end_at_the_wall_though_the_number_is_whole(world):
    behind = RowsBehind(BOOK, "in_post", w.DISTRICT, world.today, (w.STREET,))
    assert {row.code[: len(w.STREET)] for row in behind.page(1000)} == {w.STREET}
    assert behind.count() < figure_afresh(INDICATORS["in_post"], w.DISTRICT, world.today).numerator
    assert RowsBehind(BOOK, "in_post", w.DISTRICT, world.today, ()).page(10) == []


def test_figures_are_ordered_by_value_with_the_unknown_last(world):
    lines = FigureQuery(ALL, Chosen(("",), world.today, under="96", level=5)).lines("-staffing_ratio")
    values = [line["staffing_ratio"].exact for line in lines]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=True)
    assert values[: len(known)] == known


def test_series_joins_the_month_ends_kept_and_the_day_itself(world):
    end = world.today.replace(day=1) - timedelta(days=1)
    Snapshot.objects.filter(on=end).delete()
    Snapshot.objects.create(
        division_id=w.DISTRICT, on=end, workers=4, certified=1, population=20_000, basis="ledger", population_on=end
    )
    lines = series((INDICATORS["certified_share"], INDICATORS["staffing_ratio"]), w.DISTRICT, 1, world.today)
    then, now = lines[-2:]
    assert (then["certified_share"].on, then["certified_share"].origin) == (end, Origin.SNAPSHOT)
    assert (then["certified_share"].value, then["staffing_ratio"].value) == (Decimal("25.0"), Decimal("2.00"))
    assert then["staffing_ratio"].population.basis == "ledger"
    assert (now["certified_share"].on, now["certified_share"].origin) == (world.today, Origin.TODAY)


def test_kept_figures_are_judged_by_the_rule_of_their_day(world):
    Snapshot.objects.all().delete()
    Snapshot.objects.create(division_id=w.DISTRICT, on=date(2010, 1, 31), workers=4, population=20_000, basis="ledger")
    (line,) = kept((INDICATORS["staffing_ratio"],), w.DISTRICT, date(2010, 1, 1), date(2010, 12, 31))
    assert (line["staffing_ratio"].state, line["staffing_ratio"].met) == (State.VALUE, Met.NOT_IN_FORCE)


def test_every_figure_afresh_every_division_is_one_statement(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        FigureQuery(ALL, Chosen(("",), world.today, under="96"), figures_on=world.today).lines()
