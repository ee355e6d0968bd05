"""Reads a csv of populations (contract: code, date, basis, value, households, source) and judges it whole."""

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal.core.lib.clock import today
from portal.core.lib.codes import candidates
from portal.core.lib.dates import ParsedDate, parse_date
from portal.core.lib.text import clean
from portal.core.territory.models import Basis, Division, Population

REQUIRED = ("code", "date", "basis", "value", "source")
OPTIONAL = ("households", "name")
LARGEST = 10_000_000_000
MOST_HOUSEHOLDS = 2_000_000_000
BASES = {str(basis): basis for basis in Basis} | {str(basis.label): basis for basis in Basis}


class PopulationFileError(Exception):
    """A file that cannot be taken; `sentences` name every fault, with its line where it has one."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class _Line:
    number: int
    cells: dict[str, str]


def read_populations(path: Path) -> list[Population]:
    """The populations of the file, not yet stored. Raises PopulationFileError with every fault of every line."""
    lines = _lines(path)
    known = Division.objects.in_bulk({code for line in lines for code in candidates(line.cells["code"])})
    faults: list[str] = []
    rows: dict[tuple[str, str, date], int] = {}
    populations = []
    for line in lines:
        population, wrong = _population(line.cells, known)
        if population is not None and not wrong:
            key = (population.division_id, population.basis, population.on)
            first = rows.setdefault(key, line.number)
            if first != line.number:
                wrong.append(f"the same division, basis and date stand in line {first} already")
            populations.append(population)
        faults += [f"Line {line.number}: {sentence}." for sentence in wrong]
    if faults:
        raise PopulationFileError(faults)
    return populations


def _lines(path: Path) -> list[_Line]:
    try:
        text = _decoded(path.read_bytes())
    except OSError as error:
        raise PopulationFileError([f"{path} cannot be read: {error.strerror}."]) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [clean(cell).lower() for cell in next(reader, [])]
        _judge_header(header)
        rows = [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise PopulationFileError([f"Line {reader.line_num}: this is not csv ({error})."]) from error
    if not rows:
        raise PopulationFileError([f"{path} holds no population."])
    wrong = [
        f"Line {number}: {len(row)} cells under {len(header)} columns."
        for number, row in rows
        if len(row) != len(header)
    ]
    if wrong:
        raise PopulationFileError(wrong)
    return [_Line(number, dict(zip(header, map(clean, row), strict=True))) for number, row in rows]


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PopulationFileError(["The file is not text in UTF-8 or GB18030. Save it as “CSV UTF-8”."])


def _judge_header(header: list[str]) -> None:
    faults = [f"The column {name} is missing." for name in REQUIRED if name not in header]
    unknown = [name for name in header if name not in REQUIRED + OPTIONAL]
    faults += [f"The column “{name[:40]}” is unknown; there are {', '.join(REQUIRED + OPTIONAL)}." for name in unknown]
    faults += [f"The column {name} is there twice." for name in sorted({n for n in header if header.count(n) > 1})]
    if faults:
        raise PopulationFileError(faults)


def _population(cells: dict[str, str], known: dict[str, Division]) -> tuple[Population | None, list[str]]:
    """The population of one line, and what is wrong with it."""
    wrong: list[str] = []
    division = next((known[code] for code in candidates(cells["code"]) if code in known), None)
    if division is None:
        wrong.append(f"there is no division {cells['code'][:20]!r}; load the divisions first, or correct the code")
    on = _day(cells["date"], wrong)
    basis = BASES.get(cells["basis"])
    if basis is None:
        wrong.append(f"{cells['basis'][:20]!r} is no basis; there are {', '.join(str(b.label) for b in Basis)}")
    value = _number(cells["value"], "value", LARGEST, wrong)
    households = _number(cells["households"], "households", MOST_HOUSEHOLDS, wrong) if cells.get("households") else None
    if value == 0:
        wrong.append("value is 0; leave the line out where the population is not known")
    if not 0 < len(cells["source"]) <= 200:
        wrong.append("source must say in 1 to 200 characters where the figure comes from")
    if wrong:
        return None, wrong
    figures = {"value": value, "households": households, "source": cells["source"]}
    return Population(division=division, on=on, basis=basis, **figures), wrong


def _day(text: str, wrong: list[str]) -> date | None:
    parsed = parse_date(text)
    if not isinstance(parsed, ParsedDate) or parsed.approximate:
        wrong.append(f"date {text[:20]!r} is not a day; write it as 2020-11-01")
        return None
    if parsed.value > today():
        wrong.append(f"date {parsed.value} lies in the future")
    return parsed.value


def _number(text: str, column: str, largest: int, wrong: list[str]) -> int | None:
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(largest)) or int(text) > largest:
        wrong.append(f"{column} {text[:20]!r} is not a whole number from 0 to {largest}; write it without separators")
        return None
    return int(text)
