"""Stamps: a number for each sort of thing that stored figures rest on, another one after every change of it.

The database itself sets them, in the transaction of the change, so no action, command or COPY can forget to. Whoever
keeps an answer keeps it under the stamps read before it was made; with the next change nobody finds it any more.
"""

import pgtrigger
from django.db import models

# SQL: 64 bits that were never drawn before. A counter would start anew with a restored database.
NEW_VERSION = "hashtextextended(gen_random_uuid()::text, 0)"


class Stamp(models.Model):
    """`key` is "aspect/province"; "aspect/" is what holds for the whole country.

    `version` is a number drawn anew with every change, like the version of a tally: it says "other", not "later". One
    row per province, so that those who write in two of them do not wait for each other.
    """

    key = models.CharField(max_length=30, primary_key=True, db_collation="C")
    version = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


_WRITE = """
INSERT INTO core_stamp (key, version) {keys}
ON CONFLICT (key) DO UPDATE SET version = excluded.version;"""
_SET = _WRITE + "\nRETURN NULL;"

_TABLES = {
    pgtrigger.Insert: ("new_values",),
    pgtrigger.Update: ("old_values", "new_values"),
    pgtrigger.Delete: ("old_values",),
}


def stamped(aspect: str, place: str = "") -> list[pgtrigger.Trigger]:
    """Triggers for `Meta.triggers` of a table: they stamp the provinces whose rows changed.

    `place` is the column with the code of the division, NULL for the country; without it every change stamps the whole.
    """
    if not place:
        anything = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate
        return [_trigger("any", aspect, anything, f"VALUES ('{aspect}/', {NEW_VERSION})")]
    every = "SELECT key FROM core_stamp"
    found = [_trigger("truncate", aspect, pgtrigger.Truncate, _each(every))]
    for operation, tables in _TABLES.items():
        codes = " UNION ALL ".join(f"SELECT {place} AS code FROM {table}" for table in tables)
        changed = f"SELECT DISTINCT '{aspect}/' || left(coalesce(code, ''), 2) AS key FROM ({codes}) changed"
        seen = pgtrigger.Referencing(**{table.removesuffix("_values"): table for table in tables})
        found.append(_trigger(str(operation).lower(), aspect, operation, _each(changed), referencing=seen))
    return found


def _each(keys: str) -> str:
    return f"SELECT key, {NEW_VERSION} FROM ({keys}) k ORDER BY key"


def _trigger(name: str, aspect: str, operation, keys: str, **options) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"stamp_{aspect}_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        func=_SET.format(keys=keys),
        **options,
    )


def stamp(cursor, aspect: str, code: str) -> None:
    """Stamps by hand what triggers would see too dearly: the province that holds `code`, or the country for ''."""
    cursor.execute(_WRITE.format(keys=f"VALUES (%s, {NEW_VERSION})"), [f"{aspect}/{code[:2]}"])
