"""What the people of the benchmark are like: statements over the people's numbers, the same every time.

Person number n works in community n / per (in code order), on place n % per: 0 is the head with two posts, 1 the deputy,
2 a member, all others work at the station. Days are fixed, so that the data are the same in every year. `place` holds the
communities by number; residents' communities have a number of their own, `town`, NULL for villages.
"""

TABLES = (
    "workforce_person",
    "workforce_appointment",
    "workforce_contract",
    "workforce_certificate",
    "workforce_graderecord",
    "workforce_specialstatus",
    "workforce_exit",
    "workforce_term",
    "workforce_establishment",
    "workforce_grid",
    "workforce_gridpost",
    "workforce_trainingclass",
    "workforce_enrolment",
)
FIRST_BIRTH_DAY = "1971-01-01"
BIRTH_DAYS = 12_000  # to 2003; with 998 numbers a day this bounds the number of people
SPREAD = 7919  # a prime, so that neighbours are not born on neighbouring days

PLACES = """
CREATE TEMP TABLE place ON COMMIT DROP AS
SELECT code, urban, number, CASE WHEN urban THEN row_number() OVER (PARTITION BY urban ORDER BY code) - 1 END AS town
FROM (SELECT code, urban, row_number() OVER (ORDER BY code) - 1 AS number
    FROM core_division WHERE level = 5 AND valid_to IS NULL AND code >= %(low)s AND code < %(high)s) numbered"""

POPULATIONS = """
INSERT INTO core_population (division_id, "on", basis, value, households, source)
SELECT code, '2026-06-30', 'ledger', residents, residents / 3, 'benchmark' FROM (
    SELECT code, greatest(1, %(per)s * 10000 / 18 * (80 + number * 31 %% 41) / 100) AS residents FROM place WHERE urban
) p"""

# Leavers come after those in post: one for every residents' community, gone between 2023 and 2026.
PERSONS = f"""
INSERT INTO workforce_person (id, name, name_pinyin, name_initials, id_number, id_number_index, sex, birth_date,
    ethnicity, political_status, education, degree, major, hired_on, left_on, leaving_reason, version)
SELECT md5(n::text)::uuid, c.name, c.name_pinyin, c.name_initials, s.id_number, s.id_number_index,
    CASE WHEN (n / {BIRTH_DAYS} + n %% 2) %% 2 = 0 THEN 'male' ELSE 'female' END,
    date '{FIRST_BIRTH_DAY}' + (n::bigint * {SPREAD} %% {BIRTH_DAYS})::int, '汉族',
    CASE WHEN n %% 5 < 2 THEN '中共党员' WHEN n %% 41 = 7 THEN '' ELSE '群众' END, e.education, e.degree, '社会工作',
    date '2010-01-01' + (n::bigint * 13 %% 5000)::int,
    CASE WHEN n >= %(people)s THEN date '2026-09-30' - ((n - %(people)s)::bigint * 29 %% 1095)::int END,
    CASE WHEN n >= %(people)s THEN '辞职' ELSE '' END, 1
FROM sealed s JOIN called c ON c.number = n %% %(names)s
JOIN (VALUES (0, '高中', ''), (1, '大专', ''), (2, '大专', ''), (3, '本科', '学士'), (4, '本科', '学士'), (5, '本科', ''),
    (6, '研究生', '硕士'), (7, '博士研究生', '博士'), (8, '', '')) AS e (place, education, degree)
  ON e.place = CASE WHEN n %% 97 = 5 THEN 7 WHEN n %% 53 = 4 THEN 8 ELSE n * 3 %% 7 END"""

