"""Monthly totals of everybody whose pay has bounds, in SQL; `workforce.payroll` says the same for one person."""

from workforce.ladder import LEVELS
from workforce.payroll import POSTS

_LEVELS = "ARRAY[" + ", ".join(f"'{level}'" for level in LEVELS) + "]"
_POSTS = "ARRAY[" + ", ".join(f"'{post}'" for post in POSTS) + "]"


def _rows(rule: str, key: str) -> str:
    """CTE `{rule}_rows`: the amounts of a rule by scope and key."""
    return f"""{rule}_rows AS MATERIALIZED (
    SELECT p.scope, row->>'{key}' AS {key}, (row->>'amount')::int AS amount
    FROM scopes p CROSS JOIN LATERAL jsonb_array_elements(p.{rule}->'rows') row
)"""


# CTE `totals` over `graded` and `places` (bounds, grades, posts, allowance): only pay that is whole and has bounds;
# `verdict` is NULL within them. Of the posts held that the rule names the highest amount counts, or where one is not
# given that of the most senior.
TOTALS = f"""
bounded AS NOT MATERIALIZED (
    SELECT * FROM places
    WHERE num_nonnulls(bounds->>'start', bounds->>'cap', bounds->>'exceptional_cap') > 0
),
{_rows("grades", "grade")}, {_rows("posts", "post")}, {_rows("allowance", "level")},
post_pay AS MATERIALIZED (
    SELECT g.person_id, CASE WHEN bool_and(r.amount IS NOT NULL) THEN max(r.amount)
        ELSE (array_agg(r.amount ORDER BY array_position({_POSTS}, r.post)))[1] END AS amount
    FROM graded g
    JOIN bounded p ON p.division_id = g.division_id
    JOIN workforce_appointment a ON a.person_id = g.person_id AND a.body IN ('party', 'committee')
        AND a.full_time AND a.managed AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
    JOIN posts_rows r ON r.scope = p.scope AND r.post = ({_POSTS})[a.tier]
    LEFT JOIN workforce_specialstatus i ON i.person_id = g.person_id AND i.kind = 'institution'
        AND i.valid_from <= %(on)s AND (i.valid_to IS NULL OR i.valid_to > %(on)s)
    WHERE i.id IS NULL
    GROUP BY g.person_id
),
registered AS MATERIALIZED (
    SELECT DISTINCT certificate_id FROM workforce_registration WHERE registered_on <= %(on)s AND valid_to > %(on)s
),
certificate_pay AS MATERIALIZED (
    SELECT person_id, CASE WHEN bool_and(amount IS NOT NULL) THEN sum(amount)::int END AS amount
    FROM (
        SELECT g.person_id, r.amount, (p.allowance->>'highest_only')::boolean AS highest_only, row_number() OVER (
            PARTITION BY g.person_id ORDER BY array_position({_LEVELS}, f.level::text) DESC) AS place
        FROM graded g
        JOIN bounded p ON p.division_id = g.division_id
        JOIN workforce_certificate f ON f.person_id = g.person_id AND f.obtained_on <= %(on)s
        JOIN allowance_rows r ON r.scope = p.scope AND r.level = f.level
        LEFT JOIN registered n ON n.certificate_id = f.id
        WHERE NOT (p.allowance->>'registered_only')::boolean OR n.certificate_id IS NOT NULL
    ) held
    WHERE place = 1 OR NOT highest_only
    GROUP BY person_id
),
totals AS (
    SELECT t.*, CASE
        WHEN total < start THEN 'below'
        WHEN total > exceptional THEN 'above_exceptional'
        WHEN total > cap AND NOT (tier = 1 AND coalesce(approved >= total, false)) THEN 'above_cap'
    END AS verdict
    FROM (
        SELECT g.person_id, g.division_id, g.tier, p.bounds_document AS document, p.bounds_article AS article,
            (p.bounds->>'start')::int AS start, (p.bounds->>'cap')::int AS cap,
            (p.bounds->>'exceptional_cap')::int AS exceptional,
            coalesce(r.amount, 0) + coalesce(po.amount, 0) + coalesce(ce.amount, 0) AS total, x.amount AS approved
        FROM graded g
        JOIN bounded p ON p.division_id = g.division_id
        LEFT JOIN grades_rows r ON r.scope = p.scope AND r.grade = g.grade::text
        LEFT JOIN post_pay po ON po.person_id = g.person_id
        LEFT JOIN certificate_pay ce ON ce.person_id = g.person_id
        LEFT JOIN workforce_payapproval x ON x.person_id = g.person_id
            AND x.valid_from <= %(on)s AND (x.valid_to IS NULL OR x.valid_to > %(on)s)
        WHERE (p.grades IS NOT NULL OR po.person_id IS NOT NULL OR ce.person_id IS NOT NULL)
          AND (p.grades IS NULL OR r.amount IS NOT NULL)
          AND (po.person_id IS NULL OR po.amount IS NOT NULL) AND (ce.person_id IS NULL OR ce.amount IS NOT NULL)
    ) t
)"""
