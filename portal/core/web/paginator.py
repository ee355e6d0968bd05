"""Pages of long lists: counting stops at a bound, so that a page costs the same in a street and in the country."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

MOST_ROWS = 10_000


class BoundedPaginator(Paginator):
    """Pages of the first `MOST_ROWS` rows of a queryset; `more` tells that there are others behind them.

    Who needs those narrows the list, takes it out as a file or reads it by REST.
    """

    @cached_property
    def found(self) -> int:
        return self.object_list.order_by()[: MOST_ROWS + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self.found, MOST_ROWS)

    @property
    def more(self) -> bool:
        return self.found > MOST_ROWS
