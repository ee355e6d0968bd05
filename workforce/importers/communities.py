"""What is worth a look at the communities of a sheet as a whole: told once for each, on its first row, and no error.

Sizes are those of today as the import leaves them; they are set "generally" 一般, and nobody's import waits for a
population (domain §1.B1 to B3). Two statements, whatever the number of rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection

from portal.core.indicators.population import preferred, totals
from portal.core.lib.dated import in_force
from portal.core.policy.kinds import (
    ALLOTMENT,
    BRACKETS,
    PARTY_BRANCH_SIZE,
    PARTY_COMMITTEE_SIZE,
    RESIDENTS_COMMITTEE_SIZE,
    STAFFING_CAP,
)
from portal.core.policy.queries import RULES_CTE, nearest_rule
from workforce.actions.plan import PostWrite
from workforce.committee import Size, judge_size
from workforce.enums import Body
from workforce.importers.places import Place
from workforce.importers.rows import Row
from workforce.queries.committees import LATEST_TERMS

_TEAM = "team"
_CODES = {Body.PARTY: "party_size", Body.COMMITTEE: "residents_size"}
# What is known of each community, and what its bodies are measured by.
_STANDARDS = f"""
WITH {RULES_CTE}, {totals(stored=True)}, {LATEST_TERMS}
SELECT d.code, p.value IS NOT NULL,
    a.id IS NULL AND b.id IS NULL OR EXISTS (SELECT 1 FROM core_population h WHERE h.division_id = d.code
        AND h.households IS NOT NULL AND h."on" <= %(on)s),
    (party.size->>'least')::int, (party.size->>'most')::int, (m.value->>'least')::int, (m.value->>'most')::int,
    (k.value->>'heads')::int
FROM core_division d
{preferred("d", "p", stored=True)}
LEFT JOIN latest l ON l.division_id = d.code AND l.body = 'party'
{nearest_rule(ALLOTMENT, "d.code", "a")}
{nearest_rule(BRACKETS, "d.code", "b")}
{nearest_rule(PARTY_BRANCH_SIZE, "d.code", "s")}
{nearest_rule(PARTY_COMMITTEE_SIZE, "d.code", "g")}
{nearest_rule(RESIDENTS_COMMITTEE_SIZE, "d.code", "m")}
{nearest_rule(STAFFING_CAP, "d.code", "k")}
CROSS JOIN LATERAL (
    SELECT CASE WHEN l.form = 'branch' THEN s.value WHEN l.form IN ('committee', 'general_branch') THEN g.value END AS size
) party
WHERE d.code = ANY(%(codes)s)"""
_HELD = """
SELECT id, person_id::text, division_id, body, full_time AND managed FROM workforce_appointment
WHERE division_id = ANY(%(codes)s) AND (body = ANY(%(bodies)s) OR %(team)s AND full_time AND managed)
    AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)"""


@dataclass(frozen=True, slots=True)
class _Standard:
    """What the rules say of one community, as far as they say anything: `sizes` by body, `cap` of the team."""

    populated: bool
    homes: bool
    sizes: dict[Body, tuple[int, int]]
    cap: int | None


def look_at_communities(rows: list[Row], places: dict[str, Place], planned: list[PostWrite], on: date) -> None:
    """Notes on the first row of each urban community that has no population or households, or whose committees or team
    are out of range once `planned` is written; of what rows in error would leave, nothing is said."""
    first = {row.code: row for row in reversed(rows)}
    codes = [code for code in first if (place := places.get(code)) and place.urban and _stands(place, on)]
    if not codes:
        return
    standards = _standards(codes, on)
    faulty = {row.code for row in rows if row.errors}
    measured = [code for code, one in standards.items() if (one.sizes or one.cap is not None) and code not in faulty]
    members = _members(measured, planned, on, any(standards[code].cap is not None for code in measured))
    for code, standard in standards.items():
        row, official = first[code], places[code].label
        for said, params in (*_missing(standard), *_misfits(standard, members.get(code, {}))):
            row.warn(said, "code" if "code" in row.values else "community", official=official, **params)


def _stands(place: Place, on: date) -> bool:
    return place.valid_to is None or place.valid_to > on


def _standards(codes: list[str], on: date) -> dict[str, _Standard]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDARDS, {"codes": codes, "on": on, "low": min(codes), "high": max(codes) + ":"})
        found = {}
        for code, populated, homes, *numbers, cap in cursor.fetchall():
            sizes = {Body.PARTY: numbers[:2], Body.COMMITTEE: numbers[2:]}
            given = {body: (least, most) for body, (least, most) in sizes.items() if least is not None}
            found[code] = _Standard(populated, homes, given, cap)
        return found


def _members(codes: list[str], planned: Iterable[PostWrite], on: date, team: bool) -> dict[str, dict[str, set[str]]]:
    """Who sits in each committee, and who is in the team, of the communities as the import leaves them."""
    if not codes:
        return {}
    found: dict[str, dict[str, set[str]]] = {code: {_TEAM: set()} | {body: set() for body in _CODES} for code in codes}
    replaced = set()
    for post in planned:
        replaced.add(post.id)
        if post.division in found and in_force(post.valid_from, post.valid_to, on):
            _seat(found[post.division], post.person, post.body, post.full_time and post.managed)
    with connection.cursor() as cursor:
        cursor.execute(_HELD, {"codes": codes, "bodies": list(_CODES), "team": team, "on": on})
        for pk, person, code, body, in_team in cursor.fetchall():
            if pk not in replaced:
                _seat(found[code], person, body, in_team)
    return found


def _seat(where: dict[str, set[str]], person: str, body: str, in_team: bool) -> None:
    if body in _CODES:
        where[body].add(person)
    if in_team:
        where[_TEAM].add(person)


def _missing(standard: _Standard) -> Iterator[tuple[str, dict]]:
    if not standard.populated:
        yield "population_missing", {}
    elif not standard.homes:
        yield "households_missing", {}


def _misfits(standard: _Standard, members: dict[str, set[str]]) -> Iterator[tuple[str, dict]]:
    """Bodies out of range; one in which nobody sits is a matter of its own."""
    for body, (least, most) in standard.sizes.items():
        number = len(members.get(body, ()))
        if number and judge_size(number, least, most) is not Size.WITHIN:
            yield _CODES[body], {"members": number, "least": least, "most": most}
    number = len(members.get(_TEAM, ()))
    if standard.cap is not None and number > standard.cap:
        yield "team_size", {"members": number, "most": standard.cap}
