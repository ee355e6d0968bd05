"""Where the figures of a day come from: what is kept for today, the records counted anew, or what was kept that day.

The one rule for how much may be counted while somebody waits; pages and REST have it from here.
"""

from collections.abc import Callable, Iterable
from datetime import date

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from portal.core.indicators.counting import Book
from portal.core.indicators.figures import Origin
from portal.core.lib.clock import today
from portal.core.lib.codes import COUNTRY
from portal.core.lib.replica import fetch

PEOPLE_AT_MOST = 200_000
"""People in post, or premises, whose records are read for one question."""
PEOPLE_AT_ONCE = 20_000
"""The same before a page comes: what is worked out from more of them comes after it."""


class TooManyRows(BadRequest):
    """More records than may be counted or listed while somebody waits.

    `kept` are the nearest days that can be had at once, `change` what the caller may ask otherwise, by the names that
    the REST gives it.
    """

    def __init__(self, sentence: str, kept: Iterable[date] = (), change: Iterable[str] = ("on", "division")):
        super().__init__(sentence)
        self.kept, self.change = tuple(kept), tuple(change)


def day_and_origin(
    books: Iterable[Book], code: str, on: date, figures_on: date | None, *, afresh: bool = False
) -> tuple[date, Origin]:
    """Of which day the figures at and under `code` ('' = the country) are, asked for a day, and how they are had.

    `figures_on` is the day that the stored figures are true for, None where nothing is stored yet. In the minutes of
    the night before the stored figures have moved on to today, today's figures of many people are those of that day.
    `afresh`: other days are counted from the records however many there are and whatever was kept.
    Raises TooManyRows where the day cannot be had.
    """
    if on == figures_on:
        return on, Origin.TODAY
    books = tuple(books)
    big = [] if afresh else [book for book in books if people_under(book, code) > PEOPLE_AT_MOST]
    if not big:
        return on, Origin.ROWS
    if figures_on is not None and figures_on < on == today():
        return figures_on, Origin.TODAY
    if all(_is_kept(book, code, on) for book in books):
        return on, Origin.SNAPSHOT
    kept = nearest_kept(big[0], code, on)
    sentence = _("%(day)s没有留存的数据，所选范围又超过 %(limit)s %(unit)s，不能当场按记录重新统计。%(instead)s") % {
        "unit": big[0].size_unit,
        "day": on.isoformat(),
        "limit": f"{PEOPLE_AT_MOST:,}",
        "instead": _("可改看留存的 %(days)s，或缩小范围。") % {"days": _("、").join(day.isoformat() for day in kept)}
        if kept
        else _("请缩小范围。"),
    }
    raise TooManyRows(sentence, kept)


def refuse_crowds(book: Book, code: str) -> None:
    """Raises TooManyRows where the records of a division are too many to be counted while somebody waits."""
    if people_under(book, code) > PEOPLE_AT_MOST:
        sentence = _("所选范围超过 %(limit)s %(unit)s，不能当场逐条统计。请选择下级区划。")
        told = {"limit": f"{PEOPLE_AT_MOST:,}", "unit": book.size_unit}
        raise TooManyRows(sentence % told, change=("division",))


def refuse_lists(book: Book, code: str, number: Callable[[], int], most: int) -> None:
    """Raises TooManyRows where the rows behind a number are too many to be listed while somebody waits.

    A big place has short lists as well: there the number itself decides, and up to `most` rows are listed.
    """
    if people_under(book, code) > PEOPLE_AT_MOST and number() > most:
        sentence = _(
            "所选范围超过 %(limit)s %(unit)s，这个数所数的记录也超过 %(most)s 条，不能当场列出。请选择下级区划。"
        )
        told = {"limit": f"{PEOPLE_AT_MOST:,}", "unit": book.size_unit, "most": f"{most:,}"}
        raise TooManyRows(sentence % told, change=("division",))


def people_under(book: Book, code: str) -> int:
    """People in post now (premises in the book of service records), by the tallies: how much counting from records costs."""
    if not book.size:
        return 0
    statement = f"SELECT coalesce(sum({book.size}), 0) FROM {book.tally} WHERE {_there(code)}"
    return int(fetch(statement, {"code": code})[1][0][0])


def nearest_kept(book: Book, code: str, on: date) -> list[date]:
    """The last day kept before `on` and the first after it, as far as there are such days."""
    _columns, rows = fetch(
        f"""SELECT max("on") FROM {book.snapshot} WHERE "on" < %(on)s AND {_there(code)}
        UNION ALL SELECT min("on") FROM {book.snapshot} WHERE "on" > %(on)s AND {_there(code)}""",
        {"on": on, "code": code},
    )
    return [day for (day,) in rows if day is not None]


def _is_kept(book: Book, code: str, on: date) -> bool:
    statement = f'SELECT EXISTS (SELECT 1 FROM {book.snapshot} WHERE "on" = %(on)s AND {_there(code)})'
    return bool(fetch(statement, {"on": on, "code": code})[1][0][0])


def _there(code: str) -> str:
    """SQL condition: the row of the division, or those of the provinces, which stand for the country."""
    if code in ("", COUNTRY):
        return "division_id IN (SELECT code FROM core_division WHERE level = 1)"
    return "division_id = %(code)s"
