"""Keeps the tallies of a book exact and finds what differs from a fresh count.

Whoever refreshes holds the figures' day together with others; whoever counts everything, or moves the day on, holds it
alone. So a change that is committed later is counted by its own refresh, for the day that then holds.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import connection

from portal.core.indicators.counting import Book, Scope
from portal.core.lib.codes import ancestors, code_range
from portal.core.territory.stamps import NEW_VERSION, stamp

# The statement for a few communities takes longer to plan than to run: one plan serves all of them. Counting a whole
# country is worth memory and more processes, for whom handing over a row costs less than the planner thinks, and looks up
# a quarter of all people faster by their keys than it hashes all of them.
FEW = {"plan_cache_mode": "force_generic_plan", "jit": "off"}
EVERYBODY = {"work_mem": "256MB", "random_page_cost": "1.1", "parallel_tuple_cost": "0.01", "jit": "off"}
AT_ONCE = 50  # communities


def share_day() -> None:
    """Keeps the figures' day where it is to the end of the transaction; any number of writers may hold this."""
    _lock("pg_advisory_xact_lock_shared")


def hold_day() -> None:
    """Waits until nobody refreshes and keeps everybody from it, to the end of the transaction."""
    _lock("pg_advisory_xact_lock")


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext('figures'))")


@contextmanager
def planned(cursor: Any, settings: dict[str, str]) -> Iterator[None]:
    """Settings of the planner for the statements inside; a transaction is open."""
    cursor.execute("; ".join(f"SET LOCAL {name} = '{value}'" for name, value in settings.items()))
    yield
    cursor.execute("; ".join(f"SET LOCAL {name} TO DEFAULT" for name in settings))


def refresh(book: Book, codes: Iterable[str], on: date) -> dict[str, set[str]]:
    """Recounts the communities (or offices) `codes` and carries the difference up; the last step of every change of their rows.

    Rows are locked in code order before counting, so that a change committed by somebody else meanwhile is counted. Call
    `share_day` first. Returns the counters that changed, by code.
    """
    communities = sorted(set(codes))
    if not communities:
        return {}
    touched = sorted({*communities, *(above for code in communities for above in ancestors(code))})
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {book.tally} (division_id) SELECT unnest(%s::varchar[]) ON CONFLICT DO NOTHING", [touched]
        )
        cursor.execute(
            f"SELECT division_id, {book.columns()} FROM {book.tally} WHERE division_id = ANY(%s) "
            "ORDER BY division_id FOR UPDATE",
            [touched],
        )
        stored = {code: numbers for code, *numbers in cursor.fetchall()}
        if book.offices:
            stored |= _own(cursor, book, communities, stored)
        counted = _counted(cursor, book, communities, on)
        nothing = [0] * len(book.names)
        changes = _changes(communities, stored, counted, nothing)
        _carry(cursor, book, touched, changes)
    return {code: {book.names[place] for place in change} for code, change in changes.items()}


def _own(cursor: Any, book: Book, codes: list[str], stored: dict[str, list[int]]) -> dict[str, list[int]]:
    """What the offices themselves have: their tallies less those one level below, which nobody changes meanwhile, since
    whoever does locks the tallies above."""
    cursor.execute(
        f"""SELECT o.code, {book.columns("sum(t.{0})")} FROM unnest(%s::varchar[]) AS o (code)
        JOIN core_division d ON d.parent_id = o.code JOIN {book.tally} t ON t.division_id = d.code GROUP BY 1""",
        [codes],
    )
    below = {code: numbers for code, *numbers in cursor.fetchall()}
    return {code: [whole - int(part) for whole, part in zip(stored[code], below[code], strict=True)] for code in below}


def _counted(cursor: Any, book: Book, codes: list[str], on: date) -> dict[str, list[int]]:
    """Counters of the communities from the rows."""
    sql = f"WITH {book.of_the_day.counted(Scope.CODES)} SELECT * FROM counts"
    if len(codes) > AT_ONCE:
        with planned(cursor, EVERYBODY):
            cursor.execute(sql, {"on": on, "codes": codes})
            found = cursor.fetchall()
    else:
        name = _prepared(cursor, sql)
        with planned(cursor, FEW):
            cursor.execute(f"EXECUTE {name}(%s::date, %s::varchar[])", [on, codes])
            found = cursor.fetchall()
    return {code: [number or 0 for number in numbers] for code, *numbers in found}


def _prepared(cursor: Any, sql: str) -> str:
    """Name of the statement on this server, where it is parsed and planned once for each connection.

    The server is asked each time whether it has it: a pooler may have changed the connection underneath.
    """
    name = f"tally_{hashlib.sha256(sql.encode()).hexdigest()[:16]}"
    cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_prepared_statements WHERE name = %s)", [name])
    if not cursor.fetchone()[0]:
        numbered = sql.replace("%(on)s", "$1").replace("%(codes)s", "$2")
        # With a parameter of its own, so that what is doubled for parameters becomes single, in an act and out of it.
        cursor.execute(f"PREPARE {name} (date, varchar[]) AS /* %(name)s */ {numbered}", {"name": name})
    return name


