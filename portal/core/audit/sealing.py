"""Sealing of the audit trail: keyed digests, kept in runs and chained, that tell any row altered, lost or slipped in.

The key is derived from FIELD_KEYS and never enters the database, so whoever can write every table still cannot make a
seal. One thing a chain cannot show by itself is that its newest links were cut off together with their rows: for that,
keep the `head` of a run elsewhere and ask a later run whether it is still part of the chain.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass

import pghistory
from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg2.errors import LockNotAvailable

from portal.core.audit.models import AuditEvent, AuditSeal
from portal.core.lib.keyring import AUDIT_SEAL

RUN_ROWS = 1000
RUNS_PER_TRANSACTION = 100
LOCK_TIMEOUT = "2s"
_DIGEST_BYTES = 8
# What a value looks like as text must not depend on who asks; and a freshly filled table, of which the planner knows
# nothing yet, is to be walked by its key all the same: a million rows take less than half the time.
_STEADY = """
SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1;
SET LOCAL enable_bitmapscan = off; SET LOCAL enable_seqscan = off"""
_ONE_SEALER = "SELECT pg_advisory_xact_lock(hashtext('core.audit.sealing'))"


@dataclass(frozen=True)
class Problem:
    """Something the seals contradict. `what` is altered, deleted, inserted, columns, key, chain or head."""

    table: str
    row: int | None
    what: str


@dataclass(frozen=True)
class Verified:
    """Outcome of `verify`: rows compared, rows not yet sealed, the newest link of the chain, and the problems."""

    rows: int
    unsealed: int
    head: str
    problems: list[Problem]


@dataclass(frozen=True)
class _Table:
    name: str
    key: str
    columns: list[str]

    def rows(self, cursor, columns: list[str], after: int, until: int, limit: int | None) -> list[tuple[int, str]]:
        """Ids in (after, until] with the row's columns as canonical JSON text, in id order."""
        listed = ", ".join(map(connection.ops.quote_name, columns))
        cursor.execute(
            f"SELECT {self.key}, jsonb_build_array({listed})::text FROM {self.name} "
            f"WHERE {self.key} > %s AND {self.key} <= %s ORDER BY {self.key} LIMIT %s",
            [after, until, limit],
        )
        return cursor.fetchall()


def sealed_tables() -> list[_Table]:
    """AuditEvent and every row-history table there is, by the models."""
    models = [AuditEvent, *sorted(pghistory.core.event_models(), key=lambda model: model._meta.db_table)]
    return [
        _Table(m._meta.db_table, m._meta.pk.column, [field.column for field in m._meta.concrete_fields]) for m in models
    ]


def _digest(key: bytes, table: str, text: str) -> bytes:
    return hmac.digest(key, f"{table}\0{text}".encode(), hashlib.sha256)[:_DIGEST_BYTES]


def _chain(key: bytes, seal: AuditSeal, previous: bytes) -> bytes:
    named = json.dumps([seal.table, seal.columns, seal.row_ids, seal.key_id]).encode()
    return hmac.digest(key, b"\0".join((previous, named, bytes(seal.digests))), hashlib.sha256)


def _last_sealed(table: str) -> int:
    newest = AuditSeal.objects.filter(table=table).order_by("-id").values_list("row_ids", flat=True).first()
    return newest[-1] if newest else 0


