"""What the checks of service norms share: the communities looked at, the rule of a past day, lines with their units."""

from datetime import date

from django.utils.translation import gettext as _

from portal.core.findings.inspection import Line
from portal.core.policy.kinds import Kind
from workforce.inspections.wording import IN_USE, counted, source_of

# Communities and villages of the districts that keep a roster here: where nobody has begun, missing is no fault.
UNITS = f"""
units AS (
    SELECT code, urban FROM core_division
    WHERE level = 5 AND (valid_from IS NULL OR valid_from <= %(on)s) AND (valid_to IS NULL OR valid_to > %(on)s)
      AND {IN_USE}
)"""


def rule_on(kind: Kind, code: str, day: str, alias: str) -> str:
    """SQL: JOIN LATERAL with the rule of `kind` that applied to the code expression on the day expression.

    For checks that judge a time gone by, by the rule of its last day; a place without a rule gives no row.
    """
    return f"""JOIN LATERAL (
        SELECT value, document, article FROM core_policyrule
        WHERE kind = '{kind.key}' AND valid_from <= {day} AND (valid_to IS NULL OR valid_to > {day})
          AND starts_with({code}, coalesce(division_id, ''))
        ORDER BY length(coalesce(division_id, '')) DESC LIMIT 1
    ) {alias} ON true"""


def judged(ctes: str, on: date, **more) -> int:
    """How many rows the CTE `judged` has: what a check looks at."""
    return counted(f"{ctes} SELECT count(*) FROM judged", {"on": on, **more})


def times(number: int) -> str:
    return _("%(n)s 个") % {"n": f"{number:,}"}


def days(number: int) -> str:
    return _("%(n)s 天") % {"n": f"{number:,}"}


def people(number: int) -> str:
    return _("%(n)s 人") % {"n": f"{number:,}"}


def square_metres(number) -> str:
    """Floor space as entered, without digits that say nothing."""
    return _("%(n)s 平方米") % {"n": f"{float(number):,.2f}".rstrip("0").rstrip(".")}


def rule_line(kind: Kind, facts: dict) -> Line:
    """The rule that was applied, as a sentence, with document and article."""
    return Line(_("规则"), kind.in_words(facts["rule"]), source_of(facts))
