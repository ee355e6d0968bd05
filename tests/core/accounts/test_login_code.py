"""The second page of logging in, and the state between the two."""

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.converters import IntConverter, UUIDConverter
from django.utils import timezone

from portal.core.accounts.actions import deactivate_user, end_sessions, reset_password, unlock
from portal.core.accounts.models import SecondFactor, User
from portal.core.audit.models import AuditEvent
from tests import world as worlds
from tests.core.accounts.factors import code, equip, halfway, show, wrong
from tests.factories import PASSWORD
from tests.test_permission_matrix import PUBLIC

AGAIN = reverse("login") + "?ended=halfway"


@pytest.fixture(autouse=True)
def clock():
    now = timezone.now().timestamp()
    with time_machine.travel(now - now % 30 + 15, tick=False) as moved:
        yield moved


@pytest.fixture
def codes(world) -> list[str]:
    return equip(world.users.street)


def wrong_password(ip: str = "10.0.0.1") -> int:
    typed = {"username": "street", "password": "wrong"}
    return Client().post(reverse("login"), typed, REMOTE_ADDR=ip).status_code


def failures() -> list[tuple]:
    found = AuditEvent.objects.filter(act="login_failed").order_by("id")
    return list(found.values_list("actor", "subject", "division", "outcome", "detail__factor"))


def test_password_and_code_open_a_session_with_a_new_id(world, codes):
    client = halfway(next="/tokens/")
    before = client.session.session_key
    assert client.get(reverse("login_code") + "?next=/tokens/").context["next"] == "/tokens/"
    response = show(client, code(), "?next=/tokens/")
    assert (response.status_code, response["Location"]) == (302, "/tokens/")
    assert client.session.session_key != before
    assert "halfway" not in client.session
    assert client.session.get_expiry_age() == 12 * 60 * 60
    assert client.get("/tokens/").status_code == 200
    event = AuditEvent.objects.get(act="login")
    assert (event.actor, event.division) == ("street", worlds.STREET)


def test_without_a_second_factor_the_password_is_all(world):
    response = Client().post(reverse("login"), {"username": "street", "password": PASSWORD})
    assert response["Location"] == reverse("today")


@pytest.mark.parametrize("asked", ["https://evil.example/", "/login/code/"])
def test_next_leads_only_into_the_portal(codes, asked):
    assert show(halfway(next=asked), code(), f"?next={asked}")["Location"] == reverse("today")


def test_code_that_was_used_lets_nobody_in_again(codes):
    show(halfway(), code())
    response = show(halfway(), code())
    assert response.status_code == 200
    assert response.context["form"].errors == {
        "code": ["这个验证码已经用过。请等手机显示下一个（每 30 秒更换一次）再填。"]
    }


def test_recovery_code_lets_in_once_and_says_how_many_are_left(codes):
    client = halfway()
    assert "恢复代码" in client.get(reverse("login_code") + "?by=recovery").content.decode()
    response = client.post(reverse("login_code") + "?by=recovery", {"code": codes[0]}, follow=True)
    assert "还剩 9 个" in response.content.decode()
    again = show(halfway(), codes[0], "?by=recovery")
    assert again.context["form"].errors == {"code": ["恢复代码不正确，或已经用过。请核对，或换一个没用过的。"]}


def test_code_of_another_shape_is_no_try(codes):
    response = show(halfway(), "12345")
    assert response.context["form"].errors == {"code": ["动态验证码是 6 位数字，请照手机上显示的填写。"]}
    assert (failures(), AccessAttempt.objects.count()) == ([], 0)


def test_wrong_codes_and_wrong_passwords_lock_together(codes, clock):
    assert [wrong_password() for _number in range(3)] == [200] * 3
    client = halfway()
    assert [show(client, wrong()).status_code for _number in range(2)] == [200, 429]
    assert show(client, code()).status_code == 429
    assert wrong_password() == 429
    assert show(halfway(ip="10.0.0.2"), code(), ip="10.0.0.2").status_code == 302
    assert failures()[3] == ("", "street", worlds.STREET, "refused", "code")
    assert AuditEvent.objects.filter(act="locked").count() == 1
    clock.shift(timedelta(minutes=30, seconds=1))
    assert show(halfway(), code()).status_code == 302
    assert not AccessAttempt.objects.filter(ip_address="10.0.0.1").exists()


def test_right_password_alone_forgets_no_failures(codes):
    client = halfway()
    for _number in range(4):
        assert show(client, wrong()).status_code == 200
        client = halfway()
    assert show(client, wrong()).status_code == 429


def test_unlocking_counts_for_codes_too(world, codes):
    client = halfway()
    for _number in range(5):
        show(client, wrong())
    unlock(user=world.users.street, by=world.users.security_admin)
    assert SecondFactor.objects.get().failures == 0
    assert show(client, code()).status_code == 302


