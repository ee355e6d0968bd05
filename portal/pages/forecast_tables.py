"""The tables and charts of a forecast: month by month, targets of the certified share, divisions below."""

from collections import Counter
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.web import formats, keep
from portal.core.web.charts import AXIS_MONTH, Chart, Kind, Role, Series
from portal.pages.forecast_words import amount, month_word, share_of
from portal.pages.indicator_links import value_url
from portal.pages.staffing_table import BLANKS
from workforce.enums import PartyKind, StaffingStatus
from workforce.queries.forecast import Forecast
from workforce.queries.forecast_parts import Below, Month, Target

_PERSONS = gettext_lazy("人")
MONTH_COLUMNS = (
    {"key": "month", "label": gettext_lazy("月份")},
    {"key": "aged", "label": gettext_lazy("到龄退休"), "unit": _PERSONS, "num": True},
    {"key": "contracts", "label": gettext_lazy("合同到期"), "unit": gettext_lazy("份"), "num": True},
    {"key": "heads", "label": gettext_lazy("月末预计在岗"), "unit": _PERSONS, "num": True},
    {"key": "required", "label": gettext_lazy("应配"), "unit": _PERSONS, "num": True},
    {"key": "gap", "label": pgettext_lazy("staffing", "缺口"), "unit": _PERSONS, "num": True},
    {"key": "share", "label": gettext_lazy("预计持证率"), "num": True},
)
BELOW_COLUMNS = (
    {"key": "name", "label": gettext_lazy("区划")},
    {"key": "heads", "label": gettext_lazy("现在岗"), "unit": _PERSONS, "num": True},
    {"key": "aged", "label": gettext_lazy("到龄退休"), "unit": _PERSONS, "num": True},
    {"key": "leavers", "label": gettext_lazy("其他离职"), "unit": _PERSONS, "num": True},
    {"key": "left", "label": gettext_lazy("不新招时剩"), "unit": _PERSONS, "num": True},
    {"key": "required", "label": gettext_lazy("届时应配"), "unit": _PERSONS, "num": True},
    {"key": "needed", "label": gettext_lazy("需新招"), "unit": _PERSONS, "num": True},
)
TARGET_COLUMNS = (
    {"key": "percent", "label": gettext_lazy("目标")},
    {"key": "due", "label": gettext_lazy("期限")},
    {"key": "reached", "label": gettext_lazy("按所设速度")},
    {"key": "pace", "label": gettext_lazy("按期达到需每月新增"), "unit": _PERSONS, "num": True},
    {"key": "source", "label": gettext_lazy("依据")},
)
PARTY_WORDS = dict(PartyKind.choices)


def party_word(kind: str) -> str:
    return str(PARTY_WORDS.get(kind) or _("未登记用工主体类型"))


def party_words(contracts: Counter[str]) -> str:
    """Contracts by kind of party, in the order of the choices; nothing where there is one kind to tell and it is known."""
    kinds = [kind for kind in (*PARTY_WORDS, "") if contracts[kind]]
    return _("，").join(f"{party_word(kind)} {formats.number(contracts[kind])}" for kind in kinds)


class Links:
    """Addresses of the people behind the numbers; none for who may not see the roster."""

    def __init__(self, request: HttpRequest, code: str) -> None:
        self.request, self.code = request, code
        self.allowed = request.user.can(Perm.VIEW_ROSTER, code)

    def to(self, show: str, **period: str) -> str:
        return keep.page_url(self.request, "forecast_people", self.code, show=show, **period) if self.allowed else ""

    @property
    def measured(self) -> dict[str, str]:
        """Those of the assumptions, by the name of the pace."""
        pairs = (("past", "past"), ("leavers", "left"), ("hires", "joined"), ("certificates", "gained"))
        return {name: self.to(show) for name, show in pairs}


def blank_of(forecast: Forecast, ruled: bool, urban: bool = True) -> str:
    """Why there is no number of required heads."""
    status = StaffingStatus.NOT_IN_FORCE if not ruled else StaffingStatus.NO_DATA
    return str(BLANKS[status if urban else StaffingStatus.NOT_APPLICABLE])


def month_rows(forecast: Forecast, links: Links) -> list[dict]:
    """A line per month; the first says from which day on it counts."""
    return [_month_row(forecast, month, links) for month in forecast.months]


