"""Snapshots of month ends: taken as the day moves on, counted for days missed, never rewritten."""

import json
from datetime import date

import pytest

from portal.core.indicators.snapshots import month_ends
from tests import factories
from tests import world as w
from workforce.actions.tallies import recount, refresh_tallies, roll_figures, take_snapshots
from workforce.counters import BOOK
from workforce.models import Snapshot, Tally
from workforce.queries.staffing import StaffingQuery

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)


def kept(on: date) -> dict[str, int]:
    return dict(Snapshot.objects.filter(on=on).values_list("division", "workers"))


@pytest.mark.parametrize(
    "first, last, ends",
    [
        (date(2024, 1, 15), date(2024, 3, 30), ["2024-01-31", "2024-02-29"]),
        (date(2024, 1, 31), date(2024, 1, 31), ["2024-01-31"]),
        (date(2025, 12, 1), date(2026, 1, 31), ["2025-12-31", "2026-01-31"]),
        (date(2026, 2, 1), date(2026, 1, 1), []),
    ],
)
def test_month_ends(first, last, ends):
    assert [str(day) for day in month_ends(first, last)] == ends


def test_the_day_that_moves_on_leaves_its_tallies_and_populations_behind(world):
    roll_figures(JANUARY)
    before = {row.pk: row for row in Tally.objects.all()}
    assert roll_figures(date(2026, 2, 1))
    rows = {row.division_id: row for row in Snapshot.objects.filter(on=JANUARY)}
    for code, row in rows.items():
        expected = before.get(code)
        assert [getattr(row, name) for name in BOOK.names] == [getattr(expected, name, 0) for name in BOOK.names]
    judged = StaffingQuery(territories=("",), on=JANUARY).rows()
    assert {
        code: (row.population, row.basis or None, row.population_on, row.population_own) for code, row in rows.items()
    } == {
        one.code: (one.population, one.basis, one.population_on, one.population_own)
        for one in judged
        if one.urban or one.in_post
    }
    assert "9601" not in rows
    assert rows[w.VILLAGE].in_post == 1


def test_month_ends_missed_are_counted_from_the_rows(world):
    roll_figures(date(2026, 1, 15))
    late = factories.worker("晚来", w.SNOW)
    late.appointments.update(valid_from=date(2026, 2, 10))
    assert roll_figures(date(2026, 4, 1))
    assert set(Snapshot.objects.values_list("on", flat=True)) == {JANUARY, FEBRUARY, MARCH}
    assert [kept(day)[w.SNOW] for day in (JANUARY, FEBRUARY, MARCH)] == [0, 1, 1]
    assert [kept(day)["96"] for day in (JANUARY, FEBRUARY)] == [6, 7]


def test_a_snapshot_is_never_rewritten(world):
    take_snapshots(JANUARY, FEBRUARY)
    before = kept(FEBRUARY)
    gone = world.people["钱风"]
    gone.appointments.update(valid_to=date(2025, 1, 1))
    refresh_tallies([w.SPRING])
    assert take_snapshots(FEBRUARY, MARCH) == {FEBRUARY: False, MARCH: True}
    assert kept(FEBRUARY) == before
    assert kept(MARCH)[w.SPRING] == before[w.SPRING] - 1


def test_days_within_a_month_leave_nothing(world):
    roll_figures(date(2026, 1, 10))
    roll_figures(date(2026, 1, 31))
    roll_figures(date(2026, 1, 20))
    assert not Snapshot.objects.exists()


def test_command_fills_past_months_once(world, run_command):
    first = json.loads(run_command("take_snapshots", "--from", "2025-11", "--to", "2026-01", "--json").out)
    assert (first["taken"], first["kept"]) == (["2025-11-30", "2025-12-31", "2026-01-31"], [])
    again = json.loads(run_command("take_snapshots", "--from", "2026-01", "--to", "2026-02", "--json").out)
    assert (again["taken"], again["kept"]) == (["2026-02-28"], ["2026-01-31"])


def test_command_without_options_takes_last_month(world, run_command):
    assert run_command("take_snapshots").code == 0
    (day,) = set(Snapshot.objects.values_list("on", flat=True))
    assert day < world.today
    assert list(month_ends(day, day)) == [day]


@pytest.mark.parametrize(
    "arguments",
    [("--from", "2026-13"), ("--from", "January"), ("--from", "2100-01"), ("--from", "2026-03", "--to", "2026-01")],
)
def test_command_refuses_what_is_no_past_month(world, run_command, arguments):
    assert run_command("take_snapshots", *arguments).code == 2
    assert not Snapshot.objects.exists()


def test_recount_of_a_right_table_leaves_every_version(world):
    before = dict(Tally.objects.values_list("pk", "version"))
    recount()
    assert dict(Tally.objects.values_list("pk", "version")) == before
    Tally.objects.filter(pk=w.SPRING).update(women=99)
    recount()
    changed = {code for code, version in Tally.objects.values_list("pk", "version") if before[code] != version}
    assert changed == {w.SPRING}
