"""The first page after log-in: what needs the reader, how the reader's territory stands, where to go next."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.findings.runs import outlook
from portal.core.lib.clock import today as the_day
from portal.core.lib.codes import COUNTRY, Level, level_of
from portal.core.sheets.models import OPEN_STATES, ImportBatch
from portal.core.territory.models import LEVEL_LABELS
from portal.core.territory.totals import figures_day
from portal.core.web import keep
from portal.core.web.later import counting
from portal.pages import sentences
from portal.pages.dashboard import short_slots
from portal.pages.deadlines import deadlines_of
from portal.pages.indicator_links import staffing_urls
from portal.pages.staffing_table import line_of
from portal.registry import DUTIES, INSPECTIONS
from workforce.counters import BOOK
from workforce.enums import StaffingStatus
from workforce.queries.overview import Overview, statuses_by_level
from workforce.queries.staffing import Counted, StaffingQuery

SENTENCES_SHOWN = 5
GAPS_SHOWN = 5


@dataclass(frozen=True)
class Step:
    """Something a role does often, as a line of the page; `place` is handed the reader's first territory."""

    perm: Perm
    name: str
    label: str | Promise
    hint: str | Promise
    icon: str
    place: bool = False


STEPS = (
    Step(
        Perm.CHANGE_ROSTER,
        "import_new",
        gettext_lazy("导入名册"),
        gettext_lazy("下载模板，填好后上传；先检查、预览，确认后才写入。"),
        "upload",
    ),
    Step(
        Perm.CHANGE_ROSTER,
        "roster_grid_home",
        gettext_lazy("表格录入"),
        gettext_lazy("像电子表格一样直接填写，也可以从 Excel 整块粘贴。"),
        "table",
    ),
    Step(Perm.VIEW_ROSTER, "roster", gettext_lazy("查看队伍"), gettext_lazy("名册、任职、合同和证书。"), "people"),
    Step(
        Perm.CHANGE_SERVICE,
        "service",
        gettext_lazy("记服务台账"),
        gettext_lazy("走访、诉求、值班、议事和微项目，手机上也能记。"),
        "list-check",
    ),
    Step(
        Perm.HANDLE_PROPOSALS,
        "proposal_board",
        gettext_lazy("提案办理进度"),
        gettext_lazy("每一件到了哪一步、还剩几天，按剩余天数排列。"),
        "envelope-paper",
    ),
    Step(
        Perm.CHANGE_POLICY,
        "policies",
        gettext_lazy("查看和录入政策"),
        gettext_lazy("配备标准及其依据，从哪天起执行。"),
        "journal-text",
    ),
    Step(
        Perm.VIEW_AUDIT,
        "audit",
        gettext_lazy("查看审计记录"),
        gettext_lazy("谁在何时何处改了什么，谁看过个人信息。"),
        "shield-check",
    ),
    Step(
        Perm.MANAGE_ACCOUNTS,
        "accounts",
        gettext_lazy("管理账号"),
        gettext_lazy("开户、停用、重置密码。"),
        "person-badge",
    ),
    Step(
        Perm.MANAGE_GRANTS,
        "accounts",
        gettext_lazy("管理授权"),
        gettext_lazy("授予和撤销角色，解除锁定。"),
        "shield-lock",
    ),
)
# Who has work that may wait for them; the others see how their territory stands instead.
WITH_WORK = (Perm.VIEW_FINDINGS, Perm.IMPORT_ROSTER, Perm.HANDLE_PROPOSALS)
DRILL_DOWN = {
    Level.PROVINCE: gettext_lazy("逐级查看缺口，可排序、筛选、导出。"),
    Level.COMMUNITY: gettext_lazy("岗位、人员、人口和预警。"),
}


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Open to everybody who is logged in; what it shows depends on what the reader may see."""
    on, now = keep.day_of(request), keep.day_of(request) == the_day()
    own = _own(request)
    if own and (page := counting(request, BOOK, own, on)) is not None:
        return page
    standing = _standing(request, on) if request.user.can(Perm.VIEW_STAFFING) else {}
    context = {
        "on": on,
        "now": now,
        "steps": _steps(request),
        "needs": _needs(request, standing.get("levels", [])) if now else None,
        "dashboard": _dashboard(request),
        "deadlines": deadlines_of(request, on) if now and request.user.can(Perm.VIEW_FINDINGS) else None,
        **standing,
    }
    return render(request, "portal/today.html", context)


def _own(request: HttpRequest) -> str:
    """The first place whose figures the reader sees; empty where there is none."""
    return next((code or COUNTRY for code in request.user.territories(Perm.VIEW_STAFFING)), "")


def _steps(request: HttpRequest) -> list[dict]:
    user = request.user
    steps = [
        {"url": keep.page_url(request, step.name), "label": step.label, "hint": step.hint, "icon": step.icon}
        for step in STEPS
        if user.can(step.perm)
    ]
    if own := _own(request):
        hint = DRILL_DOWN.get(level_of(own), DRILL_DOWN[Level.PROVINCE])
        label = _("查看本社区") if level_of(own) == Level.COMMUNITY else _("查看配备情况")
        drill = {"url": keep.page_url(request, "division", own), "label": label, "hint": hint, "icon": "diagram-3"}
        # After the own work of those who write the roster, and of departments that only answer proposals.
        answers_only = user.can(Perm.HANDLE_PROPOSALS) and not user.can(Perm.VIEW_ROSTER)
        steps.insert(2 if user.can(Perm.CHANGE_ROSTER) else int(answers_only), drill)
    return steps


def _dashboard(request: HttpRequest) -> dict | None:
    """The short dashboard of the reader's first territory; None for who sees none."""
    code = _own(request)
    if not code:
        return None
    return {"slots": short_slots(request, code), "url": keep.page_url(request, "division", code)}


