"""One unit of a cycle: everything about it on a page, its points with notes and files, and its single acts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.downloads import hand_out
from ratings.actions import evidence as files
from ratings.actions import incidents
from ratings.actions import units as acts
from ratings.forms.units import AssessForm, EvidenceForm
from ratings.models import Evidence, Incident, UnitRating
from ratings.queries import cycles as reads
from ratings.views import unit_acts, unit_parts
from ratings.views.cycle_parts import NAMES, tried
from ratings.views.sheets import RATERS
from workforce.views.answers import attempt, form_page, may_change_now

OFFICES = (Perm.RATE_STREET, Perm.RATE_DISTRICT, Perm.MANAGE_RATINGS)


def unit_or_404(request: HttpRequest, pk: int, *perms: Perm) -> UnitRating:
    """A unit where the reader holds any of the permissions."""
    for perm in perms or (Perm.VIEW_RATINGS,):
        if (found := reads.units(request.user, perm).filter(pk=pk).first()) is not None:
            return found
    raise Http404


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def rating_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Scores by stage with what they rest on, files, events, visits, opinions, moves, and what has happened."""
    found = get_object_or_404(reads.with_scores(reads.units(request.user)), pk=pk)
    return render(request, "ratings/unit.html", unit_parts.unit_context(request, found))


@requires(*RATERS)
@never_cache
def rating_assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Points and notes of one unit at its stage, with its files: how a community assesses itself."""
    unit = unit_or_404(request, pk, *RATERS)
    back = keep.page_url(request, "rating_unit", pk)
    stage = unit.stage
    if not unit_parts.may_score(request, unit):
        messages.warning(request, unit_parts.why_not(request, unit))
        return redirect(back)
    items = list(acts.hand_items({unit.scheme_id})[unit.scheme_id].values())
    form = AssessForm(request.POST or None, unit=unit, stage=stage, items=items, scores=reads.scores_of(unit))
    if form.is_valid():
        submit = "submit" in request.POST
        row = form.asked()
        done = attempt(form, acts.save_sheet, cycle=unit.cycle, stage=stage, rows=[row], submit=submit, by=request.user)
        if done is not None:
            return _after(request, unit, done, submit)
    context = unit_parts.assess_context(request, unit, form)
    return form_page(request, "ratings/assess.html", form, back=back, stage_name=NAMES[stage], **context)


def _after(request: HttpRequest, unit: UnitRating, done: acts.Saved, submit: bool) -> HttpResponse:
    if done.open:
        messages.warning(request, _("已保存。还有指标没有打分，全部打分后才能提交。"))
    else:
        messages.success(request, _("已提交。") if submit else _("已保存。"))
    target = "rating_unit" if submit and not done.open else "rating_assess"
    return redirect(keep.page_url(request, target, unit.pk))


@requires(*OFFICES)
@never_cache
def rating_unit_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """A single act on a unit, with its form."""
    if act not in unit_acts.ACTS:
        raise Http404
    one = unit_acts.ACTS[act]
    unit = unit_or_404(request, pk, *one.perms)
    back = request.GET.get("back") == "calibration"
    back_url = (
        keep.page_url(request, "rating_calibration", unit.cycle_id)
        if back
        else keep.page_url(request, "rating_unit", pk)
    )
    form = one.form_of(request, unit)
    valid = form.is_valid() and may_change_now(request)
    if valid and attempt(form, one.action, unit=unit, by=request.user, **one.arguments(form)):
        messages.success(request, one.said)
        return redirect(back_url)
    context = {"title": one.label, "kind": unit.division.label, "sentence": one.sentence, "button": one.label}
    draft = f"{request.path}-{unit.version}"
    return form_page(request, "workforce/plain_form.html", form, back=back_url, draft=draft, **context)


@requires(*RATERS)
@never_cache
def rating_evidence_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes in a file for an item of a unit, at the stage of the reader."""
    unit = unit_or_404(request, pk, *RATERS)
    initial = {"item": request.GET.get("item")}
    form = EvidenceForm(request.POST or None, request.FILES or None, unit=unit, initial=initial)
    back = keep.page_url(request, "rating_assess" if unit_parts.may_score(request, unit) else "rating_unit", pk)
    if form.is_valid() and attempt(form, files.add_evidence, unit=unit, by=request.user, **form.asked()):
        messages.success(request, _("已上传佐证材料。"))
        return redirect(back)
    context = {"unit": unit, "back": back}
    return form_page(request, "ratings/evidence_form.html", form, **context)


def _evidence(request: HttpRequest, pk, *perms: Perm) -> Evidence:
    found = get_object_or_404(Evidence.objects.select_related("unit"), pk=pk)
    found.unit = unit_or_404(request, found.unit_id, *perms)
    return found


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def rating_evidence(request: HttpRequest, pk) -> HttpResponse:
    """A file as a download, inside the territory only and on record; never shown by the browser itself."""
    return hand_out(request, _evidence(request, pk, Perm.VIEW_RATINGS), files.taken_out)


@require_POST
@requires(*RATERS)
@never_cache
def rating_evidence_take_back(request: HttpRequest, pk) -> HttpResponse:
    """Withdraws a file while the unit is at the reader's stage."""
    found = _evidence(request, pk, *RATERS)
    tried(request, files.take_back_evidence, _("已撤回佐证材料。"), evidence=found, by=request.user)
    return redirect(keep.page_url(request, "rating_unit", found.unit_id))


INCIDENT_ACTS = {
    "confirm": (incidents.confirm_incident, _L("已确认，计入得分。")),
    "take-back": (incidents.take_back_incident, _L("已撤回。")),
}


@require_POST
@requires(*OFFICES)
@never_cache
def rating_incident_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Confirms an event, or takes it back."""
    if act not in INCIDENT_ACTS:
        raise Http404
    found = get_object_or_404(Incident.objects.select_related("unit"), pk=pk)
    unit = unit_or_404(request, found.unit_id, *OFFICES)
    action, said = INCIDENT_ACTS[act]
    found.unit = unit
    tried(request, action, said, incident=found, by=request.user)
    return redirect(keep.page_url(request, "rating_unit", unit.pk) + "#incidents")
