"""The statements that make the demonstration's star ratings: ranks inside each district, grades about one to four to four to one."""

_DICE = "((hashtext({text}) & 2147483647) %% 1000) / 1000.0"

# The quality of a unit stays, with some luck of the year on top; ranks are taken per district and kind.
_RANKED = f"""
drawn AS (
    SELECT d.code, left(d.code, 6) AS district,
        CASE WHEN d.kind IN ('villagers', 'villagers_zone') THEN 'village' ELSE 'community' END AS unit_kind, y.year,
        {_DICE.format(text="d.code || 'quality'")} * 0.8 + {_DICE.format(text="d.code || 'luck' || y.year")} * 0.2 AS quality
    FROM core_division d CROSS JOIN (VALUES (%(year)s), (%(year)s - 1)) AS y(year)
    WHERE d.level = 5 AND d.valid_to IS NULL AND d.code LIKE %(city)s
),
ranked AS MATERIALIZED (
    SELECT code, district, unit_kind, year, (row_number() OVER (PARTITION BY year, district, unit_kind
        ORDER BY quality DESC, code) - 0.5) / count(*) OVER (PARTITION BY year, district, unit_kind) AS rank
    FROM drawn
),
graded AS MATERIALIZED (
    SELECT code, unit_kind, year, CASE WHEN rank <= 0.1 THEN 5 WHEN rank <= 0.5 THEN 4 WHEN rank <= 0.9 THEN 3 ELSE 0 END AS grade,
        round(CASE WHEN rank <= 0.1 THEN 97 - rank * 70 WHEN rank <= 0.5 THEN 89.9 - (rank - 0.1) * 24.5
            WHEN rank <= 0.9 THEN 79.9 - (rank - 0.5) * 24.5 ELSE 69.9 - (rank - 0.9) * 180 END, 2) AS total
    FROM ranked
)"""

UNITS_DECIDED = f"""WITH {_RANKED}
INSERT INTO ratings_unitrating (cycle_id, division_id, year, unit_kind, scheme_id, stage, left_out_because, self_by_id, self_at,
    street_by_id, street_at, district_by_id, district_at, total, vetoed, banded, provisional, grade, previous, version)
SELECT %(cycle)s, g.code, g.year, g.unit_kind, CASE g.unit_kind WHEN 'village' THEN %(village)s ELSE %(community)s END, 'joint', '',
    %(self_by)s, %(self_at)s, %(street_by)s, %(street_at)s, %(district_by)s, %(district_at)s, g.total, false, g.grade,
    g.grade, g.grade, b.grade, 1
FROM graded g JOIN graded b ON b.code = g.code AND b.year = g.year - 1 WHERE g.year = %(year)s"""

RESULTS = f"""WITH {_RANKED}
INSERT INTO ratings_stargrade (division_id, year, number, unit_kind, grade, previous, change, score, unit_id, cause, event,
    decision_number, decided_on, effective_from, current, prepared_by_id, decided_by_id)
SELECT g.code, g.year, 1, g.unit_kind, g.grade, b.grade,
    CASE WHEN b.grade IS NULL THEN 'new' WHEN g.grade > b.grade THEN 'up' WHEN g.grade < b.grade THEN 'down' ELSE 'same' END,
    g.total, u.id, 'cycle', '', concat('演示认定〔', g.year + 1, '〕1号'),
    %(decided_on)s::date - CASE WHEN g.year = %(year)s THEN 0 ELSE 365 END,
    %(decided_on)s::date - CASE WHEN g.year = %(year)s THEN 0 ELSE 365 END, true, %(district_by)s, %(decided_by)s
FROM graded g LEFT JOIN graded b ON b.code = g.code AND b.year = g.year - 1
LEFT JOIN ratings_unitrating u ON u.division_id = g.code AND u.year = g.year"""

