"""The statements that make the demonstration's service records out of what is in the database.

`current`, `following` and `before` are the first days of this half-year, the next and the last; `street`, `district` and
`city` are patterns of codes.
"""


def _pick(text: str, most: int) -> str:
    """SQL: a whole number from 0 to below `most` that looks like chance and is the same every time."""
    return f"((hashtext({text}) & 2147483647) %% {most})"


def _word(text: str, *words: str) -> str:
    """SQL: one of the words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{listed}])[1 + {_pick(text, len(words))}]"


TABLES = (
    "ratings_premises", "ratings_visit", "ratings_servicerequest", "ratings_need", "ratings_project",
    "ratings_projectneed", "ratings_facility", "ratings_feature", "ratings_shift", "ratings_pointentry",
    "ratings_deliberation",
)  # fmt: skip

_PLACES = """places AS MATERIALIZED (
    SELECT d.code, coalesce(h.households, 800) AS homes,
        (SELECT array_agg(g.id ORDER BY g.id) FROM workforce_grid g WHERE g.division_id = d.code AND g.valid_to IS NULL)
            AS grids,
        (SELECT array_agg(DISTINCT a.person_id ORDER BY a.person_id) FROM workforce_appointment a
         WHERE a.division_id = d.code AND a.valid_from <= %(day)s AND (a.valid_to IS NULL OR a.valid_to > %(day)s)
           AND a.full_time) AS people
    FROM core_division d
    LEFT JOIN LATERAL (SELECT households FROM core_population p WHERE p.division_id = d.code AND households IS NOT NULL
        ORDER BY p."on" DESC LIMIT 1) h ON true
    WHERE d.level = 5 AND d.urban AND d.valid_to IS NULL AND d.code LIKE {scope}
)"""
# Households of the first communities of the street only: many rows of a kind that is slow to keep free of overlaps.
_STREET = _PLACES.format(scope="%(street)s AND right(d.code, 3) <= '004'")
_DISTRICT = _PLACES.format(scope="%(district)s")
_CITY = _PLACES.format(scope="%(city)s")
_PERSON = "(p.people)[1 + {n} %% array_length(p.people, 1)]"

# One in fifty moved in during this half-year. Every third community has been everywhere in the last one.
_PREMISES = f"""WITH {_STREET}
INSERT INTO ratings_premises (division_id, kind, label, grid_id, valid_from)
SELECT p.code, 'household',
    concat(n / 60 + 1, '号楼', n %% 60 / 20 + 1, '门', n %% 20 / 4 + 1, '0', n %% 4 + 1),
    (p.grids)[1 + n / 60 %% greatest(array_length(p.grids, 1), 1)],
    CASE WHEN {_pick("p.code || n", 50)} = 0 THEN least(%(current)s::date + 1 + n %% 60, %(day)s::date)
        ELSE date '2020-01-01' END
FROM places p CROSS JOIN LATERAL generate_series(0, p.homes - 1) n
UNION ALL
SELECT p.code, 'shop', concat({_word("p.code || n", "便利店", "早点铺", "理发店", "药店", "水果店", "修配店", "面馆", "书店")},
        '（', n + 1, '号铺）'),
    (p.grids)[1 + n %% greatest(array_length(p.grids, 1), 1)], date '2021-03-01'
FROM places p CROSS JOIN LATERAL generate_series(0, p.homes / 30) n"""

_VISITS = f"""WITH {_STREET},
homes AS (
    SELECT m.id, m.division_id, p.people, {_pick("m.id::text", 1000)} AS dice, {_pick("p.code", 3)} AS kind
    FROM ratings_premises m JOIN places p ON p.code = m.division_id
),
met AS (
    SELECT h.*, %(before)s::date + {_pick("h.id || 'a'", 180)} AS visited_on, 'met' AS outcome
    FROM homes h WHERE kind = 0 OR dice >= 25
    UNION ALL
    SELECT h.*, %(current)s::date + h.dice %% (%(day)s::date - %(current)s::date + 1), 'met'
    FROM homes h
    WHERE dice < 1050 * (%(day)s::date - %(current)s::date + 1) / (%(following)s::date - %(current)s::date)
      AND (kind = 0 OR dice %% 40 > 0)
    UNION ALL
    SELECT h.*, %(day)s::date - dice %% 14, CASE WHEN dice %% 3 = 0 THEN 'phone' ELSE 'absent' END
    FROM homes h WHERE dice %% 40 = 7
)
INSERT INTO ratings_visit (division_id, premises_id, visited_on, worker_id, outcome, note, taken_back)
SELECT p.division_id, p.id, p.visited_on, {_PERSON.format(n="p.dice")}, p.outcome,
    CASE WHEN dice %% 25 = 3 THEN '反映楼道照明不亮，已转物业。（演示）' ELSE '' END, false
