"""Meetings from which proposals come, the units that handle them, and who works for a unit."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.paginator import BoundedPaginator
from proposals.actions import sessions as acts
from proposals.forms.sessions import SeatForm, SessionForm, UnitForm
from proposals.models import HandlingUnit, Seat
from proposals.queries import cases as reads
from workforce.views.answers import attempt, form_page, may_change_now

PAGE_ROWS = 50


def _may(request: HttpRequest) -> bool:
    return request.user.can(Perm.MANAGE_PROPOSALS) and may_change_now(request)


def _code(request: HttpRequest) -> str:
    return reads.place_of_cases(keep.place_of(request))


def _new(request: HttpRequest, name: str, label: str) -> list[dict]:
    if not _may(request):
        return []
    return [{"label": label, "icon": "plus-lg", "url": keep.page_url(request, name), "primary": True}]


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def proposal_sessions(request: HttpRequest) -> HttpResponse:
    """Sessions with how many proposals each has, as far as the reader may see them."""
    page = BoundedPaginator(reads.sessions(request.user, _code(request)), PAGE_ROWS).get_page(request.GET.get("page"))
    counts = reads.counts_of_sessions(request.user, [one.pk for one in page])
    rows = [{"session": one, "count": counts.get(one.pk, 0), "edits": _edits(request, one.division_id)} for one in page]
    context = {"page": page, "rows": rows, "actions": _new(request, "proposal_session_new", _("登记会议"))}
    return render(request, "proposals/sessions.html", context)


def _edits(request: HttpRequest, code: str) -> bool:
    return may_change_now(request) and request.user.can(Perm.MANAGE_PROPOSALS, code)


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def proposal_session_new(request: HttpRequest) -> HttpResponse:
    """Enters a session."""
    form, back = SessionForm(request.POST or None, user=request.user), keep.page_url(request, "proposal_sessions")
    if form.is_valid() and (made := attempt(form, acts.add_session, **form.cleaned_data, by=request.user)):
        messages.success(request, _("已登记%(session)s。") % {"session": made.label})
        return redirect(back)
    return form_page(request, "workforce/plain_form.html", form, title=_("登记会议"), back=back)


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def proposal_session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a session."""
    held = get_object_or_404(reads.sessions(request.user, perm=Perm.MANAGE_PROPOSALS), pk=pk)
    form = SessionForm(request.POST or None, user=request.user, held=held)
    back = keep.page_url(request, "proposal_sessions")
    if form.is_valid() and attempt(form, acts.change_session, session=held, **form.cleaned_data, by=request.user):
        messages.success(request, _("已保存。"))
        return redirect(back)
    return form_page(request, "workforce/plain_form.html", form, title=_("更正会议"), back=back)


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def handling_units(request: HttpRequest) -> HttpResponse:
    """Units that handle proposals, with how much waits at each and how many people work for it."""
    found = reads.units(request.user, _code(request)).annotate(
        people=Count("seats", filter=Q(seats__user__is_active=True))
    )
    page = BoundedPaginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "actions": _new(request, "handling_unit_new", _("登记承办单位"))}
    return render(request, "proposals/units.html", context)


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def handling_unit_new(request: HttpRequest) -> HttpResponse:
    """Enters a unit."""
    form = UnitForm(request.POST or None, user=request.user)
    if form.is_valid() and (made := attempt(form, acts.add_unit, **form.cleaned_data, by=request.user)):
        messages.success(request, _("已登记%(unit)s。请指定经办人员。") % {"unit": made.name})
        return redirect(keep.page_url(request, "handling_unit", made.pk))
    back = keep.page_url(request, "handling_units")
    return form_page(request, "workforce/plain_form.html", form, title=_("登记承办单位"), back=back)


def _unit(request: HttpRequest, pk: int, perm: Perm) -> HandlingUnit:
    return get_object_or_404(reads.units(request.user, perm=perm), pk=pk)


def _shown(request: HttpRequest, held: HandlingUnit, form: SeatForm | None = None) -> HttpResponse:
    edits = _edits(request, held.division_id)
    seats = held.seats.filter(user__is_active=True).select_related("user").order_by("id")
    context = {"unit": held, "seats": seats, "edits": edits, "form": form or SeatForm(), "failed": form is not None}
    if edits:
        url = keep.page_url(request, "handling_unit_edit", held.pk)
        context["actions"] = [{"label": _("更正"), "icon": "pencil-square", "url": url}]
    return render(request, "proposals/unit.html", context, status=422 if form is not None else 200)


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def handling_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit, what its letters print, and who works for it."""
    return _shown(request, _unit(request, pk, Perm.VIEW_PROPOSALS))


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def handling_unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a unit."""
    held, back = _unit(request, pk, Perm.MANAGE_PROPOSALS), keep.page_url(request, "handling_unit", pk)
    form = UnitForm(request.POST or None, user=request.user, held=held)
    if form.is_valid() and attempt(form, acts.change_unit, unit=held, **form.cleaned_data, by=request.user):
        messages.success(request, _("已保存；以前发出的公文不变。"))
        return redirect(back)
    return form_page(request, "workforce/plain_form.html", form, title=_("更正承办单位"), back=back)


@require_POST
@requires(Perm.MANAGE_PROPOSALS)
def handling_unit_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a unit out of use, or into use again."""
    held = _unit(request, pk, Perm.MANAGE_PROPOSALS)
    try:
        acts.close_unit(unit=held, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已停用。") if held.closed_on else _("已恢复使用。"))
    return redirect(keep.page_url(request, "handling_unit", pk))


@require_POST
@requires(Perm.MANAGE_PROPOSALS)
def handling_seat_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Lets somebody work for a unit."""
    held, form = _unit(request, pk, Perm.MANAGE_PROPOSALS), SeatForm(request.POST)
    if form.is_valid() and attempt(form, acts.give_seat, unit=held, **form.cleaned_data, by=request.user):
        messages.success(request, _("已指定经办人员。"))
        return redirect(keep.page_url(request, "handling_unit", pk))
    return _shown(request, held, form)


@require_POST
@requires(Perm.MANAGE_PROPOSALS)
def handling_seat_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends somebody's work for a unit."""
    seat = get_object_or_404(Seat.objects.select_related("unit"), pk=pk)
    unit = _unit(request, seat.unit_id, Perm.MANAGE_PROPOSALS)
    acts.take_seat(seat=seat, by=request.user)
    messages.success(request, _("已取消其经办资格，已做的办理记录不变。"))
    return redirect(keep.page_url(request, "handling_unit", unit.pk))
