"""Careers: directed posts of districts, secretaries with full terms, honours with their quotas."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.later import counting
from workforce.actions import careers as writes
from workforce.counters import BOOK
from workforce.enums import NominationStage
from workforce.exports.careers import AWARDS, DIRECTED, NOMINATIONS
from workforce.forms.careers import AwardForm, DirectedForm, NominationForm, StageForm, YearFilter
from workforce.forms.training import PeopleSearch
from workforce.models import Award, DirectedRecruitment, Nomination
from workforce.queries import careers as reads
from workforce.queries.roster import find_people, units_of
from workforce.views.answers import attempt, form_page, may_change_now
from workforce.views.places import chosen_place

FOUND = 30
TABS = (
    ("careers", gettext_lazy("定向招录")),
    ("careers_secretaries", gettext_lazy("事业编制资格")),
    ("awards", gettext_lazy("荣誉与推荐")),
)


def _context(request: HttpRequest, name: str) -> dict:
    """What the three pages share: place, year, tabs, and whether the reader may enter something."""
    place, form = chosen_place(request, Perm.VIEW_ROSTER), YearFilter(request.GET, on=keep.day_of(request))
    tabs = [{"label": label, "url": keep.page_url(request, key), "current": key == name} for key, label in TABS]
    changes = may_change_now(request) and request.user.can(Perm.CHANGE_CAREERS)
    under = place.code if place else ""
    return {
        "place": place,
        "under": under,
        "form": form,
        "year": form.asked()["year"],
        "tabs": tabs,
        "changes": changes,
    }


def _new(request: HttpRequest, context: dict, name: str, label: str) -> list[dict]:
    if not context["changes"]:
        return []
    return [{"label": label, "icon": "plus-lg", "url": keep.page_url(request, name), "primary": True}]


@require_safe
@requires(Perm.VIEW_ROSTER)
def careers(request: HttpRequest) -> HttpResponse:
    """Directed recruitment: every district with both groups, and where the rule is broken."""
    context = _context(request, "careers")
    lines = reads.directed(request.user, under=context["under"], year=context["year"], on=keep.day_of(request))
    context |= {"lines": lines, "breaches": sum(line.breach is not None for line in lines)}
    context |= {"sum": reads.DirectedSum.of(lines)}
    context |= {"judged": any(line.rule.value for line in lines), "exports": export_menu(request, DIRECTED)}
    context["actions"] = _new(request, context, "directed_new", _("登记定向岗位"))
    return render(request, "workforce/careers.html", context)


@require_safe
@requires(Perm.VIEW_ROSTER)
def careers_secretaries(request: HttpRequest) -> HttpResponse:
    """Sitting secretaries by the full consecutive terms that the term records give them."""
    context, on = _context(request, "careers_secretaries"), keep.day_of(request)
    if (page := counting(request, BOOK, context["under"], on, kept=False, afresh=True)) is not None:
        return page
    found = reads.secretaries(request.user, under=context["under"], on=on)
    context |= {"on": on, "found": found}
    return render(request, "workforce/careers_secretaries.html", context)


@require_safe
@requires(Perm.VIEW_ROSTER)
def awards(request: HttpRequest) -> HttpResponse:
    """The honours of a year with their quotas."""
    context = _context(request, "awards")
    found = list(reads.awards(request.user, under=context["under"], year=context["year"]))
    context |= {"awards": found, "stages": _stages(found), "exports": export_menu(request, AWARDS)}
    context["actions"] = _new(request, context, "award_new", _("新增荣誉"))
    return render(request, "workforce/awards.html", context)


def _stages(found: list[Award]) -> list[dict]:
    """How many nominations of the reader's people are at each stage, over all the honours."""
    return [
        {"label": label, "count": sum(getattr(one, stage) for one in found)} for stage, label in NominationStage.choices
    ]


def _row(request: HttpRequest, form, action: Callable, title: str, back: str, **arguments) -> HttpResponse:
    """Runs the action of a valid form and goes back, else shows the form."""
    if form.is_valid() and attempt(form, action, **arguments, **form.asked(), by=request.user):
        messages.success(request, _("已保存：%(title)s。") % {"title": title})
        return redirect(back)
    return form_page(request, "workforce/plain_form.html", form, title=title, back=back, draft=request.path)


@requires(Perm.CHANGE_CAREERS)
@never_cache
def directed_new(request: HttpRequest) -> HttpResponse:
    """Enters directed posts of a district."""
    form = DirectedForm(request.POST or None, by=request.user)
    return _row(request, form, writes.enter_directed, _("登记定向岗位"), keep.page_url(request, "careers"))


