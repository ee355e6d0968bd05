"""The SQL of forecasts: who is there, who was a year before, when each reaches the ages in force, whose contract ends.

The ages are those of `workforce.forecast.retirement_date`, a test compares both. Parameters are on, before (the same day a
year earlier), low and high; the rules are those in force on the day `on`.
"""

from portal.core.policy.kinds import ELIGIBILITY, RETIREMENT
from portal.core.policy.queries import RULES_CTE, nearest_rule
from workforce.counters.headcount import heads_ctes

_INSIDE = "division_id >= %(low)s AND division_id < %(high)s"


def _in_post(person: str, on: str) -> str:
    return f"""EXISTS (SELECT FROM workforce_appointment o WHERE o.person_id = {person}
        AND o.valid_from <= {on} AND (o.valid_to IS NULL OR o.valid_to > {on}))"""


# present: everybody in post on the day, heads or not; earlier: the heads of a year before; gone: those of them who hold no
# post any more; lines, ages: the retirement ages in force, and which apply at the places of heads and gone; dated: heads and
# gone, with the day on which they reach retirement age and the one from which they would not be counted; ending: the
# last contract on record of everybody present, where it ends.
_PEOPLE = f"""
{RULES_CTE},
present AS MATERIALIZED (
    WITH {heads_ctes()} SELECT person_id, division_id, certified, tier, reason FROM heads WHERE {_INSIDE}
),
earlier AS MATERIALIZED (
    WITH {f"{RULES_CTE}, {heads_ctes(villages=False)}".replace("%(on)s", "%(before)s")}
    SELECT person_id, division_id, certified, tier FROM heads WHERE reason IS NULL AND {_INSIDE}
),
gone AS MATERIALIZED (SELECT e.* FROM earlier e WHERE NOT {_in_post("e.person_id", "%(on)s")}),
lines AS MATERIALIZED (
    SELECT r.id, k.who, extract(year FROM s.day)::int * 12 + extract(month FROM s.day)::int AS begins,
        (l.line->>'age')::int AS age, (l.line->>'step')::int AS step,
        12 * ((l.line->>'until')::int - (l.line->>'age')::int) AS most
    FROM rules r
    CROSS JOIN (VALUES ('male', 'male'), ('female', 'female_other'), ('female_other', 'female')) AS k (who, instead)
    CROSS JOIN LATERAL (SELECT (r.value->>'starts_on')::date AS day) s
    CROSS JOIN LATERAL (SELECT coalesce(
        (SELECT e FROM jsonb_array_elements(r.value->'rows') e WHERE e->>'who' = k.who),
        (SELECT e FROM jsonb_array_elements(r.value->'rows') e WHERE e->>'who' = k.instead)) AS line) l
    WHERE r.kind = '{RETIREMENT.key}'
),
ages AS MATERIALIZED (
    SELECT d.code, r.id AS rule, r.value->>'women' AS women,
        coalesce((c.value->>'male_until')::int, {ELIGIBILITY.default["male_until"]}) AS male_counted,
        coalesce((c.value->>'female_until')::int, {ELIGIBILITY.default["female_until"]}) AS female_counted
    FROM (SELECT division_id AS code FROM present WHERE reason IS NULL UNION SELECT division_id FROM gone) d
    {nearest_rule(RETIREMENT, "d.code", "r")}
    {nearest_rule(ELIGIBILITY, "d.code", "c")}
),
dated AS MATERIALIZED (
    SELECT p.person_id, p.division_id, p.certified, p.now, c.day AS counted_until, coalesce((w.birth_date + make_interval(
            months => 12 * l.age + CASE WHEN b.behind < 0 THEN 0 ELSE least(b.behind / l.step + 1, l.most) END))::date,
            c.day) AS retires_on
    FROM (
        SELECT person_id, division_id, certified, tier, true AS now FROM present WHERE reason IS NULL
        UNION ALL SELECT person_id, division_id, certified, tier, false FROM gone
    ) p
    JOIN workforce_person w ON w.id = p.person_id
    JOIN ages a ON a.code = p.division_id
    LEFT JOIN lines l ON l.id = a.rule AND l.who = CASE
        WHEN w.sex = 'male' THEN 'male'
        WHEN a.women = 'female_other' OR a.women = 'by_tier' AND p.tier = 3 THEN 'female_other'
        ELSE 'female' END
    CROSS JOIN LATERAL (SELECT (w.birth_date + make_interval(
        years => CASE w.sex WHEN 'male' THEN a.male_counted ELSE a.female_counted END))::date AS day) c
    CROSS JOIN LATERAL (SELECT extract(year FROM w.birth_date)::int * 12 + extract(month FROM w.birth_date)::int
        + 12 * l.age - l.begins AS behind) b
),
leaving AS MATERIALIZED (
    SELECT person_id, division_id, certified, retires_on, retires_on <= %(on)s AS past,
        CASE WHEN retires_on > %(on)s THEN least(retires_on, counted_until) ELSE counted_until END AS leaves_on
    FROM dated WHERE now
),
left_since AS MATERIALIZED (
    SELECT person_id, division_id, retires_on <= %(on)s OR counted_until <= %(on)s OR EXISTS (
            SELECT FROM workforce_exit x WHERE x.person_id = d.person_id AND NOT x.taken_back
                AND x.reason = 'retirement' AND x.left_on > %(before)s AND x.left_on <= %(on)s) AS by_age
    FROM dated d WHERE NOT now
),
joined AS MATERIALIZED (
    SELECT p.person_id, p.division_id FROM present p WHERE p.reason IS NULL AND NOT {_in_post("p.person_id", "%(before)s")}
),
gained AS MATERIALIZED (
    SELECT person_id, division_id FROM present WHERE reason IS NULL AND certified
    EXCEPT SELECT e.person_id, p.division_id FROM earlier e JOIN present p USING (person_id) WHERE e.certified
),
ending AS MATERIALIZED (
    SELECT * FROM (
        SELECT DISTINCT ON (k.person_id) k.person_id, p.division_id, k.party_kind, k.party, k.valid_to - 1 AS last_on
        FROM workforce_contract k JOIN present p USING (person_id)
        WHERE k.valid_to IS NULL OR k.valid_to > k.valid_from
        ORDER BY k.person_id, k.valid_from DESC
    ) last WHERE last_on >= %(on)s
)"""

