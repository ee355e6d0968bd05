"""What the pages of positions show: the sentence, the table by class, applications, history and exceptions."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.lib.dated import last_day
from portal.core.policy.kinds import POSITION_CONTROL
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.paginator import Paginator
from workforce.enums import WorkerClass
from workforce.queries.establishment import (
    Line,
    Positions,
    applications,
    awaiting_exception,
    communities_with,
    exceptions,
    history_of,
    positions_under,
    together,
)
from workforce.views.answers import may_change_now

APPLICATIONS_SHOWN = 50
PAGE_ROWS = 100
ALL = ""
SHOWS = {
    "established": gettext_lazy("核定了员额的社区"),
    "taken": gettext_lazy("有人占用员额的社区"),
    "vacant": gettext_lazy("员额空缺的社区"),
    "over": gettext_lazy("超出员额的社区"),
    "applied": gettext_lazy("员额申请待审批的社区"),
    "unrecorded": gettext_lazy("未核定员额的社区"),
}


def page_context(request: HttpRequest, division: Division) -> dict:
    """Everything the page of a division shows, as far as the reader's rights go."""
    on, chosen, show = keep.day_of(request), _class_of(request), show_of(request, division)
    line, children = positions_under(division, on)
    figure = _figure(line, chosen)
    urls = _urls(request, chosen)
    found = applications(request.user, under=division.code, on=on)
    context = {
        "division": division,
        "on": on,
        "figure": figure,
        "sentence": sentence(figure, division.level == Level.COMMUNITY),
        "urls": urls(division),
        "classes": _classes(request, line),
        "chips": _chips(request, division, chosen),
        "lines": [
            {"division": child.division, "figure": _figure(child, chosen), "urls": urls(child.division)}
            for child in children
        ],
        "applications": list(found[:APPLICATIONS_SHOWN]),
        "rule": rule_for(POSITION_CONTROL, division.code, on),
        "decides": may_change_now(request) and request.user.can(Perm.DECIDE_POSTS, division.code),
    }
    if division.level == Level.COMMUNITY:
        return context | _of_community(request, division, on)
    return context | _listed(request, division, on, show, chosen) if show else context


def _listed(request: HttpRequest, division: Division, on, show: str, chosen: str) -> dict:
    """The communities that one number is made of, in place of the divisions one step below; who waits, of those."""
    lines = communities_with(division, on, show, chosen)
    figures = [_figure(line, chosen) for line in lines]
    urls, page = _urls(request, chosen), Paginator(lines, PAGE_ROWS).get_page(request.GET.get("page"))
    found = applications(request.user, under=division.code, on=on)
    context = {
        "lines": [
            {"division": one.division, "figure": _figure(one, chosen), "urls": urls(one.division)} for one in page
        ],
        "page": page,
        "shown": SHOWS[show],
        "whole_url": _page(request, division.code, chosen),
        "figure": together(figures),
        "urls": {},
    }
    if show == "applied":
        waiting = found.filter(waiting=True)
        context["applications"] = list(waiting.filter(worker_class=chosen) if chosen else waiting)
    return context


def _page(request: HttpRequest, code: str, chosen: str, **asked) -> str:
    return keep.page_url(request, "establishment", code, **({"class": chosen} if chosen else {}), **asked)


def _urls(request: HttpRequest, chosen: str) -> Callable[[Division], dict[str, str]]:
    """What gives the addresses of the rows behind the numbers of a division, by the names of the numbers.

    Both classes together are figures, whose rows are the records; people are on the roster, for who may see it; else
    the communities that a number is made of.
    """

    def urls(division: Division) -> dict[str, str]:
        code, community = division.code, division.level == Level.COMMUNITY
        found = {name: _page(request, code, chosen, **({} if community else {"show": name})) for name in SHOWS}
        if chosen == ALL:
            for name in ("established", "vacant", "over"):
                found[name] = keep.page_url(request, "indicator_rows", f"posts_{name}", part="numerator", place=code)
        if request.user.can(Perm.VIEW_ROSTER, code):
            found["taken"] = people_url(request, code, chosen)
        return found

    return urls


def people_url(request: HttpRequest, code: str, worker_class: str) -> str:
    """Who takes the positions of a class, or of both, at a place."""
    status = f"position_{worker_class}" if worker_class else "position"
    return keep.page_url(request, "roster", place=code, status=status)


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


def show_of(request: HttpRequest, division: Division) -> str:
    """Which communities are listed in place of the divisions below; '' for these."""
    asked = request.GET.get("show", "")
    return asked if asked in SHOWS and division.level != Level.COMMUNITY else ""


def _classes(request: HttpRequest, line: Line) -> list[dict]:
    """The classes one by one, as cards of a community."""
    sees = request.user.can(Perm.VIEW_ROSTER, line.division.code)
    return [
        {
            "label": WorkerClass(key).label,
            "figure": figure,
            "sentence": sentence(figure, True),
            "people_url": people_url(request, line.division.code, key) if sees and figure.taken else "",
        }
        for key, figure in line.by_class.items()
    ]


def _chips(request: HttpRequest, division: Division, chosen: str) -> list[dict]:
    choices = [(ALL, _("两类合计")), *WorkerClass.choices]
    return [
        {"label": label, "url": _page(request, division.code, key), "current": key == chosen} for key, label in choices
    ]


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
