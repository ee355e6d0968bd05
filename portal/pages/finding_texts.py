"""What a finding says: the words come from the inspection that found it, the numbers from the facts it left."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.models import Finding, State
from portal.core.policy.kinds import STAFFING
from portal.core.territory.models import Basis
from portal.core.web import formats
from portal.registry import INSPECTIONS

NUMBERS = (
    ("required", gettext_lazy("应配"), gettext_lazy("%(n)s 人")),
    ("workers", gettext_lazy("在岗"), gettext_lazy("%(n)s 人")),
    ("gap", gettext_lazy("缺"), gettext_lazy("%(n)s 人")),
    ("population", gettext_lazy("人口"), gettext_lazy("%(n)s 人")),
)


def kind_label(kind: str) -> str:
    inspection = INSPECTIONS.get(kind)
    return str(inspection.label) if inspection else kind


def with_texts(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with `label`, `headline` and `remedy`; a kind that is no longer inspected keeps its key as label."""
    found = list(findings)
    for finding in found:
        inspection = INSPECTIONS.get(finding.kind)
        finding.label = kind_label(finding.kind)
        finding.headline = inspection.headline(_readable(finding.facts)) if inspection else finding.label
        finding.remedy = str(inspection.remedy) if inspection else ""
    return found


def _readable(facts: dict) -> dict:
    """The facts with thousands separators in their numbers."""
    return {key: formats.number(value) if type(value) is int else value for key, value in facts.items()}


def facts_of(finding: Finding) -> list[dict]:
    """The numbers of a finding and the rule it was judged by, as lines of a definition list."""
    facts = finding.facts
    lines = [
        {"label": label, "value": unit % {"n": formats.number(facts[key])}}
        for key, label, unit in NUMBERS
        if facts.get(key) is not None
    ]
    if facts.get("basis") in Basis.values:
        lines.append({"label": _("口径"), "value": Basis(facts["basis"]).label})
    if facts.get("population_on"):
        lines.append({"label": _("人口时点"), "value": formats.day(facts["population_on"])})
    if facts.get("heads") and facts.get("per"):
        source = f"{facts.get('document') or ''} {facts.get('article') or ''}".strip()
        lines.append({"label": _("规则"), "value": STAFFING.in_words(facts), "hint": source})
    return lines


def story_of(finding: Finding, events: list, earlier: Iterable[Finding]) -> list[dict]:
    """The history of a finding for the timeline, latest first."""
    story = [{"when": finding.opened_on, "title": _("检查发现"), "strong": True}]
    before: Finding | None = None
    for event in events:
        story.append(_event_line(event, before))
        before = event
    story.reverse()
    return story + [_earlier_line(one) for one in earlier]


def _event_line(event, before) -> dict:
    """One line for a change: signed for, resolved, or a note that was changed."""
    if event.state == State.RESOLVED:
        return {"when": event.resolved_on, "title": _("检查不再发现，预警消除"), "strong": True}
    who = event.acknowledged_by
    title = _("已签收") if before is None or before.state != event.state else _("修改了处理说明")
    return {"when": event.pgh_created_at, "exact": True, "title": title, "text": event.note, "who": who}


def _earlier_line(finding: Finding) -> dict:
    words = {"opened": formats.day(finding.opened_on), "resolved": formats.day(finding.resolved_on)}
    title = _("以前的同类预警：%(opened)s 发现，%(resolved)s 消除") % words
    return {"when": finding.resolved_on or date.min, "title": title, "who": finding.acknowledged_by}
