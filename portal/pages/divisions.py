"""A division: its figure in a sentence, what to be careful about, and the divisions under it as a table."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.later import counting
from portal.pages import sentences
from portal.pages.answers import page_or_part
from portal.pages.communities import community
from portal.pages.dashboard import slots, workbook_choice
from portal.pages.division_head import head, reasons_in_words, reasons_not_counted, uncounted_of
from portal.pages.places import at_division
from portal.pages.staffing_table import StaffingTable
from workforce.counters import BOOK


@require_safe
@at_division(Perm.VIEW_STAFFING, whole=True)
def division(request: HttpRequest, division: Division) -> HttpResponse:
    """A division with its children; a community with its people."""
    if division.formal:
        return redirect(keep.page_url(request, "division", division.parent_id))
    if division.level == Level.COMMUNITY:
        return community(request, division)
    if (page := counting(request, BOOK, division.code, keep.day_of(request))) is not None:
        return page
    table = StaffingTable(request, division)
    context = {"division": division, "table": table}
    if not request.htmx:
        # Somebody who searches the table looks for a row: the reasons then wait to be asked for.
        uncounted = uncounted_of(request, table.figure, table.figures_on, at_once=not table.asked["q"])
        context |= head(request, table, _complying(table), _notes(table))
        context |= {"uncounted": uncounted, "slots": slots(request, division)}
        for menu in context.get("exports", ()):
            menu["choices"].insert(0, workbook_choice(request, division))
    return page_or_part(request, "portal/division.html", "portal/_children.html", context)


def _complying(table: StaffingTable) -> list[SafeString]:
    """How many divisions of the level in the table comply."""
    if table.figure is None or not table.whole.judged:
        return []
    return [sentences.complying_sentence(table.shown_level, table.whole)]


def _notes(table: StaffingTable) -> list[str]:
    """What to be careful about with the divisions of the table beside their own cautions."""
    return sentences.caution_below(table.figure, table.whole) if table.figure is not None else []


@require_safe
@at_division(Perm.VIEW_STAFFING, whole=True)
def division_uncounted(request: HttpRequest, division: Division) -> HttpResponse:
    """Who is in post under a division and not counted, by reason."""
    if (page := counting(request, BOOK, division.code, keep.day_of(request))) is not None:
        return page
    counts = reasons_not_counted(division.code, keep.day_of(request))
    found = {"count": sum(counts.values()), "reasons": reasons_in_words(request, division.code, counts)}
    context = {"division": division, "on": keep.day_of(request), "uncounted": found}
    return page_or_part(request, "portal/uncounted.html", "portal/_reasons.html", context)


routes = [
    path("divisions/<str:code>/", division, name="division"),
    path("divisions/<str:code>/uncounted/", division_uncounted, name="division_uncounted"),
]
