"""Pages of long lists: counting stops at a bound, so that a page costs the same in a street and in the country."""

from collections.abc import Callable

from django.core import paginator
from django.core.paginator import Page
from django.utils.functional import cached_property

MOST_ROWS = 10_000
MOST_PAGES = 1_000_000
MOST_AT_ONCE = 500
ALL = "all"


class Paginator(paginator.Paginator):
    """Pages of a list of which `page=all` shows every row on one, to print it or to search it; not of a longer list."""

    def get_page(self, number: str | int | None) -> Page:
        if number == ALL and self.fits_one_page:
            self.per_page = self.count
        return super().get_page(number)

    @cached_property
    def fits_one_page(self) -> bool:
        """Whether a list of several pages is short enough for one."""
        return self.per_page < self.count <= MOST_AT_ONCE


class BoundedPaginator(Paginator):
    """Pages of the first `MOST_ROWS` rows of a queryset; `more` tells that there are others behind them.

    Who needs those narrows the list, takes it out as a file or reads it by REST. `found` is given where the page has
    counted the rows already.
    """

    def __init__(self, object_list, per_page: int, *, found: int | None = None, **options) -> None:
        super().__init__(object_list, per_page, **options)
        if found is not None:
            self.found = found

    @cached_property
    def found(self) -> int:
        return self.object_list.order_by()[: MOST_ROWS + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.found, MOST_ROWS)

    @property
    def more(self) -> bool:
        return self.found > MOST_ROWS


class CountedPaginator(Paginator):
    """Pages of a list that the database cuts and counts in one statement: `read(limit=, offset=)` gives both."""

    def __init__(self, read: Callable[..., tuple[list, int]], per_page: int) -> None:
        super().__init__((), per_page)
        self.read = read

    def get_page(self, number: str | None) -> Page:
        """The page asked for; the first for what is no number, the last for one that is not there."""
        if number == ALL:
            lines, self.count = self.read(limit=MOST_AT_ONCE, offset=0)
            if self.fits_one_page:
                self.per_page = self.count
            return self._get_page(lines[: self.per_page], 1, self)
        try:
            asked = int(number)
        except (TypeError, ValueError):
            asked = 1
        lines, self.count = self._lines(asked) if 0 < asked <= MOST_PAGES else ([], 0)
        if not lines and asked != 1:
            self.count = self.read(limit=1, offset=0)[1]
            asked = self.num_pages
            lines, self.count = self._lines(asked)
        return self._get_page(lines, asked, self)

    def _lines(self, number: int) -> tuple[list, int]:
        return self.read(limit=self.per_page, offset=(number - 1) * self.per_page)


def found_by(counts: dict[str, int], asked: dict, name: str) -> int | None:
    """How many rows a list has, where the counts of each value of its filter `name` tell it; else None."""
    if not counts or asked.keys() - {name}:
        return None
    return counts.get(asked[name], 0) if asked else sum(counts.values())
