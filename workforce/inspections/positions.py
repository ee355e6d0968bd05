"""More positions taken than established, exceptions left aside (domain §1.B3 总量调控)."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.inspection import Inspection, Line
from portal.core.policy.kinds import POSITION_CONTROL
from portal.core.policy.queries import RULES_CTE, nearest_rule
from workforce.enums import WorkerClass
from workforce.inspections.wording import counted, heads, number_lines
from workforce.queries.establishment import POSITIONS

_FROM = f"""
FROM established e
{nearest_rule(POSITION_CONTROL, "e.division_id", "c")}
LEFT JOIN taken t ON t.division_id = e.division_id AND t.worker_class = e.worker_class
WHERE coalesce(c.value->>'mode', '{POSITION_CONTROL.default["mode"]}') <> 'off'"""
_WITH = f"WITH {RULES_CTE}, {POSITIONS}"


def _given(on: date) -> dict:
    return {"on": on, "low": "", "high": ":"}


def _subjects(on: date) -> int:
    return counted(f"{_WITH} SELECT count(*) {_FROM}", _given(on))


def _problems(on: date) -> tuple[str, dict]:
    return (
        f"""{_WITH}
        SELECT (e.division_id || ':' || e.worker_class)::varchar(80) AS subject, e.division_id, NULL::date AS due_on,
            jsonb_build_object('worker_class', e.worker_class, 'posts', e.posts, 'taken', t.taken,
                'excepted', t.excepted, 'over', t.taken - t.excepted - e.posts, 'document', e.document, 'article', '',
                'on', %(on)s::date) AS facts
        {_FROM} AND t.taken - t.excepted > e.posts""",
        _given(on),
    )


def _headline(facts: dict) -> str:
    words = {**facts, "kind": WorkerClass(facts["worker_class"]).label}
    return _("%(kind)s核定员额 %(posts)s 人，实有 %(taken)s 人，超出 %(over)s 人，没有批准例外。") % words


def _lines(facts: dict) -> list[Line]:
    names = (("posts", _("核定")), ("taken", _("实有")), ("excepted", _("其中按例外批准")), ("over", _("超出")))
    kind = Line(_("人员类别"), str(WorkerClass(facts["worker_class"]).label))
    return [kind, *number_lines(facts, heads, *names), Line(_("核定依据"), facts["document"])]


OVER_ESTABLISHMENT = Inspection(
    key="over_establishment",
    label=gettext_lazy("超出核定员额"),
    sentence=gettext_lazy("核定了员额的社区，专职并纳入管理的人数是否超出员额；已按例外批准的不算。"),
    topic="staffing",
    subjects=_subjects,
    problems=_problems,
    headline=_headline,
    lines=_lines,
    remedy=gettext_lazy("申请增加员额、调整人员，或者由区里按例外批准；下一次检查会自动消除本预警。"),
)
INSPECTIONS = (OVER_ESTABLISHMENT,)
