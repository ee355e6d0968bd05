"""How far the visits of a period got: households and shops to visit, visited, and still waiting (domain §1.H1)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import ONE_DAY
from portal.core.policy.kinds import VISITS
from portal.core.policy.queries import RuleInForce, rule_for
from ratings.enums import PremisesKind, VisitOutcome
from ratings.models import Premises, Visit
from ratings.norms import HALF_YEAR, visit_period


@dataclass(frozen=True)
class Period:
    """A period of visits from `first` to `last`, both inclusive."""

    first: date
    last: date


def period_of(on: date, months: int) -> Period:
    """The period of `months` months, aligned to the calendar, that holds the day: 6 gives the half-years of a year."""
    first, after = visit_period(on, months)
    return Period(first, after - ONE_DAY)


@dataclass(frozen=True)
class Done:
    """Of the `due` households or shops `visited` were met in the period. Who moved in within it is due in the next one."""

    due: int = 0
    visited: int = 0

    @property
    def waiting(self) -> int:
        return self.due - self.visited

    @property
    def share(self) -> Decimal | None:
        """Per cent; None where nothing is due."""
        return Decimal(self.visited) * 100 / self.due if self.due else None

    def meets(self, percent: int) -> bool | None:
        """Whether at least `percent` per cent were visited; None where nothing is due."""
        return self.visited * 100 >= percent * self.due if self.due else None


@dataclass(frozen=True)
class Coverage:
    """The coverage of a place in the period that holds the day; without a rule it is told, not judged."""

    rule: RuleInForce
    period: Period
    by_kind: dict[str, Done] = field(default_factory=dict)

    @property
    def households(self) -> Done:
        return self.by_kind.get(PremisesKind.HOUSEHOLD, Done())

    @property
    def shops(self) -> Done:
        return self.by_kind.get(PremisesKind.SHOP, Done())

    @property
    def waiting(self) -> int:
        return self.households.waiting + self.shops.waiting

    @property
    def percent(self) -> int | None:
        return self.rule.value["percent"] if self.rule.value else None

    @property
    def met(self) -> bool | None:
        """Both households and shops reach the share; None where no rule is in force or nothing is due."""
        if self.percent is None:
            return None
        found = [done.meets(self.percent) for done in (self.households, self.shops) if done.due]
        return all(found) if found else None


def asked_period(code: str, on: date) -> tuple[RuleInForce, Period]:
    """The rule on visits of a place on a day and the period it gives; the half-year where no rule is in force."""
    rule = rule_for(VISITS, code, on)
    return rule, period_of(on, rule.value["months"] if rule.value else HALF_YEAR)


_MET = """
EXISTS (SELECT FROM ratings_visit v WHERE v.premises_id = p.id AND v.outcome = 'met' AND NOT v.taken_back
    AND v.visited_on >= %(first)s AND v.visited_on <= %(on)s)"""
_DUE = "p.valid_from < %(first)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)"


def coverage_of(codes: list[str], on: date, period: Period) -> dict[str, dict[str, Done]]:
    """By code of `codes`, all of one level, and by kind: what was due and what was visited up to the day."""
    if not codes:
        return {}
    sql = f"""
    SELECT left(p.division_id, %(length)s), p.kind, count(*), count(*) FILTER (WHERE {_MET})
    FROM unnest(%(codes)s::text[]) AS c(code)
    JOIN ratings_premises p ON p.division_id >= c.code AND p.division_id < c.code || '~' AND {_DUE}
    GROUP BY 1, 2"""
    found: dict[str, dict[str, Done]] = {code: {} for code in codes}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"codes": codes, "length": len(codes[0]), "first": period.first, "on": on})
        for code, kind, due, visited in cursor.fetchall():
            found[code][kind] = Done(due, visited)
    return found


def coverage(code: str, on: date) -> Coverage:
    """The coverage of one place in the period that holds the day."""
    rule, period = asked_period(code, on)
    return Coverage(rule, period, coverage_of([code], on, period)[code])


def met_in(period: Period, on: date) -> Exists:
    """Condition on premises: somebody was met there in the period up to the day."""
    visits = Visit.objects.filter(premises=OuterRef("pk"), outcome=VisitOutcome.MET, taken_back=False)
    return Exists(visits.filter(visited_on__gte=period.first, visited_on__lte=on))


def waiting(user, code: str, on: date, period: Period) -> QuerySet:
    """Households and shops of a place that are due in the period and not yet visited, in the order of doors."""
    rows = Premises.objects.for_user(user, Perm.VIEW_SERVICE).under(code).in_force(on)
    return rows.filter(~met_in(period, on), valid_from__lt=period.first).order_by("division_id", "kind", "label", "pk")
