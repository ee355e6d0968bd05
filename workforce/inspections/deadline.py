"""A staffing standard that begins soon: who would fall short of it with the people and residents of today (domain §1.B5)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.lib.clock import today
from portal.core.policy.kinds import STAFFING, STAFFING_NOTICE
from portal.core.policy.queries import nearest_rule
from portal.core.territory.models import Basis
from workforce.inspections.wording import counted, heads, number_lines, rule_line
from workforce.queries.staffing import StaffingQuery

# The next standard of every division: the nearest one that will be in force on the day it begins.
_COMING = f"""
, announced AS MATERIALIZED (
    SELECT coalesce(division_id, '') AS scope, valid_from, valid_to, value, document, article
    FROM core_policyrule WHERE kind = '{STAFFING.key}' AND (valid_to IS NULL OR valid_to > %(on)s)
),
coming AS (
    SELECT s.*, c.valid_from AS due_on, c.document AS new_document, c.article AS new_article,
        (c.value->>'heads')::int AS new_heads, (c.value->>'per')::int AS new_per,
        ceil(s.population * (c.value->>'heads')::numeric / (c.value->>'per')::int)::int AS required,
        CASE WHEN s.heads IS NOT NULL THEN ceil(s.population * s.heads::numeric / s.per)::int END AS required_now
    FROM shown s
    {nearest_rule(STAFFING_NOTICE, "s.code", "n")}
    JOIN LATERAL (
        SELECT a.* FROM announced a
        WHERE starts_with(s.code, a.scope) AND a.valid_from > %(on)s
          AND a.valid_from <= %(on)s::date
              + make_interval(months => coalesce((n.value->>'months')::int, {STAFFING_NOTICE.default["months"]}))
          AND NOT EXISTS (
              SELECT 1 FROM announced b
              WHERE starts_with(s.code, b.scope) AND length(b.scope) > length(a.scope)
                AND b.valid_from <= a.valid_from AND (b.valid_to IS NULL OR b.valid_to > a.valid_from))
        ORDER BY a.valid_from LIMIT 1
    ) c ON true
    WHERE s.urban AND s.population > 0 AND EXISTS (SELECT 1 FROM announced WHERE valid_from > %(on)s)
)"""


def _query(on: date, select: str) -> tuple[str, dict]:
    return StaffingQuery(territories=("",), on=on).sql(f"{_COMING} {select}")


def _subjects(on: date) -> int:
    return counted(*_query(on, "SELECT count(*) FROM coming"))


def _problems(on: date) -> tuple[str, dict]:
    """Short of a standard that asks for more than today's; one that asks for no more repeats the present finding."""
    return _query(
        on,
        """SELECT code::varchar(80) AS subject, code AS division_id, due_on, jsonb_build_object(
            'level', level, 'workers', workers, 'population', population, 'basis', basis,
            'population_on', population_on, 'heads', new_heads, 'per', new_per, 'required', required,
            'required_now', required_now, 'gap', required - workers, 'due', due_on,
            'document', new_document, 'article', new_article, 'on', %(on)s::date) AS facts
        FROM coming WHERE workers < required AND required > coalesce(required_now, 0)""",
    )


def _headline(facts: dict) -> str:
    left = (date.fromisoformat(facts["due"]) - today()).days
    if left > 0:
        said = _(
            "%(due)s 起执行新标准（还有 %(left)s 天）：应配 %(required)s 人，现在岗 %(workers)s 人，缺 %(gap)s 人。"
        )
    else:
        said = _("%(due)s 起执行新标准：应配 %(required)s 人，在岗 %(workers)s 人，缺 %(gap)s 人。")
    return said % {**facts, "left": left}


def _lines(facts: dict) -> list[Line]:
    names = (
        ("required", _("按新标准应配")),
        ("required_now", _("按现行标准应配")),
        ("workers", _("现在岗")),
        ("gap", _("届时缺")),
        ("population", _("人口")),
    )
    return [
        Line(_("新标准执行日"), facts["due"]),
        *number_lines(facts, heads, *names),
        Line(_("口径"), str(Basis(facts["basis"]).label)),
        rule_line(STAFFING, facts, _("新标准")),
    ]


DEADLINE = Inspection(
    key="staffing_deadline",
    label=gettext_lazy("新配备标准将缺员"),
    sentence=gettext_lazy(
        "即将执行的配备标准，按现有人口和在岗人数是否达到；提前多久看由“新配备标准提前多久预警”规定。"
    ),
    topic="staffing",
    subjects=_subjects,
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("在新标准执行日以前补足人数；执行日之后转为缺员预警。"),
)
INSPECTIONS = (DEADLINE,)
