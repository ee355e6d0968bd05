import csv
import io
from datetime import timedelta

import pytest
from django.db import models
from django.urls import reverse

from portal.core.accounts.actions import change_user
from portal.core.audit.actions import record
from portal.core.audit.models import AuditEvent
from portal.core.audit.queries import history_models
from tests import factories
from tests import world as worlds

PAGES = ["audit", "audit_changes"]


def lines(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["city", "street", "system_admin", "security_admin", "nobody"])
def test_only_auditors_read_the_trail(world, login, page, role):
    assert login(getattr(world.users, role)).get(reverse(page)).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_trail_of_the_neighbour_is_not_shown(world, login, page):
    for name in ("street", "outsider"):
        user = getattr(world.users, name)
        record("login", by=user, division=user.home, reason=f"理由-{name}")
        change_user(user=user, name=f"新名-{name}", department="", by=world.users.system_admin)
    content = login(world.users.auditor).get(reverse(page)).content.decode()
    assert ("-street" in content, "-outsider" in content) == (True, False)


def test_events_are_paged_without_counting(world, login):
    for number in range(60):
        record("login", by=world.users.street, division=worlds.STREET, subject=f"第{number:02}次")
    client = login(world.users.auditor)
    first = client.get(reverse("audit"))
    assert len(first.context["rows"]) == 50
    second = client.get(reverse("audit"), {"before": first.context["following"]})
    assert len(second.context["rows"]) == 10
    assert second.context["following"] is None
    assert "第09次" in second.content.decode()
    assert "第10次" not in second.content.decode()


def test_changes_are_paged(world, login):
    client = login(factories.user("national", ("auditor", "")))
    shown, query = [], {}
    while query is not None:
        context = client.get(reverse("audit_changes"), query).context
        shown.append(list(context["rows"]))
        query = {"before": context["following"]} if context["following"] else None
    rows = sum(models.QuerySet(model).count() for model in history_models())
    assert {len(page) for page in shown[:-1]} == {50}
    assert sum(map(len, shown)) == rows
    assert not {repr(row) for row in shown[0]} & {repr(row) for row in shown[1]}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-13-01"},
        {"since": "2026-11-22", "until": "2026-11-01"},
        {"until": "9999-12-31", "since": "9999-12-31"},
        {"actor": "a\x00b"},
        {"act": "nonsense"},
    ],
)
def test_wrong_conditions_are_named_and_find_nothing(world, login, page, query):
    response = login(world.users.auditor).get(reverse(page), query)
    assert response.status_code == 422
    assert "请先改正查询条件" in response.content.decode()


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "core.user:99999999999", "a" * 5000, "²"])
def test_wrong_position_is_no_error(world, login, page, before):
    assert login(world.users.auditor).get(reverse(page), {"before": before}).status_code == 200


def test_htmx_gets_the_rows_only(world, login):
    record("login", by=world.users.street, division=worlds.STREET)
    response = login(world.users.auditor).get(reverse("audit"), headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert "登录" in response.content.decode()


def test_place_narrows_the_trail(world, login):
    record("login", by=world.users.street, division=worlds.STREET, reason="一号的")
    client = login(world.users.auditor)
    assert "一号的" in client.get(reverse("audit"), {"place": worlds.STREET}).content.decode()
    assert "一号的" not in client.get(reverse("audit"), {"place": worlds.NEIGHBOUR}).content.decode()


def test_download_of_events_is_recorded_and_harmless_in_a_spreadsheet(world, login):
    for sign in "=+-@\t\r":
        record("reveal_personal", by=world.users.street, division=worlds.STREET, reason=f"{sign}1+1|cmd")
    response = login(world.users.auditor).get(reverse("export", args=["audit-events", "csv"]))
    rows = lines(response)
    assert "filename*=utf-8''" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert rows[0][:3] == ["时间", "操作人", "操作"]
    reasons = [row[6] for row in rows[1:] if row[2] == "查看个人信息"]
    assert len(reasons) == 6
    assert all(reason.startswith("'") for reason in reasons)
    event = AuditEvent.objects.latest("id")
    assert (event.act, event.actor, event.detail["list"]) == ("list_exported", "auditor", "audit-events")


def test_download_of_changes_has_a_line_per_field_and_no_personal_number(world, login):
    national = factories.user("national", ("auditor", ""))
    rows = lines(login(national).get(reverse("export", args=["audit-changes", "csv"]), {"object": "workforce.person"}))
    person = world.people["赵春"]
    assert [row[7:9] for row in rows if row[4] == "赵春" and row[6] == "身份证号"] == [["", "••••••"]]
    assert person.id_number not in str(rows)
    assert len({tuple(row) for row in rows}) == len(rows)


@pytest.mark.parametrize("count", [1, 3])
def test_events_cost_the_same_for_one_row_and_three(world, login, count, django_assert_num_queries):
    for _number in range(count):
        record("login", by=world.users.street, division=worlds.STREET)
    client = login(world.users.auditor)
    client.get(reverse("audit"))
    with django_assert_num_queries(6):
        client.get(reverse("audit"), {"since": (world.today - timedelta(days=3)).isoformat()})
