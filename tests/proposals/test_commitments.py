"""Promises of replies: made, reported on, reclassed, rolled into the next year, confirmed by another person, cancelled."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from portal.core.audit.models import AuditEvent
from portal.core.lib.clock import today
from proposals.actions import commitments as acts
from proposals.actions import files
from proposals.models import ClassChange, Commitment, CommitmentStep, Deadline
from proposals.queries import promises as reads
from tests import factories
from tests import world as w
from tests.proposals import cases, promised
from workforce.actions.versions import Stale

MAY = date(2026, 5, 1)


@pytest.fixture(autouse=True)
def november():
    """23 November 2026, so that what is over and what is due stay as they are."""
    with time_machine.travel("2026-11-23T10:00:00+08:00"):
        yield


@pytest.fixture
def staff(world):
    return cases.people()


def progress(held, by, *, percent=100, upload=None, on=None, words="已招聘20名"):
    held.refresh_from_db()
    given = {"on": on or today(), "words": words, "percent": percent, "upload": upload}
    return acts.report_progress(commitment=held, version=held.version, by=by, **given)


def kept(held, by, **given):
    held.refresh_from_db()
    given = {"on": today(), "words": "已核实", "result": "A"} | given
    return acts.confirm_kept(commitment=held, version=held.version, by=by, **given)


def refusal(act, *arguments, **given) -> str:
    with pytest.raises(ValidationError) as caught:
        act(*arguments, **given)
    return " ".join(caught.value.messages)


def test_a_promise_stands_in_the_ledger_of_this_year_with_its_first_step(staff):
    handling = promised.answered()
    held = promised.promise(handling, reply=promised.reply(handling))
    assert (held.year, held.state, held.first_result, held.result, held.unit) == (
        today().year, "open", "B", "B", handling.unit,
    )  # fmt: skip
    assert [(one.on, one.percent, one.words) for one in held.steps.all()] == [(today(), 0, "登记承诺事项")]


@pytest.mark.parametrize("result", ["A", "D", ""])
def test_a_reply_of_another_class_promises_nothing(staff, result):
    assert "B 类或 C 类" in refusal(promised.promise, promised.answered(result=result))


def test_a_promise_is_refused_to_co_handlers_strangers_and_for_a_day_before_the_assignment(staff):
    handling = promised.answered()
    co = cases.handling(
        handling.proposal, cases.unit("区财政局", w.DISTRICT, staff.co_officer), "co", stage="opinion_given", result="B"
    )
    assert "主办或分办" in refusal(promised.promise, co, staff.office)
    assert "没有办理这一步的权限" in refusal(promised.promise, handling, staff.co_officer)
    assert "不能早于交办日期" in refusal(promised.promise, handling, due_on=date(2026, 2, 9))
    other = promised.reply(promised.answered("0024"))
    assert "主办或分办" in refusal(promised.promise, handling, reply=other)
    assert Commitment.objects.count() == 0


def test_the_implementation_reply_falls_due_where_the_place_has_a_rule(staff):
    first = promised.answered()
    promised.promise(first)
    assert Deadline.objects.count() == 0
    factories.rule("proposal.implementation", {"months": 6}, w.DISTRICT)
    second = promised.answered("0024")
    promised.promise(second)
    promised.promise(second, text="第二项")
    due = Deadline.objects.get()
    assert (due.kind, due.starts_on, due.months, due.handling) == ("implementation", date(2026, 4, 20), 6, second)
    acts.implemented(second, date(2026, 9, 29))
    due.refresh_from_db()
    assert due.met_on == date(2026, 9, 29)


def test_a_reply_sent_later_starts_the_implementation_reply_only_with_an_open_promise(staff):
    factories.rule("proposal.implementation", {"months": 6}, w.DISTRICT)
    bare, promising = promised.answered(), promised.answered("0024", replied_on=None)
    promised.promise(promising)
    assert Deadline.objects.count() == 0
    acts.sent(bare, MAY)
    acts.sent(promising, MAY)
    assert [(one.handling, one.starts_on) for one in Deadline.objects.all()] == [(promising, MAY)]


def test_progress_is_noted_with_sealed_evidence_and_a_download_is_on_record(staff):
    held = promised.promise()
    step = progress(held, staff.lead_officer, percent=60, upload=promised.upload())
    assert (step.percent, step.evidence.filename, step.evidence.proposal) == (60, "佐证.pdf", None)
    sealed = files.path_of(step.evidence.pk).read_bytes()
    assert promised.PDF not in sealed
    found = reads.evidence_for(staff.lead_officer, step.evidence.pk)
    assert b"".join(files.taken_out(found, staff.lead_officer)) == promised.PDF
    assert AuditEvent.objects.filter(act="case_file_taken", subject=str(step.evidence.pk)).count() == 1
    assert reads.evidence_for(staff.co_officer, step.evidence.pk) is None


def test_progress_is_refused_for_strangers_stale_pages_future_days_and_days_before_the_last(staff):
    held = promised.promise()
    assert "权限" in refusal(progress, held, staff.co_officer)
    assert "不能晚于今天" in refusal(progress, held, staff.lead_officer, on=today() + timedelta(days=1))
    assert "不能早于上一次" in refusal(progress, held, staff.lead_officer, on=today() - timedelta(days=1))
    given = {"on": today(), "words": "x", "percent": 5, "by": staff.lead_officer}
    with pytest.raises(Stale):
        acts.report_progress(commitment=held, version=held.version + 1, **given)
    assert "0 到 100" in refusal(progress, held, staff.lead_officer, percent=101)
    assert CommitmentStep.objects.count() == 1


def test_kept_needs_all_done_evidence_and_another_person(staff):
    held = promised.promise()
    assert "还没有登记为全部完成" in refusal(kept, held, staff.office)
    progress(held, staff.lead_officer, percent=100)
    assert "还没有佐证" in refusal(kept, held, staff.office)
    progress(held, staff.office, upload=promised.upload())
    assert "另一个人" in refusal(kept, held, staff.office)
    assert "权限" in refusal(kept, held, staff.lead_officer)
    kept(held, staff.checker)
    held.refresh_from_db()
    assert (held.state, held.ended_on, held.confirmed_by, held.result, held.first_result) == (
        "kept", today(), staff.checker, "A", "B",
    )  # fmt: skip
    assert "不能再这样办理" in refusal(progress, held, staff.lead_officer)


def test_the_class_of_the_case_follows_its_least_solved_promise(staff):
    handling = promised.answered(result="C")
    first, second = promised.promise(handling), promised.promise(handling, text="第二项")
    for held in (first, second):
        progress(held, staff.lead_officer, upload=promised.upload())
    kept(first, staff.office)
    handling.refresh_from_db()
    assert (handling.result, ClassChange.objects.count()) == ("C", 0)
    acts.reclass_promise(
        commitment=second, version=second.version, result="B", on=today(), reason="已列入计划", by=staff.office
    )
    kept(second, staff.checker, words="两项都已落实")
    handling.refresh_from_db()
    changes = [(one.before, one.after, one.on, one.reason) for one in ClassChange.objects.order_by("pk")]
    assert handling.result == "A"
    assert changes == [("C", "B", today(), "已列入计划"), ("B", "A", today(), "两项都已落实")]
    steps = CommitmentStep.objects.filter(commitment=second, result_after__gt="").order_by("pk")
    assert list(steps.values_list("result_before", "result_after")) == [("C", "B"), ("B", "A")]


def test_a_class_changes_only_to_another_and_by_the_office(staff):
    held = promised.promise()
    given = {"commitment": held, "on": today(), "reason": "x"}
    assert "相同" in refusal(acts.reclass_promise, version=held.version, result="B", by=staff.office, **given)
    held.refresh_from_db()
    assert "权限" in refusal(acts.reclass_promise, version=held.version, result="A", by=staff.lead_officer, **given)


def rolled(held, by, on, due_on=date(2027, 6, 30)):
    held.refresh_from_db()
    given = {"on": on, "due_on": due_on, "owner": "戊经办", "reason": "编制未批"}
    return acts.roll_over(commitment=held, version=held.version, by=by, **given)


def test_a_promise_rolls_into_the_next_year_with_its_whole_history_and_is_kept_there(staff):
    handling = promised.answered()
    old = promised.row(handling, 2025)
    old.steps.create(on=date(2025, 11, 1), words="完成一半", percent=50, entered_by=staff.lead_officer)
    new = rolled(old, staff.office, date(2025, 12, 20), date(2026, 12, 31))
    old.refresh_from_db()
    assert (old.state, old.ended_on, old.confirmed_by, old.due_on) == (
        "rolled",
        date(2025, 12, 20),
        None,
        date(2025, 12, 20),
    )
    assert (new.year, new.rolled_from, new.owner, new.due_on, new.first_result) == (
        2026, old, "戊经办", date(2026, 12, 31), "B",
    )  # fmt: skip
    progress(new, staff.lead_officer, upload=promised.upload())
    kept(new, staff.checker)
    years = reads.chain(old)
    assert [one.pk for one in years] == [old.pk, new.pk] == [one.pk for one in reads.chain(new)]
    story = [(one.commitment.year, one.percent, one.words) for one in reads.steps_of(years)]
    assert story == [
        (2026, 100, "已核实"), (2026, 100, "已招聘20名"), (2026, 50, "自 2025 年度转入"), (2025, 50, "编制未批"),
        (2025, 50, "完成一半"), (2025, 0, "登记承诺事项"),
    ]  # fmt: skip


def test_a_promise_rolls_from_december_on_to_a_later_day_and_only_once(staff):
    held = promised.row(promised.answered(), 2025)
    assert "当年 12 月起" in refusal(rolled, held, staff.office, date(2025, 11, 30))
    assert "应晚于转入日期" in refusal(rolled, held, staff.office, date(2025, 12, 1), date(2025, 12, 1))
    rolled(held, staff.office, date(2025, 12, 1), date(2026, 3, 1))
    assert "转入下年度" in refusal(rolled, held, staff.office, date(2025, 12, 1))
    assert Commitment.objects.count() == 2


def test_cancelling_the_last_promise_drops_the_implementation_reply(staff):
    factories.rule("proposal.implementation", {"months": 6}, w.DISTRICT)
    handling = promised.answered()
    first, second = promised.promise(handling), promised.promise(handling, text="第二项")
    for held, dropped in ((first, False), (second, True)):
        acts.cancel_promise(commitment=held, version=held.version, on=today(), reason="政策调整", by=staff.office)
        assert Deadline.objects.get().dropped == dropped
    assert list(Commitment.objects.values_list("state", "confirmed_by")) == [("cancelled", staff.office.pk)] * 2


def test_the_list_shows_the_promises_of_a_year_to_those_who_take_part(staff):
    handling = promised.answered()
    open_one, late = promised.row(handling), promised.row(handling, due_on=date(2026, 3, 1))
    done = promised.row(handling, state="cancelled", ended_on=MAY)
    promised.row(handling, 2025)
    on, asked = date(2026, 6, 1), {"under": "", "year": 2026}
    assert [one.pk for one in reads.listed(staff.office, on=on, **asked)] == [late.pk, open_one.pk, done.pk]
    assert [one.pk for one in reads.listed(staff.lead_officer, on=on, show="late", **asked)] == [late.pk]
    assert list(reads.listed(staff.co_officer, on=on, **asked)) == []
    assert reads.counts(staff.office, on=on, **asked) == reads.Counts(all=2, kept=0, open=2, late=1, rolled=0)
    assert [one.pk for one in reads.listed(staff.office, on=on, q="0023 队伍", show="cancelled", **asked)] == [done.pk]


def test_an_open_promise_is_looked_at_again_by_the_rule_of_the_place(staff):
    held = promised.row(promised.answered())
    assert reads.next_look(held, today()) == date(2026, 8, 1)
    factories.rule("proposal.commitments", {"months": 1}, w.DISTRICT)
    assert reads.next_look(held, today()) == date(2026, 6, 1)
    held.state = "kept"
    assert reads.next_look(held, today()) is None


def test_figures_stay_exact_through_every_act_on_promises(staff, run_command):
    handling = promised.answered()
    first, second = promised.promise(handling), promised.promise(handling, text="第二项")
    progress(first, staff.lead_officer, upload=promised.upload())
    kept(first, staff.office)
    acts.cancel_promise(commitment=second, version=second.version, on=today(), reason="x", by=staff.office)
    assert run_command("recount", "--verify").code == 0
