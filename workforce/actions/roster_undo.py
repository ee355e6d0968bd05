"""Takes a roster import back: the people it entered go, the others are again what they were (see docs/adr/0011).

A person is taken back whole or not at all. Kept is everybody with a later change to what the import writes, and of
the people it entered everybody on whom anything has been recorded since; the one exception are review cases that the
portal opened by itself and nobody has touched, which go with their person.
"""

from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.core.audit.actions import SYSTEM, action
from portal.core.audit.acts import label_of
from portal.core.audit.rewind import Part, Tie, gather, look_later
from portal.core.audit.rewinding import leave_out_kept, remove_made, restore
from portal.core.lib.bulk import count_for_planner, plan_anew
from portal.core.sheets.importer import Progress
from portal.core.sheets.models import BatchState, ImportBatch
from portal.core.sheets.undo import SHOWN, Edited, Undo, UndoPreview
from workforce.actions.tallies import refresh_tallies
from workforce.models import (
    Appointment,
    Certificate,
    Contract,
    Exit,
    GradeRecord,
    Person,
    Registration,
    ReviewCase,
)
from workforce.queries.figured import communities_sql

_PEOPLE = Part(Person, "id")
# What hangs on a person and is written by an import, in the order in which rows may be deleted.
_RECORDS = tuple(
    Part(model, "person_id") for model in (Registration, Certificate, Contract, GradeRecord, Exit, Appointment)
)
PARTS = (_PEOPLE, *_RECORDS)
_OPENED_BY_PORTAL = f"e.pgh_label = 'insert' AND e.pgh_context->>'user' = '{SYSTEM}'"

_LOCK_CASES = "SELECT pg_advisory_xact_lock(hashtext('workforce.cases'))"
_LOCK_PEOPLE = """
SELECT count(*) FROM (
    SELECT FROM workforce_person WHERE id IN (SELECT id FROM rewind_owner) ORDER BY id FOR UPDATE
) p"""
_REMOVE_CASES = "DELETE FROM workforce_reviewcase c USING rewind_owner o WHERE c.person_id = o.id AND o.made"
_NEXT_VERSION = """
UPDATE workforce_person p SET version = p.version + 1 FROM rewind_owner o
WHERE p.id = o.id AND NOT o.made AND NOT EXISTS (SELECT 1 FROM rewind_person r WHERE r.id = p.id)"""
_COMMUNITIES = communities_sql("SELECT id FROM rewind_owner")
_KEPT = """
SELECT p.id, p.name, k.at, k.context->>'batch', k.context->>'user', k.context->>'act' FROM rewind_kept k JOIN workforce_person p ON p.id = k.owner
ORDER BY p.name_pinyin, p.id LIMIT %s"""


@cache
def ties() -> tuple[Tie, ...]:
    """Every tracked table that hangs on a person, directly or by one row between, by the models there are."""
    written = {part.model for part in PARTS}
    direct = {model: column for model, column in _referring(Person) if model not in written}
    found = [Tie(part.model, f"e.{part.owner}", always=True) for part in PARTS]
    for model, column in direct.items():
        found.append(Tie(model, f"e.{column}", unless=_OPENED_BY_PORTAL if model is ReviewCase else "false"))
    for parent in (*written - {Person}, *direct):
        for model, column in _referring(parent):
            if model not in written and model not in direct:
                through = f"JOIN {parent._meta.db_table} p ON p.id = e.{column}"
                owner = direct.get(parent, "person_id")
                found.append(Tie(model, f"p.{owner}", through, always=parent in written))
    return tuple(found)


def tied() -> list[type[models.Model]]:
    """The tables of `ties`: an import notes how far the history of each had come."""
    return [tie.model for tie in ties()]


def _referring(model: type[models.Model]) -> list[tuple[type[models.Model], str]]:
    """Models with a foreign key to `model`, history apart, with its column."""
    relations = (field for field in model._meta.get_fields(include_hidden=True) if field.auto_created)
    return [
        (relation.related_model, relation.field.column)
        for relation in relations
        if not relation.concrete and not hasattr(relation.related_model, "pgh_tracked_model")
    ]


