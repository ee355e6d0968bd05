"""What if: a rule that nobody set is put in place of the one there is, inside the statement that reads the rules.

Nothing is written, so nothing has to be taken back, and several people can suppose different things at once.
"""

import json
from dataclasses import dataclass
from typing import Any

from portal.core.policy.kinds import Kind
from portal.core.policy.queries import BY_KIND_CTE, RULES_CTE

_SUPPOSED_CTE = f"""
rules AS MATERIALIZED (
    SELECT id, kind, coalesce(division_id, '') AS scope, value, document, article
    FROM core_policyrule
    WHERE valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
      AND (kind, coalesce(division_id, '')) <> (%(supposed_kind)s, %(supposed_scope)s)
    UNION ALL
    SELECT 0, %(supposed_kind)s, %(supposed_scope)s, %(supposed_value)s::jsonb, '', ''
){BY_KIND_CTE}"""

Statement = tuple[str, dict[str, Any]]


def reads(sql: str, kind: Kind) -> bool:
    """Whether a statement depends on the rules of a kind."""
    return RULES_CTE in sql and f"'{kind.key}'" in sql


@dataclass(frozen=True)
class Supposed:
    """The rule of `kind` that `scope` ('' = the country) would have on the day; rules set below it still win there."""

    kind: Kind
    scope: str
    value: dict

    def within(self, statement: Statement) -> Statement:
        """The same statement as if the rule were in force. Raises ValueError where it does not read this kind."""
        sql, parameters = statement
        if not reads(sql, self.kind):
            raise ValueError(f"The statement does not read rules of {self.kind.key}.")
        supposed = {
            "supposed_kind": self.kind.key,
            "supposed_scope": self.scope,
            "supposed_value": json.dumps(self.value),
        }
        return sql.replace(RULES_CTE, _SUPPOSED_CTE), {**parameters, **supposed}
