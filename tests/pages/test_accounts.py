import re

import pytest
from axes.models import AccessAttempt
from django.urls import reverse

from portal.core.accounts.models import Grant, User
from portal.core.audit.models import AuditEvent
from tests import factories
from tests import world as worlds

ACTS = ["account_reset", "account_deactivate", "account_activate", "account_unlock", "account_end_sessions"]
ACTS.append("account_reset_factor")
OF_SYSTEM = {"account_new", "account_change", "account_reset", "account_deactivate", "account_activate"}


@pytest.fixture
def local(world):
    """A system and a security administrator of 东区 alone."""
    factories.user("east_system", ("system_admin", worlds.DISTRICT), division=worlds.DISTRICT)
    return factories.user("east_security", ("security_admin", worlds.DISTRICT), division=worlds.DISTRICT)


def names(response) -> list[str]:
    return [user.username for user in response.context["page"]]


def secret_on(response) -> str:
    return re.search(r'id="secret">([^<]+)<', response.content.decode())[1].replace("&amp;", "&")


def test_list_shows_accounts_of_ones_own_territory_only(world, login, local):
    assert names(login(local).get(reverse("accounts"))) == [
        "community", "district", "east_security", "east_system", "handler", "neighbour", "street",
    ]  # fmt: skip
    assert len(names(login(world.users.system_admin).get(reverse("accounts")))) == User.objects.count()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "STREE"}, ["street"]),
        ({"state": "inactive"}, ["neighbour"]),
        ({"role": "street", "state": "active"}, ["street"]),
        ({"q": "neighbour", "page": "999"}, ["neighbour"]),
    ],
)
def test_list_is_searched_and_filtered(world, login, query, found):
    User.objects.filter(username="neighbour").update(is_active=False)
    response = login(world.users.system_admin).get(reverse("accounts"), query)
    assert names(response) == found


@pytest.mark.parametrize("query", [{"q": "a\x00b"}, {"role": "nonsense"}, {"q": "x" * 61}])
def test_search_that_cannot_be_understood_finds_nothing_and_says_so(world, login, query):
    response = login(world.users.system_admin).get(reverse("accounts"), query)
    assert (response.status_code, names(response)) == (422, [])
    assert "请先改正查询条件" in response.content.decode()


def test_list_answers_htmx_with_its_rows_only(world, login):
    content = login(world.users.system_admin).get(reverse("accounts"), headers={"HX-Request": "true"}).content.decode()
    assert content.lstrip().startswith("<table")


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_account_and_three(world, login, count, django_assert_num_queries):
    User.objects.exclude(username="system_admin").exclude(
        username__in=["street", "neighbour", "community"][:count]
    ).update(division_id="97")
    client = login(factories.user("viewer", ("system_admin", worlds.CITY)))
    client.get(reverse("accounts"))
    with django_assert_num_queries(6):
        client.get(reverse("accounts"))


def test_people_without_the_role_are_told_whom_to_ask_and_the_refusal_is_recorded(world, login):
    response = login(world.users.city).get(reverse("accounts"))
    assert response.status_code == 403
    assert "安全管理员" in response.content.decode()
    event = AuditEvent.objects.get(act="access_refused")
    assert (event.actor, event.subject, event.division, event.outcome) == ("city", "/accounts/", worlds.CITY, "refused")


def test_account_outside_the_territory_does_not_exist(world, login, local):
    client, other = login(User.objects.get(username="east_system")), world.users.outsider.pk
    for name in ("account", "account_change", "account_reset", "account_deactivate", "account_activate"):
        assert client.get(reverse(name, args=[other])).status_code == 404
        assert client.post(reverse(name, args=[other])).status_code == 404
    client = login(local)
    for name in ("account", "account_unlock", "account_end_sessions", "grant_new"):
        assert client.post(reverse(name, args=[other])).status_code == 404
    assert client.post(reverse("grant_withdraw", args=[Grant.objects.get(user_id=other).pk])).status_code == 404
    assert Grant.objects.filter(user_id=other).count() == 1


@pytest.mark.parametrize("name", ["account_new", "account_change", "grant_new", *ACTS])
def test_each_administrator_does_only_the_own_part(world, login, name):
    args = [] if name == "account_new" else [world.users.street.pk]
    wrong = world.users.security_admin if name in OF_SYSTEM else world.users.system_admin
    assert login(wrong).get(reverse(name, args=args)).status_code == 403
    assert login(wrong).post(reverse(name, args=args)).status_code == 403


