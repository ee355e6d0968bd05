"""Where figures are read: on the replica (REPLICA_URL) while that is safe, else on the primary.

Only figures go there: `read` and `fetch` are the one door, and everything else (log-ins, rights, writes, audit) stays on
the primary. The replica is asked inside a call that only reads (`offered`), for a user who has not just written, while
no transaction is open, and while it follows the primary by no more than REPLICA_MAX_LAG seconds. A replica that fails
on the way is left alone for a while and the same question goes to the primary: the reader notices nothing.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.core.lib import shared

PRIMARY, REPLICA = "default", "replica"
CHECK_SECONDS = 1.0
AWAY_SECONDS = 5.0
# The clocks of two servers differ, and a look is a second old.
MARGIN_SECONDS = 5

T = TypeVar("T")
logger = logging.getLogger(__name__)


@dataclass
class _Call:
    """One request that only reads. `user` gives the key of the reader; `safe` is worked out at the first figure."""

    user: Callable[[], int | None]
    safe: bool | None = None


_call: ContextVar[_Call | None] = ContextVar("replica_call", default=None)


class _Look:
    """What this process last saw of the replica."""

    good = False
    until = 0.0


def read(work: Callable[[BaseDatabaseWrapper], T]) -> T:
    """What `work` reads with the connection it is given: a cursor, or `.using(connection.alias)`.

    `work` may be called twice, so it must only read, and has to fetch what it wants before it returns.
    """
    if not _to_replica():
        return _on_primary(work)
    try:
        return work(connections[REPLICA])
    except (OperationalError, InterfaceError) as error:
        _leave_alone(error)
        return _on_primary(work)


def _on_primary(work: Callable[[BaseDatabaseWrapper], T]) -> T:
    """A request that has read from the primary stays there: nothing it reads next may be older than what it has read."""
    if call := _call.get():
        call.safe = False
    return work(connections[PRIMARY])


def fetch(statement: str, parameters: Mapping[str, Any] | list | None = None) -> tuple[list[str], list[tuple]]:
    """Names of the columns and all rows of a statement that reads figures."""

    def rows(connection: BaseDatabaseWrapper) -> tuple[list[str], list[tuple]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return [column.name for column in cursor.description], cursor.fetchall()

    return read(rows)


@contextmanager
def offered(user: Callable[[], int | None]) -> Iterator[None]:
    """Inside, figures may come from the replica: for a request that only reads. `user` is asked when one is read."""
    token = _call.set(_Call(user))
    try:
        yield
    finally:
        _call.reset(token)


def wrote(user: int | None) -> None:
    """Notes, once the transaction holds, that this user has written: what they did must be in what they read next."""
    if REPLICA not in connections or user is None:
        return
    seconds = settings.REPLICA_MAX_LAG + MARGIN_SECONDS
    transaction.on_commit(lambda: shared.ask(lambda redis: redis.set(_note_of(user), 1, ex=seconds)), robust=True)


class PrimaryOnly:
    """Router: no table is ever made or moved on the replica, which gets everything from the primary."""

    def allow_migrate(self, db: str, app_label: str, **hints) -> bool | None:
        return False if db == REPLICA else None


def _to_replica() -> bool:
    call = _call.get()
    if call is None or REPLICA not in connections or connections[PRIMARY].in_atomic_block:
        return False
    if call.safe is None:
        call.safe = _has_not_written(call.user())
    return call.safe and _follows()


def _has_not_written(user: int | None) -> bool:
    """Without Redis nobody can tell, so the primary it is."""
    return user is not None and shared.ask(lambda redis: redis.exists(_note_of(user))) == 0


def _note_of(user: int) -> str:
    return f"portal:wrote:{user}"


def _follows() -> bool:
    """Whether the replica is there and close behind; looked at once a second in every process."""
    now = time.monotonic()
    if now >= _Look.until:
        _Look.until = now + CHECK_SECONDS
        try:
            _Look.good = _is_close()
        except Error as error:
            _leave_alone(error)
    return _Look.good


def _is_close() -> bool:
    """A server in recovery that has replayed all the primary has written, or whose last commit is young enough.

    The age of the last commit alone would send everybody to the primary in every quiet hour.
    """
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()::text")
        (written,) = cursor.fetchone()
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(
            """SELECT pg_is_in_recovery() AND (
                pg_last_wal_replay_lsn() >= %s::pg_lsn
                OR clock_timestamp() - pg_last_xact_replay_timestamp() <= make_interval(secs => %s))""",
            [written, settings.REPLICA_MAX_LAG],
        )
        return cursor.fetchone()[0] is True


def _leave_alone(error: Exception) -> None:
    _Look.good, _Look.until = False, time.monotonic() + AWAY_SECONDS
    connections[REPLICA].close()
    logger.warning("The replica failed (%s); figures come from the primary for %s seconds.", error, AWAY_SECONDS)
