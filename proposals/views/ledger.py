"""The task ledger: the list of a year, one task, entering reports of a period for many tasks at once."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.reports.cadence import Period, just_ended
from portal.core.reports.words import period_name
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.downloads import hand_out
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import BoundedPaginator
from proposals.actions import ledger_reports as writes
from proposals.actions import tasks as task_acts
from proposals.actions.files import taken_out
from proposals.exports.ledger import REPORTS, TASKS
from proposals.forms.ledger_list import lines, listing
from proposals.forms.tasks import QuickForm, TaskForm
from proposals.importers.tasks import TASKS as SHEET
from proposals.ledger import CADENCES, EARLY, period_of_key
from proposals.models import CaseFile, Commitment, LedgerTask
from proposals.queries import ledger as reads
from proposals.views import task_page
from proposals.views.task_rolling import rolling_year
from ratings.views.ledger import gone, tried
from workforce.views.answers import form_page, may_change_now, page_or_part

PAGE_ROWS = 50
COLUMNS = (
    {"key": "number", "label": _L("序号")},
    {"key": "title", "label": _L("任务")},
    {"key": "chain", "label": _L("责任链")},
    {"key": "due", "label": _L("完成期限")},
    {"key": "reports", "label": _L("报告（按期、迟报、未报）")},
    {"key": "state", "label": _L("状态")},
)


@require_safe
@requires(Perm.VIEW_REPORTS)
@never_cache
def ledger(request: HttpRequest) -> HttpResponse:
    """The list of a year under a place, with what its reports stand at."""
    found = listing(request.user, request.GET, under=keep.place_of(request), on=keep.day_of(request))
    page = BoundedPaginator(found.tasks, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": lines(page, found.known, found.on),
        "columns": COLUMNS,
        "narrowed": found.narrowed,
    }
    context["posts"] = _may(request, Perm.SIGN_REPORTS)
    if not request.htmx:
        context |= _whole(request, found)
    return page_or_part(request, "proposals/ledger.html", "proposals/_ledger_rows.html", context)


def _whole(request: HttpRequest, found) -> dict:
    """What only the whole page shows."""
    reports = [{**one, "label": _("导出报告明细")} for one in export_menu(request, REPORTS)]
    return {
        "form": found.form,
        "year": found.year,
        "total": found.known.total,
        "actions": _actions(request, found.year),
        "pressing": _chips(request, found),
        "exports": [*export_menu(request, TASKS), *reports],
    }


def _chips(request: HttpRequest, found) -> list[dict]:
    """What needs somebody, each with its number and the list narrowed to it."""
    asked = request.GET.get("show", "")
    return [
        {
            "label": label,
            "count": count,
            "current": key == asked,
            "url": keep.page_url(request, "ledger", show=None if key == asked else key, year=found.year),
        }
        for key, label, count in found.pressing
        if count
    ]


def _may(request: HttpRequest, perm: Perm) -> bool:
    return may_change_now(request) and request.user.can(perm)


def _actions(request: HttpRequest, year: int) -> list[dict]:
    found = []
    if _may(request, Perm.MAKE_REPORTS):
        url = keep.page_url(request, "ledger_quick", latest_period().key)
        found.append({"label": _("批量报送"), "icon": "list-check", "url": url})
    if _may(request, Perm.SIGN_REPORTS):
        if year == rolling_year():
            found.append(
                {"label": _("转入下年度"), "icon": "arrow-right", "url": keep.page_url(request, "ledger_roll")}
            )
        url = keep.page_url(request, "import_new", kind=SHEET.kind)
        found.append({"label": _("导入清单"), "icon": "upload", "url": url})
        url = keep.page_url(request, "ledger_new")
        found.append({"label": _("任务挂账"), "icon": "plus-lg", "url": url, "primary": True})
    return found


def latest_period() -> Period:
    """The month whose reports come in now: the one just over, or the present one in its last days."""
    return just_ended(CADENCES[0], today() + EARLY)


@requires(Perm.SIGN_REPORTS)
@never_cache
def ledger_new(request: HttpRequest) -> HttpResponse:
    """Puts a task on the ledger; `?commitment=` makes it of a promise."""
    promised = _promised(request)
    initial = (
        {"title": promised.text[:200], "officer": promised.owner, "due_on": promised.due_on, "year": promised.year}
        if promised
        else {}
    )
    place = promised.division_id if promised else keep.place_of(request)
    form = TaskForm(request.POST or None, user=request.user, place=place, initial=initial)
    if form.is_valid():
        made = tried(form, task_acts.post_task, commitment=promised, by=request.user, **form.asked())
        if made:
            words = {"number": made.number, "year": made.year}
            sentence = _("已挂账：%(year)s 年第 %(number)s 项。") % words
            return gone(request, keep.page_url(request, "ledger_task", made.pk), sentence)
    lead = _("挂账后按年度清单报送：每月、每季、每半年和全年各一次；销号须有佐证，并由另一个人审核。")
    back = keep.page_url(request, "promise", promised.pk) if promised else keep.page_url(request, "ledger")
    context = {"title": _("任务挂账"), "lead": lead, "back": back, "draft": request.get_full_path()}
    return form_page(request, "workforce/plain_form.html", form, **context)


def _promised(request: HttpRequest) -> Commitment | None:
    key = request.GET.get("commitment", "")
    if not (key.isascii() and key.isdigit() and len(key) <= 18):
        return None
    return get_object_or_404(Commitment.objects.for_user(request.user, Perm.VIEW_PROPOSALS), pk=int(key))


@require_safe
@requires(Perm.VIEW_REPORTS)
@never_cache
def ledger_task(request: HttpRequest, pk: int) -> HttpResponse:
    """One task: its chain of three, its reports, evidence, findings and history."""
    return render(request, "proposals/ledger_task.html", task_page.context(request, task_page.task_or_404(request, pk)))


@require_safe
@requires(Perm.VIEW_REPORTS)
@never_cache
def ledger_file(request: HttpRequest, pk) -> HttpResponse:
    """The evidence of a task, inside the territory only."""
    seen = LedgerTask.objects.for_user(request.user, Perm.VIEW_REPORTS)
    found = CaseFile.objects.filter(pk=pk, pk__in=seen.values("evidence_file")).first()
    return hand_out(request, found, taken_out)


@requires(Perm.MAKE_REPORTS)
@never_cache
def ledger_quick(request: HttpRequest, period: str) -> HttpResponse:
    """Reports of one period for every task that owes one and has none, fifty at a time, saved together."""
    try:
        asked = period_of_key(period)
    except ValueError:
        raise Http404 from None
    tasks = reads.owing(request.user, asked, under=keep.place_of(request))
    form = QuickForm(request.POST or None, tasks=tasks, percents=reads.latest_percents(tasks))
    here = keep.page_url(request, "ledger_quick", asked.key)
    if tasks and form.is_valid():
        made = tried(form, writes.report_many, entries=form.entries(), period=asked, by=request.user)
        if made:
            words = {"n": len(made), "period": period_name(asked)}
            return gone(request, here, _("已报送 %(period)s 报告 %(n)s 份。") % words)
    context = {"rows": form.rows(), "period": period_name(asked), "choices": _periods(request, asked)}
    context |= {"early": asked.ends_on - EARLY if today() < asked.ends_on - EARLY else None}
    context |= {"back": keep.page_url(request, "ledger"), "draft": here}
    return form_page(request, "proposals/ledger_quick.html", form, **context)


def _periods(request: HttpRequest, asked: Period) -> list[dict]:
    """The latest period of each cadence, and the one asked for."""
    found = {one.key: one for one in (*(just_ended(cadence, today() + EARLY) for cadence in CADENCES), asked)}
    return [
        {
            "label": period_name(one),
            "url": keep.page_url(request, "ledger_quick", one.key),
            "current": one == asked,
        }
        for one in found.values()
    ]
