"""Numbers, shares and days as the portal writes them. Nothing here rounds a figure up into compliance.

Every function answers None for None; the reader sees the words of `NO_DATA`, never a zero or a dash.
"""

import datetime as dt
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

NO_DATA = gettext_lazy("无数据")
ONE = Decimal(1)


def number(value, places: int | None = None) -> str | None:
    """Thousands separators; `places` decimals, cut off and not rounded; without `places` as many as the value has."""
    if value is None or value == "":
        return None
    amount = Decimal(str(value))
    if places is not None:
        amount = amount.quantize(ONE.scaleb(-places), rounding=ROUND_DOWN)
    return f"{amount:,f}".replace("-", "\N{MINUS SIGN}")


def signed(value, places: int | None = None) -> str | None:
    """A difference: +3, −2, 0."""
    text = number(value, places)
    return f"+{text}" if text is not None and Decimal(str(value)) > 0 else text


def percent(share) -> str | None:
    """A share between 0 and 1 with one decimal; less than everything never reads 100.0%."""
    if share is None or share == "":
        return None
    exact = Decimal(str(share)) * 100
    shown = exact.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    if exact < 100 <= shown:
        shown = Decimal("99.9")
    return f"{shown}%".replace("-", "\N{MINUS SIGN}")


def _local(value) -> dt.date | None:
    if isinstance(value, str):
        value = dt.date.fromisoformat(value) if value else None
    if isinstance(value, dt.datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value


def day(value) -> str | None:
    """2026-11-22, for tables."""
    value = _local(value)
    return value.isoformat() if value else None


def day_long(value) -> str | None:
    """2026年11月22日 or 22 Nov 2026, for prose."""
    value = _local(value)
    # Translators: a day in a sentence, in Django's date format letters; English: j M Y
    return dateformat.format(value, _("Y年n月j日")) if value else None


def moment(value) -> str | None:
    """2026-11-22 14:05 in the portal's time zone."""
    if not value:
        return None
    return (timezone.localtime(value) if timezone.is_aware(value) else value).strftime("%Y-%m-%d %H:%M")


def days_left(days: int) -> str:
    """The words beside a deadline that is `days` days away (negative: gone by)."""
    if days == 0:
        return _("今天到期")
    if days > 0:
        return ngettext("还有 %(days)s 天", "还有 %(days)s 天", days) % {"days": number(days)}
    return ngettext("已逾期 %(days)s 天", "已逾期 %(days)s 天", -days) % {"days": number(-days)}


def duration(seconds) -> str | None:
    """A rough span of time for progress: 不到 1 分钟, 约 3 分钟, 约 2 小时."""
    if seconds is None:
        return None
    minutes = round(float(seconds) / 60)
    if minutes < 1:
        return _("不到 1 分钟")
    if minutes < 90:
        return ngettext("约 %(minutes)s 分钟", "约 %(minutes)s 分钟", minutes) % {"minutes": minutes}
    hours = round(minutes / 60)
    return ngettext("约 %(hours)s 小时", "约 %(hours)s 小时", hours) % {"hours": hours}
