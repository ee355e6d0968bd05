"""The pages of periodic reports, from the list over the draft to the published file and its correction."""

import io
from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from docx import Document

from portal.core.accounts.models import Grant
from portal.core.audit.models import AuditEvent
from portal.core.reports.actions import make_report
from portal.core.reports.cadence import Cadence, period_named
from portal.core.reports.duties import report_duties
from portal.core.reports.models import Report, ReportSubscription
from portal.registry import REPORTS
from portal.tasks import make_reports
from tests import factories, taken
from tests import world as w
from tests.pages.reading import rows_of, text_of

WEEKLY = REPORTS["weekly_dispatch"]
WEEK = period_named(Cadence.WEEK, "2026-W46")


@pytest.fixture
def report(world):
    return make_report(kind=WEEKLY, division=world.divisions[w.DISTRICT], period=WEEK, by=None)


def step(client, report, key, **data):
    url = reverse("report_step", args=[report.pk, key])
    return client.post(url, {"version": report.version, **data}, follow=True)


def test_list_shows_what_is_there_and_what_is_owed(world, login, report):
    Grant.objects.update(granted_at=datetime(2026, 10, 20, tzinfo=UTC))
    client = login(world.users.district)
    shown = [(row[0], row[1], row[2], row[4]) for row in rows_of(client.get(reverse("reports")))]
    assert shown == [
        ("2026年第46周", "周调度", "东区", "草稿，待签发 逾期未发布"),
        ("2026年10月", "月上报", "东区", "逾期未编制"),
    ]
    late = rows_of(client.get(reverse("reports"), {"state": "missing"}))
    assert [row[1] for row in late] == ["月上报"]
    assert rows_of(client.get(reverse("reports"), {"kind": "year_end_circular"})) == []
    assert "没有符合条件的报告" in text_of(client.get(reverse("reports"), {"kind": "year_end_circular"}))


def test_list_of_the_levels_below(world, login, report):
    client = login(world.users.city)
    assert rows_of(client.get(reverse("reports"))) == []
    below = rows_of(client.get(reverse("reports"), {"scope": "below"}))
    assert [(row[0], row[2]) for row in below] == [("2026年第46周", "东区")]
    assert [row[2] for row in rows_of(client.get(reverse("reports"), {"place": w.DISTRICT}))] == ["东区"]


def test_neighbours_and_outsiders_see_nothing_of_it(world, login, report):
    for user in (world.users.street, world.users.outsider):
        client = login(user)
        assert rows_of(client.get(reverse("reports"), {"scope": "below"})) == []
        for name, arguments in (
            ("report", []),
            ("report_changes", []),
            ("report_file", ["docx"]),
            ("report_step", ["sign"]),
        ):
            assert client.get(reverse(name, args=[report.pk, *arguments])).status_code in (403, 404)


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_no_more_for_more_lines(world, login, django_assert_max_num_queries, count):
    for number in range(count):
        period = period_named(Cadence.WEEK, f"2026-W4{number}")
        make_report(kind=WEEKLY, division=world.divisions[w.DISTRICT], period=period, by=None)
    Grant.objects.update(granted_at=datetime(2026, 10, 20, tzinfo=UTC))
    client = login(world.users.district)
    client.get(reverse("reports"))
    with django_assert_max_num_queries(12):
        assert len(rows_of(client.get(reverse("reports")))) == count + 1


def test_owed_report_is_made_from_the_list(world, login):
    client = login(world.users.district)
    given = {"division": w.DISTRICT, "kind": "weekly_dispatch", "period": "2026-W46"}
    response = client.post(reverse("report_new"), given, follow=True)
    made = Report.objects.get()
    assert (made.kind, made.period, made.made_by) == ("weekly_dispatch", "2026-W46", "district")
    assert "报告已编制。" in text_of(response)
    again = client.post(reverse("report_new"), given, follow=True)
    assert "这一期的报告已经有了" in text_of(again)
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"period": "2026-10"}, "期间与“周调度”的周期不符"),
        ({"division": w.SNOW}, "选择一个有效的选项"),
        ({"kind": "other"}, "选择一个有效的选项"),
        ({"period": "2026-W48"}, "选择一个有效的选项"),
    ],
)
def test_report_that_cannot_be_made_says_why(world, login, change, sentence):
    given = {"division": w.DISTRICT, "kind": "weekly_dispatch", "period": "2026-W46"} | change
    response = login(world.users.district).post(reverse("report_new"), given)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Report.objects.exists()


def test_page_shows_the_report_as_it_prints_and_leads_to_the_rows(world, login, report):
    response = login(world.users.district).get(reverse("report", args=[report.pk]))
    text = text_of(response)
    assert "东区社区工作者队伍建设周调度情况" in text
    assert "草稿，未经签发，不得引用" in text
    value_url = f"/indicators/workers/rows/?part=numerator&place={w.DISTRICT}&on=2026-11-15"
    own = next(row for row in rows_of(response) if row[0] == "社区工作者")
    assert own[:4] == ["社区工作者", "人", "5", "5"]
    assert value_url in response.content.decode().replace("&amp;", "&")


def test_remarks_are_saved_and_printed(world, login, report):
    client = login(world.users.district)
    given = {"version": report.version, "staffing.causes": "招录未完成\n退休较多", "staffing.next": "十二月补足"}
    response = client.post(reverse("report_remarks", args=[report.pk]), given, follow=True)
    assert "说明已保存。" in text_of(response)
    late = client.post(reverse("report_remarks", args=[report.pk]), given)
    assert late.status_code == 409
    assert "这份报告刚被别人改动过" in text_of(late)
    too_long = given | {"version": 2, "staffing.next": "长" * 2001}
    assert client.post(reverse("report_remarks", args=[report.pk]), too_long).status_code == 422
    file = client.get(reverse("report_file", args=[report.pk, "docx"])).content
    assert "十二月补足" in [one.text for one in Document(io.BytesIO(file)).paragraphs]