# Units of a cycle that is being scored: some still with the community, some with the street, some with the district.
UNITS_OPEN = f"""
INSERT INTO ratings_unitrating (cycle_id, division_id, year, unit_kind, scheme_id, stage, left_out_because, self_by_id, self_at,
    street_by_id, street_at, district_by_id, district_at, vetoed, previous, version)
SELECT %(cycle)s, u.code, %(year)s, u.unit_kind, CASE u.unit_kind WHEN 'village' THEN %(village)s ELSE %(community)s END, u.stage,
    '', CASE WHEN reached > 0 THEN %(self_by)s::bigint END, CASE WHEN reached > 0 THEN now() - interval '9 days' END,
    CASE WHEN reached > 1 THEN %(street_by)s::bigint END, CASE WHEN reached > 1 THEN now() - interval '5 days' END,
    CASE WHEN reached > 2 THEN %(district_by)s::bigint END, CASE WHEN reached > 2 THEN now() - interval '2 days' END,
    false, g.grade, 1
FROM (
    SELECT d.code, CASE WHEN d.kind IN ('villagers', 'villagers_zone') THEN 'village' ELSE 'community' END AS unit_kind, s.reached,
        (ARRAY['self', 'street', 'district', 'joint'])[s.reached + 1] AS stage
    FROM core_division d CROSS JOIN LATERAL (SELECT greatest(%(least)s,
        floor({_DICE.format(text="d.code || 'stage'")} * (%(most)s + 1))::int) AS reached) s
    WHERE d.level = 5 AND d.valid_to IS NULL AND d.code LIKE %(place)s
) u LEFT JOIN ratings_stargrade g ON g.division_id = u.code AND g.year = %(year)s - 1 AND g.current"""

# Points of the items by hand, stage by stage: communities think a little better of themselves than those who check.
SCORES = f"""
INSERT INTO ratings_itemscore (unit_id, item_id, self_points, self_note, street_points, street_note, district_points, district_note)
SELECT u.id, i.id, round(i.points * least(q.share + 0.06, 1), 1), CASE WHEN i.evidence THEN '材料已备（演示）' ELSE '' END,
    CASE WHEN u.stage <> 'street' THEN round(i.points * least(q.share + 0.02, 1), 1) END, '',
    CASE WHEN u.stage = 'joint' THEN round(i.points * q.share, 1) END, ''
FROM ratings_unitrating u JOIN ratings_schemeitem i ON i.scheme_id = u.scheme_id AND i.kind = 'score' AND i.indicator = ''
CROSS JOIN LATERAL (SELECT 0.62 + 0.26 * {_DICE.format(text="u.division_id || 'quality'")}
    + 0.12 * {_DICE.format(text="u.division_id || i.order")} AS share) q
WHERE u.cycle_id = ANY(%(cycles)s) AND u.stage <> 'self'"""

# Last year's points by hand: a unit's total spread over its items with some luck; the first item takes the rest, so that
# they add up to the total exactly. The luck is small enough for the first item to bear.
SCORES_DECIDED = f"""
INSERT INTO ratings_itemscore (unit_id, item_id, self_points, self_note, street_points, street_note, district_points, district_note)
SELECT p.unit_id, p.item_id, least(p.most, p.points + 0.5), '', p.points, '', p.points, ''
FROM (
    SELECT u.id AS unit_id, i.id AS item_id, i.points AS most, CASE WHEN i.order = 1
        THEN v.points + u.total - sum(v.points) OVER (PARTITION BY u.id) ELSE v.points END AS points
    FROM ratings_unitrating u JOIN ratings_schemeitem i ON i.scheme_id = u.scheme_id AND i.kind = 'score'
    CROSS JOIN LATERAL (SELECT round((i.points * (u.total + (100 - u.total) * 0.17
        * (2 * {_DICE.format(text="u.division_id || i.order")} - 1)) / 100)::numeric, 2) AS points) v
    WHERE u.cycle_id = %(cycle)s
) p"""
