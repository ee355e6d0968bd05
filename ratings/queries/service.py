"""How the places under a division stand with visits and requests, as the table of the service pages shows it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from portal.core.lib.codes import ancestors
from portal.core.policy.kinds import VISITS
from portal.core.policy.models import PolicyRule
from portal.core.policy.queries import RuleInForce
from portal.core.territory.models import Division
from portal.core.territory.totals import figures_day
from ratings.enums import PremisesKind
from ratings.models.tally import Tally
from ratings.norms import HALF_YEAR
from ratings.queries.coverage import Coverage, Done, Period, coverage_of, period_of
from ratings.queries.places import children
from ratings.queries.requests import RequestCounts, counts_of

SORTS = ("code", "households", "shops", "waiting", "open", "late", "on_time")


@dataclass(frozen=True)
class PlaceLine:
    """One place of the table."""

    code: str
    name: str
    coverage: Coverage
    requests: RequestCounts

    def key(self, sort: str):
        """What the table is ordered by; what is not known comes last."""
        values = {
            "code": self.code,
            "households": self.coverage.households.share,
            "shops": self.coverage.shops.share,
            "waiting": self.coverage.waiting,
            "open": self.requests.waiting,
            "late": self.requests.late,
            "on_time": self.requests.on_time_share,
        }
        return values[sort]


def rules_on_visits(codes: list[str], on: date) -> dict[str, RuleInForce]:
    """The nearest rule on visits of each of the divisions `codes`; one query."""
    scopes = {one for code in codes for one in (code, *ancestors(code))}
    rows = PolicyRule.objects.in_force(on).filter(kind=VISITS.key).select_related("division")
    held = {rule.division_id or "": rule for rule in rows.filter(division__in=scopes) | rows.filter(division=None)}
    found = {}
    for code in codes:
        rule = next((held[one] for one in (code, *ancestors(code), "") if one in held), None)
        found[code] = RuleInForce(VISITS, rule.value if rule else VISITS.default, rule)
    return found


def period_under(rule: RuleInForce, on: date) -> Period:
    return period_of(on, rule.value["months"] if rule.value else HALF_YEAR)


def _kept(codes: list[str]) -> dict[str, dict[str, Done]]:
    """Coverage as the counters keep it for the figures' day, every community by its own rule."""
    rows = Tally.objects.filter(division_id__in=codes)
    found = {
        code: {PremisesKind.HOUSEHOLD: Done(due, visited), PremisesKind.SHOP: Done(shops, shops_visited)}
        for code, due, visited, shops, shops_visited in rows.values_list(
            "division_id", "households_due", "households_visited", "shops_due", "shops_visited"
        )
    }
    return {code: found.get(code, {}) for code in codes}


def _counted(periods: dict[str, Period], on: date) -> dict[str, dict[str, Done]]:
    """Coverage counted from the rows for any other day, every place by the period of its rule."""
    same: dict[tuple[Period, int], list[str]] = defaultdict(list)
    for code, period in periods.items():
        same[period, len(code)].append(code)
    found: dict[str, dict[str, Done]] = {}
    for (period, _length), codes in same.items():
        found |= coverage_of(codes, on, period)
    return found


def place_lines(division: Division, on: date) -> list[PlaceLine]:
    """Every place one step below with its own rule, period, coverage and requests, in the order of codes."""
    places = children(division, on)
    rules = rules_on_visits([place.code for place in places], on)
    periods = {code: period_under(rule, on) for code, rule in rules.items()}
    covered = _kept(list(periods)) if figures_day() == on else _counted(periods, on)
    requests: dict[str, RequestCounts] = {}
    for level in {len(place.code) for place in places}:
        requests |= counts_of([place.code for place in places if len(place.code) == level], on)
    return [
        PlaceLine(
            one.code, one.label, Coverage(rules[one.code], periods[one.code], covered[one.code]), requests[one.code]
        )
        for one in places
    ]


def ordered(lines: list[PlaceLine], sort: str) -> list[PlaceLine]:
    """Lines by a key of `SORTS`, with - for descending; what is not known comes last either way."""
    name = sort.removeprefix("-")
    known = [line for line in lines if line.key(name) is not None]
    blank = [line for line in lines if line.key(name) is None]
    return sorted(known, key=lambda line: line.key(name), reverse=sort.startswith("-")) + blank


def sums(lines: list[PlaceLine]) -> dict[str, Done | RequestCounts]:
    """The lines together; periods of places may differ where their rules do."""
    kinds = {"households": PremisesKind.HOUSEHOLD, "shops": PremisesKind.SHOP}
    found: dict[str, Done | RequestCounts] = {}
    for name, kind in kinds.items():
        parts = [line.coverage.by_kind.get(kind, Done()) for line in lines]
        found[name] = Done(sum(one.due for one in parts), sum(one.visited for one in parts))
    fields = ("waiting", "late", "answered", "on_time", "rated", "satisfied")
    found["requests"] = RequestCounts(*(sum(getattr(line.requests, name) for line in lines) for name in fields))
    return found
