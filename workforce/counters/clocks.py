"""Clocks of certificates in SQL: by when everybody who counts must hold one, and counters over them (domain §1.D1).

The rules are those of `workforce.clocks`, a test compares both. Only heads of the staffing ratio count (domain §1.D2); the
fragments follow on `RULES_CTE` and `heads_ctes()`.
"""

import json

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from portal.core.policy.kinds import (
    CERTIFICATE_ALERTS,
    CERTIFICATE_DEADLINE,
    CERTIFICATES,
    CLOCK_STOPS,
    EXAM,
    Kind,
)
from workforce.counters.headcount import rule


def _or_default(kind: Kind) -> str:
    return f"coalesce({rule(kind)}, '{json.dumps(kind.default)}'::jsonb)"


# terms: where a deadline is in force; lacking: heads there without an accepted certificate; entries: from when each one's
# clock counts; stops: leave that holds it; granted: the extension that a case decided; due: when it runs out.

TERMS = f"""
terms AS MATERIALIZED (
    SELECT d.code, {rule(CERTIFICATE_DEADLINE)} AS rule, {rule(CERTIFICATE_DEADLINE, "document")} AS document,
        {rule(CERTIFICATE_DEADLINE, "article")} AS article,
        ({rule(CERTIFICATE_DEADLINE)}->>'months')::int AS months,
        ({rule(CERTIFICATE_DEADLINE)}->>'starts_on')::date AS rule_starts_on,
        ({rule(CERTIFICATE_DEADLINE)}->>'restart_after_months')::int AS restart_after,
        {_or_default(CLOCK_STOPS)}->'statuses' AS statuses, {_or_default(CERTIFICATE_ALERTS)}->'months' AS alerts,
        {_or_default(EXAM)} AS exam, {_or_default(CERTIFICATES)}->'levels' AS accepted
    FROM (SELECT DISTINCT division_id AS code, scope FROM heads WHERE reason IS NULL) d JOIN resolved z USING (scope)
    WHERE {rule(CERTIFICATE_DEADLINE)} IS NOT NULL
)"""

DUE = f"""
{TERMS},
lacking AS MATERIALIZED (
    SELECT h.person_id, h.division_id, t.*
    FROM heads h JOIN terms t ON t.code = h.division_id
    WHERE h.reason IS NULL AND (NOT h.certified OR t.rule->>'judged_by' = 'issued') AND NOT EXISTS (
        SELECT 1 FROM workforce_certificate f
        WHERE f.person_id = h.person_id AND t.accepted ? f.level AND %(on)s >= CASE t.rule->>'judged_by'
            WHEN 'issued' THEN coalesce(f.issued_on, f.obtained_on) ELSE f.obtained_on END)
),
services AS (
    SELECT l.person_id, l.restart_after, w.hired_on, w.left_on FROM lacking l JOIN workforce_person w ON w.id = l.person_id
    WHERE w.hired_on <= %(on)s
    UNION ALL
    SELECT l.person_id, l.restart_after, x.hired_on, x.left_on FROM lacking l JOIN workforce_exit x USING (person_id)
    WHERE x.hired_on <= %(on)s AND NOT x.taken_back
),
entries AS (
    SELECT person_id, max(hired_on) AS counted_from, max(latest) AS hired_on FROM (
        SELECT person_id, hired_on, restart_after, lag(left_on) OVER service AS left_before,
            row_number() OVER service AS place, max(hired_on) OVER (PARTITION BY person_id) AS latest
        FROM services WINDOW service AS (PARTITION BY person_id ORDER BY hired_on, left_on NULLS LAST)
    ) s
    WHERE place = 1 OR hired_on - 1 > (left_before + make_interval(months => restart_after))::date
    GROUP BY person_id
),
running AS MATERIALIZED (
    SELECT l.*, e.hired_on, e.counted_from, greatest(e.counted_from, l.rule_starts_on) AS starts_on,
        (greatest(e.counted_from, l.rule_starts_on) + make_interval(months => l.months))::date AS unstopped
    FROM lacking l JOIN entries e USING (person_id)
),
stops AS (
    SELECT person_id, unstopped, lower(stop) AS begins, upper(stop) - lower(stop) AS days, upper(stop) > %(on)s AS lasts
    FROM (
        SELECT r.person_id, r.unstopped, unnest(range_agg(daterange(
            greatest(s.valid_from, r.starts_on + 1), coalesce(s.valid_to, %(on)s::date + 1)))) AS stop
        FROM running r JOIN workforce_specialstatus s ON s.person_id = r.person_id AND r.statuses ? s.kind
        WHERE s.valid_from <= %(on)s AND coalesce(s.valid_to, %(on)s::date + 1) > greatest(s.valid_from, r.starts_on + 1)
        GROUP BY r.person_id, r.unstopped
    ) merged
),
stopped AS (
    SELECT person_id, bool_or(lasts) AS lasts,
        coalesce(sum(days) FILTER (WHERE begins <= unstopped + before), 0)::int AS days
    FROM (
        SELECT *, coalesce(sum(days) OVER (PARTITION BY person_id ORDER BY begins
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::int AS before FROM stops
    ) s GROUP BY person_id
),
granted AS (
    SELECT DISTINCT ON (r.person_id) r.person_id, c.id AS case_id, c.extended_to
    FROM running r JOIN workforce_reviewcase c USING (person_id)
    WHERE c.extended_to IS NOT NULL AND c.closed_on <= %(on)s AND c.due_on >= r.starts_on
    ORDER BY r.person_id, c.extended_to DESC, c.id
),
due AS MATERIALIZED (
    SELECT d.*, coalesce(d.extended_to, d.by_rule) AS due_on, d.held AND d.extended_to IS NULL AS stopped
    FROM (
        SELECT r.*, coalesce(s.days, 0) AS stopped_days, coalesce(s.lasts, false) AS held,
            r.unstopped + coalesce(s.days, 0) AS by_rule,
            CASE WHEN g.extended_to > r.unstopped + coalesce(s.days, 0) THEN g.extended_to END AS extended_to,
            g.case_id AS extended_by
        FROM running r LEFT JOIN stopped s USING (person_id) LEFT JOIN granted g USING (person_id)
    ) d
)"""


def rows(scope: Scope) -> str:
    """code, id (of the person) and the day on which the time for the certificate runs out; those who lack it."""
    return f"WITH {DUE} SELECT division_id AS code, person_id AS id, due_on FROM due"


CLOCKS = Family(
    name="clocks",
    row=RowKind.PERSON,
    rows=rows,
    counters=(
        Counter(name="certificate_running", label=_("在取证期限内尚未持证的"), when="r.due_on >= %(on)s"),
        Counter(
            name="certificate_due_90",
            label=_("90天内取证期限届满的"),
            when="r.due_on >= %(on)s AND r.due_on <= %(on)s::date + 90",
        ),
        Counter(name="certificate_overdue", label=_("逾期未取得证书的"), when="r.due_on < %(on)s"),
    ),
)
