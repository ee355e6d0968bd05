"""What figures would be if a rule were another: the same statements once as they are and once with the rule supposed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from portal.core.lib.codes import Level, code_range
from portal.core.policy.kinds import POPULATION_BASIS, SHARE_TARGET, STAFFING, Kind
from portal.core.policy.queries import nearest_rule
from portal.core.policy.supposing import Statement, Supposed, reads
from workforce import quota
from workforce.counters.headcount import heads_ctes
from workforce.queries.allotment import allotment_sql
from workforce.queries.staffing import Staffing, StaffingQuery

ALL = ("",)


@dataclass(frozen=True)
class Question:
    """What is supposed, and for where: the place ('' = the country), the divisions shown under it, and the day."""

    supposed: Supposed
    under: str
    children: tuple[str, ...]
    on: date

    @property
    def kind(self) -> Kind:
        return self.supposed.kind

    def child_of(self, code: str) -> str | None:
        """The division shown that `code` lies in."""
        return next((child for child in self.children if code.startswith(child)), None)

    def both(self, statement: Statement) -> tuple[list[dict], list[dict]]:
        """The rows of a statement as things are, and as they would be."""
        return rows_of(statement), rows_of(self.supposed.within(statement))


@dataclass(frozen=True)
class Places:
    """Places of a level that would come to lack heads, and that would no longer."""

    newly_short: tuple[str, ...]
    no_longer: tuple[str, ...]
    judged: int


@dataclass(frozen=True)
class StaffingChange:
    """Figures of the place and of the divisions under it by code, as they are and as they would be."""

    before: dict[str, Staffing]
    after: dict[str, Staffing]
    children: Places
    communities: Places


def rows_of(statement: Statement) -> list[dict[str, Any]]:
    """The rows of a statement by column name."""
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def changes_heads(kind: Kind) -> bool:
    """Whether stored head counts depend on the kind."""
    return f"'{kind.key}'" in heads_ctes()


def changes_staffing(kind: Kind) -> bool:
    """Whether required heads, heads or certified heads depend on the kind."""
    return kind in (STAFFING, POPULATION_BASIS) or changes_heads(kind)


def staffing_change(question: Question) -> StaffingChange:
    """Staffing figures of the place, its children and, by status, its communities; the country is asked by province."""
    wanted = [code for code in (question.under, *question.children) if code]
    select = "SELECT * FROM shown WHERE code = ANY(%(wanted)s) OR level = %(lowest)s AND status IN ('short', 'met')"

    def asked(**options) -> Statement:
        level = None if question.under else Level.PROVINCE
        query = StaffingQuery(territories=ALL, on=question.on, under=question.under, level=level, **options)
        return query.sql(select, wanted=wanted, lowest=Level.COMMUNITY)

    # Heads are stored as the rules in force count them: supposed otherwise, they are counted from the rows.
    supposed = question.supposed.within(asked(afresh=changes_heads(question.kind)))
    found = [
        {row["code"]: Staffing(**row, on=question.on) for row in rows_of(statement)}
        for statement in (asked(), supposed)
    ]
    return StaffingChange(
        *({code: rows[code] for code in wanted if code in rows} for rows in found),
        children=_places(*found, lambda row: row.code in question.children),
        communities=_places(*found, lambda row: row.level == Level.COMMUNITY),
    )


def _places(before: dict[str, Staffing], after: dict[str, Staffing], chosen: Callable[[Staffing], bool]) -> Places:
    short = [{row.code for row in rows.values() if chosen(row) and row.compliant is False} for rows in (before, after)]
    judged = {
        row.code for rows in (before, after) for row in rows.values() if chosen(row) and row.compliant is not None
    }
    return Places(tuple(sorted(short[1] - short[0])), tuple(sorted(short[0] - short[1])), len(judged))


@dataclass(frozen=True)
class Counted:
    """Sums of one division: heads allotted and lacking, or findings; None where there is nothing to sum."""

    before: dict[str, int | None]
    after: dict[str, int | None]


def allotment_change(question: Question) -> dict[str, Counted]:
    """Heads allotted to the communities under each division, and heads they lack."""
    statement = allotment_sql(
        question.on,
        """SELECT code, allotted, workers, CASE WHEN allotted > workers THEN allotted - workers ELSE 0 END AS lacking
        FROM allotted""",
        under=question.under,
    )
    before, after = question.both(statement)
    names = ("allotted", "workers", "lacking")
    return _summed(question, before, after, names)


def _summed(question: Question, before: list[dict], after: list[dict], names: tuple[str, ...]) -> dict[str, Counted]:
    """Sums by the division shown and, under the place's own code, of everything."""
    sums = {code: Counted({}, {}) for code in (question.under, *question.children)}
    for rows, side in ((before, "before"), (after, "after")):
        for row in rows:
            for code in {question.under, question.child_of(row["code"])} & sums.keys():
                total = getattr(sums[code], side)
                for name in names:
                    if row[name] is not None:
                        total[name] = total.get(name, 0) + row[name]
    return sums


@dataclass(frozen=True)
class Share:
    """The certified share of one division against a target in per cent (domain §1.D2)."""

    code: str
    workers: int
    certified: int
    percent: int | None

    @property
    def target(self) -> int | None:
        """Certified heads that the target calls for."""
        return None if self.percent is None else quota.required_heads(self.workers, self.percent, 100)

    @property
    def needed(self) -> int | None:
        return None if self.target is None else max(0, self.target - self.certified)


def share_change(question: Question) -> tuple[dict[str, Share], dict[str, Share]]:
    """Certified heads still needed in the place and the divisions under it, by code."""
    wanted = [code for code in (question.under, *question.children) if code]
    query = StaffingQuery(territories=ALL, on=question.on, under=question.under, codes=tuple(wanted))
    statement = query.sql(
        f"""SELECT shown.code, workers, certified, (t.value->>'percent')::int AS percent
        FROM shown {nearest_rule(SHARE_TARGET, "shown.code", "t")}"""
    )
    before, after = question.both(statement)
    return {row["code"]: Share(**row) for row in before}, {row["code"]: Share(**row) for row in after}


def problem_change(question: Question, problems: Statement) -> dict[str, Counted] | None:
    """Problems, and overdue ones, that an inspection would find under each division; None where it does not read the kind.

    That its heads are counted by a rule does not make it a check of that rule. An inspection looks at the whole country;
    here its heads are narrowed to the place, which gives the same heads there.
    """
    sql, parameters = problems
    everybody, narrowed = heads_ctes(everywhere=True), heads_ctes()
    if not reads(sql.replace(everybody, "").replace(narrowed, ""), question.kind):
        return None
    low, high = code_range(question.under)
    place = {"place_low": low, "place_high": high}
    if everybody in sql:
        sql, place = sql.replace(everybody, narrowed), place | {"low": low, "high": high}
    counted = f"""SELECT division_id AS code, count(*)::int AS problems,
            (count(*) FILTER (WHERE due_on < %(on)s))::int AS overdue FROM ({sql}) found
        WHERE division_id >= %(place_low)s AND division_id < %(place_high)s GROUP BY division_id"""
    before, after = question.both((counted, {**parameters, **place}))
    zero = {"problems": 0, "overdue": 0}
    summed = _summed(question, before, after, tuple(zero))
    return {code: Counted(zero | sums.before, zero | sums.after) for code, sums in summed.items()}
