"""Lines of the dashboard: heads against what is asked for, and the share of the certified on its way to the targets."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.core.indicators.figures import Figure, Line, State
from portal.core.indicators.values import series
from portal.core.lib.dated import add_months
from portal.core.sheets.writing import Sheet
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.charts import AXIS_MONTH, Chart, Kind, Role, Series, sentences
from portal.pages.certificate_path import Path, path_of
from portal.pages.indicator_links import figure_page, value_url
from portal.registry import INDICATORS

MONTHS = 24
HEADS = ("workers", "staffing_required")
CERTIFIED = ("certified_share", "certified")


def export_url(request: HttpRequest, division: Division, panel: str) -> str:
    """The address of one part of the dashboard as a workbook, of all of it where no part is named."""
    query = {"place": division.code, "panel": panel, **keep.kept(request, place=False)}
    query = {name: value for name, value in query.items() if value}
    return f"{reverse('export', args=['dashboard', 'xlsx'])}?{urlencode(query)}"


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


class History:
    """Figures of a division month by month up to a day; months that nothing was kept for stay empty."""

    def __init__(self, keys: Iterable[str], division: Division, on: date, months: int = MONTHS) -> None:
        lines = series([INDICATORS[key] for key in keys], division.code, months, on)
        self.lines: dict[str, Line] = {month_of(line_day(line)): line for line in lines}
        first = min(self.lines, default=month_of(on))
        days = (add_months(on.replace(day=1), -back) for back in range(months, -1, -1))
        self.months = [month for month in map(month_of, days) if month >= first]

    def figure(self, month: str, key: str) -> Figure | None:
        line = self.lines.get(month)
        return line[key] if line else None

    def values(self, key: str) -> list[Decimal | None]:
        figures = (self.figure(month, key) for month in self.months)
        return [None if figure is None else figure.value for figure in figures]

    def words(self, key: str) -> list[str]:
        """What stands for a missing value: not in force, no data, or that nothing was kept for the month."""
        return [_word(self.figure(month, key)) for month in self.months]

    def urls(self, request: HttpRequest, key: str) -> list[str]:
        """The rows behind the value of each month."""
        figures = (self.figure(month, key) for month in self.months)
        return [
            value_url(request, key, f.code, on=f.on) if f is not None and f.value is not None else "" for f in figures
        ]

    def pages(self, request: HttpRequest, key: str, page: str) -> list[str]:
        """The page of the figure `page`, which says how the number is made, where there is a value of `key` in a month."""
        figures = (self.figure(month, key) for month in self.months)
        return [
            figure_page(request, page, f.code, on=f.on) if f is not None and f.value is not None else ""
            for f in figures
        ]

    @property
    def latest(self) -> Line | None:
        return self.lines.get(self.months[-1])


def line_day(line: Line) -> date:
    return next(iter(line.figures.values())).on


def _word(figure: Figure | None) -> str:
    if figure is None:
        return _("没有留存")
    return "" if figure.state == State.VALUE else str(figure.state.label)


# Heads ---------------------------------------------------------------------------------------------------------------


def heads_chart(request: HttpRequest, division: Division, on: date, months: int = MONTHS) -> Chart:
    """Heads counted, heads required, and what lies between as a hatched band."""
    history = History(HEADS, division, on, months)
    heads, required = history.values("workers"), history.values("staffing_required")
    gaps = [
        max(need - have, Decimal(0)) if need is not None and have is not None else None
        for have, need in zip(heads, required, strict=True)
    ]
    latest = history.latest
    needed = "staffing_required"
    missing = history.words(needed)
    return Chart(
        key="heads",
        title=_("在岗人数与应配人数"),
        kind=Kind.LINE,
        axis=AXIS_MONTH,
        categories=history.months,
        unit=_("人"),
        place=division.label,
        day=on,
        source=latest["staffing_required"].rule.source if latest and latest["staffing_required"].rule else "",
        note=_heads_note(history.months, heads, gaps),
        export_url=export_url(request, division, "trend"),
        series=[
            Series(_("在岗"), heads, words=history.words("workers"), urls=history.urls(request, "workers")),
            Series(_("应配"), required, Role.TARGET, missing, history.pages(request, needed, needed)),
            Series(
                pgettext("staffing", "缺口"), gaps, Role.GAP, missing, history.pages(request, needed, "staffing_gap")
            ),
        ],
    )


def _heads_note(months: list[str], heads: list[Decimal | None], gaps: list[Decimal | None]) -> str:
    """What changed since the first month on record."""
    known = [at for at, value in enumerate(heads) if value is not None]
    if len(known) < 2:
        return _("历史从首次留存的月份开始，每月末留存一次。")
    first, last = known[0], known[-1]
    words = _change(months[first], heads[last] - heads[first])
    if gaps[first] is None or gaps[last] is None:
        return words + _("。")
    return words + _("，缺口由 %(before)s 人变为 %(after)s 人。") % {
        "before": formats.number(gaps[first]),
        "after": formats.number(gaps[last]),
    }


def _change(month: str, change: Decimal) -> str:
    words = {"month": month, "n": formats.number(abs(change))}
    if change > 0:
        return _("比 %(month)s 增加 %(n)s 人") % words
    return _("比 %(month)s 减少 %(n)s 人") % words if change else _("与 %(month)s 人数相同") % words


def heads_context(request: HttpRequest, division: Division) -> dict:
    return {"chart": heads_chart(request, division, keep.day_of(request))}


def heads_sheets(request: HttpRequest, division: Division) -> list[Sheet]:
    return [heads_chart(request, division, keep.day_of(request)).sheet]


# Certificates ---------------------------------------------------------------------------------------------------------


def certificates_chart(request: HttpRequest, division: Division, on: date, months: int = MONTHS) -> Chart:
    """The share of the certified, the target of each month, and the straight way to the targets still to come."""
    history = History(CERTIFIED, division, on, months)
    shares = history.values("certified_share")
    figures = [history.figure(month, "certified_share") for month in history.months]
    targets = [None if figure is None or figure.target is None else Decimal(int(figure.target)) for figure in figures]
    way = path_of(division.code, on, figures[-1])
    ahead = [month_of(add_months(on.replace(day=1), step)) for step in range(1, way.months + 1)]
    blank: list[Decimal | None] = [None] * len(ahead)
    rule = figures[-1].rule if figures[-1] else None
    not_set = [_("未生效") if target is None else "" for target in targets]
    urls = history.urls(request, "certified_share")
    return Chart(
        key="certified",
        title=_("持证率与目标"),
        kind=Kind.LINE,
        axis=AXIS_MONTH,
        categories=[*history.months, *ahead],
        unit="%",
        decimals=1,
        low=_floor([*shares, *targets]),
        high=100,
        place=division.label,
        day=on,
        source=rule.source if rule else "",
        note=_way_note(way),
        export_url=export_url(request, division, "certificates"),
        series=_lines(shares, targets, way, blank, history.words("certified_share"), not_set, urls),
    )


def _floor(values: list[Decimal | None]) -> int:
    """Where the axis of a share begins: a round number well below everything that is drawn."""
    known = [value for value in values if value is not None]
    return max(0, int(min(known, default=Decimal(0)) - 10) // 20 * 20)


def _lines(shares, targets, way: Path, blank, words, not_set, urls) -> list[Series]:
    ahead = [_("未到") for _month in blank]
    found = [Series(_("持证率"), [*shares, *blank], words=[*words, *ahead], urls=urls)]
    found.append(Series(_("目标"), [*targets, *way.targets], Role.TARGET, not_set))
    if blank:
        path = [*[None] * (len(shares) - 1), shares[-1], *way.values]
        past = ["—" for _month in shares[:-1]]
        found.append(Series(_("达标路径"), path, Role.PATH, past))
    return found


def _way_note(way: Path) -> str:
    """Every target that is not reached: how many of today's heads are missing, and how many a month that takes.

    The forecast says more than that: it counts who leaves and who is hired until then.
    """
    steps = [
        _(
            "到 %(due)s 达到 %(percent)s%%：按现在的在岗人数还差 %(needed)s 人，平均每月 %(pace)s 人（不计今后的增减，见预测）。"
        )
        % {
            "due": formats.day(step.due),
            "percent": formats.number(step.percent),
            "needed": formats.number(step.needed),
            "pace": formats.number(step.pace, 1),
        }
        for step in way.steps
        if step.needed > 0
    ]
    return sentences([way.late, *steps])


def certificates_context(request: HttpRequest, division: Division) -> dict:
    return {"chart": certificates_chart(request, division, keep.day_of(request))}


def certificates_sheets(request: HttpRequest, division: Division) -> list[Sheet]:
    return [certificates_chart(request, division, keep.day_of(request)).sheet]
