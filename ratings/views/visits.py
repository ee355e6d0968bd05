"""Visits: from door to door by one tap each, one with its note and request, the list, and what is taken back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import BoundedPaginator
from ratings.actions.visits import Noted, note_visit, note_visits, take_back_visit
from ratings.enums import VisitOutcome
from ratings.exports.daily import VISITS, span_of
from ratings.forms.visits import DueFilter, VisitFilter, VisitForm, WalkForm
from ratings.models import Premises, Visit
from ratings.queries import premises as premises_reads
from ratings.queries import visits as reads
from ratings.queries.coverage import coverage, waiting
from ratings.views.service_parts import at_community, changes, done, service_form
from workforce.views.answers import attempt, page_or_part

PAGE_ROWS = 50
OUTCOMES = {"met": VisitOutcome.MET, "absent": VisitOutcome.ABSENT}


@require_safe
@at_community(Perm.VIEW_SERVICE, least=Level.STREET)
@never_cache
def visits(request: HttpRequest, division: Division) -> HttpResponse:
    """Visits of a community or street in the period, or in a month."""
    on, form = keep.day_of(request), VisitFilter(request.GET)
    asked = form.asked()
    first, last = span_of(division, on, asked.pop("month"))
    found = reads.listed(request.user, division.code, first=first, last=last, **asked)
    page = BoundedPaginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"division": division, "form": form, "page": page, "first": first, "last": last, "place": True}
    context |= {"changes": changes(request, division), "narrowed": any(form.asked().values())}
    if not request.htmx:
        context |= {
            "exports": export_menu(request, VISITS, place=division.code),
            "actions": _actions(request, division),
        }
    return page_or_part(request, "ratings/visits.html", "ratings/_visit_rows.html", context)


def _actions(request: HttpRequest, division: Division) -> list[dict]:
    if not changes(request, division):
        return []
    url = keep.page_url(request, "visits_due", division.code)
    return [{"label": _("记走访"), "icon": "plus-lg", "url": url, "primary": True}]


@require_safe
@at_community(Perm.CHANGE_SERVICE)
@never_cache
def visits_due(request: HttpRequest, division: Division) -> HttpResponse:
    """The doors where nobody has been met in this period, each with its buttons; or every door that a search finds."""
    context = _walk(request, division)
    return page_or_part(request, "ratings/visits_due.html", "ratings/_visits_due.html", context)


def _walk(request: HttpRequest, division: Division) -> dict:
    form, on = DueFilter(request.GET, division=division), today()
    asked, covered = form.asked(), coverage(division.code, on)
    every = request.GET.get("every") == "1"
    found = Premises.objects.for_user(request.user, Perm.CHANGE_SERVICE).under(division.code).in_force(on)
    rows = found.order_by("kind", "label", "pk") if every else waiting(request.user, division.code, on, covered.period)
    for name in ("kind", "grid"):
        if asked[name]:
            rows = rows.filter(**{name: asked[name]})
    rows = premises_reads.with_last_met(premises_reads.searched(rows, asked["q"]))
    page = BoundedPaginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    walk = WalkForm(request.GET if "visited_on" in request.GET else None, division=division)
    walk.is_valid()
    context = {"division": division, "form": form, "walk": walk, "page": page, "coverage": covered, "every": every}
    return context | {
        "narrowed": any(asked.values()),
        "today": on,
        "query": request.GET.urlencode(),
        "chosen": _chosen(walk),
    }


def _chosen(walk: WalkForm) -> dict:
    """Day and worker as the buttons send them."""
    given = walk.cleaned_data if walk.is_bound else {}
    worker = given.get("worker")
    return {"visited_on": given.get("visited_on") or today(), "worker": str(worker.pk) if worker else ""}


def _asked(data) -> tuple[str, list[int]]:
    """Which outcome at which doors: one button of a line, or a button for all that are ticked."""
    for name, outcome in OUTCOMES.items():
        if data.get(name):
            return outcome, _ids([data[name]])
    return OUTCOMES.get(data.get("bulk", ""), VisitOutcome.MET), _ids(data.getlist("p"))


def _ids(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= 18][:PAGE_ROWS]


@require_POST
@at_community(Perm.CHANGE_SERVICE)
def visits_mark(request: HttpRequest, division: Division) -> HttpResponse:
    """Notes an outcome at one door or at all that are ticked; pressed twice it notes once."""
    outcome, ids = _asked(request.POST)
    form = WalkForm(request.POST, division=division)
    said, undo = "", None
    if not ids:
        tone, said = "warning", _("没有选择住户或商户。请先勾选，再按按钮。")
    elif form.is_valid() and (
        noted := attempt(
            form, note_visits, division=division, premises=ids, outcome=outcome, **form.cleaned_data, by=request.user
        )
    ):
        tone, said = "success", _sentence(ids, outcome, noted)
        undo = noted.made[0] if len(noted.made) == 1 else None
    else:
        tone, said = "error", " ".join(str(error) for errors in form.errors.values() for error in errors)
    return _marked(request, division, tone, said, undo)


def _marked(request: HttpRequest, division: Division, tone: str, said: str, undo: int | None) -> HttpResponse:
    if request.htmx:
        context = _walk(request, division) | {"said": said, "tone": tone, "undo": undo}
        return render(request, "ratings/_visits_due.html", context)
    messages.add_message(request, getattr(messages, tone.upper()), said)
    query = request.GET.urlencode()
    return redirect(reverse("visits_due", args=[division.code]) + (f"?{query}" if query else ""))


def _sentence(ids: list[int], outcome: str, noted: Noted) -> str:
    word = VisitOutcome(outcome).label
    if len(ids) == 1:
        label = Premises.objects.filter(pk=ids[0]).values_list("label", flat=True).first() or ""
        given = {"label": label, "outcome": word}
        if noted.made:
            return _("已记：%(label)s，%(outcome)s。") % given
        return (
            _("%(label)s 当天已记过“%(outcome)s”，没有重复记录。") % given
            if noted.known
            else _("%(label)s 当天不在此处，没有记录。") % given
        )
    given = {"n": len(noted.made), "outcome": word, "known": noted.known}
    said = _("已记 %(n)s 户“%(outcome)s”。") % given
    return said + (_("%(known)s 户当天已记过，没有重复记录。") % given if noted.known else "")


@requires(Perm.CHANGE_SERVICE)
@never_cache
def visit_new(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit with its note; what the resident brings forward is received at once."""
    rows = premises_reads.standing(request.user, Perm.CHANGE_SERVICE).select_related("division")
    held = get_object_or_404(rows, pk=pk)
    form, back = VisitForm(request.POST or None, division=held.division), keep.page_url(request, "premises_one", pk)
    if form.is_valid() and (made := attempt(form, note_visit, premises=held, **form.asked(), by=request.user)):
        _visit, raised = made
        if raised is not None:
            words = {"day": raised.due_on.isoformat()}
            return done(
                request,
                keep.page_url(request, "request", raised.pk),
                _("已记走访并受理诉求，请在 %(day)s 前答复。") % words,
            )
        return done(
            request,
            keep.page_url(request, "visits_due", held.division_id),
            _("已记：%(label)s。") % {"label": held.label},
        )
    return service_form(request, form, held.division, _("走访：%(label)s") % {"label": held.label}, back)


@require_POST
@requires(Perm.CHANGE_SERVICE)
def visit_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back a visit noted by mistake."""
    held = get_object_or_404(
        Visit.objects.for_user(request.user, Perm.CHANGE_SERVICE).select_related("premises"), pk=pk
    )
    try:
        take_back_visit(visit=held, by=request.user)
        messages.success(request, _("已撤回：%(label)s 的走访。") % {"label": held.premises.label})
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    back = {"due": ("visits_due", held.division_id), "list": ("visits", held.division_id)}
    name, key = back.get(request.POST.get("back", ""), ("premises_one", held.premises_id))
    return redirect(keep.page_url(request, name, key))