FROM met p"""

_POINTS = """INSERT INTO ratings_pointentry
    (division_id, premises_id, rule_id, points, "on", evidence, state, entered_by_id, reviewed_by_id)
SELECT m.division_id, m.id, r.id, r.points, %(day)s::date - (m.id %% 90)::int, '现场记录（演示）',
    CASE WHEN m.id %% 5 = 0 THEN 'entered' ELSE 'confirmed' END, %(enterer)s,
    CASE WHEN m.id %% 5 = 0 THEN NULL ELSE %(reviewer)s::bigint END
FROM ratings_premises m
JOIN LATERAL (SELECT id, points FROM ratings_pointrule WHERE NOT redemption AND points > 0
    ORDER BY id OFFSET m.id %% 4 LIMIT 1) r ON true
WHERE m.division_id LIKE %(street)s AND m.kind = 'household' AND m.id %% 25 < 2"""

_REQUESTS = f"""WITH {_CITY},
taken AS (
    SELECT p.code, p.people, n, {_pick("p.code || n || 'r'", 150)} AS ago, {_pick("p.code || n || 'k'", 3)} AS kind,
        {_pick("p.code || n || 'd'", 100)} AS dice
    FROM places p CROSS JOIN LATERAL generate_series(1, CASE WHEN p.code LIKE %(district)s THEN 12 ELSE 3 END) n
),
dated AS (
    SELECT t.*, %(day)s::date - ago AS received_on, CASE kind WHEN 0 THEN 14 ELSE 7 END AS days,
        CASE WHEN ago < 6 AND dice < 60 THEN 'open' WHEN dice = 99 AND ago < 50 THEN 'open'
            WHEN dice >= 94 AND ago < 12 THEN 'passed' WHEN dice >= 92 AND dice < 94 THEN 'withdrawn' ELSE 'answered'
            END AS state
    FROM taken t
)
INSERT INTO ratings_servicerequest
    (division_id, kind, channel, title, text, received_on, due_on, first_asked_id, told_once, joint, state, passed_to,
     passed_on, answered_on, answer, verdict, verdict_on, version)
SELECT p.code, (ARRAY['appeal', 'window', 'errand'])[kind + 1],
    {_word("p.code || n || 'c'", "visit", "window", "phone", "online", "grid", "hotline")},
    CASE kind WHEN 0 THEN {_word("p.code || n", "楼道灯不亮", "下水井盖松动", "停车占道", "夜间噪声扰民", "健身器材损坏")}
        WHEN 1 THEN {_word("p.code || n", "咨询居住证办理", "老年人优待证办理", "居民医保登记")}
        ELSE {_word("p.code || n", "代办养老认证", "代缴水费", "代取药品")} END,
    '（演示）', received_on, received_on + days, {_PERSON.format(n="n")}, dice %% 10 > 0, '', state,
    CASE state WHEN 'passed' THEN '演示街道办事处' ELSE '' END, CASE state WHEN 'passed' THEN received_on + 1 END,
    CASE state WHEN 'answered' THEN least(received_on + dice %% (days + CASE WHEN dice > 88 THEN 5 ELSE 0 END), %(day)s) END,
    CASE state WHEN 'answered' THEN '已办结并回访。（演示）' ELSE '' END,
    CASE WHEN state <> 'answered' OR dice %% 11 = 0 THEN '' WHEN dice < 70 THEN 'satisfied' WHEN dice < 88 THEN 'basic'
        ELSE 'dissatisfied' END,
    CASE WHEN state = 'answered' AND dice %% 11 > 0 THEN
        least(received_on + dice %% (days + CASE WHEN dice > 88 THEN 5 ELSE 0 END), %(day)s) END, 1
