"""The rules of a place over time: what applied, what applies, and when it changes next."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from portal.core.lib.codes import ancestors
from portal.core.lib.dated import in_force
from portal.core.policy.kinds import KINDS, Kind
from portal.core.policy.models import PolicyRule
from portal.core.policy.queries import RuleInForce


@dataclass(frozen=True)
class Outlook:
    """One kind of rule at a place: in force on the day, the next day on which that changes, and every rule there was."""

    current: RuleInForce
    changes_on: date | None
    then: RuleInForce | None
    history: list[PolicyRule]

    @property
    def kind(self) -> Kind:
        return self.current.kind


def rules_over_time(code: str) -> list[PolicyRule]:
    """Every rule that ever applied, applies or will apply in the division `code` ('' = the country); one query."""
    scopes = [code, *ancestors(code)] if code else []
    rules = PolicyRule.objects.filter(Q(division__in=scopes) | Q(division__isnull=True)).select_related("division")
    return list(rules.order_by("-valid_from", "-id"))


def effective(kind: Kind, rules: list[PolicyRule], on: date) -> RuleInForce:
    """The rule of `kind` among `rules` that wins on a day: the nearest scope in force, else the kind's default."""
    held = [r for r in rules if r.kind == kind.key and in_force(r.valid_from, r.valid_to, on)]
    nearest = max(held, key=lambda rule: len(rule.division_id or ""), default=None)
    return RuleInForce(kind, nearest.value if nearest else kind.default, nearest)


def outlook_of(kind: Kind, rules: list[PolicyRule], on: date) -> Outlook:
    """The state of one kind on a day with its next change, from rules of `rules_over_time`."""
    mine = [rule for rule in rules if rule.kind == kind.key]
    current = effective(kind, mine, on)
    turns = sorted({day for rule in mine for day in (rule.valid_from, rule.valid_to) if day is not None and day > on})
    for day in turns:
        following = effective(kind, mine, day)
        if following.rule != current.rule:
            return Outlook(current, day, following, mine)
    return Outlook(current, None, None, mine)


def outlooks(code: str, on: date) -> list[Outlook]:
    """Every kind of rule at a place on a day."""
    rules = rules_over_time(code)
    return [outlook_of(kind, rules, on) for kind in KINDS.values()]
