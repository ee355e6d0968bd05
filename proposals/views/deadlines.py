"""A last day that explains itself day by day."""

from datetime import date
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.web import formats
from portal.core.web.access import requires
from proposals.deadlines import ExplainedDay
from proposals.models import Deadline
from proposals.queries import deadlines as reads
from proposals.views.case_page import kind_of
from proposals.views.deadline_panel import length_words, standing

KINDS_OF_DAY = {
    "workday": _L("工作日"),
    "make_up": _L("调休上班"),
    "holiday": _L("放假"),
    "weekend": _L("周末"),
}


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """Why a last day falls where it does: the rule, every day with its reason, what moved it."""
    held = get_object_or_404(reads.visible(request.user), pk=pk)
    days = reads.explained(held)
    context = {
        "held": held,
        "part": held.handling,
        "kind": kind_of(held.handling.proposal),
        "badge": standing(held),
        "rows": _facts(held),
        "months": _months(days, held),
        "guessed": sorted({day.day.year for day in days if day.provisional}) if held.provisional else [],
        "moved": days[-1].day != held.due_on,
        "suspensions": reads.suspensions_of(held),
        "moves": [_moved(one) for one in held.moves.select_related("moved_by").order_by("-pk")],
    }
    return render(request, "proposals/deadline.html", context)


def _facts(held: Deadline) -> list[dict]:
    end = reads.counted(held)
    rolls = _("不顺延") if held.rolling == "none" else _("遇放假顺延到下一个工作日")
    rows = [
        {"label": _("起算日期"), "value": formats.day(held.starts_on), "hint": "" if held.fixed else _("当天不计")},
        {"label": _("期限"), "value": length_words(held), "hint": held.rule},
    ]
    if held.added_days:
        given = _("补计 %(n)s 天，到 %(day)s") % {"n": held.added_days, "day": held.unrolled_on.isoformat()}
        rows += [{"label": _("计满"), "value": formats.day(end.plain_on)}, {"label": _("中止"), "value": given}]
    rows += [
        {"label": _("顺延前的日期"), "value": formats.day(held.unrolled_on), "hint": rolls},
        {"label": _("截止日期"), "value": formats.day(held.due_on)},
    ]
    return [*rows, {"label": _("逾期起始"), "value": formats.day(held.overdue_on)}] if held.overdue_on else rows


def _months(days: list[ExplainedDay], held: Deadline) -> list[dict]:
    """The days by month; those in which nothing but counting happens are folded away."""
    found = []
    for (year, month), group in groupby(days, lambda one: (one.day.year, one.day.month)):
        lines = [_day(one, held) for one in group]
        found.append({"first": date(year, month, 1), "lines": lines, "open": any(one["telling"] for one in lines)})
    return found


def _day(one: ExplainedDay, held: Deadline) -> dict:
    return {
        "day": one.day,
        "kind": KINDS_OF_DAY[one.why],
        "name": one.name,
        "words": _part_words(one, held.working_days is not None),
        "full": one.day == held.unrolled_on != held.due_on,
        "provisional": one.provisional,
        "last": one.last,
        "telling": one.last or one.part in ("start", "rolled"),
    }


def _part_words(one: ExplainedDay, working: bool) -> str:
    if one.part == "start":
        return _("起算日，不计")
    if one.part == "passed_over":
        return _("不上班，不计")
    if one.part == "rolled":
        return _("顺延到这一天") if one.last else _("不上班，顺延")
    if one.part == "suspended":
        return _("中止补计第 %(n)s 天") % {"n": one.number}
    if one.number is None:
        return _("规定的日期")
    return (_("第 %(n)s 个工作日") if working else _("第 %(n)s 天")) % {"n": one.number}


def _moved(one) -> dict:
    words = {"before": one.before.isoformat(), "after": one.after.isoformat()}
    title = _("由 %(before)s 改为 %(after)s") % words
    return {"when": one.moved_at, "exact": True, "title": title, "text": one.reason, "who": str(one.moved_by or "")}
