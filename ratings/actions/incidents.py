"""Bonuses, penalties and vetoes of a unit: entered by one person, counted once another has confirmed them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from ratings import stages
from ratings.actions import course
from ratings.actions.scoring import refresh_totals
from ratings.enums import ItemKind, Star
from ratings.models import Incident, RatingCycle, SchemeItem, UnitRating
from workforce.actions.versions import Stale

# Until the notice events count; what comes to light later takes a star away by a decision of its own.
_COUNTED = (stages.SELF, stages.JOINT, stages.CALIBRATION)


@action
def add_incident(
    *, unit: UnitRating, item: SchemeItem, happened_on: date, text: str, document: str = "", by
) -> Incident:
    """Enters an event under a bonus, penalty or veto item of the unit's scheme. It counts once somebody else confirms.

    Raises ValidationError for another item, a day outside the rated year or in the future, or after the calibration.
    """
    cycle = _open(unit)
    if not any(by.can(perm, unit.division_id) for perm in (stages.RATE_STREET, stages.RATE_DISTRICT, stages.MANAGE)):
        course.refuse_stranger(by, stages.MANAGE, unit.division_id)
    course.refuse_left_out([unit])
    if item.scheme_id != unit.scheme_id or item.kind == ItemKind.SCORE:
        raise ValidationError({"item": _("请选择方案中的加分、扣分或一票否决事项。")})
    if happened_on.year != cycle.year or happened_on > today():
        raise ValidationError({"happened_on": _("应为 %(year)s 年内、不晚于今天的日期。") % {"year": cycle.year}})
    if not text.strip():
        raise ValidationError({"text": _("请写明事由。")})
    about = {"happened_on": happened_on, "text": text.strip(), "document": document.strip()}
    return Incident.objects.create(unit=unit, item=item, entered_by=by, **about)


@action
def confirm_incident(*, incident: Incident, by) -> Incident:
    """Lets an event count. Raises `Stale` where it was settled meanwhile, ValidationError for who entered it."""
    unit = incident.unit
    cycle = _open(unit)
    _refuse_unless_confirmer(unit, by)
    if incident.entered_by_id == by.pk:
        raise ValidationError(_("登记人不能自己确认。请由另一位同事确认。"), code="maker")
    open_one = Incident.objects.filter(pk=incident.pk, confirmed_by__isnull=True, taken_back=False)
    if not open_one.update(confirmed_by=by):
        raise _settled()
    _recount(unit, cycle)
    incident.refresh_from_db()
    return incident


@action
def take_back_incident(*, incident: Incident, by) -> Incident:
    """Takes back an event: by whoever entered it while unconfirmed, later by those who confirm. Raises as confirming does."""
    unit = incident.unit
    cycle = _open(unit)
    if incident.confirmed_by_id or incident.entered_by_id != by.pk:
        _refuse_unless_confirmer(unit, by)
    seen = Incident.objects.filter(pk=incident.pk, taken_back=False, confirmed_by=incident.confirmed_by_id)
    if not seen.update(taken_back=True):
        raise _settled()
    _recount(unit, cycle)
    incident.refresh_from_db()
    return incident


def _open(unit: UnitRating) -> RatingCycle:
    cycle = course.held(unit.cycle_id)
    course.refuse_unless(cycle, *_COUNTED)
    return cycle


def may_confirm(unit: UnitRating, by) -> bool:
    return any(by.can(perm, unit.division_id) for perm in (stages.RATE_DISTRICT, stages.MANAGE))


def _refuse_unless_confirmer(unit: UnitRating, by) -> None:
    if not may_confirm(unit, by):
        course.refuse_stranger(by, stages.MANAGE, unit.division_id)


def _settled() -> Stale:
    return Stale(_("这条事项刚被其他人处理过。请查看最新内容。"))


def _recount(unit: UnitRating, cycle: RatingCycle) -> None:
    """Total and provisional grade anew. In the session the grade follows, unless somebody has moved it; a veto always wins."""
    refresh_totals(cycle_id=cycle.pk, unit_ids=[unit.pk])
    mine = UnitRating.objects.filter(pk=unit.pk)
    mine.update(version=F("version") + 1)
    if cycle.stage == stages.CALIBRATION:
        mine.filter(vetoed=True).update(grade=Star.NONE)
        mine.filter(vetoed=False, moves__isnull=True).update(grade=F("provisional"))
    unit.refresh_from_db()
