"""Residents' needs: how many a community found and converted in a year, and the forms that keep them."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.policy.kinds import NEEDS
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from ratings.actions import needs as writes
from ratings.exports.needs import NEEDS as EXPORT
from ratings.forms.needs import NeedFilter, NeedForm
from ratings.forms.rows import RowForm
from ratings.models import Need
from ratings.queries import needs as reads
from ratings.queries.places import by_place, children, communities
from ratings.views import ledger as page
from workforce.views.places import at_place

COLUMNS = (
    page.Column(gettext_lazy("社区")),
    page.Column(gettext_lazy("发现需求")),
    page.Column(gettext_lazy("转化为项目")),
    page.Column(gettext_lazy("达标社区")),
)


@require_safe
@at_place(Perm.VIEW_SERVICE)
@never_cache
def needs(request: HttpRequest, division: Division) -> HttpResponse:
    """The needs of a year under a place, and how many each place found and converted."""
    form = NeedFilter(request.GET, on=keep.day_of(request))
    asked = form.asked()
    found = reads.needs(request.user, under=division.code, on=keep.day_of(request), **asked)

    def whole() -> dict:
        return {
            **_figures(request, division, asked["year"]),
            "actions": page.new_act(request, "need_new", division, _("登记需求")),
            "exports": export_menu(request, EXPORT, place=division.code),
        }

    return page.ledger(
        request,
        division,
        "needs",
        _("居民需求"),
        "ratings/_need_rows.html",
        found,
        form,
        whole,
        changes=page.changes(request, division),
    )


def _figures(request: HttpRequest, division: Division, year: int) -> dict:
    """The sentence, the rule, and above a community the table of places."""
    on = keep.day_of(request)
    rule, figures = rule_for(NEEDS, division.code, on), reads.per_community(division.code, year, on)
    units = communities(division.code, on)
    values = {code: (urban, *figures.get(code, (0, 0))) for code, urban in units.items()}
    words = {"year": year, "found": sum(v[1] for v in values.values()), "turned": sum(v[2] for v in values.values())}
    sentence = _("%(year)s 年发现居民需求 %(found)s 个，其中 %(turned)s 个已转化为微治理项目。") % words
    context = {"sentence": sentence, "rule": page.rule_line(rule)}
    if division.code in units:
        if rule.value:
            context["verdict"] = page.judged(_meets(values[division.code], rule.value), _gap(words, rule.value))
        return context
    lines = []
    found = by_place(places := children(division, on), values)
    for place in places:
        held = found.get(place.code, [])
        met = sum(1 for one in held if one[0] and _meets(one, rule.value)) if rule.value else None
        line = (sum(1 for one in held if one[0]), sum(one[1] for one in held), sum(one[2] for one in held), met)
        lines.append((place, line, None if rule.value else page.Judged("not_in_force")))
    caption = _("各地居民需求和转化")
    return {**context, "table": page.place_table(request, "needs", caption, COLUMNS, lines, year=year)}


def _meets(value: tuple, rule: dict) -> bool:
    return value[1] >= rule["needs"] and value[2] >= rule["projects"]


def _gap(words: dict, rule: dict) -> str:
    found, turned = rule["needs"] - words["found"], rule["projects"] - words["turned"]
    parts = [_("还差需求 %(n)s 个") % {"n": found}] if found > 0 else []
    return "，".join([*parts, *([_("还差转化 %(n)s 个") % {"n": turned}] if turned > 0 else [])])


@at_place(Perm.CHANGE_SERVICE)
@never_cache
def need_new(request: HttpRequest, division: Division) -> HttpResponse:
    """Enters a need."""
    page.only_community(division)
    form = NeedForm(request.POST or None)
    if form.is_valid() and page.tried(form, writes.add_need, division=division, **form.asked(), by=request.user):
        return page.done(request, "needs", division.code, _("已登记需求“%(title)s”。") % form.cleaned_data)
    return page.row_form(request, form, division, "needs", _("登记居民需求"))


@requires(Perm.CHANGE_SERVICE)
@never_cache
def need_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a need."""
    need = page.fetched(request, Need.objects.filter(taken_back=False), pk)
    form = NeedForm(request.POST or None, row=need)
    if form.is_valid() and page.tried(form, writes.change_need, need=need, **form.asked(), by=request.user):
        return page.done(request, "needs", need.division_id, _("已更正需求“%(title)s”。") % form.cleaned_data)
    return page.row_form(request, form, need.division, "needs", _("更正居民需求"))


@requires(Perm.CHANGE_SERVICE)
@never_cache
def need_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back a need entered by mistake."""
    need = page.fetched(request, Need.objects.filter(taken_back=False), pk)
    form = RowForm(request.POST or None, row=need)
    if form.is_valid() and page.tried(form, writes.take_back_need, need=need, **form.asked(), by=request.user):
        return page.done(request, "needs", need.division_id, _("已撤回需求“%(title)s”。") % {"title": need.title})
    sentence = _("撤回登记有误的需求“%(title)s”：记录保留在历史中，不再计入任何统计。") % {"title": need.title}
    return page.row_form(request, form, need.division, "needs", _("撤回居民需求"), sentence=sentence, button=_("撤回"))
