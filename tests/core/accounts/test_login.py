from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.accounts.actions import deactivate_user, reset_password, unlock
from portal.core.accounts.models import User
from portal.core.audit.models import AuditEvent
from tests import world as worlds
from tests.factories import PASSWORD

WRONG = "用户名或密码不正确。请检查大小写后再试。"


def attempt(username: str, password: str, client: Client | None = None, ip: str = "10.0.0.1", **fields):
    return (client or Client()).post(
        reverse("login"), {"username": username, "password": password, **fields}, REMOTE_ADDR=ip
    )


def events() -> list[tuple]:
    return list(AuditEvent.objects.order_by("id").values_list("act", "actor", "subject", "division", "outcome", "ip"))


def test_login_opens_a_session_with_a_new_id_and_is_recorded(world):
    client = Client()
    client.session.save()
    client.cookies["session"] = before = "a" * 32
    response = attempt("street", PASSWORD, client)
    assert (response.status_code, response["Location"]) == (302, reverse("today"))
    assert client.session.session_key not in {None, before}
    assert events() == [("login", "street", "", worlds.STREET, "done", "10.0.0.1")]


def test_unknown_name_wrong_password_and_inactive_account_get_the_same_answer(world):
    deactivate_user(user=world.users.city, by=None)
    answers = [attempt("nobody-there", PASSWORD), attempt("street", "wrong"), attempt("city", PASSWORD)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert [answer.context["form"].non_field_errors() for answer in answers] == [[WRONG]] * 3
    lengths = {len(answer.content) - len(answer.context["form"]["username"].value()) for answer in answers}
    assert len(lengths) == 1


def test_failures_are_recorded_under_the_accounts_division_and_unknown_names_are_cut(world):
    attempt("street", "wrong")
    attempt("my-secret-password", "x")
    assert events() == [
        ("login_failed", "", "street", worlds.STREET, "refused", "10.0.0.1"),
        ("login_failed", "", "my…", "", "refused", "10.0.0.1"),
    ]


def test_fifth_failure_locks_for_30_minutes_for_this_name_and_address_only(world):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        answers = [attempt("street", "wrong") for _number in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
        assert answers[4]["Retry-After"] == "1800"
        assert "30 分钟" in answers[4].content.decode()
        assert attempt("street", PASSWORD).status_code == 429
        assert attempt("street", PASSWORD, ip="10.0.0.2").status_code == 302
        assert attempt("city", PASSWORD).status_code == 302
        clock.shift(timedelta(minutes=29, seconds=59))
        assert attempt("street", PASSWORD).status_code == 429
        clock.shift(timedelta(seconds=2))
        assert attempt("street", PASSWORD).status_code == 302
    acts = [event[0] for event in events()]
    assert acts.count("locked") == 1
    assert acts.count("login_failed") == 7


def test_unknown_name_is_locked_in_the_same_way(world):
    assert [attempt("ghost", "x").status_code for _number in range(6)] == [200, 200, 200, 200, 429, 429]


def test_locked_name_costs_no_hash(world, monkeypatch):
    for _number in range(5):
        attempt("street", "wrong")
    monkeypatch.setattr(User, "check_password", None)
    assert attempt("street", PASSWORD).status_code == 429


def test_unlocking_lets_in_at_once(world):
    for _number in range(5):
        attempt("street", "wrong")
    unlock(user=world.users.street, by=world.users.security_admin)
    assert attempt("street", PASSWORD).status_code == 302


def test_success_forgets_earlier_failures(world):
    for _number in range(4):
        attempt("street", "wrong")
    assert attempt("street", PASSWORD).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_address_that_fails_at_many_names_waits_a_minute(world, settings):
    settings.LOGIN_FAILURES_PER_MINUTE = 3
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(3):
            attempt(f"guess-{number}", "x")
        refused = attempt("street", PASSWORD)
        assert (refused.status_code, refused["Retry-After"]) == (429, "60")
        assert attempt("street", PASSWORD, ip="10.0.0.9").status_code == 302
        clock.shift(timedelta(seconds=61))
        assert attempt("street", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/accounts/", "/accounts/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/login/", "/"),
    ],
)
def test_next_leads_only_into_the_portal(world, asked, led_to):
    assert attempt("street", PASSWORD, next=asked)["Location"] == led_to


def test_login_page_of_a_logged_in_user_leads_on_and_never_round(world, login):
    client = login(world.users.street)
    assert client.get(reverse("login"), {"next": reverse("login")})["Location"] == reverse("today")


def test_anonymous_pages_leave_no_session_row(world):
    client = Client()
    for address in (reverse("login"), reverse("login") + "?next=/x/", "/accounts/", "/nowhere/"):
        client.get(address)
    assert Session.objects.count() == 0


def test_bad_input_is_refused_in_words(world):
    for username in ("x" * 61, "a\x00b", "", "𠮷" * 60):
        assert attempt(username, "x").status_code == 200
    assert AccessAttempt.objects.count() == 1


def test_expired_initial_password_is_named_after_the_password_was_right(world):
    password = reset_password(user=world.users.street, by=world.users.system_admin)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert "初始密码已过期" in attempt("street", password).content.decode()
        assert attempt("street", "wrong").context["form"].non_field_errors() == [WRONG]


def test_logout_ends_the_session_and_tells_the_browser(world, login):
    client = login(world.users.street)
    response = client.post(reverse("logout"))
    assert response["Location"] == reverse("login") + "?ended=logout"
    assert response["Clear-Site-Data"] == '"cache"'
    assert Session.objects.count() == 0
    assert "您已退出登录。" in client.get(response["Location"]).content.decode()
    assert events()[-1][:2] == ("logout", "street")


def test_logout_by_link_is_refused(world, login):
    assert login(world.users.street).get(reverse("logout")).status_code == 405


def test_own_password_is_changed_and_other_sessions_end(world, login):
    client, other = login(world.users.street), login(world.users.street)
    new = "Zq7!vBn2Zk-pass"
    change = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post(reverse("password_change"), change)["Location"] == reverse("password_change_done")
    assert client.get(reverse("tokens")).status_code == 200
    assert other.get(reverse("tokens")).status_code == 302
    assert User.objects.get(username="street").check_password(new)


def test_new_password_must_differ_and_the_old_one_must_be_right(world, login):
    client = login(world.users.street)
    same = {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post(reverse("password_change"), same).context["form"].errors == {
        "new_password1": ["新密码不能与原密码相同。"]
    }
    client.post(reverse("password_change"), same | {"old_password": "wrong"})
    assert events()[-1][:1] + events()[-1][4:5] == ("change_password", "refused")


def test_initial_password_uses_the_configured_hasher(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert make_password("x").startswith("argon2")
