"""Limits per token, per user and per address, what a refusal costs, and what happens when Redis is away."""

import threading
import time
import urllib.error
import urllib.request

import pytest
import redis
from django.test import Client

from portal.core.accounts.models import ApiToken
from portal.core.lib import shared
from portal.core.web import throttling
from portal.rest.root import RootViewSet
from tests import world as w
from tests.api.conftest import new_token, refused

URL = "/api/v1/"
BUSY = 0.3  # seconds that a made-up slow call takes


def forget() -> None:
    throttling.process.over.clear()
    throttling.process.owners.clear()
    shared.ask_again()
    for key in shared.client().scan_iter("rest:*"):
        shared.client().delete(key)


@pytest.fixture
def small(settings, monkeypatch):
    """Three calls a minute for a token, five for its owner, in a window that does not end during the test."""
    settings.REST_RATE_LIMIT, settings.REST_RATE_LIMIT_USER, settings.REST_RATE_LIMIT_ADDRESS = 3, 5, 4
    monkeypatch.setattr(throttling.time, "time", lambda: 1_700_000_005.0)
    forget()
    yield
    forget()


@pytest.mark.redis
def test_token_that_asks_too_often_waits_while_others_go_on(world, api, small):
    eager, calm = api(world.users.city), api(world.users.street)
    answers = [eager.get(URL) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer["RateLimit"] for answer in answers] == [
        '"token";r=2;t=35, "user";r=4;t=35',
        '"token";r=1;t=35, "user";r=3;t=35',
        '"token";r=0;t=35, "user";r=2;t=35',
        '"token";r=0;t=35, "user";r=1;t=35',
        '"token";r=0;t=35',
    ]
    policy = '"token";q=3;w=60, "user";q=5;w=60, "concurrent";q=2;qu="concurrent-requests"'
    for answer in answers[3:]:
        refused(answer, 429, "too-many-requests")
        assert answer["Retry-After"] == "35"
    assert [answer["RateLimit-Policy"] for answer in answers[:4]] == [policy] * 4
    assert calm.get(URL).status_code == 200


@pytest.mark.redis
def test_more_tokens_give_their_owner_no_more(world, api, small):
    tokens = [api(world.users.city) for _ in range(20)]
    assert [client.get(URL).status_code for client in tokens] == [200] * 5 + [429] * 15
    assert api(world.users.street).get(URL).status_code == 200


@pytest.mark.redis
def test_refusal_of_who_is_known_to_be_over_asks_nobody(world, api, small, monkeypatch, django_assert_num_queries):
    client = api(world.users.city)
    for _ in range(4):
        client.get(URL)
    monkeypatch.setattr(shared, "ask", None)
    with django_assert_num_queries(0):
        refused(client.get(URL), 429, "too-many-requests")


@pytest.mark.redis
def test_limit_ends_with_the_minute(world, api, small, monkeypatch):
    client = api(world.users.city)
    assert [client.get(URL).status_code for _ in range(4)][-1] == 429
    monkeypatch.setattr(throttling.time, "time", lambda: 1_700_000_040.0)
    assert client.get(URL).status_code == 200


@pytest.mark.redis
def test_calls_without_a_valid_token_are_counted_by_address(world, api, small, django_assert_num_queries):
    stranger = Client(headers={"authorization": "Bearer cwp_guess"})
    answers = [stranger.get(URL), Client().get(URL), Client().get("/api/v1/schema/"), Client().get("/api/none/")]
    assert [answer.status_code for answer in answers] == [401, 401, 200, 404]
    assert [answer["RateLimit"] for answer in answers] == [f'"address";r={left};t=35' for left in (3, 2, 1, 0)]
    refused(Client().get(URL), 429, "too-many-requests")
    with django_assert_num_queries(0):
        refused(stranger.get(URL), 429, "too-many-requests")
    assert Client(REMOTE_ADDR="192.0.2.7").get(URL).status_code == 401


