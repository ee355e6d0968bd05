"""Who is employed in a community on a day: full-time and managed, each once, in the place of the most senior post."""

# `elected`: holds an elected full-time office of the two committees, which needs no contract (domain §1.A1, §1.A6).
EMPLOYED = """
employed AS MATERIALIZED (
    SELECT DISTINCT ON (a.person_id) a.person_id, a.division_id, a.valid_from AS since,
        bool_or(a.entry = 'elected' AND a.body IN ('party', 'committee')) OVER (PARTITION BY a.person_id) AS elected
    FROM workforce_appointment a JOIN core_division d ON d.code = a.division_id AND d.urban
    WHERE a.full_time AND a.managed AND a.valid_from <= %(on)s AND (a.valid_to IS NULL OR a.valid_to > %(on)s)
    ORDER BY a.person_id, a.tier, a.valid_from, a.id
)"""