def _changes(
    codes: list[str], stored: dict[str, list[int]], counted: dict[str, list[int]], nothing: list[int]
) -> dict[str, dict[int, int]]:
    """By how much each counter (by its place) of the communities and of every division above them changes."""
    found: dict[str, dict[int, int]] = {}
    for code in codes:
        before, after = stored[code], counted.get(code, nothing)
        if before == after:
            continue
        pairs = enumerate(zip(before, after, strict=True))
        change = {place: new - old for place, (old, new) in pairs if new != old}
        for one in (code, *ancestors(code)):
            sums = found.setdefault(one, {})
            for place, number in change.items():
                sums[place] = sums.get(place, 0) + number
    return found


def _carry(cursor: Any, book: Book, touched: Sequence[str], changes: dict[str, dict[int, int]]) -> None:
    """Adds the changes, in the columns that have any, and gives every row touched a new version."""
    places = sorted({place for change in changes.values() for place in change})
    names = [book.names[place] for place in places]
    given = [[changes.get(code, {}).get(place, 0) for code in touched] for place in places]
    cursor.execute(
        f"""UPDATE {book.tally} t
        SET version = {NEW_VERSION}{"".join(f", {name} = t.{name} + c.{name}" for name in names)}
        FROM unnest(%s::varchar[]{", %s::bigint[]" * len(names)}) AS c ({", ".join(["code", *names])})
        WHERE t.division_id = c.code""",
        [touched, *given],
    )


def recount(book: Book, code: str, on: date) -> None:
    """Rebuilds the tallies under `code` ('' = the country) from the rows for the day `on`, and sums those above.

    Only rows that differ are written: a right table stays as it is, and versions tell of changes. Call `hold_day` first.
    """
    code = "" if book.offices else code
    with connection.cursor() as cursor:
        with planned(cursor, EVERYBODY):  # a table first, for a statement that writes reads with one process only
            cursor.execute(
                f"CREATE TEMP TABLE differing ON COMMIT DROP AS {_compared(book.of_the_day, code)}", _given(code, on)
            )
        cursor.execute(
            f"""INSERT INTO {book.tally} (division_id, version, {book.columns()})
            SELECT code, {NEW_VERSION}, {book.columns("now_{0}")} FROM differing {_overwriting(book)}"""
        )
        if cursor.rowcount:
            # What changed below may cancel out above, where the row and its version then stay as they are.
            stamp(cursor, "tallies", code)
        cursor.execute("DROP TABLE differing")
        for below, above in pairwise([code, *ancestors(code)]):
            _sum_up(cursor, book, above, len(below))


def differences(book: Book, code: str, on: date) -> list[tuple[str, dict[str, int], dict[str, int]]]:
    """Tallies under `code` that differ from a fresh count: (code, counters stored, counted), only those that differ."""
    with connection.cursor() as cursor, planned(cursor, EVERYBODY):
        cursor.execute(f"SELECT * FROM ({_compared(book, code)}) differing ORDER BY 1", _given(code, on))
        return [told for row in cursor.fetchall() if any((told := _told(book.names, *row))[1:])]


def _given(code: str, on: date) -> dict[str, Any]:
    low, high = code_range(code)
    return {"on": on, "low": low, "high": high}


def _compared(book: Book, code: str) -> str:
    """SELECT of the tallies under `code` that are missing or differ from a fresh count: the code, all counters stored, all
    as they are now."""
    return f"""WITH {book.recounted(Scope.RANGE if code else Scope.EVERYWHERE)}
        SELECT coalesce(t.division_id, c.code) AS code, {book.columns("coalesce(t.{0}, 0) AS was_{0}")},
            {book.columns("coalesce(c.{0}, 0) AS now_{0}")}
        FROM (SELECT * FROM {book.tally} WHERE division_id >= %(low)s AND division_id < %(high)s) t
        FULL JOIN (SELECT * FROM tallies WHERE code >= %(low)s AND code < %(high)s) c ON c.code = t.division_id
        WHERE ({book.columns("t.{0}")}) IS DISTINCT FROM ({book.columns("coalesce(c.{0}, 0)")})"""


def _overwriting(book: Book) -> str:
    return f"""ON CONFLICT (division_id) DO UPDATE
        SET version = excluded.version, {book.columns("{0} = excluded.{0}")}"""


def _sum_up(cursor: Any, book: Book, code: str, length: int) -> None:
    """The tally of `code` from those one level below, whose codes have `length` digits."""
    low, high = code_range(code)
    cursor.execute(
        f"""INSERT INTO {book.tally} (division_id, version, {book.columns()})
        SELECT %(code)s, {NEW_VERSION}, {book.columns("coalesce(sum({0}), 0)")} FROM {book.tally}
        WHERE division_id > %(low)s AND division_id < %(high)s AND length(division_id) = %(length)s
        {_overwriting(book)}""",
        {"code": code, "low": low, "high": high, "length": length},
    )


def _told(names: Sequence[str], code: str, *numbers: int) -> tuple[str, dict[str, int], dict[str, int]]:
    stored, counted = (dict(zip(names, half, strict=True)) for half in (numbers[: len(names)], numbers[len(names) :]))
    differing = [name for name in names if stored[name] != counted[name]]
    return code, {name: stored[name] for name in differing}, {name: counted[name] for name in differing}
