"""Pages of intake: the list, entering, correcting, screening, files, sessions, units and who works for them."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from proposals.models import CaseFile, HandlingUnit, Proposal, Proposer, Seat, Session
from proposals.queries.cases import search_text, search_vector
from tests import factories
from tests import world as w
from tests.proposals import cases


@pytest.fixture
def office(world, login):
    return login(cases.user("office"))


def page(client, name, *args, **query):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def given(**changes):
    return {
        "session": str(cases.session().pk), "number": "第0023号", "title": "关于养老服务的提案", "proposer_type": "joint",
        "signers": "甲某，0000-0000001，某路 1 号\n乙某", "proposers_count": "2", "received_on": "2026-01-12", "text": "增设驿站。",
    } | changes  # fmt: skip


def entered(client, **changes):
    return client.post(reverse("proposal_new"), given(**changes))


def test_list_shows_what_a_line_needs_and_narrows(office):
    first = cases.proposal("0023", "关于养老服务的提案", names=("甲", "乙", "丙", "丁"))
    cases.handling(first, cases.unit())
    cases.proposal("0024", "关于社区食堂的提案", state="received", filed_on=None)
    Proposal.objects.filter(number="0024").update(search=search_vector(search_text("0024", "关于社区食堂的提案", "")))
    shown = page(office, "proposals")
    for words in ("0023", "区政协十四届五次会议", "甲、乙、丙等 4 位", "区民政局", "办理中", "待审查", "2026-02-10"):
        assert words in shown
    assert "0023" not in page(office, "proposals", q="社区食堂")
    assert "没有符合条件的提案或建议" in page(office, "proposals", q="不存在的词")
    assert "0024" not in page(office, "proposals", state="handling")
    assert "还没有提案或建议" in page(office, "proposals", place="960102001") or "没有" in page(
        office, "proposals", place="960102"
    )
    assert "0023" in page(office, "proposals", place=w.STREET)


def test_list_costs_the_same_for_many_rows(office, django_assert_max_num_queries):
    held, unit = cases.session(), cases.unit()
    for number in range(20):
        cases.handling(cases.proposal(f"{number:04d}", session=held), unit)
    page(office, "proposals")  # the first page of a log-in also notes when it was
    with django_assert_max_num_queries(12):
        page(office, "proposals")


def test_nobody_else_reads_the_list(world, login):
    for role in ("street", "community", "auditor", "system_admin"):
        assert login(getattr(world.users, role)).get(reverse("proposals")).status_code == 403


def test_entered_corrected_and_screened(office):
    answer = entered(office)
    made = Proposal.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("proposal", args=[made.pk]))
    assert (made.number, made.proposers.first().phone, made.proposers.first().address) == (
        "0023",
        "0000-0000001",
        "某路 1 号",
    )
    form = page(office, "proposal_edit", made.pk)
    assert "甲某，0000-0000001，某路 1 号" in form and "代表团" not in form
    changed = office.post(reverse("proposal_edit", args=[made.pk]), given(title="关于养老驿站的提案", version="1"))
    made.refresh_from_db()
    assert (changed.status_code, made.title, made.version) == (302, "关于养老驿站的提案", 2)
    stale = office.post(reverse("proposal_edit", args=[made.pk]), given(version="1"))
    assert stale.status_code == 422 and "刚被其他人修改过" in stale.content.decode()
    answer = office.post(reverse("proposal_screen", args=[made.pk, "file"]), {"version": "2", "filed_on": "2026-01-14"})
    made.refresh_from_db()
    assert (answer.status_code, made.state, made.filed_on) == (302, "filed", date(2026, 1, 14))


def test_faults_stand_by_their_fields(office):
    answer = entered(office, title="关于养老的议案", proposers_count="5", signers="甲某\n，\n乙某")
    assert answer.status_code == 422 and "第 2 行写法不对" in answer.content.decode()
    answer = entered(office, title="关于养老的议案", proposers_count="5").content.decode()
    assert "案由把文件叫作“议案”，这里应称“提案”" in answer and "提案者数填的是 5，写出的是 2 位" in answer
    assert not Proposal.objects.exists()


def test_screening_refuses_merges_and_takes_back(office):
    target = cases.proposal("1")
    held = cases.proposal("2", state="received", filed_on=None)
    Proposal.objects.update(search=search_vector(search_text("", target.title, "")))
    assert "相近：区政协十四届五次会议 1 号" in page(office, "proposal_screen", held.pk, "merge")
    wrong = office.post(
        reverse("proposal_screen", args=[held.pk, "merge"]), {"version": 1, "number": "9", "session": held.session_id}
    )
    assert wrong.status_code == 422 and "这次会议没有 9 号" in wrong.content.decode()
    office.post(
        reverse("proposal_screen", args=[held.pk, "merge"]),
        {"version": 1, "number": "第1号", "session": held.session_id},
    )
    held.refresh_from_db()
    assert (held.state, held.merged_into_id) == ("merged", target.pk)
    office.post(reverse("proposal_screen", args=[held.pk, "reopen"]), {"version": 2})
    office.post(reverse("proposal_screen", args=[held.pk, "refuse"]), {"version": 3, "ground": "academic"})
    held.refresh_from_db()
    assert (held.state, held.ground) == ("refused", "academic")
    closed = office.post(reverse("proposal_screen", args=[held.pk, "file"]), {"version": 4, "filed_on": "2026-01-14"})
    assert closed.status_code == 422 and "不能这样办理" in closed.content.decode()
    assert office.get(reverse("proposal_screen", args=[held.pk, "nothing"])).status_code == 404


def test_files_go_in_and_out_for_those_who_see_the_case(office, world, login, settings, tmp_path):
    settings.ATTACHMENT_DIR = tmp_path
    officer = cases.user("officer", "handler")
    held = cases.proposal()
    cases.handling(held, cases.unit("区人社局", w.DISTRICT, officer), "co")
    upload = SimpleUploadedFile("附件.pdf", b"%PDF-1.7 example")
    assert office.post(reverse("proposal_file_new", args=[held.pk]), {"file": upload}).status_code == 302
    kept = CaseFile.objects.get()
    answer = login(officer).get(reverse("proposal_file", args=[kept.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 example"
    assert answer["Content-Disposition"].startswith("attachment")
    stranger = login(cases.user("west", "district", "960102"))
    assert stranger.get(reverse("proposal_file", args=[kept.pk])).status_code == 404
    wrong = office.post(reverse("proposal_file_new", args=[held.pk]), {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert wrong.status_code == 422 and "只接受 PDF" in wrong.content.decode()
    office.post(reverse("proposal_file_take_back", args=[kept.pk]))
    assert office.get(reverse("proposal_file", args=[kept.pk])).status_code == 404


def test_handler_may_see_the_case_but_not_manage_it(world, login):
    officer = cases.user("officer", "handler")
    held = cases.proposal()
    cases.handling(held, cases.unit("区人社局", w.DISTRICT, officer), "co")
    client = login(officer)
    assert held.number in page(client, "proposals")
    assert client.get(reverse("proposal_edit", args=[held.pk])).status_code == 403
    shown = page(client, "proposals")
    assert reverse("proposal_new") not in shown and reverse("handling_units") in shown


def test_sessions_are_listed_entered_and_corrected(office):
    facts = {
        "body": "npc",
        "place_name": "区人大",
        "term": "十七",
        "meeting": "3",
        "opened_on": "2026-01-11",
        "closed_on": "2026-01-13",
    }
    assert "还没有登记会议" in page(office, "proposal_sessions")
    wrong = office.post(reverse("proposal_session_new"), {**facts, "division": w.DISTRICT, "term": "百"})
    assert wrong.status_code == 422 and "请填 1 到 99 之间的数" in wrong.content.decode()
    assert office.post(reverse("proposal_session_new"), {**facts, "division": w.DISTRICT}).status_code == 302
    held = Session.objects.get()
    assert (held.term, held.label) == (17, "区人大十七届三次会议")
    assert "区人大十七届三次会议" in page(office, "proposal_sessions")
    office.post(reverse("proposal_session_edit", args=[held.pk]), {**facts, "reply_by": "2026-06-30"})
    held.refresh_from_db()
    assert held.reply_by == date(2026, 6, 30)
    foreign = cases.session("960102")
    assert office.get(reverse("proposal_session_edit", args=[foreign.pk])).status_code == 404


def test_units_and_who_works_for_them(office):
    facts = {
        "division": w.DISTRICT,
        "name": "东区卫健委",
        "short": "区卫健委",
        "heading": "东区卫健委",
        "postcode": "30000",
    }
    wrong = office.post(reverse("handling_unit_new"), facts)
    assert wrong.status_code == 422 and "邮编应为 6 位数字" in wrong.content.decode()
    office.post(reverse("handling_unit_new"), {**facts, "postcode": "300000"})
    unit = HandlingUnit.objects.get()
    factories.user("health", ("handler", w.DISTRICT), division=w.DISTRICT)
    missing = office.post(reverse("handling_seat_new", args=[unit.pk]), {"username": "nobody"})
    assert missing.status_code == 422 and "没有这个账号" in missing.content.decode()
    office.post(reverse("handling_seat_new", args=[unit.pk]), {"username": "health"})
    assert "health" in page(office, "handling_unit", unit.pk)
    office.post(reverse("handling_seat_take", args=[Seat.objects.get().pk]))
    office.post(reverse("handling_unit_close", args=[unit.pk]))
    unit.refresh_from_db()
    assert not Seat.objects.exists() and unit.closed_on is not None
    assert "停用" in page(office, "handling_units")


def test_past_days_are_read_only(office):
    shown = page(office, "proposals", on="2026-03-01")
    assert reverse("proposal_new") not in shown


def test_list_is_taken_out_as_shown(office):
    cases.proposal("0023"), cases.proposal("0024", state="received", filed_on=None)
    answer = office.get(reverse("export", args=["proposals", "csv"]), {"state": "received"})
    lines = io.StringIO(answer.getvalue().decode("utf-8-sig")).read().splitlines()
    assert len(lines) == 2 and "0024" in lines[1] and Proposer.objects.count() == 2


def test_sheet_of_the_import_is_offered(office):
    cases.session()
    shown = page(office, "import_new", kind="proposals")
    assert "提案和建议" in shown and reverse("roster_template") in shown
    answer = office.get(reverse("roster_template"), {"kind": "proposals"})
    assert answer.status_code == 200 and answer["Content-Type"].startswith("application/vnd.openxml")
