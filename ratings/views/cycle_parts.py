"""What the pages of a cycle show: lanes of the board, the line of steps, progress by place, who must act by when."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.workdays import provisional
from portal.core.web import keep
from portal.core.workdays.queries import calendar_from
from ratings import stages
from ratings.enums import Stage
from ratings.models import RatingCycle
from ratings.queries import cycles as reads
from ratings.views import cycle_acts
from workforce.views.answers import may_change_now

NAMES = {stage: Stage(stage).label for stage in stages.STAGES}
MOST_IN_LANE = 30
COMMUNITY_DIGITS = 12
EVENTS = {"rating_extended", "rating_returned"}


def tried(request: HttpRequest, action: Callable, said: str, **arguments: Any) -> bool:
    """Runs the action of a single button; a refusal becomes a message on the page that follows."""
    try:
        action(**arguments)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return False
    messages.success(request, said)
    return True


def lanes(request: HttpRequest, waiting: list[reads.Waiting]) -> list[dict]:
    """The board: one lane for each stage that something waits at, its lines the latest first."""
    found = []
    for stage in stages.STAGES:
        rows = [row for row in waiting if row.stage == stage]
        if not rows:
            continue
        found.append(
            {
                "stage": stage,
                "label": NAMES[stage],
                "units": sum(row.units for row in rows),
                "offices": len(rows),
                "late": sum(1 for row in rows if row.late),
                "rows": [_lane_row(request, row) for row in rows[:MOST_IN_LANE]],
                "more": max(len(rows) - MOST_IN_LANE, 0),
            }
        )
    return found


def _lane_row(request: HttpRequest, row: reads.Waiting) -> dict:
    mine = row.stage in stages.SCORING and request.user.can(Perm(stages.RATERS[row.stage]), row.code)
    steps = [] if row.stage in stages.SCORING else cycle_acts.offered(request, row.cycle)
    cycle_url = keep.page_url(request, "rating_cycle", row.cycle.pk, place=row.code if row.units else None)
    if mine and may_change_now(request):
        url = keep.page_url(request, "rating_sheet", row.cycle.pk, stage=row.stage, place=row.code)
        return {"row": row, "url": url, "button": _("打分"), "primary": True}
    if row.stage == stages.CALIBRATION and steps:
        url = keep.page_url(request, "rating_calibration", row.cycle.pk)
        return {"row": row, "url": url, "button": _("评定"), "primary": True}
    return {"row": row, "url": cycle_url, "button": _("办理") if steps else _("查看"), "primary": bool(steps)}


def steps_line(stage: str) -> list[dict]:
    """The line of stages up to `stage`; a decided rating waits for its filing."""
    here = stages.STAGES.index(stages.FILED if stage == stages.DECIDED else stage)
    found = []
    for place, one in enumerate(stages.STAGES):
        if one != stages.DECIDED:
            state = "done" if place < here or stage == stages.FILED else "current" if place == here else "todo"
            found.append({"label": _("备案") if one == stages.FILED else NAMES[one], "state": state})
    return found


def steps_of(cycle: RatingCycle) -> list[dict]:
    """The line of a whole cycle; scoring stages run side by side until the joint review."""
    found = steps_line(cycle.stage)
    if cycle.stage == stages.SELF:
        for step in found[: len(stages.SCORING)]:
            step["state"] = "current"
    return found


def cycle_context(request: HttpRequest, cycle: RatingCycle) -> dict:
    """Everything that the page of a cycle shows."""
    user = request.user
    under = _under(request, cycle)
    rows = reads.progress(user, cycle, under)
    sees = reads.sees_grades(user, cycle)
    graded = sees and stages.STAGES.index(cycle.stage) >= stages.STAGES.index(stages.CALIBRATION)
    rule = reads.shares_rule(cycle, today())
    manages = may_change_now(request) and user.can(Perm.MANAGE_RATINGS, cycle.division_id)
    return {
        "cycle": cycle,
        "steps": steps_of(cycle),
        "actions": [*_work(request, cycle, under), *cycle_acts.links(request, cycle)],
        "deadlines": deadlines(cycle),
        "facts": facts(cycle),
        "progress": [_progress_row(request, cycle, row) for row in rows],
        "scoring": cycle.stage == stages.SELF,
        "totals": _totals(rows),
        "stages": [(stage, NAMES[stage]) for stage in stages.UNIT_STAGES],
        "deviations": reads.distribution(reads.units(user).filter(cycle=cycle), rule) if graded else (),
        "rule": rule,
        "opinions": _opinions(request, cycle),
        "may_opine": manages and cycle.stage == stages.JOINT,
        "events": reads.events_of(cycle.division_id, cycle.pk, EVENTS),
        "names": NAMES,
    }


def _under(request: HttpRequest, cycle: RatingCycle) -> str:
    """The place to show units of: the one chosen inside the cycle, else the reader's own part of it."""
    chosen = keep.place_of(request)
    home = next(
        (code for code in request.user.territories(Perm.VIEW_RATINGS) if code.startswith(cycle.division_id)), ""
    )
    under = home or cycle.division_id
    return chosen if chosen.startswith(under) else under


