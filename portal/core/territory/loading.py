"""Loads the tree of divisions from the shipped national file: COPY into the empty table, else COPY and one merge."""

import lzma
import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from portal.core.lib.bulk import Stream, copy_text
from portal.core.lib.codes import FORMAL_NAMES, LENGTHS, Level, code_range, kind_of, level_of
from portal.core.lib.text import initials_of
from portal.core.territory.models import FiguresDay

NATIONAL_FILE = Path(__file__).parent / "data" / "divisions.csv.xz"
BLOCK = 20_000

# Names without tabs and backslashes need no escaping in COPY text.
_LINE = re.compile(r"((?:[0-9]{2}){1,3}|[0-9]{9}|[0-9]{12}),[^,\t\r\n\\]+")
_ABOVE = dict(zip(LENGTHS[1:], LENGTHS, strict=False))
_COLUMNS = "code, name, label, initials, level, kind, formal, urban, parent_id"

_STAGING = f"CREATE TEMP TABLE division_staging ON COMMIT DROP AS SELECT {_COLUMNS} FROM core_division WITH NO DATA"

# A file read for a part of the tree knows only that part of what lies under the divisions above it.
_URBAN = "(s.urban OR coalesce(d.urban, false) AND length(s.code) < %(own)s)"

_MERGE = f"""
INSERT INTO core_division ({_COLUMNS}, valid_from)
SELECT s.code, s.name, s.label, s.initials, s.level, s.kind, s.formal, {_URBAN}, s.parent_id, %(since)s
FROM division_staging s LEFT JOIN core_division d ON d.code = s.code
WHERE (d.code, d.name, d.label, d.initials, d.level, d.kind, d.formal, d.urban, d.parent_id, d.valid_to)
   IS DISTINCT FROM (s.code, s.name, s.label, s.initials, s.level, s.kind, s.formal, {_URBAN}, s.parent_id, NULL)
ON CONFLICT (code) DO UPDATE
SET name = excluded.name, label = excluded.label, initials = excluded.initials, level = excluded.level,
    kind = excluded.kind, formal = excluded.formal, urban = excluded.urban, parent_id = excluded.parent_id,
    valid_to = NULL"""

_CLOSE = """
UPDATE core_division d SET valid_to = %(on)s
WHERE d.valid_to IS NULL AND d.code >= %(low)s AND d.code < %(high)s
  AND NOT EXISTS (SELECT 1 FROM division_staging s WHERE s.code = d.code)"""


def read_divisions(path: Path = NATIONAL_FILE, under: str = "") -> dict[str, str]:
    """Names by code from a `code,name` file (plain or .xz), only `under` and its ancestors.

    Raises ValueError naming the line that is not a division, or a division without the one above it.
    """
    raw = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    header, _newline, text = raw.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n").partition("\n")
    cells = text.replace("\n", ",").split(",") if text else []
    codes, labels = cells[0::2], cells[1::2]
    if _LINE.match(header) or not _well_formed(text, codes, labels):
        _refuse(header, text)
    names = dict(zip(codes, labels, strict=True))
    if under:
        names = {code: name for code, name in names.items() if code.startswith(under) or under.startswith(code)}
    orphan = next((code for code in names if len(code) > 2 and code[: _ABOVE[len(code)]] not in names), None)
    if orphan is not None:
        raise ValueError(f"{orphan} {names[orphan]} stands in the file without the division above it.")
    return names


def _well_formed(text: str, codes: list[str], labels: list[str]) -> bool:
    """Whether every line is a division, judged at once: line by line takes three times as long."""
    lines = text.count("\n") + 1 if text else 0
    digits = "".join(codes)
    return (
        lines == text.count(",") == len(codes) == len(labels)
        and {len(code) for code in codes} <= set(LENGTHS)
        and (not digits or (digits.isascii() and digits.isdigit()))
        and "" not in labels
        and not any(sign in text for sign in "\t\r\\")
    )


