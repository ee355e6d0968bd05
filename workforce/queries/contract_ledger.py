"""The ledger of contracts of a place on a day: everybody in post, once, with the contract in force or the last one."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from portal.core.lib.codes import code_range
from portal.core.territory.models import Division

SOON_DAYS = 90
_EVERYBODY = 2**62

_LEDGER = f"""
WITH mine AS (
    SELECT DISTINCT ON (a.person_id) a.person_id, a.division_id, a.title
    FROM workforce_appointment a
    WHERE a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
      AND a.division_id >= %(low)s AND a.division_id < %(high)s
    ORDER BY a.person_id, a.tier, a.valid_from, a.id
),
ledger AS (
    SELECT DISTINCT ON (m.person_id) m.person_id, m.division_id, m.title, c.kind, c.number, c.party, c.valid_from, c.valid_to,
        c.probation_until, CASE WHEN c.id IS NULL THEN 'none' WHEN c.valid_to IS NULL THEN 'open'
            WHEN c.valid_to <= %(on)s THEN 'lapsed' WHEN c.valid_to <= %(on)s::date + {SOON_DAYS + 1} THEN 'soon'
            ELSE 'running' END AS state
    FROM mine m LEFT JOIN workforce_contract c
        ON c.person_id = m.person_id AND c.valid_from <= %(on)s AND c.valid_to IS DISTINCT FROM c.valid_from
    ORDER BY m.person_id, (c.valid_to IS NULL OR c.valid_to > %(on)s) DESC, c.valid_from DESC
)"""
_CHOSEN = """
chosen AS MATERIALIZED (
    SELECT l.* FROM ledger l WHERE (%(show)s = '' OR l.state = %(show)s) AND (%(kind)s = '' OR l.kind = %(kind)s)
)"""
_NAMED = """
chosen AS MATERIALIZED (
    SELECT l.* FROM ledger l JOIN workforce_person w ON w.id = l.person_id
    WHERE (%(show)s = '' OR l.state = %(show)s) AND (%(kind)s = '' OR l.kind = %(kind)s)
      AND (strpos(w.name, %(q)s) > 0 OR (%(q)s ~ '^[A-Za-z]+$' AND starts_with(w.name_initials, lower(%(q)s))))
)"""
# Names are looked up for those only who can come into the page; people of one community and day are told apart by name.
_LISTED = """
SELECT l.person_id, w.name, l.division_id, d.label, l.title, l.kind, l.number, l.party, l.valid_from, l.valid_to,
    l.probation_until, l.state, (SELECT count(*) FROM chosen)
FROM (SELECT * FROM chosen ORDER BY valid_to NULLS LAST, division_id FETCH FIRST %(upto)s ROWS WITH TIES) l
JOIN workforce_person w ON w.id = l.person_id JOIN core_division d ON d.code = l.division_id
ORDER BY l.valid_to NULLS LAST, l.division_id, w.name_pinyin, l.person_id LIMIT %(limit)s OFFSET %(offset)s"""
_COUNTS = "SELECT state, count(*) FROM ledger GROUP BY state"


@dataclass(frozen=True)
class ContractLine:
    """One person in post; `state` is one of `ContractState`, the fields of the contract are empty without one."""

    person_id: UUID
    name: str
    code: str
    place: str
    title: str
    kind: str | None
    number: str | None
    party: str | None
    valid_from: date | None
    valid_to: date | None
    probation_until: date | None
    state: str


class ContractLedger:
    """The ledger of a place on the day `on`. Scope the place before asking."""

    def __init__(self, division: Division, on: date) -> None:
        self.division, self.on = division, on
        low, high = code_range(division.code)
        self.parameters = {"on": on, "low": low, "high": high}

    def counts(self) -> dict[str, int]:
        """People in post by the state of their contract."""
        return dict(self._rows(_COUNTS))

    def people(
        self, *, q: str = "", show: str = "", kind: str = "", limit: int | None, offset: int = 0
    ) -> tuple[list[ContractLine], int]:
        """The people, those whose contract ends first in front, and how many there are. Without a limit everybody."""
        asked = {"q": q.strip().replace("\x00", ""), "show": show, "kind": kind, "limit": limit, "offset": offset}
        upto = _EVERYBODY if limit is None else offset + limit
        rows = self._rows(f", {_NAMED if asked['q'] else _CHOSEN} {_LISTED}", upto=upto, **asked)
        return [ContractLine(*row[:-1]) for row in rows], rows[0][-1] if rows else 0

    def _rows(self, sql: str, **more: object) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(f"{_LEDGER} {sql}", {**self.parameters, **more})
            return cursor.fetchall()