FROM dated p"""

# Ten to fifteen needs of a community so far this year; about half of them are served by a project.
_NEEDS = f"""WITH {_DISTRICT}
INSERT INTO ratings_need (division_id, title, text, channel, found_on, taken_back, version)
SELECT p.code, concat({
    _word(
        "p.code || n",
        "增设休息座椅",
        "加装楼道扶手",
        "课后托管",
        "老年助餐",
        "雨棚更换",
        "非机动车充电",
        "口袋公园",
        "文体活动室",
    )
}, '（', n, '）'), '（演示）',
    {_word("p.code || n || 'c'", "visit", "visit", "organisation", "resident")},
    %(year)s::date + {_pick("p.code || n || 'f'", 1000)} %% (%(day)s::date - %(year)s::date + 1), false, 1
FROM places p CROSS JOIN LATERAL generate_series(1, 10 + {_pick("p.code", 6)}) n"""
_PROJECTS = f"""WITH {_DISTRICT},
chosen AS (
    SELECT n.id, n.division_id, n.title, n.found_on, p.people,
        row_number() OVER (PARTITION BY n.division_id ORDER BY n.found_on, n.id) AS place
    FROM ratings_need n JOIN places p ON p.code = n.division_id
),
made AS (
    INSERT INTO ratings_project (division_id, name, lead_id, proposed_on, approved_on, finished_on, budget, result, state, version)
    SELECT division_id, title || '项目', {_PERSON.format(n="place")}, least(found_on + 7, %(day)s),
        CASE WHEN place <= 6 THEN least(found_on + 20, %(day)s) END,
        CASE WHEN place <= 3 THEN least(found_on + 60, %(day)s) END, 3000 + (place %% 5) * 1000,
        CASE WHEN place <= 3 THEN '居民反映良好。（演示）' ELSE '' END,
        CASE WHEN place <= 3 THEN 'finished' WHEN place <= 6 THEN 'approved' ELSE 'proposed' END, 1
    FROM chosen p WHERE place <= 5 + {_pick("division_id", 4)}
    RETURNING id, division_id, name
)
INSERT INTO ratings_projectneed (project_id, need_id)
SELECT m.id, c.id FROM made m JOIN chosen c ON c.division_id = m.division_id AND c.title || '项目' = m.name"""

_FACILITIES = f"""WITH {_DISTRICT},
sized AS (SELECT code, round(homes * (30 + {_pick("code", 30)}) / 100.0) AS area FROM places)
INSERT INTO ratings_facility (division_id, name, kind, area, public_area, functions, rated, valid_from)
SELECT code, '社区党群服务中心', 'centre', area, round(area * (64 + {_pick("code || 'p'", 25)}) / 100), '{{shared,elderly_care}}'::varchar[],
    '', date '2021-07-01' FROM sized
UNION ALL
SELECT code, '老年日间照料站', 'station', 120, 110, '{{elderly_care,health}}'::varchar[], '', date '2022-10-01' FROM sized
WHERE {_pick("code || 's'", 3)} = 0
UNION ALL
SELECT code, '邻里综合体', 'complex', 400, 360, '{{child_care,elderly_care,incubation,health,shared}}'::varchar[],
    CASE WHEN {_pick("code || 'r'", 2)} = 0 THEN '市级示范' ELSE '' END, date '2023-05-01' FROM sized
WHERE {_pick("code || 'x'", 6)} = 0"""

_FEATURES = f"""WITH {_DISTRICT}
INSERT INTO ratings_feature (division_id, kind, note, valid_from)
SELECT p.code, f.kind, '（演示）', date '2023-01-01' + {_pick("p.code || f.kind", 900)}
FROM places p CROSS JOIN (VALUES ('health_committee', 97), ('women_children', 98), ('party_centre', 100), ('civilisation', 99),
    ('mediation', 100), ('veterans', 96), ('all_post', 80), ('online_hall', 75), ('parlour', 85), ('demonstration', 8),
    ('beautiful', 25)) AS f(kind, percent)
