"""What the page of a review case says: the line of stages, the facts, what happened, and why a step cannot be taken."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.findings.models import State
from portal.core.web import keep
from workforce import cases
from workforce.enums import CaseOutcome, CaseState
from workforce.models import ReviewCase, ReviewStep
from workforce.queries.cases import finding_of
from workforce.views.answers import may_change_now


def steps_of(found: ReviewCase, on_record: frozenset[str]) -> list[dict]:
    """The line of stages; those passed over by an early end are not marked as done."""
    closed = found.stage == CaseState.CLOSED
    here = cases.STAGES.index(found.stage)
    steps = []
    for place, stage in enumerate(cases.STAGES):
        current = stage == found.stage and not closed
        done = closed if stage == CaseState.CLOSED else stage in on_record and place < here
        steps.append({"label": NAMES[stage], "state": "current" if current else "done" if done else "todo"})
    return steps


NAMES = {
    CaseState.NOTICE: gettext_lazy("告知"),
    CaseState.HEARING: gettext_lazy("听取意见"),
    CaseState.SUPPORT: gettext_lazy("培训或调岗"),
    CaseState.DECISION: gettext_lazy("决定"),
    CaseState.DOCUMENT: gettext_lazy("文书"),
    CaseState.CLOSED: gettext_lazy("办结"),
}
ROUTES = {
    cases.EMPLOYER: gettext_lazy(
        "合同由用工单位依法处理：先告知、听取意见、培训或调岗，仍不符合的才可依法解除或终止。"
    ),
    cases.ELECTION: gettext_lazy("选举产生的成员只能由选举、罢免或党内程序免职，用工单位不能辞退。"),
}


ENDINGS = {
    cases.EMPLOYER: gettext_lazy(
        "解除或终止合同须在告知、听取意见、培训或调岗之后，由用工单位依法办理；这里只登记已作出的决定。"
    ),
    cases.ELECTION: gettext_lazy("选举产生的成员由居民会议罢免或按党内程序免职；这里只登记已作出的决定。"),
}


def facts_of(request: HttpRequest, found: ReviewCase, on: date) -> list[dict]:
    finding = finding_of(request.user, found)
    closed = found.stage == CaseState.CLOSED
    rows = [
        {"label": _("人员"), "value": found.person.name, "url": keep.page_url(request, "worker", found.person_id)},
        {
            "label": _("社区"),
            "value": found.division.label,
            "url": keep.page_url(request, "division", found.division_id),
        },
        {"label": _("事由"), "value": found.get_kind_display()},
        {"label": _("应满足日期"), "value": found.due_on.isoformat()},
        {"label": _("程序"), "value": found.get_route_display(), "hint": ROUTES[found.route]},
        {"label": _("立案日期"), "value": found.opened_on.isoformat()},
    ]
    if closed:
        rows.append({"label": _("结果"), "value": found.get_outcome_display()})
        if found.extended_to:
            paper = _("文书：%(number)s") % {"number": found.paper}
            rows.append({"label": _("取证期限延长至"), "value": found.extended_to.isoformat(), "hint": paper})
        rows.append({"label": _("办结日期"), "value": found.closed_on.isoformat()})
    else:
        rows.append({"label": _("在本阶段"), "value": _("%(n)s 天") % {"n": (on - found.since).days}})
    if finding is not None:
        label = _("查看预警（%(state)s）") % {"state": finding.get_state_display()}
        still = closed and finding.state != State.RESOLVED and not found.extended_to
        hint = _("个案办结不消除预警：期限还没有满足，请在预警中列入计划或暂不处理，写明文书编号。") if still else ""
        url = keep.page_url(request, "finding", finding.pk)
        rows.append({"label": _("相关预警"), "value": label, "url": url, "hint": hint})
    return rows


def waits_for(request: HttpRequest, found: ReviewCase) -> str:
    """Why the reader has no form for the next step; empty for a closed case."""
    if found.state == CaseState.CLOSED:
        return ""
    if not may_change_now(request):
        return _("正在查看其他日期的状态，只能阅读。")
    return _("这一步由区级或市级办理。") if found.state in cases.DECIDED_ABOVE else _("您可以查看，不能办理。")


def story_of(found: ReviewCase, steps: list[ReviewStep], on: date) -> list[dict]:
    """What happened by the day, latest first."""
    story = [{"when": found.opened_on, "title": _("自动立案"), "who": _("系统"), "strong": True}]
    cleared = found.outcome == CaseOutcome.CLEARED
    for step in steps:
        if step.on <= on:
            title = _("情形已消除，结案") if cleared and step is steps[-1] else NAMES[step.stage]
            title = _("更正决定") if step.corrects else title
            paper = _("文书：%(number)s") % {"number": step.document} if step.document else ""
            who = " · ".join(filter(None, [paper, step.taken_by]))
            story.append({"when": step.on, "title": title, "text": step.note, "who": who, "strong": True})
    return story[::-1]
