"""Forecast and plan of a place: ageing and contract ends by month, heads and certificates ahead, how many to hire by a day.

People are counted by the database, what follows from the counts is worked out by `workforce.forecast`.
"""

from collections import Counter
from datetime import date
from fractions import Fraction
from functools import cached_property

from portal.core.lib.codes import code_range
from portal.core.lib.dated import ONE_DAY, add_months
from portal.core.lib.replica import fetch
from portal.core.policy.history import effective, rules_over_time
from portal.core.policy.kinds import RETIREMENT, SHARE_TARGET, STAFFING
from portal.core.policy.queries import RULES_CTE, RuleInForce, nearest_rule
from workforce.clocks import share_met
from workforce.forecast import Ageing, Hiring, Pace, Point, Projection, Start, elapsed, grown, month_ends, remaining
from workforce.queries.forecast_parts import YEAR_MONTHS, Assumed, Below, Measured, Month, Target
from workforce.queries.forecast_sql import COUNTED
from workforce.queries.staffing import Staffing
from workforce.quota import required_heads

# How far ahead a share is looked for before it is called never.
FAR_MONTHS = 240

_RULES_ON_DAY = f"""WITH {RULES_CTE}
SELECT c.code, (r.value->>'heads')::int, (r.value->>'per')::int FROM unnest(%(codes)s::text[]) AS c (code) {nearest_rule(STAFFING, "c.code", "r")}"""


