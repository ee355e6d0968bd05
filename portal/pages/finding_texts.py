"""What a finding says: the words come from the inspection that found it, the numbers from the facts it left."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.core.accounts.roles import Perm
from portal.core.findings.models import RESTING, Finding, Holder, State
from portal.core.findings.queries import last_looks
from portal.core.lib.codes import ancestors
from portal.core.policy.kinds import ESCALATION
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.web import formats
from portal.registry import INSPECTIONS
from workforce.models import Person

OFFICES = {
    Holder.STREET: gettext_lazy("街镇"),
    Holder.DISTRICT: gettext_lazy("区级"),
    Holder.CITY: gettext_lazy("市级"),
}
YEARS = {"year"}
CHANGES = {
    "escalate_findings": gettext_lazy("到期未处理，上报%(level)s"),
    "wake_findings": gettext_lazy("计划或暂缓的日期已过，重新待处理"),
    "reopen_many": gettext_lazy("撤回计划或暂缓"),
}


def kind_label(kind: str) -> str:
    inspection = INSPECTIONS.get(kind)
    return str(inspection.label) if inspection else kind


def with_texts(findings: Iterable[Finding], user=None) -> list[Finding]:
    """The findings with `label`, `headline` and `remedy`, and `person` for readers who may see the roster.

    A kind that is no longer inspected keeps its key as label. One query more for the names, however many findings.
    """
    found = list(findings)
    people = people_of(found, user)
    for finding in found:
        inspection = INSPECTIONS.get(finding.kind)
        finding.label = kind_label(finding.kind)
        finding.headline = headline_of(finding, readable(finding.facts))
        finding.remedy = str(inspection.remedy) if inspection else ""
        finding.person = people.get(finding.facts.get("person"))
    return found


def headline_of(finding: Finding, facts: dict | None = None) -> str:
    """The finding in a sentence.

    A resolved finding keeps the facts of its day for ever; where later releases say more than these hold, the label
    stands in.
    """
    inspection = INSPECTIONS.get(finding.kind)
    try:
        return (
            inspection.headline(finding.facts if facts is None else facts) if inspection else kind_label(finding.kind)
        )
    except (KeyError, TypeError, ValueError):
        return kind_label(finding.kind)


def people_of(findings: Iterable[Finding], user) -> dict[str, Person]:
    """The people that findings are about, by id as text, as far as the user may see the roster."""
    ids = {key for finding in findings if (key := finding.facts.get("person")) and _is_uuid(key)}
    if not ids or user is None or not user.can(Perm.VIEW_ROSTER):
        return {}
    rows = Person.objects.for_user(user, Perm.VIEW_ROSTER).filter(pk__in=ids).only("id", "name")
    return {str(person.pk): person for person in rows}


def _is_uuid(text: object) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True


def readable(facts: dict) -> dict:
    """The facts with thousands separators in their numbers; years are names, not numbers."""
    return {
        key: formats.number(value) if type(value) is int and key not in YEARS else value for key, value in facts.items()
    }


def with_looks(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with `looked_on`, the day of the last look at them; one query."""
    found = list(findings)
    looks = last_looks(finding.kind for finding in found)
    for finding in found:
        last = finding.resolved_on or looks.get(finding.kind, finding.seen_on)
        finding.looked_on = max(last, finding.seen_on)
    return found


def holders_of(findings: Iterable[Finding]) -> dict[str, str]:
    """Names of the divisions whose offices hold the findings, by code; one query."""
    codes = {finding.holder_code for finding in findings}
    return dict(Division.objects.filter(code__in=codes).values_list("code", "label"))


def within_of(findings: Iterable[Finding], user, below: str = "") -> dict[int, str]:
    """For every finding the names above its division, as far as the reader's territory goes; one query."""
    found = list(findings)
    codes = {above for finding in found for above in ancestors(finding.division_id)}
    known = Division.objects.for_user(user, Perm.VIEW_FINDINGS).filter(formal=False).in_bulk(codes)
    if below:
        known = {code: division for code, division in known.items() if len(code) > len(below)}
    return {
        finding.pk: " › ".join(known[c].label for c in reversed(ancestors(finding.division_id)) if c in known)
        for finding in found
    }


