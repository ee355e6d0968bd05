"""The checklist of a community: organisations, services, pilots; how many places below have which."""

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.lib.dated import last_day
from portal.core.policy.kinds import ORGANISATIONS as ORGANISATIONS_RULE
from portal.core.policy.kinds import PILOTS
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from ratings.actions import features as writes
from ratings.enums import ORGANISATIONS, FeatureKind
from ratings.exports.facilities import FEATURES as EXPORT
from ratings.forms.features import FeatureForm
from ratings.forms.rows import EndForm, RowForm
from ratings.models import Feature
from ratings.queries import features as reads
from ratings.queries.places import by_place, children, communities
from ratings.views import ledger as page
from workforce.views.places import at_place

COLUMNS = (
    page.Column(gettext_lazy("村和社区")),
    page.Column(gettext_lazy("组织和阵地齐全")),
    page.Column(gettext_lazy("全岗通")),
    page.Column(gettext_lazy("“两厅”齐备")),
    page.Column(gettext_lazy("试点社区")),
    page.Column(gettext_lazy("示范")),
    page.Column(gettext_lazy("美丽社区")),
)
SHOWN_WARNINGS = 30


@require_safe
@at_place(Perm.VIEW_SERVICE)
@never_cache
def features(request: HttpRequest, division: Division) -> HttpResponse:
    """The checklist of a community, or the counts of the places under a division."""
    context = {
        "division": division,
        "tabs": page.tabs(request, "features", division.code),
        "exports": export_menu(request, EXPORT, place=division.code),
        "title": _("组织和阵地"),
        "rule": page.rule_line(rule_for(ORGANISATIONS_RULE, division.code, keep.day_of(request))),
    }
    if division.level == Level.COMMUNITY:
        return render(request, "ratings/features.html", {**context, **_checklist(request, division)})
    return render(request, "ratings/ledger.html", {**context, **_counts(request, division)})


def _checklist(request: HttpRequest, division: Division) -> dict:
    on = keep.day_of(request)
    lines = reads.checklist(request.user, division.code, on)
    groups = [
        {"label": _("组织和阵地"), "lines": [line for line in lines if line.kind in ORGANISATIONS]},
        {"label": _("服务和称号"), "lines": [line for line in lines if line.kind not in ORGANISATIONS]},
    ]
    wanted = reads.wanted_kinds(division.code, on) or ORGANISATIONS
    words = {"have": sum(1 for line in lines if line.held and line.kind in wanted), "all": len(wanted)}
    return {
        "groups": groups,
        "sentence": _("组织和阵地应有 %(all)s 个，已有 %(have)s 个。") % words,
        "ended": [
            {"kind": one.get_kind_display(), "since": one.valid_from, "until": last_day(one.valid_to)}
            for one in reads.ended(request.user, division.code, on)
        ],
        "changes": page.changes(request, division),
        "today": today(),
    }


def _counts(request: HttpRequest, division: Division) -> dict:
    on = keep.day_of(request)
    wanted, held = reads.wanted_kinds(division.code, on), reads.kinds_held(division.code, on)
    values = {code: held.get(code, set()) for code in communities(division.code, on)}
    sets = by_place(places := children(division, on), values)
    lines = [(place, _line(sets.get(place.code, []), wanted), None) for place in places]
    whole = _line(list(values.values()), wanted)
    words = {"n": whole[0], "complete": whole[1]}
    return {
        "sentence": _("%(n)s 个村和社区中，组织和阵地齐全的 %(complete)s 个。") % words,
        "table": page.place_table(request, "features", _("各地组织和阵地"), COLUMNS, lines),
        "warnings": _pilots(division, on),
    }


