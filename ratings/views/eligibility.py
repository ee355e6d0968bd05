"""What the stars of units let them and their people in for; exceptions asked for and answered."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.paginator import BoundedPaginator
from ratings.actions.eligibility import answer_exception, ask_exception
from ratings.enums import OverrideState, Purpose
from ratings.forms.consequences import AnswerForm, ExceptionForm
from ratings.models import EligibilityOverride
from ratings.queries import consequences as followed
from ratings.queries import eligibility as reads
from ratings.views.consequences import lines
from workforce.views.answers import attempt, form_page, may_change_now
from workforce.views.places import chosen_place

PAGE_ROWS = 50
# Who may ask: the street for its units, the offices above for theirs.
ASKERS = (Perm.RATE_STREET, Perm.MANAGE_RATINGS)
BADGES = {OverrideState.ASKED: "waiting", OverrideState.APPROVED: "compliant", OverrideState.REFUSED: "ended"}


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def eligibilities(request: HttpRequest) -> HttpResponse:
    """The units of a place with their stars, and what each star lets in for."""
    place, on = chosen_place(request, Perm.VIEW_RATINGS), keep.day_of(request)
    found = reads.units_with_star(request.user, under=place.code if place else "", on=on)
    page = BoundedPaginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"place": place, "on": on, "page": page, "lines": reads.unit_lines(list(page), on), "purposes": Purpose}
    return render(request, "ratings/eligibilities.html", context)


def _unit(request: HttpRequest, code: str, *perms: Perm) -> Division:
    """A community or village in which the reader holds one of the permissions, else 404."""
    for perm in perms:
        if found := Division.objects.for_user(request.user, perm).filter(pk=code, level=Level.COMMUNITY).first():
            return found
    raise Http404


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def eligibility(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: eligible or not for every purpose, with rule and source, its exceptions and what followed for its head."""
    division, on = _unit(request, code, Perm.VIEW_RATINGS), keep.day_of(request)
    standings = reads.standings(division.code, on)
    asks = may_change_now(request) and any(request.user.can(perm, code) for perm in ASKERS)
    actions = []
    if asks and not all(one.eligible for one in standings):
        url = keep.page_url(request, "exception_new", division.code)
        actions = [{"label": _("申请例外"), "icon": "plus-lg", "url": url, "primary": True}]
    context = {
        "division": division,
        "on": on,
        "star": standings[0].star,
        "standings": standings,
        "exceptions": _exceptions(request, reads.overrides_of(request.user, division.code)),
        "lines": lines(request, followed.of_unit(request.user, division.code)),
        "actions": actions,
    }
    return render(request, "ratings/eligibility.html", context)


def _exceptions(request: HttpRequest, rows) -> list[dict]:
    """Exceptions, each with whether the reader may answer it: never the one who asked."""
    held = request.user.territories(Perm.DECIDE_RATINGS) if may_change_now(request) else []
    return [
        {
            "row": row,
            "badge": BADGES[OverrideState(row.state)],
            "answers": row.state == OverrideState.ASKED
            and row.asked_by_id != request.user.pk
            and any(row.division_id.startswith(code) for code in held),
        }
        for row in rows
    ]


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def exceptions(request: HttpRequest) -> HttpResponse:
    """Every exception of a place, those that wait first."""
    place = chosen_place(request, Perm.VIEW_RATINGS)
    rows = reads.overrides(request.user).under(place.code if place else "")
    waiting, answered = rows.filter(state=OverrideState.ASKED), rows.exclude(state=OverrideState.ASKED)
    page = BoundedPaginator(answered.order_by("-answered_on", "-id"), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"place": place, "page": page, "answered": _exceptions(request, page)}
    context["waiting"] = _exceptions(request, waiting.order_by("asked_on", "id")[:PAGE_ROWS])
    return render(request, "ratings/exceptions.html", context)


@requires(*ASKERS)
@never_cache
def exception_new(request: HttpRequest, code: str) -> HttpResponse:
    """Asks for an exception for a unit or one of its people."""
    division = _unit(request, code, *ASKERS)
    form = ExceptionForm(
        request.POST or None, people=reads.people_to_choose(request.user, division, keep.day_of(request))
    )
    back = keep.page_url(request, "eligibility", division.code)
    if form.is_valid() and attempt(form, ask_exception, division=division, **form.asked(), by=request.user):
        messages.success(request, _("已申请例外，等待另一人批准。"))
        return redirect(back)
    lead = _("例外由另一人批准，申请、批复和理由都会留下记录。")
    about = {"title": _("申请例外"), "kind": division.label, "lead": lead, "back": back, "button": _("提交申请")}
    return form_page(request, "workforce/plain_form.html", form, draft=request.path, **about)


@requires(Perm.DECIDE_RATINGS)
@never_cache
def exception_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Approves or refuses an exception that somebody else asked for."""
    row = get_object_or_404(reads.overrides(request.user, Perm.DECIDE_RATINGS), pk=pk)
    form = AnswerForm(request.POST or None, override=row)
    back = keep.page_url(request, "eligibility", row.division_id)
    if form.is_valid() and attempt(form, answer_exception, override=row, **form.cleaned_data, by=request.user):
        messages.success(request, _("已批复：%(state)s。") % {"state": row.get_state_display()})
        return redirect(back)
    about = {"title": _("批复例外"), "kind": row.division.label, "changes": _asked(row), "back": back}
    return form_page(request, "workforce/plain_form.html", form, draft=request.path, button=_("批复"), **about)


def _asked(row: EligibilityOverride) -> list[str]:
    """What was asked for, as the one who answers reads it."""
    words = {"purpose": row.get_purpose_display(), "year": row.year, "by": row.asked_by, "on": row.asked_on}
    words |= {"whom": row.person.name if row.person else _("全单位"), "reason": row.reason}
    return [
        _("用途：%(purpose)s（%(year)s 年度星级）") % words,
        _("对象：%(whom)s") % words,
        _("理由：%(reason)s") % words,
        _("%(by)s 于 %(on)s 申请") % words,
    ]
