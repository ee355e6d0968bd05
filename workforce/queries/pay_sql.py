"""The grade and pay rules in SQL, for checks over everybody at once; `workforce.ladder` and `payroll` say the same.

Every piece is a CTE or a lateral join over `mains`: people in post on the day %(on)s, once, at their most senior post.
"""

import json
from datetime import date

from portal.core.policy.kinds import LADDER as LADDER_KIND
from portal.core.policy.kinds import YEARS_NOT_COUNTED, Kind
from portal.core.policy.queries import RULES_CTE, nearest_rule, ruled, scope_of
from workforce.ladder import DEGREE_WORDS, LEVELS

DEFAULTS = {"ladder": json.dumps(LADDER_KIND.default), "not_counted": json.dumps(YEARS_NOT_COUNTED.default)}
_LEVELS = "ARRAY[" + ", ".join(f"'{level}'" for level in LEVELS) + "]"
_DEGREE = (
    "CASE "
    + " ".join(
        f"WHEN w.education LIKE '%%{word}%%' OR w.degree LIKE '%%{word}%%' THEN '{key}'" for word, key in DEGREE_WORDS
    )
    + " END"
)

MAINS = f"""{RULES_CTE},
mains AS MATERIALIZED (
    SELECT DISTINCT ON (a.person_id) a.person_id, a.division_id, a.tier, a.grade AS shown, a.valid_from
    FROM workforce_appointment a
    WHERE a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s) AND a.full_time AND a.managed
    ORDER BY a.person_id, a.tier, a.valid_from, a.id
),
in_force AS MATERIALIZED (
    SELECT person_id, grade, tier FROM workforce_graderecord
    WHERE valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
),
graded AS MATERIALIZED (
    SELECT m.*, coalesce(r.grade, m.shown) AS grade, r.tier AS recorded_tier
    FROM mains m LEFT JOIN in_force r ON r.person_id = m.person_id
)"""


def places(**kinds: Kind) -> str:
    """CTEs `scopes`, each with the nearest rule of every kind as column (jsonb, source beside it), and `places`: the
    communities of `mains` with what their scope has."""
    columns = ", ".join(
        f"{name}.value AS {name}, {name}.document AS {name}_document, {name}.article AS {name}_article"
        for name in kinds
    )
    rules = " ".join(nearest_rule(kind, "s.scope", name) for name, kind in kinds.items())
    scope, joins = scope_of("d.division_id")
    return f"""{ruled(*kinds.values())},
    scoped AS MATERIALIZED (
        SELECT d.division_id, {scope} AS scope FROM (SELECT DISTINCT division_id FROM mains) d {joins}
    ),
    scopes AS MATERIALIZED (SELECT s.scope, {columns} FROM (SELECT DISTINCT scope FROM scoped) s {rules}),
    places AS NOT MATERIALIZED (SELECT d.division_id, z.* FROM scoped d JOIN scopes z ON z.scope = d.scope)"""


RANGES = """
ranges AS MATERIALIZED (
    SELECT p.scope, (row->>'tier')::int AS tier, (row->>'low')::int AS low, (row->>'high')::int AS high
    FROM scopes p
    CROSS JOIN LATERAL jsonb_array_elements(coalesce(p.ladder, %(ladder)s::jsonb)->'rows') row
)"""

