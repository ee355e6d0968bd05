"""What the page of one figure shows beside its ranking: sentence, numbers, definition, two years month by month."""

from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.core.accounts.roles import Perm
from portal.core.indicators.declare import Better, Indicator
from portal.core.indicators.figures import Figure
from portal.core.indicators.parts import listed_parts, number_of, parts_of
from portal.core.policy.kinds import Kind
from portal.core.territory.models import Basis, Division
from portal.core.web import formats, keep
from portal.core.web.charts import AXIS_MONTH, Chart, Role, Series
from portal.core.web.charts import Kind as ChartKind
from portal.pages import indicator_words as words
from portal.pages.dashboard_trend import History
from portal.pages.indicator_links import figure_url, value_at

MONTHS = 24


def told(request: HttpRequest, figure: Figure, before: Figure | None) -> dict:
    """The sentence with all that stands under it."""
    return {
        "figure": figure,
        "sentence": words.sentence(figure, before),
        "basis": words.basis_words(figure),
        "origin": words.origin_words(figure),
        "policy_url": policy_url(request, figure.code) if figure.rule else "",
        "cautions": cautions(figure),
    }


def policy_url(request: HttpRequest, code: str) -> str:
    return keep.page_url(request, "policies", place=code) if request.user.can(Perm.VIEW_POLICY, code) else ""


def cautions(figure: Figure) -> list[str]:
    """What a reader must know before using the figure."""
    people = figure.population
    if people is None or not figure.indicator.target or people.basis == Basis.URBAN_PERMANENT:
        return []
    return [
        _("口径是“%(basis)s”，不是“城镇常住人口”：与每万城镇常住人口的标准相比，只能作参考。")
        % {"basis": people.basis_label}
    ]


def stats(request: HttpRequest, figure: Figure, before: Figure | None) -> list[dict]:
    """Value, its parts, target and last year's as tiles, each number with its rows."""
    key, code = figure.indicator.key, figure.code
    tiles = [{"label": figure.indicator.label, "value": figure.text, "url": value_at(request, figure)}]
    for part in listed_parts(figure.indicator).values():
        count = number_of(figure, part)
        alone = not figure.indicator.divided and part.key == "numerator"
        if not alone:
            text = _("查看") if count is None else words.amount(count, part.unit)
            url = figure_url(request, key, part.key, code)
            tiles.append({"label": words.part_label(figure, part), "value": text, "url": url})
    if figure.target is not None:
        hint = f"{words.target_words(figure)} · {figure.met.label}"
        asked = words.amount(words.plain(figure.target), figure.indicator.unit)
        tiles.append({"label": _("目标"), "value": asked, "hint": hint})
    if before is not None:
        hint = words.change_words(figure, before)
        label = _("上年同期")
        day = f"{formats.day(before.on)} {hint}"
        tiles.append({"label": label, "value": before.text, "hint": day, "url": value_at(request, before)})
    return tiles


def definition(request: HttpRequest, one: Indicator, code: str) -> list[dict]:
    """How the figure is made, as rows of a definition list."""
    rows = [{"label": _("算法"), "value": one.formula}]
    for part in parts_of(one).values():
        url = figure_url(request, one.key, part.key, code) if code else ""
        name = {"numerator": _("分子"), "denominator": _("分母")}.get(part.key, _("取用"))
        if one.divided or part.key != "numerator":
            rows.append({"label": name, "value": part.label, "url": url})
    rows.append({"label": pgettext("unit", "单位"), "value": one.unit.label})
    rows.append({"label": _("取舍"), "value": rounding_words(one)})
    rows.append({"label": _("方向"), "value": Better(one.better).label})
    if one.target:
        rows.append({"label": _("判断依据的规则"), "value": one.target.kind.label})
    rows.append({"label": _("适用"), "value": _("有城镇社区的区划") if one.urban else _("全部区划")})
    if one.citation:
        rows.append({"label": _("出处"), "value": one.citation})
    return rows


def rounding_words(one: Indicator) -> str:
    if not one.divided:
        return _("整数，不取舍")
    places = {"places": one.places}
    if one.floor:
        return _("保留 %(places)s 位小数，其后的截去；是否达标按未取舍的数判断") % places
    return _("保留 %(places)s 位小数，四舍五入；是否达标按未取舍的数判断") % places


def rule_links(request: HttpRequest, kind: Kind, code: str) -> list[dict]:
    """Where the rule can be looked at and tried out."""
    if not request.user.can(Perm.VIEW_POLICY, code):
        return []
    what_if = keep.page_url(request, "policy_what_if", kind.key, place=code)
    return [
        {"label": _("查看规则"), "url": keep.page_url(request, "policies", place=code), "icon": "journal-text"},
        {"label": _("试算另一个标准"), "url": what_if, "icon": "sliders"},
    ]


def export_url(request: HttpRequest, one: Indicator, place: Division) -> str:
    query = {"key": one.key, "place": place.code, **keep.kept(request, place=False)}
    return f"{reverse('export', args=['indicator', 'xlsx'])}?{urlencode(query)}"


def chart_of(request: HttpRequest, one: Indicator, place: Division, on: date) -> Chart:
    """The figure over two years with its target; every number leads to its rows of that day."""
    history = History((one.key,), place, on, MONTHS)
    figures = [history.figure(month, one.key) for month in history.months]
    latest = figures[-1] if figures else None
    series = [
        Series(one.label, history.values(one.key), words=history.words(one.key), urls=history.urls(request, one.key))
    ]
    if one.target:
        targets = [words.plain(f.target) if f is not None and f.target is not None else None for f in figures]
        blanks = [_("未生效") if target is None else "" for target in targets]
        series.append(Series(_("目标"), targets, Role.TARGET, blanks))
    return Chart(
        key="series",
        title=_("近 %(months)s 个月") % {"months": MONTHS},
        kind=ChartKind.LINE,
        axis=AXIS_MONTH,
        categories=history.months,
        series=series,
        unit=one.unit.label,
        decimals=one.places,
        place=place.label,
        day=on,
        source=latest.rule.source if latest and latest.rule else "",
        note=_("历史从首次留存的月份开始，每月末留存一次。") if len(history.lines) < 2 else "",
        export_url=export_url(request, one, place),
    )
