"""The service norms of a community or village: each with its figure, what is asked, and whether it is reached (domain §1.H)."""

from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.indicators.figures import Figure, Line, Met, State
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.pages.indicator_figures import line_at
from portal.pages.indicator_links import figure_page, value_url
from portal.pages.indicator_words import BADGES, target_words
from portal.registry import INDICATORS
from ratings import norms

# In the order of the norms H1 to H12.
JUDGED = (
    "visit_coverage_households",
    "visit_coverage_shops",
    "grid_presence_share",
    "visit_time_share",
    "needs_found",
    "needs_converted",
    "facility_area_per_100",
    "public_space_share",
    "all_post_share",
    "two_halls_share",
    "organisations_complete",
)
SPLIT = ("duty_time_share", "patrol_time_share", "project_time_share")


def norms_panel(request: HttpRequest, division: Division, on: date) -> dict | None:
    """One line per norm; None where the place did not exist on the day."""
    found = line_at((INDICATORS[key] for key in (*JUDGED, *SPLIT)), division, on)
    if found is None:
        return None
    figures = [found[key] for key in JUDGED]
    lines = [_line(request, figure) for figure in figures if figure.state != State.NOT_APPLICABLE]
    sees = request.user.can(Perm.VIEW_SERVICE, division.code)
    return {
        "lines": [*lines, _split(request, found)],
        "url": keep.page_url(request, "service_place", division.code) if sees else "",
    }


def _line(request: HttpRequest, figure: Figure) -> dict:
    return {
        "label": figure.indicator.label,
        "page": figure_page(request, figure.indicator.key, figure.code),
        "value": figure.text,
        "rows": value_url(request, figure.indicator.key, figure.code) if figure.state == State.VALUE else "",
        "target": target_words(figure),
        "badge": BADGES.get(figure.met, ""),
        "met": figure.met.label,
    }


def _split(request: HttpRequest, found: Line) -> dict:
    """H4: the three parts of the working time side by side, judged together."""
    parts = [found[key] for key in SPLIT]
    rule = parts[0].rule
    number = rule.value["parts"] if rule else len(SPLIT)
    hours = {key: Decimal(found[key].numerator or 0) for key in SPLIT}
    reached = norms.split_met(hours, Decimal(parts[0].denominator or 0), number)
    met = Met.NOT_IN_FORCE if rule is None else {True: Met.MET, False: Met.MISSED, None: Met.NO_DATA}[reached]
    known = parts[0].state == State.VALUE
    return {
        "label": _("工作时间分段（值守、巡查、领办项目）"),
        "page": figure_page(request, SPLIT[0], found.code),
        "value": _("、").join(figure.text for figure in parts) if known else parts[0].text,
        "rows": value_url(request, SPLIT[0], found.code) if known else "",
        "target": _("各占 %(number)s 分之一") % {"number": number} if rule else "",
        "badge": BADGES.get(met, ""),
        "met": met.label,
    }
