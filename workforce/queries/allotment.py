"""Heads allotted to communities on a day, set-based: every engine in force, the combination and the cap (domain §1.B3).

The SQL agrees with `workforce.quota.allot`, which makes the readable result for one community.
"""

import json
from dataclasses import dataclass
from datetime import date

from portal.core.lib.codes import Level
from portal.core.lib.replica import fetch
from portal.core.policy.kinds import ALLOTMENT, BRACKETS, COMBINATION, STAFFING_CAP
from portal.core.policy.queries import nearest_rule
from portal.core.territory.models import Basis
from workforce import quota
from workforce.queries.staffing import StaffingQuery

_BASES = ", ".join(f"'{basis}'" for basis in Basis.values)
_DEFAULT_CHOICE = COMBINATION.default["choose"]

# Households are homes whatever the basis: the latest record that tells them counts.
HOMES = f"""
homes AS (
    SELECT DISTINCT ON (p.division_id) p.division_id, p.households, p."on" AS households_on, p.source AS households_source
    FROM core_population p
    WHERE p.households IS NOT NULL AND p."on" <= %(on)s AND p.division_id >= %(low)s AND p.division_id < %(high)s
    ORDER BY p.division_id, p."on" DESC, array_position(ARRAY[{_BASES}], p.basis::text)
)"""

_ROUNDED = """CASE a.value->>'rounding'
    WHEN 'floor' THEN h.households / (a.value->>'households_per')::int
    WHEN 'ceil' THEN (h.households + (a.value->>'households_per')::int - 1) / (a.value->>'households_per')::int
    ELSE (2 * h.households::bigint + (a.value->>'households_per')::int) / (2 * (a.value->>'households_per')::int)
END"""

# The bracket reached; above the start of the highest one the further steps.
_BRACKETED = """(
    SELECT (z.value->>'heads')::int + CASE
        WHEN z.ordinality = jsonb_array_length(b.value->'rows') AND (b.value->>'further_households')::int > 0
        THEN (h.households - (z.value->>'households_from')::int) / (b.value->>'further_households')::int
             * (b.value->>'further_heads')::int
        ELSE 0 END
    FROM jsonb_array_elements(b.value->'rows') WITH ORDINALITY z
    WHERE (z.value->>'households_from')::int <= h.households
    ORDER BY z.ordinality DESC LIMIT 1)"""

ENGINES = f"""
engines AS MATERIALIZED (
    SELECT s.*, h.households, h.households_on, h.households_source,
        a.value AS allotment, a.document AS allotment_document, a.article AS allotment_article,
        b.value AS brackets, b.document AS brackets_document, b.article AS brackets_article,
        (k.value->>'heads')::int AS cap, k.document AS cap_document, k.article AS cap_article,
        coalesce(c.value->>'choose', '{_DEFAULT_CHOICE}') AS choose,
        CASE WHEN s.population > 0 THEN ceil(s.population * s.heads::numeric / s.per)::int END AS by_population,
        CASE WHEN a.id IS NOT NULL AND h.households IS NOT NULL THEN
            (a.value->>'base')::int + greatest((a.value->>'least')::int, ({_ROUNDED})::int)
        END AS by_allotment,
        CASE WHEN b.id IS NOT NULL AND h.households IS NOT NULL THEN coalesce({_BRACKETED}, 0) END AS by_brackets
    FROM shown s
    LEFT JOIN homes h ON h.division_id = s.code
    {nearest_rule(ALLOTMENT, "s.code", "a")}
    {nearest_rule(BRACKETS, "s.code", "b")}
    {nearest_rule(STAFFING_CAP, "s.code", "k")}
    {nearest_rule(COMBINATION, "s.code", "c")}
    WHERE s.urban AND s.level = {int(Level.COMMUNITY)}
),
combined AS MATERIALIZED (
    SELECT e.*,
        CASE e.choose WHEN 'smallest' THEN least(by_population, by_allotment, by_brackets)
            ELSE greatest(by_population, by_allotment, by_brackets) END AS chosen,
        (e.heads IS NOT NULL AND by_population IS NULL) OR (e.allotment IS NOT NULL AND by_allotment IS NULL)
            OR (e.brackets IS NOT NULL AND by_brackets IS NULL) AS incomplete
    FROM engines e
),
allotted AS (
    SELECT m.*, CASE WHEN chosen IS NOT NULL THEN least(chosen, cap) END AS allotted,
        CASE WHEN chosen IS NULL THEN 'none'
            WHEN NOT incomplete OR (choose = 'largest' AND cap <= chosen) THEN 'exact'
            WHEN choose = 'smallest' THEN 'most' ELSE 'least' END AS certainty,
        array_remove(ARRAY[
            CASE WHEN cap < chosen THEN 'cap' END,
            CASE WHEN (cap < chosen) IS NOT TRUE AND by_population = chosen THEN 'per_population' END,
            CASE WHEN (cap < chosen) IS NOT TRUE AND by_allotment = chosen THEN 'allotment' END,
            CASE WHEN (cap < chosen) IS NOT TRUE AND by_brackets = chosen THEN 'brackets' END
        ], NULL) AS binding
    FROM combined m
)"""


