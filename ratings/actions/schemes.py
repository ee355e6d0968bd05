"""Writes of schemes: drafted by one, approved by another, put in use; what is in use is never changed again."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.indicators.declare import Indicator
from portal.core.territory.models import Division
from ratings.enums import ItemKind, RatingSchemeState
from ratings.models import RatingScheme, SchemeItem
from ratings.queries.schemes import choosable, faults_of
from ratings.queries.scoring import bands_of
from ratings.scoring import bands_fit
from workforce.actions.versions import claim_row

COPIED = ("group", "label", "standard", "kind", "points", "cap", "indicator", "steps", "evidence")
# Far above any order: rows step aside here while others take their places.
ASIDE = 10_000


@action
def draft_rating_scheme(*, division: Division, fields: Mapping[str, Any], by) -> RatingScheme:
    """Begins a draft, the next version of its division, year and kind of unit. Raises ValidationError for odd bands."""
    scheme = RatingScheme(division=division, entered_by=by, **fields)
    _refuse_odd_bands(scheme)
    scheme.version_number = _next_version(scheme)
    return _saved(scheme)


@action
def copy_rating_scheme(*, source: RatingScheme, division: Division, fields: Mapping[str, Any], by) -> RatingScheme:
    """A draft with the items and bands of another scheme, for the division and year named."""
    given = {"unit_kind": source.unit_kind, "bands": source.bands, **fields}
    scheme = RatingScheme(division=division, entered_by=by, **given)
    scheme.version_number = _next_version(scheme)
    _saved(scheme)
    items = source.items.values(*COPIED)
    SchemeItem.objects.bulk_create(SchemeItem(scheme=scheme, order=n, **one) for n, one in enumerate(items, 1))
    return scheme


def _next_version(scheme: RatingScheme) -> int:
    same = RatingScheme.objects.filter(division=scheme.division, year=scheme.year, unit_kind=scheme.unit_kind)
    return (same.aggregate(last=Max("version_number"))["last"] or 0) + 1


def _saved(scheme: RatingScheme) -> RatingScheme:
    try:
        with transaction.atomic():
            scheme.save()
    except IntegrityError as error:
        raise ValidationError(_("刚有其他人新建了同一年度的方案。请回到方案列表，查看后再试。")) from error
    return scheme


def _refuse_odd_bands(scheme: RatingScheme) -> None:
    if not bands_fit(bands_of(scheme)):
        raise ValidationError(_("星级分数线应从高到低：五星最高不过 100 分，三星大于 0 分，且各不相同。"))


def _edit(scheme: RatingScheme, version: int, by) -> None:
    """Takes the next version of a draft for a change, which takes back an approval; raises `Stale` or ValidationError."""
    claim_row(scheme, version)
    _refuse_unless_draft(scheme)
    scheme.entered_by, scheme.approved_by = by, None
    scheme.save(update_fields=["entered_by", "approved_by"])


def _refuse_unless_draft(scheme: RatingScheme) -> None:
    if scheme.state != RatingSchemeState.DRAFT:
        raise ValidationError(_("方案已经启用过，不能再改。请复制为新版本，改好后批准启用。"))


@action
def change_rating_scheme(*, scheme: RatingScheme, version: int, fields: Mapping[str, Any], by) -> RatingScheme:
    """Changes name, document and bands of a draft. Raises `Stale`, or ValidationError once it was in use."""
    _edit(scheme, version, by)
    for name, value in fields.items():
        setattr(scheme, name, value)
    _refuse_odd_bands(scheme)
    scheme.save(update_fields=list(fields))
    return scheme


@action
def put_scheme_item(
    *,
    scheme: RatingScheme,
    version: int,
    fields: Mapping[str, Any],
    indicators: Mapping[str, Indicator],
    item: SchemeItem | None = None,
    by,
) -> SchemeItem:
    """Adds an item to a draft, or changes one; those behind its place move on.

    Raises `Stale`, or ValidationError once the scheme was in use or where the indicator is not declared for such units.
    """
    _edit(scheme, version, by)
    item = item or SchemeItem(scheme=scheme)
    given = dict(fields)
    order = given.pop("order", None)
    for name, value in given.items():
        setattr(item, name, value)
    _refuse_odd_item(item, indicators)
    others = list(scheme.items.exclude(pk=item.pk).order_by("order"))
    place = len(others) + 1 if order is None else max(1, min(order, len(others) + 1))
    _make_room(scheme, item, place)
    item.order = place
    item.save()
    _renumber([*others[: place - 1], item, *others[place - 1 :]])
    return item


def _refuse_odd_item(item: SchemeItem, indicators: Mapping[str, Indicator]) -> None:
    if item.kind != ItemKind.SCORE:
        item.indicator, item.steps = "", []
    if item.kind == ItemKind.VETO:
        item.points, item.cap = 0, None
    if item.kind == ItemKind.SCORE:
        item.cap = None
    if not item.indicator:
        item.steps = []
    elif item.indicator not in choosable(indicators, item.scheme.unit_kind):
        raise ValidationError({"indicator": _("没有这个指标，或它不适用于这类单位。请从列表中选择。")})
    if item.kind != ItemKind.VETO and item.points <= 0:
        raise ValidationError({"points": _("分值应大于 0。")})


def _make_room(scheme: RatingScheme, item: SchemeItem, place: int) -> None:
    """Steps aside with everything from `place` on; `_renumber` brings it back."""
    scheme.items.filter(order__gte=place).exclude(pk=item.pk).update(order=F("order") + ASIDE)
    if item.pk:
        scheme.items.filter(pk=item.pk).update(order=2 * ASIDE)


def _renumber(items: list[SchemeItem]) -> None:
    present = dict(SchemeItem.objects.filter(pk__in=[one.pk for one in items]).values_list("pk", "order"))
    for number, one in enumerate(items, 1):
        if present[one.pk] != number:
            SchemeItem.objects.filter(pk=one.pk).update(order=number)


@action
def drop_scheme_item(*, scheme: RatingScheme, version: int, item: SchemeItem, by) -> RatingScheme:
    """Takes an item out of a draft. Raises `Stale`, or ValidationError once the scheme was in use."""
    _edit(scheme, version, by)
    item.delete()
    _renumber(list(scheme.items.order_by("order")))
    return scheme


@action
def drop_rating_draft(*, scheme: RatingScheme, version: int, by) -> bool:
    """Deletes a draft with its items; its history stays. Raises `Stale`, or ValidationError once it was in use."""
    claim_row(scheme, version)
    _refuse_unless_draft(scheme)
    scheme.delete()
    return True


@action
def approve_rating_scheme(
    *, scheme: RatingScheme, version: int, indicators: Mapping[str, Indicator], by
) -> RatingScheme:
    """Approves a draft that fits the rules; whoever last changed it may not.

    Raises `Stale`, or ValidationError with everything that is wrong with it.
    """
    claim_row(scheme, version)
    _refuse_unless_draft(scheme)
    if scheme.entered_by_id == by.pk:
        raise ValidationError(_("编制人不能批准自己编制的方案。请由另一人批准。"))
    if wrong := faults_of(scheme, indicators):
        raise ValidationError(wrong)
    scheme.approved_by = by
    scheme.save(update_fields=["approved_by"])
    return scheme


@action
def use_rating_scheme(*, scheme: RatingScheme, version: int, by) -> RatingScheme:
    """Puts an approved scheme in use and retires the version in use until now; units rated by that one keep it.

    Raises `Stale`, or ValidationError where it is not approved or was in use before.
    """
    claim_row(scheme, version)
    _refuse_unless_draft(scheme)
    if scheme.approved_by_id is None:
        raise ValidationError(_("方案还没有批准，不能启用。"))
    same = RatingScheme.objects.filter(division_id=scheme.division_id, year=scheme.year, unit_kind=scheme.unit_kind)
    same.filter(state=RatingSchemeState.IN_USE).update(state=RatingSchemeState.RETIRED, version=F("version") + 1)
    scheme.state = RatingSchemeState.IN_USE
    scheme.save(update_fields=["state"])
    return scheme
