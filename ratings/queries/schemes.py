"""Reads of schemes: which a reader may see, what is wrong with one, how two versions differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.indicators.declare import Better, Indicator
from portal.core.lib.codes import ancestors
from portal.core.lib.scope import union
from ratings.enums import RatingSchemeState, Star, UnitKind
from ratings.models import RatingScheme, SchemeItem
from ratings.queries.scoring import bands_of, rule_item
from ratings.scoring import faults

SENTENCES = {
    "no_items": _L("还没有评分项。请至少加入一项。"),
    "weights": _L("评分项的分值合计应为 100 分，现为 %(points)s 分。"),
    "label_twice": _L("有两项的名称相同。请改成不同的名称，以便与往年对照。"),
    "unknown_indicator": _L("自动取数的指标已不存在，或不适用于这类单位：%(labels)s。请改选指标，或改为人工评分。"),
    "no_target": _L("所取指标没有规定标准，请填写分档：%(labels)s。"),
    "bands": _L("星级分数线应从高到低：五星最高不过 100 分，三星大于 0 分，且各不相同。"),
}


def rating_schemes(user, perm: Perm = Perm.VIEW_RATINGS):
    """Schemes for the user's territory, set in it or above it; drafts only for those who prepare or decide them there."""
    codes = user.territories(perm)
    above = {up for code in codes for up in (code, *ancestors(code))}
    mine = union("division_id", codes)
    if mine is None:
        return RatingScheme.objects.none()
    open_here = [union("division_id", user.territories(one)) for one in (Perm.MANAGE_RATINGS, Perm.DECIDE_RATINGS)]
    drafts = [one for one in open_here if one is not None]
    visible = ~Q(state=RatingSchemeState.DRAFT)
    for one in drafts:
        visible = visible | one if one else Q(pk__isnull=False)
    found = RatingScheme.objects.filter(mine | Q(division_id__in=above)).filter(visible)
    return found.select_related("division", "entered_by", "approved_by")


def schemes_listed(user, year: int | None = None, kind: str = ""):
    """The schemes with the number of their items and of units rated by them, the latest first."""
    found = rating_schemes(user)
    if year:
        found = found.filter(year=year)
    if kind:
        found = found.filter(unit_kind=kind)
    counted = found.annotate(item_count=Count("items", distinct=True), unit_count=Count("units", distinct=True))
    return counted.order_by("-year", "division_id", "unit_kind", "-version_number")


def choosable(indicators: Mapping[str, Indicator], unit_kind: str) -> dict[str, Indicator]:
    """The declared indicators that units of a kind may be scored by: those that apply to them and need no further right."""
    return {
        key: one
        for key, one in indicators.items()
        if one.perm is None and (unit_kind == UnitKind.COMMUNITY or not one.urban)
    }


def faults_of(scheme: RatingScheme, indicators: Mapping[str, Indicator]) -> list[str]:
    """What keeps a scheme from being approved, in sentences; empty when nothing does."""
    items = list(scheme.items.all())
    known = {key: one.judged for key, one in choosable(indicators, scheme.unit_kind).items()}
    found = faults([rule_item(one) for one in items], bands_of(scheme), known)
    labels = {
        "unknown_indicator": [one.label for one in items if one.indicator and one.indicator not in known],
        "no_target": [one.label for one in items if known.get(one.indicator) is False and not one.steps],
    }
    facts = {"points": two(points_in_all(items))}
    return [str(SENTENCES[key]) % {**facts, "labels": _("、").join(labels.get(key, []))} for key in found]


def points_in_all(items: list[SchemeItem]) -> Decimal:
    """What the scored items add up to."""
    return sum((one.points for one in items if one.kind == "score"), Decimal(0))


def two(points: Decimal) -> str:
    """Points as they are printed: without decimals that say nothing."""
    return f"{points.normalize():f}"


def earlier(scheme: RatingScheme) -> RatingScheme | None:
    """What a scheme is compared with unasked: the version before it, else that of the year before."""
    same = RatingScheme.objects.filter(division_id=scheme.division_id, unit_kind=scheme.unit_kind)
    older = Q(year=scheme.year, version_number__lt=scheme.version_number) | Q(year__lt=scheme.year)
    return same.filter(older).exclude(pk=scheme.pk).order_by("-year", "-version_number").first()


@dataclass(frozen=True)
class Difference:
    """One thing that differs between two schemes; "" where one of them does not have it."""

    label: str
    before: str
    after: str

    @property
    def kind(self) -> str:
        return "added" if not self.before else "removed" if not self.after else "changed"


def differences(before: RatingScheme, after: RatingScheme, indicators: Mapping[str, Indicator]) -> list[Difference]:
    """How `after` differs from `before`: bands first, then items by label in the order of `after`."""
    found = []
    old_bands, new_bands = ({one.grade: one.least for one in bands_of(scheme)} for scheme in (before, after))
    for grade in (5, 4, 3):
        if old_bands.get(grade) != new_bands.get(grade):
            label = _("%(star)s分数线") % {"star": Star(grade).label}
            found.append(Difference(label, _least(old_bands.get(grade)), _least(new_bands.get(grade))))
    old, new = ({one.label: in_words(one, indicators) for one in scheme.items.all()} for scheme in (before, after))
    for label in [*new, *(label for label in old if label not in new)]:
        if old.get(label) != new.get(label):
            found.append(Difference(label, old.get(label, ""), new.get(label, "")))
    return found


def _least(value: Decimal | None) -> str:
    return "" if value is None else _("%(points)s 分以上") % {"points": two(value)}


def in_words(item: SchemeItem, indicators: Mapping[str, Indicator]) -> str:
    """All that an item says, in one line."""
    parts = [item.get_kind_display()]
    if item.kind != "veto":
        parts.append(_("%(points)s 分") % {"points": two(item.points)})
    if item.cap is not None:
        parts.append(_("合计不超过 %(points)s 分") % {"points": two(item.cap)})
    if item.automatic:
        parts.append(_("自动取数：%(figure)s") % {"figure": indicator_label(item.indicator, indicators)})
        parts.append(steps_in_words(item))
    if item.evidence:
        parts.append(_("须附佐证"))
    if item.group:
        parts.append(_("类别 %(group)s") % {"group": item.group})
    return _("，").join([*parts, item.standard] if item.standard else parts)


def indicator_label(key: str, indicators: Mapping[str, Indicator]) -> str:
    return str(indicators[key].label) if key in indicators else _("已取消的指标（%(key)s）") % {"key": key}


def steps_in_words(item: SchemeItem) -> str:
    """How an automatic item turns its figure into points."""
    if not item.steps:
        return _("达到规定标准得满分，否则不得分")
    least, most = _("%(bound)s 以上得 %(percent)s%%"), _("%(bound)s 以下得 %(percent)s%%")
    parts = [
        (most if "most" in step else least)
        % {"bound": step.get("most", step.get("least")), "percent": two(Decimal(str(step["percent"])))}
        for step in item.steps
    ]
    return _("；").join(parts)


def bound_of(indicator: Indicator | None) -> str:
    """Which bound the steps of an indicator name: `most` where less is better, else `least`."""
    return "most" if indicator is not None and indicator.better == Better.LOWER else "least"
