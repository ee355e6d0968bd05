from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.core.accounts.actions import deactivate_user, end_sessions, reset_password
from portal.core.accounts.models import User
from portal.core.audit.models import AuditEvent

PAGE = "/tokens/"


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as moved:
        yield moved


def led_to(response) -> str:
    return response["Location"] if response.status_code == 302 else str(response.status_code)


def test_idle_session_ends_after_30_minutes(world, login, clock):
    client = login(world.users.street)
    assert client.get(PAGE).status_code == 200
    clock.shift(timedelta(minutes=29))
    assert client.get(PAGE).status_code == 200
    clock.shift(timedelta(minutes=30))
    response = client.get(PAGE + "?q=1")
    assert led_to(response) == "/login/?next=%2Ftokens%2F%3Fq%3D1&ended=idle"
    assert "较长时间没有操作" in client.get(led_to(response)).content.decode()
    assert Session.objects.count() == 0
    assert AuditEvent.objects.filter(act="session_ended", actor="street").count() == 1


def test_busy_session_ends_after_12_hours(world, login, clock):
    client = login(world.users.street)
    client.get(PAGE)
    for _quarter in range(12 * 4 - 1):
        clock.shift(timedelta(minutes=15))
        assert client.get(PAGE).status_code == 200
    clock.shift(timedelta(minutes=15))
    assert led_to(client.get(PAGE)) == "/login/?next=%2Ftokens%2F&ended=absolute"


def test_session_is_written_at_most_once_a_minute(world, login, clock):
    client = login(world.users.street)
    client.get(PAGE)

    def writes() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return sum("UPDATE" in query["sql"] and "django_session" in query["sql"] for query in queries)

    assert writes() == 0
    clock.shift(timedelta(seconds=59))
    assert writes() == 0
    clock.shift(timedelta(seconds=1))
    assert writes() == 1
    assert writes() == 0


def test_ended_sessions_are_over_with_the_next_request_and_a_new_one_works(world, login):
    client = login(world.users.street)
    client.get(PAGE)
    end_sessions(user=world.users.street, by=world.users.security_admin)
    assert led_to(client.get(PAGE)) == "/login/?next=%2Ftokens%2F&ended=ended"
    assert login(User.objects.get(username="street")).get(PAGE).status_code == 200


def test_switched_off_user_is_out_with_the_next_request(world, login):
    client = login(world.users.street)
    client.get(PAGE)
    deactivate_user(user=world.users.street, by=None)
    assert led_to(client.get(PAGE)) == "/login/?next=%2Ftokens%2F"
    assert Session.objects.count() == 0


def test_reset_password_ends_the_session(world, login):
    client = login(world.users.street)
    client.get(PAGE)
    reset_password(user=world.users.street, by=world.users.system_admin)
    assert led_to(client.get(PAGE)) == "/login/?next=%2Ftokens%2F"


def test_htmx_gets_401_and_moves_the_whole_page(world, login, clock):
    client = login(world.users.street)
    client.get(PAGE)
    clock.shift(timedelta(hours=1))
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/accounts/?q=a"}
    response = client.get("/accounts/?q=ab", headers=headers)
    assert (response.status_code, response.content) == (401, b"")
    assert response["HX-Redirect"] == "/login/?next=%2Faccounts%2F%3Fq%3Da&ended=idle"
    assert client.get("/accounts/", headers=headers)["HX-Redirect"] == "/login/?next=%2Faccounts%2F%3Fq%3Da"


def test_htmx_cannot_be_sent_elsewhere(client, db):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/x"}
    assert client.get(PAGE, headers=headers)["HX-Redirect"] == "/login/"


def test_post_after_the_end_leads_back_to_the_form_and_not_to_the_post(client, db):
    response = client.post("/accounts/1/grants/", headers={"Referer": "http://testserver/accounts/1/"})
    assert led_to(response) == "/login/?next=%2Faccounts%2F1%2F"
    assert led_to(client.post("/accounts/1/grants/", headers={"Referer": "https://evil.example/"})) == "/login/"


def test_initial_password_must_be_changed_before_anything_else(world, login):
    reset_password(user=world.users.street, by=world.users.system_admin)
    client = login(User.objects.get(username="street"))
    assert led_to(client.get(PAGE)) == reverse("password_change")
    assert client.get(PAGE, headers={"HX-Request": "true"})["HX-Redirect"] == reverse("password_change")
    assert "请先换成自己的密码" in client.get(reverse("password_change")).content.decode()
    assert led_to(client.post(reverse("logout"))).startswith("/login/")


@pytest.mark.parametrize(("days", "limit", "due"), [(89, 90, False), (90, 90, True), (400, None, False)])
def test_old_password_is_due_by_the_profile(world, login, settings, days, limit, due):
    settings.PASSWORD_MAX_AGE_DAYS = limit
    User.objects.filter(username="street").update(password_changed_at=timezone.now() - timedelta(days=days))
    response = login(User.objects.get(username="street")).get(PAGE)
    assert led_to(response) == (reverse("password_change") if due else "200")
