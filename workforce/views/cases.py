"""Review cases: the list, one case with the step it waits for, and closing one whose reason is gone."""

from functools import cached_property

from django.contrib import messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import Paginator
from workforce.actions.cases import clear_case, correct_case, take_step
from workforce.enums import CaseKind, CaseOutcome, CaseState
from workforce.exports.cases import CASES
from workforce.forms.cases import CaseFilter, ClearForm, CorrectForm, StepForm
from workforce.models import ReviewCase
from workforce.queries.cases import cases_listed, cases_on, may_correct, may_step, settled_by, standing_of, taken
from workforce.views import case_parts as parts
from workforce.views.answers import attempt, may_change_now, page_or_part
from workforce.views.clock_bars import deadline_bar
from workforce.views.roster import place_or_404

PAGE_ROWS = 50
COLUMNS = (
    {"key": "person", "label": gettext_lazy("姓名")},
    {"key": "place", "label": gettext_lazy("社区")},
    {"key": "kind", "label": gettext_lazy("事由")},
    {"key": "due", "label": gettext_lazy("应满足日期")},
    {"key": "stage", "label": gettext_lazy("阶段")},
    {"key": "days", "label": gettext_lazy("在本阶段"), "unit": gettext_lazy("天"), "num": True},
    {"key": "opened", "label": gettext_lazy("立案日期")},
)


class CaseTable:
    """The list as the address asks for it."""

    columns = COLUMNS

    def __init__(self, request: HttpRequest) -> None:
        self.on, self.place = keep.day_of(request), place_or_404(request)
        self.form = CaseFilter(request.GET)
        self.asked = self.form.asked()
        under = self.place.code if self.place else ""
        self.number = request.GET.get("page")
        self.cases = cases_listed(request.user, under=under, on=self.on, **self.asked)

    @cached_property
    def page(self) -> Page:
        return Paginator(self.cases, PAGE_ROWS).get_page(self.number)

    @cached_property
    def lines(self) -> list[dict]:
        return [self._line(case) for case in self.page]

    @property
    def narrowed(self) -> bool:
        return any(self.asked.values())

    def _line(self, case: ReviewCase) -> dict:
        closed = case.stage == CaseState.CLOSED
        return {
            "case": case,
            "status": "done" if closed else "open",
            "word": CaseState(case.stage).label,
            "outcome": CaseOutcome(case.outcome).label if closed else "",
            "days": None if closed else (self.on - case.since).days,
        }


@require_safe
@requires(Perm.HANDLE_CASES)
def case_list(request: HttpRequest) -> HttpResponse:
    """Cases under a place on a day."""
    context = {"table": CaseTable(request), "exports": export_menu(request, CASES)}
    return page_or_part(request, "workforce/cases.html", "workforce/_case_rows.html", context)


def _case_or_404(request: HttpRequest, pk: int) -> ReviewCase:
    known = cases_on(request.user, keep.day_of(request)).select_related("person", "division")
    return get_object_or_404(known, pk=pk)


@requires(Perm.HANDLE_CASES)
@never_cache
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """One case; a POST records the step it waits for."""
    found = _case_or_404(request, pk)
    form = None
    if may_change_now(request) and may_step(request.user, found):
        form = StepForm(request.POST or None, case=found, taken=taken(found))
        if form.is_valid() and attempt(form, take_step, case=found, by=request.user, **form.cleaned_data):
            return _done(request, found)
    return _shown(request, found, form=form)


@require_POST
@requires(Perm.HANDLE_CASES)
@never_cache
def case_clear(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes a case whose reason is gone."""
    found = _case_or_404(request, pk)
    form = ClearForm(request.POST, case=found, auto_id="clear_%s")
    valid = may_change_now(request) and form.is_valid()
    if valid and attempt(form, clear_case, case=found, by=request.user, **form.cleaned_data):
        return _done(request, found)
    return _shown(request, found, clear=form)


@require_POST
@requires(Perm.HANDLE_CASES)
@never_cache
def case_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back a decision that was recorded wrongly."""
    found = _case_or_404(request, pk)
    form = CorrectForm(request.POST, case=found, auto_id="correct_%s")
    valid = may_change_now(request) and form.is_valid()
    if valid and attempt(form, correct_case, case=found, by=request.user, **form.cleaned_data):
        return _done(request, found)
    return _shown(request, found, correct=form)


def _done(request: HttpRequest, found: ReviewCase) -> HttpResponse:
    words = {"stage": found.get_state_display()}
    messages.success(request, _("已登记。个案现在的阶段：%(stage)s。") % words)
    return redirect(keep.page_url(request, "case", found.pk))


def _shown(
    request: HttpRequest,
    found: ReviewCase,
    *,
    form: StepForm | None = None,
    clear: ClearForm | None = None,
    correct: CorrectForm | None = None,
) -> HttpResponse:
    on, today = keep.day_of(request), may_change_now(request)
    standing = standing_of(found, on)
    settled = settled_by(found, standing, on) if today else None
    steps = list(found.steps.all())
    taken = frozenset(step.stage for step in steps)
    if (clear or correct) is not None and may_step(request.user, found):
        form = StepForm(case=found, taken=taken)
    failed = next((one for one in (form, clear, correct) if one is not None and one.errors), None)
    if correct is None and today and may_correct(request.user, found):
        correct = CorrectForm(case=found, auto_id="correct_%s")
    context = {
        "case": found,
        "status": "done" if found.stage == CaseState.CLOSED else "open",
        "word": CaseState(found.stage).label,
        "steps": parts.steps_of(found, taken),
        "facts": parts.facts_of(request, found, on),
        "bar": deadline_bar(standing.clock, on) if found.kind == CaseKind.CERTIFICATE_DEADLINE else None,
        "settled": settled,
        "form": form,
        "clear": (clear or ClearForm(case=found, auto_id="clear_%s")) if settled else None,
        "correct": correct,
        "failed": failed,
        "step_name": parts.NAMES[found.state],
        "ending": parts.ENDINGS[found.route] if found.state == CaseState.DECISION else "",
        "waits": "" if form else parts.waits_for(request, found),
        "story": parts.story_of(found, steps, on),
    }
    return render(request, "workforce/case.html", context, status=422 if failed else 200)
