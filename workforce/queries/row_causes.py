"""Why rows came into a number or went out of it: the latest change of the records behind them since a moment.

A change counts where it altered what was in force on the day of the number: a contract renewed for later does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, models

from portal.core.audit.queries import history_models
from portal.core.indicators.counting import RowKind
from portal.core.territory.models import Population
from workforce.models import (
    Appointment,
    Certificate,
    Contract,
    Enrolment,
    Establishment,
    Exit,
    GradeRecord,
    Grid,
    GridPost,
    Person,
    Registration,
    SpecialStatus,
    Term,
)

# History carries the time at which a transaction began; one that ran while the figure was published was not seen by it.
MARGIN = timedelta(minutes=10)
_NOISE = ("pgh_id", "pgh_created_at", "pgh_label", "pgh_context", "pgh_context_id", "version")
_OF_CONTRACT = ("kind", "party_kind", "valid_to")
_OF_PERSON = ("sex", "birth_date", "political_status", "education", "degree", "hired_on", "left_on")


@dataclass(frozen=True)
class Source:
    """A tracked table that may move rows of a kind. `key` is its column that holds the row's id, or its community's code.

    `begins` and `ends` bound the days on which its records hold; `reads` are the columns that numbers depend on.
    """

    model: type[models.Model]
    key: str = "pgh_obj_id"
    begins: str = "valid_from"
    ends: str = "valid_to"
    reads: tuple[str, ...] = ()
    by_code: bool = False
    private: bool = False


@dataclass(frozen=True)
class Cause:
    """A change of a record: its row in the history, the act, who and when, and the import that made it, if any."""

    source: Source
    event: int
    at: datetime
    act: str
    actor: str
    batch: str

    @property
    def key(self) -> tuple[type[models.Model], int]:
        return _events(self.source.model), self.event


_OF_PEOPLE = (
    Source(Person, begins="", ends="", reads=_OF_PERSON),
    Source(Appointment, "person_id"),
    Source(GridPost, "person_id"),
    Source(Contract, "person_id", reads=_OF_CONTRACT),
    Source(Certificate, "person_id", begins="obtained_on", ends=""),
    Source(Registration, "person_id", begins="registered_on"),
    Source(GradeRecord, "person_id", ends=""),
    Source(SpecialStatus, "person_id", private=True),
    Source(Exit, "person_id", begins="left_on", ends="", private=True),
    Source(Enrolment, "person_id", begins="", ends=""),
)
SOURCES: dict[RowKind, tuple[Source, ...]] = {
    RowKind.PERSON: _OF_PEOPLE,
    RowKind.COMMUNITY: (Source(Appointment, "division_id", by_code=True),),
    RowKind.ALLOTMENT: (
        Source(Appointment, "division_id", by_code=True),
        Source(Population, "division_id", begins="on", ends="", by_code=True),
    ),
    RowKind.GRID: (Source(Grid), Source(GridPost, "grid_id")),
    RowKind.CONTRACT: (Source(Contract, reads=_OF_CONTRACT),),
    RowKind.EXIT: (Source(Exit, begins="left_on", ends="", private=True),),
    RowKind.ENROLMENT: (Source(Enrolment, begins="", ends=""),),
    RowKind.POSITION: (Source(Establishment), Source(Appointment, "division_id", by_code=True)),
    RowKind.TERM: (Source(Term),),
}


def causes(kind: RowKind, rows: Iterable[tuple[str, str]], since: datetime, on: date) -> dict[tuple[str, str], Cause]:
    """The latest change since a moment that bears on the day, by (community, record); rows without one are left out."""
    wanted = list(rows)
    if not wanted:
        return {}
    sources = SOURCES[kind]
    parameters = {"since": since - MARGIN, "on": on}
    parameters |= {"ids": [row_id for _code, row_id in wanted], "codes": [code for code, _row_id in wanted]}
    each = " UNION ALL ".join(_changes(number, source) for number, source in enumerate(sources))
    found: dict[tuple[bool, str], Cause] = {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({each}) c ORDER BY at, event", parameters)
        for key, number, event, at, *told in cursor.fetchall():
            cause = Cause(sources[number], event, at, *told)
            found[(cause.source.by_code, key)] = cause
    return {row: cause for row in wanted if (cause := _latest(found.get((False, row[1])), found.get((True, row[0]))))}


def _latest(*known: Cause | None) -> Cause | None:
    return max((cause for cause in known if cause is not None), key=lambda cause: cause.at, default=None)


def _events(model: type[models.Model]) -> type[models.Model]:
    return next(events for events in history_models() if events.pgh_tracked_model is model)


def _changes(number: int, source: Source) -> str:
    """Query of one table: the changes of the wanted records that altered what was in force on the day."""
    events = _events(source.model)
    table, keys = events._meta.db_table, "codes" if source.by_code else "ids"
    column = events._meta.get_field(source.key.removesuffix("_id") if source.key != "pgh_obj_id" else "pgh_obj")
    array = column.target_field.db_type(connection) if column.is_relation else column.db_type(connection)
    return f"""
    SELECT e.{source.key}::text AS key, {number}, e.pgh_id AS event, e.pgh_created_at AS at,
        coalesce(e.pgh_context->>'act', ''), coalesce(e.pgh_context->>'user', ''), coalesce(e.pgh_context->>'batch', '')
    FROM {table} e LEFT JOIN LATERAL (
        SELECT * FROM {table} o WHERE o.pgh_obj_id = e.pgh_obj_id AND o.pgh_id < e.pgh_id ORDER BY o.pgh_id DESC LIMIT 1
    ) p ON true
    WHERE e.pgh_created_at > %(since)s AND e.{source.key} = ANY(%({keys})s::{array}[])
      AND {_state("e", source)} IS DISTINCT FROM {_state("p", source)}"""


def _state(alias: str, source: Source) -> str:
    """SQL: what a history row says for the day; NULL where it holds nothing then."""
    holds = [f"{alias}.pgh_id IS NOT NULL", f"{alias}.pgh_label <> 'delete'"]
    if source.begins:
        holds.append(f"{alias}.{source.begins} <= %(on)s")
    if source.ends:
        holds.append(f"({alias}.{source.ends} IS NULL OR {alias}.{source.ends} > %(on)s)")
    if source.reads:
        told = ", ".join(f"'{name}', {alias}.{name}" for name in source.reads)
        says = f"jsonb_build_object({told})"
    else:
        left_out = ", ".join(f"'{name}'" for name in (*_NOISE, source.begins, source.ends) if name)
        says = f"to_jsonb({alias}.*) - ARRAY[{left_out}]"
    return f"CASE WHEN {' AND '.join(holds)} THEN {says} END"