POSTS = """
INSERT INTO workforce_appointment (person_id, division_id, body, title, tier, grade, entry, full_time, managed,
    grid_worker, valid_from)
SELECT md5(n::text)::uuid, p.code, post.body, post.title, post.tier, 1 + n %% 18, post.entry, n %% 40 <> 7, n %% 200 <> 9,
    post.body = 'station' AND n %% 6 = 1, date '2010-01-01' + (n::bigint * 13 %% 5000)::int
FROM generate_series(0, %(people)s - 1) AS n
JOIN place p ON p.number = n / %(per)s
JOIN (VALUES (0, 'party', '社区党组织书记', 1, 'elected'), (0, 'committee', '居委会主任', 1, 'elected'),
    (1, 'party', '专职副书记', 2, 'elected'), (2, 'committee', '委员', 3, 'elected'),
    (3, 'station', '工作人员', 3, 'hired')) AS post (place, body, title, tier, entry)
  ON post.place = least(n %% %(per)s, 3) AND NOT (post.body = 'committee' AND post.tier = 1 AND p.number %% 25 = 3)"""

LEFT_POSTS = """
INSERT INTO workforce_appointment (person_id, division_id, body, title, tier, grade, entry, full_time, managed,
    grid_worker, valid_from, valid_to)
SELECT w.id, p.code, 'station', '工作人员', 3, 1 + n %% 18, 'hired', true, true, false, least(w.hired_on, w.left_on),
    w.left_on + 1
FROM generate_series(%(people)s, %(people)s + %(leavers)s - 1) AS n
JOIN place p ON p.town = n - %(people)s JOIN workforce_person w ON w.id = md5(n::text)::uuid"""

EXITS = """
INSERT INTO workforce_exit (person_id, division_id, hired_on, left_on, reason, note, taken_back)
SELECT w.id, p.code, least(w.hired_on, w.left_on), w.left_on, (ARRAY['resignation', 'retirement', 'failed_assessment',
    'transfer_up', 'not_reelected', 'contract_ended', 'other'])[1 + p.town %% 7], '', false
FROM generate_series(%(people)s, %(people)s + %(leavers)s - 1) AS n
JOIN place p ON p.town = n - %(people)s JOIN workforce_person w ON w.id = md5(n::text)::uuid"""

CONTRACTS = """
INSERT INTO workforce_contract (person_id, kind, party, party_kind, valid_from, valid_to)
SELECT md5(n::text)::uuid, CASE WHEN n %% 50 = 3 THEN 'service' ELSE 'labour' END, 'benchmark',
    (ARRAY['street', 'office', 'centre', 'other', ''])[1 + n %% 5], date '2010-01-01' + (n::bigint * 13 %% 5000)::int,
    CASE WHEN n %% 10 = 6 THEN date '2026-10-01' + (n::bigint * 7 %% 1000)::int END
FROM generate_series(0, %(people)s - 1) AS n WHERE n %% 20 <> 11"""

CERTIFICATES = """
INSERT INTO workforce_certificate (person_id, level, number, obtained_on)
SELECT md5(n::text)::uuid, CASE WHEN n %% 3 = 0 THEN 'social_worker' WHEN n %% 37 = 1 THEN 'senior'
        WHEN n %% 11 = 2 THEN 'local' ELSE 'assistant' END, 'B' || n,
    date '2015-06-20' + (n::bigint * 17 %% 3000)::int
FROM generate_series(0, %(people)s - 1) AS n WHERE n %% 100 < 48"""

# Of residents' communities alone: grades, leave, terms, positions, grids, training.
_TOWNSPEOPLE = """
FROM place p CROSS JOIN generate_series(0, %(per)s - 1) AS seat
CROSS JOIN LATERAL (SELECT p.number * %(per)s + seat AS n) one"""

GRADES = f"""
INSERT INTO workforce_graderecord (person_id, tier, grade, valid_from, reason, evidence, derivation)
SELECT md5(n::text)::uuid, least(seat + 1, 3), 1 + n %% 18, date '2010-01-01' + (n::bigint * 13 %% 5000)::int, 'roster', '', '[]'
{_TOWNSPEOPLE} WHERE p.urban"""

STATUSES = f"""
INSERT INTO workforce_specialstatus (person_id, kind, valid_from, valid_to, note)
SELECT md5(n::text)::uuid, (ARRAY['maternity', 'seconded', 'sick'])[1 + n %% 3], date '2026-08-01', date '2027-02-01', ''
{_TOWNSPEOPLE} WHERE p.urban AND n %% 83 = 2"""