@dataclass(frozen=True)
class Rule:
    """A rule as an engine uses it; no document where the kind's default applies."""

    value: dict
    document: str
    article: str

    @property
    def source(self) -> str:
        return f"{self.document} {self.article}".strip()


@dataclass(frozen=True)
class Allotted:
    """The allotment of one community on a day: `result` per engine, the rules used, the inputs and heads in post."""

    code: str
    name: str
    on: date
    workers: int
    population: int | None
    basis: str | None
    households: int | None
    households_on: date | None
    households_source: str | None
    rules: dict[str, Rule]
    result: quota.Allotment

    @property
    def gap(self) -> int | None:
        """Heads missing against the allotment; negative is a surplus."""
        return None if self.result.heads is None else self.result.heads - self.workers

    @property
    def break_even(self) -> int | None:
        """Households from which the ratio asks for at least as many as 4+N, at this community's persons per household."""
        fixed, ratio = self.rules.get("allotment"), self.rules.get("per_population")
        if not (fixed and ratio and self.population and self.households):
            return None
        return quota.break_even(self.population, self.households, _ratio(ratio.value), _fixed(fixed.value))


def allotment_sql(on: date, select: str, *, under: str = "", **extra) -> tuple[str, dict]:
    """The statement that reads `select` from `allotted`, urban communities under a division, with its parameters."""
    query = StaffingQuery(territories=("",), on=on, under=under, level=Level.COMMUNITY)
    return query.sql(f", {HOMES}, {ENGINES} {select}", **extra)


def allotment_of(code: str, on: date) -> Allotted | None:
    """The allotment of one community; None for a village and where the community does not exist on the day."""
    names, rows = fetch(*allotment_sql(on, "SELECT * FROM allotted", under=code))
    return _allotted(dict(zip(names, rows[0], strict=True)), on) if rows else None


def _allotted(row: dict, on: date) -> Allotted:
    rules = _rules(row)
    ratio, fixed, bracketed = (rules.get(key) for key in ("per_population", "allotment", "brackets"))
    result = quota.allot(
        population=row["population"],
        households=row["households"],
        per_population=_ratio(ratio.value) if ratio else None,
        allotment=_fixed(fixed.value) if fixed else None,
        brackets=_bracketed(bracketed.value) if bracketed else None,
        choice=row["choose"],
        cap=row["cap"],
    )
    names = ("code", "name", "workers", "population", "basis", "households", "households_on", "households_source")
    return Allotted(**{name: row[name] for name in names}, on=on, rules=rules, result=result)


def _rules(row: dict) -> dict[str, Rule]:
    rules = {}
    if row["heads"] is not None:
        value = {"heads": row["heads"], "per": row["per"]}
        rules["per_population"] = Rule(value, row["document"], row["article"])
    for key in ("allotment", "brackets"):
        if row[key] is not None:
            rules[key] = Rule(json.loads(row[key]), row[f"{key}_document"], row[f"{key}_article"])
    if row["cap"] is not None:
        rules["cap"] = Rule({"heads": row["cap"]}, row["cap_document"], row["cap_article"])
    return rules


def _ratio(value: dict) -> quota.PerPopulation:
    return quota.PerPopulation(value["heads"], value["per"])


def _fixed(value: dict) -> quota.FixedPlusHouseholds:
    return quota.FixedPlusHouseholds(value["base"], value["households_per"], value["rounding"], value["least"])


def _bracketed(value: dict) -> quota.Brackets:
    rows = tuple(quota.Bracket(row["households_from"], row["heads"]) for row in value["rows"])
    return quota.Brackets(rows, value["further_households"] or 0, value["further_heads"] or 0)