def _month_row(forecast: Forecast, month: Month, links: Links) -> dict:
    word, gap, contracts = month_word(month.last), month.gap, month.contracts.total()
    return {
        "row": month,
        "month": word,
        "since": month.first if month.first.day > 1 else None,
        "aged_url": links.to("ageing", month=word) if month.aged else "",
        "contracts": contracts,
        "contracts_url": links.to("contracts", month=word) if contracts else "",
        "parties": party_words(month.contracts),
        "heads": month.point.whole_heads,
        "surplus": -gap if gap is not None and gap < 0 else 0,
        "blank": "" if gap is not None else blank_of(forecast, forecast.staffing_rule(month.last).value is not None),
        "share": share_of(month.point.whole_certified, month.point.whole_heads),
    }


def target_rows(forecast: Forecast) -> list[dict]:
    return [
        {"row": one, "reached": reached_words(forecast, one), "pace": _needed(forecast, one)}
        for one in forecast.targets
    ]


def reached_words(forecast: Forecast, target: Target) -> str:
    if target.met:
        return _("已达到")
    if forecast.pace.certificates is None or not forecast.projection.start.heads:
        return _("无数据")
    return month_word(target.reached) if target.reached else _("20 年内达不到")


def _needed(forecast: Forecast, target: Target) -> str:
    if target.met:
        return _("不需要")
    return amount(target.pace, ROUND_CEILING) or (_("期限已过") if target.due <= forecast.on else _("无数据"))


def below_rows(request: HttpRequest, forecast: Forecast) -> list[dict]:
    return [_below_row(request, forecast, one) for one in forecast.below]


def _counted_urls(request: HttpRequest, forecast: Forecast, code: str) -> dict[str, str]:
    """What the numbers lead to that count people there are: all that follows from them is worked out."""
    until = forecast.assumed.target.isoformat()
    aged = Links(request, code).to("ageing", until=until)
    return {"heads_url": value_url(request, "workers", code), "aged_url": aged}


def _below_row(request: HttpRequest, forecast: Forecast, one: Below) -> dict:
    return {
        **_counted_urls(request, forecast, one.figure.code),
        "row": one,
        "leavers": one.leavers_by_then,
        "blank": "" if one.hiring.required is not None else blank_of(forecast, one.ruled),
    }


def below_sums(request: HttpRequest, forecast: Forecast) -> dict:
    """Sums of what adds up; required heads are rounded up line by line, so they and what follows from them do not."""
    rows = forecast.below
    leavers = [one.leavers_by_then for one in rows]
    return {
        **_counted_urls(request, forecast, forecast.own.code),
        "label": ngettext("合计 %(count)s 个", "合计 %(count)s 个", len(rows)) % {"count": formats.number(len(rows))},
        "heads": sum(one.heads for one in rows),
        "aged": sum(one.aged for one in rows),
        "needed": sum(one.hiring.needed or 0 for one in rows)
        if all(one.hiring.required is not None for one in rows)
        else None,
        "leavers": sum(leavers) if None not in leavers else None,
        "left": sum(one.hiring.remaining for one in rows),
    }


# Charts --------------------------------------------------------------------------------------------------------------


def charts_of(forecast: Forecast) -> list[Chart]:
    """Heads against the standard, who leaves and whose contract ends, the certified share against its targets."""
    months = forecast.months
    about = {
        "axis": AXIS_MONTH,
        "categories": [month_word(month.last) for month in months],
        "place": forecast.own.name,
        "day": forecast.on,
    }
    heads = Series(_("预计在岗"), [month.point.whole_heads for month in months], Role.PATH)
    required = Series(_("应配"), [month.required for month in months], Role.TARGET)
    source = forecast.staffing_rule(forecast.assumed.target).source
    return [
        Chart(
            key="forecast-heads", title=_("预计在岗与应配"), kind=Kind.LINE, unit=_("人"), source=source,
            series=[heads, required], **about,
        ),
        Chart(
            key="forecast-ends", title=_("到龄退休与合同到期"), kind=Kind.COLUMNS, unit=_("人、份"),
            series=[
                Series(_("到龄退休"), [month.aged for month in months]),
                Series(_("合同到期"), [month.contracts.total() for month in months], Role.COMPARE),
            ],
            **about,
        ),
        Chart(
            key="forecast-share", title=_("预计持证率"), kind=Kind.LINE, unit="%", decimals=1, low=0, high=100,
            series=[
                Series(_("预计持证率"), [_percent(month) for month in months], Role.PATH),
                *(_target_line(one, len(months)) for one in forecast.targets),
            ],
            **about,
        ),
    ]  # fmt: skip


def _percent(month: Month) -> Decimal | None:
    share = share_of(month.point.whole_certified, month.point.whole_heads)
    return None if share is None else (share * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _target_line(target: Target, months: int) -> Series:
    words = {"percent": target.percent, "due": formats.day(target.due)}
    return Series(_("目标 %(percent)s%%（%(due)s）") % words, [target.percent] * months, Role.TARGET)
