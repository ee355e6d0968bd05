"""What every act of a rating asks first: is the cycle where it must be, is it in time, may this person do it."""

from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.lib.clock import today
from ratings import stages
from ratings.enums import Stage
from ratings.models import RatingCycle, UnitRating
from workforce.actions.versions import Stale

# How many places a sentence names before it stops.
NAMED = 5


def held(cycle_id: int) -> RatingCycle:
    """The cycle as it stands, kept from moving on until the transaction ends; others may work in it at the same time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ratings_ratingcycle WHERE id = %s FOR SHARE", [cycle_id])
    return RatingCycle.objects.get(pk=cycle_id)


def claim_cycle(cycle: RatingCycle, version: int | None) -> None:
    """Takes the next version of a cycle. Raises `Stale` where somebody else was faster; `version` None trusts the row."""
    seen = cycle.version if version is None else version
    if not RatingCycle.objects.filter(pk=cycle.pk, version=seen).update(version=F("version") + 1):
        raise Stale(_("这次评定刚被其他人办理过。请查看最新进展后再操作。"))
    cycle.refresh_from_db()


def claim_unit(unit: UnitRating, version: int | None) -> None:
    """The same for one unit."""
    seen = unit.version if version is None else version
    if not UnitRating.objects.filter(pk=unit.pk, version=seen).update(version=F("version") + 1):
        raise stale_units([unit.division.label])
    unit.refresh_from_db()


def stale_units(names: Iterable[str]) -> Stale:
    return Stale(_("%(names)s的评定刚被其他人改过。请核对最新内容后再保存。") % {"names": named(names)})


def named(names: Iterable[str]) -> str:
    """Names in a sentence: the first few, then how many there are."""
    found = list(names)
    words = _("、").join(found[:NAMED])
    return words if len(found) <= NAMED else _("%(names)s等 %(n)s 个单位") % {"names": words, "n": len(found)}


def word_of(stage: str) -> str:
    """A stage as the record keeps it: in the portal's own language, whoever reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(Stage(stage).label)


def due_of(cycle: RatingCycle, stage: str) -> date | None:
    """The last day of a stage; None where it has none."""
    return getattr(cycle, f"{stage}_due") if stage in stages.TIMED else None


def refuse_late(cycle: RatingCycle, stage: str) -> None:
    """Nothing is scored, said or moved in a stage after its last day."""
    due = due_of(cycle, stage)
    if due is not None and today() > due:
        raise ValidationError(
            _("%(stage)s已于 %(day)s 截止，不能再提交。确需补办的，请组织评定的单位先说明理由、延长期限。")
            % {"stage": Stage(stage).label, "day": due.isoformat()},
            code="late",
        )


def refuse_unless(cycle: RatingCycle, *allowed: str) -> None:
    if cycle.stage not in allowed:
        words = {"stage": cycle.get_stage_display(), "allowed": _("、").join(str(Stage(one).label) for one in allowed)}
        raise ValidationError(_("评定现处于%(stage)s阶段，这一步只能在%(allowed)s阶段办理。") % words)


def refuse_stranger(by, perm: str, code: str) -> None:
    """The pages offer a step only to those who may take it; an action called otherwise answers with a sentence."""
    if by is None or not by.can(perm, code):
        raise ValidationError(_("您没有在这里办理这一步的权限。"))


def refuse_left_out(units: Iterable[UnitRating]) -> None:
    if names := [unit.division.label for unit in units if unit.left_out_because]:
        raise ValidationError(_("%(names)s本年度不参评，不能打分。") % {"names": named(names)})


def refuse_maker(units: Iterable[UnitRating], stage: str, by) -> None:
    """Whoever gave points of an earlier stage does not check them, even where somebody else gave them last.

    The database refuses only the last of each stage; the row history knows all of them.
    """
    earlier = [Q(**{f"events__{one}_by": by}) for one in stages.scorers_before(stage)]
    if not earlier:
        return
    checked = {unit.pk: unit for unit in units}
    mine = UnitRating.objects.filter(reduce(or_, earlier), pk__in=checked).order_by("division_id").distinct()
    if made := [checked[pk] for pk in mine.values_list("pk", flat=True)]:
        raise ValidationError(
            _("您已参与%(names)s的前一阶段打分，不能再由您%(stage)s。请换一位同事办理。")
            % {"names": named(unit.division.label for unit in made), "stage": Stage(stage).label},
            code="maker",
        )
