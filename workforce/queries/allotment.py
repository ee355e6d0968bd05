"""Heads allotted to communities on a day, set-based: every engine in force, the combination and the cap (domain §1.B3).

The SQL agrees with `workforce.quota.allot`, which makes the readable result for one community.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.core.indicators.counting import Scope
from portal.core.lib.codes import Level
from portal.core.lib.replica import fetch
from portal.core.policy.queries import RULES_CTE
from workforce import quota
from workforce.counters.allotment import BOOK
from workforce.counters.engines import allotted
from workforce.queries.staffing import StaffingQuery


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
    return query.sql(f", {allotted(Scope.RANGE)} {select}", **extra)


def allotment_of(code: str, on: date) -> Allotted | None:
    """The allotment of one community; None for a village and where the community does not exist on the day."""
    names, rows = fetch(*allotment_sql(on, "SELECT * FROM allotted", under=code))
    return _allotted(dict(zip(names, rows[0], strict=True)), on) if rows else None


@dataclass(frozen=True)
class Given:
    """What every engine gives a community, None where it is not in force or lacks its data, and what comes of them."""

    by_population: int | None
    by_allotment: int | None
    by_brackets: int | None
    cap: int | None
    allotted: int | None
    certainty: str
    binding: list[str]


def given_to(codes: Iterable[str], on: date) -> dict[str, Given]:
    """What the engines give to some communities on a day, by code; without their heads in post, which cost more to count."""
    names = ", ".join(Given.__dataclass_fields__)
    _columns, rows = fetch(
        f"WITH {RULES_CTE}, {BOOK.of_the_day.shared(Scope.CODES)} SELECT code, {names} FROM allotted",
        {"on": on, "codes": list(codes)},
    )
    return {code: Given(*told) for code, *told in rows}


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
