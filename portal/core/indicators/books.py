"""The books of the site: which tallies, snapshots and counters there are, as the settings list them."""

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from portal.core.indicators.counting import Book


@cache
def books() -> tuple[Book, ...]:
    """Every book named in FIGURE_BOOKS, in its order. All of them stand at the same figures' day."""
    return tuple(import_string(path) for path in settings.FIGURE_BOOKS)
