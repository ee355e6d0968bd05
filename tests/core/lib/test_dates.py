"""Dates as people type them: every accepted form, every refusal, and no day shifted over a century."""

import math
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.lib import dates
from portal.core.lib.dates import DateError, ParsedDate

DAY = ParsedDate(date(2021, 6, 3))
MONTH = ParsedDate(date(2021, 6, 1), approximate=True)


@pytest.mark.parametrize(
    "cell",
    [
        date(2021, 6, 3),
        datetime.fromisoformat("2021-06-03"),
        datetime.fromisoformat("2021-06-03T23:59"),
        "2021-06-03",
        "2021-6-3",
        "2021/6/3",
        "2021.6.3",
        "2021年6月3日",
        "2021年06月03号",
        " 2021 年 6 月 3 日 ",
        "20210603",
        20210603,
        20210603.0,
        "２０２１－０６－０３",
        "２０２１．６．３",
        "2021—06—03",
        "2021-06-03 00:00:00",
        "2021-06-03T08:30",
        "'2021-06-03",
        "\ufeff2021-06-03\u200b",
    ],
)
def test_day_in_every_usual_form_is_read(cell):
    assert dates.parse_date(cell) == DAY


@pytest.mark.parametrize(
    "cell", ["2021.06", "2021-6", "2021/06", "2021年6月", "2021年06月", "202106", 202106, 202106.0, 2021.06, "2021．6"]
)
def test_month_alone_is_its_first_day_and_approximate(cell):
    assert dates.parse_date(cell) == MONTH


@pytest.mark.parametrize(
    ("cell", "error"),
    [
        (None, DateError.EMPTY),
        ("", DateError.EMPTY),
        ("  ", DateError.EMPTY),
        ("2021-13-05", DateError.SWAPPED),
        ("20211305", DateError.SWAPPED),
        ("2021-02-30", DateError.NO_SUCH_DAY),
        ("2023-02-29", DateError.NO_SUCH_DAY),
        ("2021-00-01", DateError.NO_SUCH_DAY),
        ("2021-05-00", DateError.NO_SUCH_DAY),
        ("2021-13-31", DateError.NO_SUCH_DAY),
        ("2021年13月", DateError.NO_SUCH_DAY),
        ("22/11/2026", DateError.YEAR_LAST),
        ("3.6.2021", DateError.YEAR_LAST),
        ("21-6-3", DateError.TWO_DIGIT_YEAR),
        ("21.6", DateError.TWO_DIGIT_YEAR),
        ("21年6月", DateError.TWO_DIGIT_YEAR),
        ("2021", DateError.YEAR_ONLY),
        ("2021年", DateError.YEAR_ONLY),
        (2021, DateError.YEAR_ONLY),
        (2021.0, DateError.YEAR_ONLY),
        (2021.1, DateError.AMBIGUOUS_MONTH),
        ("2021.1", DateError.AMBIGUOUS_MONTH),
        ("1899-12-31", DateError.OUT_OF_RANGE),
        ("2101-01-01", DateError.OUT_OF_RANGE),
        (date(1899, 12, 31), DateError.OUT_OF_RANGE),
        (datetime.fromisoformat("2101-01-01"), DateError.OUT_OF_RANGE),
        (99999.0, DateError.OUT_OF_RANGE),
        (5, DateError.UNREADABLE),
        (-5.0, DateError.UNREADABLE),
        (2021.123, DateError.UNREADABLE),
        (20210603.5, DateError.UNREADABLE),
        (True, DateError.UNREADABLE),
        (math.nan, DateError.UNREADABLE),
        (math.inf, DateError.UNREADABLE),
        pytest.param(10**5000, DateError.UNREADABLE, id="5000 digits"),
        (time(8, 30), DateError.UNREADABLE),
        (timedelta(days=3), DateError.UNREADABLE),
        ("昨天", DateError.UNREADABLE),
        ("#N/A", DateError.UNREADABLE),
        ("2021-6/3", DateError.UNREADABLE),
        ("2021-06-03T16:00:00Z", DateError.UNREADABLE),  # the next day already in Shanghai
        ("٢٠٢١-٠٦-٠٣", DateError.UNREADABLE),
        pytest.param("9" * 100_000, DateError.UNREADABLE, id="100000 characters"),
    ],
)
def test_cell_that_is_no_certain_day_is_refused_with_its_reason(cell, error):
    assert dates.parse_date(cell) is error


def test_october_as_text_with_its_zero_is_read():
    assert dates.parse_date("2021.10") == ParsedDate(date(2021, 10, 1), approximate=True)
    assert dates.parse_date("2021年1月") == ParsedDate(date(2021, 1, 1), approximate=True)


@pytest.mark.parametrize("cell", [44350, 44350.0, 44350.75, "44350", "４４３５０"])
def test_serial_of_the_1900_system_is_read_and_marked(cell):
    assert dates.parse_date(cell) == ParsedDate(date(2021, 6, 3), from_serial=True)


def test_serial_of_the_1904_system_is_read_and_marked():
    assert dates.parse_date(42888.0, epoch_1904=True) == ParsedDate(date(2021, 6, 3), from_serial=True)


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (1, date(1900, 1, 1)),
        (59, date(1900, 2, 28)),
        (61, date(1900, 3, 1)),
        (73415, date(2100, 12, 31)),
    ],
)
def test_from_serial_knows_the_leap_day_that_never_was(serial, day):
    assert dates.from_serial(serial) == ParsedDate(day, from_serial=True)


def test_from_serial_outside_the_calendar_is_refused():
    assert dates.from_serial(60) is DateError.NO_SUCH_DAY
    assert dates.from_serial(0) is DateError.OUT_OF_RANGE
    assert dates.from_serial(73416) is DateError.OUT_OF_RANGE
    assert dates.from_serial(-1, epoch_1904=True) is DateError.OUT_OF_RANGE
    assert dates.from_serial(10**30) is DateError.OUT_OF_RANGE


def test_every_day_of_a_century_is_read_unshifted_in_every_form():
    day = date(1940, 1, 1)
    while day <= date(2035, 12, 31):
        serial_1900, serial_1904 = (day - date(1899, 12, 30)).days, (day - date(1904, 1, 1)).days
        read = {
            dates.parse_date(day),
            dates.parse_date(day.isoformat()),
            dates.parse_date(f"{day.year}年{day.month}月{day.day}日"),
            dates.parse_date(f"{day:%Y%m%d}"),
            dates.from_serial(serial_1900),
            dates.from_serial(serial_1904, epoch_1904=True),
        }
        assert {parsed.value for parsed in read} == {day}
        day += timedelta(days=1)


@pytest.mark.parametrize("word", ["至今", "长期", "无固定期限", " 至今 ", "—", "/"])
def test_means_open_end_knows_the_usual_words(word):
    assert dates.means_open_end(word) is True


@pytest.mark.parametrize("cell", ["", None, "2026-11-22", 0, "至今未签"])
def test_means_open_end_takes_nothing_else(cell):
    assert dates.means_open_end(cell) is False


@given(st.text(max_size=60) | st.floats() | st.integers() | st.dates() | st.datetimes() | st.booleans())
def test_anything_is_an_answer_and_no_exception(cell):
    parsed = dates.parse_date(cell)
    assert isinstance(parsed, DateError) or dates.FIRST <= parsed.value <= dates.LAST
