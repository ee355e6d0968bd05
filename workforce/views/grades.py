"""Present and proposed grades of a place; accepting proposals; the derivation of one."""

from functools import cached_property
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import Paginator
from workforce.actions.grades import Accepted, accept_grades
from workforce.exports.grades import GRADES
from workforce.forms.pay import TESTS, AcceptForm, GradeFilter, Shown
from workforce.queries.grades import Proposal, grade_history, proposals, rules_used
from workforce.queries.pay_rules import PayRules
from workforce.views.answers import attempt, form_page, may_change_now, page_or_part
from workforce.views.grade_words import derivation_lines
from workforce.views.places import below, chosen_place
from workforce.views.worker_parts import dated

PAGE_ROWS = 50
COLUMNS = (
    {"key": "name", "label": gettext_lazy("姓名")},
    {"key": "place", "label": gettext_lazy("社区与职务")},
    {"key": "years", "label": gettext_lazy("计入年限"), "unit": gettext_lazy("年"), "num": True},
    {"key": "present", "label": gettext_lazy("现等级"), "num": True},
    {"key": "grade", "label": gettext_lazy("核定等级"), "num": True},
    {"key": "difference", "label": gettext_lazy("差"), "num": True},
    {"key": "since", "label": gettext_lazy("满足条件之日")},
)


class GradeTable:
    """The list as the address asks for it; of a city or province only the places below are listed."""

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.on = request, keep.day_of(request)
        self.place = chosen_place(request, Perm.VIEW_PAY)
        self.form = GradeFilter(request.GET)
        self.changes = (
            may_change_now(request) and bool(self.place) and request.user.can(Perm.CHANGE_ROSTER, self.place.code)
        )

    @property
    def too_large(self) -> bool:
        return self.place is None or self.place.level < Level.DISTRICT

    @cached_property
    def places(self) -> list:
        return below(self.place, self.on)

    @cached_property
    def all(self) -> list[Proposal]:
        return [] if self.too_large else proposals(self.request.user, under=self.place.code, on=self.on)

    @cached_property
    def page(self) -> Page:
        found = [one for one in self.all if self.form.takes(one)]
        return Paginator(found, PAGE_ROWS).get_page(self.request.GET.get("page"))

    @property
    def ticks(self) -> bool:
        """Whether the page shown has anything to accept."""
        return self.changes and any(one.differs for one in self.page)

    @property
    def columns(self) -> list[dict]:
        tick = [{"key": "tick", "label": _("选择"), "hidden": True}] if self.ticks else []
        return [*tick, *COLUMNS]

    @cached_property
    def counts(self) -> dict[str, int]:
        return {key: sum(map(test, self.all)) for key, test in TESTS.items()}


@require_safe
@requires(Perm.VIEW_PAY)
@never_cache
def grades(request: HttpRequest) -> HttpResponse:
    """Everybody's present grade, proposed grade and the difference on a day."""
    table = GradeTable(request)
    context = {"table": table, "shown": Shown, "exports": [] if table.too_large else export_menu(request, GRADES)}
    return page_or_part(request, "workforce/grades.html", "workforce/_grade_rows.html", context)


@require_safe
@requires(Perm.VIEW_PAY)
@never_cache
def grade_proposal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How one person's proposed grade comes about, line by line."""
    on = keep.day_of(request)
    found = next(iter(proposals(request.user, under="", on=on, people=[pk])), None)
    if found is None:
        raise Http404
    code = found.worker.code
    rules = rules_used(PayRules(code, on), code)
    records = grade_history(request.user, found.worker.person, Perm.VIEW_PAY)
    context = {
        "proposal": found,
        "on": on,
        "lines": derivation_lines(found.derivation.lines, rules),
        "records": [dated(row, on) for row in records],
    }
    return page_or_part(request, "workforce/grade_proposal.html", "workforce/_grade_proposal.html", context)


@require_POST
@requires(Perm.CHANGE_ROSTER)
@never_cache
def grades_accept(request: HttpRequest) -> HttpResponse:
    """Shows what accepting the ticked proposals changes; with day and evidence, does it."""
    place = chosen_place(request, Perm.CHANGE_ROSTER)
    chosen = _chosen(request.POST)
    back = keep.page_url(request, "grades")
    if not chosen or place is None:
        messages.warning(request, _("还没有勾选人员。请勾选后再办理。"))
        return redirect(back)
    form = AcceptForm(request.POST if "evidence" in request.POST else None)
    if form.is_valid() and (done := _accept(request, form, chosen, place.code)) is not None:
        messages.success(request, _("已为 %(n)s 人执行核定等级。") % {"n": done})
        return redirect(back)
    on = form.cleaned_data.get("valid_from") if form.is_bound else None
    people = [one.person for one in chosen]
    found = proposals(
        request.user, under=place.code, on=on or keep.day_of(request), people=people, perm=Perm.CHANGE_ROSTER
    )
    context = {"place": place, "found": found, "back": back, "ticks": [_tick(one) for one in found] if found else []}
    return form_page(request, "workforce/grades_accept.html", form, **context)


def _accept(request: HttpRequest, form: AcceptForm, chosen: list[Accepted], under: str) -> int | None:
    day, evidence = form.cleaned_data["valid_from"], form.cleaned_data["evidence"]
    return attempt(form, accept_grades, chosen=chosen, under=under, on=day, evidence=evidence, by=request.user)


def _tick(one: Proposal) -> str:
    """A proposal as a tick carries it: person, version, grade."""
    return f"{one.worker.person.pk}.{one.worker.person.version}.{one.grade}"


def _chosen(data: QueryDict) -> list[Accepted]:
    """The ticked proposals; what no page of ours can have sent is left out."""
    found = {}
    for text in data.getlist("ticked"):
        person, _dot, rest = text.partition(".")
        version, _dot, grade = rest.partition(".")
        try:
            found[person] = Accepted(UUID(person), int(version), int(grade))
        except ValueError:
            continue
    return list(found.values())
