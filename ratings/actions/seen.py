"""The guard against lost updates for service records: whoever corrects a row names what they have seen of it."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from workforce.actions.versions import Stale


def mark_of(row: models.Model) -> str:
    """What a form shows of a row: its version, or a digest of its values where it carries none."""
    if hasattr(row, "version"):
        return str(row.version)
    values = "\n".join(f"{field.attname}={getattr(row, field.attname)!r}" for field in row._meta.concrete_fields)
    return hashlib.sha256(values.encode()).hexdigest()[:32]


def claim_seen(row: models.Model, seen: str) -> models.Model:
    """The row as it is now, locked until the end of the transaction; raises `Stale` when it is not what was seen.

    A row with a version gets the next one; whoever claims a row saves it.
    """
    fresh = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if mark_of(fresh) != seen:
        raise Stale(_("这条记录刚被其他人修改过。请查看最新内容后再保存。"))
    if hasattr(fresh, "version"):
        fresh.version += 1
    return fresh


def put(row: models.Model, fields: dict) -> models.Model:
    """Writes the fields into a row and saves it."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row


def in_order(earlier, later, field: str, sentence: str) -> None:
    """Raises ValidationError at `field` with the sentence when the later day comes first."""
    if later < earlier:
        raise ValidationError({field: sentence})
