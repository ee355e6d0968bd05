"""Writes of visits: one, or many at a time; a tap repeated writes nothing twice, a mistake is taken back (domain §1.H1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from ratings.actions.requests import receive_request
from ratings.actions.tallies import refresh_tallies
from ratings.enums import RequestChannel
from ratings.models import Premises, ServiceRequest, Visit
from ratings.queries.people import in_post
from workforce.models import Person

# The rows of the premises are locked first: of two taps at the same moment the later one sees what the earlier wrote.
_LOCK = """
SELECT id FROM ratings_premises
WHERE id = ANY(%(ids)s) AND division_id = %(code)s
  AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
ORDER BY id FOR NO KEY UPDATE"""
_NOTE = """
INSERT INTO ratings_visit (division_id, premises_id, visited_on, worker_id, outcome, note, taken_back)
SELECT %(code)s, p.id, %(on)s, %(worker)s, %(outcome)s, %(note)s, false
FROM unnest(%(ids)s::bigint[]) AS p(id)
WHERE NOT EXISTS (
    SELECT FROM ratings_visit v
    WHERE v.premises_id = p.id AND v.visited_on = %(on)s AND v.outcome = %(outcome)s AND NOT v.taken_back
)
ORDER BY p.id RETURNING id"""


@dataclass(frozen=True)
class Noted:
    """Ids of the visits that are new; how many stood there already; how many premises did not exist on that day."""

    made: list[int]
    known: int
    absent: int


def _refuse(division: Division, visited_on: date, worker: Person | None) -> None:
    if visited_on > today():
        raise ValidationError({"visited_on": _("走访日期不能晚于今天。")})
    if worker is not None and not in_post(division.pk, visited_on).filter(pk=worker.pk).exists():
        raise ValidationError({"worker": _("此人当天不在本社区任职。请另选走访人。")})


def _write(division: Division, ids: list[int], visited_on: date, outcome: str, worker, note: str) -> Noted:
    _refuse(division, visited_on, worker)
    given = {"code": division.pk, "on": visited_on, "outcome": outcome, "note": note, "ids": ids}
    given["worker"] = worker.pk if worker is not None else None
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, given)
        given["ids"] = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(_NOTE, given)
        made = [pk for (pk,) in cursor.fetchall()]
    refresh_tallies([division.pk])
    return Noted(made, len(given["ids"]) - len(made), len(ids) - len(given["ids"]))


@action
def note_visits(
    *, division: Division, premises: Iterable[int], visited_on: date, outcome: str, worker: Person | None = None, by
) -> Noted:
    """Notes the same outcome for many households and shops of a community; those noted that day already stay as they are.

    Raises ValidationError for a day to come or a worker who was not in post that day.
    """
    return _write(division, sorted(set(premises)), visited_on, outcome, worker, "")


@action
def note_visit(
    *, premises: Premises, visited_on: date, outcome: str, worker: Person | None, note: str, request: dict | None, by
) -> tuple[Visit, ServiceRequest | None]:
    """Notes one visit with its note and, where the resident brought something forward, the request that comes of it.

    `request`: kind, title, text. Raises ValidationError for a day on which the premises did not exist, or a second time.
    """
    noted = _write(premises.division, [premises.pk], visited_on, outcome, worker, note)
    if noted.absent:
        raise ValidationError({"visited_on": _("这一户当天尚未迁入或已经迁出。请核对日期。")})
    if noted.known:
        raise ValidationError(_("这一户当天已记过同样结果的走访。要补充记录，请先撤回那一条。"))
    raised = None
    if request is not None:
        facts = {"premises": premises, "channel": RequestChannel.VISIT, "received_on": visited_on}
        facts |= {"first_asked": worker, "told_once": False, "joint": "", **request}
        raised = receive_request(division=premises.division, by=by, **facts)
    return Visit.objects.get(pk=noted.made[0]), raised


@action
def take_back_visit(*, visit: Visit, by) -> Visit:
    """Takes back a visit noted by mistake; it stays readable and counts no more. Raises ValidationError a second time."""
    if not Visit.objects.filter(pk=visit.pk, taken_back=False).update(taken_back=True):
        raise ValidationError(_("这条走访已经撤回。"))
    visit.taken_back = True
    refresh_tallies([visit.division_id])
    return visit