SERVICE = """
spells AS (
    SELECT x.person_id, x.hired_on AS start, x.left_on + 1 AS stop
    FROM workforce_exit x JOIN mains m ON m.person_id = x.person_id
    WHERE NOT x.taken_back AND x.hired_on <= %(on)s
    UNION ALL
    SELECT m.person_id, coalesce(w.hired_on, f.first), coalesce(w.left_on + 1, 'infinity')
    FROM mains m JOIN workforce_person w ON w.id = m.person_id
    LEFT JOIN LATERAL (
        SELECT min(a.valid_from) AS first FROM workforce_appointment a WHERE w.hired_on IS NULL AND a.person_id = m.person_id
    ) f ON true
    WHERE coalesce(w.hired_on, f.first) <= %(on)s
),
reaches AS (
    SELECT *, max(stop) OVER (
        PARTITION BY person_id ORDER BY start, stop ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS reached FROM spells
),
islands AS (
    SELECT *, count(*) FILTER (WHERE reached IS NULL OR start > reached) OVER (
        PARTITION BY person_id ORDER BY start, stop ROWS UNBOUNDED PRECEDING
    ) AS island FROM reaches
),
continuous AS (
    SELECT person_id, min(start) AS since FROM islands GROUP BY person_id, island HAVING max(stop) > %(on)s
),
judged AS (
    SELECT DISTINCT ON (a.person_id, s.year) a.person_id, s.year, a.grade
    FROM workforce_assessment a JOIN workforce_assessmentscheme s ON s.id = a.scheme_id
    WHERE s.state = 'closed' AND a.grade <> '' AND s.year < extract(year FROM %(on)s::date)
    ORDER BY a.person_id, s.year, a.id DESC
),
left_out AS (
    SELECT j.person_id, array_agg(j.year::int) AS years
    FROM judged j JOIN mains m ON m.person_id = j.person_id JOIN places p ON p.division_id = m.division_id
    WHERE coalesce(p.not_counted, %(not_counted)s::jsonb)->'grades' ? j.grade
    GROUP BY j.person_id
)"""


_YEAR = "extract(year FROM {day})::int"


def _counting(person: str, since: str, out: str) -> str:
    """Select list: `start` and full `years` counted from `since` to the day without the calendar years `out` (or NULL)."""
    day, first = _YEAR.format(day="%(on)s::date"), _YEAR.format(day=since)
    start = f"""CASE WHEN {first} = ANY({out}) THEN make_date((
            SELECT min(y) FROM generate_series({first}, {day}) y WHERE y <> ALL({out})), 1, 1) ELSE {since} END"""
    begun = _YEAR.format(day="started.start")
    return f"""(
        SELECT {person}, started.*,
            greatest({day} - {begun} - (started.start + make_interval(years => {day} - {begun}) > %(on)s)::int
                - CASE WHEN out IS NULL THEN 0 ELSE (SELECT count(*)::int FROM unnest(out) y WHERE y > {begun}) END, 0
            ) AS years
        FROM (SELECT {start} AS start, {out} AS out) started
    )"""


def _highest(day: str, where: str) -> str:
    """Select: `steps` that the highest certificate held on `day` gives under the place's rule, and `since` when."""
    return f"""
    SELECT DISTINCT ON (f.person_id) f.person_id, coalesce(s.steps, 0) AS steps,
        coalesce(n.valid_from, f.obtained_on) AS since
    FROM workforce_certificate f
    JOIN {where} m ON m.person_id = f.person_id
    JOIN scoped d ON d.division_id = m.division_id
    JOIN step_rows s ON s.scope = d.scope AND s.level = f.level
    LEFT JOIN workforce_professionalappointment n ON s.needs AND n.person_id = f.person_id AND n.level = f.level
        AND n.valid_from <= {day} AND (n.valid_to IS NULL OR n.valid_to > {day})
    WHERE f.obtained_on <= {day} AND (NOT s.needs OR n.id IS NOT NULL)
    ORDER BY f.person_id, array_position({_LEVELS}, f.level::text) DESC"""


