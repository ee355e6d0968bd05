"""Pages of long lists: counting stops at a bound, so that a page costs the same in a street and in the country."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST_ROWS = 10_000


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


def found_by(counts: dict[str, int], asked: dict, name: str) -> int | None:
    """How many rows a list has, where the counts of each value of its filter `name` tell it; else None."""
    if not counts or asked.keys() - {name}:
        return None
    return counts.get(asked[name], 0) if asked else sum(counts.values())
