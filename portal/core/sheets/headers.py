"""Finding the header of a sheet: below titles, over one or two rows, with names as people write them.

A header matches a column when the two are equal after folding width, case, white space, marks of obligation (*, ★,
必填) and a remark in brackets. A group over two rows is joined: 合同 above 起始 is 合同起始. Every error of the header
is reported at once; an unknown column is an error, never ignored.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from portal.core.lib.text import clean
from portal.core.sheets.columns import Column, letter_of
from portal.core.sheets.errors import SheetError
from portal.core.sheets.guards import HEAD_ROWS
from portal.core.sheets.header_names import IGNORED, LONGEST_HEADER, Names, header_key
from portal.core.sheets.reading import Grid, Row, shown_name

EXAMPLE_MARK = "示例"

_LEAST_MATCHES = 2


@dataclass(frozen=True)
class Layout:
    """Which cell of a row belongs to which column. `rows` are the rows of the grid behind the header, without example
    rows and those that hold something only in columns that are not read, such as numbers written ahead; `keys` the
    columns present, in the sheet's order; `header_row` the number Excel shows."""

    header_row: int
    keys: tuple[str, ...]
    positions: tuple[int, ...]
    rows: Sequence[Row]

    def records(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Each row's number and its cells by column key; keys of columns the sheet lacks are absent."""
        pick = itemgetter(*self.positions) if len(self.positions) > 1 else lambda cells: (cells[self.positions[0]],)
        for row in self.rows:
            yield row.number, dict(zip(self.keys, pick(row.cells), strict=True))


def find_header(
    grid: Grid, columns: Sequence[Column], *, ignored: Collection[str] = (), mapping: Mapping[str, str] | None = None
) -> tuple[Layout | None, list[SheetError]]:
    """The layout of a sheet, or None and every reason why its header cannot be taken.

    `ignored` are headers that may stand in the sheet and are not read, such as 序号; `mapping` tells what the office has
    said of headers that no column has: folded header -> column key, '' for one to be left unread.
    """
    names = Names(columns, ignored, mapping or {})
    best = _best(grid, names)
    if best is None:
        expected = "、".join(column.header for column in columns if column.required)
        told = {"limit": HEAD_ROWS, "expected": expected, "sheet": shown_name(grid.sheet)}
        return None, [SheetError("header_not_found", told)]
    body = grid.rows[best.first + best.height :]
    errors = _problems(grid, best, names, body)
    if errors:
        return None, errors
    wanted = [(position, key) for position, key in enumerate(best.keys) if key not in ("", IGNORED)]
    positions, keys = tuple(position for position, _ in wanted), tuple(key for _, key in wanted)
    rows = [row for row in body if not is_example(row)]
    if len(positions) < grid.width:
        rows = [row for row in rows if any(_filled(row.cells[at]) for at in positions)]
    return Layout(grid.rows[best.first].number, keys, positions, rows), []


def recogniser(columns: Sequence[Column], mapping: Mapping[str, str]) -> Callable[[Grid], bool]:
    """Tells a sheet of these columns by its head: one that names at least half of those it must have."""
    names = Names(columns, (), mapping)
    required = {column.key for column in columns if column.required}

    def knows(grid: Grid) -> bool:
        best = _best(grid, names)
        return best is not None and 2 * len(required.intersection(best.keys)) >= len(required)

    return knows


def standing(grid: Grid, columns: Sequence[Column], mapping: Mapping[str, str]) -> tuple[dict[str, int], Sequence[Row]]:
    """Where a sheet has its columns, by key, as far as its header is understood; and the rows below it."""
    best = _best(grid, Names(columns, (), mapping))
    if best is None:
        return {}, []
    found = {key: at for at, key in reversed(list(enumerate(best.keys))) if key not in ("", IGNORED)}
    return found, grid.rows[best.first + best.height :]


def is_example(row: Row) -> bool:
    """Whether a row is the template's example: its first cell that holds something begins with 示例."""
    for cell in row.cells:
        if cell != "":
            return isinstance(cell, str) and clean(cell).startswith(EXAMPLE_MARK)
    return False


@dataclass(frozen=True)
class _Candidate:
    """One or two rows read as a header: the text over each column, and the key it was recognised as."""

    first: int
    height: int
    headers: list[str]
    keys: list[str]

    @property
    def score(self) -> int:
        return len({key for key in self.keys if key not in ("", IGNORED)})


def _best(grid: Grid, names: Names) -> _Candidate | None:
    """The rows that name most columns; None where even they name too few to be a header."""
    best = max(_candidates(grid, names), key=lambda found: (found.score, -found.height, -found.first), default=None)
    return None if best is None or best.score < min(_LEAST_MATCHES, len(names.columns)) else best


def _candidates(grid: Grid, names: Names) -> Iterator[_Candidate]:
    """Every row near the top as a header, and every pair of rows; of equal scores the first, and one row before two."""
    head = grid.rows[:HEAD_ROWS]
    texts = [[_text(cell) for cell in row.cells] for row in head]
    for first, upper in enumerate(texts):
        yield _Candidate(first, 1, upper, [names.key_of(header) for header in upper])
    for first, (upper, lower) in enumerate(zip(texts, texts[1:], strict=False)):
        if head[first + 1].number == head[first].number + 1:
            joined = [_join(*pair, names) for pair in zip(_spread(upper, lower), lower, strict=True)]
            yield _Candidate(first, 2, [header for header, _ in joined], [key for _, key in joined])


def _filled(cell: object) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def _text(cell: object) -> str:
    return clean(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def _spread(upper: list[str], lower: list[str]) -> list[str]:
    """The upper row with merged cells filled to the right, as far as the lower row has names under them."""
    filled: list[str] = []
    for above, below in zip(upper, lower, strict=True):
        filled.append(above or (filled[-1] if filled and below else ""))
    return filled


def _join(above: str, below: str, names: Names) -> tuple[str, str]:
    """The header of a column from its two rows, and its key: joined names are the most precise, then the lower."""
    for header in (above + below, below, above):
        if key := names.key_of(header):
            return header, key
    return (above + below if above != below else below), ""


def _problems(grid: Grid, found: _Candidate, names: Names, body: Sequence[Row]) -> list[SheetError]:
    errors: list[SheetError] = []
    row_number = grid.rows[found.first].number
    places: dict[str, list[int]] = {}
    for position, (header, key) in enumerate(zip(found.headers, found.keys, strict=True)):
        if key not in ("", IGNORED):
            places.setdefault(key, []).append(position)
        elif header and not key:
            errors.append(_unknown(header, position, row_number, names))
        elif not header and (row := next((row for row in body if _text(row.cells[position])), None)):
            letter = letter_of(position)
            errors.append(SheetError("column_unnamed", {"letter": letter, "row": row.number}, row.number, letter))
    for column in names.columns:
        taken = places.get(column.key, [])
        if not taken and column.required:
            errors.append(SheetError("column_missing", {"header": column.header}, row_number, column.header))
        elif len(taken) > 1:
            params = {"header": column.header, "count": len(taken), "letters": "、".join(map(letter_of, taken))}
            errors.append(SheetError("column_duplicate", params, row_number, column.header))
    return errors


def _unknown(header: str, position: int, row_number: int, names: Names) -> SheetError:
    told = {"header": header[:LONGEST_HEADER], "key": header_key(header), "suggestion": names.similar(header)}
    params = {"letter": letter_of(position), **told}
    code = "column_unknown_similar" if params["suggestion"] else "column_unknown"
    return SheetError(code, params, row_number, header[:LONGEST_HEADER])