def _opinions(request: HttpRequest, cycle: RatingCycle) -> list:
    """Opinions on the cycle, and on units of the reader's territory; like grades, for the office until the notice."""
    if not reads.sees_grades(request.user, cycle):
        return []
    mine = cycle.opinions.select_related("unit__division", "entered_by").order_by("department", "unit__division_id")
    seen = set(reads.units(request.user).filter(cycle=cycle, opinions__isnull=False).values_list("pk", flat=True))
    return [one for one in mine if one.unit_id is None or one.unit_id in seen]


def _work(request: HttpRequest, cycle: RatingCycle, under: str) -> list[dict]:
    """Links to where the reader works in the present stage."""
    if not may_change_now(request):
        return []
    found = []
    if cycle.stage == stages.SELF:
        for stage, perm in stages.RATERS.items():
            if any(code.startswith(cycle.division_id) for code in request.user.territories(Perm(perm))):
                url = keep.page_url(request, "rating_sheet", cycle.pk, stage=stage, place=under)
                found.append(
                    {"label": _("%(stage)s打分") % {"stage": NAMES[stage]}, "icon": "pencil-square", "url": url}
                )
    if cycle.stage == stages.CALIBRATION and request.user.can(Perm.MANAGE_RATINGS, cycle.division_id):
        url = keep.page_url(request, "rating_calibration", cycle.pk)
        found.append({"label": _("综合评定表"), "icon": "table", "url": url, "primary": True})
    return found


def deadlines(cycle: RatingCycle) -> list[dict]:
    """The last day of each stage, with how it stands today."""
    here = stages.STAGES.index(cycle.stage)
    found = []
    for stage in stages.TIMED:
        over = stages.STAGES.index(stage) < here
        found.append({"label": NAMES[stage], "due": reads.due_of(cycle, stage), "over": over})
    if cycle.notice_from:
        closed = here > stages.STAGES.index(stages.NOTICE)
        found.insert(
            5, {"label": NAMES[stages.NOTICE], "due": cycle.notice_until, "since": cycle.notice_from, "over": closed}
        )
    return found


def facts(cycle: RatingCycle) -> list[dict]:
    """What is on record about a cycle."""
    rows = [
        {"label": _("评定范围"), "value": cycle.division.label},
        {"label": _("取数时点"), "value": cycle.reference_on.isoformat()},
        {
            "label": _("自动取数"),
            "value": f"{cycle.scored_at:%Y-%m-%d}" if cycle.scored_at else _("尚未取数"),
        },
        {"label": _("启动日期"), "value": cycle.opened_on.isoformat()},
    ]
    if cycle.notice_from:
        years = provisional(cycle.notice_from, cycle.notice_until, calendar_from(cycle.notice_from))
        hint = (
            _("%(years)s 年的放假通知尚未载入，截止日期为暂定。") % {"years": _("、").join(map(str, years))}
            if years
            else ""
        )
        period = _("%(first)s 至 %(last)s") % {"first": cycle.notice_from, "last": cycle.notice_until}
        rows.append({"label": _("公示期"), "value": period, "hint": hint})
    if cycle.decision_number:
        rows.append({"label": _("认定文号"), "value": f"{cycle.decision_number}（{cycle.decided_on}）"})
    if cycle.filing_number:
        rows.append({"label": _("备案号"), "value": f"{cycle.filing_number}（{cycle.filed_on}）"})
    return rows


def _progress_row(request: HttpRequest, cycle: RatingCycle, row: reads.Progress) -> dict:
    narrower = keep.page_url(request, "rating_cycle", cycle.pk, place=row.code)
    url = keep.page_url(request, "rating_unit", row.unit) if len(row.code) == COMMUNITY_DIGITS else narrower
    counts = [row.counts.get(stage, 0) for stage in stages.UNIT_STAGES]
    return {"row": row, "url": url, "counts": counts, "done": counts[-1]}


def _totals(rows: list[reads.Progress]) -> dict:
    counts = [sum(row.counts.get(stage, 0) for row in rows) for stage in stages.UNIT_STAGES]
    return {"counts": counts, "units": sum(counts), "left_out": sum(row.left_out for row in rows), "done": counts[-1]}


def consequences_of(act: str, cycle: RatingCycle) -> list[str]:
    """What an act will change, as lines under its sentence."""
    if act == "decide":
        words = {"n": cycle.units.filter(left_out_because="").count()}
        return [_("写入 %(n)s 个单位的年度星级。") % words]
    if act == "extend":
        return [
            _("%(stage)s现在的截止日期：%(day)s")
            % {"stage": NAMES[stage], "day": reads.due_of(cycle, stage).isoformat()}
            for stage in stages.TIMED
        ]
    return []