def _refuse(header: str, text: str) -> None:
    """Names the first line that is not what it should be."""
    if _LINE.match(header):
        raise ValueError(f"The first line should be the header code,name; it is {header[:80]!r}.")
    for number, line in enumerate(text.split("\n"), start=2):
        if not _LINE.fullmatch(line):
            raise ValueError(f"Line {number} is not a division: {line.strip()[:80]!r}; expected code,name.")


def _labels(names: dict[str, str]) -> list[str]:
    """The useful names: formal rows take their province's."""
    labels = dict(names)
    for code, name in names.items():
        if len(code) == 4 and name in FORMAL_NAMES:
            labels[code] = names[code[:2]] + ("" if name == "市辖区" else name)
    return list(labels.values())


def _lines(names: dict[str, str]) -> Iterator[str]:
    """The rows as COPY text, in the order of `_COLUMNS`. 93 of 100 are communities, so these take the short way."""
    kinds = {suffix: kind_of("0" * 9 + suffix) for suffix in (f"{number:03d}" for number in range(1000))}
    residents = {suffix for suffix, kind in kinds.items() if kind.startswith("residents")}
    tails = {suffix: f"5\t{kind}\tf\t{'t' if suffix in residents else 'f'}" for suffix, kind in kinds.items()}
    urban = {code[:9] for code in names if len(code) == 12 and code[9:] in residents}
    urban |= {code[:length] for code in urban for length in LENGTHS[:3]}
    pairs = zip(names, _labels(names), strict=True)
    while block := list(islice(pairs, BLOCK)):  # so that PostgreSQL is at work while the next ones are made
        for (code, label), letters in zip(block, initials_of([label for _code, label in block]), strict=True):
            if len(code) == 12:
                yield f"{code}\t{label}\t{label}\t{letters}\t{tails[code[9:]]}\t{code[:9]}\n"
            else:
                yield _upper_line(code, names[code], label, letters, code in urban)


def _upper_line(code: str, name: str, label: str, letters: str, urban: bool) -> str:
    """The row of a division above the communities."""
    level = level_of(code)
    formal = (level == Level.CITY and name in FORMAL_NAMES) or (level == Level.DISTRICT and code.endswith("00"))
    parent = code[: _ABOVE[len(code)]] if level > Level.PROVINCE else None
    values = (code, name, label, letters, int(level), kind_of(code), formal, urban, parent)
    return "\t".join(map(copy_text, values)) + "\n"


@transaction.atomic
def load_divisions(names: dict[str, str], *, under: str = "", on: date | None = None) -> dict[str, int]:
    """Brings the tree in line with `names`: new rows open, changed rows change, missing ones close on `on`.

    Rows of the first load have no start, since the file does not tell how long they exist; later ones start on `on`.
    Returns the number of divisions in the file, and of rows changed or new, and of rows closed.
    """
    low, high = code_range(under)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT NOT EXISTS (SELECT 1 FROM core_division),
                      NOT EXISTS (SELECT 1 FROM core_division WHERE code >= %s AND code < %s)""",
            [low, high],
        )
        empty, first = cursor.fetchone()
        if empty:
            cursor.copy_expert(f"COPY core_division ({_COLUMNS}) FROM STDIN", Stream(_lines(names)), size=1 << 16)
            return {"divisions": len(names), "written": len(names), "closed": 0}
        cursor.execute(_STAGING)
        cursor.copy_expert(f"COPY division_staging ({_COLUMNS}) FROM STDIN", Stream(_lines(names)), size=1 << 16)
        cursor.execute("ANALYZE division_staging")
        cursor.execute(_MERGE, {"since": None if first else on, "own": len(under)})
        written = cursor.rowcount
        cursor.execute(_CLOSE, {"on": on, "low": low, "high": high})
        closed = cursor.rowcount
        cursor.execute("DROP TABLE division_staging")
    if written or closed:
        # What is stored was counted in the old tree: it is counted anew at the next roll, until then from the rows.
        FiguresDay.objects.all().delete()
    return {"divisions": len(names), "written": written, "closed": closed}
