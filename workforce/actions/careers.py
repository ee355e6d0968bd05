"""Writes of careers: directed posts of a district and year, honours with their quotas (domain §1.G)."""

from collections.abc import Callable, Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.territory.models import Division
from workforce.actions.versions import claim_row
from workforce.enums import NominationStage
from workforce.models import Award, DirectedRecruitment, Nomination, Person
from workforce.queries.careers import PUT_FORWARD, put_forward
from workforce.queries.service import unit_left

# Why somebody may not be put forward for an award from a unit on a day, as a sentence; empty where they may be. Other parts
# of the site have such rules, and hand them in: the workforce knows none of them.
NominationRule = Callable[..., str]

# Where a nomination may go next; a district may also put one forward that it has not selected from among several.
NEXT: dict[str, tuple[str, ...]] = {
    NominationStage.NOMINATED: (NominationStage.SELECTED, NominationStage.RECOMMENDED, NominationStage.DECLINED),
    NominationStage.SELECTED: (NominationStage.RECOMMENDED, NominationStage.DECLINED),
    NominationStage.RECOMMENDED: (NominationStage.AWARDED, NominationStage.DECLINED),
    NominationStage.AWARDED: (),
    NominationStage.DECLINED: (NominationStage.NOMINATED,),
}


@action
def enter_directed(*, division: Division, year: int, kind: str, group: str, by, **fields) -> DirectedRecruitment:
    """Enters posts, applicants, hired and document for one kind and group. ValidationError where there is a row."""
    row = DirectedRecruitment(division=division, year=year, kind=kind, group=group, **fields)
    try:
        return _saved(row)
    except IntegrityError as error:
        raise ValidationError({"kind": _("该区该年度的这一类岗位已经登记，请更正原记录。")}) from error


@action
def change_directed(*, row: DirectedRecruitment, version: int, by, **fields) -> DirectedRecruitment:
    """Corrects posts, applicants, hired and document. Raises `Stale` or ValidationError."""
    claim_row(row, version)
    for name, value in fields.items():
        setattr(row, name, value)
    return _saved(row)


def _saved(row: DirectedRecruitment) -> DirectedRecruitment:
    if row.hired is not None and row.hired > row.posts:
        raise ValidationError({"hired": _("录用人数不能多于岗位数。")})
    with transaction.atomic():
        row.save()
    return row


@action
def enter_award(*, division: Division, by, **fields) -> Award:
    """Enters an honour: name, level, year, quota (None: no limit). ValidationError for a second of name and year."""
    return _award(Award(division=division, **fields))


@action
def change_award(*, award: Award, version: int, by, **fields) -> Award:
    """Corrects an honour. Raises `Stale`, or ValidationError for a quota below what has been put forward."""
    claim_row(award, version)
    for name, value in fields.items():
        setattr(award, name, value)
    used = put_forward(award)
    if award.quota is not None and award.quota < used:
        raise ValidationError({"quota": _("已上报 %(used)s 人，名额不能少于这个数。") % {"used": used}})
    return _award(award)


def _award(award: Award) -> Award:
    try:
        with transaction.atomic():
            award.save()
    except IntegrityError as error:
        raise ValidationError({"name": _("这一年度已有同名的荣誉。")}) from error
    return award


@action
def nominate(
    *, award: Award, person: Person, reason: str, on: date, by, rules: Iterable[NominationRule] = ()
) -> Nomination:
    """Nominates a person for an award from the unit of the day.

    ValidationError where that has been done before, or one of `rules` is against it.
    """
    division = unit_left(person, on)
    _ask(rules, award, person, division, on, "person")
    try:
        with transaction.atomic():
            return Nomination.objects.create(
                award=award, person=person, division_id=division, reason=reason, decided_on=on
            )
    except IntegrityError as error:
        raise ValidationError({"person": _("此人已被推荐参评这项荣誉。")}) from error


def _ask(rules: Iterable[NominationRule], award: Award, person: Person, division: str, on: date, field: str) -> None:
    for rule in rules:
        if refusal := rule(award=award, person=person, division_id=division, on=on):
            raise ValidationError({field: refusal})


@action
def move_nomination(
    *,
    nomination: Nomination,
    version: int,
    stage: str,
    decided_on: date,
    reason: str = "",
    by,
    rules: Iterable[NominationRule] = (),
) -> Nomination:
    """Carries a nomination one stage on. The award is locked, so that its quota holds however many do so at once.

    Raises `Stale`, or ValidationError for a stage that does not follow, a quota that is used up, or a rule against
    putting the person forward any further.
    """
    award = Award.objects.select_for_update().get(pk=nomination.award_id)
    claim_row(nomination, version)
    if stage not in NEXT[nomination.stage]:
        raise ValidationError(
            {"stage": _("“%(now)s”之后不能直接改为所选进度。") % {"now": nomination.get_stage_display()}}
        )
    takes_place = stage in PUT_FORWARD and nomination.stage not in PUT_FORWARD
    if takes_place and award.quota is not None and put_forward(award) >= award.quota:
        raise ValidationError({"stage": _("名额 %(quota)s 个已经用完，不能再上报。") % {"quota": award.quota}})
    if stage not in (NominationStage.AWARDED, NominationStage.DECLINED):
        _ask(rules, award, nomination.person, nomination.division_id, decided_on, "stage")
    nomination.stage, nomination.decided_on = stage, decided_on
    nomination.reason = reason or nomination.reason
    nomination.save(update_fields=["stage", "decided_on", "reason"])
    return nomination
