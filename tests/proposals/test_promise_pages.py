"""Pages of promises and of the task ledger: lists, one of each, every act, files, exports, the wall."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.html import escape

from portal.core.findings.models import Finding, Supervision
from portal.core.lib.clock import today
from proposals.actions import commitments as acts
from proposals.actions import tasks as task_acts
from proposals.models import Commitment, CommitmentStep, LedgerReport, LedgerTask
from proposals.queries.ledger_duties import duties
from tests import factories, taken
from tests import world as w
from tests.proposals import cases, promised
from tests.proposals.answered import signed

PROGRESS = {"words": "已招聘20名", "percent": "100"}


@pytest.fixture(autouse=True)
def november():
    """23 November 2026, so that what is over and what is due stay as they are."""
    with time_machine.travel("2026-11-23T10:00:00+08:00"):
        yield


@pytest.fixture
def staff(world):
    return cases.people()


def text(response) -> str:
    return response.content.decode()


def last_month() -> str:
    return f"{today().replace(day=1) - timedelta(days=1):%Y-%m}"


def act(client, held, name, **fields):
    held.refresh_from_db()
    fields = {"version": held.version, "on": today().isoformat()} | fields
    return client.post(reverse("promise_act", args=[held.pk, name]), fields)


def test_a_promise_goes_from_the_reply_to_its_confirmation_through_the_pages(staff, login):
    handling = promised.answered()
    unit, office = login(staff.lead_officer), login(staff.checker)
    page = unit.get(reverse("promise_new", args=[handling.pk]))
    assert (page.status_code, page.context["form"]["owner"].value()) == (200, "丁经办")
    given = {"reply": "", "text": "充实队伍20名", "owner": "丁经办", "due_on": "2026-12-20"}
    answer = unit.post(reverse("promise_new", args=[handling.pk]), given)
    held = Commitment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("promise", args=[held.pk]))
    file = SimpleUploadedFile("佐证.pdf", promised.PDF)
    assert act(unit, held, "progress", file=file, **PROGRESS).status_code == 302
    shown = text(unit.get(reverse("promise", args=[held.pk])))
    assert "佐证.pdf" in shown
    assert "请由另一个人确认落实" in shown
    assert "确认落实</a>" not in shown
    proof = CommitmentStep.objects.get(evidence__isnull=False).evidence
    got = office.get(reverse("promise_file", args=[proof.pk]))
    assert (got.getvalue(), got["Content-Type"]) == (promised.PDF, "application/octet-stream")
    assert act(office, held, "kept", words="已核实", result="A").status_code == 302
    held.refresh_from_db()
    assert (held.state, held.result, held.confirmed_by) == ("kept", "A", staff.checker)
    after = office.get(reverse("promise", args=[held.pk]))
    assert after.context["acts"] == []
    assert "原为 B 类，现为 A 类" in text(after)


def test_a_promise_rolled_over_shows_both_years_on_either_page(staff, login):
    old = promised.row(promised.answered(), today().year - 1)
    me = login(staff.office)
    due = f"{today().year}-12-25"
    answer = act(me, old, "roll", on=today().isoformat(), due_on=due, owner="戊经办", reason="编制未批")
    new = Commitment.objects.get(rolled_from=old)
    assert answer["Location"] == reverse("promise", args=[new.pk])
    for held in (old, new):
        page = me.get(reverse("promise", args=[held.pk]))
        assert [one.pk for one in page.context["years"]] == [old.pk, new.pk]
        assert [item["text"] for item in page.context["steps"]] == [
            f"自 {old.year} 年度转入",
            "编制未批",
            "登记承诺事项",
        ]


def test_an_act_refused_stays_on_its_form_with_the_reason_and_what_was_typed(staff, login):
    held = promised.promise()
    me = login(staff.office)
    answer = act(me, held, "kept", words="已核实", result="A")
    assert (answer.status_code, "还没有登记为全部完成" in text(answer), "已核实" in text(answer)) == (422, True, True)
    stale = me.post(reverse("promise_act", args=[held.pk, "cancel"]), {"version": 99, "on": today(), "reason": "x"})
    assert (stale.status_code, stale.context["form"]["version"].value()) == (422, str(held.version))
    assert login(staff.lead_officer).get(reverse("promise_act", args=[held.pk, "kept"])).status_code == 403
    assert me.get(reverse("promise_act", args=[held.pk, "other"])).status_code == 404


def test_the_list_of_promises_is_for_those_who_take_part(staff, login, world):
    held = promised.promise()
    assert held.text in text(login(staff.lead_officer).get(reverse("promises")))
    other = login(staff.co_officer)
    assert held.text not in text(other.get(reverse("promises")))
    assert "这一年没有承诺事项" in text(other.get(reverse("promises")))
    assert other.get(reverse("promise", args=[held.pk])).status_code == 404
    me = login(staff.office)
    page = me.get(reverse("promises"), {"show": "kept"})
    assert "没有符合条件的承诺事项" in text(page)
    part = me.get(reverse("promises"), HTTP_HX_REQUEST="true")
    assert ("<html" in text(part), held.text in text(part)) == (False, True)
    assert login(world.users.street).get(reverse("promises")).status_code == 403


def test_every_number_above_the_list_leads_to_the_promises_that_it_counts(staff, login):
    handling, me = promised.answered(), login(staff.office)
    for number, about in enumerate(
        ({"state": "open", "due_on": date(2026, 12, 1)}, {"state": "open", "due_on": date(2026, 3, 1)},
         {"state": "kept", "confirmed_by": staff.checker}, {"state": "cancelled"}, {"state": "rolled"}, {"state": "open", "year": 2025})
    ):  # fmt: skip
        ended = {} if about["state"] == "open" else {"ended_on": today()}
        promised.row(handling, **{"text": f"第{number}项", "due_on": date(2026, 12, 20), **ended, **about})
    counts = me.get(reverse("promises")).context["counts"]
    assert [(one["words"], one["count"]) for one in counts] == [
        ("2026 年度承诺事项 4 项", 4), ("已落实 1 项", 1), ("推进中 2 项", 2), ("其中逾期 1 项", 1), ("转入下年度 1 项", 1),
    ]  # fmt: skip
    assert [me.get(one["url"]).context["page"].paginator.count for one in counts] == [4, 1, 2, 1, 1]
    assert all(f'href="{escape(one["url"])}"' in text(me.get(reverse("promises"))) for one in counts)
    assert me.get(reverse("promises"), {"year": 2024}).context["counts"] == []


def test_lists_cost_the_same_for_one_and_many(staff, login, django_assert_max_num_queries):
    me, handling = login(staff.office), promised.answered()
    for more in (1, 6):
        for number in range(more):
            promised.promise(handling, text=f"第{number}项")
            promised.task(title=f"第{number}项")
        for name in ("promises", "ledger"):
            with django_assert_max_num_queries(12):
                assert me.get(reverse(name)).status_code == 200


def test_a_task_is_posted_reported_on_asked_and_struck_off_through_the_pages(staff, login):
    office, leader = login(staff.office), login(staff.leader)
    given = promised.TASK | {"division": w.DISTRICT, "year": today().year, "posted_on": f"{today().year}-01-05",
                             "due_on": f"{today().year}-12-31"}  # fmt: skip
    answer = office.post(reverse("ledger_new"), given)
    task = LedgerTask.objects.get()
    assert answer["Location"] == reverse("ledger_task", args=[task.pk])
    page = office.get(reverse("ledger_task", args=[task.pk]))
    assert len(page.context["reports"]) == 19
    december = [one["name"] for one in page.context["reports"] if one["owed"].period.ends_on == date(task.year, 12, 31)]
    assert len(december) == 4
    address = reverse("ledger_report", args=[task.pk, last_month()])
    assert office.post(address, {"words": "推进顺利", "percent": "40"}).status_code == 302
    report = LedgerReport.objects.get()
    assert office.get(address).context["form"]["words"].value() == "推进顺利"
    assert office.post(address, {"version": 1, "words": "更正", "percent": "45"}).status_code == 302
    report.refresh_from_db()
    assert (report.words, report.percent) == ("更正", 45)
    file = SimpleUploadedFile("协议.pdf", promised.PDF)
    office.post(reverse("ledger_act", args=[task.pk, "ask"]), {"version": 1, "evidence": "已签协议", "file": file})
    assert "请由另一个人审核" in text(office.get(reverse("ledger_task", args=[task.pk])))
    check = leader.get(reverse("ledger_act", args=[task.pk, "strike"]))
    assert "完成情况：已签协议" in text(check)
    assert leader.post(reverse("ledger_act", args=[task.pk, "strike"]), {"version": 2}).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.struck_by) == ("struck", staff.leader)
    assert leader.get(reverse("ledger_file", args=[task.evidence_file_id])).getvalue() == promised.PDF


def test_reports_of_many_tasks_are_entered_on_one_page(staff, login):
    first, second = promised.task(), promised.task(title="第二项")
    me, address = login(staff.office), reverse("ledger_quick", args=[last_month()])
    page = me.get(address)
    assert [row["task"] for row in page.context["rows"]] == [first, second]
    given = {
        f"words-{first.pk}": "甲",
        f"percent-{first.pk}": "30",
        f"words-{second.pk}": "乙",
        f"percent-{second.pk}": "",
    }
    assert "请同时填写完成进度" in text(me.post(address, given))
    assert "还没有填写任何一项的进展" in text(me.post(address, {f"words-{first.pk}": ""}))
    assert LedgerReport.objects.count() == 0
    given[f"words-{second.pk}"] = ""
    assert me.post(address, given).status_code == 302
    assert list(LedgerReport.objects.values_list("task", "words", "percent")) == [(first.pk, "甲", 30)]
    assert [row["task"] for row in me.get(address).context["rows"]] == [second]
    assert me.get(reverse("ledger_quick", args=["2026-W03"])).status_code == 404
    later = me.get(reverse("ledger_quick", args=[str(today().year + 1)]))
    assert "起才能报送" in text(later)


def test_the_ledger_says_what_is_missing_and_late_apart(staff, login):
    year = today().year - 1
    task = promised.task(year=year)
    me = login(staff.office)
    page = me.get(reverse("ledger"), {"year": year})
    assert "应报 19 份，按期 0 份，迟报 0 份，未报 19 份" in text(page)
    me.post(reverse("ledger_report", args=[task.pk, f"{year}-Q1"]), {"words": "补报", "percent": "10"})
    page = me.get(reverse("ledger"), {"year": year, "show": "late"})
    assert "应报 19 份，按期 0 份，迟报 1 份，未报 18 份" in text(page)
    assert task.title in text(page)
    assert "这一年的台账上还没有任务" in text(me.get(reverse("ledger"), {"year": today().year}))


def test_readers_without_the_permission_get_the_page_without_acts(staff, login, world):
    task = promised.task(w.STREET, by=staff.office)
    page = login(world.users.community).get(reverse("ledger"))
    assert (page.status_code, task.title in text(page)) == (200, False)
    street = login(world.users.street)
    assert [one["label"] for one in street.get(reverse("ledger_task", args=[task.pk])).context["acts"]] == ["申请销号"]
    auditor = login(world.users.auditor).get(reverse("ledger_task", args=[task.pk]))
    assert (auditor.status_code, auditor.context["acts"]) == (200, [])
    assert street.get(reverse("ledger_new")).status_code == 403
    assert street.get(reverse("ledger_act", args=[task.pk, "cancel"])).status_code == 403
    past = login(staff.office).get(reverse("ledger_task", args=[task.pk]), {"on": "2026-06-30"})
    assert past.context["acts"] == []


def test_a_promise_goes_onto_the_ledger_and_each_page_leads_to_the_other(staff, login):
    held = promised.promise()
    me = login(staff.office)
    address = f"{reverse('ledger_new')}?commitment={held.pk}"
    form = me.get(address).context["form"]
    assert (form["title"].value(), form["officer"].value(), form["division"].value()) == (
        held.text,
        "丁经办",
        w.DISTRICT,
    )
    given = promised.TASK | {"title": held.text, "division": w.DISTRICT, "year": today().year,
                             "posted_on": today().isoformat(), "due_on": "2027-12-20"}  # fmt: skip
    me.post(address, given)
    task = LedgerTask.objects.get(commitment=held)
    assert reverse("ledger_task", args=[task.pk]) in text(me.get(reverse("promise", args=[held.pk])))
    assert reverse("promise", args=[held.pk]) in text(me.get(reverse("ledger_task", args=[task.pk])))


def test_an_overdue_task_is_supervised_from_its_finding_by_the_office_above(staff, login, world):
    task = promised.task()
    finding = Finding.objects.create(
        kind="ledger_reports", subject=str(task.pk), division_id=w.DISTRICT, facts={"task": task.pk},
        opened_on=today(), seen_on=today(),
    )  # fmt: skip
    city, district = login(world.users.city), login(staff.office)
    address = reverse("ledger_task", args=[task.pk])
    (line,) = city.get(address).context["findings"]
    assert line["supervise"] == f"{reverse('supervision_new')}?finding={finding.pk}"
    (line,) = district.get(address).context["findings"]
    assert line["supervise"] == ""
    sent = city.post(f"{reverse('supervision_new')}?finding={finding.pk}", {"text": "请补报", "working_days": "5"})
    notice = Supervision.objects.get()
    assert (sent.status_code, notice.division_id, list(notice.findings.all())) == (302, w.DISTRICT, [finding])
    (line,) = district.get(address).context["findings"]
    assert [one.text for one in line["notices"]] == ["请补报"]


def exported(client, key) -> list[dict]:
    head, *lines = taken.rows(client, key)
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_what_is_taken_out_is_what_the_lists_show(staff, login):
    held, task = promised.promise(), promised.task()
    me = login(staff.office)
    me.post(reverse("ledger_report", args=[task.pk, last_month()]), {"words": "推进顺利", "percent": "40"})
    promises = exported(me, "promises")
    assert [(row["承诺事项"], row["责任单位"], row["现办理结果"], row["状态"]) for row in promises] == [
        (held.text, "区民政局", "B", "推进中")
    ]
    (line,) = exported(me, "ledger")
    assert (line["任务"], line["分管领导"], line["状态"]) == (task.title, "甲局长", "挂账")
    reports = exported(me, "ledger-reports")
    assert (len(reports), sum(row["进展"] == "推进顺利" for row in reports)) == (19, 1)


def waiting(user) -> list[tuple]:
    return [(one.label, one.count, one.url) for one in duties(user)]


def test_the_first_page_says_what_waits_for_whom(staff, world):
    held, task = (
        promised.promise(due_on=today() + timedelta(days=20)),
        promised.task(posted_on=today(), by=staff.office),
    )
    promised.task(posted_on=today().replace(day=1) - timedelta(days=1), by=staff.office)
    reports = ("台账报告待报送", 1, reverse("ledger_quick", args=[last_month()]))
    soon = ("承诺事项将到期或已逾期", 1, reverse("promise", args=[held.pk]))
    assert waiting(staff.leader) == [reports]
    assert waiting(staff.lead_officer) == [soon]
    acts.report_progress(commitment=held, version=1, on=today(), words="x", percent=100, by=staff.lead_officer)
    task_acts.ask_strike(task=task, version=1, evidence="x", by=staff.office)
    strike = ("销号申请待审核", 1, reverse("ledger_task", args=[task.pk]))
    confirm = ("承诺事项待确认落实", 1, reverse("promise", args=[held.pk]))
    assert waiting(staff.leader) == [reports, strike, confirm]
    assert waiting(staff.office) == [reports, confirm]
    assert waiting(staff.lead_officer) == [soon]
    assert waiting(world.users.city) == []


def test_the_report_on_what_became_of_a_promise_is_drafted_from_its_page(staff, login):
    factories.rule("proposal.implementation", {"months": 6}, w.DISTRICT)
    held = promised.promise()
    page = login(staff.lead_officer).get(reverse("promise", args=[held.pk]))
    address = f"{reverse('reply_new', args=[held.handling_id])}?kind=implementation"
    assert (page.context["report"]["write"], "起草落实答复" in text(page)) == (address, True)


def test_an_issued_implementation_reply_stands_on_the_page_of_the_promise_and_of_the_case(staff, login):
    handling = promised.answered()
    held = promised.promise(handling)
    report = signed(handling, kind="implementation", title="关于第0023号提案的落实答复")
    me = login(staff.lead_officer)
    page = me.get(reverse("promise", args=[held.pk]))
    assert [(one["title"], one["url"]) for one in page.context["letters"]] == [
        (report.title, reverse("reply_letter", args=[report.pk]))
    ]
    case = text(me.get(reverse("proposal", args=[handling.proposal_id])))
    assert reverse("promise", args=[held.pk]) in case
    assert reverse("promise_new", args=[handling.pk]) in case
