"""The ledger of certificates of a place on a day: who holds what, who must obtain one by when, the share against the target."""

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from portal.core.lib.codes import code_range
from portal.core.lib.dated import add_months
from portal.core.policy.kinds import EXAM, SHARE_TARGET
from portal.core.policy.queries import RULES_CTE, RuleInForce, nearest_rule, rules_of
from portal.core.territory.models import Division
from workforce import clocks
from workforce.counters.headcount import heads_ctes
from workforce.queries.certificates import DEADLINES, LEVELS, REGISTRATIONS

# What the list of people can show.
SHOWS = ("lacking", "overdue", "registration", "held", *LEVELS)

_INSIDE = "h.reason IS NULL AND h.division_id >= %(low)s AND h.division_id < %(high)s"
_BEST = f"""
best AS MATERIALIZED (
    SELECT h.person_id, h.division_id, h.certified, (
        SELECT f.level FROM workforce_certificate f WHERE f.person_id = h.person_id AND f.obtained_on <= %(on)s
        ORDER BY array_position(ARRAY{list(LEVELS)!r}, f.level::text) LIMIT 1) AS level
    FROM heads h WHERE {_INSIDE}
)"""


_FIGURES = f"""
{DEADLINES},
{_BEST},
below AS (
    SELECT d.code, d.label FROM core_division d JOIN core_division p ON p.code = d.parent_id
    WHERE d.code >= %(low)s AND d.code < %(high)s
        AND (p.code = %(code)s AND NOT d.formal OR p.parent_id = %(code)s AND p.formal)
    UNION ALL
    SELECT code, label FROM core_division WHERE code = %(code)s
),
rolled AS MATERIALIZED (
    SELECT left(b.division_id, n) AS code, count(*) AS heads, count(*) FILTER (WHERE certified) AS certified
    FROM best b CROSS JOIN unnest(ARRAY[2, 4, 6, 9, 12]) AS n WHERE n <= length(b.division_id) GROUP BY 1
),
shares AS (
    SELECT b.code, b.label, o.heads, o.certified, target.value->>'percent' AS percent, target.value->>'due' AS due_on
    FROM below b JOIN rolled o ON o.code = b.code {nearest_rule(SHARE_TARGET, "b.code", "target")}
)
SELECT
    (SELECT jsonb_object_agg(level, heads) FROM (
        SELECT coalesce(level, '') AS level, count(*) AS heads FROM best GROUP BY 1) l),
    (SELECT jsonb_agg(jsonb_build_array(code, label, heads, certified, percent::int, due_on) ORDER BY length(code), code)
        FROM shares),
    (SELECT jsonb_agg(jsonb_build_array(first, people, overdue) ORDER BY first) FROM (
        SELECT date_trunc('month', due_on)::date AS first, count(*) AS people, count(*) FILTER (WHERE stage = 0) AS overdue
        FROM deadlines WHERE division_id >= %(low)s AND division_id < %(high)s GROUP BY 1) m)"""
_NOTHING_DUE = "NULL::date AS due_on, NULL::text AS stage, NULL::bigint AS sittings"
_LISTED = {
    "level": f"{_BEST}, listed AS (SELECT person_id, division_id, level, {_NOTHING_DUE} FROM best WHERE level = %(show)s)",
    "held": f"""listed AS (
    SELECT h.person_id, h.division_id, f.level, {_NOTHING_DUE} FROM heads h
    JOIN workforce_certificate f ON f.person_id = h.person_id AND f.obtained_on <= %(on)s WHERE {_INSIDE}
)""",
    "registration": f"""{REGISTRATIONS},
listed AS (
    SELECT person_id, division_id, level, due_on, stage, NULL::bigint AS sittings FROM registrations WHERE stage IS NOT NULL
)""",
    # Put together by grouping: a join would take the deadlines for one row and walk through them for every head.
    "lacking": f"""{DEADLINES},
listed AS (
    SELECT person_id, division_id, NULL::text AS level, max(due_on) AS due_on, max(stage)::text AS stage,
        max(sittings) AS sittings
    FROM (
        SELECT person_id, division_id, due_on, stage, sittings, false AS uncertified FROM deadlines
        UNION ALL
        SELECT person_id, division_id, NULL, NULL, NULL, true FROM heads WHERE reason IS NULL AND NOT certified
    ) both_parts
    GROUP BY 1, 2 HAVING bool_or(uncertified)
)""",
}


