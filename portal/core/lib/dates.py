"""Reading dates as people type them into sheets; never a silent guess.

`parse_date` answers with a `ParsedDate` or a member of `DateError`. What has two meanings (2021.1 is January, or the
October that a spreadsheet shortened; 3/6/2021; 21-6-3) is refused with its reason.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

FIRST = date(1900, 1, 1)
LAST = date(2100, 12, 31)

_LONGEST = 40
_SMALLEST_SERIAL = 3000  # 1908-03-18; smaller numbers are years, months or days that somebody typed
_LEAP_BUG_DAY = 60  # Excel's 1900 system counts a 29 February 1900 that never was
_BASE_1900 = date(1899, 12, 30)
_BASE_1904 = date(1904, 1, 1)

_TIME = r"(?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_DAY_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?" + _TIME, re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:([-/.])|年)(\d{1,2})月?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?", re.ASCII)
_YEAR = re.compile(r"\d{4}年?", re.ASCII)
_SERIAL_TEXT = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_TWO_DIGIT_YEAR = re.compile(r"\d{2}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?|月)?", re.ASCII)
_YEAR_LAST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", re.ASCII)
_AROUND_SIGN = re.compile(r"\s*([-/.年月日号:])\s*")
_DASHES = str.maketrans("‐‑‒–—―−。", "-------.")
_OPEN_END = frozenset({"至今", "现在", "目前", "长期", "无固定期限", "无期限", "不限", "-", "--", "—", "——", "/", "无"})


class DateError(Enum):
    """Why a cell is no date; the values are error codes of sheets and forms."""

    EMPTY = "date_empty"
    UNREADABLE = "date_unreadable"
    NO_SUCH_DAY = "date_no_such_day"
    SWAPPED = "date_swapped"
    YEAR_LAST = "date_year_last"
    TWO_DIGIT_YEAR = "date_two_digit_year"
    YEAR_ONLY = "date_year_only"
    AMBIGUOUS_MONTH = "date_ambiguous_month"
    OUT_OF_RANGE = "date_out_of_range"


class ParsedDate(NamedTuple):
    """A date read from a cell. `approximate`: the cell held a month only and `value` is its first day. `from_serial`:
    the cell held a bare number that was read as Excel's day count, worth showing before it is applied."""

    value: date
    approximate: bool = False
    from_serial: bool = False


def parse_date(cell: object, *, epoch_1904: bool = False) -> ParsedDate | DateError:
    """Reads a cell as a date between 1900 and 2100.

    Accepts dates and date-times (the day counts), 2026-11-22, 2026/11/2, 2026.11.2, 2021年6月3日, 20210603, months
    (2021.06, 2021-6, 2021年6月, 202106: first day, approximate), full-width digits, and Excel serial numbers of the
    1900 system or, with `epoch_1904`, of the 1904 system.
    """
    if isinstance(cell, datetime):
        return _in_range(cell.date())
    if isinstance(cell, date):
        return _in_range(cell)
    if isinstance(cell, str):
        return _parse_text(cell, epoch_1904)
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return DateError.EMPTY if cell is None else DateError.UNREADABLE
    return _parse_number(cell, epoch_1904)


def means_open_end(cell: object) -> bool:
    """Whether a cell in a column of end dates says in words that there is no end: 至今, 长期, 无固定期限, a dash."""
    return isinstance(cell, str) and cell.strip() in _OPEN_END


def from_serial(serial: int, *, epoch_1904: bool = False) -> ParsedDate | DateError:
    """The day of an Excel serial number: 1 is 1900-01-01 (or 1904-01-02), 60 is the day of 1900 that never was."""
    if epoch_1904:
        base = _BASE_1904
    elif serial == _LEAP_BUG_DAY:
        return DateError.NO_SUCH_DAY
    else:
        base = _BASE_1900 if serial > _LEAP_BUG_DAY else _BASE_1900 + timedelta(days=1)
    if not 0 <= serial <= (LAST - base).days:
        return DateError.OUT_OF_RANGE
    parsed = _in_range(base + timedelta(days=serial))
    return parsed._replace(from_serial=True) if isinstance(parsed, ParsedDate) else parsed


def _in_range(value: date) -> ParsedDate | DateError:
    return ParsedDate(value) if FIRST <= value <= LAST else DateError.OUT_OF_RANGE


def _parse_number(number: float | int, epoch_1904: bool) -> ParsedDate | DateError:
    if not 0 < number < 100_000_000:  # also NaN
        return DateError.UNREADABLE
    whole = int(number)
    if FIRST.year <= whole <= LAST.year:
        return DateError.YEAR_ONLY if whole == number else _month_number(number)
    if whole >= 10_000_000 or 190_000 <= whole < 211_300:
        return _parse_text(str(whole), epoch_1904) if whole == number else DateError.UNREADABLE
    if whole < _SMALLEST_SERIAL:
        return DateError.UNREADABLE
    return from_serial(whole, epoch_1904=epoch_1904)


def _month_number(number: float | int) -> ParsedDate | DateError:
    """2021.06 that a spreadsheet holds as a number; .1 stands for January and for a shortened October alike."""
    return _parse_text(repr(number), False)


@lru_cache(maxsize=65536)
def _parse_text(text: str, epoch_1904: bool) -> ParsedDate | DateError:
    text = unicodedata.normalize("NFKC", text[: _LONGEST + 1]).translate(_DASHES).strip().strip("\ufeff\u200b'")
    text = _AROUND_SIGN.sub(r"\1", text)
    if not text:
        return DateError.EMPTY
    if len(text) > _LONGEST:
        return DateError.UNREADABLE
    if found := _DAY.fullmatch(text):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := _DAY_CHINESE.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]) if found[3] else None)
    if found := _MONTH.fullmatch(text):
        if found[2] == "." and found[3] == "1" and "月" not in text:
            return DateError.AMBIGUOUS_MONTH
        return _day(int(found[1]), int(found[3]), None)
    if _SERIAL_TEXT.fullmatch(text):
        return from_serial(int(float(text)), epoch_1904=epoch_1904)
    return _unreadable(text)


def _day(year: int, month: int, day: int | None) -> ParsedDate | DateError:
    """The day of three numbers; without a day only the month is known."""
    if not FIRST.year <= year <= LAST.year:
        return DateError.OUT_OF_RANGE
    try:
        return ParsedDate(date(year, month, 1 if day is None else day), approximate=day is None)
    except ValueError:
        return DateError.SWAPPED if 12 < month <= 31 and 1 <= (day or 0) <= 12 else DateError.NO_SUCH_DAY


def _unreadable(text: str) -> DateError:
    if _YEAR.fullmatch(text):
        return DateError.YEAR_ONLY
    if _YEAR_LAST.fullmatch(text):
        return DateError.YEAR_LAST
    return DateError.TWO_DIGIT_YEAR if _TWO_DIGIT_YEAR.fullmatch(text) else DateError.UNREADABLE
