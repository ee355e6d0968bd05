"""Who counts as a head of the staffing ratio on a day, in SQL (domain §1.A1): one person, one head, one place.

A person is counted in the community of the most senior post that qualifies, so that parts always add up to the whole.
Who is seconded, on leave or in institution staffing counts unless a rule leaves that status out. The same heads are the
whole of the certified share (§1.D2).
"""

import json

from portal.core.policy.kinds import CERTIFICATES, ELIGIBILITY, EXCLUDED_STATUSES, REGISTRATION, Kind
from portal.core.policy.queries import ruled, scope_of
from workforce.counters.words import LEVEL_BIT, LEVELS, in_force

_EXCLUDED = json.dumps(EXCLUDED_STATUSES.default["statuses"])
_LAPSED_COUNTS = str(REGISTRATION.default["lapsed_counts"]).lower()
_EVERY_LEVEL = (1 << len(LEVELS)) - 1


def rule(kind: Kind, part: str = "value") -> str:
    """SQL: the value (document, article) of the rule of a kind for the scope `z` of `resolved`; NULL without a rule."""
    return f"(z.rules->'{kind.key}'->{'' if part == 'value' else '>'}'{part}')"


# places: the communities to be staffed, with the scope of the rules nearest to each; villages are not among them.
_SCOPE, _SCOPES = scope_of("d.code")
_PLACES = f"""
{ruled()},
places AS MATERIALIZED (
    SELECT d.code, {_SCOPE} AS scope FROM core_division d {_SCOPES} WHERE d.urban AND {{there}}
)"""

# Rules are worked out once for each scope and not for each community: resolved holds the nearest rule of every kind,
# profiles what counting asks of them.
_RULES = f"""
resolved AS MATERIALIZED (
    SELECT scope, jsonb_object_agg(kind, rule) FILTER (WHERE kind IS NOT NULL) AS rules FROM (
        SELECT DISTINCT ON (s.scope, r.kind) s.scope, r.kind,
            jsonb_build_object('value', r.value, 'document', r.document, 'article', r.article) AS rule
        FROM (SELECT DISTINCT scope FROM places) s CROSS JOIN unnest(ARRAY[0, 2, 4, 6, 9, 12]) AS length
        LEFT JOIN rules r ON r.scope = left(s.scope, length)
        ORDER BY s.scope, r.kind, length(r.scope) DESC
    ) nearest GROUP BY scope
),
profiles AS MATERIALIZED (
    SELECT z.scope,
        coalesce(({rule(ELIGIBILITY)}->>'age_from')::int, {ELIGIBILITY.default["age_from"]}) AS age_from,
        coalesce(({rule(ELIGIBILITY)}->>'male_until')::int, {ELIGIBILITY.default["male_until"]}) AS male_until,
        coalesce(({rule(ELIGIBILITY)}->>'female_until')::int, {ELIGIBILITY.default["female_until"]}) AS female_until,
        coalesce(({rule(ELIGIBILITY)}->>'service_agreement')::boolean, false) AS service_agreement,
        coalesce({rule(EXCLUDED_STATUSES)}->'statuses', '{_EXCLUDED}'::jsonb) AS excluded,
        coalesce(({rule(REGISTRATION)}->>'lapsed_counts')::boolean, {_LAPSED_COUNTS}) AS lapsed_counts,
        coalesce(({rule(REGISTRATION)}->>'first_months')::int, {REGISTRATION.default["first_months"]}) AS first_months,
        CASE WHEN {rule(CERTIFICATES)} IS NULL THEN {_EVERY_LEVEL} ELSE (
            SELECT coalesce(bit_or({LEVEL_BIT.format("e.level")}), 0)
            FROM jsonb_array_elements_text({rule(CERTIFICATES)}->'levels') e (level)) END AS accepted
    FROM resolved z
)"""

# Levels of the certificates a person holds that count where registration must not have lapsed (§2.4): a certificate has
# lapsed when its latest registration has run out, or the time of the first one was missed.
_UNLAPSED = f"""(
    SELECT bit_or({LEVEL_BIT.format("f.level")}) FROM workforce_certificate f
    CROSS JOIN LATERAL (
        SELECT bool_or(y.valid_to > %(on)s) AS now, count(*) > 0 AS ever FROM workforce_registration y
        WHERE y.certificate_id = f.id AND y.registered_on <= %(on)s) y
    WHERE f.person_id = p.person_id AND f.obtained_on <= %(on)s AND (y.now OR (
        NOT y.ever AND f.obtained_on + make_interval(months => pl.first_months) >= %(on)s::date)))"""

# One post as it is judged; `counted` are the levels of the certificates that count.
_JUDGED = f"""
    SELECT p.*, pl.scope,
        CASE
            WHEN NOT p.full_time THEN 'part_time'
            WHEN NOT p.managed THEN 'not_managed'
            WHEN NOT ((p.entry = 'elected' AND p.body IN ('party', 'committee'))
                OR (p.contract IS NOT NULL AND (p.contract = 'labour' OR pl.service_agreement))) THEN 'no_contract'
            WHEN p.birth_date > %(on)s::date - make_interval(years => pl.age_from)
              OR p.birth_date <= %(on)s::date - make_interval(
                    years => CASE p.sex WHEN 'male' THEN pl.male_until ELSE pl.female_until END) THEN 'age'
            WHEN pl.excluded ?| st.kinds THEN 'status'
        END AS reason,
        coalesce(c.held, 0) AS held,
        coalesce(CASE WHEN pl.lapsed_counts THEN c.held WHEN c.held IS NOT NULL THEN {_UNLAPSED} END, 0)
            & pl.accepted AS counted
    FROM known_posts p
    JOIN (SELECT code, profiles.* FROM places JOIN profiles USING (scope)) pl ON pl.code = p.division_id
    LEFT JOIN statuses st ON st.person_id = p.person_id
    LEFT JOIN held_levels c ON c.person_id = p.person_id"""