def test_signing_with_outdated_figures_asks_for_a_reason(world, login, report):
    factories.worker("迟登", w.SPRING)
    client = login(world.users.district)
    url = reverse("report_step", args=[report.pk, "sign"])
    assert "个数字变了" in text_of(client.get(url))
    assert "个数字变了" in text_of(client.get(reverse("report_changes", args=[report.pk])))
    refused = client.post(url, {"version": report.version})
    assert refused.status_code == 422
    assert Report.objects.get().state == "draft"
    done = client.post(url, {"version": report.version, "keep_reason": "次周计入"}, follow=True)
    assert "已签发。" in text_of(done)
    assert "次周计入" in text_of(done)


def test_way_from_draft_to_correction(world, login, report):
    client = login(world.users.district)
    assert "与现在的记录一致" in text_of(client.get(reverse("report_step", args=[report.pk, "sign"])))
    step(client, report, "sign")
    report.refresh_from_db()
    assert report.state == "signed"
    assert "已退回为草稿。" in text_of(step(client, report, "return", reason="数字有误"))
    report.refresh_from_db()
    assert "数据已更新。" in text_of(step(client, report, "refresh"))
    report.refresh_from_db()
    step(client, report, "sign")
    report.refresh_from_db()
    assert "已发布。" in text_of(step(client, report, "publish"))
    once = client.get(reverse("report_file", args=[report.pk, "xlsx"]))
    assert once["Content-Disposition"].startswith("attachment;")
    assert AuditEvent.objects.filter(act="report_taken", detail__form="xlsx").count() == 1
    factories.worker("后来", w.SPRING)
    assert client.get(reverse("report_file", args=[report.pk, "xlsx"])).content == once.content
    report.refresh_from_db()
    assert step(client, report, "correct", reason=" ").status_code == 422
    answer = step(client, report, "correct", reason="补登一人")
    assert "已开始编制更正的新版。" in text_of(answer)
    newer = Report.objects.get(edition=2)
    assert "更正的新版正在编制" in text_of(client.get(reverse("report", args=[report.pk])))
    step(client, newer, "sign")
    newer.refresh_from_db()
    step(client, newer, "publish")
    assert "本报告已被更正，请以新版为准。" in text_of(client.get(reverse("report", args=[report.pk])))
    assert client.get(reverse("report_file", args=[report.pk, "xlsx"])).content == once.content


def test_act_out_of_place_is_told(world, login, report):
    client = login(world.users.district)
    assert "这份报告现在不能这样处理" in text_of(step(client, report, "publish"))
    assert client.get(reverse("report_step", args=[report.pk, "burn"])).status_code == 404
    street = make_report(kind=WEEKLY, division=world.divisions[w.STREET], period=WEEK, by=None)
    assert login(world.users.street).get(reverse("report_step", args=[street.pk, "sign"])).status_code == 403
    assert "草稿已作废。" in text_of(step(login(world.users.street), street, "discard"))


def test_office_chooses_what_it_makes(world, login):
    client = login(world.users.district)
    url = reverse("report_settings")
    assert "系统默认" in text_of(client.get(url))
    response = client.post(url, {"kinds": ["weekly_dispatch", "monthly_report", "quarterly_analysis"]}, follow=True)
    assert "已保存。" in text_of(response)
    lines = {line.kind: line.on for line in ReportSubscription.objects.filter(division=w.DISTRICT)}
    assert lines == {"weekly_dispatch": True, "year_end_circular": False}
    assert client.get(url, {"place": "970101"}).status_code == 404
    assert client.post(url, {"kinds": ["unknown"]}).status_code == 422


def test_waiting_reports_stand_on_the_first_page_of_those_who_sign(world, login, report):
    (duty,) = report_duties(REPORTS, world.users.district)
    assert (str(duty.label), duty.who, duty.due_on, duty.button) == (
        "周调度（2026年第46周）待签发", "东区", report.due_on, "去签发",
    )  # fmt: skip
    assert "周调度（2026年第46周）待签发" in text_of(login(world.users.district).get(reverse("today")))
    assert report_duties(REPORTS, world.users.city) == []
    assert report_duties(REPORTS, world.users.street) == []
    report = Report.objects.get()
    step(login(world.users.district), report, "sign")
    assert str(report_duties(REPORTS, world.users.district)[0].button) == "去发布"


def test_list_can_be_taken_out(world, login, report):
    head, line = taken.rows(login(world.users.district), "reports")
    found = dict(zip(head, line, strict=True))
    assert (found["期间代号"], found["单位"], found["状态"], found["数据指纹"]) == (
        "2026-W46", "东区", "草稿，待签发、逾期未发布", report.digest,
    )  # fmt: skip


def test_task_makes_what_is_owed(world):
    Grant.objects.update(granted_at=datetime(2026, 10, 31, tzinfo=UTC))
    with time_machine.travel("2026-10-31T22:00:00+00:00", tick=False):
        make_reports()
        make_reports()
    assert set(Report.objects.values_list("kind", "division_id", "period")) == {
        ("monthly_report", code, "2026-10") for code in (w.CITY, w.DISTRICT, "97")
    }
