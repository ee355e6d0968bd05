"""Reads of the audit trail: acts (AuditEvent) and row changes of all history tables, newest first.

A history table finds its territory by itself: its own division, else that of the object it is about, else that of an
object it refers to; what belongs to no territory shows to national auditors alone.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pghistory
from django.db import models
from django.db.models import Q, QuerySet, Value

from portal.core.audit.models import AuditEvent
from portal.core.lib import clock
from portal.core.lib.scope import union


@dataclass(frozen=True)
class Asked:
    """What a reader of the trail looks for. Days are inclusive; `place` narrows the reader's own territory."""

    since: date
    until: date
    actor: str = ""
    act: str = ""
    place: str = ""
    object: str = ""

    def moments(self) -> tuple[datetime, datetime]:
        """Begin of the first and end of the last day."""
        start, end = self.since, self.until + timedelta(days=1)
        return (datetime.combine(start, time.min, clock.zone()), datetime.combine(end, time.min, clock.zone()))


@dataclass(frozen=True)
class Territory:
    """Stands in for a user whose territory was narrowed to a place."""

    codes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, user, perm: str, place: str = "") -> "Territory":
        held = user.territories(perm)
        if not place:
            return cls(held)
        if any(place.startswith(code) for code in held):
            return cls([place])
        return cls([code for code in held if code.startswith(place)])

    def territories(self, perm: str) -> list[str]:
        return self.codes


def events(territory: Territory, asked: Asked) -> QuerySet[AuditEvent]:
    """Acts in the territory, newest first; ids are drawn in the order of time."""
    start, end = asked.moments()
    found = AuditEvent.objects.for_user(territory, "").filter(at__gte=start, at__lt=end)
    if asked.actor:
        found = found.filter(Q(actor=asked.actor) | Q(subject=asked.actor))
    return (found.filter(act=asked.act) if asked.act else found).order_by("-id")


def history_models() -> list[type[models.Model]]:
    """Every history table, by the name of the model it follows."""
    return sorted(pghistory.core.event_models(), key=lambda model: model.pgh_tracked_model._meta.label_lower)


def _scoped(model: type[models.Model], territory: Territory) -> QuerySet:
    rows = models.QuerySet(model)
    if "" in territory.codes:
        return rows
    columns = {column.name: column for column in model._meta.concrete_fields}
    if "division" in columns:
        condition = union("division_id", territory.codes)
        return rows.none() if condition is None else rows.filter(condition)
    for name, target in [("pgh_obj", model.pgh_tracked_model), *_references(columns.values())]:
        if hasattr(target._default_manager, "for_user"):
            return rows.filter(**{f"{name}_id__in": target._default_manager.for_user(territory, "").values("pk")})
    return rows.none()


def _references(columns: Iterable[models.Field]) -> list[tuple[str, type[models.Model]]]:
    return [(c.name, c.related_model) for c in columns if c.is_relation and not c.name.startswith("pgh_")]


def _history(model: type[models.Model], territory: Territory, asked: Asked) -> QuerySet:
    start, end = asked.moments()
    rows = _scoped(model, territory).filter(pgh_created_at__gte=start, pgh_created_at__lt=end)
    if asked.actor:
        rows = rows.filter(pgh_context__user=asked.actor)
    return rows.filter(pgh_context__act=asked.act) if asked.act else rows


def change_keys(
    territory: Territory, asked: Asked, before: dict[str, int], limit: int
) -> tuple[list[tuple[type[models.Model], int]], dict[str, int] | None]:
    """Table and id of the newest `limit` changes, and what to pass as `before` for those that follow (None: no more).

    Each table is walked by its own id, so paging neither skips nor repeats a row, however transactions overlapped.
    """
    wanted = [m for m in history_models() if asked.object in ("", m.pgh_tracked_model._meta.label_lower)]
    queries = []
    for number, model in enumerate(wanted):
        rows = _history(model, territory, asked)
        if name_of_table(model) in before:
            rows = rows.filter(pgh_id__lt=before[name_of_table(model)])
        rows = rows.annotate(pgh_table=Value(number, output_field=models.IntegerField()))
        queries.append(rows.order_by("-pgh_id").values_list("pgh_table", "pgh_id", "pgh_created_at")[: limit + 1])
    if not queries:
        return [], None
    heads: dict[int, list] = {}
    for number, row_id, at in queries[0].union(*queries[1:], all=True):
        heads.setdefault(number, []).append((at, number, row_id))
    lists = [sorted(rows, key=lambda row: -row[2]) for rows in heads.values()]
    merged = list(heapq.merge(*lists, key=lambda row: row[0], reverse=True))
    taken, rest = merged[:limit], merged[limit:]
    following = dict(before)
    for _at, number, row_id in taken:
        following[name_of_table(wanted[number])] = row_id
    return [(wanted[number], row_id) for _at, number, row_id in taken], following if rest else None


def name_of_table(model: type[models.Model]) -> str:
    return model.pgh_tracked_model._meta.label_lower
