"""The effect of a rule in words: lines of a table, and clauses of the sentence that can be copied into a report."""

from datetime import date

from django.utils.translation import gettext as _

from portal.core.web import formats
from portal.pages.sentences import standard
from workforce.enums import StaffingStatus
from workforce.queries.staffing import Staffing
from workforce.queries.supposing import Counted, Places, Share, StaffingChange


def now(label: str) -> str:
    return _("%(label)s（现行）") % {"label": label}


def then(label: str) -> str:
    return _("%(label)s（改后）") % {"label": label}


def caption(what: str, place: str, day: date) -> str:
    return _("%(what)s：%(place)s，%(day)s") % {"what": what, "place": place, "day": formats.day(day)}


def gap(value: int | None) -> str | None:
    """Heads missing, or how many there are too many."""
    if value is None or value >= 0:
        return formats.number(value)
    return _("多 %(n)s") % {"n": formats.number(-value)}


def people(value: int | None) -> str:
    return _("无数据") if value is None else _("%(n)s 人") % {"n": formats.number(value)}


def sentence(clauses: list[str], rule: str, place: str, day: date) -> str:
    """The whole in one sentence that says what it is: worked out, not decided."""
    head = _("若%(place)s自 %(day)s 起执行“%(rule)s”：") % {"place": place, "day": formats.day(day), "rule": rule}
    return head + _("；").join(clauses) + _("。以上为测算，未改动任何数据。")


def staffing_lines(before: Staffing, after: Staffing) -> list[dict]:
    """The figure of the place, line by line; what cannot be told says why."""
    told = [dict(_told(figure)) for figure in (before, after)]
    return [{"label": label, "before": told[0][label], "after": told[1].get(label)} for label in told[0]]


def _told(figure: Staffing) -> list[tuple[str, str]]:
    missing = str(StaffingStatus(figure.status).label)

    def known(value) -> str:
        return missing if value is None else people(value)

    population = missing
    if figure.population:
        words = {"basis": figure.basis_label, "n": formats.number(figure.population)}
        population = _("%(basis)s %(n)s 人") % words
    return [
        (_("标准（每万人）"), known(standard(figure))),
        (_("采用的人口"), population),
        (_("应配"), known(figure.required)),
        (_("在岗"), people(figure.workers)),
        (_("持证"), people(figure.certified)),
        (_("缺口"), missing if figure.gap is None else _("%(n)s 人") % {"n": gap(figure.gap)}),
    ]


def staffing_clauses(before: Staffing, after: Staffing) -> list[str]:
    clauses = []
    if after.required is None:
        clauses.append(_("应配%(why)s") % {"why": StaffingStatus(after.status).label})
    elif before.required is None:
        clauses.append(
            _("应配 %(n)s 人（现行%(why)s）")
            % {"n": formats.number(after.required), "why": StaffingStatus(before.status).label}
        )
    else:
        clauses.append(_compared(_("应配"), before.required, after.required))
    clauses.append(_compared(_("在岗"), before.workers, after.workers))
    if before.certified != after.certified:
        clauses.append(_compared(_("持证"), before.certified, after.certified))
    if after.gap is not None:
        clauses.append(
            _lacking(after.gap)
            if before.gap is None
            else _("%(after)s（现行%(before)s）") % {"after": _lacking(after.gap), "before": _lacking(before.gap)}
        )
        if before.gap is not None:
            clauses.append(_posts(after.gap - before.gap))
    return clauses


def _compared(label: str, before: int | None, after: int | None) -> str:
    words = {"label": label, "before": people(before), "after": people(after)}
    if before == after:
        return f"{words['label']} {words['after']}"
    return _("%(label)s %(after)s（现行 %(before)s）") % words


def _lacking(value: int) -> str:
    if value == 0:
        return _("不缺人")
    return (_("缺 %(n)s 人") if value > 0 else _("多 %(n)s 人")) % {"n": formats.number(abs(value))}


def _posts(change: int) -> str:
    if change == 0:
        return _("岗位不增不减")
    return (_("增加 %(n)s 个岗位") if change > 0 else _("减少 %(n)s 个岗位")) % {"n": formats.number(abs(change))}


def _levels(change: StaffingChange) -> list[tuple[str, Places]]:
    """The divisions shown below, and the communities where those are not the same."""
    levels = [(_("下级"), change.children)]
    if change.communities.judged and change.communities != change.children:
        levels.append((_("社区"), change.communities))
    return [(label, places) for label, places in levels if places.judged]


def places_lines(change: StaffingChange) -> list[dict]:
    return [
        {
            "label": _("新增缺员的%(level)s（共 %(judged)s 个）")
            % {"level": label, "judged": formats.number(places.judged)},
            "before": "0",
            "after": formats.number(len(places.newly_short)),
        }
        for label, places in _levels(change)
    ]


def places_clauses(change: StaffingChange) -> list[str]:
    clauses = []
    for label, places in _levels(change):
        numbers = {
            "level": label,
            "judged": formats.number(places.judged),
            "newly": formats.number(len(places.newly_short)),
            "relieved": formats.number(len(places.no_longer)),
        }
        text = _("%(judged)s 个%(level)s中新增 %(newly)s 个缺员")
        if places.no_longer:
            text = _("%(judged)s 个%(level)s中新增 %(newly)s 个缺员，%(relieved)s 个不再缺员")
        clauses.append(text % numbers)
    return clauses


def share_clause(before: Share, after: Share) -> str:
    words = {
        "workers": people(after.workers),
        "certified": people(after.certified),
        "target": people(after.target),
        "needed": people(after.needed),
    }
    text = _("在岗 %(workers)s中应有 %(target)s持证，现有 %(certified)s，还需 %(needed)s")
    if before.needed is not None:
        words["before"] = people(before.needed)
        text = _("在岗 %(workers)s中应有 %(target)s持证，现有 %(certified)s，还需 %(needed)s（现行还需 %(before)s）")
    return text % words


def allotment_clause(sums: Counted) -> str:
    clauses = [
        _compared(label, sums.before.get(name), sums.after.get(name))
        for name, label in (("allotted", _("各社区核定合计")), ("lacking", _("不足合计")))
    ]
    return _("，").join(clauses)


def problems_clause(label: str, sums: Counted) -> str:
    words = {
        "label": label,
        **{f"after_{name}": formats.number(count) for name, count in sums.after.items()},
        **{f"before_{name}": formats.number(count) for name, count in sums.before.items()},
    }
    if sums.before == sums.after:
        return _("“%(label)s”预警 %(after_problems)s 项，没有变化") % words
    text = _("“%(label)s”预警 %(after_problems)s 项（现行 %(before_problems)s 项）")
    if sums.before["overdue"] != sums.after["overdue"]:
        text += _("，其中已逾期 %(after_overdue)s 项（现行 %(before_overdue)s 项）")
    return text % words