# Only people with several posts have to be sorted: those of everybody else are the main ones; `beaten` are the others,
# DISTINCT for the planner alone, which then hashes them and not everybody. `staff` are the main ones in communities; people
# in villages need no judging.
_HEADS = f"""
posts AS {{stored}} (
    SELECT a.id, a.person_id, a.division_id, a.body, a.tier, a.grade, a.entry, a.full_time, a.managed, a.grid_worker,
        a.valid_from
    FROM workforce_appointment a WHERE {in_force("a")} AND {{narrow}}
),
urban_posts AS {{stored}} (SELECT p.* FROM posts p JOIN core_division u ON u.code = p.division_id AND u.urban),
known_posts AS MATERIALIZED (
    SELECT p.*, w.sex, w.birth_date, w.hired_on, w.political_status, w.education, w.degree,
        k.kind AS contract, k.party_kind AS employer, k.valid_to AS contract_to
    FROM urban_posts p JOIN workforce_person w ON w.id = p.person_id
    LEFT JOIN workforce_contract k ON k.person_id = p.person_id AND {in_force("k")}
),
{_PLACES}, {_RULES},
statuses AS MATERIALIZED (
    SELECT s.person_id, array_agg(s.kind::text) AS kinds FROM workforce_specialstatus s
    WHERE {in_force("s")} AND s.person_id IN (SELECT person_id FROM known_posts) GROUP BY 1
),
held_levels AS MATERIALIZED (
    SELECT s.person_id, bit_or({LEVEL_BIT.format("s.level")}) AS held FROM workforce_certificate s
    WHERE s.obtained_on <= %(on)s AND s.person_id IN (SELECT person_id FROM known_posts) GROUP BY 1
),
multi AS MATERIALIZED (SELECT person_id FROM {{all_posts}} GROUP BY 1 HAVING count(*) > 1),
multi_posts AS MATERIALIZED (SELECT p.* FROM posts p JOIN multi USING (person_id)),
judged AS MATERIALIZED ({_JUDGED}),
beaten AS MATERIALIZED (
    SELECT DISTINCT id FROM (
        SELECT id, row_number() OVER (PARTITION BY person_id ORDER BY reason IS NOT NULL, tier, valid_from, id) AS place
        FROM (
            SELECT id, person_id, reason, tier, valid_from FROM judged JOIN multi USING (person_id)
            UNION ALL
            SELECT id, person_id, 'village', tier, valid_from FROM multi_posts
            WHERE NOT EXISTS (SELECT 1 FROM core_division WHERE code = division_id AND urban)
        ) several
    ) ranked WHERE place > 1
),
staff AS MATERIALIZED (
    SELECT j.*, counted > 0 AS certified FROM judged j WHERE NOT EXISTS (SELECT 1 FROM beaten b WHERE b.id = j.id)
),
heads AS NOT MATERIALIZED (
    SELECT * FROM staff
    UNION ALL
    SELECT p.*, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'village', 0, 0, false FROM posts p
    WHERE NOT EXISTS (SELECT 1 FROM core_division WHERE code = p.division_id AND urban)
      AND NOT EXISTS (SELECT 1 FROM beaten b WHERE b.id = p.id)
)"""

_IN_RANGE = f"""a.person_id IN (
    SELECT b.person_id FROM workforce_appointment b
    WHERE b.division_id >= %(low)s AND b.division_id < %(high)s AND {in_force("b")})"""

_IN_COMMUNITIES = f"""a.person_id IN (
    SELECT b.person_id FROM workforce_appointment b JOIN core_division u ON u.code = b.division_id AND u.urban
    WHERE b.division_id >= %(low)s AND b.division_id < %(high)s AND {in_force("b")})"""

_IN_CODES = f"""a.person_id IN (
    SELECT b.person_id FROM workforce_appointment b WHERE b.division_id = ANY(%(codes)s) AND {in_force("b")})"""


def heads_ctes(*, codes: bool = False, everywhere: bool = False, villages: bool = True) -> str:
    """CTEs ending in `heads`; need `RULES_CTE` and the parameter on.

    One row per person in post: person_id, division_id, reason why not counted (NULL for a head), certified, and what
    the main post, the person and the contract in force say. `staff` are those of them outside villages. Takes in
    everybody with a post in [low, high), or in `codes`, or in the whole country, with all their posts. Who asks for
    heads only leaves out those of [low, high) with posts in villages alone: nine in ten of a province.
    """
    if everywhere:
        return _HEADS.format(
            narrow="true",
            there="d.level = 5",
            stored="NOT MATERIALIZED",
            all_posts="workforce_appointment",
        )
    return _HEADS.format(
        narrow=_IN_CODES if codes else _IN_RANGE if villages else _IN_COMMUNITIES,
        there="d.code IN (SELECT division_id FROM posts)",
        stored="MATERIALIZED",
        all_posts="posts",
    )