def test_account_is_made_and_its_password_shown_once(world, login):
    client = login(world.users.system_admin)
    form = {"username": "new.clerk", "name": "新人", "department": "二科", "division": worlds.STREET}
    response = client.post(reverse("account_new"), form)
    assert User.objects.get(username="new.clerk").check_password(secret_on(response))
    assert "no-store" in response["Cache-Control"]
    again = client.post(reverse("account_new"), form)
    assert again.status_code == 422
    assert again.context["form"].errors == {"username": ["用户名“new.clerk”已有人使用，请另取一个。"]}


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("东区", None),
        ("960101000000", None),
        ("邻区", "您的管理范围内没有“邻区”。请核对代码或名称。"),
        ("", "该字段是必填项。"),
        ("12345", "您的管理范围内没有“12345”。请核对代码或名称。"),
    ],
)
def test_division_is_found_by_code_or_name_within_the_territory(world, login, local, typed, error):
    client = login(User.objects.get(username="east_system"))
    response = client.post(reverse("account_new"), {"username": "x.y", "name": "某", "division": typed})
    if error is None:
        assert User.objects.get(username="x.y").division_id == worlds.DISTRICT
    else:
        assert response.context["form"].errors == {"division": [error]}


def test_ambiguous_name_of_a_division_asks_for_the_code(world, login):
    response = login(world.users.system_admin).post(
        reverse("account_new"), {"username": "x.y", "name": "某", "division": "同名社区"}
    )
    assert response.context["form"].errors == {"division": ["名为“同名社区”的区划不止一个，请改填区划代码。"]}


def test_name_and_department_are_corrected(world, login):
    client, pk = login(world.users.system_admin), world.users.street.pk
    assert (
        client.post(reverse("account_change", args=[pk]), {"name": "改名", "department": "办公室"}).status_code == 302
    )
    assert client.post(reverse("account_change", args=[pk]), {"name": ""}).status_code == 422
    assert User.objects.get(pk=pk).name == "改名"


def test_grant_is_given_shown_and_withdrawn(world, login):
    client, user = login(world.users.security_admin), world.users.nobody
    address = reverse("grant_new", args=[user.pk])
    assert client.post(address, {"role": "district", "division": worlds.DISTRICT}).status_code == 302
    page = client.get(reverse("account", args=[user.pk])).content.decode()
    assert "区级工作人员" in page
    grant = Grant.objects.get(user=user)
    withdraw = reverse("grant_withdraw", args=[grant.pk])
    assert "下一次打开页面或使用令牌即失去这些权限" in client.get(withdraw).content.decode()
    assert Grant.objects.filter(pk=grant.pk).exists()
    assert client.post(withdraw).status_code == 302
    assert not Grant.objects.filter(pk=grant.pk).exists()


def test_refused_grant_comes_back_with_the_reason(world, login):
    client = login(world.users.security_admin)
    response = client.post(
        reverse("grant_new", args=[world.users.auditor.pk]), {"role": "system_admin", "division": ""}
    )
    assert response.status_code == 422
    assert "三者须由不同的人担任" in response.content.decode()


def test_nobody_finds_a_way_to_grant_to_oneself(world, login):
    admin = world.users.security_admin
    client = login(admin)
    assert "grant_form" not in client.get(reverse("account", args=[admin.pk])).context
    client.post(reverse("grant_new", args=[admin.pk]), {"role": "city", "division": ""})
    client.post(reverse("grant_withdraw", args=[Grant.objects.get(user=admin).pk]))
    assert list(admin.grants.values_list("role", flat=True)) == ["security_admin"]


def test_acts_ask_first_and_then_act(world, login):
    client, user = login(world.users.system_admin), world.users.street
    address = reverse("account_deactivate", args=[user.pk])
    assert "访问令牌全部撤销" in client.get(address).content.decode()
    assert User.objects.get(pk=user.pk).is_active
    assert client.post(address, {"reason": "调离"}).status_code == 302
    assert not User.objects.get(pk=user.pk).is_active
    assert AuditEvent.objects.get(act="deactivate_user").reason == "调离"
    password = secret_on(client.post(reverse("account_activate", args=[user.pk])))
    assert User.objects.get(pk=user.pk, is_active=True).check_password(password)
    assert secret_on(client.post(reverse("account_reset", args=[user.pk]))) != password


def test_lock_is_shown_and_taken_back(world, login):
    AccessAttempt.objects.create(username="street", ip_address="10.0.0.1", failures_since_start=5, user_agent="x")
    client, pk = login(world.users.security_admin), world.users.street.pk
    page = client.get(reverse("account", args=[pk])).content.decode()
    assert "已锁定" in page
    assert reverse("account_unlock", args=[pk]) in page
    client.post(reverse("account_unlock", args=[pk]))
    assert not AccessAttempt.objects.exists()
    assert "已锁定" not in client.get(reverse("account", args=[pk])).content.decode()


def test_refused_act_on_oneself_is_a_message(world, login):
    client, admin = login(world.users.system_admin), world.users.system_admin
    response = client.post(reverse("account_deactivate", args=[admin.pk]), {"reason": ""}, follow=True)
    assert "不能停用自己的账号。" in response.content.decode()
    assert User.objects.get(pk=admin.pk).is_active
