"""Limits per token, and what happens when Redis is away."""

import pytest
import redis

from portal.core.web import throttling
from tests.api.conftest import refused

URL = "/api/v1/"


@pytest.fixture
def small(settings, monkeypatch):
    """Three calls a minute, in a window that does not end during the test."""
    settings.REST_RATE_LIMIT = 3
    monkeypatch.setattr(throttling.time, "time", lambda: 1_700_000_005.0)
    throttling.TokenThrottle.silent_until = 0.0
    client = throttling._client()
    for key in client.scan_iter("rest:*"):
        client.delete(key)


@pytest.mark.redis
def test_token_that_asks_too_often_waits_while_others_go_on(world, api, small):
    eager, calm = api(world.users.city), api(world.users.city)
    answers = [eager.get(URL) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["RateLimit"] for answer in answers] == [f'"token";r={left};t=35' for left in (2, 1, 0, 0)]
    refused(answers[-1], 429, "too-many-requests")
    assert (answers[-1]["RateLimit-Policy"], answers[-1]["Retry-After"]) == ('"token";q=3;w=60', "35")
    assert calm.get(URL).status_code == 200


def test_without_redis_reads_go_on(world, api, monkeypatch, small):
    def away(*args, **kwargs):
        raise redis.ConnectionError

    monkeypatch.setattr(redis.client.Pipeline, "execute", away)
    client = api(world.users.city)
    answers = [client.get(URL) for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("RateLimit" in answer for answer in answers)
    throttling.TokenThrottle.silent_until = 0.0
