"""Calendar files: csv with a line for every day that differs from the weekly rhythm, whole years at a time.

    day,is_workday,name,source
    2026-02-14,1,春节调休上班,国务院办公厅关于2026年部分节假日安排的通知

Headers may be Chinese as well (日期, 是否上班, 名称, 来源). Needs no database, so that a migration may read one too.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from portal.core.lib.workdays import SATURDAY

SHIPPED = Path(__file__).parent / "data" / "days.csv"
MAX_CHARACTERS = 200_000
HEADERS = {"日期": "day", "是否上班": "is_workday", "名称": "name", "来源": "source"}
COLUMNS = ["day", "is_workday", "name", "source"]
WORDS = {"1": True, "0": False, "是": True, "否": False}
NAME_LENGTH, SOURCE_LENGTH = 40, 200


class CalendarFileError(ValueError):
    """A file that is no calendar; the sentence names the line and how to mend it."""


@dataclass(frozen=True, order=True)
class NamedDay:
    """One line of a calendar file."""

    day: date
    is_workday: bool
    name: str
    source: str


def read_calendar(text: str) -> list[NamedDay]:
    """The days of a calendar file in order. Raises CalendarFileError naming the first fault."""
    if len(text) > MAX_CHARACTERS:
        raise CalendarFileError(_("文件太大：一年的日历不过几十行。"))
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff").strip())))
    if not rows or sorted(HEADERS.get(cell.strip(), cell.strip()) for cell in rows[0]) != sorted(COLUMNS):
        raise CalendarFileError(_("第 1 行应为表头：日期,是否上班,名称,来源。"))
    order = [HEADERS.get(cell.strip(), cell.strip()) for cell in rows[0]]
    days: dict[date, NamedDay] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        found = _line(number, dict(zip(order, (cell.strip() for cell in row), strict=False)))
        if found.day in days:
            raise CalendarFileError(_("第 %(row)s 行：%(day)s 出现了两次。") % {"row": number, "day": found.day})
        days[found.day] = found
    if not days:
        raise CalendarFileError(_("文件里没有任何日期。"))
    return sorted(days.values())


def _line(number: int, cells: dict[str, str]) -> NamedDay:
    try:
        day = date.fromisoformat(cells.get("day", ""))
    except ValueError:
        raise CalendarFileError(_("第 %(row)s 行：日期应写成 2027-01-01。") % {"row": number}) from None
    works = WORDS.get(cells.get("is_workday", ""))
    if works is None:
        raise CalendarFileError(_("第 %(row)s 行：是否上班应为 1（是）或 0（否）。") % {"row": number})
    if works and day.weekday() < SATURDAY:
        sentence = _("第 %(row)s 行：%(day)s 不是周末，本来就上班，不必列出。")
        raise CalendarFileError(sentence % {"row": number, "day": day})
    name, source = cells.get("name", ""), cells.get("source", "")
    if not 0 < len(name) <= NAME_LENGTH or not 0 < len(source) <= SOURCE_LENGTH:
        sentence = _("第 %(row)s 行：名称 1 到 %(name)s 个字，来源 1 到 %(source)s 个字，都要填写。")
        raise CalendarFileError(sentence % {"row": number, "name": NAME_LENGTH, "source": SOURCE_LENGTH})
    return NamedDay(day, works, name, source)
