"""The pages of one's own second factor, and what administrators see and do of it."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.accounts import totp
from portal.core.accounts.models import SecondFactor, User
from portal.core.audit.models import AuditEvent
from tests.core.accounts.factors import code, equip, halfway, show, wrong
from tests.factories import PASSWORD


@pytest.fixture(autouse=True)
def clock():
    now = timezone.now().timestamp()
    with time_machine.travel(now - now % 30 + 15, tick=False) as moved:
        yield moved


@pytest.fixture
def client_in(world) -> Client:
    """A client that logged in with password and code."""
    equip(world.users.street)
    client = halfway()
    show(client, code())
    return client


def codes_on(response) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9-]{14})</code></li>", response.content.decode())


def proof(typed: str, password: str = PASSWORD) -> dict:
    return {"password": password, "code": typed}


def set_up(client: Client, password: str = PASSWORD, typed: str = ""):
    secret = client.get(reverse("second_factor_set_up")).context["secret"].replace(" ", "")
    shown = totp.code_at(secret, timezone.now().timestamp())
    return client.post(reverse("second_factor_set_up"), proof(typed or shown, password))


def test_set_up_shows_the_same_code_and_secret_until_it_is_confirmed(world, login):
    client = login(world.users.street)
    assert "还没有设置" in client.get(reverse("second_factor")).content.decode()
    pages = [client.get(reverse("second_factor_set_up")) for _time in range(2)]
    assert pages[0].context["secret"] == pages[1].context["secret"]
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", pages[0].context["secret"])
    content = pages[0].content.decode()
    assert 'src="data:image/svg+xml' in content
    assert "no-store" in pages[0]["Cache-Control"]
    assert f'class="spelt">{pages[0].context["secret"]}</code>' in content
    assert pages[0].context["secret"].replace(" ", "") not in str(client.session.items())


def test_set_up_gives_recovery_codes_once_and_ends_other_sessions(world, login):
    client, other = login(world.users.street), login(world.users.street)
    assert other.get(reverse("tokens")).status_code == 200
    before = client.session.session_key
    response = set_up(client)
    assert len(codes_on(response)) == 10
    assert "no-store" in response["Cache-Control"]
    assert client.session.session_key != before
    assert "还剩 10 个" in client.get(reverse("second_factor")).content.decode()
    assert other.get(reverse("tokens"))["Location"] == "/login/?next=%2Ftokens%2F&ended=ended"
    assert client.get(reverse("second_factor_set_up"))["Location"] == reverse("second_factor")


def test_set_up_needs_password_and_code(world, login):
    client = login(world.users.street)
    refused = [set_up(client, password="wrong"), set_up(client, typed="000000")]
    assert [response.status_code for response in refused] == [422, 422]
    assert [list(response.context["form"].errors) for response in refused] == [["password"], ["code"]]
    assert not SecondFactor.objects.exists()
    event = AuditEvent.objects.get(act="login_failed")
    assert (event.actor, event.subject, event.detail["factor"]) == ("street", "street", "confirming")


def test_forced_set_up_lets_go_on_afterwards(world, login, settings):
    settings.SECOND_FACTOR = "writers"
    client = login(world.users.street)
    response = set_up(client)
    assert codes_on(response)
    assert f'href="{reverse("today")}">我已保存，继续' in response.content.decode()
    assert client.get(reverse("tokens")).status_code == 200


def test_new_recovery_codes_need_password_and_code(client_in, clock):
    clock.shift(30)
    page = reverse("second_factor_codes")
    assert list(client_in.post(page, proof(code(), "wrong")).context["form"].errors) == ["password"]
    assert client_in.post(page, proof(wrong())).status_code == 422
    new = codes_on(client_in.post(page, proof(code())))
    assert len(new) == 10
    assert show(halfway(), new[0], "?by=recovery").status_code == 302


def test_switching_off_needs_password_and_code_and_keeps_this_session(client_in, clock):
    other = halfway()
    clock.shift(30)
    show(other, code())
    clock.shift(30)
    page = reverse("second_factor_off")
    assert client_in.post(page, {"password": PASSWORD}).status_code == 422
    assert SecondFactor.objects.exists()
    response = client_in.post(page, proof(code()))
    assert response["Location"] == reverse("second_factor")
    assert "两步验证已停用" in client_in.get(reverse("second_factor")).content.decode()
    assert other.get(reverse("tokens")).status_code == 302
    assert client_in.get(page)["Location"] == reverse("second_factor")
    assert AuditEvent.objects.filter(act="second_factor_off", actor="street").count() == 1


def test_who_must_have_one_sets_up_anew_after_switching_off(client_in, settings, clock):
    settings.SECOND_FACTOR = "writers"
    clock.shift(30)
    assert "必须使用两步验证" in client_in.get(reverse("second_factor_off")).content.decode()
    client_in.post(reverse("second_factor_off"), proof(code()))
    assert client_in.get(reverse("second_factor"))["Location"] == reverse("second_factor_set_up")


def test_wrong_codes_inside_count_for_the_same_lock(client_in):
    answers = [client_in.post(reverse("second_factor_off"), proof(wrong())).status_code for _number in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    assert Client().post(reverse("login"), {"username": "street", "password": PASSWORD}).status_code == 429
    assert client_in.post(reverse("second_factor_off"), proof(code(1))).status_code == 429


@pytest.mark.parametrize("name", ["second_factor_codes", "second_factor_off"])
def test_without_one_there_is_nothing_to_prove(world, login, name):
    assert login(world.users.street).get(reverse(name))["Location"] == reverse("second_factor")


@pytest.mark.parametrize(("setting", "status"), [("optional", 200), ("writers", 302), ("everyone", 302)])
def test_token_needs_a_session_with_a_second_factor_where_any_is_demanded(world, login, settings, setting, status):
    """The auditor writes nothing and need not have one, but makes no token by the password alone."""
    settings.SECOND_FACTOR = setting
    client = login(world.users.auditor)
    assert client.get(reverse("token_new")).status_code == status
    if setting == "writers":
        refused = client.post(reverse("token_new"), {"name": "x", "scopes": ["stats:read"], "days": 1}, follow=True)
        assert "请先设置两步验证" in refused.content.decode()
        assert not world.users.auditor.tokens.exists()
        set_up(client)
        assert client.get(reverse("token_new")).status_code == 200


def test_lists_show_who_has_one_and_find_who_has_not(world, login):
    equip(world.users.street)
    client = login(world.users.security_admin)
    found = {
        asked: {user.username for user in client.get(reverse("accounts"), {"factor": asked}).context["page"]}
        for asked in ("yes", "no", "")
    }
    assert found["yes"] == {"street"}
    assert found["no"] == found[""] - {"street"}
    row = client.get(reverse("accounts"), {"factor": "yes"}).content.decode()
    assert 'data-label="两步验证">已设置' in row
    assert "<dd>已设置</dd>" in client.get(reverse("account", args=[world.users.street.pk])).content.decode()


def test_lock_by_wrong_codes_is_seen_and_taken_back(world, login):
    equip(world.users.street)
    SecondFactor.objects.update(failures=20)
    client, pk = login(world.users.security_admin), world.users.street.pk
    assert "已锁定" in client.get(reverse("account", args=[pk])).content.decode()
    assert "两步验证已锁定" in show(halfway(), code()).content.decode()
    client.post(reverse("account_unlock", args=[pk]))
    assert show(halfway(), code()).status_code == 302


def test_administrator_resets_with_a_reason_and_sessions_end(world, login, client_in, clock):
    client, pk = login(world.users.security_admin), world.users.street.pk
    clock.shift(1)
    assert reverse("account_reset_factor", args=[pk]) in client.get(reverse("account", args=[pk])).content.decode()
    assert "请先当面或打电话核实" in client.get(reverse("account_reset_factor", args=[pk])).content.decode()
    client.post(reverse("account_reset_factor", args=[pk]), {"reason": "手机遗失，已当面核实"})
    assert client_in.get(reverse("tokens"))["Location"] == "/login/?next=%2Ftokens%2F&ended=ended"
    event = AuditEvent.objects.get(act="second_factor_reset")
    assert (event.actor, event.subject, event.reason) == ("security_admin", "street", "手机遗失，已当面核实")
    content = client.get(reverse("account", args=[pk])).content.decode()
    assert reverse("account_reset_factor", args=[pk]) not in content
    again = client.post(reverse("account_reset_factor", args=[pk]), {"reason": ""}, follow=True)
    assert "没有设置两步验证" in again.content.decode()
    assert User.objects.get(pk=pk).check_password(PASSWORD)
