"""Which tasks of the ledger are past their day, or owe periodic reports that have not come in (domain §1.K)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import REPORT_DUE
from portal.core.policy.queries import RULES_CTE, nearest_rule
from proposals.inspections.wording import day_after, ruled
from workforce.inspections.wording import counted

SHOWN = 6
# One that went into the next year has its new last day there, and still owes the reports of its own year.
_LOOKED_AT = "state IN ('open', 'asked', 'rolled') AND posted_on <= %(on)s"
_DEFAULTS = " ".join(f"WHEN '{cadence}' THEN {days}" for cadence, days in REPORT_DUE.default.items())

# Reports are owed of each month, quarter, half-year and year of the list whose last day the task saw, so many working
# days after it, by the rule of the place on that last day; `proposals.ledger` says the same of one task.
_OWED = f"""WITH {RULES_CTE},
tasks AS MATERIALIZED (
    SELECT id, division_id, year, number, title, posted_on, due_on, state = 'rolled' AS rolled,
        state <> 'rolled' AND due_on < %(on)s AS overdue
    FROM proposals_ledgertask WHERE {_LOOKED_AT}
),
periods AS (
    SELECT y.year, c.cadence, y.year || CASE c.cadence WHEN 'month' THEN to_char(n, '"-"FM00')
            WHEN 'quarter' THEN '-Q' || n WHEN 'half_year' THEN '-H' || n ELSE '' END AS period,
        (make_date(y.year, 1, 1) + make_interval(months => n * c.months))::date - 1 AS ends_on
    FROM (SELECT DISTINCT year::int AS year FROM tasks) y
    CROSS JOIN (VALUES ('month', 1), ('quarter', 3), ('half_year', 6), ('year', 12)) c(cadence, months)
    CROSS JOIN LATERAL generate_series(1, 12 / c.months) n
),
days AS MATERIALIZED (
    SELECT day, sum(works::int) OVER (ORDER BY day) AS number
    FROM (
        SELECT d::date AS day, coalesce(c.is_workday, extract(isodow FROM d) < 6) AS works
        FROM generate_series(make_date((SELECT min(year) FROM tasks), 1, 1)::timestamp, %(on)s::timestamp, '1 day') d
        LEFT JOIN core_calendarday c ON c.day = d::date
    ) known
),
due AS (SELECT number, min(day) AS day FROM days GROUP BY number),
expected AS MATERIALIZED (
    SELECT l.division_id, l.year, p.period, p.ends_on, due.day AS due_on
    FROM (SELECT DISTINCT division_id, year FROM tasks) l
    JOIN periods p ON p.year = l.year AND p.ends_on < %(on)s
    JOIN days e ON e.day = p.ends_on
    LEFT JOIN LATERAL (
        SELECT (value->>p.cadence)::int AS working_days FROM core_policyrule
        WHERE kind = '{REPORT_DUE.key}' AND valid_from <= p.ends_on AND (valid_to IS NULL OR valid_to > p.ends_on)
          AND starts_with(l.division_id, coalesce(division_id, ''))
        ORDER BY length(coalesce(division_id, '')) DESC LIMIT 1
    ) r ON true
    JOIN due ON due.number = e.number + coalesce(r.working_days, CASE p.cadence {_DEFAULTS} END)
    WHERE due.day < %(on)s
),
reported AS (
    SELECT r.task_id, r.period, r.reported_on > r.due_on AS late FROM proposals_ledgerreport r
    JOIN tasks t ON t.id = r.task_id WHERE r.reported_on <= %(on)s
),
missing AS (
    SELECT t.id, count(*) AS missing, min(x.due_on) AS oldest,
        (array_agg(x.period ORDER BY x.due_on, x.period))[:{SHOWN}] AS periods
    FROM tasks t
    JOIN expected x ON x.division_id = t.division_id AND x.year = t.year AND x.ends_on >= t.posted_on
    LEFT JOIN reported r ON r.task_id = t.id AND r.period = x.period
    WHERE r.task_id IS NULL GROUP BY t.id
),
late AS (SELECT task_id, count(*) AS late FROM reported WHERE late GROUP BY task_id)"""


def _problems(on: date) -> tuple[str, dict]:
    sql = f"""{_OWED}
        SELECT t.id::varchar(80) AS subject, t.division_id,
            least(m.oldest, CASE WHEN t.overdue THEN t.due_on END) AS due_on, jsonb_build_object(
            'task', t.id, 'year', t.year, 'number', t.number, 'title', t.title, 'missing', coalesce(m.missing, 0),
            'oldest', m.oldest, 'periods', to_jsonb(m.periods), 'late', coalesce(l.late, 0), 'due', t.due_on,
            'overdue', t.overdue, 'rolled', t.rolled, 'rule', r.value, 'document', r.document, 'article', r.article,
            'on', %(on)s::date) AS facts
        FROM tasks t
        LEFT JOIN missing m ON m.id = t.id
        LEFT JOIN late l ON l.task_id = t.id
        {nearest_rule(REPORT_DUE, "t.division_id", "r")}
        WHERE m.missing > 0 OR t.overdue"""
    return sql, {"on": on}


def _headline(facts: dict) -> str:
    missing = str(facts["missing"]) != "0"
    if missing and facts["overdue"]:
        return _("任务“%(title)s”应在 %(due)s 前完成，已逾期；另缺 %(missing)s 份进展报告。") % facts
    if missing:
        return _("任务“%(title)s”缺 %(missing)s 份进展报告，最早的应在 %(oldest)s 前报送。") % facts
    return _("任务“%(title)s”应在 %(due)s 前完成，已逾期。") % facts


def _lines(facts: dict) -> list[Line]:
    lines = [Line(_("完成期限"), facts["due"])]
    if facts["overdue"]:
        lines.append(Line(_("逾期起始"), day_after(facts["due"])))
    if facts.get("rolled"):
        lines.append(Line(_("台账"), _("已转入下年度"), _("本年度各期的报告仍要报送")))
    if facts["missing"]:
        shown = _("、").join(facts["periods"])
        more = _("%(periods)s 等") % {"periods": shown} if facts["missing"] > len(facts["periods"]) else shown
        lines.append(Line(_("缺报"), _("%(n)s 份") % {"n": facts["missing"]}, more))
    lines.append(Line(_("迟报"), _("%(n)s 份") % {"n": facts["late"]}, _("已经报送，但晚于期限")))
    return [*lines, ruled(REPORT_DUE, facts)]


LEDGER_REPORTS = Inspection(
    key="ledger_reports",
    label=gettext_lazy("任务台账逾期或缺报"),
    sentence=gettext_lazy(
        "挂账任务是否按期完成，月、季、半年和年度进展报告是否按期报送，转入下年度的任务仍查原年度的报告；迟报与缺报分开计算。"
    ),
    topic="proposals",
    subjects=lambda on: counted(f"SELECT count(*) FROM proposals_ledgertask WHERE {_LOOKED_AT}", {"on": on}),
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("补报缺少的进展报告；任务完成的，附佐证申请销号，由他人审核。"),
)
INSPECTIONS = (LEDGER_REPORTS,)
