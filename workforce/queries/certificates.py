"""Certificate clocks of everybody who counts, in SQL: deadlines, registrations and the share of the certified.

The rules are those of `workforce.clocks`, a test compares both. Only heads of the staffing ratio count (domain §1.D2); the
fragments follow on `RULES_CTE` and `heads_ctes()`.
"""

import json
from dataclasses import fields
from datetime import date

from portal.core.policy.kinds import REGISTRATION, SHARE_TARGET, Kind
from portal.core.policy.queries import nearest_rule, rule_for
from workforce.clocks import RegistrationRule
from workforce.counters.clocks import DUE

# Best first; only the first three are registered.
NATIONAL = ("senior", "social_worker", "assistant")
LEVELS = (*NATIONAL, "local")


def registration_rule(code: str, on: date) -> RegistrationRule:
    """Terms of registration at a division on a day."""
    return registration_terms(rule_for(REGISTRATION, code, on).value)


def registration_terms(value: dict) -> RegistrationRule:
    """Terms of registration as a rule states them."""
    return RegistrationRule(**{field.name: value[field.name] for field in fields(RegistrationRule)})


def _or_default(kind: Kind, name: str) -> str:
    """SQL: the value of a rule, else the kind's default."""
    return f"coalesce({name}.value, '{json.dumps(kind.default)}'::jsonb)"


def anywhere(kind: Kind) -> str:
    """SQL: whether a rule of the kind is in force anywhere. Where none is, PostgreSQL then leaves the heads uncounted."""
    return f"EXISTS (SELECT 1 FROM rules WHERE kind = '{kind.key}')"


# Two years from entry ------------------------------------------------------------------------------------------------
# deadlines: when the time of everybody who lacks a certificate runs out, with stage and sittings left.

DEADLINES = f"""{DUE},
deadlines AS (
    SELECT d.*, CASE WHEN %(on)s > d.due_on THEN 0 ELSE (
            SELECT min(m::int) FROM jsonb_array_elements_text(d.alerts) m
            WHERE %(on)s >= (d.due_on - make_interval(months => m::int))::date) END AS stage,
        (SELECT count(*) FROM generate_series(extract(year FROM %(on)s::date)::int, extract(year FROM d.due_on)::int) y,
            make_date(y, (d.exam->>'month')::int, (d.exam->>'day')::int) sitting
            WHERE sitting >= %(on)s AND (sitting + make_interval(months => (d.exam->>'result_months')::int))::date <= d.due_on
        ) AS sittings
    FROM due d
)"""

# Registration --------------------------------------------------------------------------------------------------------
# registrations: the best national certificate of every head, its latest registration, the stage it is in (first_due,
# first_overdue, window, lapsed, else null) and the hours of the current period.

REGISTRATIONS = f"""
terms AS MATERIALIZED (
    SELECT d.code, {_or_default(REGISTRATION, "registering")} AS rule, registering.document, registering.article
    FROM (SELECT DISTINCT division_id AS code FROM heads WHERE reason IS NULL) d
    {nearest_rule(REGISTRATION, "d.code", "registering")}
),
held AS MATERIALIZED (
    SELECT DISTINCT ON (h.person_id) h.person_id, h.division_id, f.id AS certificate_id, f.level, f.obtained_on
    FROM heads h JOIN workforce_certificate f ON f.person_id = h.person_id
    WHERE h.reason IS NULL AND f.level <> 'local' AND f.obtained_on <= %(on)s
    ORDER BY h.person_id, array_position(ARRAY['senior', 'social_worker', 'assistant'], f.level::text)
),
dated AS MATERIALIZED (
    SELECT h.*, t.rule, t.document, t.article, r.registered_on, r.valid_to - 1 AS expires_on,
        coalesce(r.valid_to - 1, (h.obtained_on + make_interval(months => (t.rule->>'first_months')::int))::date) AS due_on,
        (t.rule->>'window_months')::int AS window_months
    FROM held h JOIN terms t ON t.code = h.division_id
    LEFT JOIN LATERAL (
        SELECT registered_on, valid_to FROM workforce_registration r
        WHERE r.certificate_id = h.certificate_id AND r.registered_on <= %(on)s ORDER BY registered_on DESC LIMIT 1
    ) r ON true
),
staged AS (
    SELECT d.*, (d.due_on - make_interval(months => d.window_months))::date AS opens_on,
        (rule->>CASE d.level WHEN 'assistant' THEN 'hours_assistant' ELSE 'hours_other' END)::int AS hours_needed,
        CASE WHEN %(on)s > d.due_on THEN CASE WHEN d.registered_on IS NULL THEN 'first_overdue' ELSE 'lapsed' END
            WHEN %(on)s >= (d.due_on - make_interval(months => d.window_months))::date
            THEN CASE WHEN d.registered_on IS NULL THEN 'first_due' ELSE 'window' END END AS stage
    FROM dated d
),
registrations AS (
    SELECT s.*, e.hours FROM staged s
    LEFT JOIN LATERAL (
        SELECT coalesce(sum(hours) FILTER (WHERE kind = 'course'), 0)
            + CASE WHEN count(*) FILTER (WHERE kind = 'degree') > 0 THEN (s.rule->>'degree_hours')::int ELSE 0 END AS hours
        FROM workforce_continuingeducation e
        WHERE e.person_id = s.person_id AND e.done_on >= s.registered_on AND e.done_on <= %(on)s
    ) e ON s.stage IN ('window', 'lapsed')
)"""

# Share of the certified ----------------------------------------------------------------------------------------------
# shares: heads and certified heads of cities, districts and streets that have a target on the day.

SHARES = f"""
rolled AS MATERIALIZED (
    SELECT left(h.division_id, n) AS code, count(*) AS heads, count(*) FILTER (WHERE certified) AS certified
    FROM heads h CROSS JOIN unnest(ARRAY[2, 4, 6, 9]) AS n WHERE reason IS NULL GROUP BY 1
),
shares AS (
    SELECT o.code, o.heads, o.certified, target.document, target.article, (target.value->>'percent')::int AS percent,
        (target.value->>'due')::date AS due_on, d.level
    FROM rolled o JOIN core_division d ON d.code = o.code AND NOT d.formal
    {nearest_rule(SHARE_TARGET, "o.code", "target")}
    WHERE target.value IS NOT NULL
)"""
