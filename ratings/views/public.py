"""Pages without a log-in: notices and results of ratings, the form of objections, and what became of one.

Nothing here asks for a session; a cycle before the first day of its notice does not exist.
"""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.lib.clock import today
from portal.core.territory.queries import shown_children
from portal.core.web.paginator import Paginator
from ratings.actions.objections import TooManyObjections, raise_objection, stands
from ratings.forms.objections import ObjectionForm, PublicFilter
from ratings.models import RatingCycle
from ratings.queries import objections as objection_reads
from ratings.queries import public as reads
from ratings.queries.results import graded
from workforce.views.answers import attempt, form_page

PAGE_ROWS = 100
MOST_CYCLES = 50


@login_not_required
@require_safe
def public_ratings(request: HttpRequest) -> HttpResponse:
    """Every published cycle, those under notice first."""
    cycles = sorted(reads.published()[:MOST_CYCLES], key=lambda cycle: not stands(cycle))
    lines = [{"cycle": cycle, "state": state_of(cycle)} for cycle in cycles]
    return render(request, "ratings/public_ratings.html", {"lines": lines})


def state_of(cycle: RatingCycle) -> str:
    """Under notice, between notice and decision, or decided."""
    if cycle.stage in reads.DECIDED:
        return "decided"
    return "notice" if stands(cycle) else "closed"


@login_not_required
@require_safe
def public_rating(request: HttpRequest, key: UUID) -> HttpResponse:
    """One notice, or the results after the decision: grades, scores where the cycle shows them, how to object."""
    cycle = get_object_or_404(reads.published(), public_key=key)
    places = list(shown_children(cycle.division, today()).order_by("code"))
    form = PublicFilter(request.GET, places=places)
    units = reads.published_units(cycle, **form.asked())
    page = Paginator(units, PAGE_ROWS).get_page(request.GET.get("page"))
    decided = cycle.stage in reads.DECIDED
    later = reads.later_versions(page.object_list) if decided else {}
    context = {
        "cycle": cycle,
        "state": state_of(cycle),
        "form": form,
        "page": page,
        "rows": [{"unit": unit, "later": later.get(unit.pk)} for unit in page],
        "counts": graded(reads.published_units(cycle)),
        "decided": decided,
    }
    return render(request, "ratings/public_rating.html", context)


@login_not_required
@never_cache
def public_objection(request: HttpRequest, key: UUID, code: str) -> HttpResponse:
    """The form of an objection to the grade of one unit; outside the days of the notice a sentence instead."""
    cycle = get_object_or_404(reads.published(), public_key=key)
    unit = get_object_or_404(reads.published_units(cycle), division_id=code)
    context = {"cycle": cycle, "unit": unit}
    if not stands(cycle):
        return render(
            request, "ratings/public_objection_closed.html", context, status=409 if request.method == "POST" else 200
        )
    form = ObjectionForm(request.POST or None)
    try:
        if form.is_valid() and (made := attempt(form, raise_objection, unit=unit, **form.asked(), by=None)):
            return redirect(reverse("public_receipt", args=[made.receipt]) + "?" + urlencode({"sent": 1}))
    except TooManyObjections as error:
        return _too_many(request, error.wait)
    return form_page(request, "ratings/public_objection.html", form, **context)


def _too_many(request: HttpRequest, wait: int) -> HttpResponse:
    minutes = -(-wait // 60)
    response = render(request, "ratings/public_too_many.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(wait)
    return response


@login_not_required
@require_safe
@never_cache
def public_receipt_search(request: HttpRequest) -> HttpResponse:
    """Asks for a receipt number and leads to its page."""
    number = request.GET.get("number", "").strip()[:40]
    if number and (found := objection_reads.by_receipt(number)):
        return redirect("public_receipt", found.receipt)
    context = {"number": number, "problem": _("没有这个回执编号。请核对后再查。") if number else ""}
    return _unlisted(render(request, "ratings/public_receipt_search.html", context, status=404 if number else 200))


@login_not_required
@require_safe
@never_cache
def public_receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """What became of an objection: its state and the answer, and nothing of what was sent."""
    found = objection_reads.by_receipt(receipt)
    if found is None:
        return redirect(reverse("public_receipt_search") + "?" + urlencode({"number": receipt[:40]}))
    context = {"found": found, "unit": found.unit, "cycle": found.unit.cycle, "sent": "sent" in request.GET}
    return _unlisted(render(request, "ratings/public_receipt.html", context))


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
