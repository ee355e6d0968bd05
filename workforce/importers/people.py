"""What rows say together: one person on several rows must agree, and no post, contract or certificate may be there twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from portal.core.lib.dated import end_of, overlaps
from workforce.importers.checking import contract_of, last_day_of
from workforce.importers.columns import CERTIFICATE, PERSON, POST
from workforce.importers.rows import Row, printed, shown_cell

Period = tuple[date, date | None]


@dataclass(slots=True)
class Human:
    """All rows of one ID number, and what they say of the person together.

    `indexes` are the blind indexes of the number under every key, the current one, `index`, first.
    """

    indexes: list[bytes]
    rows: list[Row] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def index(self) -> bytes:
        return self.indexes[0]


def index_rows(rows: list[Row], indexes_of: Callable[[str], list[bytes]]) -> list[bytes]:
    """Gives every row the blind indexes of its ID number; returns all of them."""
    found = []
    for row in rows:
        number = row.values.get("id_number")
        if number is not None:
            row.indexes = indexes_of(number.number)
            found += row.indexes
    return found


def humans_of(rows: list[Row]) -> dict[bytes, Human]:
    """People of the checked rows by blind index, in the order of the sheet; contradictions are noted on the later row."""
    found: dict[bytes, Human] = {}
    for row in rows:
        if not row.indexes or row.outside:
            continue
        human = found.get(row.indexes[0])
        if human is None:
            human = found[row.indexes[0]] = Human(row.indexes)
        human.rows.append(row)
    for human in found.values():
        if len(human.rows) > 1:
            _agree(human)
            _pair_up(human.rows)
        else:
            values = human.rows[0].values
            human.values = {key: values[key] for key in PERSON if key in values}
    return found


def _agree(human: Human) -> None:
    """Gathers the person's values over the rows; a row that says otherwise than an earlier one is in error."""
    source: dict[str, Row] = {}
    for row in human.rows:
        for key in PERSON:
            value = row.values.get(key)
            if value is None:
                continue
            first = source.setdefault(key, row)
            if first.values[key] != value and not (first.is_wrong(key) or row.is_wrong(key)):
                shown = shown_cell(key, printed(key, first.values[key]))
                row.error("person_contradicts", key, other=first.number, value=shown)
        human.values = {key: row.values[key] for key, row in source.items()}


def _pair_up(rows: list[Row]) -> None:
    """Compares a person's posts, contracts and certificates over the rows; each list is walked once."""
    posts: dict[tuple, list[tuple[Period, Row]]] = {}
    contracts: list[tuple[Period, Row]] = []
    certificates: dict[str, Row] = {}
    papers: dict[tuple, Row] = {}
    for row in rows:
        if row.code and (period := _period(row)):
            posts.setdefault(post_key(row), []).append((period, row))
        contract = contract_of(row.values)
        if contract and contract[2]:
            contracts.append(((contract[2], end_of(contract[3])), row))
            papers.setdefault(contract, row)
        if level := row.values.get("level"):
            _certificates(row, certificates.setdefault(level, row))
            papers.setdefault((level,), row)
    adding = {row.number for row in papers.values()}
    for held in posts.values():
        _walk(held, partial(_post_clash, adding))
    _walk(contracts, _contract_clash)


def _walk(periods: list[tuple[Period, Row]], clash: Callable[[Period, Row, Period, Row], None]) -> None:
    """Calls `clash` for periods that share a day: by start, each with the one so far that reaches furthest."""
    periods.sort(key=lambda item: (item[0][0], item[1].number))
    furthest: tuple[Period, Row] | None = None
    for period, row in periods:
        if furthest is not None and overlaps(*period, *furthest[0]):
            clash(*furthest, period, row)
        if furthest is None or (furthest[0][1] is not None and (period[1] is None or period[1] > furthest[0][1])):
            furthest = period, row


def post_key(row: Row) -> tuple:
    """What makes two rows of a person the same post: community, body and title."""
    return row.code, row.values.get("body"), row.values.get("title")


def _period(row: Row) -> Period | None:
    start, last = row.values.get("valid_from"), last_day_of(row.values)
    return None if start is None or (last is not None and last < start) else (start, end_of(last))


def _post_clash(adding: set[int], one: Period, first: Row, other: Period, second: Row) -> None:
    """Two rows of one post: the same post told again for the sake of a further paper (the rows of `adding`), the same row
    twice, or periods that overlap."""
    first, second = sorted((first, second), key=lambda row: row.number)
    if one == other and second.number in adding and _says_no_other(second, first):
        second.repeats = True
    elif one == other:
        second.error("duplicate_row", "id_number", cell=second.values["id_number"].number, other=first.number)
    else:
        second.error("overlap_rows", "valid_from", other=first.number)


def _says_no_other(second: Row, first: Row) -> bool:
    """Whether a row tells nothing of its post that an earlier one does not."""
    return all(second.values.get(key) in (None, first.values.get(key)) for key in POST)


def _contract_clash(one: Period, first: Row, other: Period, second: Row) -> None:
    first, second = sorted((first, second), key=lambda row: row.number)
    kinds = {row.values["contract_kind"] for row in (first, second)}
    parties = {row.values["party"] for row in (first, second) if "party" in row.values}
    if one != other or len(kinds) > 1 or len(parties) > 1:
        second.error("contract_contradicts", "contract_from", other=first.number)


def _certificates(row: Row, first: Row) -> None:
    for key in CERTIFICATE[1:]:
        one, other = row.values.get(key), first.values.get(key)
        if one is not None and other is not None and one != other:
            row.error("certificate_contradicts", key, other=first.number)