# Counts in rows of one shape: which, of what (a bucket of days, a party kind or a division), how many, certified ones.
# The buckets are the periods that end before `edges`, counted from 1; the first begins on the day itself.
COUNTED = f"""
WITH {_PEOPLE},
places AS MATERIALIZED (
    SELECT division_id, count(*) AS n, count(*) FILTER (WHERE leaves_on <= %(target)s) AS aged FROM leaving GROUP BY 1
),
places_before AS MATERIALIZED (SELECT division_id, count(*) AS n FROM earlier GROUP BY 1),
of_children AS MATERIALIZED (
    SELECT c.code, k.division_id
    FROM (SELECT division_id FROM places UNION SELECT division_id FROM places_before) k
    JOIN unnest(%(codes)s::text[]) AS c (code) ON starts_with(k.division_id, c.code)
)
SELECT 'heads' AS part, 0 AS bucket, '' AS key, count(*) AS n, count(*) FILTER (WHERE certified) AS certified
    FROM present WHERE reason IS NULL
UNION ALL SELECT 'earlier', 0, '', count(*), count(*) FILTER (WHERE certified) FROM earlier
UNION ALL SELECT 'ageing', width_bucket(leaves_on, %(edges)s::date[]), '', count(*), count(*) FILTER (WHERE certified)
    FROM leaving GROUP BY 2
UNION ALL SELECT 'past', 0, '', count(*), 0 FROM leaving WHERE past
UNION ALL SELECT 'left', by_age::int, '', count(*), 0 FROM left_since GROUP BY 2
UNION ALL SELECT 'joined', 0, '', count(*), 0 FROM joined
UNION ALL SELECT 'gained', 0, '', count(*), 0 FROM gained
UNION ALL SELECT 'contracts', width_bucket(last_on, %(edges)s::date[]), party_kind, count(*), 0 FROM ending GROUP BY 2, 3
UNION ALL SELECT 'heads_of', 0, c.code, sum(p.n), 0 FROM of_children c JOIN places p USING (division_id) GROUP BY 3
UNION ALL SELECT 'ageing_of', 0, c.code, sum(p.aged), 0 FROM of_children c JOIN places p USING (division_id) GROUP BY 3
UNION ALL SELECT 'earlier_of', 0, c.code, sum(e.n), 0 FROM of_children c JOIN places_before e USING (division_id) GROUP BY 3
UNION ALL SELECT 'left_of', 0, c.code, count(*), 0 FROM of_children c JOIN left_since l USING (division_id)
    WHERE NOT l.by_age GROUP BY 3"""

# The people behind the numbers: person, place, the day that matters, and whom a contract is with.
_LISTS = {
    "ageing": "SELECT person_id, division_id, leaves_on AS day, '' AS note FROM leaving WHERE leaves_on <= %(until)s",
    "past": "SELECT person_id, division_id, retires_on AS day, '' AS note FROM leaving WHERE past",
    "contracts": "SELECT person_id, division_id, last_on AS day, party AS note FROM ending WHERE last_on <= %(until)s",
    "left": "SELECT person_id, division_id, NULL::date AS day, '' AS note FROM left_since WHERE NOT by_age",
    "joined": "SELECT person_id, division_id, NULL::date AS day, '' AS note FROM joined",
    "gained": "SELECT person_id, division_id, NULL::date AS day, '' AS note FROM gained",
}
LISTS = tuple(_LISTS)


def listed(show: str) -> str:
    """The people of one of `LISTS` in pages; of ageing and contracts those from the day `since` to `until`."""
    day = {
        "left": "w.left_on",
        "joined": "w.hired_on",
        "gained": """(SELECT max(f.obtained_on) FROM workforce_certificate f
            WHERE f.person_id = l.person_id AND f.obtained_on <= %(on)s)""",
    }.get(show, "l.day")
    return f"""
    WITH {_PEOPLE}, listed AS ({_LISTS[show]})
    SELECT l.person_id, w.name, l.division_id, d.label, {day} AS day, l.note, count(*) OVER ()
    FROM listed l JOIN workforce_person w ON w.id = l.person_id JOIN core_division d ON d.code = l.division_id
    WHERE %(since)s::date IS NULL OR l.day >= %(since)s
    ORDER BY 5 NULLS LAST, l.division_id, w.name_pinyin, l.person_id LIMIT %(limit)s OFFSET %(offset)s"""