class Forecast:
    """The forecast of a place as seen on the day `on`. Scope the place, `own` and `children` are its figures."""

    def __init__(self, on: date, assumed: Assumed, own: Staffing, children: list[Staffing]) -> None:
        self.on, self.assumed, self.own = on, assumed, own
        self.children = [child for child in children if child.urban]
        self.before = add_months(on, -YEAR_MONTHS)
        self.months_ends = month_ends(on, assumed.months)
        self.growth = Fraction(assumed.growth)

    # Rules ------------------------------------------------------------------------------------------------------------

    @cached_property
    def rules(self) -> list:
        return rules_over_time(self.own.code)

    @property
    def retirement(self) -> RuleInForce:
        """The retirement ages in force; where none are set, the ages up to which people count stand for them."""
        return effective(RETIREMENT, self.rules, self.on)

    def staffing_rule(self, on: date) -> RuleInForce:
        return effective(STAFFING, self.rules, on)

    @cached_property
    def _share_rules(self) -> list[RuleInForce]:
        """Targets in force on the day or later, in the order in which they begin."""
        mine = [rule for rule in self.rules if rule.kind == SHARE_TARGET.key]
        turns = {day for rule in mine for day in (rule.valid_from, rule.valid_to) if day is not None and day > self.on}
        found = [effective(SHARE_TARGET, mine, day) for day in (self.on, *sorted(turns))]
        known = {one.rule.pk: one for one in found if one.rule is not None}
        return list(known.values())

    # Counts -----------------------------------------------------------------------------------------------------------

    @cached_property
    def stops(self) -> list[date]:
        """The days on which something is asked: ends of months far ahead, the target day, due days of shares."""
        asked = {self.assumed.target, *(_due(rule) for rule in self._share_rules)}
        ends = month_ends(self.on, FAR_MONTHS)
        return sorted({*ends, *(day for day in asked if self.on < day <= ends[-1])})

    @cached_property
    def _counts(self) -> dict[str, list[tuple[int, str, int, int]]]:
        low, high = code_range(self.own.code)
        parameters = {
            "on": self.on,
            "before": self.before,
            "low": low,
            "high": high,
            "target": self.assumed.target,
            "codes": [child.code for child in self.children],
            "edges": [self.on, *(day + ONE_DAY for day in self.stops)],
        }
        found: dict[str, list[tuple[int, str, int, int]]] = {}
        for part, bucket, key, count, certified in fetch(COUNTED, parameters)[1]:
            found.setdefault(part, []).append((bucket, key, int(count), certified))
        return found

    def _one(self, part: str, bucket: int = 0) -> tuple[int, int]:
        """Persons and certified ones of a part that has one row, or one per bucket."""
        rows = [row[2:] for row in self._counts.get(part, ()) if row[0] == bucket]
        return rows[0] if rows else (0, 0)

    @cached_property
    def measured(self) -> Measured:
        earlier, certified = self._one("earlier")
        return Measured(
            earlier=earlier,
            earlier_certified=certified,
            left=self._one("left", 0)[0],
            retired=self._one("left", 1)[0],
            joined=self._one("joined")[0],
            gained=self._one("gained")[0],
        )

    @property
    def past(self) -> int:
        """Heads who have reached retirement age and are still in post."""
        return self._one("past")[0]

    @cached_property
    def contracts(self) -> dict[date, Counter[str]]:
        """Contracts that end without another one on record, by the stop up to which they do and by kind of party."""
        found: dict[date, Counter[str]] = {}
        for bucket, key, count, _certified in self._counts.get("contracts", ()):
            if 1 <= bucket <= len(self.stops):
                found.setdefault(self.stops[bucket - 1], Counter())[key] += count
        return found

    # What follows -----------------------------------------------------------------------------------------------------

    @cached_property
    def pace(self) -> Pace:
        """The pace assumed, else the one measured."""
        given, known = self.assumed, self.measured.pace
        return Pace(
            known.leavers if given.leavers is None else Fraction(given.leavers),
            known.hires if given.hires is None else Fraction(given.hires),
            known.certificates if given.certificates is None else Fraction(given.certificates),
        )

    @cached_property
    def projection(self) -> Projection:
        by_bucket = {bucket: (count, certified) for bucket, _key, count, certified in self._counts.get("ageing", ())}
        ageing = tuple(Ageing(day, *by_bucket.get(place, (0, 0))) for place, day in enumerate(self.stops, 1))
        return Projection(Start(self.on, *self._one("heads"), ageing), self.pace)

    def population(self, on: date) -> int | None:
        known = self.own.population
        return None if known is None or not self.own.urban else grown(known, self.growth, elapsed(self.on, on))

    def required(self, on: date) -> int | None:
        """Heads that the rule in force on a later day calls for; None without rule or population."""
        return _required(self.population(on), self.staffing_rule(on).value)

    @cached_property
    def months(self) -> list[Month]:
        """Month by month up to the end of the forecast."""
        found, since = [], self.on
        for end in self.months_ends:
            covered = [one for one in self.projection.start.ageing if since < one.until <= end]
            found.append(
                Month(
                    first=max(self.on, end.replace(day=1)),
                    aged=sum(one.heads for one in covered),
                    aged_certified=sum(one.certified for one in covered),
                    contracts=sum((self.contracts.get(one.until, Counter()) for one in covered), Counter()),
                    point=self.projection.at(end),
                    population=self.population(end),
                    required=self.required(end),
                )
            )
            since = end
        return found

    @cached_property
    def then(self) -> Point:
        """What is expected on the target day."""
        return self.projection.at(self.assumed.target)

    @property
    def contracts_by_then(self) -> Counter[str]:
        return sum((kinds for day, kinds in self.contracts.items() if day <= self.assumed.target), Counter())

    @cached_property
    def hiring(self) -> Hiring:
        """How many to hire for the rule in force on the target day."""
        return Hiring(self.required(self.assumed.target), self.then.whole_remaining)

    @property
    def leavers_by_then(self) -> int | None:
        """Whole persons who leave for other reasons, as the plan counts them; None where there is no pace."""
        heads = self.projection.start.heads
        return None if self.pace.leavers is None else heads - self.then.aged - self.hiring.remaining

    @cached_property
    def targets(self) -> list[Target]:
        start, found = self.projection.start, []
        for rule in self._share_rules:
            percent, due = rule.value["percent"], _due(rule)
            met = share_met(start.certified, start.heads, percent)
            reached = None if met or self.pace.certificates is None else self.projection.reaches(percent)
            within = due <= self.stops[-1]
            pace = None if met or not within or not start.heads else self.projection.pace_needed(percent, due)
            found.append(Target(rule, percent, due, met, reached, pace))
        return found

    @cached_property
    def below(self) -> list[Below]:
        """The divisions one step below: what each will need on the target day."""
        if not self.children:
            return []
        target = self.assumed.target
        rules = self._rules_below(target)
        months = elapsed(self.on, target)
        counts = {part: {key: n for _bucket, key, n, _c in self._counts.get(part, ())} for part in _BELOW}
        found = []
        for child in self.children:
            heads, aged = counts["heads_of"].get(child.code, 0), counts["ageing_of"].get(child.code, 0)
            leavers = self._leavers_of(
                heads, counts["left_of"].get(child.code, 0), counts["earlier_of"].get(child.code)
            )
            left = int(remaining(heads, aged, leavers, months))
            population = None if child.population is None else grown(child.population, self.growth, months)
            hiring = Hiring(_required(population, rules[child.code]), left)
            found.append(Below(child, heads, aged, leavers, hiring, rules[child.code] is not None))
        return found

    def _leavers_of(self, heads: int, left: int, earlier: int | None) -> Fraction | None:
        """Leavers of a division a year: its own of the last one, or its part of those assumed for the whole place."""
        if self.assumed.leavers is None:
            return Fraction(left) if earlier else None
        everybody = self.projection.start.heads
        return Fraction(self.assumed.leavers) * heads / everybody if everybody else Fraction(0)

    def _rules_below(self, on: date) -> dict[str, dict | None]:
        """The staffing standard of each division on a later day, None where there is none."""
        rows = fetch(_RULES_ON_DAY, {"on": on, "codes": [child.code for child in self.children]})[1]
        return {code: {"heads": heads, "per": per} if per else None for code, heads, per in rows}


_BELOW = ("heads_of", "ageing_of", "left_of", "earlier_of")


def _due(rule: RuleInForce) -> date:
    return date.fromisoformat(rule.value["due"])


def _required(population: int | None, rule: dict | None) -> int | None:
    return required_heads(population, rule["heads"], rule["per"]) if population and rule else None
