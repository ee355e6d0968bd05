"""Monthly pay in SQL, set-based: what the amounts of a place give for a grade, offices and certificates (domain §1.C).

`workforce.payroll` says the same for one person. Amounts that a rule does not give leave the pay unknown.
"""

from portal.core.policy.kinds import CERTIFICATE_ALLOWANCE, GRADE_AMOUNTS, POST_AMOUNTS
from workforce.counters.headcount import rule
from workforce.counters.words import LEVEL_BIT, LEVELS
from workforce.payroll import POSTS

_OFFICE_BIT = (
    "(CASE row->>'post' " + " ".join(f"WHEN '{post}' THEN {1 << at}" for at, post in enumerate(POSTS)) + " END)"
)

# pay_rules by scope; grade_pay by grade; post_pay by the offices held (bits, most senior lowest); certificate_pay by the
# levels held (bits): every combination is worked out once for each scope, an amount that is not given stays NULL.
PAY = f"""
pay_rules AS MATERIALIZED (
    SELECT z.scope, {rule(GRADE_AMOUNTS)}->'rows' AS grades, {rule(POST_AMOUNTS)}->'rows' AS posts,
        {rule(CERTIFICATE_ALLOWANCE)}->'rows' AS allowance,
        ({rule(CERTIFICATE_ALLOWANCE)}->>'highest_only')::boolean AS highest_only,
        ({rule(CERTIFICATE_ALLOWANCE)}->>'registered_only')::boolean AS registered_only
    FROM resolved z WHERE coalesce({rule(GRADE_AMOUNTS)}, {rule(POST_AMOUNTS)}, {rule(CERTIFICATE_ALLOWANCE)}) IS NOT NULL
),
grade_pay AS MATERIALIZED (
    SELECT r.scope, (row->>'grade')::int AS grade, (row->>'amount')::int AS amount
    FROM pay_rules r CROSS JOIN LATERAL jsonb_array_elements(r.grades) row
),
post_pay AS MATERIALIZED (
    SELECT r.scope, offices, CASE WHEN bool_and(row->>'amount' IS NOT NULL) THEN max((row->>'amount')::int)
        ELSE (array_agg((row->>'amount')::int ORDER BY {_OFFICE_BIT}))[1] END AS amount
    FROM pay_rules r CROSS JOIN generate_series(1, {(1 << len(POSTS)) - 1}) offices
    CROSS JOIN LATERAL jsonb_array_elements(r.posts) row
    WHERE offices & {_OFFICE_BIT} > 0 GROUP BY 1, 2
),
certificate_pay AS MATERIALIZED (
    SELECT r.scope, levels, CASE WHEN r.highest_only
        THEN (array_agg((row->>'amount')::int ORDER BY {LEVEL_BIT.format("row->>'level'")} DESC))[1]
        WHEN bool_and(row->>'amount' IS NOT NULL) THEN sum((row->>'amount')::int)::int END AS amount
    FROM pay_rules r CROSS JOIN generate_series(1, {(1 << len(LEVELS)) - 1}) levels
    CROSS JOIN LATERAL jsonb_array_elements(r.allowance) row
    WHERE levels & {LEVEL_BIT.format("row->>'level'")} > 0 GROUP BY 1, 2, r.highest_only
)"""

# The whole pay of a month; NULL where a part that is due is not given, or no rule gives anything.
PAID = """CASE
    WHEN coalesce(pp.offices, cp.levels) IS NULL AND pr.grades IS NULL
      OR pr.grades IS NOT NULL AND gp.amount IS NULL
      OR pp.offices IS NOT NULL AND pp.amount IS NULL OR cp.levels IS NOT NULL AND cp.amount IS NULL THEN NULL
    ELSE coalesce(gp.amount, 0) + coalesce(pp.amount, 0) + coalesce(cp.amount, 0)
END"""

# Joins of `PAID` to people `h` with scope, grade, offices and the levels held and registered.
JOINED = f"""
LEFT JOIN pay_rules pr ON pr.scope = h.scope
LEFT JOIN grade_pay gp ON gp.scope = pr.scope AND gp.grade = h.grade
LEFT JOIN post_pay pp ON pp.scope = pr.scope AND pp.offices = h.offices
LEFT JOIN certificate_pay cp ON cp.scope = pr.scope AND cp.levels = CASE WHEN pr.registered_only THEN h.held & (
    SELECT coalesce(bit_or({LEVEL_BIT.format("f.level")}), 0)
    FROM workforce_registration y JOIN workforce_certificate f ON f.id = y.certificate_id
    WHERE y.person_id = h.id AND y.registered_on <= %(on)s AND y.valid_to > %(on)s) ELSE h.held END"""
