"""Deadlines as they are written: started by the rules of the place, met, dropped, extended, stopped and recounted."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from portal.core.workdays.actions import load_calendar
from portal.core.workdays.files import SHIPPED, NamedDay, read_calendar
from proposals.actions.deadlines import drop, extend, meet, resume, start, suspend
from proposals.actions.overdue import date_overdue
from proposals.actions.recounting import recount_calendar, recount_guessed
from proposals.models import Deadline, DeadlineMove, Suspension
from tests import factories
from tests import world as w
from tests.proposals import cases

DAY = date(2026, 2, 10)
NOTICE = "某某年放假通知"


@pytest.fixture
def calendar(world):
    load_calendar(days=read_calendar(SHIPPED.read_text(encoding="utf-8")), by=None)
    return world


@pytest.fixture
def handled(calendar):
    return cases.handling(cases.proposal())


def stopped(handling, first: date, last: date | None) -> Suspension:
    return Suspension.objects.create(
        handling=handling, starts_on=first, ends_on=last, reason="等待上级文件", consent="电话同意",
        entered_by=cases.user("office"),
    )  # fmt: skip


def spring(*off: date) -> list[NamedDay]:
    """The notice of 2027 with some days off."""
    return [NamedDay(day, False, "春节", NOTICE) for day in off]


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        ("return", date(2026, 2, 26)),  # 7 working days, over 春节 with the Saturdays worked for it
        ("opinion", date(2026, 3, 10)),
        ("reply", date(2026, 5, 11)),  # 10 May is a Sunday
        ("feedback", date(2026, 3, 9)),  # 15 working days
        ("rehandling", date(2026, 3, 10)),
        ("publication", date(2026, 3, 16)),
    ],
)
def test_deadline_is_counted_by_the_default_rule(handled, kind, due):
    made = start(handled, kind, DAY)
    assert (made.due_on, made.provisional, made.round) == (due, False, 1)
    assert made.rule.endswith("（系统默认）")


def test_implementation_has_no_deadline_where_no_rule_asks_for_it(handled):
    assert start(handled, "implementation", DAY) is None
    factories.rule("proposal.implementation", {"months": 6}, division=w.CITY)
    assert start(handled, "implementation", DAY).due_on == date(2026, 8, 10)
    assert start(handled, "implementation", DAY, fixed_on=date(2026, 9, 29)).due_on == date(2026, 9, 29)


def test_rule_of_the_place_on_the_day_counts_with_its_source(handled):
    value = {"proposal_months": 5, "suggestion_months": 3, "between_months": 3, "most_months": 6}
    factories.rule("proposal.reply", value, division=w.CITY)
    made = start(handled, "reply", DAY)
    assert (made.due_on, made.months) == (date(2026, 7, 10), 5)
    assert made.rule != "" and "系统默认" not in made.rule


def test_suggestion_and_proposal_between_sessions_have_their_own_periods(calendar):
    value = {"proposal_months": 5, "suggestion_months": 4, "between_months": 2, "most_months": 6}
    factories.rule("proposal.reply", value, division=w.CITY)
    congress = cases.session(body="npc", place_name="区人大")
    suggestion = cases.handling(cases.proposal("7", session=congress))
    between = cases.handling(cases.proposal("8", between_sessions=True))
    assert [start(one, "reply", DAY).months for one in (suggestion, between)] == [4, 2]


@pytest.mark.parametrize(
    ("about", "due"),
    [
        ({}, date(2026, 6, 30)),
        ({"proposer_type": "party"}, date(2026, 5, 11)),  # 10 May is a Sunday
        ({"proposer_type": "organisation"}, date(2026, 5, 11)),
        ({"between_sessions": True}, date(2026, 5, 11)),  # counted: three months to 10 May
    ],
)
def test_session_may_set_fixed_last_days(calendar, about, due):
    held = cases.session(reply_by=date(2026, 6, 30), party_reply_by=date(2026, 5, 10))
    made = start(cases.handling(cases.proposal(session=held, **about)), "reply", DAY)
    assert made.due_on == due
    assert made.fixed is not about.get("between_sessions", False)


def test_session_day_does_not_bind_what_is_assigned_after_it(calendar):
    held = cases.session(reply_by=date(2026, 2, 1))
    assert start(cases.handling(cases.proposal(session=held)), "reply", DAY).months == 3


def test_return_window_may_be_of_calendar_days_and_never_rules_the_board(handled):
    factories.rule("proposal.return", {"days": 10, "unit": "calendar"}, division=w.CITY)
    assert start(handled, "return", DAY).due_on == date(2026, 2, 24)  # 20 February is within 春节
    assert (handled.due_on, handled.due_kind) == (None, "")


def test_handling_knows_its_earliest_open_last_day(handled):
    start(handled, "reply", DAY)
    start(handled, "opinion", DAY)
    handled.refresh_from_db()
    assert (handled.due_on, handled.due_kind) == (date(2026, 3, 10), "opinion")
    meet(handled, "opinion", date(2026, 3, 1))
    assert (handled.due_on, handled.due_kind) == (date(2026, 5, 11), "reply")
    assert drop(handled) == 1
    handled.refresh_from_db()
    assert (handled.due_on, handled.due_kind) == (None, "")


def test_met_late_is_dated_to_the_day_it_fell_due(handled):
    start(handled, "opinion", DAY)
    assert meet(handled, "opinion", date(2026, 3, 20)).overdue_on == date(2026, 3, 11)
    assert meet(handled, "opinion", date(2026, 3, 21)) is None


def test_met_on_the_last_day_is_in_time(handled):
    start(handled, "opinion", DAY)
    assert meet(handled, "opinion", date(2026, 3, 10)).overdue_on is None


def test_second_round_has_its_own_deadline_and_restart_is_on_record(handled):
    first = start(handled, "reply", DAY)
    again = start(handled, "reply", DAY + timedelta(days=2), by=cases.user("office"))
    assert (again.pk, again.due_on) == (first.pk, date(2026, 5, 12))
    assert DeadlineMove.objects.get(deadline=again).reason == "重新起算"
    handled.round = 2
    assert start(handled, "reply", DAY).pk != first.pk


def test_extension_counts_from_the_start_and_is_on_record(handled):
    office = cases.user("office")
    start(handled, "reply", DAY)
    moved = extend(handled, 6, "涉及多个部门", office)
    assert (moved.due_on, handled.due_on) == (date(2026, 8, 10), date(2026, 8, 10))
    move = moved.moves.get()
    assert (move.before, move.after, move.moved_by) == (date(2026, 5, 11), date(2026, 8, 10), office)
    assert move.reason == "延期至自交办起 6 个月：涉及多个部门"


@pytest.mark.parametrize(("months", "words"), [(7, "不能超过自交办起 6 个月"), (3, "不晚于现在的期限 2026-05-11")])
def test_extension_is_refused_beyond_the_longest_period_or_without_gain(handled, months, words):
    start(handled, "reply", DAY)
    with pytest.raises(ValidationError, match=words):
        extend(handled, months, "理由", cases.user("office"))


def test_extension_needs_an_open_deadline_of_the_answer(handled):
    start(handled, "opinion", DAY)
    with pytest.raises(ValidationError, match="没有尚未完成的答复期限"):
        extend(handled, 6, "理由", cases.user("office"))


def test_extension_of_a_fixed_day_turns_it_into_months(calendar):
    held = cases.session(reply_by=date(2026, 4, 20))
    handled = cases.handling(cases.proposal(session=held))
    start(handled, "reply", DAY)
    moved = extend(handled, 4, "理由", cases.user("office"))
    assert (moved.fixed, moved.months, moved.due_on) == (False, 4, date(2026, 6, 10))


def test_suspension_lengthens_what_the_unit_owes_by_the_days_it_stood(handled):
    start(handled, "reply", DAY)
    start(handled, "publication", DAY)
    suspend(handled, stopped(handled, date(2026, 3, 1), None))
    assert handled.suspended is True
    moved = resume(handled, SimpleNamespace(
        starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 11), reason="等待上级文件"), by=cases.user("office"))  # fmt: skip
    assert [(one.kind, one.unrolled_on, one.due_on, one.added_days) for one in moved] == [
        ("reply", date(2026, 5, 20), date(2026, 5, 20), 10)
    ]
    assert (handled.suspended, handled.due_kind) == (False, "publication")
    assert moved[0].moves.get().reason == "中止 10 天（2026-03-01 起，2026-03-11 恢复）：等待上级文件"


def test_two_suspensions_of_a_fixed_day_add_up(calendar):
    handled = cases.handling(cases.proposal(session=cases.session(reply_by=date(2026, 4, 20))))
    start(handled, "reply", DAY)
    for first in (1, 10):
        resume(handled, stopped(handled, date(2026, 3, first), date(2026, 3, first + 2)))
    made = handled.deadlines.get()
    assert (made.added_days, made.unrolled_on, made.due_on) == (4, date(2026, 4, 24), date(2026, 4, 24))


# A new holiday notice -------------------------------------------------------------------------------------------------


def test_new_notice_recounts_open_cases_and_says_which_moved(calendar, handled):
    guessed = start(handled, "publication", date(2026, 12, 10))
    assert (guessed.due_on, guessed.provisional) == (date(2027, 1, 7), True)
    start(handled, "reply", date(2026, 2, 10))  # ends in a year that the notice does not name
    other = cases.handling(cases.proposal("0024"))
    start(other, "publication", date(2026, 12, 10))
    meet(other, "publication", date(2026, 12, 11))
    office = cases.user("office")
    loaded = load_calendar(days=spring(date(2027, 1, 1), date(2027, 1, 4)), by=office)
    assert recount_calendar(changes=loaded, by=office) == 1
    moves = list(DeadlineMove.objects.all())
    assert [(one.deadline_id, one.before, one.after, one.moved_by) for one in moves] == [
        (guessed.pk, date(2027, 1, 7), date(2027, 1, 11), office)
    ]
    assert moves[0].reason == "2027 年放假安排：某某年放假通知"
    guessed.refresh_from_db()
    assert (guessed.due_on, guessed.provisional) == (date(2027, 1, 11), False)
    assert recount_calendar(changes=loaded, by=office) == 0


def test_deadlines_counted_alike_are_counted_once_and_each_moves_for_itself(calendar):
    starts = [(f"003{place}", date(2026, 12, 10), place) for place in range(3)]
    for number, day, added in starts:
        made = start(cases.handling(cases.proposal(number)), "publication", day)
        made.added_days = added
        made.save()
    fixed = cases.handling(cases.proposal("0040", session=cases.session(reply_by=date(2027, 1, 4), meeting=6)))
    start(fixed, "reply", DAY)
    loaded = load_calendar(days=spring(date(2027, 1, 4), date(2027, 1, 5)), by=None)
    assert recount_calendar(changes=loaded, by=None) == 4
    moved = DeadlineMove.objects.order_by("deadline__handling__proposal__number")
    assert list(moved.values_list("before", "after")) == [
        (date(2027, 1, 7), date(2027, 1, 11)),
        (date(2027, 1, 7), date(2027, 1, 12)),
        (date(2027, 1, 7), date(2027, 1, 13)),
        (date(2027, 1, 4), date(2027, 1, 6)),
    ]
    assert set(Deadline.objects.values_list("provisional", flat=True)) == {False}


def test_recount_moves_the_handling_on_the_board_too(calendar, handled):
    start(handled, "publication", date(2026, 12, 10))
    recount_calendar(changes=load_calendar(days=spring(date(2027, 1, 4)), by=None), by=None)
    handled.refresh_from_db()
    assert (handled.due_on, handled.due_kind) == (date(2027, 1, 8), "publication")


def test_notice_that_changes_nothing_moves_nothing(calendar, handled):
    start(handled, "reply", DAY)
    same = load_calendar(days=read_calendar(SHIPPED.read_text(encoding="utf-8")), by=None)
    assert (same.any, recount_calendar(changes=same, by=None)) == (False, 0)


def test_calendar_that_came_another_way_is_counted_in_the_night(calendar, handled):
    made = start(handled, "publication", date(2026, 12, 10))
    load_calendar(days=spring(date(2027, 1, 4)), by=None)
    assert (recount_guessed(on=DAY), recount_guessed(on=DAY)) == (1, 0)
    made.refresh_from_db()
    assert (made.due_on, made.provisional, made.moves.get().moved_by) == (date(2027, 1, 8), False, None)


# Overdue --------------------------------------------------------------------------------------------------------------


def test_overdue_is_written_once_and_dated_to_the_day_it_fell_due(handled):
    made = start(handled, "opinion", DAY)
    start(handled, "return", DAY)  # a right that ends is no duty left undone
    assert date_overdue(on=date(2026, 3, 10)) == 0
    assert date_overdue(on=date(2026, 3, 20)) == 1
    assert date_overdue(on=date(2026, 3, 21)) == 0
    made.refresh_from_db()
    assert made.overdue_on == date(2026, 3, 11)


def test_standing_clock_is_not_overdue_unless_it_stopped_too_late(handled):
    start(handled, "opinion", DAY)
    halt = stopped(handled, date(2026, 3, 5), None)
    assert date_overdue(on=date(2026, 3, 20)) == 0
    Suspension.objects.filter(pk=halt.pk).update(starts_on=date(2026, 3, 11))
    assert date_overdue(on=date(2026, 3, 20)) == 1