WHERE {_pick("p.code || f.kind || 'h'", 100)} < f.percent
UNION ALL
SELECT code, 'pilot', '（演示）', date '2025-01-01' FROM (
    SELECT code, row_number() OVER (PARTITION BY left(code, 9) ORDER BY code) AS place FROM places) x
WHERE place <= {_pick("left(code, 9)", 3)}"""

# Working days of the last fortnight: half a day at the window or with a project, half a day in the grid or on visits.
_SHIFTS = f"""WITH {_DISTRICT},
rota AS (
    SELECT p.code, w.person, d.day::date AS day, (p.grids)[1 + (w.place %% greatest(array_length(p.grids, 1), 1))::int] AS grid,
        {_pick("w.person || d.day::text", 20)} AS dice, (p.homes %% 9 = 0) AS lazy
    FROM places p CROSS JOIN LATERAL unnest(p.people) WITH ORDINALITY AS w(person, place)
    CROSS JOIN generate_series(%(day)s::date - 14, %(day)s::date - 1, interval '1 day') AS d(day)
    WHERE extract(isodow FROM d.day) < 6
      AND w.person IN (SELECT DISTINCT ON (person_id) person_id FROM workforce_appointment a WHERE a.division_id = p.code)
      AND NOT EXISTS (SELECT 1 FROM workforce_appointment b WHERE b.person_id = w.person AND b.division_id < p.code
          AND b.full_time AND (b.valid_to IS NULL OR b.valid_to > %(day)s))
)
INSERT INTO ratings_shift (division_id, person_id, "on", work, hours, grid_id)
SELECT code, person, day, CASE WHEN dice = 19 THEN 'rest' WHEN dice %% 4 = 0 THEN 'project' ELSE 'duty' END,
    CASE WHEN dice = 19 THEN 0 ELSE 3.5 END, NULL FROM rota
UNION ALL
SELECT code, person, day, CASE WHEN dice %% 3 = 0 THEN 'grid' ELSE 'visit' END, 4, grid FROM rota
WHERE dice < CASE WHEN lazy THEN 10 ELSE 16 END"""

_DELIBERATIONS = f"""WITH {_DISTRICT},
matters AS (
    SELECT p.code, n, %(day)s::date - {_pick("p.code || n || 'm'", 160)} AS planned_on, {_pick("p.code || n || 'e'", 20)} AS dice
    FROM places p CROSS JOIN generate_series(1, 3) n
)
INSERT INTO ratings_deliberation
    (division_id, topic, level, method, parties, planned_on, held_on, result, follow_up_by, follow_up_due, followed_up_on,
     follow_up, state, version)
SELECT code, {_word("code || n", "小区停车位重新划线", "老旧楼道粉刷", "电动车充电棚选址", "广场舞时间公约", "加装电梯意见征集")},
    (ARRAY['micro', 'small', 'big'])[1 + (n %% 3)], '居民议事会', '社区居委会、业主委员会、物业服务企业', planned_on,
    CASE WHEN dice > 0 THEN planned_on END, CASE WHEN dice > 0 THEN '形成一致意见。（演示）' ELSE '' END,
    CASE WHEN dice > 0 THEN '社区居委会' ELSE '' END, CASE WHEN dice > 0 THEN planned_on + 40 END,
    CASE WHEN dice > 2 AND planned_on + 30 <= %(day)s THEN planned_on + 30 END,
    CASE WHEN dice > 2 AND planned_on + 30 <= %(day)s THEN '已按议定结果办理。（演示）' ELSE '' END,
    CASE WHEN dice = 0 THEN 'planned' WHEN dice > 2 AND planned_on + 30 <= %(day)s THEN 'done' ELSE 'held' END, 1
FROM matters"""

STREET_STATEMENTS = (_PREMISES, "ANALYZE ratings_premises", _VISITS, _POINTS)
DISTRICT_STATEMENTS = (
    _REQUESTS, _NEEDS, _PROJECTS, _FACILITIES, _FEATURES, _SHIFTS, _DELIBERATIONS,
)  # fmt: skip