def test_address_that_failed_often_waits_with_codes_too(codes, settings):
    settings.LOGIN_FAILURES_PER_MINUTE = 2
    client = halfway()
    statuses = [show(client, wrong()).status_code for _number in range(2)]
    assert [*statuses, show(client, code()).status_code] == [200, 200, 429]


def test_what_was_typed_is_kept_nowhere(codes):
    show(halfway(), codes[0][:-1] + "0", "?by=recovery")
    kept = AccessAttempt.objects.get()
    assert "code=********************" in kept.post_data
    assert codes[0][:4] not in kept.post_data + str(list(AuditEvent.objects.values_list("detail", flat=True)))


def test_halfway_state_expires_after_five_minutes(codes, clock):
    client = halfway()
    clock.shift(timedelta(minutes=4, seconds=59))
    assert client.get(reverse("login_code")).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert client.get(reverse("login_code"))["Location"] == AGAIN
    assert show(client, code())["Location"] == AGAIN
    assert "请重新输入用户名和密码" in client.get(AGAIN).content.decode()
    Session.objects.all().delete()
    assert show(client, code(), "?next=/tokens/")["Location"] == AGAIN + "&next=%2Ftokens%2F"


@pytest.mark.parametrize(
    "change",
    [
        lambda user, by: deactivate_user(user=user, by=by),
        lambda user, by: reset_password(user=user, by=by),
        lambda user, by: end_sessions(user=user, by=by),
        lambda user, by: user.delete(),
    ],
)
def test_halfway_state_ends_with_account_password_and_sessions(world, codes, change):
    client = halfway()
    change(User.objects.get(username="street"), world.users.system_admin)
    assert show(client, code())["Location"] == AGAIN


def test_code_page_leads_on_who_is_logged_in(world, login):
    assert login(world.users.street).get(reverse("login_code"))["Location"] == reverse("today")


def addresses() -> dict[str, str]:
    """Every page of the portal with an address of its form; nothing has to be there, for nobody gets that far."""
    found = {}

    def walk(patterns, prefix=""):
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if not isinstance(pattern, URLPattern):
                walk(pattern.url_patterns, route)
            elif not route.startswith("api/") and pattern.name not in PUBLIC:
                found[pattern.name] = route

    walk(get_resolver().url_patterns)
    return {name: reverse(name, kwargs=_sample(name)) for name in found}


def _sample(name: str) -> dict:
    samples = {IntConverter: 1, UUIDConverter: "00000000-0000-4000-8000-000000000001"}
    ((_possible, _pattern, _defaults, converters),) = get_resolver().reverse_dict.getlist(name)[:1]
    return {key: samples.get(type(converter), "1") for key, converter in converters.items()}


def led_to(client: Client, names: dict[str, str]) -> dict[str, tuple]:
    return {
        name: (response.status_code, response.get("Location", "").split("?")[0])
        for name, response in ((name, client.get(address)) for name, address in names.items())
    }


def test_halfway_state_gives_no_rights_on_any_page(codes):
    names = addresses()
    del names["logout"]
    assert led_to(halfway(), names) == dict.fromkeys(names, (302, "/login/"))


def test_forced_set_up_leaves_only_itself_the_language_and_the_way_out(world, login, settings):
    settings.SECOND_FACTOR = "writers"
    client, names, page = login(world.users.street), addresses(), reverse("second_factor_set_up")
    expected = dict.fromkeys(names, (302, page)) | {"second_factor_set_up": (200, ""), "logout": (405, "")}
    assert led_to(client, names) == expected
    assert client.get(reverse("tokens"), headers={"HX-Request": "true"})["HX-Redirect"] == page
    content = client.get(page).content.decode()
    assert "您的账号须先设置两步验证" in content
    assert "sidenav" not in content
    assert client.post(reverse("set_language"), {"language": "en", "next": page})["Location"] == page
    assert client.post(reverse("logout")).status_code == 302


def test_initial_password_comes_before_the_second_factor(world, login, settings, clock):
    settings.SECOND_FACTOR = "everyone"
    reset_password(user=world.users.street, by=world.users.system_admin)
    clock.shift(1)
    client = login(User.objects.get(username="street"))
    assert client.get(reverse("tokens"))["Location"] == reverse("password_change")
    assert client.get(reverse("password_change")).status_code == 200
    User.objects.filter(username="street").update(must_change_password=False)
    assert client.get(reverse("password_change"))["Location"] == reverse("second_factor_set_up")


@pytest.mark.parametrize("header", ["Basic c3RyZWV0OnB3", f"Bearer {PASSWORD}", f"Bearer street:{PASSWORD}"])
def test_rest_takes_neither_password_nor_session(world, login, header):
    client = login(world.users.street)
    assert client.get("/api/v1/divisions/").status_code == 401
    assert client.get("/api/v1/divisions/", headers={"Authorization": header}).status_code == 401
