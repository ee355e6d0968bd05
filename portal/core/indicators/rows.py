"""The very rows behind a number: the same SQL that counts them, inside the reader's territory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.core.indicators.counting import Book, RowKind
from portal.core.lib.codes import code_range
from portal.core.lib.replica import fetch


@dataclass(frozen=True)
class Row:
    """One row behind a number: the community it is counted in, the id of the record (`RowKind`) and what it adds."""

    code: str
    id: str
    amount: int = 1


@dataclass(frozen=True)
class Listed:
    """How many rows there are, what they add up to, and one page of them."""

    count: int
    total: int
    rows: list[Row]


@dataclass(frozen=True)
class RowsBehind:
    """The rows that the counter `counter` of `book` counts under `code` on a day, within `territories`.

    Those that the counter `without` counts are left out.
    """

    book: Book
    counter: str
    code: str
    on: date
    territories: tuple[str, ...]
    without: str = ""

    @property
    def kind(self) -> RowKind:
        return self.book.family_of[self.counter].row

    def count(self) -> int:
        return self._run("SELECT count(*) FROM seen")[0][0]

    def after(self, key: Iterable | None, limit: int) -> list[Row]:
        """Up to `limit` rows behind the (code, id) `key`, in this order."""
        code, row_id = key or ("", "")
        found = self._run(
            "SELECT code, id::text, amount FROM seen WHERE (code, id::text) > (%(code)s, %(id)s) ORDER BY code, id::text LIMIT %(limit)s",
            code=code,
            id=row_id,
            limit=limit,
        )
        return [Row(*row) for row in found]

    def before(self, key: Iterable | None, limit: int) -> list[Row]:
        """The `limit` rows nearest before `key`, in the same order."""
        code, row_id = key or (":", "")
        found = self._run(
            "SELECT code, id::text, amount FROM seen WHERE (code, id::text) < (%(code)s, %(id)s) "
            "ORDER BY code DESC, id::text DESC LIMIT %(limit)s",
            code=code,
            id=row_id,
            limit=limit,
        )
        return [Row(*row) for row in found][::-1]

    def key_of(self, row: Row) -> list[str]:
        return [row.code, row.id]

    def page(self, limit: int, offset: int = 0) -> list[Row]:
        found = self._run(
            "SELECT code, id::text, amount FROM seen ORDER BY code, id::text LIMIT %(limit)s OFFSET %(offset)s",
            limit=limit,
            offset=offset,
        )
        return [Row(*row) for row in found]

    def listed(self, limit: int, offset: int = 0) -> Listed:
        """Number, sum and one page of the rows in one statement, so that they agree."""
        found = self._run(
            "SELECT w.count, w.total, p.* FROM (SELECT count(*), coalesce(sum(amount), 0) AS total FROM seen) w LEFT JOIN ("
            "SELECT code, id::text, amount FROM seen ORDER BY code, id::text LIMIT %(limit)s OFFSET %(offset)s"
            ") p ON true ORDER BY p.code, p.id",
            limit=limit,
            offset=offset,
        )
        return Listed(*found[0][:2], [Row(*row[2:]) for row in found if row[2] is not None])

    def _run(self, select: str, **extra) -> list[tuple]:
        low, high = code_range(self.code)
        parameters = {"on": self.on, "low": low, "high": high, **extra}
        parts = []
        for number, held in enumerate(self.territories):
            parts.append(f"code >= %(low{number})s AND code < %(high{number})s")
            parameters[f"low{number}"], parameters[f"high{number}"] = code_range(held)
        wall = " OR ".join(parts) or "false"
        behind = self.book.rows_behind(self.counter, without=self.without)
        return fetch(f"WITH {behind}, seen AS (SELECT code, id, amount FROM behind WHERE {wall}) {select}", parameters)[
            1
        ]
