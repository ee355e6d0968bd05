"""Taking stars away within the year and correcting a result: one person prepares, another decides."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from ratings.actions import results as writes
from ratings.enums import DraftState, ResultCause
from ratings.forms.results import CorrectionForm, DecideForm, RefuseForm, RemovalForm, WithdrawForm
from ratings.models import StarDraft
from ratings.views.stars import latest_or_404
from workforce.views.answers import attempt, form_page
from workforce.views.places import at_place


def _back(request: HttpRequest, code: str) -> str:
    return keep.page_url(request, "star_unit", code)


def _prepare(request: HttpRequest, division: Division, form_of: type, act: Callable, **words: str) -> HttpResponse:
    result = latest_or_404(division)
    form = form_of(request.POST or None, result=result)
    if form.is_valid() and (draft := attempt(form, act, result=result, **form.cleaned_data, by=request.user)):
        messages.success(request, _("已提交，等待另一位有权限的同事决定；决定之前结果不变。"))
        return redirect(keep.page_url(request, "star_draft", draft.pk))
    lead = _("%(year)s 年度结果：%(grade)s。") % {"year": result.year, "grade": result.get_grade_display()}
    context = {"kind": division.label, "lead": lead, "back": _back(request, division.code), "draft": request.path}
    return form_page(request, "workforce/plain_form.html", form, button=_("提交决定"), **context, **words)


@at_place(Perm.MANAGE_RATINGS)
@never_cache
def star_remove(request: HttpRequest, division: Division) -> HttpResponse:
    """Prepares taking stars away from a unit within the year."""
    sentence = _("从决定按规则确定的生效日起改为更低的星级，此前仍按原星级。")
    return _prepare(request, division, RemovalForm, writes.remove_star, title=_("年度内摘星"), sentence=sentence)


@at_place(Perm.MANAGE_RATINGS)
@never_cache
def star_correct(request: HttpRequest, division: Division) -> HttpResponse:
    """Prepares the correction of a unit's latest result."""
    sentence = _("更正从原结果的生效日起代替它；原版本保留在历史中。")
    return _prepare(request, division, CorrectionForm, writes.correct_result, title=_("更正结果"), sentence=sentence)


def _draft(request: HttpRequest, pk: int, *perms: Perm) -> StarDraft:
    """A draft of the reader's territory by any of the permissions."""
    codes = [code for perm in perms for code in request.user.territories(perm)]
    rows = StarDraft.objects.select_related("division", "replaces", "prepared_by", "decided_by", "made")
    found = get_object_or_404(rows, pk=pk)
    if not any(found.division_id.startswith(code) for code in codes):
        return get_object_or_404(rows.none())
    return found


@requires(Perm.MANAGE_RATINGS, Perm.DECIDE_RATINGS)
@never_cache
def star_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """A prepared removal or correction, with what deciding it will change."""
    found = _draft(request, pk, Perm.MANAGE_RATINGS, Perm.DECIDE_RATINGS)
    form = DecideForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid() and _decided(request, found, form):
        messages.success(request, _("已决定，新版本的结果已经记录。"))
        return redirect(_back(request, found.division_id))
    return form_page(request, "ratings/star_draft.html", form, **_page(request, found))


def _decided(request: HttpRequest, found: StarDraft, form: DecideForm):
    if not request.user.can(Perm.DECIDE_RATINGS, found.division_id):
        form.add_error(None, _("您没有认定星级的权限。"))
        return None
    return attempt(form, writes.decide_draft, draft=found, **form.cleaned_data, by=request.user)


def _page(request: HttpRequest, found: StarDraft) -> dict:
    mine = found.prepared_by_id == request.user.pk
    waits = found.state == DraftState.PREPARED
    return {
        "found": found,
        "removal": found.cause == ResultCause.REMOVAL,
        "waits": waits,
        "mine": mine,
        "decides": waits and not mine and request.user.can(Perm.DECIDE_RATINGS, found.division_id),
        "withdrawal": WithdrawForm(initial={"version": found.version}) if waits and mine else None,
        "back": _back(request, found.division_id),
    }


def _end(request: HttpRequest, pk: int, form_of: type, act: Callable, perm: Perm, title: str, said: str):
    found = _draft(request, pk, perm)
    form = form_of(request.POST or None, initial={"version": found.version})
    if form.is_valid() and attempt(form, act, draft=found, **form.cleaned_data, by=request.user):
        messages.success(request, said)
        return redirect(_back(request, found.division_id))
    back = keep.page_url(request, "star_draft", found.pk)
    context = {"title": title, "kind": found.division.label, "back": back, "button": title, "draft": request.path}
    return form_page(request, "workforce/plain_form.html", form, **context)


@requires(Perm.DECIDE_RATINGS)
@never_cache
def star_draft_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Turns a prepared removal or correction down, with the reason."""
    act, said = writes.refuse_draft, _("未予通过，结果不变。")
    return _end(request, pk, RefuseForm, act, Perm.DECIDE_RATINGS, _("不予通过"), said)


@requires(Perm.MANAGE_RATINGS)
@never_cache
def star_draft_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back what one has prepared oneself."""
    act, said = writes.withdraw_draft, _("已撤回，结果不变。")
    return _end(request, pk, WithdrawForm, act, Perm.MANAGE_RATINGS, _("撤回"), said)
