"""Charts: what is to be drawn, as data. Picture, table, spoken words and worksheet all come from the same numbers.

A page builds a `Chart` and includes `components/chart.html`; the scripts come from `components/chart_head.html`.
None is "no data": it is left out of the picture and stands as words in the table, never as zero.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from portal.core.sheets.columns import Column
from portal.core.sheets.columns import Kind as CellKind
from portal.core.sheets.writing import Sheet
from portal.core.web import formats

Number = int | Decimal | None
Text = str | Promise
AXIS_MONTH = pgettext_lazy("axis", "月份")


class Kind(StrEnum):
    """How a chart is drawn: lines over time, upright columns, lying rows, columns of parts, shares of a whole."""

    LINE = "line"
    COLUMNS = "columns"
    ROWS = "rows"
    STACKED = "stacked"
    PIE = "pie"


class Role(StrEnum):
    """What a series means; the look follows from it."""

    VALUE = "value"  # what is: a full line, a full bar
    COMPARE = "compare"  # the same of another time or place: thin and quiet
    TARGET = "target"  # what is asked for: a dashed line
    GAP = "gap"  # what is missing: hatched, on top of the first value
    PATH = "path"  # what would be under assumptions: dotted
    TABLE = "table"  # stands in the table only


KIND_WORDS = {
    Kind.LINE: gettext_lazy("折线图"),
    Kind.COLUMNS: gettext_lazy("柱形图"),
    Kind.ROWS: gettext_lazy("条形图"),
    Kind.STACKED: gettext_lazy("堆叠柱形图"),
    Kind.PIE: gettext_lazy("饼图"),
}


@dataclass(frozen=True)
class Series:
    """One row of numbers, as many as the chart has categories.

    `words` replace the number in the table where they are not empty (未生效); `urls` lead to the rows behind a number.
    `unit` and `decimals` where they differ from those of the chart: for series of the table only.
    """

    name: Text
    values: Sequence[Number]
    role: Role = Role.VALUE
    words: Sequence[Text] = ()
    urls: Sequence[str] = ()
    unit: Text = ""
    decimals: int | None = None

    def word(self, at: int) -> str:
        return str(self.words[at]) if at < len(self.words) else ""

    def url(self, at: int) -> str:
        return self.urls[at] if at < len(self.urls) else ""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart of a page. `key` is unique on the page; `axis` heads the first column of the table (月份, 年龄段).

    Values are shown as they are, cut off at `decimals`: round them before. `source`: rule or origin of the numbers, printed
    under a saved picture. `low` and `high` fix the ends of the value axis; lines without them need not start at zero.
    `note` is a sentence above the picture, `export_url` the address of the same numbers as a workbook.
    """

    key: str
    title: Text
    kind: Kind
    axis: Text
    categories: Sequence[Text]
    series: Sequence[Series]
    unit: Text = ""
    decimals: int = 0
    place: str = ""
    day: dt.date | None = None
    source: str = ""
    note: Text = ""
    export_url: str = ""
    low: Number = None
    high: Number = None
    small: bool = False
    category_urls: Sequence[str] = field(default=())

    def __post_init__(self) -> None:
        for series in self.series:
            if len(series.values) != len(self.categories):
                raise ValueError(f"{series.name}: {len(series.values)} values, {len(self.categories)} categories")

    @property
    def empty(self) -> bool:
        """Whether nothing of it is known."""
        return not any(value is not None for series in self.series for value in series.values)

    def text(self, series: Series, at: int) -> str:
        """A number in words as the table, the picture and the tooltip show it; without the unit."""
        places = self.decimals if series.decimals is None else series.decimals
        number = formats.number(series.values[at], places)
        return series.word(at) or (number if number is not None else str(formats.NO_DATA))

    def unit_of(self, series: Series) -> Text:
        return series.unit or self.unit

    @property
    def heads(self) -> list[dict[str, Text]]:
        """Column heads of the table: name and unit of every series."""
        return [{"name": one.name, "unit": self.unit_of(one)} for one in self.series]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The table: per category its label and what every series has for it."""
        return [
            {
                "label": label,
                "url": self.category_urls[at] if at < len(self.category_urls) else "",
                "cells": [
                    {
                        "name": one.name,
                        "text": self.text(one, at),
                        "url": one.url(at),
                        "known": one.values[at] is not None,
                    }
                    for one in self.series
                ],
            }
            for at, label in enumerate(self.categories)
        ]

    @property
    def legend(self) -> list[dict[str, str]]:
        """Names with the class of their sign; a single series needs none, the title says it."""
        drawn = [one for one in self.series if one.role != Role.TABLE]
        if len(drawn) < 2:
            return []
        plain, signs = 0, []
        for one in drawn:
            plain += one.role == Role.VALUE
            sign = f"plot-sign-{one.role}" + (f" plot-ink-{plain}" if one.role == Role.VALUE else "")
            signs.append({"name": str(one.name), "sign": sign})
        return signs

    @property
    def signs(self) -> str:
        """The class of the legend: lines have strokes as signs, bars boxes, parts of a whole boxes with patterns."""
        return {Kind.LINE: "", Kind.STACKED: " plot-boxed plot-parts"}.get(self.kind, " plot-boxed")

    @property
    def about(self) -> str:
        """Where, when and in what unit, as one line."""
        parts = [self.place, _("截至 %(day)s") % {"day": formats.day(self.day)} if self.day else ""]
        parts.append(_("单位：%(unit)s") % {"unit": self.unit} if self.unit else "")
        return " · ".join(part for part in parts if part)

    @property
    def spoken(self) -> str:
        """What somebody hears in place of the picture: kind, extent, and for lines where they end."""
        words = {"kind": KIND_WORDS[self.kind], "title": self.title, "count": len(self.categories)}
        latest = self._latest() if self.kind == Kind.LINE and self.series else ""
        return sentences([_("%(kind)s：%(title)s，共 %(count)s 项。") % words, latest, _("数字见“查看数据表”。")])

    def _latest(self) -> str:
        """The last known point of the first series, with what the others have for the same category."""
        known = [at for at, value in enumerate(self.series[0].values) if value is not None]
        if not known:
            return ""
        told = [f"{one.name} {self.text(one, known[-1])}" for one in self.series if one.values[known[-1]] is not None]
        return _("最近 %(when)s：%(numbers)s。") % {"when": self.categories[known[-1]], "numbers": _("，").join(told)}

    @property
    def data(self) -> str:
        """What the script draws from, as JSON for an attribute: htmx takes script blocks out of what it loads."""
        about = {"kind": self.kind, "title": str(self.title), "unit": str(self.unit), "decimals": self.decimals}
        about |= {"about": self.about, "low": _plain(self.low), "high": _plain(self.high)}
        about |= {"source": _("来源：%(source)s") % {"source": self.source} if self.source else ""}
        about |= {"portal": _("社区工作者管理平台"), "file": " ".join(map(str, filter(None, self._file())))}
        drawn = [
            {
                "name": str(one.name),
                "role": one.role,
                "unit": str(self.unit_of(one)),
                "values": [_plain(value) for value in one.values],
                "texts": [self.text(one, at) for at in range(len(self.categories))],
            }
            for one in self.series
        ]
        return json.dumps({**about, "categories": list(map(str, self.categories)), "series": drawn}, ensure_ascii=False)

    def _file(self) -> list[Any]:
        return [self.title, self.place, formats.day(self.day)]

    @property
    def sheet(self) -> Sheet:
        """The table as a worksheet: numbers stay numbers, what is not known stays empty beside its words elsewhere."""
        columns = [Column("axis", str(self.axis), width=20)]
        for at, head in enumerate(self.heads):
            unit = _("（%(unit)s）") % {"unit": head["unit"]} if head["unit"] else ""
            columns.append(Column(f"c{at}", f"{head['name']}{unit}", kind=CellKind.NUMBER, width=16))
        rows = [
            [
                str(label),
                *(one.values[at] if one.values[at] is not None else one.word(at) or None for one in self.series),
            ]
            for at, label in enumerate(self.categories)
        ]
        return Sheet(str(self.title), columns, rows)


def sentences(texts: Iterable[str]) -> str:
    """Sentences one after the other, with a blank between them where the language wants one; empty ones are left out."""
    return ("" if (get_language() or "").startswith("zh") else " ").join(text for text in texts if text)


def _plain(value: Number) -> float | int | None:
    return float(value) if isinstance(value, Decimal) else value
