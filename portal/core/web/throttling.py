"""Limits per token, so that one eager client does not slow down the others (RateLimit header draft of the IETF).

A fixed window counted in Redis. Without Redis reads go on uncounted: a figure late is worse than a limit missed.
"""

import functools
import logging
import time

import redis
from django.conf import settings
from rest_framework.throttling import BaseThrottle

WINDOW = 60
_PAUSE = 5.0  # seconds without asking a Redis that did not answer

logger = logging.getLogger(__name__)


@functools.cache
def _client() -> redis.Redis | None:
    """None where the broker is a folder of files and there is nothing to count in."""
    # Celery and redis-py write the address of a socket differently.
    url = settings.REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    if url.startswith("filesystem://"):
        return None
    return redis.Redis.from_url(url, socket_timeout=0.2, socket_connect_timeout=0.2)


class TokenThrottle(BaseThrottle):
    """At most `REST_RATE_LIMIT` calls of one token in a minute; counts refused calls too."""

    silent_until = 0.0

    def allow_request(self, request, view) -> bool:
        if request.auth is None:
            return True
        now = time.time()
        self.reset = WINDOW - int(now % WINDOW)
        count = self._count(f"rest:{request.auth.pk}:{int(now // WINDOW)}")
        if count is None:
            return True
        limit = settings.REST_RATE_LIMIT
        view.headers["RateLimit-Policy"] = f'"token";q={limit};w={WINDOW}'
        view.headers["RateLimit"] = f'"token";r={max(0, limit - count)};t={self.reset}'
        return count <= limit

    def wait(self) -> float:
        return float(self.reset)

    @staticmethod
    def _count(key: str) -> int | None:
        client = _client()
        if client is None or time.monotonic() < TokenThrottle.silent_until:
            return None
        try:
            pipeline = client.pipeline(transaction=False)
            pipeline.incr(key)
            pipeline.expire(key, WINDOW * 2)
            return pipeline.execute()[0]
        except redis.RedisError:
            TokenThrottle.silent_until = time.monotonic() + _PAUSE
            logger.warning("Redis does not answer; REST calls are not counted for the next %s seconds.", _PAUSE)
            return None