def facts_of(finding: Finding) -> list[dict]:
    """The numbers of a finding and the rule it was judged by, as lines of a definition list."""
    inspection = INSPECTIONS.get(finding.kind)
    try:
        lines = inspection.lines(finding.facts) if inspection else []
    except (KeyError, TypeError, ValueError):
        lines = []
    return [{"label": line.label, "value": line.value, "hint": line.hint} for line in lines]


def holding_of(finding: Finding, on: date) -> dict:
    """Who holds a finding since when, and what happens when: the end of its rest, or the day it goes up."""
    name = holders_of([finding]).get(finding.holder_code, "")
    words = {"name": name, "level": OFFICES[finding.held_level], "day": formats.day(finding.held_since)}
    return {"sentence": _("%(name)s（%(level)s）处理，%(day)s 起。") % words, "next": _next_step(finding, on)}


def _next_step(finding: Finding, on: date) -> str:
    if finding.state == State.PLANNED:
        day = formats.day(finding.planned_for)
        return _("计划 %(day)s 前完成；到期没有消除的，重新待处理。") % {"day": day}
    if finding.state == State.EXCUSED:
        return _("暂不处理到 %(day)s，之后重新待处理。") % {"day": formats.day(finding.excused_until)}
    if finding.state == State.RESOLVED or finding.held_level == Holder.CITY:
        return ""
    rule = rule_for(ESCALATION, finding.division_id, on).value
    days = rule["street_days" if finding.held_level == Holder.STREET else "district_days"]
    left = days - (on - finding.held_since).days
    above = OFFICES[Holder(finding.held_level - 1)]
    sentence = ngettext(
        "再过 %(days)s 天未消除、未列计划，上报%(above)s。", "再过 %(days)s 天未消除、未列计划，上报%(above)s。", left
    )
    return sentence % {"days": formats.number(max(left, 0)), "above": above}


def story_of(finding: Finding, events: list, earlier: Iterable[Finding]) -> list[dict]:
    """The history of a finding for the timeline, latest first."""
    story = [{"when": finding.opened_on, "title": _("检查发现"), "strong": True}]
    before = None
    for event in events:
        story.append(_event_line(event, before))
        before = event
    story.reverse()
    return story + [_earlier_line(one) for one in earlier]


def _event_line(event, before) -> dict:
    """One line for a change, told by the act that made it; what the days did is dated to the day it fell due."""
    act = (event.pgh_context or {}).get("act", "")
    if event.state == State.RESOLVED:
        return {"when": event.resolved_on, "title": _("检查不再发现，预警消除"), "strong": True}
    if act == "escalate_findings":
        level = OFFICES[Holder(event.held_level)]
        return {"when": event.held_since, "title": CHANGES[act] % {"level": level}, "strong": True}
    line = {"when": event.pgh_created_at, "exact": True, "text": event.note, "who": event.acknowledged_by}
    if act in CHANGES:
        return line | {"title": CHANGES[act], "text": event.note if act == "reopen_many" else ""}
    if event.state in RESTING:
        planned = event.state == State.PLANNED
        day = formats.day(event.planned_for if planned else event.excused_until)
        return line | {
            "title": _("列入计划，%(day)s 前完成") % {"day": day}
            if planned
            else _("暂不处理，到 %(day)s") % {"day": day}
        }
    same = before is not None and before.state == event.state
    return line | {"title": _("修改了处理说明") if same else _("已签收")}


def _earlier_line(finding: Finding) -> dict:
    words = {"opened": formats.day(finding.opened_on), "resolved": formats.day(finding.resolved_on)}
    title = _("以前的同类预警：%(opened)s 发现，%(resolved)s 消除") % words
    return {"when": finding.resolved_on or date.min, "title": title, "who": finding.acknowledged_by}
