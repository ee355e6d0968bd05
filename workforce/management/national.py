"""Fills an empty roster for the whole country in set-based SQL: the data of the benchmarks, the same every time.

What the people are like stands in `national_sql`. Rows get no history, since nobody entered them. Only the sealed ID
numbers are made here; their nonces are the one thing that differs from run to run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product

from django.db import connection, transaction

from portal.core.lib.bulk import Stream, copy_text
from portal.core.lib.codes import code_range
from portal.core.lib.fields import index_of, seal_text
from portal.core.lib.identity import synthetic
from portal.core.lib.text import name_initials, pinyin_key
from workforce.management.national_sql import (
    BIRTH_DAYS,
    FIRST_BIRTH_DAY,
    PERSONS,
    PLACES,
    POPULATIONS,
    RECORDS,
    SPREAD,
    TABLES,
)

FIRST_BIRTH = date.fromisoformat(FIRST_BIRTH_DAY)
MOST = BIRTH_DAYS * 998
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马胡朱郭何罗高林郑梁谢唐许冯宋韩邓彭"
GIVEN = [
    first + second
    for first in "安若知晓清沐予思念书云松竹溪舟帆禾穗棠梨"
    for second in "禾苗溪泉涧湾滩洲桥亭廊檐窗灯烛"
]


def fill(per: int, under: str = "") -> int:
    """Gives every community under a division ('' = the country) `per` people, and every residents' committee a population and one who left.

    Returns the number of people in post.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        low, high = code_range(under)
        cursor.execute(PLACES, {"low": low, "high": high})
        cursor.execute("ANALYZE place")
        cursor.execute(POPULATIONS, {"per": per})
        cursor.execute("SELECT count(*), count(town) FROM place")
        communities, towns = cursor.fetchone()
        given = {"per": per, "people": communities * per, "leavers": towns, "names": len(SURNAMES) * len(GIVEN)}
        if given["people"] + towns > MOST:
            raise ValueError(f"{given['people'] + towns} people are more than there are invented ID numbers ({MOST}).")
        with _bare(cursor, TABLES):
            _persons(cursor, given)
            for statement in RECORDS:
                cursor.execute(statement, given)
    return given["people"]


def _persons(cursor, given: dict[str, int]) -> None:
    cursor.execute(
        "CREATE TEMP TABLE called (number int, name text, name_pinyin text, name_initials text) ON COMMIT DROP"
    )
    cursor.copy_expert("COPY called FROM STDIN", Stream(_names()))
    cursor.execute("CREATE TEMP TABLE sealed (n int, id_number bytea, id_number_index bytea) ON COMMIT DROP")
    cursor.copy_expert("COPY sealed FROM STDIN", Stream(_sealed(given["people"] + given["leavers"])), size=1 << 16)
    cursor.execute("ANALYZE called, sealed")
    cursor.execute(PERSONS, given)


def _names() -> Iterator[str]:
    """Number, name and its two readings of every combination, as COPY text."""
    for number, (surname, given) in enumerate(product(SURNAMES, GIVEN)):
        name = surname + given
        yield f"{number}\t{name}\t{pinyin_key(name)}\t{name_initials(name)}\n"


def _sealed(people: int) -> Iterator[str]:
    """Number, sealed ID number and its blind index of every person, as COPY text.

    Of those born on a day every one has a sequence number of its own; neighbours are men and women by turns.
    """
    births = [FIRST_BIRTH + timedelta(days=day) for day in range(BIRTH_DAYS)]
    for n in range(people):
        block = n // BIRTH_DAYS
        number = synthetic(births[n * SPREAD % BIRTH_DAYS], (block ^ (n & 1)) + 1)
        sealed = seal_text("workforce_person.id_number", number)
        yield f"{n}\t{copy_text(sealed)}\t{copy_text(index_of(number))}\n"


@contextmanager
def _bare(cursor, tables: tuple[str, ...]) -> Iterator[None]:
    """Takes triggers, foreign keys, constraints and indexes off the tables for the block, all but the primary keys.

    Building them at the end over all rows takes a tenth of the time of keeping them row by row.
    """
    cursor.execute(
        """SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid), contype FROM pg_constraint
        WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('u', 'x', 'f') ORDER BY contype = 'f', oid""",
        [list(tables)],
    )
    constraints = cursor.fetchall()
    cursor.execute(
        """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
        WHERE i.indrelid = ANY(%s::regclass[])
          AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1""",
        [list(tables)],
    )
    indexes = cursor.fetchall()
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table, name, _definition, _kind in reversed(constraints):
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition, _kind in constraints:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