@dataclass(frozen=True)
class Share:
    """Heads and certified heads of a place, and the target of the day where there is one."""

    code: str
    name: str
    heads: int
    certified: int
    percent: int | None
    due_on: date | None

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None without a target or without anybody."""
        return None if self.percent is None else clocks.share_met(self.certified, self.heads, self.percent)

    @property
    def needed(self) -> int | None:
        """How many more persons must obtain a certificate; None without a target."""
        return None if self.percent is None else clocks.heads_needed(self.certified, self.heads, self.percent)


@dataclass(frozen=True)
class Month:
    """Deadlines of one month: how many people, how many of them missed it."""

    first: date
    people: int
    overdue: int


@dataclass(frozen=True)
class Line:
    """One person of the list, with the best certificate, or one of the certificates that somebody holds; `due_on` and
    `stage` of the deadline, or of the registration where that is asked for."""

    person_id: UUID
    division_id: str
    level: str | None
    due_on: date | None
    stage: str | None
    sittings: int | None


@dataclass(frozen=True)
class Figures:
    """The numbers of a ledger: heads by best certificate ('' without one), shares, deadlines by month."""

    levels: dict[str, int]
    own: Share
    below: list[Share]
    months: list[Month]


class Ledger:
    """The ledger of a place on the day `on`."""

    def __init__(self, division: Division, on: date) -> None:
        self.division, self.on = division, on
        low, high = code_range(division.code)
        self.parameters = {"on": on, "low": low, "high": high}
        self.rules = rules_of(division.code, on)

    def _rows(self, sql: str, **more) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {RULES_CTE}, {heads_ctes(villages=False)}, {sql}", {**self.parameters, **more})
            return cursor.fetchall()

    @property
    def target(self) -> RuleInForce:
        return self.rules[SHARE_TARGET.key]

    def next_sitting(self) -> tuple[date, date]:
        """The next exam from the day on, and when its results are expected."""
        exam = self.rules[EXAM.key].value
        year = date(self.on.year, exam["month"], exam["day"])
        sitting = year if self.on <= year else year.replace(year=year.year + 1)
        return sitting, add_months(sitting, exam["result_months"])

    def figures(self) -> "Figures":
        """Heads by level, shares of the place and one step below it, deadlines by month; one statement."""
        [(levels, shares, months)] = self._rows(_FIGURES, code=self.division.code)
        found = [Share(*row[:5], date.fromisoformat(row[5]) if row[5] else None) for row in json.loads(shares or "[]")]
        value = self.target.value or {}
        due = date.fromisoformat(value["due"]) if value else None
        nobody = Share(self.division.code, self.division.label, 0, 0, value.get("percent"), due)
        return Figures(
            levels=json.loads(levels or "{}"),
            own=next((one for one in found if one.code == self.division.code), nobody),
            below=[one for one in found if one.code != self.division.code],
            months=[Month(date.fromisoformat(first), *counts) for first, *counts in json.loads(months or "[]")],
        )

    def people(
        self, show: str, *, month: date | None = None, limit: int | None, offset: int = 0
    ) -> tuple[list[Line], int]:
        """Some of the people of one of `SHOWS`, the most urgent first, and how many there are in all; `held` lists every
        certificate by itself.

        With `month` (its first day) only those whose deadline falls into it. Without a limit everybody.
        """
        listed = _LISTED.get(show) or _LISTED["lacking" if show == "overdue" else "level"]
        rows = self._rows(
            f"""{listed}
            SELECT person_id, division_id, level, due_on, stage, sittings, count(*) OVER () FROM listed
            WHERE division_id >= %(low)s AND division_id < %(high)s AND (%(show)s <> 'overdue' OR stage = '0')
              AND (%(month)s::date IS NULL OR date_trunc('month', due_on) = %(month)s::date)
            ORDER BY due_on NULLS LAST, division_id, person_id, level LIMIT %(limit)s OFFSET %(offset)s""",
            show=show,
            month=month,
            limit=limit,
            offset=offset,
        )
        return [Line(*row[:-1]) for row in rows], rows[0][-1] if rows else 0
