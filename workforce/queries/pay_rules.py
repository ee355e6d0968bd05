"""The rules of grades and pay as the pure modules read them, for every community under a place; one query."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q

from portal.core.lib.codes import ancestors
from portal.core.lib.scope import subtree
from portal.core.policy.kinds import (
    CERTIFICATE_ALLOWANCE,
    CERTIFICATE_STEPS,
    EDUCATION_CREDIT,
    GRADE_AMOUNTS,
    LADDER,
    PAY_BOUNDS,
    PAY_COMPOSITION,
    POST_AMOUNTS,
    YEARS_NOT_COUNTED,
    Kind,
)
from portal.core.policy.models import PolicyRule
from portal.core.policy.queries import RuleInForce
from workforce.ladder import CertificateSteps, Ladder, Schooling
from workforce.payroll import Allowance, Bounds

KINDS = {
    kind.key: kind
    for kind in (
        LADDER,
        EDUCATION_CREDIT,
        CERTIFICATE_STEPS,
        YEARS_NOT_COUNTED,
        GRADE_AMOUNTS,
        POST_AMOUNTS,
        CERTIFICATE_ALLOWANCE,
        PAY_BOUNDS,
        PAY_COMPOSITION,
    )
}


class PayRules:
    """The rules in force on a day under the division `code` ('' = the country), read once and kept."""

    def __init__(self, code: str, on: date) -> None:
        self.on = on
        rules = PolicyRule.objects.in_force(on).filter(kind__in=KINDS)
        if code:
            above = Q(division__isnull=True) | Q(division__in=[code, *ancestors(code)])
            rules = rules.filter(above | subtree("division_id", code))
        self._rules = {(rule.kind, rule.division_id or ""): rule for rule in rules}
        self._read: dict[tuple, Any] = {}

    def rule(self, kind: Kind, code: str) -> RuleInForce:
        """The rule of a kind for a community: the nearest ancestor's, the country's last, then the kind's default."""
        found = next(
            (self._rules[kind.key, one] for one in (code, *ancestors(code), "") if (kind.key, one) in self._rules), None
        )
        return RuleInForce(kind, found.value if found else kind.default, found)

    def _of(self, kind: Kind, code: str, read: Callable[[dict], Any]) -> Any:
        key = (kind.key, code)
        if key not in self._read:
            value = self.rule(kind, code).value
            self._read[key] = None if value is None else read(value)
        return self._read[key]

    def ladder(self, code: str) -> Ladder:
        return self._of(LADDER, code, ladder_of)

    def schooling(self, code: str) -> Schooling | None:
        return self._of(EDUCATION_CREDIT, code, lambda value: Schooling(_table(value, "degree", "steps"), value["as"]))

    def certificate_steps(self, code: str) -> CertificateSteps | None:
        return self._of(
            CERTIFICATE_STEPS,
            code,
            lambda value: CertificateSteps(_table(value, "level", "steps"), value["needs_appointment"]),
        )

    def not_counted(self, code: str) -> frozenset[str]:
        """Assessment grades whose years do not count for the ladder."""
        return self._of(YEARS_NOT_COUNTED, code, lambda value: frozenset(value["grades"] or ()))

    def grade_amounts(self, code: str) -> dict[int, int | None] | None:
        return self._of(GRADE_AMOUNTS, code, lambda value: _table(value, "grade", "amount"))

    def post_amounts(self, code: str) -> dict[str, int | None] | None:
        return self._of(POST_AMOUNTS, code, lambda value: _table(value, "post", "amount"))

    def allowance(self, code: str) -> Allowance | None:
        return self._of(CERTIFICATE_ALLOWANCE, code, _allowance)

    def bounds(self, code: str) -> Bounds | None:
        return self._of(PAY_BOUNDS, code, lambda value: Bounds(value["start"], value["cap"], value["exceptional_cap"]))

    def basic_percent(self, code: str) -> int | None:
        """Share of the basic pay; None where the rule gives neither it nor the share of the performance pay."""
        return self._of(PAY_COMPOSITION, code, _basic)


def ladder_of(value: dict) -> Ladder:
    """The ladder that the value of a rule describes."""
    ranges = {row["tier"]: (row["low"], row["high"]) for row in value["rows"]}
    return Ladder(ranges, value["years_per_step"], value["on_tier_change"])


def _table(value: dict, key: str, column: str) -> dict:
    return {row[key]: row[column] for row in value["rows"]}


def _allowance(value: dict) -> Allowance:
    amounts = _table(value, "level", "amount")
    return Allowance(amounts, value["highest_only"], value["registered_only"], value["least"], value["most"])


def _basic(value: dict) -> int | None:
    if value["basic_percent"] is not None:
        return value["basic_percent"]
    return None if value["performance_percent"] is None else 100 - value["performance_percent"]
