"""Redis as the portal itself sees it: is it there, and when did the timetable last tick."""

import functools
import sys
import time

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded.redis import FILESYSTEM

BEAT_KEY = "portal:beat"
# The heartbeat is sent every 60 seconds; three in a row may be missed before somebody is told.
BEAT_MAX_AGE = 180


@functools.cache
def client() -> redis.Redis | None:
    """Connection pool to the broker; None where messages go through files."""
    url = settings.REDIS_URL
    if url.startswith(FILESYSTEM):
        return None
    # Celery and redis-py write the address of a socket differently.
    url = url.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
    # Whoever asks has something better to do than to wait for a broker that is down.
    return redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5, retry=Retry(NoBackoff(), 0))


def record_beat() -> None:
    """Note that the timetable runs."""
    if connection := client():
        connection.set(BEAT_KEY, time.time())


def beat_age() -> float | None:
    """Seconds since the timetable last ticked; None when it never did or when there is no Redis to ask."""
    connection = client()
    stored = connection.get(BEAT_KEY) if connection else None
    return time.time() - float(stored) if stored else None


def main() -> int:
    """Health check of the beat container: 0 while the heartbeat is fresh, else 1 with a sentence."""
    age = beat_age()
    if age is not None and age <= BEAT_MAX_AGE:
        return 0
    sys.stderr.write(
        "No heartbeat was ever recorded.\n" if age is None else f"The last heartbeat is {age:.0f} s old.\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
