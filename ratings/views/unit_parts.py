"""What the page of one unit shows: scores by stage, where a figure comes from, and what the reader may do next."""

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import keep
from ratings import stages
from ratings.actions.incidents import may_confirm
from ratings.enums import ItemKind, Star
from ratings.models import UnitRating
from ratings.queries import cycles as reads
from ratings.queries.scoring import why_no_points
from ratings.scoring import in_force
from ratings.views.cycle_parts import NAMES, steps_line
from workforce.views.answers import may_change_now

EVENTS = {"rating_sent_back"}


def present(unit: UnitRating) -> str:
    return stages.present(unit.stage, unit.cycle.stage)


def may_score(request: HttpRequest, unit: UnitRating) -> bool:
    """Whether the reader gives the points that the unit waits for, now."""
    due = reads.due_of(unit.cycle, unit.stage)
    return (
        may_change_now(request)
        and unit.cycle.stage == stages.SELF
        and unit.stage in stages.SCORING
        and not unit.left_out_because
        and request.user.can(Perm(stages.RATERS[unit.stage]), unit.division_id)
        and (due is None or today() <= due)
    )


def why_not(request: HttpRequest, unit: UnitRating) -> str:
    """Why the reader cannot score the unit."""
    due = reads.due_of(unit.cycle, unit.stage)
    if unit.left_out_because:
        return _("这个单位本年度不参评，不能打分。")
    if unit.cycle.stage == stages.SELF and unit.stage in stages.SCORING and due is not None and today() > due:
        words = {"stage": NAMES[unit.stage], "day": due.isoformat()}
        return _("%(stage)s已于 %(day)s 截止。确需补办的，请组织评定的单位先延长期限。") % words
    return _("这个单位现在处于%(stage)s阶段，不由您打分。") % {"stage": NAMES[present(unit)]}


def unit_context(request: HttpRequest, unit: UnitRating) -> dict:
    """Everything that the page of a unit shows."""
    seen = reads.seen_stages(request.user, unit)
    sees = reads.sees_grades(request.user, unit.cycle)
    return {
        "unit": unit,
        "steps": steps_line(present(unit)),
        "facts": _facts(unit, sees),
        "columns": [(stage, NAMES[stage]) for stage in seen],
        "lines": lines(request, unit, seen),
        "incidents": _incidents(request, unit),
        "visits": unit.sample_visits.select_related("entered_by").order_by("visited_on"),
        "opinions": unit.opinions.select_related("entered_by").order_by("given_on") if sees else [],
        "moves": unit.moves.select_related("moved_by").order_by("moved_at") if sees else [],
        "sees": sees,
        "story": _story(unit, sees),
        "actions": acts(request, unit),
        "may_file": may_score(request, unit),
        "history_url": _url(request, "star_unit", unit.division_id),
    }


def _url(request: HttpRequest, name: str, *args, **params) -> str:
    try:
        return keep.page_url(request, name, *args, **params)
    except NoReverseMatch:
        return ""


def _facts(unit: UnitRating, sees: bool) -> list[dict]:
    rows = [
        {"label": _("类别"), "value": unit.get_unit_kind_display()},
        {"label": _("评定方案"), "value": unit.scheme.name},
        {
            "label": _("总分"),
            "value": _("未完成") if unit.total is None else unit.total,
            "hint": "" if unit.total is not None else _("各阶段打分完成后计算。"),
        },
        {"label": _("上年星级"), "value": unit.get_previous_display() if unit.previous is not None else _("首次评定")},
    ]
    if unit.vetoed:
        rows.append({"label": _("一票否决"), "value": _("有已确认的否决事项，评为无星。")})
    if sees and unit.banded is not None:
        rows.append({"label": _("按分数"), "value": unit.get_banded_display()})
    if sees and unit.grade is not None:
        rows.append({"label": _("星级"), "value": unit.get_grade_display()})
    if unit.left_out_because:
        rows.append({"label": _("不参评理由"), "value": unit.left_out_because})
    due = reads.due_of(unit.cycle, present(unit))
    if due is not None:
        rows.append({"label": _("本阶段截止"), "value": due.isoformat()})
    return rows


def lines(request: HttpRequest, unit: UnitRating, seen: tuple[str, ...]) -> list[dict]:
    """The scored items in their order: points by stage, those in force, the frozen figure with a way to its rows, files."""
    scores = reads.scores_of(unit)
    files: dict[int, list] = {}
    for one in unit.files:
        files.setdefault(one.item_id, []).append(one)
    found = []
    for item in unit.scheme.items.filter(kind=ItemKind.SCORE).order_by("order"):
        score = scores.get(item.pk)
        points = [(getattr(score, f"{s}_points", None), getattr(score, f"{s}_note", "")) for s in seen]
        shown = (
            score if score is not None and (score.auto_points is not None or len(seen) == len(stages.SCORING)) else None
        )
        found.append(
            {
                "item": item,
                "points": points,
                "force": in_force(shown) if shown is not None else _latest(points),
                "auto": score.auto_points if score is not None else None,
                "figure": figure_of(request, unit, score) if item.automatic else None,
                "files": files.get(item.pk, []),
            }
        )
    return found


def _latest(points: list[tuple]) -> object:
    return next((given for given, _note in reversed(points) if given is not None), None)


