"""Which people of a forecast the address asks for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.web import formats
from workforce.forecast import month_end
from workforce.queries.forecast_people import Line, people_behind
from workforce.queries.forecast_sql import LISTS

# What the lists are called, and what the day of a line is.
LABELS = {
    "ageing": gettext_lazy("将到龄退休"),
    "past": gettext_lazy("已到退休年龄仍在岗"),
    "contracts": gettext_lazy("合同将到期"),
    "left": gettext_lazy("近 12 个月离职"),
    "joined": gettext_lazy("近 12 个月新进"),
    "gained": gettext_lazy("近 12 个月新增持证"),
}
DAYS = {
    "ageing": gettext_lazy("到龄月份"),
    "past": gettext_lazy("到龄月份"),
    "contracts": gettext_lazy("合同截止"),
    "left": gettext_lazy("离职日期"),
    "joined": gettext_lazy("入职日期"),
    "gained": gettext_lazy("证书取得日期"),
}
DATED = ("ageing", "contracts")
BY_MONTH = ("ageing", "past")
LAST_YEAR = 2200


class PeopleAsked:
    """One of the lists: `show`, and of those who leave by age or whose contract ends one `month`, or all `until` a day.

    Anything odd in the address is left out; without a period the list holds everybody who ever will.
    """

    def __init__(self, params: Mapping[str, str], code: str, on: date) -> None:
        self.code, self.on = code, on
        asked = params.get("show", "")
        self.show = asked if asked in LISTS else LISTS[0]
        self.month = _first(params.get("month", "")) if self.show in DATED else None
        self.until = _day(params.get("until", "")) if self.show in DATED and self.month is None else None

    @property
    def period(self) -> tuple[date | None, date]:
        if self.month is not None:
            return max(self.month, self.on), month_end(self.month)
        return (self.on if self.show in DATED else None), self.until or date.max

    def people(self, *, limit: int | None, offset: int = 0) -> tuple[list[Line], int]:
        since, until = self.period
        return people_behind(self.code, self.on, self.show, since=since, until=until, limit=limit, offset=offset)

    @property
    def title(self) -> str:
        label = str(LABELS[self.show])
        if self.month is not None:
            return f"{self.month:%Y-%m} {label}"
        if self.until is not None:
            return _("%(day)s 前%(label)s") % {"day": formats.day(self.until), "label": label}
        return label

    @property
    def by_month(self) -> bool:
        """Whether only the month of a line is told: the very day would give the birthday away."""
        return self.show in BY_MONTH

    def day_of(self, line: Line) -> Any:
        return f"{line.day:%Y-%m}" if line.day and self.by_month else line.day


def _first(text: str) -> date | None:
    return _day(f"{text}-01")


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year < LAST_YEAR else None
