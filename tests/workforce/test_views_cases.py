"""Pages of review cases: the list, the step a case waits for, closing one, links to and from person and finding."""

import html
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.core.findings.models import Finding
from portal.core.findings.reconcile import reconcile
from portal.registry import INSPECTIONS
from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, text_of
from workforce.actions.cases import open_due_cases, take_step
from workforce.models import ReviewCase

D = date
TWO_YEARS = {"months": 24, "starts_on": "2018-01-01", "restart_after_months": 6, "judged_by": "obtained"}
CASES_QUERIES, CASE_QUERIES = 12, 32


@pytest.fixture
def opened(world):
    factories.rule("certificate.deadline", TWO_YEARS, w.CITY)
    open_due_cases(on=D(2026, 2, 1))
    return world


@pytest.fixture
def case(opened) -> ReviewCase:
    return ReviewCase.objects.get(person=opened.people["钱风"])


def url(case, name="case") -> str:
    return reverse(name, args=[case.pk])


def post(client, case, name="case", **fields):
    return client.post(url(case, name), {"version": case.version, "on": "2026-03-01", **fields})


def test_list_shows_who_waits_longest_first(opened, login, case):
    take_step(case=case, version=1, on=D(2026, 3, 1), note="x", document="x", by=opened.users.street)
    rows = rows_of(login(opened.users.district).get(reverse("cases")))
    days = (opened.today - D(2026, 2, 1)).days
    assert rows == [
        ["李雨", "夏雨社区", "逾期未取得证书", "2026-01-01", "待告知", str(days), "2026-02-01"],
        ["钱风", "春风社区", "逾期未取得证书", "2026-01-01", "待听取意见", str(days - 28), "2026-02-01"],
    ]


def test_list_of_a_place_a_stage_and_a_past_day(opened, login):
    client = login(opened.users.city)

    def names(**query):
        return [row[0] for row in rows_of(client.get(reverse("cases"), query))]

    assert sorted(names()) == ["吴同", "李雨", "钱风"]
    assert names(place=w.SUMMER) == ["李雨"]
    assert names(stage="hearing") == []
    assert names(q="qf") == ["钱风"]
    assert names(on="2026-01-31") == []
    assert len(names(on="2026-02-01")) == 3
    assert "没有符合条件的个案" in text_of(client.get(reverse("cases"), {"stage": "closed"}))


def test_list_without_cases_says_where_they_come_from(world, login):
    assert "夜间检查会自动立案" in text_of(login(world.users.street).get(reverse("cases")))


def test_list_costs_the_same_for_one_and_for_three(opened, login):
    client = login(opened.users.city)

    def queries(**query) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("cases"), query).status_code == 200
        return len(found)

    queries()
    assert queries(q="钱风") == queries() <= CASES_QUERIES


def test_case_page_explains_the_deadline_and_the_next_step(opened, login, case):
    response = login(opened.users.street).get(url(case))
    text = text_of(response)
    assert "下一步：告知" in text
    assert "2024-01-01 入职。" in text
    assert "入职 24 个月内取得证书" in text and "示例文件〔2018〕1号" in text
    assert "自动立案" in text
    client = login(opened.users.street)
    with CaptureQueriesContext(connection) as found:
        client.get(url(case))
    assert len(found) <= CASE_QUERIES


def test_case_goes_from_notice_to_closed_through_the_pages(opened, login, case):
    street, district = login(opened.users.street), login(opened.users.district)
    assert post(street, case, note="已书面告知", document="通1号").status_code == 302
    case.refresh_from_db()
    assert post(street, case, note="本人陈述", to="support").status_code == 302
    case.refresh_from_db()
    assert post(street, case, note="参加考前培训", to="decision").status_code == 302
    case.refresh_from_db()
    assert "这一步由区级或市级办理。" in text_of(street.get(url(case)))
    assert post(street, case, note="x", outcome="kept").status_code == 200
    case.refresh_from_db()
    assert case.state == "decision"
    assert post(district, case, note="同意留用", outcome="trained").status_code == 302
    case.refresh_from_db()
    assert post(district, case, note="已送达", document="决2号").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "trained")
    text = text_of(street.get(url(case)))
    for said in ("已办结", "培训后留用", "决2号", "已送达", "参加考前培训"):
        assert said in text
    assert "登记这一步" not in text


def test_errors_are_sentences_beside_the_fields(opened, login, case):
    response = post(login(opened.users.street), case, note="", document="", on="2027-12-31")
    assert response.status_code == 422
    text = text_of(response)
    assert "请填写“办理情况”。" in text and "请填写“文书编号”。" in text
    response = post(login(opened.users.street), case, note="x", document="x", on="2027-12-31")
    assert "办理日期不能晚于今天。" in text_of(response)


def test_stale_form_is_refused_and_keeps_what_was_typed(opened, login, case):
    take_step(case=case, version=1, on=D(2026, 3, 1), note="x", document="x", by=opened.users.district)
    response = post(login(opened.users.street), case, version=1, note="我写的内容", document="通1号", to="support")
    assert response.status_code == 422
    page = html.unescape(response.content.decode())
    assert "现在的阶段是“待听取意见”" in page and "我写的内容" in page
    assert 'name="version" value="2"' in page
    case.refresh_from_db()
    assert case.steps.count() == 1