# Everybody with the grade that the rules give on the day, as `grade`; `due` is the day since when they do. `changed` are
# those whose rule keeps the grade brought from another tier.
PROPOSED = f"""
step_rows AS MATERIALIZED (
    SELECT p.scope, row->>'level' AS level, (row->>'steps')::int AS steps,
        (p.steps->>'needs_appointment')::boolean AS needs
    FROM scopes p CROSS JOIN LATERAL jsonb_array_elements(p.steps->'rows') row
),
degrees AS MATERIALIZED (
    SELECT p.scope, row->>'degree' AS degree, (row->>'steps')::int AS steps, p.schooling->>'as' AS counted_as
    FROM scopes p CROSS JOIN LATERAL jsonb_array_elements(p.schooling->'rows') row
),
certified AS MATERIALIZED ({_highest("%(on)s", "graded")}),
counted AS MATERIALIZED (
    SELECT v.* FROM graded g
    LEFT JOIN continuous q ON q.person_id = g.person_id
    LEFT JOIN left_out l ON l.person_id = g.person_id
    CROSS JOIN LATERAL {_counting("g.person_id", "coalesce(q.since, g.valid_from)", "l.years")} v
),
changed AS MATERIALIZED (
    SELECT DISTINCT ON (g.person_id) g.person_id, g.division_id, h.grade,
        CASE WHEN h.valid_to <= %(on)s THEN h.valid_to ELSE g.valid_from END AS since
    FROM graded g
    JOIN places p ON p.division_id = g.division_id AND p.ladder->>'on_tier_change' = 'keep'
    JOIN workforce_graderecord h ON h.person_id = g.person_id AND h.tier <> g.tier
        AND h.valid_from <= %(on)s AND h.valid_to IS DISTINCT FROM h.valid_from
    ORDER BY g.person_id, h.valid_from DESC
),
certified_then AS MATERIALIZED ({_highest("m.since", "changed")}),
kept AS MATERIALIZED (
    SELECT v.*, k.grade + greatest(coalesce(c.steps, 0) - coalesce(t.steps, 0), 0) AS grade
    FROM changed k
    LEFT JOIN left_out l ON l.person_id = k.person_id
    LEFT JOIN certified c ON c.person_id = k.person_id
    LEFT JOIN certified_then t ON t.person_id = k.person_id
    CROSS JOIN LATERAL {_counting("k.person_id", "k.since", "l.years")} v
),
added AS MATERIALIZED (
    SELECT g.person_id, g.division_id, g.tier, g.grade AS present, r.low, r.high, v.start, v.out, v.years, c.since,
        coalesce(c.steps, 0) AS certificate, (coalesce(p.ladder, %(ladder)s::jsonb)->>'years_per_step')::int AS per,
        CASE WHEN e.counted_as = 'years' THEN e.steps ELSE 0 END AS credit,
        CASE WHEN e.counted_as = 'grades' THEN e.steps ELSE 0 END + coalesce(c.steps, 0) AS extra,
        p.ladder_document AS document, p.ladder_article AS article
    FROM graded g
    JOIN places p ON p.division_id = g.division_id
    JOIN ranges r ON r.scope = p.scope AND r.tier = g.tier
    JOIN counted v ON v.person_id = g.person_id
    JOIN workforce_person w ON w.id = g.person_id
    LEFT JOIN certified c ON c.person_id = g.person_id
    LEFT JOIN degrees e ON e.scope = p.scope AND e.degree = {_DEGREE}
),
summed AS MATERIALIZED (
    SELECT a.person_id, a.division_id, a.tier, a.present, a.years, a.per, a.document, a.article, a.since, a.certificate,
        coalesce(k.start, a.start) AS start, coalesce(k.out, a.out) AS out,
        least(greatest(CASE WHEN k.grade IS NULL THEN a.low + (a.years + a.credit) / a.per + a.extra
            ELSE k.grade + k.years / a.per END, a.low), a.high) AS grade,
        CASE WHEN k.grade IS NULL
            THEN greatest(greatest(least((a.years + a.credit) / a.per, a.high - a.low - a.extra), 0) * a.per - a.credit, 0)
            ELSE k.years / a.per * a.per END AS need
    FROM added a LEFT JOIN kept k ON k.person_id = a.person_id
),
proposed AS (
    SELECT s.*, greatest(CASE WHEN s.out IS NULL THEN (s.start + make_interval(years => s.need))::date ELSE (
            SELECT min(tried.day) FROM (
                SELECT (s.start + make_interval(years => s.need + paused))::date AS day, paused
                FROM generate_series(0, cardinality(s.out)) paused
            ) tried WHERE (SELECT count(*) FROM unnest(s.out) y
                WHERE y > extract(year FROM s.start) AND make_date(y, 1, 1) < tried.day) <= tried.paused
        ) END, CASE WHEN s.certificate > 0 THEN s.since END) AS due
    FROM summed s
)"""


def given(on: date) -> dict:
    """Parameters of every statement made of these pieces."""
    return {"on": on, **DEFAULTS}
