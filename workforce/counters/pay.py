"""Monthly pay in SQL, set-based: what the amounts of a place give for a grade, offices and certificates (domain §1.C).

`workforce.payroll` says the same for one person. Amounts that a rule does not give leave the pay unknown.
"""

from portal.core.policy.kinds import CERTIFICATE_ALLOWANCE, GRADE_AMOUNTS, POST_AMOUNTS
from portal.core.policy.kinds.pay import GRADE_LIMITS
from workforce.counters.headcount import rule
from workforce.counters.words import LEVEL_BIT, LEVELS
from workforce.payroll import POSTS

_OFFICE_BIT = (
    "(CASE row->>'post' " + " ".join(f"WHEN '{post}' THEN {1 << at}" for at, post in enumerate(POSTS)) + " END)"
)

_AMOUNT = "(row->>'amount')::int"
_HELD_LEVEL = LEVEL_BIT.format("row->>'level'")
_DUE = -1  # of a part whose rule gives no amount


def _amounts(keys: int, rows: str, about: str, amount: str) -> str:
    """SQL: by keys from 1 on, an aggregate over the rows of a rule that are about the key; NULL where none is."""
    return f"""(SELECT array_agg((SELECT {amount} FROM jsonb_array_elements({rows}) row WHERE {about}) ORDER BY key)
            FROM generate_series(1, {keys}) key)"""


def _given(whole: str, part: str) -> str:
    """SQL: the aggregate `whole` where every row has an amount, else `part`, else that it is due; NULL of no rows."""
    return f"""CASE bool_and(row->>'amount' IS NOT NULL) WHEN true THEN {whole}
                WHEN false THEN coalesce({part}, {_DUE}) END"""


_POST = _given(f"max({_AMOUNT})", f"(array_agg({_AMOUNT} ORDER BY {_OFFICE_BIT}))[1]")
_HIGHEST = _given(*[f"(array_agg({_AMOUNT} ORDER BY {_HELD_LEVEL} DESC))[1]"] * 2)
_EVERY = _given(f"sum({_AMOUNT})::int", "NULL")

# The amounts of a scope as arrays: by grade, by the offices held (bits, most senior lowest) and by the levels held (bits).
PAY = f"""
pay_rules AS MATERIALIZED (
    SELECT z.scope, {rule(GRADE_AMOUNTS)}->'rows' AS grades, {rule(POST_AMOUNTS)}->'rows' AS posts,
        {rule(CERTIFICATE_ALLOWANCE)}->'rows' AS allowance,
        ({rule(CERTIFICATE_ALLOWANCE)}->>'highest_only')::boolean AS highest_only,
        ({rule(CERTIFICATE_ALLOWANCE)}->>'registered_only')::boolean AS registered_only
    FROM resolved z WHERE coalesce({rule(GRADE_AMOUNTS)}, {rule(POST_AMOUNTS)}, {
    rule(CERTIFICATE_ALLOWANCE)
}) IS NOT NULL
),
pay AS MATERIALIZED (
    SELECT r.scope, r.registered_only, r.grades IS NOT NULL AS graded,
        {_amounts(GRADE_LIMITS[1], "r.grades", "(row->>'grade')::int = key", f"max({_AMOUNT})")} AS grades,
        {_amounts((1 << len(POSTS)) - 1, "r.posts", f"key & {_OFFICE_BIT} > 0", _POST)} AS posts,
        {
    _amounts(
        (1 << len(LEVELS)) - 1,
        "r.allowance",
        f"key & {_HELD_LEVEL} > 0",
        f"CASE WHEN r.highest_only THEN {_HIGHEST} ELSE {_EVERY} END",
    )
} AS levels
    FROM pay_rules r
)"""

# The whole pay of a month; NULL where a part that is due is not given, or no rule gives anything.
PAID = f"""CASE
    WHEN p.graded IS NOT TRUE AND coalesce(m.post, m.level) IS NULL
      OR p.graded AND m.grade IS NULL OR m.post = {_DUE} OR m.level = {_DUE} THEN NULL
    ELSE coalesce(m.grade, 0) + coalesce(m.post, 0) + coalesce(m.level, 0)
END"""

# Joins of `PAID` to people `h` with scope, grade, offices and the levels held and registered. The parts are read from the
# arrays: joined as rows, each would have everybody sorted once more.
JOINED = f"""
LEFT JOIN pay p ON p.scope = h.scope
CROSS JOIN LATERAL (
    SELECT p.grades[h.grade] AS grade, p.posts[h.offices] AS post, p.levels[CASE WHEN p.registered_only THEN h.held & (
        SELECT coalesce(bit_or({LEVEL_BIT.format("f.level")}), 0)
        FROM workforce_registration y JOIN workforce_certificate f ON f.id = y.certificate_id
        WHERE y.person_id = h.id AND y.registered_on <= %(on)s AND y.valid_to > %(on)s) ELSE h.held END] AS level
    OFFSET 0
) m"""
