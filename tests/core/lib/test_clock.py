from datetime import date, timedelta

import pytest
import time_machine

from portal.core.lib import clock


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-22T15:59:59+00:00", date(2026, 11, 22)),
        ("2026-11-22T16:00:00+00:00", date(2026, 11, 23)),  # midnight in Shanghai
        ("2026-12-31T16:00:00+00:00", date(2027, 1, 1)),
        ("2024-02-28T16:00:00+00:00", date(2024, 2, 29)),
    ],
)
def test_today_turns_at_midnight_in_shanghai(monkeypatch, moment, day):
    monkeypatch.setenv("TIME_ZONE", "Asia/Shanghai")
    with time_machine.travel(moment, tick=False):
        assert clock.today() == day


def test_now_is_aware_with_offset_of_eight_hours(monkeypatch):
    monkeypatch.delenv("TIME_ZONE", raising=False)
    assert clock.now().utcoffset() == timedelta(hours=8)


def test_zone_named_by_environment_is_used(monkeypatch):
    monkeypatch.setenv("TIME_ZONE", "UTC")
    with time_machine.travel("2026-11-22T16:00:00+00:00", tick=False):
        assert clock.today() == date(2026, 11, 22)


def test_zone_unknown_is_named_in_a_sentence(monkeypatch):
    monkeypatch.setenv("TIME_ZONE", "Asia/Nowhere")
    with pytest.raises(
        ValueError, match=r"^TIME_ZONE='Asia/Nowhere' is not a known time zone; use a name such as Asia"
    ):
        clock.today()
