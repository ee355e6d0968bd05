"""What a batch of writes did, read from row history, and what has happened to the same rows since.

A batch is known by the spans of history ids that its transaction drew and by its id in their context. Everything is
gathered by owner, the unit that is taken back whole or not at all (for the roster: the person), into temporary tables:

    rewind_<model>   one row per row the batch wrote: id, owner, made (inserted by it), image (history id before it)
    rewind_owner     the owners of those rows; `made` where the batch entered the owner itself
    rewind_later     history of the owners after the batch, as far as it stands in the way
    rewind_kept      the owners that are not taken back, each with one reason from `rewind_later`

Ids of history rows are drawn under the lock of the row they tell of, so their order is the order of the changes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from portal.core.lib.bulk import count_for_planner

UNDO_ACT = "undo_import"
"""The act in the history of everything that taking a batch back writes, beside the batch's id."""

Spans = dict[str, list[int]]
"""First and last history id drawn while a batch was written, by history table; [n + 1, n] where none was."""


def events_of(model: type[models.Model]) -> str:
    """The history table of a tracked model."""
    return model.pgh_event_model._meta.db_table


@dataclass(frozen=True)
class Part:
    """A tracked table that a batch may write; `owner` is the column that names the owner."""

    model: type[models.Model]
    owner: str

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def gathered(self) -> str:
        return f"rewind_{self.model._meta.model_name}"

    @property
    def dated(self) -> bool:
        """Whether its rows hold for a period and must not overlap."""
        return {"valid_from", "valid_to"} <= {field.column for field in self.model._meta.concrete_fields}


@dataclass(frozen=True)
class Tie:
    """A tracked table whose later history keeps an owner from being taken back.

    `owner` is the SQL of the owner over a history row `e` and, where the row hangs on one of another table, over that
    row `p` joined by `through`. `always`: counts for every owner, else only for those that the batch entered.
    `unless` is SQL over `e` for what may be taken along.
    """

    model: type[models.Model]
    owner: str
    through: str = ""
    always: bool = False
    unless: str = "false"


def gather(cursor: Any, parts: Sequence[Part], written: Spans, batch: str) -> None:
    """Makes `rewind_<model>` and `rewind_owner`; the first of `parts` is the table of the owners themselves."""
    for part in parts:
        events = events_of(part.model)
        first, last = written.get(events, [1, 0])
        count_for_planner(cursor, events, last - first)
        create(
            cursor,
            part.gathered,
            f"""SELECT pgh_obj_id AS id, {part.owner} AS owner, bool_or(pgh_label = 'insert') AS made,
                min(pgh_id) AS first, NULL::bigint AS image
            FROM {events} WHERE pgh_id BETWEEN %s AND %s AND pgh_context->>'batch' = %s GROUP BY 1, 2""",
            [first, last, batch],
        )
        cursor.execute(
            f"""UPDATE {part.gathered} r SET image = b.image FROM (
                SELECT w.id, max(e.pgh_id) AS image FROM {part.gathered} w
                JOIN {events} e ON e.pgh_obj_id = w.id AND e.pgh_id < w.first WHERE NOT w.made GROUP BY 1
            ) b WHERE b.id = r.id"""
        )
    everyone = " UNION ALL ".join(f"SELECT owner, made AND {part is parts[0]} FROM {part.gathered}" for part in parts)
    create(
        cursor,
        "rewind_owner",
        f"SELECT owner AS id, bool_or(made) AS made FROM ({everyone}) w (owner, made) GROUP BY 1",
    )
    cursor.execute("CREATE UNIQUE INDEX ON rewind_owner (id); ANALYZE rewind_owner")


def create(cursor: Any, name: str, query: str, given: Sequence[Any] = ()) -> None:
    """A temporary table from a query, in place of an earlier one of this transaction."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
    cursor.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {query}", given)
    cursor.execute(f"ANALYZE {name}")


def look_later(cursor: Any, parts: Sequence[Part], ties: Iterable[Tie], written: Spans) -> None:
    """Makes `rewind_later` and `rewind_kept`.

    What another batch did to an owner and took back again does not count, and neither does the taking back.
    """
    each = " UNION ALL ".join(_later(tie, written) for tie in ties)
    create(cursor, "rewind_later", f"SELECT * FROM ({each}) l (owner, source, at, context)")
    cursor.execute(
        """DELETE FROM rewind_later l USING (
            SELECT DISTINCT owner, context->>'batch' AS batch FROM rewind_later
            WHERE source = %s AND context->>'act' = %s
        ) u WHERE u.owner = l.owner AND l.context->>'batch' = u.batch""",
        [events_of(parts[0].model), UNDO_ACT],
    )
    lost = " UNION ALL ".join(f"SELECT owner FROM {part.gathered} WHERE NOT made AND image IS NULL" for part in parts)
    create(
        cursor,
        "rewind_kept",
        f"""SELECT DISTINCT ON (owner) owner, at, context FROM (
            SELECT owner, at, context FROM rewind_later UNION ALL SELECT owner, NULL, NULL FROM ({lost}) l
        ) k ORDER BY owner, context->>'batch' IS NOT NULL DESC, at DESC NULLS LAST""",
    )


def _later(tie: Tie, written: Spans) -> str:
    """Query of a table's history after the batch; its mark is a number of our own, so it stands in the text."""
    table = events_of(tie.model)
    mark = int(written.get(table, [1, 0])[1])
    return f"""SELECT o.id, '{table}', e.pgh_created_at, e.pgh_context
        FROM {table} e {tie.through} JOIN rewind_owner o ON o.id = {tie.owner}
        WHERE e.pgh_id > {mark} AND {"true" if tie.always else "o.made"} AND NOT ({tie.unless})"""
