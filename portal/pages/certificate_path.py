"""The way to the certificate targets still to come: what is missing, by when, and how many a month that takes."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.core.indicators.figures import Figure, State
from portal.core.lib.codes import ancestors
from portal.core.lib.dated import add_months
from portal.core.policy.kinds import SHARE_TARGET
from portal.core.policy.models import PolicyRule
from portal.core.web import formats
from workforce.clocks import heads_needed

MOST_MONTHS = 60
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Step:
    """One target: `needed` persons more of today's heads by `due`, `pace` of them a month."""

    percent: int
    due: date
    needed: int
    pace: Decimal


@dataclass(frozen=True)
class Path:
    """Targets to come, and for every month ahead the target then in force and the straight way to the next one."""

    steps: list[Step] = field(default_factory=list)
    targets: list[Decimal | None] = field(default_factory=list)
    values: list[Decimal | None] = field(default_factory=list)
    late: str = ""

    @property
    def months(self) -> int:
        return len(self.values)


def path_of(code: str, on: date, figure: Figure | None) -> Path:
    """The way from a figure of the certified share to every target due after the day, as the rules stand that day."""
    if figure is None or figure.state != State.VALUE:
        return Path()
    rules = _rules(code, on)
    steps = []
    for percent, due in _targets(rules, on):
        needed = heads_needed(figure.numerator, figure.denominator, percent)
        steps.append(
            Step(percent, due, needed, (Decimal(needed) / max(1, _apart(on, due))).quantize(_TENTH, ROUND_HALF_UP))
        )
    late = _late(figure, on)
    open_steps = [step for step in steps if step.needed]
    if not open_steps:
        return Path(steps, late=late)
    ahead = [
        add_months(on.replace(day=1), step) for step in range(1, min(MOST_MONTHS, _apart(on, open_steps[-1].due)) + 1)
    ]
    then = [_nearest(rules, _end(month)) for month in ahead]
    targets = [Decimal(rule.value["percent"]) if rule else None for rule in then]
    return Path(steps, targets, [_on_the_way(figure.value, open_steps, on, month) for month in ahead], late)


def _late(figure: Figure, on: date) -> str:
    """A target whose day has gone by without being reached."""
    if figure.due is None or figure.due >= on or not figure.shortfall or figure.shortfall <= 0:
        return ""
    return _("%(percent)s%% 的目标已于 %(due)s 到期，还差 %(needed)s 人。") % {
        "percent": formats.number(int(figure.target)),
        "due": formats.day(figure.due),
        "needed": formats.number(figure.shortfall),
    }


def _rules(code: str, on: date) -> list[PolicyRule]:
    """Targets in force on the day or later, of the division and everything above it."""
    scope = Q(division__isnull=True) | Q(division__in=[code, *ancestors(code)])
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    return list(PolicyRule.objects.filter(scope, lasting, kind=SHARE_TARGET.key).order_by("valid_from"))


def _nearest(rules: list[PolicyRule], day: date) -> PolicyRule | None:
    there = [rule for rule in rules if rule.valid_from <= day and (rule.valid_to is None or rule.valid_to > day)]
    return max(there, key=lambda rule: len(rule.division_id or ""), default=None)


def _targets(rules: list[PolicyRule], on: date) -> list[tuple[int, date]]:
    """Per cent and day of every target that will be in force at some time and is still to come, earliest first."""
    days = [on, *(rule.valid_from for rule in rules if rule.valid_from > on)]
    found = {
        (rule.value["percent"], date.fromisoformat(rule.value["due"])) for day in days if (rule := _nearest(rules, day))
    }
    return sorted((one for one in found if one[1] > on), key=lambda one: one[1])


def _apart(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _end(month: date) -> date:
    return date.fromordinal(add_months(month, 1).toordinal() - 1)


def _on_the_way(start: Decimal, steps: list[Step], on: date, month: date) -> Decimal | None:
    """The straight line from today's share to the next target, from there to the one after it."""
    done, value = 0, start
    at = _apart(on, month)
    for step in steps:
        until = _apart(on, step.due)
        if at <= until and until > done:
            part = Decimal(at - done) / (until - done)
            return (value + (max(value, Decimal(step.percent)) - value) * part).quantize(_TENTH, ROUND_HALF_UP)
        done, value = max(done, until), max(value, Decimal(step.percent))
    return None
