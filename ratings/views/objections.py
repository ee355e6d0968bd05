"""Objections for the office: what has come in, by when it is to be answered, and the answer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.paginator import Paginator
from ratings.actions.objections import answer_objection, reveal_sender
from ratings.enums import ObjectionState, Stage
from ratings.forms.objections import AnswerForm, ObjectionFilter
from ratings.models import Objection
from ratings.queries import objections as reads
from workforce.forms import RevealForm
from workforce.views.answers import attempt, form_page
from workforce.views.places import chosen_place

PAGE_ROWS = 50


@require_safe
@requires(reads.PERM)
@never_cache
def objections(request: HttpRequest) -> HttpResponse:
    """All objections of the reader's territory, those that wait first, with the days left."""
    place = chosen_place(request, reads.PERM)
    form = ObjectionFilter(request.GET)
    found = reads.listed(request.user, under=place.code if place else "", **form.asked())
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    for one in page:
        one.status = status_of(one)
    return render(request, "ratings/objections.html", {"place": place, "form": form, "page": page})


def status_of(one: Objection) -> str:
    if one.state == ObjectionState.RECEIVED:
        return "overdue" if one.due_on < today() else "open"
    return "closed"


def _objection(request: HttpRequest, pk: UUID) -> Objection:
    return get_object_or_404(reads.objections(request.user), pk=pk)


def _page(request: HttpRequest, found: Objection) -> dict:
    unit = found.unit
    waits = found.state == ObjectionState.RECEIVED
    own = unit.district_by_id == request.user.pk
    return {
        "found": found,
        "unit": unit,
        "status": status_of(found),
        "waits": waits,
        "own": own,
        "noticed": unit.cycle.stage == Stage.NOTICE,
        "reveals": bool(found.sender or found.contact) and request.user.can(Perm.REVEAL_PERSONAL, unit.division_id),
        "reveal_form": RevealForm(),
        "back": keep.page_url(request, "objections"),
    }


@requires(reads.PERM)
@never_cache
def objection(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One objection with its answer, or the form of the answer."""
    found = _objection(request, pk)
    form = AnswerForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid() and _answered(request, found, form):
        messages.success(request, _("已答复。提出异议的人凭回执编号可以看到结论和答复。"))
        return redirect(keep.page_url(request, "objection", found.pk))
    return form_page(request, "ratings/objection.html", form, **_page(request, found))


def _answered(request: HttpRequest, found: Objection, form: AnswerForm) -> Objection | None:
    if not found.answers:
        form.add_error(None, _("异议由组织评定的单位答复，您可以查看。"))
        return None
    return attempt(form, answer_objection, objection=found, **form.cleaned_data, by=request.user)


@requires(reads.PERM)
@never_cache
def objection_reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name and contact of the sender in clear, once, for a reason that goes on record."""
    found = _objection(request, pk)
    code = found.unit.division_id
    if not request.user.can(Perm.REVEAL_PERSONAL, code):
        return get_object_or_404(Objection.objects.none())
    form, clear = RevealForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        clear = attempt(form, reveal_sender, objection=found, division=code, reason=reason, by=request.user)
    back = keep.page_url(request, "objection", found.pk)
    return form_page(request, "ratings/objection_reveal.html", form, found=found, clear=clear, back=back)