def _settled_id(table: _Table, last: int) -> int | None:
    """Highest id below which no row can appear any more, or None while a long transaction writes to the table.

    Ids are drawn before their rows are visible. The lock waits for every writer; once it is held all ids drawn so far
    are committed or gone, so it can be let go at once.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table.name} WHERE {table.key} > %s)", [last])
        if not cursor.fetchone()[0]:
            return last
    try:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            cursor.execute(f"LOCK TABLE {table.name} IN SHARE MODE")
            cursor.execute(f"SELECT max({table.key}) FROM {table.name}")
            return cursor.fetchone()[0]
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return None
        raise


def _seal_some(table: _Table, until: int) -> int:
    """Seals up to RUNS_PER_TRANSACTION runs of a table in one transaction; returns the rows sealed."""
    keyring, sealed = settings.FIELD_KEYS, 0
    key = keyring.derive(AUDIT_SEAL)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_ONE_SEALER)
        cursor.execute(_STEADY)
        after = _last_sealed(table.name)
        previous = bytes(AuditSeal.objects.order_by("-id").values_list("chain", flat=True).first() or b"")
        for _run in range(RUNS_PER_TRANSACTION):
            rows = table.rows(cursor, table.columns, after, until, RUN_ROWS)
            if not rows:
                break
            seal = AuditSeal(table=table.name, columns=table.columns, row_ids=[row[0] for row in rows])
            seal.digests = b"".join(_digest(key, table.name, text) for _row_id, text in rows)
            seal.key_id = keyring.current
            seal.chain = previous = _chain(key, seal, previous)
            seal.save()
            after, sealed = rows[-1][0], sealed + len(rows)
    return sealed


def seal_pending() -> dict[str, int | None]:
    """Seals every row not yet sealed; returns the number per table, None for a table too busy to be sealed now."""
    counts: dict[str, int | None] = {}
    for table in sealed_tables():
        until = _settled_id(table, _last_sealed(table.name))
        if until is None:
            counts[table.name] = None
            continue
        counts[table.name] = 0
        while sealed := _seal_some(table, until):
            counts[table.name] += sealed
    return counts


def _compare(cursor, table: _Table, seal: AuditSeal, key: bytes, after: int) -> list[Problem]:
    """Problems of the rows under one seal, and of rows that slipped in between it and the seal before."""
    if set(seal.columns) - set(table.columns):
        return [Problem(seal.table, seal.row_ids[0], "columns")]
    rows = table.rows(cursor, seal.columns, after, seal.row_ids[-1], None)
    found = {row_id: _digest(key, seal.table, text) for row_id, text in rows}
    digests = bytes(seal.digests)
    if list(found) == seal.row_ids and b"".join(found.values()) == digests:
        return []
    size = _DIGEST_BYTES
    kept = {row_id: digests[i * size : (i + 1) * size] for i, row_id in enumerate(seal.row_ids)}
    problems = [Problem(seal.table, row_id, "inserted") for row_id in found if row_id not in kept]
    for row_id, digest in kept.items():
        if row_id not in found:
            problems.append(Problem(seal.table, row_id, "deleted"))
        elif found[row_id] != digest:
            problems.append(Problem(seal.table, row_id, "altered"))
    return sorted(problems, key=lambda problem: problem.row)


def _judge(cursor, seal: AuditSeal, tables: dict[str, _Table], previous: bytes, after: int) -> list[Problem]:
    """Everything wrong with one seal and the rows under it."""
    try:
        key = settings.FIELD_KEYS.derive(AUDIT_SEAL, seal.key_id)
    except KeyError:
        return [Problem(AuditSeal._meta.db_table, seal.pk, "key")]
    problems = []
    if not hmac.compare_digest(_chain(key, seal, previous), bytes(seal.chain)):
        problems.append(Problem(AuditSeal._meta.db_table, seal.pk, "chain"))
    if seal.table not in tables:
        return [*problems, Problem(seal.table, seal.row_ids[0], "columns")]
    return problems + _compare(cursor, tables[seal.table], seal, key, after)


@transaction.atomic
def verify(head: str = "") -> Verified:
    """Compares every sealed row with its seal. `head` (hexadecimal) is a link that an earlier run reported."""
    tables = {table.name: table for table in sealed_tables()}
    last = dict.fromkeys(tables, 0)
    previous, rows, problems, head_seen = b"", 0, [], not head
    with connection.cursor() as cursor:
        cursor.execute(_STEADY)
        for seal in AuditSeal.objects.order_by("id").iterator(chunk_size=50):
            problems += _judge(cursor, seal, tables, previous, last.get(seal.table, 0))
            previous, last[seal.table] = bytes(seal.chain), seal.row_ids[-1]
            rows += len(seal.row_ids)
            head_seen = head_seen or previous.hex() == head
        unsealed = 0
        for table in tables.values():
            cursor.execute(f"SELECT count(*) FROM {table.name} WHERE {table.key} > %s", [last[table.name]])
            unsealed += cursor.fetchone()[0]
    if not head_seen:
        problems.append(Problem(AuditSeal._meta.db_table, None, "head"))
    return Verified(rows=rows, unsealed=unsealed, head=previous.hex(), problems=problems)
