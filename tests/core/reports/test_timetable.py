"""Which drafts are expected, made once and only once, and caught up when they were missed."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from portal.core.accounts.models import Grant
from portal.core.lib.clock import today
from portal.core.reports import actions
from portal.core.reports.actions import discard_report, switch_reports
from portal.core.reports.cadence import Cadence
from portal.core.reports.expected import LOOK_BACK, expected, offices
from portal.core.reports.freezing import freeze
from portal.core.reports.models import Report, ReportSubscription
from portal.core.reports.timetable import DraftsFailed, make_due, missing
from tests import world as w
from tests.core.reports.makers import FINDINGS, kind
from tests.together import together

LIGHT = {"sections": (FINDINGS,)}
MONTH = kind("month", levels=frozenset({3}), **LIGHT)
WEEK = kind("week", Cadence.WEEK, levels=frozenset({3}), **LIGHT)
CITY = kind("city", Cadence.QUARTER, levels=frozenset({1, 2}), **LIGHT)
KINDS = {one.key: one for one in (MONTH, WEEK, CITY)}
DECEMBER_FIRST = date(2026, 12, 1)


@pytest.fixture
def since(world):
    """Everybody has had their grants since 2 October 2026."""
    Grant.objects.update(granted_at=datetime(2026, 10, 2, 12, tzinfo=UTC))
    return world


def owed(on: date, **more) -> set[tuple[str, str, str]]:
    return {(one.kind.key, one.code, one.period.key) for one in expected(KINDS, on, **more)}


def test_offices_are_divisions_that_somebody_signs_for(since):
    found = [(office.code, office.level, office.since) for office in offices()]
    assert found == [(w.CITY, 1, date(2026, 10, 2)), (w.DISTRICT, 3, date(2026, 10, 2)), ("97", 1, date(2026, 10, 2))]
    assert [office.code for office in offices(["960101"])] == [w.DISTRICT]
    assert [office.code for office in offices([w.CITY], exact=True)] == [w.CITY]
    assert offices([]) == []


def test_every_period_that_ended_since_is_owed(since):
    weeks = {f"2026-W{number}" for number in range(40, 49)}
    assert owed(DECEMBER_FIRST) == {
        ("month", w.DISTRICT, "2026-10"),
        ("month", w.DISTRICT, "2026-11"),
        *(("week", w.DISTRICT, week) for week in weeks),
    }
    assert owed(date(2026, 10, 31), codes=[w.DISTRICT]) == {
        ("week", w.DISTRICT, f"2026-W{number}") for number in range(40, 44)
    }
    assert {("city", w.CITY, "2026-Q4"), ("city", "97", "2026-Q4")} <= owed(date(2027, 1, 1))


def test_choice_of_an_office_goes_before_the_default(since):
    ReportSubscription.objects.create(division_id=w.DISTRICT, kind="month", on=False, since=date(2026, 11, 1))
    ReportSubscription.objects.create(division_id=w.CITY, kind="month", on=True, since=date(2026, 11, 30))
    ReportSubscription.objects.create(division_id=w.STREET, kind="month", on=True, since=date(2026, 1, 1))
    assert {one for one in owed(DECEMBER_FIRST) if one[0] == "month"} == {("month", w.CITY, "2026-11")}


def test_periods_long_gone_are_owed_no_more(since):
    Grant.objects.update(granted_at=datetime(2020, 1, 1, tzinfo=UTC))
    months = sorted(key for kind_key, _code, key in owed(DECEMBER_FIRST) if kind_key == "month")
    assert (months[0], months[-1], len(months)) == ("2025-10", "2026-11", 14)
    assert timedelta(days=400) == LOOK_BACK


def test_missed_drafts_are_made_once(since):
    with time_machine.travel("2026-11-02T22:00:00+00:00", tick=False):
        assert today() == date(2026, 11, 3)
        made = {(report.kind, report.period) for report in make_due(KINDS, today())}
        assert made == {("month", "2026-10"), *(("week", f"2026-W{number}") for number in range(40, 45))}
        assert make_due(KINDS, today()) == []
        assert missing(KINDS, today()) == []
    assert {report.made_by for report in Report.objects.all()} == {"system"}


def test_one_that_fails_keeps_no_other_from_being_made(since, monkeypatch):
    def breaking(of, place, period):
        if of.key == "month":
            raise RuntimeError("broken")
        return freeze(of, place, period)

    monkeypatch.setattr(actions, "freeze", breaking)
    with (
        time_machine.travel("2026-11-02T22:00:00+00:00", tick=False),
        pytest.raises(DraftsFailed, match=r"month 960101 2026-10"),
    ):
        make_due(KINDS, today())
    assert set(Report.objects.values_list("kind", flat=True)) == {"week"}
    monkeypatch.setattr(actions, "freeze", freeze)
    with time_machine.travel("2026-11-02T23:00:00+00:00", tick=False):
        assert [(one.kind, one.period) for one in make_due(KINDS, today())] == [("month", "2026-10")]


def test_expected_draft_that_was_dropped_comes_back(since):
    with time_machine.travel("2026-11-02T22:00:00+00:00", tick=False):
        only = {"month": MONTH}
        (report,) = make_due(only, today())
        discard_report(report=report, version=report.version, by=since.users.district)
        assert [one.period for one in make_due(only, today())] == ["2026-10"]
        switch_reports(division=report.division, kinds=only, wanted=[], by=since.users.district)
        again = Report.objects.get()
        discard_report(report=again, version=again.version, by=since.users.district)
        assert make_due(only, today()) == []


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_make_every_draft_once(since):
    only = {"month": MONTH, "week": WEEK}
    together(
        lambda: make_due(only, DECEMBER_FIRST - timedelta(days=10)),
        lambda: make_due(only, DECEMBER_FIRST - timedelta(days=10)),
    )
    found = list(Report.objects.values_list("kind", "period"))
    assert len(found) == len(set(found)) == len(list(expected(only, DECEMBER_FIRST - timedelta(days=10))))
