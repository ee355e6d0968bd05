"""What the processes of the portal tell each other through Redis: counters and short notes, useful but never needed.

Whoever asks has something better to do than to wait: short time-outs, no second try, and after a failure nobody of
this process asks again for some seconds.
"""

import functools
import logging
import time
from collections.abc import Callable
from typing import TypeVar

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE = 0.2
PAUSE = 5.0

T = TypeVar("T")
logger = logging.getLogger(__name__)


@functools.cache
def client() -> redis.Redis | None:
    """Connection pool; None where messages go through files and there is no Redis."""
    # Celery and redis-py write the address of a socket differently.
    url = settings.REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    if url.startswith("filesystem://"):
        return None
    return redis.Redis.from_url(
        url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
    )


class _Silence:
    until = 0.0


def ask(work: Callable[[redis.Redis], T]) -> T | None:
    """What `work` answers with the client; None without Redis, or where it does not answer in time."""
    connection = client()
    if connection is None or time.monotonic() < _Silence.until:
        return None
    try:
        return work(connection)
    except redis.RedisError:
        _Silence.until = time.monotonic() + PAUSE
        logger.warning("Redis does not answer; this process does without it for the next %s seconds.", PAUSE)
        return None


def ask_again() -> None:
    """Ends a pause; for tests."""
    _Silence.until = 0.0
