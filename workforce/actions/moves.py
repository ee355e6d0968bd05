"""A person goes from one post to another on a day: what is left behind ends the day before, the new post begins.

Contracts stay; grade records and tallies follow; nobody takes a position that is not established.
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.territory.models import Division
from workforce.actions import records
from workforce.actions.appointing import appoint, codes_of, rehire
from workforce.actions.grades_roster import follow_roster
from workforce.actions.positions import guard_positions
from workforce.actions.tallies import refresh_tallies
from workforce.actions.versions import claim
from workforce.models import Appointment, GridPost, Person
from workforce.queries.establishment import held_by

FIELD = "valid_from"


@action
def move_worker(
    *,
    person: Person,
    version: int,
    ends: Iterable[Appointment | GridPost],
    division: Division,
    effective_on: date,
    post: dict,
    by,
) -> Appointment:
    """Moves a person within the user's own territory, at once: `ends` are the posts left, `post` the new one.

    Raises `Stale`, `OverQuota`, or ValidationError where a place lies outside or the day does not fit the posts left.
    """
    claim(person, version)
    ends = list(ends)
    if by is not None and not all(by.can(Perm.CHANGE_ROSTER, code) for code in (division.pk, *_places(ends))):
        raise ValidationError(_("原任职或新任职不在您的管理范围内，须提出调动申请，由对方同意。"))
    return write_move(person, ends, division, effective_on, post)


def _places(rows: Iterable[Appointment | GridPost]) -> list[str]:
    return [row.division_id for row in rows]


def write_move(
    person: Person, ends: Iterable[Appointment | GridPost], division: Division, effective_on: date, post: dict
) -> Appointment:
    """Writes a move inside the transaction of an act that has claimed the person; the post carries `notes`."""
    if not division.urban:
        raise ValidationError({"community": _("“%(name)s”是村，不适用社区工作者名册。") % {"name": division.label}})
    if person.left_on is not None and effective_on <= person.left_on:
        raise ValidationError(
            {FIELD: _("生效日期应晚于登记的离职日期 %(day)s。") % {"day": person.left_on.isoformat()}}
        )
    held = held_by(person.pk)
    for row in ends:
        _leave_behind(row, effective_on)
    rehire(person, effective_on)
    made = appoint(person, {**post, "division": division, "valid_from": effective_on, "valid_to": None})
    made.notes = guard_positions(person.pk, held, FIELD)
    follow_roster([person.pk])
    refresh_tallies(codes_of(person))
    return made


def _leave_behind(row: Appointment | GridPost, effective_on: date) -> None:
    if row.valid_from >= effective_on:
        words = {"day": effective_on.isoformat(), "start": row.valid_from.isoformat()}
        raise ValidationError(
            {FIELD: _("生效日期 %(day)s 应晚于现任职务的起始日期 %(start)s，否则任职时间重叠。") % words}
        )
    records.end(row, effective_on, field=FIELD)