def _line(sets: list[set[str]], wanted: tuple[str, ...] | None) -> tuple[int, ...]:
    def having(kind: str) -> int:
        return sum(1 for held in sets if kind in held)

    return (
        len(sets),
        sum(1 for held in sets if reads.complete(held, wanted)),
        having(FeatureKind.ALL_POST),
        sum(1 for held in sets if reads.two_halls(held)),
        having(FeatureKind.PILOT),
        having(FeatureKind.DEMONSTRATION),
        having(FeatureKind.BEAUTIFUL),
    )


def _pilots(division: Division, on) -> list[str]:
    """Streets with too few or too many pilots by the rule of the place."""
    rule = rule_for(PILOTS, division.code, on).value
    if rule is None or division.level < Level.DISTRICT:
        return []
    found = [(one, n) for one, n in reads.pilots_by_street(division.code, on) if reads.off(n, rule)]
    shown = [
        _("%(street)s的试点社区有 %(n)s 个，应为 %(least)s 到 %(most)s 个。") % {"street": one.label, "n": n, **rule}
        for one, n in found[:SHOWN_WARNINGS]
    ]
    rest = len(found) - len(shown)
    return [*shown, *([_("另有 %(n)s 个街道的试点社区数不符。") % {"n": rest}] if rest else [])]


def _feature(request: HttpRequest, pk: int) -> Feature:
    return page.fetched(request, Feature.objects.exclude(valid_to=F("valid_from")), pk)


@at_place(Perm.CHANGE_SERVICE)
@never_cache
def feature_new(request: HttpRequest, division: Division, kind: str) -> HttpResponse:
    """Ticks off an item of the checklist, from the list itself or on its own page."""
    page.only_community(division)
    if kind not in FeatureKind.values:
        raise Http404
    form, label = FeatureForm(request.POST or None), FeatureKind(kind).label
    given = {"division": division, "kind": kind, "by": request.user}
    if form.is_valid() and page.tried(form, writes.add_feature, **given, **form.asked()):
        return page.done(request, "features", division.code, _("已登记“%(kind)s”。") % {"kind": label})
    return page.row_form(request, form, division, "features", _("登记：%(kind)s") % {"kind": label})


@requires(Perm.CHANGE_SERVICE)
@never_cache
def feature_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects an item."""
    held = _feature(request, pk)
    form, label = FeatureForm(request.POST or None, row=held), held.get_kind_display()
    if form.is_valid() and page.tried(form, writes.change_feature, feature=held, **form.asked(), by=request.user):
        return page.done(request, "features", held.division_id, _("已更正“%(kind)s”。") % {"kind": label})
    return page.row_form(request, form, held.division, "features", _("更正：%(kind)s") % {"kind": label})


@requires(Perm.CHANGE_SERVICE)
@never_cache
def feature_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends an item after its last day."""
    held = _feature(request, pk)
    form, words = EndForm(request.POST or None, row=held), {"kind": held.get_kind_display()}
    if form.is_valid() and page.tried(form, writes.end_feature, feature=held, **form.asked(), by=request.user):
        return page.done(request, "features", held.division_id, _("已登记“%(kind)s”的最后一天。") % words)
    return page.row_form(
        request, form, held.division, "features", _("终止：%(kind)s") % words, button=_("终止"),
        sentence=_("“%(kind)s”到所填日期为止，之后不再计入。") % words,
    )  # fmt: skip


@requires(Perm.CHANGE_SERVICE)
@never_cache
def feature_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back an item ticked by mistake."""
    held = _feature(request, pk)
    form, words = RowForm(request.POST or None, row=held), {"kind": held.get_kind_display()}
    if form.is_valid() and page.tried(form, writes.take_back_feature, feature=held, **form.asked(), by=request.user):
        return page.done(request, "features", held.division_id, _("已撤回“%(kind)s”的登记。") % words)
    return page.row_form(
        request, form, held.division, "features", _("撤回：%(kind)s") % words, button=_("撤回"),
        sentence=_("撤回登记有误的“%(kind)s”：记录保留在历史中，不再计入任何统计。") % words,
    )  # fmt: skip