TERMS = """
INSERT INTO workforce_term (division_id, body, number, form, elected_on, valid_from, valid_to, seats, version)
SELECT p.code, b.body, t.number, b.form, t.start, t.start, (t.start + interval '5 years')::date, 7, 1
FROM place p CROSS JOIN (VALUES ('party', 'general_branch'), ('committee', '')) AS b (body, form)
CROSS JOIN LATERAL (SELECT date '2021-10-15' + (p.town * 37 %% 1500)::int AS now) s
CROSS JOIN LATERAL (VALUES (10, (s.now - interval '5 years')::date), (11, s.now)) AS t (number, start)
WHERE p.urban"""

POSITIONS = """
INSERT INTO workforce_establishment (division_id, worker_class, posts, valid_from, document)
SELECT p.code, c.worker_class, CASE c.worker_class WHEN 'committee' THEN 3 + (p.town %% 5 = 0)::int
    ELSE greatest(%(per)s - 3 + (p.town %% 3)::int - 1, 0) END, date '2025-01-01', 'benchmark'
FROM place p CROSS JOIN (VALUES ('committee'), ('staff')) AS c (worker_class) WHERE p.urban"""

GRIDS = """
INSERT INTO workforce_grid (division_id, name, households, micro_grids, valid_from)
SELECT p.code, '第' || g || '网格', 300 + (p.town * 7 %% 200)::int, 3 + ((p.town + g) %% 5)::int, date '2024-01-01'
FROM place p CROSS JOIN generate_series(1, 2) AS g WHERE p.urban"""

GRID_POSTS = """
INSERT INTO workforce_gridpost (grid_id, division_id, person_id, role, valid_from)
SELECT g.id, p.code, md5((p.number * %(per)s + least(r.seat, %(per)s - 1))::text)::uuid, r.role, date '2024-01-01'
FROM workforce_grid g JOIN place p ON p.code = g.division_id
JOIN (VALUES ('第1网格', 'chief', 3), ('第1网格', 'full_time', 4), ('第1网格', 'instructor', 0), ('第2网格', 'chief', 5),
    ('第2网格', 'full_time', 6), ('第2网格', 'instructor', 1)) AS r (name, role, seat) ON r.name = g.name
WHERE NOT (r.role = 'instructor' AND p.town %% 10 = 4)"""

CLASSES = """
INSERT INTO workforce_trainingclass (division_id, level, kind, title, topic, organiser, starts_on, ends_on, hours, version)
SELECT d.code, 'district', 'rotation', '全员轮训', '', 'benchmark', date '2026-03-02' + d.code::int %% 90,
    date '2026-03-04' + d.code::int %% 90, 24, 1
FROM core_division d WHERE d.level = 3 AND d.urban AND d.valid_to IS NULL
UNION ALL
SELECT d.code, 'city', 'demonstration', '示范培训', '', 'benchmark', date '2026-05-11', date '2026-05-15', 40, 1
FROM core_division d WHERE d.level = 2 AND d.urban AND d.valid_to IS NULL"""

ENROLMENTS = f"""
INSERT INTO workforce_enrolment (training_class_id, person_id, division_id, attended, hours, result)
SELECT c.id, md5(n::text)::uuid, p.code, n %% 10 <> 3, CASE WHEN n %% 10 <> 3 THEN c.hours END, ''
{_TOWNSPEOPLE}
JOIN workforce_trainingclass c ON c.division_id = left(p.code, 6) OR c.division_id = left(p.code, 4) AND seat = 0
WHERE p.urban"""

# In the order of the foreign keys.
RECORDS = (
    POSTS, LEFT_POSTS, EXITS, CONTRACTS, CERTIFICATES, GRADES, STATUSES, TERMS, POSITIONS, GRIDS, GRID_POSTS, CLASSES,
    ENROLMENTS,
)  # fmt: skip
