"""The acts about one task, each a page with its form, and the report of one period."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.reports.words import period_name
from portal.core.web import keep
from portal.core.web.access import refuse, requires
from proposals.actions import ledger_reports as writes
from proposals.actions import tasks as acts
from proposals.forms import tasks as forms
from proposals.ledger import period_of_key
from proposals.models import LedgerTask
from proposals.queries import ledger as reads
from proposals.views.acts import Act, act_page
from proposals.views.task_page import task_or_404
from ratings.views.ledger import gone, tried
from workforce.views.answers import form_page

ACTS = {
    "edit": Act(
        acts.change_task, forms.TaskEditForm, _L("更正任务"), _L("年度和序号不变；更正前后的内容都留在变更记录里。"), _L("已更正任务。"),
        Perm.SIGN_REPORTS,
    ),
    "ask": Act(
        acts.ask_strike, forms.AskForm, _L("申请销号"),
        _L("写明完成情况并附佐证，由另一个人审核后销号。审核前任务仍在台账上。"), _L("已申请销号，请由另一个人审核。"), Perm.MAKE_REPORTS,
    ),
    "strike": Act(
        acts.strike_off, forms.SignForm, _L("审核销号"),
        _L("核对完成情况和佐证后销号。销号之后结束的期间不再要求报告；此前未报的报告仍计为未报，可以补报。"), _L("已销号。"),
        Perm.SIGN_REPORTS,
    ),
    "refuse": Act(
        acts.refuse_strike, forms.ReasonForm, _L("不予销号"), _L("任务留在台账上，理由告知申请人并记录在案。"), _L("已退回，任务仍在台账上。"),
        Perm.SIGN_REPORTS,
    ),
    "cancel": Act(
        acts.cancel_task, forms.ReasonForm, _L("取消任务"), _L("任务不再推进，也不再要求报告；理由记录在案。"), _L("已取消任务。"),
        Perm.SIGN_REPORTS,
    ),
}  # fmt: skip


@requires(Perm.SIGN_REPORTS, Perm.MAKE_REPORTS)
@never_cache
def ledger_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Corrects a task, asks to strike it off, strikes it off, refuses to, or cancels it."""
    one = ACTS.get(act)
    if one is None:
        raise Http404
    if not request.user.can(one.who):
        refuse(request)
    task = task_or_404(request, pk, one.who)
    form = one.form(request.POST or None, request.FILES or None, row=task)
    if form.is_valid() and tried(form, one.action, task=task, by=request.user, **form.asked()):
        return gone(request, keep.page_url(request, "ledger_task", pk), str(one.said))
    about = {"title": f"{one.label}：{task.title}", "kind": task.division.label}
    changes = _about(task) if act == "strike" else []
    back = keep.page_url(request, "ledger_task", pk)
    return act_page(request, one, form, back=back, version=task.version, changes=changes, **about)


def _about(task: LedgerTask) -> list[str]:
    """What whoever signs off ought to see once more: the words, the file, the reports that are owed."""
    found = [_("完成情况：%(words)s") % {"words": task.evidence}]
    name = task.evidence_file.filename if task.evidence_file else _("没有上传文件")
    found.append(_("佐证文件：%(name)s") % {"name": name})
    counts = reads.standings([task], today()).counts[task.pk]
    found.append(_("报告：按期 %(in_time)s，迟报 %(late)s，未报 %(missing)s") % vars(counts))
    return found


@requires(Perm.MAKE_REPORTS)
@never_cache
def ledger_report(request: HttpRequest, pk: int, period: str) -> HttpResponse:
    """Reports on a task for one period, or corrects what was reported."""
    task = task_or_404(request, pk, Perm.MAKE_REPORTS)
    try:
        asked = period_of_key(period)
    except ValueError:
        raise Http404 from None
    if asked not in reads.owed_periods(task):
        raise Http404
    held = reads.reports_of(task).get(asked.key)
    data = request.POST or None
    initial = {"percent": reads.latest_percents([task]).get(pk)}
    form = forms.ReportEditForm(data, row=held) if held else forms.ReportForm(data, initial=initial)
    if form.is_valid() and _saved(form, task, asked, held, request.user):
        words = {"period": period_name(asked)}
        return gone(request, keep.page_url(request, "ledger_task", pk), _("已保存 %(period)s 的报告。") % words)
    due = held.due_on if held else reads.DueBook().of(task.division_id, asked)
    context = {
        "title": _("%(period)s 报告") % {"period": period_name(asked)},
        "kind": task.title,
        "lead": _("报送期限 %(day)s。") % {"day": due.isoformat()},
        "button": _("更正") if held else _("报送"),
        "back": keep.page_url(request, "ledger_task", pk),
        "draft": request.path,
    }
    return form_page(request, "proposals/act_form.html", form, **context)


def _saved(form, task: LedgerTask, period, held, by) -> object:
    if held:
        return tried(form, writes.change_task_report, report=held, by=by, **form.asked())
    entry = writes.Entry(task, **form.cleaned_data)
    return tried(form, writes.report_task, entry=entry, period=period, by=by)
