"""Which history rows a piece of work leaves, so that it can be found again without searching: the ends of their keys."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection


@contextmanager
def spanned(tables: Sequence[str]) -> Iterator[dict[str, list[int]]]:
    """Fills the dictionary it gives, at its end, with {table: [first, last]}: the keys drawn meanwhile for new rows; [n + 1, n] for none.

    Others may have drawn keys in between; whoever reads a span also looks at the rows' context.
    """
    spans: dict[str, list[int]] = {}
    before = _drawn(tables)
    yield spans
    after = _drawn(tables)
    spans |= {table: [before[table] + 1, after[table]] for table in tables}


def _drawn(tables: Sequence[str]) -> dict[str, int]:
    """The last key drawn for each history table, by whomever."""
    parts = " UNION ALL ".join(
        f"SELECT '{table}', coalesce(pg_sequence_last_value(pg_get_serial_sequence('{table}', 'pgh_id')), 0)"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(parts)
        return dict(cursor.fetchall())