def test_certificate_closes_the_case_with_one_button(opened, login, case):
    client = login(opened.users.street)
    assert "以“情形已消除”结案" not in text_of(client.get(url(case)))
    held = factories.certificate(opened.people["钱风"], "assistant", D(2026, 4, 10))
    text = text_of(client.get(url(case)))
    assert "已取得助理社会工作师证书（2026-04-10）。" in text and "以“情形已消除”结案" in text
    assert post(client, case, "case_clear", note="核对原件").status_code == 302
    text = text_of(client.get(url(case)))
    assert "情形已消除，结案" in text and held.number in text
    case.refresh_from_db()
    response = post(client, case, "case_clear")
    assert (response.status_code, "仍然存在" in text_of(response)) == (422, True)


def test_clearing_with_an_old_version_is_refused(opened, login, case):
    factories.certificate(opened.people["钱风"], "assistant", D(2026, 4, 10))
    take_step(case=case, version=1, on=D(2026, 3, 1), note="x", document="x", by=opened.users.district)
    response = login(opened.users.street).post(url(case, "case_clear"), {"version": 1})
    assert response.status_code == 422
    case.refresh_from_db()
    assert case.state == "hearing"


def test_past_day_is_read_only_and_shows_that_day(opened, login, case):
    take_step(case=case, version=1, on=D(2026, 3, 1), note="后来的事", document="x", by=opened.users.street)
    client = login(opened.users.street)
    text = text_of(client.get(url(case), {"on": "2026-02-20"}))
    assert "待告知" in text and "后来的事" not in text and "登记这一步" not in text
    assert "正在查看其他日期的状态" in text
    assert client.get(url(case), {"on": "2026-01-31"}).status_code == 404
    client.post(url(case) + "?on=2026-02-20", {"version": 2, "note": "x", "to": "support", "on": "2026-03-02"})
    case.refresh_from_db()
    assert case.version == 2


def test_case_and_finding_and_person_lead_to_each_other(opened, login, case):
    reconcile(inspection=INSPECTIONS["certificate_deadline"], on=opened.today, by=None)
    finding = Finding.objects.get(subject=str(case.person_id), kind="certificate_deadline")
    client = login(opened.users.district)
    page = client.get(url(case)).content.decode()
    assert reverse("finding", args=[finding.pk]) in page
    assert reverse("worker", args=[case.person_id]) in page
    assert url(case) in client.get(reverse("worker", args=[case.person_id])).content.decode()
    assert url(case) not in login(opened.users.community).get(reverse("worker", args=[case.person_id])).content.decode()


def test_closed_case_says_that_the_finding_stays(opened, login, case):
    reconcile(inspection=INSPECTIONS["certificate_deadline"], on=opened.today, by=None)
    client = login(opened.users.district)
    assert "个案办结不消除预警" not in text_of(client.get(url(case)))
    ReviewCase.objects.filter(pk=case.pk).update(state="closed", outcome="extended", closed_on=opened.today)
    assert "个案办结不消除预警" in text_of(client.get(url(case)))
    Finding.objects.update(state="resolved", resolved_on=opened.today)
    assert "个案办结不消除预警" not in text_of(client.get(url(case)))


def test_extension_and_its_correction_through_the_pages(opened, login, case):
    district = login(opened.users.district)
    ReviewCase.objects.filter(pk=case.pk).update(state="decision")
    response = post(district, case, note="病愈后补考", outcome="extended")
    assert response.status_code == 422 and "请填写延长到哪一天" in text_of(response)
    assert post(district, case, note="病愈后补考", outcome="extended", extended_to="2027-03-31").status_code == 302
    case.refresh_from_db()
    assert post(district, case, note="已送达", document="决3号").status_code == 302
    case.refresh_from_db()
    said = text_of(district.get(url(case)))
    assert "2026-03-01 个案决定延长至 2027-03-31（文书：决3号）；不延长时应为 2026-01-01。" in said
    assert "更正已作出的决定" in said
    assert "更正已作出的决定" not in text_of(login(opened.users.street).get(url(case)))
    assert post(district, case, "case_correct", note="").status_code == 422
    assert post(district, case, "case_correct", note="登记错了人").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.extended_to) == ("decision", None)
    said = text_of(district.get(url(case)))
    assert "登记错了人" in said and "个案决定延长至" not in said


def test_elected_member_sees_the_election_route(opened, login, case):
    ReviewCase.objects.filter(pk=case.pk).update(route="election", state="decision")
    text = text_of(login(opened.users.district).get(url(case)))
    assert "用工单位不能辞退" in text
    assert "依法解除或终止合同" not in text


def test_neighbours_case_exists_and_is_missing(opened, login, case):
    assert login(opened.users.neighbour).get(url(case)).status_code == 404
    assert login(opened.users.district).get(url(case)).status_code == 200


def test_bar_tells_how_long_overdue(opened, login, case):
    text = text_of(login(opened.users.street).get(url(case)))
    days = (opened.today - D(2026, 1, 1)) // timedelta(days=1)
    assert f"已逾期 {days} 天" in text
