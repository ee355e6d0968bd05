"""What the tests of taking imports back share: the act in one call, and everything that is to be as it was."""

from typing import Any

from django.db import connection

from portal.core.sheets.models import ImportBatch
from portal.core.sheets.undoing import request_undo, undo_batch
from tests.rosters import line
from workforce.actions.roster_undo import tied
from workforce.importers import ROSTER
from workforce.models import Person, Tally


def undone(batch: ImportBatch, by, *, rest: bool = False) -> ImportBatch:
    """Requests the undo and does it."""
    request_undo(batch=batch, importer=ROSTER, rest=rest, by=by)
    return undo_batch(batch.pk, by, ROSTER, rest)


def contents() -> dict[str, Any]:
    """Every row of every table that hangs on a person, column by column but for versions, and the tallies."""
    found = {}
    with connection.cursor() as cursor:
        for model in tied():
            columns = [field.column for field in model._meta.concrete_fields]
            kept = ", ".join(f'"{column}"' for column in columns if (model, column) != (Person, "version"))
            cursor.execute(f"SELECT to_jsonb(t)::text FROM (SELECT {kept} FROM {model._meta.db_table}) t ORDER BY 1")
            found[model.__name__] = [row for (row,) in cursor.fetchall()]
    tallies = Tally.objects.exclude(workers=0, certified=0, in_post=0)
    return found | {"tallies": sorted(tallies.values_list("division", "workers", "certified", "in_post"))}


def known(person: Person, **cells) -> dict[str, object]:
    """A row that repeats what the world holds of a worker at 春风社区."""
    usual = {"name": person.name, "id_number": str(person.id_number), "valid_from": "2024-01-01"}
    return line(**{**usual, "contract_from": "2024-01-01", **cells})
