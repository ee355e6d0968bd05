"""Row changes in words: who changed what, when and from where, each field old and new, personal data masked."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.audit.acts import label_of
from portal.core.audit.object_labels import OBJECTS
from portal.core.audit.queries import name_of_table
from portal.core.lib.dated import last_day
from portal.core.lib.fields import EncryptedTextField

MASKED = "••••••"
SENSITIVE = frozenset({"birth_date", "leaving_reason"})
VALUE_LENGTH = 200
KINDS: dict[str, Promise] = {
    "insert": gettext_lazy("新增"),
    "update": gettext_lazy("修改"),
    "delete": gettext_lazy("删除"),
}
_LAST_DAY = gettext_lazy("最后一日")


@dataclass(frozen=True)
class FieldChange:
    """One field, old and new in words; None stands for empty."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class Change:
    """One row of a history table as a person reads it; `whole` marks a row that came or went with all its fields.

    `batch` is the key of the import that wrote it, empty for everything else.
    """

    at: datetime
    actor: str
    act: str
    ip: str
    request_id: str
    table: str
    kind: str
    subject: str
    fields: list[FieldChange]
    whole: bool
    batch: str = ""


def describe(keys: list[tuple[type[models.Model], int]]) -> list[Change]:
    """The changes named by table and id, in the order given; two queries per table and one per kind of object."""
    ids = defaultdict(list)
    for model, row_id in keys:
        ids[model].append(row_id)
    rows = {model: _with_previous(model, numbers) for model, numbers in ids.items()}
    known = _referred(row for pairs in rows.values() for pair in pairs.values() for row in pair if row is not None)
    return [_change(*rows[model][row_id], known) for model, row_id in keys if row_id in rows[model]]


def _with_previous(model: type[models.Model], ids: list[int]) -> dict[int, tuple]:
    """Each row with the one that its object had before, if there is any."""
    earlier = models.QuerySet(model).filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
    found = models.QuerySet(model).annotate(pgh_previous=Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1]))
    rows = list(found.filter(pgh_id__in=ids))
    previous = models.QuerySet(model).in_bulk([row.pgh_previous for row in rows if row.pgh_previous])
    return {row.pgh_id: (row, previous.get(row.pgh_previous)) for row in rows}


def _columns(model: type[models.Model]) -> list[models.Field]:
    """Fields of the followed model that its history keeps."""
    kept = {column.attname for column in model._meta.concrete_fields}
    return [column for column in model.pgh_tracked_model._meta.concrete_fields if column.attname in kept]


def _referred(rows: Iterable[models.Model]) -> dict[tuple[type[models.Model], object], models.Model]:
    """Objects that the rows refer to, by model and key."""
    wanted = defaultdict(set)
    for row in rows:
        for column in _columns(type(row)):
            if column.is_relation and getattr(row, column.attname) is not None:
                wanted[column.related_model].add(getattr(row, column.attname))
    return {
        (model, key): found
        for model, keys in wanted.items()
        for key, found in model._base_manager.in_bulk(list(keys)).items()
    }


def _change(row, previous, known) -> Change:
    context = row.pgh_context or {}
    return Change(
        at=row.pgh_created_at,
        actor=context.get("user", ""),
        act=label_of(context.get("act", "")) or _("未经平台直接写入"),
        ip=context.get("ip", ""),
        request_id=context.get("request_id", ""),
        table=str(OBJECTS.get(name_of_table(type(row)), row.pgh_tracked_model._meta.verbose_name)),
        kind=str(KINDS.get(row.pgh_label, row.pgh_label)),
        subject=_subject(row, known),
        fields=_field_changes(row, previous, known),
        whole=row.pgh_label != "update",
        batch=context.get("batch", ""),
    )


def _subject(row, known) -> str:
    """The object as it called itself then, after the person or account it belongs to."""
    columns, owners = _columns(type(row)), []
    then = row.pgh_tracked_model(**{column.attname: getattr(row, column.attname) for column in columns})
    for column in columns:
        if column.is_relation and (referred := known.get((column.related_model, getattr(row, column.attname)))):
            setattr(then, column.name, referred)
            if column._verbose_name is None:
                owners.append(str(referred))
    try:
        own = str(then)
    except ObjectDoesNotExist:
        own = str(row.pgh_obj_id)
    return " · ".join([owner for owner in owners if owner not in own] + [own])


def _field_changes(row, previous, known) -> list[FieldChange]:
    found = []
    for column in _columns(type(row)):
        label = column._verbose_name or (_LAST_DAY if column.name == "valid_to" else None)
        index = isinstance(column, models.BinaryField) and not isinstance(column, EncryptedTextField)
        if label is None or index or isinstance(column, models.AutoField):
            continue
        new = getattr(row, column.attname)
        old = getattr(previous, column.attname) if previous is not None else None
        if row.pgh_label == "delete":
            old, new = new, None
        if old != new and (old, new) not in ((None, ""), ("", None)):
            words = [_in_words(column, value, known) for value in (old, new)]
            found.append(FieldChange(str(label), *words))
    return found


def _in_words(column: models.Field, value, known) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(column, EncryptedTextField) or column.name in SENSITIVE:
        return MASKED
    if column.is_relation:
        return str(known.get((column.related_model, value), value))
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return _plain(column, value)[:VALUE_LENGTH]


def _plain(column: models.Field, value) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return (last_day(value) if column.name == "valid_to" and column._verbose_name is None else value).isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
