"""What every division's page begins with: title, buttons, the figure in a sentence, cautions, who is not counted."""

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.indicators.values import FigureQuery
from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.lib.dated import last_day
from portal.core.territory.chosen import Chosen
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.export_menu import export_menu
from portal.pages import sentences
from portal.pages.indicator_links import staffing_urls, value_url
from portal.pages.places import roster_url
from portal.pages.staffing_export import STAFFING
from portal.pages.staffing_table import StaffingTable
from portal.registry import INDICATORS
from workforce.enums import NotCounted, StaffingStatus
from workforce.queries.staffing import Staffing

# Why people are not counted is worked out from every post under a division; above this many it waits to be asked for.
REASONS_AT_ONCE = 5000


def head(
    request: HttpRequest, table: StaffingTable, further: Iterable[SafeString] = (), notes: Iterable[str] = ()
) -> dict:
    """Context of the upper part of the page; `further` are sentences that follow the one on staffing, `notes` cautions."""
    place, figure = table.division, table.figure
    context = {
        "division": place,
        "kind": f"{place.get_kind_display()} {place.code}" if place.level else _("各省级区划合计"),
        "figure": figure,
        "on": table.on,
        "actions": _actions(request, place, figure),
    }
    if place.level < Level.COMMUNITY and figure is not None:
        context["exports"] = export_menu(request, STAFFING, place=place.code)
    if figure is None:
        return context | {"absent": absence(place, table.on)}
    told = sentences.staffing_sentence(figure, staffing_urls(request, figure.code))
    return context | {
        "sentence": sentences.joined([told, *further]),
        "basis": sentences.basis_line(figure),
        "cautions": [*sentences.cautions(figure), *notes],
        "remedy": _remedy(request, figure),
        "policy_url": _policy_url(request, figure.code),
    }


def _policy_url(request: HttpRequest, code: str) -> str:
    return keep.page_url(request, "policies", place=code) if request.user.can(Perm.VIEW_POLICY, code) else ""


def _actions(request: HttpRequest, place: Division, figure: Staffing | None) -> list[dict]:
    """Buttons of the page header, as far as the reader's rights go."""
    acts = []
    if request.user.can(Perm.VIEW_ROSTER, place.code):
        acts.append({"label": _("名册"), "icon": "people", "url": roster_url(request, place.code)})
        if place.urban and place.level:
            acts.append({"label": _("网格"), "icon": "grid-3x3", "url": keep.page_url(request, "grids", place.code)})
    if not place.level:
        return acts
    if place.urban and figure is not None:
        acts.append(
            {"label": _("预测"), "icon": "hourglass-split", "url": keep.page_url(request, "forecast", place.code)}
        )
    if place.urban and place.level < Level.COMMUNITY and figure is not None:
        acts.append({"label": _("换届"), "icon": "bank", "url": keep.page_url(request, "terms", place.code)})
    if request.user.can(Perm.CHANGE_POPULATION, place.code) and place.urban and table_is_now(request):
        url = keep.page_url(request, "division_population", place.code)
        acts.append({"label": _("登记人口"), "icon": "pencil-square", "url": url})
    return acts


def table_is_now(request: HttpRequest) -> bool:
    """Whether the page shows today: other days are for reading only."""
    return keep.day_of(request) == today()


def absence(place: Division, on: date) -> str:
    """Why a division has no figure on a day."""
    if place.valid_from and on < place.valid_from:
        return _("%(name)s 自 %(day)s 起设立，所选日期还没有它的数据。请在顶部换一个较晚的日期。") % {
            "name": place.label,
            "day": formats.day(place.valid_from),
        }
    return _("%(name)s 最后存在于 %(day)s，所选日期没有它的数据。请在顶部换一个较早的日期。") % {
        "name": place.label,
        "day": formats.day(last_day(place.valid_to)),
    }


def _remedy(request: HttpRequest, figure: Staffing) -> dict | None:
    """What to do where nothing can be judged, with the page to do it on if the reader may."""
    if figure.status == StaffingStatus.NO_DATA:
        may = figure.level and request.user.can(Perm.CHANGE_POPULATION, figure.code)
        return {
            "text": _("登记本社区的人口后，即可算出应配人数。")
            if figure.level == Level.COMMUNITY
            else _("为全部省级区划登记同一口径的人口，即可算出应配人数。")
            if not figure.level
            else _("登记本级人口，或者为全部下级登记同一口径的人口，即可算出应配人数。"),
            "url": keep.page_url(request, "division_population", figure.code) if may else "",
            "label": _("登记人口"),
        }
    if figure.status == StaffingStatus.NOT_IN_FORCE:
        return {
            "text": _("这一天没有适用于这里的配备标准。有权限的人员在“政策”页录入标准和依据后，才能判断是否达标。"),
            "url": _policy_url(request, figure.code),
            "label": _("查看政策"),
        }
    return None


def uncounted_of(
    request: HttpRequest, figure: Staffing | None, figures_on: date | None, *, at_once: bool = True
) -> dict:
    """How many are in post and not counted; the reasons at once where that is quick, else None."""
    count = figure.in_post - figure.workers if figure else 0
    if not (count and at_once) or figure.in_post > REASONS_AT_ONCE:
        return {"count": count, "reasons": None}
    counts = reasons_not_counted(figure.code, figure.on, figures_on)
    return {"count": count, "reasons": reasons_in_words(request, figure.code, counts)}


def reasons_not_counted(code: str, on: date, figures_on: date | None = None) -> dict[str, int]:
    """How many people in post under `code` are not counted on a day, by reason, those without anybody left out.

    `figures_on` is the day that the stored figures are true for. Raises TooManyRows where the day cannot be had.
    """
    figures = {reason: INDICATORS[f"uncounted_{reason}"] for reason in NotCounted.values}
    asked = Chosen(("",), on, under=code, codes=(code,))
    lines = FigureQuery(tuple(figures.values()), asked, figures_on).lines()
    counts = {reason: lines[0][one.key].numerator for reason, one in figures.items()} if lines else {}
    return {reason: count for reason, count in counts.items() if count}


def reasons_in_words(request: HttpRequest, code: str, counts: dict[str, int]) -> list[dict]:
    """Counts by `NotCounted`, in the order of the checks, each leading to the people."""
    return [
        {"label": label, "count": counts[key], "url": value_url(request, f"uncounted_{key}", code)}
        for key, label in NotCounted.choices
        if counts.get(key)
    ]
