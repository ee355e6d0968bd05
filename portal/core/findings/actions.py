"""What people do with findings; that one goes away is the business of `reconcile` alone.

Each act takes one finding or many, as (id, version as the reader saw it) pairs, in one statement: a row that somebody
changed meanwhile, or whose state does not admit the act, is left as it is and not counted.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.models import DateField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, name_of
from portal.core.findings.models import RESTING, Finding, State
from portal.core.lib.clock import today

LONGEST_REST = timedelta(days=366)
NOTE_LENGTH = 500
_WORKING = [State.OPEN, State.ACKNOWLEDGED, *RESTING]

Pair = tuple[int, int | None]


class Stale(ValidationError):
    """Somebody else changed the finding since the reader saw it."""

    def __init__(self, finding: Finding):
        words = {"state": finding.get_state_display(), "who": finding.acknowledged_by or _("系统")}
        super().__init__(_("这条预警刚被改动：现在是“%(state)s”（%(who)s）。请看过最新情况再操作。") % words)


@action
def acknowledge_many(*, pairs: Iterable[Pair], note: str = "", by) -> int:
    """Signs for open findings; returns how many."""
    return _change(pairs, [State.OPEN], by, state=State.ACKNOWLEDGED, note=note[:NOTE_LENGTH])


@action
def plan_many(*, pairs: Iterable[Pair], planned_for: date, note: str = "", by) -> int:
    """Promises that findings will be gone by a day; until then they rest. ValidationError for a day gone by or far off."""
    _check_end(planned_for, _("计划完成日期"))
    return _change(
        pairs,
        _WORKING,
        by,
        state=State.PLANNED,
        note=note[:NOTE_LENGTH],
        planned_for=planned_for,
        excused_until=None,
        rest_from=Coalesce("rest_from", Value(today())),
    )


@action
def excuse_many(*, pairs: Iterable[Pair], excused_until: date, reason: str, by) -> int:
    """Lets findings rest up to and with a day, for a reason; then they are open again."""
    _check_end(excused_until, _("暂缓截止日期"))
    if not reason.strip():
        raise ValidationError({"note": _("请写明暂不处理的理由。")})
    return _change(
        pairs,
        _WORKING,
        by,
        state=State.EXCUSED,
        note=reason[:NOTE_LENGTH],
        planned_for=None,
        excused_until=excused_until,
        rest_from=Coalesce("rest_from", Value(today())),
    )


@action
def reopen_many(*, pairs: Iterable[Pair], note: str = "", by) -> int:
    """Takes a plan or an excuse back; the days until escalation count on from where they stopped."""
    rested = ExpressionWrapper(F("held_since") + (Value(today()) - F("rest_from")), output_field=DateField())
    return _change(
        pairs,
        list(RESTING),
        by,
        state=State.ACKNOWLEDGED,
        note=note[:NOTE_LENGTH],
        planned_for=None,
        excused_until=None,
        rest_from=None,
        held_since=rested,
    )


def acknowledge(*, finding: Finding, note: str = "", version: int | None = None, by) -> Finding:
    """Signs for an open finding. Raises ValidationError when somebody did so before or the finding is gone."""
    changed = acknowledge_many(pairs=[(finding.pk, version)], note=note, by=by)
    finding.refresh_from_db()
    if not changed and finding.state == State.ACKNOWLEDGED:
        raise ValidationError(_("该预警已由 %(who)s 签收。") % {"who": finding.acknowledged_by})
    return _changed(finding, changed)


def plan(*, finding: Finding, planned_for: date, note: str = "", version: int | None = None, by) -> Finding:
    """Promises that a finding will be gone by a day. Raises `Stale` or ValidationError."""
    return _changed(finding, plan_many(pairs=[(finding.pk, version)], planned_for=planned_for, note=note, by=by))


def excuse(*, finding: Finding, excused_until: date, reason: str, version: int | None = None, by) -> Finding:
    """Lets a finding rest up to and with a day, for a reason. Raises `Stale` or ValidationError."""
    pairs = [(finding.pk, version)]
    return _changed(finding, excuse_many(pairs=pairs, excused_until=excused_until, reason=reason, by=by))


def reopen(*, finding: Finding, note: str = "", version: int | None = None, by) -> Finding:
    """Takes the plan or excuse of a finding back. Raises `Stale` or ValidationError."""
    return _changed(finding, reopen_many(pairs=[(finding.pk, version)], note=note, by=by))


def _check_end(day: date, label: str) -> None:
    first, last = today(), today() + LONGEST_REST
    if not first <= day <= last:
        words = {"label": label, "first": first, "last": last}
        raise ValidationError(_("%(label)s应在 %(first)s 到 %(last)s 之间。") % words)


def _change(pairs: Iterable[Pair], states: list[str], by, **values) -> int:
    meant = Q()
    for pk, version in pairs:
        meant |= Q(pk=pk) if version is None else Q(pk=pk, version=version)
    if not meant:
        return 0
    return Finding.objects.filter(meant, state__in=states).update(
        acknowledged_at=timezone.now(), acknowledged_by=name_of(by), version=F("version") + 1, **values
    )


def _changed(finding: Finding, changed: int) -> Finding:
    finding.refresh_from_db()
    if not changed:
        if finding.state == State.RESOLVED:
            raise ValidationError(_("该预警已消除，不用再处理。"))
        raise Stale(finding)
    return finding