def figure_of(request: HttpRequest, unit: UnitRating, score) -> dict:
    """The figure an automatic item was scored from, and the address of the rows behind it on that day."""
    kept = score.figure if score is not None else None
    if not kept:
        return {"text": _("尚未取数"), "url": "", "why": "", "kept": None}
    on = kept["on"] if kept["on"] != today().isoformat() else None
    url = _url(request, "indicator_rows", kept["indicator"], part="numerator", place=unit.division_id, on=on)
    return {"text": kept["text"], "url": url, "why": why_no_points(score.item, kept), "kept": kept}


def _incidents(request: HttpRequest, unit: UnitRating) -> list[dict]:
    """Events with what the reader may do about each."""
    open_now = may_change_now(request) and unit.cycle.stage in (stages.SELF, stages.JOINT, stages.CALIBRATION)
    confirms = open_now and may_confirm(unit, request.user)
    found = []
    for one in reads.incidents_of(unit):
        waits = one.confirmed_by_id is None and not one.taken_back
        mine = one.entered_by_id == request.user.pk
        back = not one.taken_back and open_now and (confirms or (waits and mine))
        status = "ended" if one.taken_back else "waiting" if waits else "done"
        word = _("已撤回") if one.taken_back else _("待确认") if waits else _("已确认")
        found.append(
            {"row": one, "confirm": confirms and waits and not mine, "back": back, "status": status, "word": word}
        )
    return found


def acts(request: HttpRequest, unit: UnitRating) -> list[dict]:
    """What the reader may do with the unit, the next step first."""
    found: list[dict] = []
    if may_score(request, unit):
        url = keep.page_url(request, "rating_assess", unit.pk)
        found.append(
            {
                "label": _("%(stage)s打分") % {"stage": NAMES[unit.stage]},
                "icon": "pencil-square",
                "url": url,
                "primary": True,
            }
        )
    if not may_change_now(request):
        return found
    for act, label, offered in _choices(request, unit):
        if offered:
            found.append({"label": label, "url": keep.page_url(request, "rating_unit_act", unit.pk, act)})
    return found


def _choices(request: HttpRequest, unit: UnitRating) -> list[tuple[str, str, bool]]:
    user, cycle, code = request.user, unit.cycle, unit.division_id
    scoring, left_out = cycle.stage == stages.SELF, bool(unit.left_out_because)
    manages = user.can(Perm.MANAGE_RATINGS, cycle.division_id)
    before_notice = cycle.stage in (stages.SELF, stages.JOINT, stages.CALIBRATION)
    backs = [step for step in stages.backs_of(unit.stage) if user.can(Perm(step.perm), code)]
    rates = any(user.can(perm, code) for perm in (Perm.RATE_STREET, Perm.RATE_DISTRICT, Perm.MANAGE_RATINGS))
    checks = user.can(Perm.RATE_DISTRICT, code) and unit.stage in (stages.DISTRICT, stages.JOINT)
    return [
        ("move", _("调整星级"), manages and cycle.stage == stages.CALIBRATION and not left_out),
        ("send-back", _("退回"), scoring and bool(backs) and not left_out),
        ("visit", _("登记抽样走访"), scoring and checks and not left_out),
        ("incident", _("登记加减分或否决事项"), before_notice and rates and not left_out),
        ("leave-out", _("列为不参评"), before_notice and manages and not left_out),
        ("take-in", _("恢复参评"), scoring and manages and left_out),
    ]


def _story(unit: UnitRating, sees: bool) -> list[dict]:
    """What happened, the latest first: scores handed on, ways back, moves, decision."""
    found = [{"when": unit.cycle.opened_on, "title": _("列入评定"), "exact": False}]
    for stage in stages.SCORING:
        at, by = getattr(unit, f"{stage}_at"), getattr(unit, f"{stage}_by")
        if at is not None:
            title = _("%(stage)s提交") % {"stage": NAMES[stage]}
            found.append({"when": at, "title": title, "who": str(by), "exact": True, "strong": True})
    for event in reads.events_of(unit.division_id, unit.pk, EVENTS):
        title = _("退回到%(stage)s") % {"stage": NAMES[event.detail["to"]]}
        found.append({"when": event.at, "title": title, "text": event.reason, "who": event.actor, "exact": True})
    if sees:
        for move in unit.moves.all():
            words = {"before": Star(move.before).label, "after": Star(move.after).label}
            title = _("星级由%(before)s调整为%(after)s") % words
            found.append(
                {"when": move.moved_at, "title": title, "text": move.reason, "who": str(move.moved_by), "exact": True}
            )
    return sorted(found, key=lambda row: (f"{row['when']:%Y-%m-%d}", row["exact"], str(row["when"])), reverse=True)


def assess_context(request: HttpRequest, unit: UnitRating, form) -> dict:
    """The page on which one unit is scored: rows of the form with earlier points, files and figures."""
    earlier = stages.scorers_before(unit.stage)
    full = reads.with_scores(reads.units(request.user)).get(pk=unit.pk)
    known = {line["item"].pk: line for line in lines(request, full, earlier)}
    rows = [row | {"line": known[row["item"].pk]} for row in form.rows()]
    automatic = [line for line in known.values() if line["item"].automatic]
    columns = [(stage, NAMES[stage]) for stage in earlier]
    due = reads.due_of(unit.cycle, unit.stage)
    return {"unit": unit, "rows": rows, "automatic": automatic, "columns": columns, "due": due}
