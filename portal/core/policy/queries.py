"""The rule in force for a division on a day: the nearest ancestor's, the country's last, then the kind's default."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portal.core.lib.codes import LENGTHS, ancestors
from portal.core.policy.kinds import KINDS, Kind
from portal.core.policy.models import PolicyRule


@dataclass(frozen=True)
class RuleInForce:
    """A rule as it applies; `rule` is None when the kind's default applies, `value` None when nothing is in force."""

    kind: Kind
    value: dict | None
    rule: PolicyRule | None

    @property
    def source(self) -> str:
        return self.rule.source if self.rule else _("系统默认") if self.value else ""

    @property
    def words(self) -> str:
        return self.kind.in_words(self.value) if self.value else _("未生效")


def rules_of(code: str, on: date) -> dict[str, RuleInForce]:
    """Every kind of rule as it applies to the division `code` ('' = the country) on a day; one query."""
    scopes = [code, *ancestors(code)] if code else []
    rows = PolicyRule.objects.in_force(on).select_related("division")
    nearest: dict[str, PolicyRule] = {}
    for rule in rows.filter(division__in=scopes) | rows.filter(division__isnull=True):
        held = nearest.get(rule.kind)
        if held is None or len(rule.division_id or "") > len(held.division_id or ""):
            nearest[rule.kind] = rule
    return {
        key: RuleInForce(kind, nearest[key].value if key in nearest else kind.default, nearest.get(key))
        for key, kind in KINDS.items()
    }


def rule_for(kind: Kind, code: str, on: date) -> RuleInForce:
    """The rule of one kind that applies to the division `code` on a day."""
    return rules_of(code, on)[kind.key]


BY_KIND_CTE = """,
rules_by_kind AS MATERIALIZED (
    SELECT kind, jsonb_object_agg(scope, jsonb_build_object(
        'id', id, 'value', value, 'document', document, 'article', article)) AS scopes
    FROM rules GROUP BY kind
)"""

RULES_CTE = f"""
rules AS MATERIALIZED (
    SELECT id, kind, coalesce(division_id, '') AS scope, value, document, article
    FROM core_policyrule
    WHERE valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
){BY_KIND_CTE}"""


def ruled(*kinds: Kind) -> str:
    """CTE `ruled`: the scopes that rules are made for, of some kinds or of any; needs `RULES_CTE`."""
    some = f" WHERE kind IN ({', '.join(repr(kind.key) for kind in kinds)})" if kinds else ""
    return f"ruled AS MATERIALIZED (SELECT DISTINCT scope FROM rules{some})"


def scope_of(code: str) -> tuple[str, str]:
    """SQL: the scope of `ruled` that is nearest to the code expression `code`, and the joins that it reads.

    Where rules are the same for many places, they are looked up once for each scope.
    """
    lengths = tuple(reversed(LENGTHS))
    joins = " ".join(f"LEFT JOIN ruled s{length} ON s{length}.scope = left({code}, {length})" for length in lengths)
    return f"coalesce({', '.join(f's{length}.scope' for length in lengths)}, '')", joins


def nearest_rule(kind: Kind, code: str, alias: str) -> str:
    """SQL: LEFT JOIN LATERAL that gives the rule of `kind` for the code expression `code`; needs `RULES_CTE`.

    The rules of a kind are looked up by scope, so that the cost of a place does not grow with the number of rules.
    """
    scopes = f"(SELECT scopes FROM rules_by_kind WHERE kind = '{kind.key}')"
    looked_up = ", ".join(f"{scopes} -> left({code}, {length})" for length in reversed(LENGTHS))
    return f"""LEFT JOIN LATERAL (
        SELECT (r.rule->>'id')::bigint AS id, r.rule->'value' AS value, r.rule->>'document' AS document,
            r.rule->>'article' AS article
        FROM (SELECT coalesce({looked_up}, {scopes} -> '') AS rule OFFSET 0) r
    ) {alias} ON true"""
