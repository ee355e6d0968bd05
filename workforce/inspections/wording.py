"""Words and counts that the checks of staffing, committees and populations share."""

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from portal.core.findings.inspection import Line
from portal.core.policy.kinds import Kind


def counted(sql: str, parameters: dict) -> int:
    """The single number that a statement selects."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


# Places in districts that keep a roster here: what is missing elsewhere is no fault, nobody has begun there.
IN_USE = "left(code, 6) IN (SELECT division_id FROM workforce_tally WHERE in_post > 0 AND length(division_id) = 6)"

# Communities that the rules on community workers are meant for, on the day.
URBAN = f"""
places AS (
    SELECT code FROM core_division
    WHERE level = 5 AND urban AND (valid_from IS NULL OR valid_from <= %(on)s) AND (valid_to IS NULL OR valid_to > %(on)s)
      AND {IN_USE}
)"""


def whole(on: date) -> dict:
    """Parameters of a statement about the whole country on a day."""
    return {"on": on, "low": "", "high": ":"}


def looked_at(ctes: str, on: date) -> int:
    """How many rows the CTE `looked` has: what a check looks at."""
    return counted(f"{ctes} SELECT count(*) FROM looked", whole(on))


def heads(number: int) -> str:
    return _("%(n)s 人") % {"n": f"{number:,}"}


def homes(number: int) -> str:
    return _("%(n)s 户") % {"n": f"{number:,}"}


def number_lines(facts: dict, unit, *pairs: tuple) -> list[Line]:
    """A line for each fact that is known, in words with its unit."""
    return [Line(label, unit(facts[key])) for key, label in pairs if facts.get(key) is not None]


def source_of(facts: dict) -> str:
    return f"{facts.get('document') or ''} {facts.get('article') or ''}".strip()


def rule_line(kind: Kind, facts: dict, label: str = "") -> Line:
    """The rule as a sentence, with its document and article."""
    return Line(label or _("规则"), kind.in_words(facts), source_of(facts))