def _standing(request: HttpRequest, on: date) -> dict:
    """Sentences of the reader's territories, how many divisions comply by level, the biggest gaps."""
    codes = tuple(request.user.territories(Perm.VIEW_STAFFING))
    query = {"territories": codes, "on": on, "figures_on": figures_day(), "counted": Counted()}
    shown = {"level": 0} if codes == ("",) else {"codes": codes[:SENTENCES_SHOWN]}
    figures = StaffingQuery(**query, **shown).rows()
    above = min((level_of(code) for code in codes if code), default=0)
    levels = statuses_by_level(StaffingQuery(**query), above) if codes != ("",) else {}
    return {
        "figures": [_sentence(request, number, figure) for number, figure in enumerate(figures)],
        "levels": [_level(request, level, overview, codes) for level, overview in levels.items()],
        "gaps": [line_of(row) for row in _biggest_gaps(codes, query) if (row.gap or 0) > 0],
    }


def _biggest_gaps(codes: tuple[str, ...], query: dict) -> list:
    """Among the divisions one step down; of several territories, among these themselves."""
    if codes == ("",):
        return StaffingQuery(**query, level=Level.PROVINCE).rows("-gap", limit=GAPS_SHOWN)
    if len(codes) > 1:
        return StaffingQuery(**query, codes=codes).rows("-gap", limit=GAPS_SHOWN)
    return StaffingQuery(**query, under=codes[0], parent=codes[0]).rows("-gap", limit=GAPS_SHOWN)


def _sentence(request: HttpRequest, number: int, figure) -> dict:
    may = request.user.can(Perm.VIEW_POLICY, figure.code)
    return {
        "id": f"sentence-{number}",
        "division": {"label": figure.name, "code": figure.code},
        "figure": figure,
        "on": figure.on,
        "sentence": sentences.staffing_sentence(figure, staffing_urls(request, figure.code)),
        "basis": sentences.basis_line(figure),
        "cautions": sentences.cautions(figure),
        "policy_url": keep.page_url(request, "policies", place=figure.code) if may else "",
    }


def _level(request: HttpRequest, level: int, overview: Overview, codes: tuple[str, ...]) -> dict:
    counts = overview.statuses
    url = keep.page_url(request, "division", codes[0]) if len(codes) == 1 else ""
    sign = "&" if "?" in url else "?"
    return {
        "level": level,
        "label": LEVEL_LABELS[level],
        "met": counts.get(StaffingStatus.MET, 0),
        "judged": overview.judged,
        "short": counts.get(StaffingStatus.SHORT, 0),
        "no_data": counts.get(StaffingStatus.NO_DATA, 0),
        "url": f"{url}{sign}level={Level(level).name.lower()}" if url else "",
    }


def _needs(request: HttpRequest, levels: list[dict]) -> dict | None:
    """What waits for the reader, the first due first; None where the reader's role has no such work."""
    user = request.user
    if not any(user.can(perm) for perm in WITH_WORK):
        return None
    seen = ImportBatch.objects.for_user(user, Perm.IMPORT_ROSTER).filter(state__in=OPEN_STATES)
    # Those of the offices below are theirs to finish.
    batches = seen.filter(Q(pk__in=ImportBatch.objects.for_user(user, Perm.CHANGE_ROSTER)) | Q(uploaded_by=user))
    unknown = next((level for level in levels if level["level"] == Level.COMMUNITY and level["no_data"]), None)
    return {
        "duties": sorted(
            (duty for duties in DUTIES for duty in duties(user)), key=lambda duty: duty.due_on or date.max
        ),
        "batches": list(batches.select_related("division").order_by("uploaded_at")),
        "unknown": unknown if user.can(Perm.CHANGE_POPULATION) else None,
        "outlook": outlook(INSPECTIONS.values()) if user.can(Perm.HANDLE_FINDINGS) else None,
    }


routes = [path("", today, name="today")]
