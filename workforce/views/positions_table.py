"""What the pages of positions show: the sentence, the table by class, applications, history and exceptions."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.lib.dated import last_day
from portal.core.policy.kinds import POSITION_CONTROL
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from workforce.enums import WorkerClass
from workforce.queries.establishment import (
    Line,
    Positions,
    applications,
    awaiting_exception,
    exceptions,
    history_of,
    positions_under,
)
from workforce.views.answers import may_change_now

APPLICATIONS_SHOWN = 50
ALL = ""


def page_context(request: HttpRequest, division: Division) -> dict:
    """Everything the page of a division shows, as far as the reader's rights go."""
    on, chosen = keep.day_of(request), _class_of(request)
    line, children = positions_under(division, on)
    figure = _figure(line, chosen)
    found = applications(request.user, under=division.code, on=on)
    context = {
        "division": division,
        "on": on,
        "figure": figure,
        "sentence": sentence(figure, division.level == Level.COMMUNITY),
        "classes": _classes(line),
        "chips": _chips(request, division, chosen),
        "together": chosen == ALL,
        "lines": [{"division": child.division, "figure": _figure(child, chosen)} for child in children],
        "applications": list(found[:APPLICATIONS_SHOWN]),
        "rule": rule_for(POSITION_CONTROL, division.code, on),
        "decides": may_change_now(request) and request.user.can(Perm.DECIDE_POSTS, division.code),
    }
    return context | _of_community(request, division, on) if division.level == Level.COMMUNITY else context


def _of_community(request: HttpRequest, division: Division, on) -> dict:
    return {
        "history": [_step(step, on) for step in history_of(request.user, division.code)],
        "exceptions": list(exceptions(request.user, under=division.code, on=on)),
        "awaiting": list(awaiting_exception(request.user, division.code, on)),
        "sees_people": request.user.can(Perm.VIEW_ROSTER, division.code),
    }


def _class_of(request: HttpRequest) -> str:
    asked = request.GET.get("class", ALL)
    return asked if asked in WorkerClass.values else ALL


def _figure(line: Line, chosen: str) -> Positions:
    return line.by_class[chosen] if chosen else line.together


def _classes(line: Line) -> list[dict]:
    """The classes one by one, as cards of a community."""
    return [
        {"label": WorkerClass(key).label, "figure": figure, "sentence": sentence(figure, True)}
        for key, figure in line.by_class.items()
    ]


def _chips(request: HttpRequest, division: Division, chosen: str) -> list[dict]:
    def url(key: str) -> str:
        return keep.page_url(request, "establishment", division.code, **({"class": key} if key else {}))

    choices = [(ALL, _("两类合计")), *WorkerClass.choices]
    return [{"label": label, "url": url(key), "current": key == chosen} for key, label in choices]


def _step(step, on) -> dict:
    """One establishment in the history, with what it is on the day."""
    ended = step.valid_to is not None and step.valid_to <= on
    state = "ended" if ended else "future" if step.valid_from > on else "in_force"
    return {"step": step, "last": last_day(step.valid_to), "state": state}


def sentence(figure: Positions, community: bool) -> str:
    """Established, taken, vacant, beyond and applied for, in words that can be copied into a report."""
    if figure.established is None:
        words = {"taken": formats.number(figure.taken)}
        return (
            _("实有 %(taken)s 人占用员额；还没有核定员额，不作控制。")
            if community
            else _("实有 %(taken)s 人占用员额；辖区内还没有社区核定员额，不作控制。") % words
        ) % words
    names = ("established", "taken", "vacant", "over", "applied", "unrecorded")
    words = {name: formats.number(getattr(figure, name)) for name in names}
    parts = [_("核定员额 %(established)s 人，实有 %(taken)s 人，空缺 %(vacant)s 人")]
    parts += [_("超出 %(over)s 人")] if figure.over else []
    parts += [_("待审批 %(applied)s 人")] if figure.applied else []
    parts += [_("%(unrecorded)s 个社区尚未核定")] if figure.unrecorded and not community else []
    return _("%(parts)s。") % {"parts": _("，").join(parts) % words}


def actions_of(request: HttpRequest, division: Division) -> list[dict]:
    """Buttons of the page header, as far as the reader's rights go: today only."""
    if not may_change_now(request) or not division.urban or division.level < Level.DISTRICT:
        return []
    acts = []
    if request.user.can(Perm.CHANGE_ROSTER, division.code):
        url = keep.page_url(request, "establishment_apply", division.code)
        acts.append({"label": _("申请员额"), "icon": "plus-lg", "url": url, "primary": True})
    if request.user.can(Perm.DECIDE_POSTS, division.code):
        url = keep.page_url(request, "establishment_set", division.code)
        acts.append({"label": _("登记核定员额"), "icon": "pencil-square", "url": url})
    return acts
