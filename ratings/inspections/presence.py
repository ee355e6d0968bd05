"""Work in the grids (domain §1.H2, §1.H3): days with too few workers out, and workers whose visits take too little time.

Days are judged by the shifts entered for them; a day without shifts, and who rests, is no fault. Visits and grid rounds
are work in the grids; of the time only visits count.
"""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import GRID_PRESENCE
from portal.core.policy.queries import RULES_CTE, nearest_rule
from ratings.inspections.wording import days, judged, people, rule_line

WINDOW = 14  # days before today whose attendance is looked at

_JUDGED = f"""WITH {RULES_CTE},
rota AS (
    SELECT division_id AS code, "on" AS day, count(DISTINCT person_id) AS there,
        count(DISTINCT person_id) FILTER (WHERE work IN ('grid', 'visit')) AS out
    FROM ratings_shift WHERE "on" BETWEEN %(since)s AND %(until)s AND hours > 0 GROUP BY 1, 2
),
hours AS (
    SELECT division_id AS code, person_id, sum(hours) AS worked, coalesce(sum(hours) FILTER (WHERE work = 'visit'), 0) AS visits
    FROM ratings_shift WHERE "on" BETWEEN %(month)s AND %(month_end)s AND hours > 0 GROUP BY 1, 2
),
places AS (SELECT code FROM rota UNION SELECT code FROM hours),
judged AS (
    SELECT p.code, d.*, t.*, r.value AS rule, r.document, r.article
    FROM places p {nearest_rule(GRID_PRESENCE, "p.code", "r")}
    CROSS JOIN LATERAL (
        SELECT count(*) AS days, count(*) FILTER (WHERE short) AS short_days, max(day) FILTER (WHERE short) AS latest
        FROM (SELECT day, out * 100 < (r.value->>'staff_percent')::int * there AS short FROM rota WHERE code = p.code) x
    ) d
    CROSS JOIN LATERAL (
        SELECT count(*) AS workers,
            count(*) FILTER (WHERE visits * 100 < (r.value->>'time_percent')::int * worked) AS short_workers
        FROM hours WHERE code = p.code AND worked > 0
    ) t
    WHERE r.id IS NOT NULL
)"""


def _days_of(on: date) -> dict:
    """The days judged: the fortnight before `on`, and the calendar month before."""
    month_end = on.replace(day=1) - timedelta(days=1)
    return {
        "since": on - timedelta(days=WINDOW),
        "until": on - timedelta(days=1),
        "month": month_end.replace(day=1),
        "month_end": month_end,
    }


def _problems(on: date) -> tuple[str, dict]:
    sql = f"""{_JUDGED}
        SELECT code::varchar(80) AS subject, code AS division_id, NULL::date AS due_on, jsonb_build_object(
            'days', days, 'short_days', short_days, 'latest', latest, 'workers', workers, 'short_workers', short_workers,
            'month', to_char(%(month)s::date, 'YYYY-MM'), 'rule', rule, 'document', document, 'article', article,
            'on', %(on)s::date) AS facts
        FROM judged WHERE short_days > 0 OR short_workers > 0"""
    return sql, {"on": on, **_days_of(on)}


def _headline(facts: dict) -> str:
    return (
        _(
            "最近登记排班的 %(days)s 天中有 %(short_days)s 天下沉网格人数不足；"
            "%(month)s 有 %(short_workers)s 人走访时间不足。"
        )
        % facts
    )


def _lines(facts: dict) -> list[Line]:
    return [
        Line(_("登记排班的天数（最近两周）"), days(facts["days"])),
        Line(_("下沉人数不足的天数"), days(facts["short_days"]), facts["latest"] or ""),
        Line(_("登记工时的人数"), people(facts["workers"]), facts["month"]),
        Line(_("走访时间不足的人数"), people(facts["short_workers"]), facts["month"]),
        rule_line(GRID_PRESENCE, facts),
    ]


PRESENCE = Inspection(
    key="grid_presence",
    label=gettext_lazy("下沉网格不足"),
    sentence=gettext_lazy("登记了排班的社区，最近两周每天下沉网格的人数、上个月每人的走访时间是否达到规定。"),
    topic="service",
    subjects=lambda on: judged(_JUDGED, on, **_days_of(on)),
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("调整排班，或补记实际的下沉和走访；达到规定的两周以后自动消除。"),
)
INSPECTIONS = (PRESENCE,)
