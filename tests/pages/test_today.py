from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal.core.findings.actions import acknowledge
from portal.core.findings.duties import Duty
from portal.core.findings.models import Finding, InspectionRun
from portal.core.findings.reconcile import reconcile
from portal.core.sheets.models import ImportBatch
from tests import factories
from tests import world as w
from tests.core.findings.makers import finding
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.inspections.staffing import STAFFING

FACTS = {
    "level": 5, "workers": 0, "population": 1000, "basis": "ledger", "population_on": "2026-01-01", "heads": 18,
    "per": 10000, "required": 2, "gap": 2, "document": "x", "article": "", "on": "2026-01-01",
}  # fmt: skip


@pytest.fixture
def inspected(world):
    reconcile(inspection=STAFFING, on=world.today, by=None)
    return world


def page(client, **query):
    return client.get(reverse("today"), query)


def labels(response) -> list[str]:
    return [str(step["label"]) for step in response.context["steps"]]


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("city", ["查看配备情况", "查看队伍", "提案办理进度", "查看和录入政策"]),
        ("street", ["导入名册", "表格录入", "查看配备情况", "查看队伍", "记服务台账"]),
        ("community", ["查看本社区", "查看队伍", "记服务台账"]),
        ("auditor", ["查看配备情况", "查看审计记录"]),
        ("system_admin", ["管理账号"]),
        ("security_admin", ["管理授权"]),
    ],
)
def test_every_role_finds_its_own_next_steps(world, login, name, steps):
    client = login(getattr(world.users, name))
    response = page(client)
    assert labels(response) == steps
    for step in response.context["steps"]:
        assert client.get(step["url"], follow=True).status_code == 200


def test_account_without_rights_is_told_whom_to_ask(world, login):
    assert "您的账号还没有任何权限" in text_of(page(login(world.users.nobody)))


def test_sentence_levels_and_gaps_of_the_territory(inspected, login):
    response = page(login(inspected.users.city))
    assert sentence_of(response, "sentence-0").startswith(
        "应配 72 人，在岗 6 人，缺 66 人；每万城镇常住人口 1.50 人（标准 18）。"
    )
    assert [(str(level["label"]), level["met"], level["judged"], level["no_data"]) for level in response.context["levels"]] == [
        ("区县", 0, 2, 0), ("街道乡镇", 0, 3, 1), ("社区", 2, 6, 1),
    ]  # fmt: skip
    assert [cells[:4] for cells in rows_of(response)] == [["东区", "54", "5", "49"], ["西区", "3", "1", "2"]]


def duties(response) -> list[tuple]:
    return [(str(duty.label), duty.count, duty.url) for duty in response.context["needs"]["duties"]]


def test_open_findings_wait_for_the_level_that_holds_them(inspected, login):
    response = page(login(inspected.users.street))
    assert duties(response) == [("预警待签收", 2, "/findings/?holder=mine&state=open")]
    assert duties(page(login(inspected.users.district))) == [("预警待签收", 1, "/findings/?holder=mine&state=open")]
    assert duties(page(login(inspected.users.community))) == []
    for one in Finding.objects.under(w.STREET):
        acknowledge(finding=one, by=inspected.users.street)
    assert "现在没有等您处理的事项。" in text_of(page(login(inspected.users.street)))


def test_deadlines_of_mine_stand_by_how_near_they_are(world, login):
    for number, days in enumerate((-3, -1, 0, 7, 8, 30, 31, 90, 91, None)):
        due = {} if days is None else {"due_on": world.today + timedelta(days=days)}
        made = finding(w.SPRING, kind="staffing", subject=str(number), **due, facts=FACTS)
    made.delete()
    finding(w.AUTUMN, kind="staffing", due_on=world.today, facts=FACTS)
    finding(w.SPRING, kind="staffing", due_on=world.today, facts=FACTS, held_level=3)
    bands = page(login(world.users.street)).context["deadlines"]["bands"]
    assert [(band["key"], band["count"], [one.subject for one in band["lines"]]) for band in bands] == [
        ("overdue", 2, ["0", "1"]), ("7", 2, ["2", "3"]), ("30", 2, ["4", "5"]), ("90", 2, ["6", "7"]),
    ]  # fmt: skip
    response = login(world.users.street).get(bands[0]["url"])
    assert [line["finding"].subject for group in response.context["inbox"].groups for line in group["lines"]] == [
        "0",
        "1",
    ]
    assert page(login(world.users.community)).context["deadlines"]["total"] == 9


