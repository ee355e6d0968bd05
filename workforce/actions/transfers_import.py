"""Proposals for the people whom a sheet of one street names and another street has: all of them in few statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, name_of
from portal.core.lib.codes import within
from portal.core.sheets.models import ImportBatch, ImportRow, RowStatus
from portal.core.territory.models import Division
from workforce.enums import Tier, TransferState
from workforce.models import Appointment, Person, Transfer
from workforce.queries.transfers import POST_KEYS, SPEAKS, main_place

_USUAL = {"grade": None, "full_time": True, "managed": True, "grid_worker": False}


@dataclass
class Proposed:
    """What became of the rows: `made` are the transfers, `skipped` why some rows made none, by number of the row."""

    made: list[Transfer] = field(default_factory=list)
    skipped: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Wish:
    """One row: who shall come, where to, to which post."""

    row: ImportRow
    person: UUID
    post: dict


@action
def propose_from_import(*, batch: ImportBatch, rows: Iterable[ImportRow], effective_on: date, by) -> Proposed:
    """Proposes a transfer on a day for every row with status MOVED; a person on several rows moves to the most senior
    post. The days of the sheet's own posts are no days to move on.

    Villages, people with an open proposal, or without a post elsewhere by now, are left out and named. Raises
    ValidationError outside the user's territory, or where somebody else proposed one of them at this moment.
    """
    if not by.can(SPEAKS, batch.division_id):
        raise ValidationError(_("这份名册不在您的管理范围内。"))
    found = Proposed()
    wishes = _wishes(batch, rows, found)
    people = {wish.person for wish in wishes}
    waiting = set(
        Transfer.objects.filter(person__in=people, state=TransferState.PROPOSED).values_list("person_id", flat=True)
    )
    known = set(Person.objects.filter(pk__in=people).values_list("pk", flat=True))
    places = _elsewhere(known, batch.division_id)
    for wish in wishes:
        if wish.person in waiting:
            found.skipped[wish.row.number] = _("已有一份等待答复的调动申请。")
        elif source := main_place(places.get(wish.person, []), effective_on):
            found.made.append(_transfer(batch, wish, source, effective_on, by))
        else:
            found.skipped[wish.row.number] = _("此人现在没有其他街道的任职，请重新检查名册。")
    try:
        with transaction.atomic():
            Transfer.objects.bulk_create(found.made, batch_size=500)
    except IntegrityError as error:
        raise ValidationError(_("其中有人刚被提出调动申请，请刷新后重试。")) from error
    return found


def _wishes(batch: ImportBatch, rows: Iterable[ImportRow], found: Proposed) -> list[_Wish]:
    """One wish for each person, the most senior post first where the sheet names several."""
    chosen: dict[UUID, _Wish] = {}
    rows = list(rows)
    villages = _villages({row.division for row in rows})
    for row in rows:
        given = {change["key"]: change.get("new") for change in row.changes}
        moved = row.batch_id == batch.pk and row.status == RowStatus.MOVED and within(row.division, batch.division_id)
        if not moved or not given.get("person"):
            continue
        if row.division in villages:
            found.skipped[row.number] = _("“%(name)s”是村，不适用社区工作者名册。") % {"name": villages[row.division]}
            continue
        post = {key: given.get(key, _USUAL.get(key)) for key in POST_KEYS}
        post |= {key: usual for key, usual in _USUAL.items() if post[key] is None}
        wish = _Wish(row, UUID(given["person"]), post)
        other = chosen.setdefault(wish.person, wish)
        if other is wish:
            continue
        later, first = sorted((wish, other), key=lambda one: (one.post["tier"] or Tier.STAFF, one.row.number))[::-1]
        chosen[wish.person] = first
        found.skipped[later.row.number] = _("同一人已按另一行提出申请；同意后请在其页面上新增这项任职。")
    return sorted(chosen.values(), key=lambda wish: wish.row.number)


def _villages(codes: set[str]) -> dict[str, str]:
    """The names of those places that are no urban communities."""
    return dict(Division.objects.filter(code__in=codes, urban=False).values_list("code", "label"))


def _elsewhere(people: set[UUID], division: str) -> dict[UUID, list[Appointment]]:
    """Posts of the people outside the division of the sheet, those taken back left out."""
    found: dict[UUID, list[Appointment]] = {}
    for post in Appointment.objects.filter(person__in=people).exclude(valid_to=F("valid_from")):
        if not within(post.division_id, division):
            found.setdefault(post.person_id, []).append(post)
    return found


def _transfer(batch: ImportBatch, wish: _Wish, source: str, effective_on: date, by) -> Transfer:
    return Transfer(
        person_id=wish.person,
        from_division_id=source,
        to_division_id=wish.row.division,
        effective_on=effective_on,
        post={**wish.post, "name": wish.row.label},
        batch=batch,
        proposed_by=name_of(by),
        to_agreed_by=name_of(by),
        to_agreed_at=timezone.now(),
    )
