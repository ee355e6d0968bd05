"""Who counts as a head of the staffing ratio on a day, in SQL (domain §1.A1): one person, one head, one place.

A person is counted in the community of the most senior post that qualifies, so that parts always add up to the whole.
Who is seconded, on leave or in institution staffing counts unless a rule leaves that status out. The same heads are the
whole of the certified share (§1.D2).
"""

import json
from datetime import date

from django.db import connection

from portal.core.lib.codes import code_range
from portal.core.policy.kinds import CERTIFICATES, ELIGIBILITY, EXCLUDED_STATUSES, REGISTRATION
from portal.core.policy.queries import RULES_CTE, nearest_rule

_EXCLUDED = json.dumps(EXCLUDED_STATUSES.default["statuses"])
_LAPSED_COUNTS = str(REGISTRATION.default["lapsed_counts"]).lower()

# A certificate that has lapsed: its latest registration has run out, or the time of the first one was missed (§2.4).
_LAPSED = """(NOT h.registered AND (
    h.obtained_on + make_interval(months => pl.first_months) < %(on)s::date OR h.was_registered))"""

_HEADS = f"""
posts AS (
    SELECT a.id, a.person_id, a.division_id, a.tier, a.valid_from, a.full_time, a.managed, a.entry, a.body
    FROM workforce_appointment a
    WHERE a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s) AND {{narrow}}
),
places AS MATERIALIZED (
    SELECT d.code, d.urban,
        coalesce((e.value->>'age_from')::int, {ELIGIBILITY.default["age_from"]}) AS age_from,
        coalesce((e.value->>'male_until')::int, {ELIGIBILITY.default["male_until"]}) AS male_until,
        coalesce((e.value->>'female_until')::int, {ELIGIBILITY.default["female_until"]}) AS female_until,
        coalesce((e.value->>'service_agreement')::boolean, false) AS service_agreement,
        coalesce(x.value->'statuses', '{_EXCLUDED}'::jsonb) AS excluded,
        coalesce((g.value->>'lapsed_counts')::boolean, {_LAPSED_COUNTS}) AS lapsed_counts,
        coalesce((g.value->>'first_months')::int, {REGISTRATION.default["first_months"]}) AS first_months,
        c.value->'levels' AS accepted
    FROM core_division d
    {nearest_rule(ELIGIBILITY, "d.code", "e")}
    {nearest_rule(CERTIFICATES, "d.code", "c")}
    {nearest_rule(EXCLUDED_STATUSES, "d.code", "x")}
    {nearest_rule(REGISTRATION, "d.code", "g")}
    WHERE d.code IN (SELECT DISTINCT division_id FROM posts)
),
statuses AS MATERIALIZED (
    SELECT person_id, array_agg(kind::text) AS kinds FROM workforce_specialstatus
    WHERE person_id IN (SELECT person_id FROM posts)
      AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
    GROUP BY person_id
),
engaged AS MATERIALIZED (
    SELECT person_id, bool_or(kind = 'labour') AS labour FROM workforce_contract
    WHERE person_id IN (SELECT person_id FROM posts)
      AND valid_from <= %(on)s AND (valid_to IS NULL OR valid_to > %(on)s)
    GROUP BY person_id
),
registered AS MATERIALIZED (
    SELECT certificate_id, bool_or(valid_to > %(on)s) AS now FROM workforce_registration
    WHERE person_id IN (SELECT person_id FROM posts) AND registered_on <= %(on)s GROUP BY certificate_id
),
certificates_held AS MATERIALIZED (
    SELECT f.person_id, f.level, f.obtained_on, coalesce(y.now, false) AS registered,
        y.certificate_id IS NOT NULL AS was_registered
    FROM workforce_certificate f LEFT JOIN registered y ON y.certificate_id = f.id
    WHERE f.person_id IN (SELECT person_id FROM posts) AND f.obtained_on <= %(on)s
),
certified AS MATERIALIZED (
    SELECT DISTINCT p.id FROM posts p JOIN places pl ON pl.code = p.division_id JOIN certificates_held h ON h.person_id = p.person_id
    WHERE (pl.accepted IS NULL OR pl.accepted ? h.level) AND (pl.lapsed_counts OR NOT {_LAPSED})
),
judged AS (
    SELECT p.id, p.person_id, p.division_id, p.tier, p.valid_from,
        CASE
            WHEN NOT pl.urban THEN 'village'
            WHEN NOT p.full_time THEN 'part_time'
            WHEN NOT p.managed THEN 'not_managed'
            WHEN NOT (
                (p.entry = 'elected' AND p.body IN ('party', 'committee'))
                OR (k.person_id IS NOT NULL AND (k.labour OR pl.service_agreement))
            ) THEN 'no_contract'
            WHEN w.birth_date > %(on)s::date - make_interval(years => pl.age_from)
              OR w.birth_date <= %(on)s::date - make_interval(
                    years => CASE w.sex WHEN 'male' THEN pl.male_until ELSE pl.female_until END) THEN 'age'
            WHEN pl.excluded ?| st.kinds THEN 'status'
        END AS reason,
        c.id IS NOT NULL AS certified
    FROM posts p JOIN places pl ON pl.code = p.division_id JOIN workforce_person w ON w.id = p.person_id
    LEFT JOIN statuses st ON st.person_id = p.person_id
    LEFT JOIN engaged k ON k.person_id = p.person_id
    LEFT JOIN certified c ON c.id = p.id
),
heads AS (
    SELECT DISTINCT ON (person_id) person_id, division_id, reason, certified
    FROM judged ORDER BY person_id, reason IS NOT NULL, tier, valid_from, id
)"""

