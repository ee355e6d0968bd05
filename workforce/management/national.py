"""Fills an empty roster for the whole country in set-based SQL: the data of the benchmarks, the same every time.

Person number n works in community n / per (in code order), on place n % per: 0 is the head with two posts. Rows get no
history, since nobody entered them. Only the sealed ID numbers are made here; their nonces are the one thing that differs
from run to run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product

from django.db import connection, transaction

from portal.core.lib.bulk import Stream, copy_text
from portal.core.lib.fields import index_of, seal_text
from portal.core.lib.identity import synthetic
from portal.core.lib.text import name_initials, pinyin_key

TABLES = ("workforce_person", "workforce_appointment", "workforce_contract", "workforce_certificate")
FIRST_BIRTH = date(1971, 1, 1)
BIRTH_DAYS = 12_000  # to 2003; with 999 numbers a day this bounds the number of people
SPREAD = 7919  # a prime, so that neighbours are not born on neighbouring days
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马胡朱郭何罗高林郑梁谢唐许冯宋韩邓彭"
GIVEN = [
    first + second
    for first in "安若知晓清沐予思念书云松竹溪舟帆禾穗棠梨"
    for second in "禾苗溪泉涧湾滩洲桥亭廊檐窗灯烛"
]

_PLACES = """
CREATE TEMP TABLE place ON COMMIT DROP AS
SELECT code, urban, row_number() OVER (ORDER BY code) - 1 AS number
FROM core_division WHERE level = 5 AND valid_to IS NULL"""

_POPULATIONS = """
INSERT INTO core_population (division_id, "on", basis, value, source)
SELECT code, '2026-06-30', 'ledger', greatest(1, %(per)s * 10000 / 18 * (80 + number * 31 %% 41) / 100), 'benchmark'
FROM place WHERE urban"""

_PERSONS = f"""
INSERT INTO workforce_person (id, name, name_pinyin, name_initials, id_number, id_number_index, sex, birth_date,
    ethnicity, political_status, education, degree, major, hired_on, leaving_reason, version)
SELECT md5(n::text)::uuid, c.name, c.name_pinyin, c.name_initials, s.id_number, s.id_number_index,
    CASE WHEN n / {BIRTH_DAYS} % 2 = 0 THEN 'male' ELSE 'female' END,
    date '{FIRST_BIRTH}' + (n::bigint * {SPREAD} % {BIRTH_DAYS})::int, '汉族', '群众', '本科', '学士', '社会工作',
    date '2010-01-01' + (n::bigint * 13 % 5000)::int, '', 1
FROM sealed s JOIN called c ON c.number = n % {len(SURNAMES) * len(GIVEN)}"""

_POSTS = """
INSERT INTO workforce_appointment (person_id, division_id, body, title, tier, grade, entry, full_time, managed,
    grid_worker, valid_from)
SELECT md5(n::text)::uuid, p.code, post.body, post.title, post.tier, 1 + n %% 18, post.entry, n %% 40 <> 7, true, false,
    date '2010-01-01' + (n::bigint * 13 %% 5000)::int
FROM generate_series(0, %(people)s - 1) AS n
JOIN place p ON p.number = n / %(per)s
JOIN (VALUES (0, 'party', '社区党组织书记', 1, 'elected'), (0, 'committee', '居委会主任', 1, 'elected'),
    (1, 'party', '专职副书记', 2, 'elected'), (2, 'committee', '委员', 3, 'elected'),
    (3, 'station', '工作人员', 3, 'hired')) AS post (place, body, title, tier, entry)
  ON post.place = least(n %% %(per)s, 3)"""

_CONTRACTS = """
INSERT INTO workforce_contract (person_id, kind, party, valid_from)
SELECT md5(n::text)::uuid, 'labour', 'benchmark', date '2010-01-01' + (n::bigint * 13 %% 5000)::int
FROM generate_series(0, %(people)s - 1) AS n WHERE n %% 20 <> 11"""

_CERTIFICATES = """
INSERT INTO workforce_certificate (person_id, level, number, obtained_on)
SELECT md5(n::text)::uuid, CASE WHEN n %% 3 = 0 THEN 'social_worker' ELSE 'assistant' END, 'B' || n,
    date '2015-06-20' + (n::bigint * 17 %% 3000)::int
FROM generate_series(0, %(people)s - 1) AS n WHERE n %% 100 < 48"""


def fill(per: int) -> int:
    """Gives every community `per` people and every residents' committee a population; returns the number of people."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PLACES)
        cursor.execute(_POPULATIONS, {"per": per})
        cursor.execute("SELECT count(*) FROM place")
        people = cursor.fetchone()[0] * per
        if people > BIRTH_DAYS * 999:
            raise ValueError(f"{people} people are more than there are invented ID numbers ({BIRTH_DAYS * 999}).")
        with _bare(cursor, TABLES):
            _persons(cursor, people)
            for statement in (_POSTS, _CONTRACTS, _CERTIFICATES):
                cursor.execute(statement, {"people": people, "per": per})
    return people


def _persons(cursor, people: int) -> None:
    cursor.execute(
        "CREATE TEMP TABLE called (number int, name text, name_pinyin text, name_initials text) ON COMMIT DROP"
    )
    cursor.copy_expert("COPY called FROM STDIN", Stream(_names()))
    cursor.execute("CREATE TEMP TABLE sealed (n int, id_number bytea, id_number_index bytea) ON COMMIT DROP")
    cursor.copy_expert("COPY sealed FROM STDIN", Stream(_sealed(people)), size=1 << 16)
    cursor.execute("ANALYZE called, sealed")
    cursor.execute(_PERSONS)


def _names() -> Iterator[str]:
    """Number, name and its two readings of every combination, as COPY text."""
    for number, (surname, given) in enumerate(product(SURNAMES, GIVEN)):
        name = surname + given
        yield f"{number}\t{name}\t{pinyin_key(name)}\t{name_initials(name)}\n"


def _sealed(people: int) -> Iterator[str]:
    """Number, sealed ID number and its blind index of every person, as COPY text."""
    births = [FIRST_BIRTH + timedelta(days=day) for day in range(BIRTH_DAYS)]
    for n in range(people):
        block = n // BIRTH_DAYS
        number = synthetic(births[n * SPREAD % BIRTH_DAYS], block + 1)
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
