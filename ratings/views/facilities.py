"""Service facilities: floor space by place against the norm, and the forms that keep them."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.policy.kinds import FACILITY, PUBLIC_SPACE
from portal.core.policy.queries import rules_of
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.formats import number
from ratings.actions import facilities as writes
from ratings.exports.facilities import FACILITIES as EXPORT
from ratings.exports.facilities import functions_of
from ratings.forms.facilities import FacilityFilter, FacilityForm
from ratings.forms.rows import EndForm, RowForm
from ratings.models import Facility
from ratings.queries import facilities as reads
from ratings.queries.places import by_place, children
from ratings.views import ledger as page
from workforce.views.places import at_place

COLUMNS = (
    page.Column(gettext_lazy("设施（处）")),
    page.Column(gettext_lazy("建筑面积（平方米）"), 2),
    page.Column(gettext_lazy("户数（户）")),
    page.Column(gettext_lazy("每百户（平方米）"), 2),
    page.Column(gettext_lazy("居民活动占比（%）"), 1),
)


@require_safe
@at_place(Perm.VIEW_SERVICE)
@never_cache
def facilities(request: HttpRequest, division: Division) -> HttpResponse:
    """The facilities under a place, and square metres per 100 households of each place below."""
    form = FacilityFilter(request.GET)
    found = reads.facilities(request.user, under=division.code, on=keep.day_of(request), **form.asked())

    def whole() -> dict:
        return {
            **_figures(request, division),
            "actions": page.new_act(request, "facility_new", division, _("登记设施")),
            "exports": export_menu(request, EXPORT, place=division.code),
        }

    return page.ledger(
        request, division, "facilities", _("服务设施"), "ratings/_facility_rows.html", found, form, whole,
        each=_in_words, changes=page.changes(request, division),
    )  # fmt: skip


def _in_words(row: Facility) -> None:
    row.words = functions_of(row)


def _figures(request: HttpRequest, division: Division) -> dict:
    """The sentence, both norms, and above a community the table of places."""
    on = keep.day_of(request)
    rules, spaces = rules_of(division.code, on), reads.per_community(division.code, on)
    area, public = rules[FACILITY.key], rules[PUBLIC_SPACE.key]
    whole = reads.total(list(spaces.values()))
    lines = []
    held = by_place(places := children(division, on), spaces)
    for place in places:
        space = reads.total(held.get(place.code, []))
        figures = (space.count, space.area, space.households, space.per_hundred, space.public_share)
        lines.append((place, figures, _judged(space, area.value)))
    norms = [
        {"label": FACILITY.label, "rule": page.rule_line(area), "verdict": _judged(whole, area.value)},
        {"label": PUBLIC_SPACE.label, "rule": page.rule_line(public), "verdict": _public(whole, public.value)},
    ]
    context = {"sentence": _sentence(whole), "norms": norms, "top": "ratings/_norms.html"}
    if lines:
        context["table"] = page.place_table(request, "facilities", _("各地服务设施"), COLUMNS, lines)
    return context


def _sentence(space: reads.Space) -> str:
    words = {"n": number(space.count), "area": number(space.area, 2)}
    text = _("服务设施 %(n)s 处，建筑面积 %(area)s 平方米。") % words
    if space.per_hundred is None:
        return text + _("没有登记户数，不能计算每百户面积。")
    words = {"homes": number(space.households), "figure": number(space.per_hundred, 2)}
    return text + _("按 %(homes)s 户计算，每百户 %(figure)s 平方米。") % words


def _judged(space: reads.Space, rule: dict | None) -> page.Judged:
    return page.Judged("not_in_force") if rule is None else page.judged(space.reaches(rule["square_metres"]))


def _public(space: reads.Space, rule: dict | None) -> page.Judged:
    return page.Judged("not_in_force") if rule is None else page.judged(space.public_enough(rule["percent"]))


def _facility(request: HttpRequest, pk: int) -> Facility:
    return page.fetched(request, Facility.objects.exclude(valid_to=F("valid_from")), pk)


@at_place(Perm.CHANGE_SERVICE)
@never_cache
def facility_new(request: HttpRequest, division: Division) -> HttpResponse:
    """Enters a facility of a community."""
    page.only_community(division)
    form = FacilityForm(request.POST or None)
    if form.is_valid() and page.tried(form, writes.add_facility, division=division, **form.asked(), by=request.user):
        return page.done(request, "facilities", division.code, _("已登记设施“%(name)s”。") % form.cleaned_data)
    return page.row_form(request, form, division, "facilities", _("登记服务设施"))


@requires(Perm.CHANGE_SERVICE)
@never_cache
def facility_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a facility."""
    held = _facility(request, pk)
    form = FacilityForm(request.POST or None, row=held)
    if form.is_valid() and page.tried(form, writes.change_facility, facility=held, **form.asked(), by=request.user):
        return page.done(request, "facilities", held.division_id, _("已更正设施“%(name)s”。") % form.cleaned_data)
    return page.row_form(request, form, held.division, "facilities", _("更正服务设施"))


@requires(Perm.CHANGE_SERVICE)
@never_cache
def facility_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Closes a facility after its last day."""
    held = _facility(request, pk)
    form = EndForm(request.POST or None, row=held)
    if form.is_valid() and page.tried(form, writes.end_facility, facility=held, **form.asked(), by=request.user):
        return page.done(request, "facilities", held.division_id, _("已登记设施“%(name)s”停用。") % {"name": held.name})
    sentence = _("设施“%(name)s”到所填日期停用，之后不再计入面积。") % {"name": held.name}
    return page.row_form(
        request, form, held.division, "facilities", _("停用服务设施"), sentence=sentence, button=_("停用")
    )


@requires(Perm.CHANGE_SERVICE)
@never_cache
def facility_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back a facility entered by mistake."""
    held = _facility(request, pk)
    form = RowForm(request.POST or None, row=held)
    if form.is_valid() and page.tried(form, writes.take_back_facility, facility=held, **form.asked(), by=request.user):
        return page.done(request, "facilities", held.division_id, _("已撤回设施“%(name)s”。") % {"name": held.name})
    sentence = _("撤回登记有误的设施“%(name)s”：记录保留在历史中，不再计入任何统计。") % {"name": held.name}
    return page.row_form(
        request, form, held.division, "facilities", _("撤回服务设施"), sentence=sentence, button=_("撤回")
    )
