from datetime import timedelta

import pytest
from django.urls import reverse

from portal.core.findings.actions import acknowledge
from portal.core.findings.models import Finding
from portal.core.findings.reconcile import reconcile
from portal.core.sheets.models import ImportBatch
from tests import factories
from tests import world as w
from tests.pages.reading import rows_of, sentence_of, text_of
from workforce.inspections import STAFFING


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
        ("city", ["查看配备情况", "查看队伍", "查看和录入政策"]),
        ("street", ["导入名册", "查看配备情况", "查看队伍"]),
        ("community", ["查看本社区", "查看队伍"]),
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
        assert client.get(step["url"]).status_code == 200


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


def test_open_findings_are_counted_by_kind_and_the_worst_named(inspected, login):
    Finding.objects.filter(division_id=w.SPRING).update(opened_on=inspected.today - timedelta(days=9))
    response = page(login(inspected.users.street))
    assert f"社区工作者缺员 2 条待处理最早的一条于 {inspected.today - timedelta(days=9)} 发现" in text_of(response)
    assert [finding.division_id for finding in response.context["needs"]["worst"]] == [w.SPRING, w.STREET]
    for finding in Finding.objects.under(w.STREET):
        acknowledge(finding=finding, by=inspected.users.street)
    assert "现在没有等您处理的事项。" in text_of(page(login(inspected.users.street)))


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
    with django_assert_max_num_queries(12):
        page(client)
