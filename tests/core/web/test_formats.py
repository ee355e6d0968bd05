import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from portal.core.web import formats


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (None, None, None),
        ("", None, None),
        (0, None, "0"),
        (1234567, None, "1,234,567"),
        (-1234, None, "−1,234"),
        (Decimal("16.40"), None, "16.40"),
        (Decimal("17.996"), 2, "17.99"),
        ("17.999999", 2, "17.99"),
        (18, 2, "18.00"),
    ],
)
def test_number_is_cut_off_and_never_rounded_up(value, places, shown):
    assert formats.number(value, places) == shown


@pytest.mark.parametrize(("value", "shown"), [(3, "+3"), (-3, "−3"), (0, "0"), (None, None)])
def test_signed_difference(value, shown):
    assert formats.signed(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"),
    [(None, None), (0, "0.0%"), (0.573, "57.3%"), (Decimal("0.99999"), "99.9%"), (1, "100.0%"), (1.2, "120.0%")],
)
def test_percent_reaches_100_only_when_it_is(share, shown):
    assert formats.percent(share) == shown


def test_day_takes_dates_moments_and_iso_text():
    late = dt.datetime(2026, 11, 22, 17, 30, tzinfo=dt.UTC)
    assert formats.day(dt.date(2026, 1, 2)) == "2026-01-02"
    assert formats.day(late) == "2026-11-23"
    assert formats.day("2026-11-22") == "2026-11-22"
    assert formats.day(None) is None
    assert formats.moment(late) == "2026-11-23 01:30"


def test_day_long_in_chinese():
    with translation.override("zh-hans"):
        assert formats.day_long(dt.date(2026, 11, 2)) == "2026年11月2日"
    assert formats.day_long(None) is None


@pytest.mark.parametrize(
    ("days", "words"), [(12, "还有 12 天"), (1200, "还有 1,200 天"), (0, "今天到期"), (-3, "已逾期 3 天")]
)
def test_days_left_in_chinese(days, words):
    with translation.override("zh-hans"):
        assert formats.days_left(days) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, None), (5, "不到 1 分钟"), (95, "约 2 分钟"), (5399, "约 2 小时"), (5300, "约 88 分钟")],
)
def test_duration_in_chinese(seconds, words):
    with translation.override("zh-hans"):
        assert formats.duration(seconds) == words