@pytest.mark.redis
def test_known_token_passes_though_its_address_is_over(world, api, small):
    client = api(world.users.city)
    assert client.get(URL).status_code == 200
    for _ in range(5):
        Client().get(URL)
    assert client.get(URL).status_code == 200


@pytest.mark.redis
def test_limits_are_told_on_every_answer(world, api, small, settings):
    settings.REST_RATE_LIMIT = settings.REST_RATE_LIMIT_USER = 100
    client = api(world.users.street, "stats:read")
    for answer, status in (
        (client.get("/api/v1/staffing/"), 200),
        (client.get("/api/v1/staffing/", headers={"accept": "text/csv"}), 200),
        (client.get("/api/v1/staffing/", headers={"accept": "image/png"}), 406),
        (client.get("/api/v1/staffing/", {"x": "1"}), 400),
        (client.get("/api/v1/workers/"), 403),
        (client.get("/api/v1/divisions/11/"), 404),
        (client.delete("/api/v1/staffing/"), 405),
    ):
        assert answer.status_code == status
        assert answer["RateLimit"].startswith('"token";r=')
        assert answer["RateLimit-Policy"].startswith('"token";q=100;w=60')
    known = client.get("/api/v1/staffing/")["ETag"]
    same = client.get("/api/v1/staffing/", headers={"if-none-match": known})
    assert (same.status_code, same["RateLimit"][:10]) == (304, '"token";r=')


def test_pages_for_people_have_no_such_limits(world, login, small):
    client = login(world.users.city)
    assert "RateLimit" not in client.get("/")


def test_without_redis_reads_go_on(world, api, monkeypatch, small):
    def away(*args, **kwargs):
        raise redis.ConnectionError

    monkeypatch.setattr(redis.client.Pipeline, "execute", away)
    client = api(world.users.city)
    answers = [client.get(URL) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("RateLimit" in answer for answer in answers)
    assert answers[0]["RateLimit-Policy"].startswith('"token";q=3;w=60')


def test_process_does_not_remember_without_end(monkeypatch):
    monkeypatch.setattr(throttling, "KNOWN", 3)
    known = {}
    for number in range(10):
        throttling.process.remember(known, str(number), number)
    assert len(known) <= 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.redis
def test_twenty_tokens_of_one_user_leave_room_for_the_others(live_server, settings, monkeypatch):
    """Real threads and a real server: the flood is held to its share at every moment, the calm one is always served."""
    settings.REST_CONCURRENT = 2
    forget()
    world = w.build()
    floods = [new_token(world.users.city) for _ in range(20)]
    calm = new_token(world.users.street)
    owners = {ApiToken.digest_of(secret): "flood" for secret in floods}
    inside, most, index = {"flood": 0, "calm": 0}, {"flood": 0, "calm": 0}, RootViewSet.index
    lock, done = threading.Lock(), threading.Event()

    def slow(view, request):
        owner = owners.get(request.auth.digest, "calm")
        with lock:
            inside[owner] += 1
            most[owner] = max(most[owner], inside[owner])
        time.sleep(BUSY if owner == "flood" else 0)
        with lock:
            inside[owner] -= 1
        return index(view, request)

    def call(secret: str) -> tuple[int, str]:
        request = urllib.request.Request(live_server.url + URL, headers={"Authorization": f"Bearer {secret}"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.headers.get("Retry-After", "")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers.get("Retry-After", "")

    def flood(secret: str) -> None:
        while not done.is_set():
            found.append(call(secret))
            time.sleep(0.02)

    monkeypatch.setattr(RootViewSet, "index", slow)
    found: list[tuple[int, str]] = []
    threads = [threading.Thread(target=flood, args=[secret]) for secret in floods]
    for thread in threads:
        thread.start()
    try:
        answers = [call(calm) for _ in range(60)]
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert answers == [(200, "")] * 60
    assert most == {"flood": 2, "calm": 1}
    assert {status for status, _wait in found} == {200, 429}
    assert {wait for status, wait in found if status == 429} == {"1"}
    refusals = sum(status == 429 for status, _wait in found)
    assert refusals > len(found) - refusals
    forget()
