"""Writes of training: classes, who is enrolled, who came and with what result (domain §1.F)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.lib.codes import code_range
from portal.core.territory.models import Division
from workforce.actions.tallies import refresh_tallies
from workforce.actions.versions import claim_row
from workforce.models import Enrolment, Person, TrainingClass
from workforce.queries.figured import communities_of
from workforce.queries.training import UNITS


def _save(training_class: TrainingClass) -> TrainingClass:
    if training_class.ends_on < training_class.starts_on:
        raise ValidationError({"ends_on": _("结业日期不能早于开班日期。")})
    try:
        with transaction.atomic():
            training_class.save()
    except IntegrityError as error:
        raise ValidationError({"hours": _("学时应大于 0。")}) from error
    return training_class


@action
def open_class(*, division: Division, by, **fields) -> TrainingClass:
    """Enters a class held by an office of `division`. Raises ValidationError when its days or hours are impossible."""
    return _save(TrainingClass(division=division, **fields))


@action
def change_class(*, training_class: TrainingClass, version: int, by, **fields) -> TrainingClass:
    """Corrects a class. Raises `Stale` or ValidationError."""
    claim_row(training_class, version)
    for name, value in fields.items():
        setattr(training_class, name, value)
    _save(training_class)
    _count_again(training_class.enrolments.filter(attended=True).values_list("person_id", flat=True))
    return training_class


_ENROL = f"""
INSERT INTO workforce_enrolment (training_class_id, person_id, division_id, attended, hours, result)
SELECT %(class)s, u.person_id, u.division_id, NULL, NULL, ''
FROM ({UNITS}) u WHERE {{which}}
ORDER BY u.person_id
ON CONFLICT (training_class_id, person_id) DO NOTHING"""


def _enrol(training_class: TrainingClass, which: str, **values) -> int:
    """Adds people with the unit they belong to on the first day of the class; those enrolled already stay as they are."""
    given = {"class": training_class.pk, "on": training_class.starts_on, **values}
    with connection.cursor() as cursor:
        cursor.execute(_ENROL.format(which=which), given)
        return cursor.rowcount


@action
def enrol(*, training_class: TrainingClass, people: Iterable[UUID], by) -> int:
    """Enrols people of the user's territory who are or were in post; returns how many are new in the class."""
    mine = Person.objects.for_user(by, Perm.CHANGE_TRAINING) if by is not None else Person.objects.all()
    chosen = list(mine.filter(pk__in=list(people)).values_list("pk", flat=True))
    return _enrol(training_class, "u.person_id = ANY(%(people)s::uuid[])", people=list(map(str, chosen)))


@action
def enrol_place(*, training_class: TrainingClass, code: str, by) -> int:
    """Enrols everybody in post under `code` on the first day of the class; returns how many are new in it."""
    low, high = code_range(code)
    which = "u.division_id >= %(low)s AND u.division_id < %(high)s AND u.serving"
    return _enrol(training_class, which, low=low, high=high)


@dataclass(frozen=True)
class Mark:
    """One line of the attendance sheet; None of `attended` means not taken yet."""

    enrolment: int
    attended: bool | None
    hours: Decimal | None
    result: str


@action
def mark(*, training_class: TrainingClass, marks: Iterable[Mark], by) -> int:
    """Writes attendance, hours and results; returns how many lines changed. Lines outside the territory are refused.

    Raises ValidationError for a result of somebody who did not come.
    """
    wanted = {one.enrolment: one for one in marks}
    mine = Enrolment.objects.for_user(by, Perm.CHANGE_TRAINING) if by is not None else Enrolment.objects.all()
    rows = list(mine.select_for_update().filter(training_class=training_class, pk__in=wanted).order_by("pk"))
    if len(rows) != len(wanted):
        raise ValidationError(_("名单刚被修改过，或其中有您辖区以外的人员。请刷新后再填。"))
    changed = [row for row in rows if _apply(row, wanted[row.pk])]
    Enrolment.objects.bulk_update(changed, ["attended", "hours", "result"], batch_size=1000)
    _count_again(row.person_id for row in changed)
    return len(changed)


def _count_again(people: Iterable[UUID]) -> None:
    refresh_tallies(communities_of(people))


def _apply(row: Enrolment, given: Mark) -> bool:
    if given.result and not given.attended:
        raise ValidationError(_("没有到课的人员不能有结业结果。请核对到课一栏。"))
    new = (given.attended, given.hours if given.attended else None, given.result)
    if (row.attended, row.hours, row.result) == new:
        return False
    row.attended, row.hours, row.result = new
    return True
