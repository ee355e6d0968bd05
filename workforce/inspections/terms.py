"""Checks of terms and of how many households a residents' committee serves (domain §2.1)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.indicators.counting import Scope
from portal.core.policy.kinds import COMMITTEE_HOUSEHOLDS, COMMITTEE_TERM
from portal.core.policy.queries import RULES_CTE, nearest_rule
from workforce.counters.engines import homes_cte
from workforce.enums import Body
from workforce.inspections.wording import URBAN, homes, looked_at, number_lines, rule_line, whole
from workforce.queries.committees import LATEST_TERMS

# Terms --------------------------------------------------------------------------------------------------------------

_TERMS = f"""WITH {RULES_CTE}, {URBAN}, {LATEST_TERMS},
looked AS (
    SELECT l.*, r.document, r.article, (r.value->>'years')::int AS years,
        coalesce(l.valid_to, (l.valid_from + make_interval(years => (r.value->>'years')::int))::date) AS due_on
    FROM latest l JOIN places p ON p.code = l.division_id
    {nearest_rule(COMMITTEE_TERM, "l.division_id", "r")}
)"""


def _terms(on: date) -> tuple[str, dict]:
    return (
        f"""{_TERMS}
        SELECT (division_id || ':' || body)::varchar(80) AS subject, division_id, due_on, jsonb_build_object(
            'body', body, 'number', number, 'elected_on', elected_on, 'due', due_on, 'years', years,
            'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM looked WHERE due_on <= %(on)s""",
        whole(on),
    )


def _term_headline(facts: dict) -> str:
    words = {**facts, "body": Body(facts["body"]).label}
    return _("%(body)s %(elected_on)s 选举产生，任期已于 %(due)s 届满，没有登记换届。") % words


def _term_lines(facts: dict) -> list[Line]:
    lines = [
        Line(_("机构"), str(Body(facts["body"]).label)),
        Line(_("选举日期"), facts["elected_on"]),
        Line(_("届满日期"), facts["due"]),
    ]
    return [*lines, rule_line(COMMITTEE_TERM, facts)] if facts["years"] else lines


TERM_ENDED = Inspection(
    key="term_ended",
    label=gettext_lazy("届满未换届"),
    sentence=gettext_lazy("登记了换届的社区党组织和居民委员会，任期届满后是否按时换届。"),
    topic="committee",
    subjects=lambda on: looked_at(_TERMS, on),
    problems=_terms,
    headline=_term_headline,
    lines=_term_lines,
    remedy=gettext_lazy("换届后在“换届与两委”页登记新的一届；经批准延期的，请更正届满日期。"),
)

# Households ---------------------------------------------------------------------------------------------------------

_SERVED = f"""WITH {RULES_CTE}, {URBAN}, {homes_cte(Scope.RANGE)},
looked AS (
    SELECT h.*, r.document, r.article, (r.value->>'least')::int AS least, (r.value->>'most')::int AS most
    FROM homes h JOIN places p ON p.code = h.division_id
    {nearest_rule(COMMITTEE_HOUSEHOLDS, "h.division_id", "r")}
    WHERE r.id IS NOT NULL AND h.households > 0
)"""


def _homes(on: date) -> tuple[str, dict]:
    return (
        f"""{_SERVED}
        SELECT division_id::varchar(80) AS subject, division_id, NULL::date AS due_on, jsonb_build_object(
            'households', households, 'households_on', households_on, 'source', households_source, 'least', least,
            'most', most, 'document', document, 'article', article, 'on', %(on)s::date) AS facts
        FROM looked WHERE households NOT BETWEEN least AND most""",
        whole(on),
    )


def _homes_headline(facts: dict) -> str:
    return _("现有 %(households)s 户，一般 %(least)s 至 %(most)s 户设立一个居民委员会。") % facts


def _homes_lines(facts: dict) -> list[Line]:
    return [
        *number_lines(facts, homes, ("households", _("户数"))),
        Line(_("户数时点"), facts["households_on"], facts["source"]),
        rule_line(COMMITTEE_HOUSEHOLDS, facts),
    ]


HOUSEHOLDS = Inspection(
    key="committee_households",
    label=gettext_lazy("居委会设置户数提示"),
    sentence=gettext_lazy("每个居民委员会的户数是否在一般规定的范围内；超出范围只作提示。"),
    topic="committee",
    subjects=lambda on: looked_at(_SERVED, on),
    problems=_homes,
    headline=_homes_headline,
    lines=_homes_lines,
    remedy=gettext_lazy("核对户数；确属过大或过小的，可研究调整居委会设置，由不设区的市、市辖区人民政府决定。"),
)

INSPECTIONS = (TERM_ENDED, HOUSEHOLDS)
