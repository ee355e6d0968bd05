"""Matters deliberated: planned, held with a result, carried out or given up; late follow-ups stand first."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from ratings.actions import deliberation as writes
from ratings.exports.deliberation import DELIBERATIONS as EXPORT
from ratings.forms.deliberation import STEPS, DeliberationFilter, DeliberationForm
from ratings.models import Deliberation
from ratings.queries import deliberation as reads
from ratings.queries.places import by_place, children
from ratings.views import ledger as page
from workforce.views.places import at_place

COLUMNS = (
    page.Column(gettext_lazy("有议事的村和社区")),
    page.Column(gettext_lazy("议题")),
    page.Column(gettext_lazy("已议定")),
    page.Column(gettext_lazy("已落实")),
    page.Column(gettext_lazy("逾期")),
)
ACTIONS = {
    "hold": writes.hold_deliberation,
    "complete": writes.complete_deliberation,
    "drop": writes.drop_deliberation,
}


@require_safe
@at_place(Perm.VIEW_SERVICE)
@never_cache
def deliberations(request: HttpRequest, division: Division) -> HttpResponse:
    """The matters of a year under a place with everything still open, and the counts of the places below."""
    on = keep.day_of(request)
    form = DeliberationFilter(request.GET, on=on)
    asked = form.asked()
    found = reads.deliberations(request.user, under=division.code, on=on, **asked)

    def whole() -> dict:
        return {
            **_figures(request, division, asked["year"]),
            "actions": page.new_act(request, "deliberation_new", division, _("登记议题")),
            "exports": export_menu(request, EXPORT, place=division.code),
        }

    return page.ledger(
        request, division, "deliberations", _("议事协商"), "ratings/_deliberation_rows.html", found, form, whole,
        changes=page.changes(request, division),
    )  # fmt: skip


def _figures(request: HttpRequest, division: Division, year: int) -> dict:
    on = keep.day_of(request)
    values = reads.per_community(division.code, year, on)
    planned, held, done, late = _sums(list(values.values()))
    words = {"year": year, "n": planned, "held": held, "done": done, "late": late}
    text = _("%(year)s 年议题 %(n)s 个，已议定 %(held)s 个，其中已落实 %(done)s 个；逾期 %(late)s 个。") % words
    groups = by_place(places := children(division, on), values)
    lines = []
    for place in places:
        own = groups.get(place.code, [])
        lines.append((place, (len(own), *_sums(own)), None))
    context = {"sentence": text}
    if lines:
        context["table"] = page.place_table(request, "deliberations", _("各地议事协商"), COLUMNS, lines, year=year)
    return context


def _sums(values: list[tuple]) -> tuple[int, ...]:
    return tuple(sum(one[index] for one in values) for index in range(4))


@at_place(Perm.CHANGE_SERVICE)
@never_cache
def deliberation_new(request: HttpRequest, division: Division) -> HttpResponse:
    """Plans a matter."""
    page.only_community(division)
    form, given = DeliberationForm(request.POST or None), {"division": division, "by": request.user}
    if form.is_valid() and page.tried(form, writes.plan_deliberation, **given, **form.asked()):
        return page.done(request, "deliberations", division.code, _("已登记议题“%(topic)s”。") % form.cleaned_data)
    return page.row_form(request, form, division, "deliberations", _("登记议题"))


@requires(Perm.CHANGE_SERVICE)
@never_cache
def deliberation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a matter."""
    matter = page.fetched(request, Deliberation.objects.all(), pk)
    form = DeliberationForm(request.POST or None, row=matter)
    if form.is_valid() and page.tried(form, writes.change_deliberation, matter=matter, **form.asked(), by=request.user):
        return page.done(request, "deliberations", matter.division_id, _("已更正议题“%(topic)s”。") % form.cleaned_data)
    return page.row_form(request, form, matter.division, "deliberations", _("更正议题"))


@requires(Perm.CHANGE_SERVICE)
@never_cache
def deliberation_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Records the result, that it was carried out, or that the matter was given up."""
    if step not in STEPS:
        raise Http404
    matter = page.fetched(request, Deliberation.objects.all(), pk)
    form = STEPS[step](request.POST or None, row=matter)
    if form.is_valid() and page.tried(form, ACTIONS[step], matter=matter, **form.asked(), by=request.user):
        return page.done(
            request, "deliberations", matter.division_id, _("已登记“%(topic)s”。") % {"topic": matter.topic}
        )
    titles = {"hold": _("登记议定结果"), "complete": _("登记落实情况"), "drop": _("登记未议成")}
    title = f"{titles[step]}：{matter.topic}"
    return page.row_form(request, form, matter.division, "deliberations", title, lead=matter.result)