def look(batch: ImportBatch) -> UndoPreview:
    """Who and what would be taken back now, and who would be kept; writes nothing."""
    with transaction.atomic(), connection.cursor() as cursor:
        gather(cursor, PARTS, batch.written, str(batch.pk))
        look_later(cursor, PARTS, ties(), batch.written)
        return _preview(cursor)


@action
def undo_import(*, batch: ImportBatch, rest: bool, progress: Progress, by) -> UndoPreview:
    """Puts the people of an import back to what they were before it, and the tallies with them.

    Whoever was edited since is kept; without `rest` that raises `Edited` and nothing is written.
    """
    with connection.cursor() as cursor:
        gather(cursor, PARTS, batch.written, str(batch.pk))
        _count(cursor)
        cursor.execute(_LOCK_CASES)
        cursor.execute(_LOCK_PEOPLE)
        look_later(cursor, PARTS, ties(), batch.written)
        found = _preview(cursor)
        if found.kept_count and not rest:
            raise Edited(found)
        before = _communities(cursor)
        _put_back(cursor, found.rows, progress)
        communities = before | _communities(cursor)
    refresh_tallies(communities)
    return found


def _count(cursor: Any) -> None:
    """Lets the planner know how much is to be done, table by table."""
    for part in PARTS:
        cursor.execute(f"SELECT count(*) FROM {part.gathered}")
        count_for_planner(cursor, part.table, cursor.fetchone()[0])


def _put_back(cursor: Any, rows: int, progress: Progress) -> None:
    done = 0
    progress("undoing", done, rows)
    cursor.execute(_REMOVE_CASES)
    for part in _RECORDS:
        done += remove_made(cursor, part)
        progress("undoing", done, rows)
    for part in _RECORDS:
        done += restore(cursor, part)
        progress("undoing", done, rows)
    done += restore(cursor, _PEOPLE, given={"version": "t.version + 1"})
    plan_anew(cursor)
    cursor.execute(_NEXT_VERSION)
    progress("undoing", done, rows)
    remove_made(cursor, _PEOPLE)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    progress("undoing", rows, rows)


def _communities(cursor: Any) -> set[str]:
    cursor.execute(_COMMUNITIES)
    return {code for (code,) in cursor.fetchall()}


def _preview(cursor: Any) -> UndoPreview:
    """The figures and the first names; leaves only what is put back in the gathered tables."""
    cursor.execute("SELECT count(*) FROM rewind_kept")
    kept_count = cursor.fetchone()[0]
    if kept_count:
        leave_out_kept(cursor, PARTS)
    cursor.execute("SELECT count(*) FROM rewind_owner")
    people = cursor.fetchone()[0]
    cursor.execute(" UNION ALL ".join(f"SELECT count(*) FROM {part.gathered}" for part in PARTS))
    rows = sum(count for (count,) in cursor.fetchall())
    cursor.execute(_KEPT, [SHOWN])
    return UndoPreview(people, rows, kept_count, _named(cursor.fetchall()))


def _named(rows: list[tuple]) -> list[dict[str, str]]:
    applied = ImportBatch.objects.filter(
        pk__in={batch for *_, batch, _who, _act in rows if batch}, state=BatchState.APPLIED
    )
    files = {str(pk): name for pk, name in applied.values_list("pk", "filename")}
    return [
        {"label": name, "url": Person(pk=pk).get_absolute_url(), "reason": _reason(at, files.get(batch, ""), who, act)}
        for pk, name, at, batch, who, act in rows
    ]


def _reason(at: datetime | None, file: str, who: str | None, act: str | None) -> str:
    """Why somebody is kept: a later import, which would have to be taken back first, or what was done when by whom."""
    if at is None:
        return _("导入之前的内容没有留下记录")
    if file:
        return _("后来的导入《%(file)s》也改过，须先撤销那一份") % {"file": file}
    return _("%(day)s %(who)s：%(act)s") % {
        "day": timezone.localtime(at).date().isoformat(),
        "who": who or "",
        "act": label_of(act or "") or _("未经平台直接写入"),
    }


ROSTER_UNDO = Undo(models=tied, look=look, write=undo_import)