def test_overdue_ones_below_are_counted_for_those_above(world, login):
    for code, days, level in ((w.SPRING, -1, 4), (w.AUTUMN, -5, 4), (w.SPRING, -1, 2), (w.SPRING, 1, 4)):
        finding(code, kind="staffing", due_on=world.today + timedelta(days=days), facts=FACTS, held_level=level)
    response = page(login(world.users.district))
    assert "下级处理中的还有 2 项已逾期" in text_of(response)
    listed = login(world.users.district).get(response.context["deadlines"]["below_url"])
    assert listed.context["inbox"].count() == 2
    assert page(login(world.users.street)).context["deadlines"]["below"] == 0


def test_late_night_run_is_told_to_those_who_handle_findings(inspected, login):
    day = inspected.today - timedelta(days=1)
    InspectionRun.objects.create(
        key="staffing", on=day, trigger="nightly", state="done", started_at=timezone.now(), finished_at=timezone.now()
    )
    with time_machine.travel(datetime(day.year, day.month, day.day, 5, tzinfo=UTC) + timedelta(days=1), tick=False):
        assert "今天的例行检查有" in text_of(page(login(inspected.users.street)))
        assert "今天的例行检查有" not in text_of(page(login(inspected.users.community)))


def test_what_is_due_first_stands_first_for_every_role_that_has_work(world, login, monkeypatch):
    waiting = (("提案待签收", None), ("个案待告知", 9), ("意见待提出", -2))
    found = [Duty(label, 1, "/", due_on=days and world.today + timedelta(days=days)) for label, days in waiting]
    monkeypatch.setattr("portal.pages.today.DUTIES", [lambda user: found])
    for user in (world.users.street, world.users.handler):
        shown = page(login(user)).context["needs"]["duties"]
        assert [duty.label for duty in shown] == ["意见待提出", "个案待告知", "提案待签收"]
    assert labels(page(login(world.users.handler))) == ["提案办理进度", "查看配备情况"]


def test_imports_wait_for_those_who_may_import(world, login):
    def batch(code, name):
        return ImportBatch.objects.create(
            kind="roster", division_id=code, filename=name, sha256="0" * 64, size=1, state="judged",
            uploaded_by=world.users.street,
        )  # fmt: skip

    mine = batch(w.STREET, "一号名册.xlsx")
    batch(w.NEIGHBOUR, "二号名册.xlsx")
    response = page(login(world.users.street))
    assert "导入 一号名册.xlsx" in text_of(response)
    assert "二号名册" not in text_of(response)
    assert reverse("import", args=[mine.pk]) in response.content.decode()
    assert "名册.xlsx" not in text_of(page(login(world.users.city)))
    ImportBatch.objects.filter(pk=mine.pk).update(uploaded_by=world.users.city)
    assert "导入 一号名册.xlsx" in text_of(page(login(world.users.city)))


def test_communities_without_population_wait_for_those_who_may_enter_it(world, login):
    assert "1 个社区没有人口数据" in text_of(page(login(world.users.city)))
    assert "个社区没有人口数据" not in text_of(page(login(world.users.auditor)))


def test_another_day_is_for_reading_only(inspected, login):
    response = page(login(inspected.users.city), on="2024-06-30")
    assert response.context["needs"] is None
    assert sentence_of(response, "sentence-0").startswith("应配 72 人，在岗 6 人")


def test_several_territories_have_a_sentence_each(world, login):
    both = factories.user("both", ("street", w.STREET), ("street", "960102001"))
    response = page(login(both))
    assert sentence_of(response, "sentence-0").startswith("应配 8 人，在岗 4 人，缺 4 人")
    assert sentence_of(response, "sentence-1").startswith("应配 3 人，在岗 1 人，缺 2 人")
    assert [cells[0] for cells in rows_of(response)] == ["一号街道", "三号街道"]


def test_whole_country_opens(world, login):
    response = page(login(factories.user("nation", ("city", ""))))
    assert [cells[0] for cells in rows_of(response)] == ["示例市"]


def test_outsider_sees_nothing_of_the_city(inspected, login):
    text = text_of(page(login(inspected.users.outsider)))
    assert "示例市" not in text
    assert "春风" not in text


@pytest.mark.parametrize("name", ["city", "street", "community", "auditor", "system_admin"])
def test_queries_stay_few(inspected, login, name, django_assert_max_num_queries):
    client = login(getattr(inspected.users, name))
    page(client)
    with django_assert_max_num_queries(30):  # one for each sort of duty, however many wait
        page(client)