_IN_RANGE = """a.person_id IN (
    SELECT b.person_id FROM workforce_appointment b
    WHERE b.division_id >= %(low)s AND b.division_id < %(high)s
      AND b.valid_from <= %(on)s AND (b.valid_to IS NULL OR b.valid_to > %(on)s))"""

_IN_CODES = """a.person_id IN (
    SELECT b.person_id FROM workforce_appointment b
    WHERE b.division_id = ANY(%(codes)s)
      AND b.valid_from <= %(on)s AND (b.valid_to IS NULL OR b.valid_to > %(on)s))"""


def heads_ctes(*, codes: bool = False, everywhere: bool = False) -> str:
    """CTEs ending in `heads` (person, place, reason not counted, certified); needs `RULES_CTE` and the parameter on.

    Takes in everybody with a post in [low, high), or in `codes`, or in the whole country, with all their posts.
    """
    return _HEADS.format(narrow="true" if everywhere else _IN_CODES if codes else _IN_RANGE)


COUNTS = """
counts AS (
    SELECT division_id AS code, count(*) FILTER (WHERE reason IS NULL) AS workers,
        count(*) FILTER (WHERE reason IS NULL AND certified) AS certified, count(*) AS in_post
    FROM heads {where} GROUP BY division_id
)"""

ROLLED_UP = """
tallies AS (
    SELECT left(c.code, n) AS code, sum(c.workers) AS workers, sum(c.certified) AS certified, sum(c.in_post) AS in_post
    FROM counts c CROSS JOIN unnest(ARRAY[2, 4, 6, 9, 12]) AS n WHERE n <= length(c.code)
    GROUP BY 1
)"""


def not_counted(code: str, on: date) -> dict[str, int]:
    """How many people in post under `code` are not counted on a day, by reason (`NotCounted`)."""
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH {RULES_CTE}, {heads_ctes()}
            SELECT reason, count(*) FROM heads
            WHERE reason IS NOT NULL AND division_id >= %(low)s AND division_id < %(high)s GROUP BY reason""",
            {"on": on, "low": low, "high": high},
        )
        return dict(cursor.fetchall())
