"""Yearly ratings: the board by stage, a new cycle, one cycle with its progress, and its steps."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
from portal.core.web.paginator import Paginator
from ratings.actions import cycles as acts
from ratings.actions.calibration import add_opinion, take_back_opinion
from ratings.exports.cycles import BOARD
from ratings.forms.cycles import OpenForm, OpinionForm
from ratings.models import DepartmentOpinion, RatingCycle
from ratings.queries import cycles as reads
from ratings.views import cycle_acts, cycle_parts
from workforce.views.answers import attempt, form_page, may_change_now
from workforce.views.places import chosen_place

CYCLE_ROWS = 20


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def ratings(request: HttpRequest) -> HttpResponse:
    """The board: what waits at each stage, the latest first; below it the cycles of all years."""
    place = chosen_place(request, Perm.VIEW_RATINGS)
    found = reads.cycles(request.user).order_by("-year", "division_id")
    page = Paginator(found, CYCLE_ROWS).get_page(request.GET.get("page"))
    lanes = cycle_parts.lanes(request, reads.waiting(request.user, under=place.code if place else "", on=today()))
    actions = [{"label": _("评定方案"), "icon": "card-checklist", "url": keep.page_url(request, "rating_schemes")}]
    if may_change_now(request) and _new_place(request):
        url = keep.page_url(request, "rating_open")
        actions.insert(0, {"label": _("启动评定"), "icon": "plus-lg", "url": url, "primary": True})
    context = {"place": place, "lanes": lanes, "page": page, "actions": actions, "exports": export_menu(request, BOARD)}
    return render(request, "ratings/board.html", context)


def _new_place(request: HttpRequest) -> Division | None:
    """The city or district whose units a new cycle rates; None where the reader opens none."""
    if not request.user.can(Perm.MANAGE_RATINGS):
        return None
    place = chosen_place(request, Perm.MANAGE_RATINGS)
    if place is not None and place.level > Level.DISTRICT:
        mine = Division.objects.for_user(request.user, Perm.MANAGE_RATINGS)
        place = mine.filter(pk=place.code[:6]).first() or place
    return place


@requires(Perm.MANAGE_RATINGS)
@never_cache
def rating_open(request: HttpRequest) -> HttpResponse:
    """Opens the rating of a year for a district or city."""
    place = _new_place(request)
    if place is None:
        messages.warning(request, _("请先在顶部选择评定的区或市。"))
        return redirect(keep.page_url(request, "ratings"))
    form = OpenForm(request.POST or None, place=place)
    if form.is_valid():
        made = attempt(form, acts.open_cycle, division=place, by=request.user, **form.cleaned_data)
        if made is not None:
            messages.success(request, _("已启动，列入 %(n)s 个单位。") % {"n": made.units.count()})
            return redirect(keep.page_url(request, "rating_cycle", made.pk))
    due = [
        _("%(stage)s截止 %(day)s") % {"stage": cycle_parts.NAMES[stage], "day": day.isoformat()}
        for stage, day in acts.first_deadlines(place.code, today()).items()
    ]
    sentence = _("范围内每个村和社区各列入一次，按启用的方案评定。各阶段期限按政策计算：")
    context = {"title": _("启动评定"), "kind": place.label, "sentence": sentence, "changes": due, "button": _("启动")}
    back = keep.page_url(request, "ratings")
    return form_page(request, "workforce/plain_form.html", form, back=back, draft=f"rating-{place.code}", **context)


def cycle_or_404(request: HttpRequest, pk: int, perm: Perm = Perm.VIEW_RATINGS) -> RatingCycle:
    return get_object_or_404(reads.cycles(request.user, perm), pk=pk)


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def rating_cycle(request: HttpRequest, pk: int) -> HttpResponse:
    """One cycle: its steps and deadlines, how far the units are, opinions, grades as far as the reader sees them."""
    found = cycle_or_404(request, pk)
    return render(request, "ratings/cycle.html", cycle_parts.cycle_context(request, found))


@requires(Perm.MANAGE_RATINGS, Perm.DECIDE_RATINGS)
@never_cache
def rating_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """A step of the whole cycle, after saying what it will do."""
    if act not in cycle_acts.ACTS:
        raise Http404
    one = cycle_acts.ACTS[act]
    found = cycle_or_404(request, pk, one.perm)
    back = keep.page_url(request, "rating_cycle", pk)
    form = cycle_acts.form_of(act, request.POST or None, found)
    if form.is_valid() and may_change_now(request):
        done = attempt(form, one.action, cycle=found, by=request.user, **form.cleaned_data)
        if done is not None:
            messages.success(request, one.said)
            return redirect(back)
    context = {"title": one.label, "kind": str(found), "sentence": one.sentence, "button": one.label}
    context["changes"] = cycle_parts.consequences_of(act, found)
    return form_page(
        request, "workforce/plain_form.html", form, back=back, draft=f"{request.path}-{found.version}", **context
    )


@requires(Perm.MANAGE_RATINGS)
@never_cache
def rating_opinion_new(request: HttpRequest, pk: int) -> HttpResponse:
    """What a department says in the joint review."""
    found = cycle_or_404(request, pk, Perm.MANAGE_RATINGS)
    back = keep.page_url(request, "rating_cycle", pk)
    form = OpinionForm(request.POST or None, rated=found.units.filter(left_out_because="").select_related("division"))
    if form.is_valid():
        fields, unit = form.fields_given(), form.cleaned_data["unit"]
        if attempt(form, add_opinion, cycle=found, fields=fields, unit=unit, by=request.user):
            messages.success(request, _("已登记部门意见。"))
            return redirect(back)
    context = {"title": _("登记部门意见"), "kind": str(found), "back": back, "draft": request.path}
    return form_page(request, "workforce/plain_form.html", form, **context)


@require_POST
@requires(Perm.MANAGE_RATINGS)
@never_cache
def rating_opinion_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back an opinion entered by mistake."""
    mine = reads.cycles(request.user, Perm.MANAGE_RATINGS)
    opinion = get_object_or_404(DepartmentOpinion.objects.filter(cycle__in=mine), pk=pk)
    cycle_parts.tried(request, take_back_opinion, _("已撤回。"), opinion=opinion, by=request.user)
    return redirect(keep.page_url(request, "rating_cycle", opinion.cycle_id))
