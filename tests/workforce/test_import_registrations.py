"""The column 登记日期: the latest registration of a certificate, out and in again."""

import io
from datetime import date

import pytest

from tests import factories, rosters
from tests import world as w
from tests.rosters import line
from workforce.exports import roster as exports
from workforce.models import Certificate, Person, Registration

D = date
HELD = {"level": "助理社会工作师", "number": "T1", "obtained_on": "2023-08-10"}


@pytest.fixture
def sheet(world):
    """`sheet(registered_on)` applies a sheet with one certified worker; gives the statuses and changes of its row."""

    def applied(registered_on, **cells):
        lines = [line(1, **{**HELD, "registered_on": registered_on, **cells})]
        batch = rosters.applied(world.users.street, world.divisions[w.STREET], lines)
        row = batch.rows.get(number__gt=0)
        return row.status, [(one["key"], one["old"], one["new"]) for one in row.changes]

    return applied


def rows() -> list[tuple]:
    return list(Registration.objects.order_by("registered_on").values_list("registered_on", "valid_to", "person__name"))


FIRST = (D(2024, 5, 10), D(2027, 5, 11), "新二")


def test_first_day_makes_a_registration_of_the_new_certificate(sheet):
    status, _changes = sheet("2024-05-10")
    assert (status, rows()) == ("new", [FIRST])
    assert Registration.objects.get().certificate == Certificate.objects.get(person__name="新二")


def test_first_day_makes_a_registration_of_a_known_certificate(sheet):
    sheet(None)
    assert rows() == []
    assert sheet("2024-05-10") == ("changed", [("registered_on", None, "2024-05-10")])
    assert rows() == [FIRST]
    assert Person.objects.get(name="新二").version == 2


def test_same_or_empty_day_changes_nothing(sheet):
    sheet("2024-05-10")
    assert sheet("2024-05-10") == ("unchanged", [])
    assert sheet(None) == ("unchanged", [])
    assert rows() == [FIRST]


@pytest.mark.parametrize("day", ["2024-05-09", "2024-06-01", "2026-11-20"])
def test_another_day_corrects_the_latest(sheet, day):
    sheet("2024-05-10")
    assert sheet(day) == ("changed", [("registered_on", "2024-05-10", day)])
    assert [row[0] for row in rows()] == [D.fromisoformat(day)]


def test_day_within_the_renewal_window_is_a_renewal(sheet):
    sheet("2023-08-20")
    assert sheet("2026-05-20") == ("changed", [("registered_on", "2023-08-20", "2026-05-20")])
    first, second = (D(2023, 8, 20), D(2026, 8, 21), "新二"), (D(2026, 5, 20), D(2029, 5, 21), "新二")
    assert rows() == [first, second]
    assert sheet("2023-08-20") == ("unchanged", [])
    assert rows() == [first, second]


def test_years_and_window_are_those_of_the_place(sheet):
    value = {
        "first_months": 12, "years": 2, "window_months": 1, "hours_assistant": 72, "hours_other": 90,
        "degree_hours": 90, "lapsed_counts": True,
    }  # fmt: skip
    factories.rule("certificate.registration", value, w.CITY)
    sheet("2024-05-10")
    assert [row[:2] for row in rows()] == [(D(2024, 5, 10), D(2026, 5, 11))]
    sheet("2026-04-09")
    assert [row[:2] for row in rows()] == [(D(2026, 4, 9), D(2028, 4, 10))]
    sheet("2024-05-10")
    sheet("2026-04-10")
    assert [row[0] for row in rows()] == [D(2024, 5, 10), D(2026, 4, 10)]


def test_day_before_the_certificate_is_an_error(world):
    lines = [line(1, **{**HELD, "registered_on": "2023-08-09"})]
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], lines)
    assert rosters.errors(batch) == [(2, "登记日期", "period_reversed")]


@pytest.mark.parametrize("on", [D(2024, 12, 31), D(2026, 6, 30), D(2026, 11, 22)])
def test_export_of_any_day_comes_back_without_a_change(world, on):
    Person.objects.update(phone=None)
    held = world.people["孙夏"].certificates.get()
    for day in (D(2024, 2, 1), D(2026, 11, 1)):
        factories.registration(held, day)
    better = factories.certificate(world.people["孙夏"], "social_worker", D(2026, 8, 10))
    factories.registration(better, D(2026, 11, 10))
    before = list(Registration.objects.order_by("pk").values_list())
    out = io.BytesIO()
    exports.roster_to_xlsx(out, division=world.divisions[w.STREET], on=on)
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], out.getvalue(), "名册.xlsx")
    counts = rosters.counts(batch)
    assert (counts["rows"], counts["unchanged"]) == (8, 8)
    assert list(Registration.objects.order_by("pk").values_list()) == before
