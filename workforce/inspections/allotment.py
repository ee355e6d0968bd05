"""Communities with fewer heads than their allotment by households gives them (domain §1.B3, §2.5)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import ALLOTMENT as FIXED
from portal.core.policy.kinds import BRACKETS, STAFFING, STAFFING_CAP
from workforce.inspections.wording import counted, heads, homes, number_lines, source_of
from workforce.queries.allotment import allotment_sql

ENGINES = {
    "per_population": STAFFING.label,
    "allotment": FIXED.label,
    "brackets": BRACKETS.label,
    "cap": STAFFING_CAP.label,
}
# The first condition spares the country without such a rule the whole count.
_IN_FORCE = f"""EXISTS (SELECT 1 FROM rules WHERE kind IN ('{FIXED.key}', '{BRACKETS.key}'))
    AND (allotment IS NOT NULL OR brackets IS NOT NULL) AND chosen IS NOT NULL"""
# The ratio alone is the business of the staffing check; a most that misses an engine's data proves no gap.
_SHORT = (
    f"{_IN_FORCE} AND workers < allotted AND certainty IN ('exact', 'least') AND binding <> ARRAY['per_population']"
)


def _subjects(on: date) -> int:
    return counted(*allotment_sql(on, f"SELECT count(*) FROM allotted WHERE {_IN_FORCE}"))


def _problems(on: date) -> tuple[str, dict]:
    return allotment_sql(
        on,
        f"""SELECT code::varchar(80) AS subject, code AS division_id, NULL::date AS due_on, jsonb_build_object(
            'level', level, 'workers', workers, 'required', allotted, 'gap', allotted - workers, 'chosen', chosen,
            'population', population, 'households', households, 'households_on', households_on,
            'by_population', by_population, 'by_allotment', by_allotment, 'by_brackets', by_brackets, 'cap', cap,
            'choose', choose, 'certainty', certainty, 'binding', binding[array_upper(binding, 1)],
            'document', bound.document, 'article', bound.article, 'on', %(on)s::date) AS facts
        FROM allotted CROSS JOIN LATERAL (
            SELECT * FROM (VALUES ('cap', cap_document, cap_article), ('allotment', allotment_document, allotment_article),
                ('brackets', brackets_document, brackets_article)) AS v (engine, document, article)
            WHERE engine = binding[array_upper(binding, 1)]
        ) bound WHERE {_SHORT}""",
    )


def _headline(facts: dict) -> str:
    words = {**facts, "engine": ENGINES[facts["binding"]]}
    return _("按“%(engine)s”应配 %(required)s 人，在岗 %(workers)s 人，缺 %(gap)s 人。") % words


def _lines(facts: dict) -> list[Line]:
    names = (("required", _("应配")), ("workers", _("在岗")), ("gap", _("缺")))
    each = (("by_population", STAFFING.label), ("by_allotment", FIXED.label), ("by_brackets", BRACKETS.label))
    lines = [*number_lines(facts, heads, *names), *number_lines(facts, heads, *each, ("cap", STAFFING_CAP.label))]
    lines += number_lines(facts, homes, ("households", _("户数")))
    if facts["households_on"]:
        lines.append(Line(_("户数时点"), facts["households_on"]))
    lines.append(Line(_("起作用的规则"), str(ENGINES[facts["binding"]]), source_of(facts)))
    return lines


ALLOTMENT = Inspection(
    key="allotment",
    label=gettext_lazy("社区未配足职数"),
    sentence=gettext_lazy(
        "每个社区的在岗人数是否达到按户数核定的职数（4+N、分档），多种办法并存时按规定取大或取小，并受上限约束。"
    ),
    topic="staffing",
    subjects=_subjects,
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("补足在岗人数，或者更正户数；下一次检查会自动消除本预警。"),
)
INSPECTIONS = (ALLOTMENT,)
