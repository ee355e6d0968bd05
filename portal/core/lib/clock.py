"""The portal's clock: every "today" and "now" of the project comes from here.

A day is a day in Asia/Shanghai, whatever the machine's own zone says; the environment variable TIME_ZONE, which
settings.py reads as well, names another zone. No framework is needed, so that pure rules and commands may ask too.
"""

import os
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DEFAULT_ZONE = "Asia/Shanghai"


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"TIME_ZONE={name!r} is not a known time zone; use a name such as {DEFAULT_ZONE}.") from error


def zone() -> ZoneInfo:
    """The portal's time zone; ValueError with a sentence when TIME_ZONE names none."""
    return _zone(os.environ.get("TIME_ZONE") or DEFAULT_ZONE)


def now() -> datetime:
    """This moment, aware, in the portal's zone."""
    return datetime.now(zone())


def today() -> date:
    """The calendar day it is now in the portal's zone: the default of every `on=`."""
    return now().date()
