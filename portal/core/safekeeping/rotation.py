"""Personal data under the newest key: rows and files sealed anew, little by little, while the portal goes on working.

Look-ups try the blind index of every key, so that nothing is missed halfway. Row history cannot be sealed anew, being
append-only and itself sealed: the keys it needs have to stay in FIELD_KEYS behind the new one.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pghistory
import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg2.extras import execute_values

from portal.core.audit.actions import record
from portal.core.audit.models import AuditSeal
from portal.core.lib import crypto
from portal.core.lib.fields import EncryptedTextField, index_of, open_text, seal_text
from portal.core.lib.vault import is_current, read_sealed, write_sealed

BATCH = 2_000
SealedFiles = Callable[[], Iterator[tuple[Path, str]]]
"""The sealed files of an app, each with what its frames are bound to."""


@dataclass(frozen=True)
class Rotated:
    """What was sealed anew, by table and in files, and how many rows of history and seals still need which older key."""

    rows: dict[str, int]
    files: int
    kept: dict[str, int]


def rotate_keys(*, files: Iterable[SealedFiles], by=None) -> Rotated:
    """Seals with the current key and cipher whatever is sealed otherwise. May be stopped and begun again at any time."""
    rows = {model._meta.db_table: sum(_batches(model)) for model in _sealed_models(history=False)}
    resealed = sum(_reseal(path, aad) for source in files for path, aad in source())
    rotated = Rotated(rows, resealed, _kept())
    if resealed or any(rows.values()):
        record("keys_rotated", by=by, subject=settings.FIELD_KEYS.current, rows=rows, files=resealed)
    return rotated


def _sealed_models(*, history: bool) -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if _columns(model) and issubclass(model, pghistory.models.Event) == history and not model._meta.proxy
    ]


def _columns(model: type[models.Model]) -> list[EncryptedTextField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]


def _batches(model: type[models.Model]) -> Iterator[int]:
    """How many rows each batch sealed anew; a batch is a transaction of its own."""
    last = None
    while True:
        last, done = _batch(model, last)
        yield done
        if last is None:
            return


@pgtrigger.ignore()  # the content stays the same: no row of history, no new version
@transaction.atomic
def _batch(model: type[models.Model], after: object) -> tuple[object, int]:
    sealed, indexes = _columns(model), _indexes(model)
    current = crypto.prefix(settings.FIELD_KEYS, settings.FIELD_CIPHER)
    key, names = model._meta.pk.column, [field.column for field in sealed]
    old = " OR ".join(f"substring({name} FOR {len(current)}) <> %s" for name in names)
    beyond = f"{key} > %s AND" if after is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {", ".join([key, *names])} FROM {model._meta.db_table}
            WHERE {beyond} ({old}) ORDER BY {key} LIMIT {BATCH} FOR UPDATE""",
            [*([] if after is None else [after]), *([current] * len(names))],
        )
        found = cursor.fetchall()
        if found:
            written = [*names, *indexes.values()]
            execute_values(
                cursor,
                f"""UPDATE {model._meta.db_table} t SET {", ".join(f"{name} = v.{name}" for name in written)}
                FROM (VALUES %s) v ({", ".join([key, *written])}) WHERE t.{key} = v.{key}::{model._meta.pk.rel_db_type(connection)}""",
                [_sealed_anew(row, sealed, indexes) for row in found],
                template=f"(%s, {', '.join(['%s::bytea'] * len(written))})",
                page_size=BATCH,
            )
    return (found[-1][0] if len(found) == BATCH else None), len(found)


def _indexes(model: type[models.Model]) -> dict[str, str]:
    """The blind index of a sealed column by the column's name: the column of that name with `_index`."""
    there = {field.column for field in model._meta.concrete_fields}
    return {field.column: name for field in _columns(model) if (name := f"{field.column}_index") in there}


def _sealed_anew(row: tuple, columns: list[EncryptedTextField], indexes: dict[str, str]) -> list:
    texts = {
        field.column: None if token is None else open_text(field.aad, token)
        for field, token in zip(columns, row[1:], strict=True)
    }
    tokens = [None if (text := texts[field.column]) is None else seal_text(field.aad, text) for field in columns]
    return [row[0], *tokens, *(index_of(texts[name], name) for name in indexes)]


def _reseal(path: Path, aad: str) -> bool:
    """Whether the file had to be sealed anew."""
    draft = path.with_name(f"{path.name}.new")
    try:
        if is_current(path):
            return False
        write_sealed(draft, read_sealed(path, aad), aad)
        os.replace(draft, path)
    except FileNotFoundError:  # an import that was closed in this moment
        return False
    return True


def _kept() -> dict[str, int]:
    """Rows of history and runs of seals by the older key that opens them."""
    keys = Counter(AuditSeal.objects.values_list("key_id", flat=True))
    with connection.cursor() as cursor:
        for model in _sealed_models(history=True):
            for field in _columns(model):
                cursor.execute(
                    f"""SELECT split_part(encode(substring({field.column} FOR 64), 'escape'), '|', 3), count(*)
                    FROM {model._meta.db_table} WHERE {field.column} IS NOT NULL GROUP BY 1"""
                )
                keys.update(dict(cursor.fetchall()))
    del keys[settings.FIELD_KEYS.current]
    return dict(sorted(keys.items()))