@requires(Perm.CHANGE_CAREERS)
@never_cache
def directed_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects posts, applicants and hired of one kind and group."""
    row = get_object_or_404(DirectedRecruitment.objects.for_user(request.user, Perm.CHANGE_CAREERS), pk=pk)
    form = DirectedForm(request.POST or None, by=request.user, row=row)
    back = keep.page_url(request, "careers", year=row.year)
    return _row(request, form, writes.change_directed, _("更正定向岗位"), back, row=row)


@requires(Perm.CHANGE_CAREERS)
@never_cache
def award_new(request: HttpRequest) -> HttpResponse:
    """Enters an honour."""
    form = AwardForm(request.POST or None, by=request.user)
    return _row(request, form, writes.enter_award, _("新增荣誉"), keep.page_url(request, "awards"))


@requires(Perm.CHANGE_CAREERS)
@never_cache
def award_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects an honour and its quota."""
    award = get_object_or_404(Award.objects.for_user(request.user, Perm.CHANGE_CAREERS), pk=pk)
    form = AwardForm(request.POST or None, by=request.user, row=award)
    back = keep.page_url(request, "award", pk)
    return _row(request, form, writes.change_award, _("更正荣誉"), back, award=award)


@require_safe
@requires(Perm.VIEW_ROSTER)
@never_cache
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """An honour with the nominations of the reader's people."""
    found = get_object_or_404(reads.readable(Award, request.user).select_related("division"), pk=pk)
    changes = may_change_now(request) and request.user.can(Perm.CHANGE_CAREERS)
    lines = []
    for row in reads.nominations(request.user, found):
        moves = changes and writes.NEXT[row.stage] and request.user.can(Perm.CHANGE_CAREERS, row.division_id)
        lines.append({"row": row, "moves": bool(moves)})
    actions = []
    if changes:
        url = keep.page_url(request, "nomination_new", pk)
        actions = [{"label": _("推荐人选"), "icon": "person-plus", "url": url, "primary": True}]
        if request.user.can(Perm.CHANGE_CAREERS, found.division_id):
            actions.append(
                {"label": _("更正"), "icon": "pencil-square", "url": keep.page_url(request, "award_edit", pk)}
            )
    context = {"award": found, "lines": lines, "used": reads.put_forward(found), "actions": actions}
    context["exports"] = export_menu(request, NOMINATIONS, pk=pk) if lines else []
    return render(request, "workforce/award.html", context)


@requires(Perm.CHANGE_CAREERS)
@never_cache
def nomination_new(request: HttpRequest, pk: int, rules: tuple = ()) -> HttpResponse:
    """Puts somebody of the reader's territory forward, found by name; `rules` of the site may be against it."""
    found = get_object_or_404(reads.readable(Award, request.user, Perm.CHANGE_CAREERS), pk=pk)
    search = PeopleSearch(request.GET)
    q = search.cleaned_data["q"] if search.is_valid() else ""
    people = list(find_people(request.user, q)[:FOUND]) if q else []
    places = units_of(request.user, people, keep.day_of(request))
    form = NominationForm(request.POST or None, people=people, places=places) if people else None
    if form is not None and form.is_valid():
        given = form.cleaned_data
        person, said = form.people[given["person"]], {"reason": given["reason"], "on": given["on"]}
        if attempt(form, writes.nominate, award=found, person=person, **said, rules=rules, by=request.user):
            messages.success(request, _("已推荐 %(name)s。") % {"name": person.name})
            return redirect(keep.page_url(request, "award", pk))
    context = {"award": found, "search": search, "q": q, "form": form}
    status = 422 if form is not None and form.errors else 200
    return render(request, "workforce/nomination_new.html", context, status=status)


@requires(Perm.CHANGE_CAREERS)
@never_cache
def nomination_move(request: HttpRequest, pk: int, rules: tuple = ()) -> HttpResponse:
    """Carries a nomination one stage on; `rules` of the site may be against it."""
    rows = Nomination.objects.for_user(request.user, Perm.CHANGE_CAREERS).select_related("person", "award")
    row = get_object_or_404(rows, pk=pk)
    back = keep.page_url(request, "award", row.award_id)
    form = StageForm(request.POST or None, nomination=row)
    given = {"nomination": row, "rules": rules, "by": request.user}
    if form.is_valid() and attempt(form, writes.move_nomination, **given, **form.cleaned_data):
        messages.success(
            request, _("%(name)s：%(stage)s。") % {"name": row.person.name, "stage": row.get_stage_display()}
        )
        return redirect(back)
    context = {"title": _("推荐进度"), "kind": f"{row.person.name} {row.award}", "back": back, "draft": request.path}
    return form_page(request, "workforce/plain_form.html", form, **context)
