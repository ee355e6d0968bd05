"""Findings: the inbox, one finding beside it, what people do with findings, and running the checks now."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal import tasks
from portal.core.accounts.roles import Perm
from portal.core.findings import actions
from portal.core.findings.models import RESTING, Finding, State, Trigger
from portal.core.findings.queries import earlier_than, history_of, in_reach_of, may_act
from portal.core.findings.supervision import visible_to
from portal.core.lib.clock import today
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.pages.answers import page_or_part
from portal.pages.finding_export import FINDINGS
from portal.pages.finding_forms import ActForm, BulkForm
from portal.pages.finding_links import links_of
from portal.pages.finding_texts import facts_of, holding_of, story_of, with_looks, with_texts
from portal.pages.inbox import Inbox
from portal.pages.inbox_filters import Filters
from workforce.queries.cases import case_of

EARLIER_SHOWN = 5


@require_safe
@requires(Perm.VIEW_FINDINGS)
def findings(request: HttpRequest) -> HttpResponse:
    """The inbox of the reader's territory."""
    inbox = Inbox(request)
    context = {
        "inbox": inbox,
        "filters": Filters(inbox),
        "bulk_form": ActForm(auto_id="many_%s"),
        "query": request.GET.urlencode(),
        "exports": export_menu(request, FINDINGS),
    }
    return page_or_part(request, "portal/findings.html", "portal/_inbox.html", context)


@require_safe
@requires(Perm.VIEW_FINDINGS)
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: the numbers, the rule and its source, what would resolve it, who holds it, what happened."""
    return _shown(request, _found(request, pk, Perm.VIEW_FINDINGS))


def _found(request: HttpRequest, pk: int, perm: Perm) -> Finding:
    return get_object_or_404(Finding.objects.for_user(request.user, perm).select_related("division"), pk=pk)


def _shown(request: HttpRequest, finding: Finding, form: ActForm | None = None, status: int = 200) -> HttpResponse:
    live = finding.state != State.RESOLVED and keep.day_of(request) == today()
    notices = visible_to(request.user).filter(findings=finding).select_related("division").order_by("-id")
    context = {
        "finding": with_looks(with_texts([finding], request.user))[0],
        "case": case_of(request.user, finding.kind, finding.facts),
        "facts": facts_of(finding),
        "links": links_of(request, finding.facts),
        "holding": holding_of(finding, today()) if live else None,
        "story": story_of(finding, history_of(finding), earlier_than(finding)[:EARLIER_SHOWN]),
        "supervisions": notices,
        "handed_up": live and request.user.can(Perm.HANDLE_FINDINGS) and not may_act(request.user, finding),
        "resting": finding.state in RESTING,
        "form": None,
    }
    if live and may_act(request.user, finding):
        context["form"] = form or ActForm(initial={"version": finding.version})
    return page_or_part(request, "portal/finding.html", "portal/_finding.html", context, status)


@require_POST
@requires(Perm.HANDLE_FINDINGS)
def finding_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs for a finding, plans or excuses it or takes that back; the list beside it hears of it."""
    found, form = _found(request, pk, Perm.HANDLE_FINDINGS), ActForm(request.POST)
    if form.is_valid():
        try:
            _act_on(found, form, request)
        except actions.Stale as error:
            messages.warning(request, " ".join(error.messages))
        except ValidationError as error:
            form.take_errors(error)
    if form.errors:
        return _shown(request, found, form, 422)
    if not request.htmx:
        return redirect(keep.page_url(request, "finding", found.pk))
    response = _shown(request, found)
    response["HX-Trigger"] = "finding-signed"
    return response


def _act_on(found: Finding, form: ActForm, request: HttpRequest) -> None:
    if not may_act(request.user, found):
        raise ValidationError(_("这条预警已经上报，由上级处理；可以通过督办单回复办理情况。"))
    given = form.cleaned_data
    common = {"finding": found, "version": given["version"], "by": request.user}
    match given["act"]:
        case "plan":
            actions.plan(planned_for=given["day"], note=given["note"], **common)
            messages.success(request, _("已列入计划。"))
        case "excuse":
            actions.excuse(excused_until=given["day"], reason=given["note"], **common)
            messages.success(request, _("已记为暂不处理。"))
        case "reopen":
            actions.reopen(note=given["note"], **common)
            messages.success(request, _("已撤回，继续处理。"))
        case _:
            actions.acknowledge(note=given["note"], **common)
            messages.success(request, _("已签收。"))


@require_POST
@requires(Perm.HANDLE_FINDINGS)
def findings_bulk(request: HttpRequest) -> HttpResponse:
    """One act for many findings; those that others were faster with are told."""
    form = BulkForm(request.POST)
    if request.POST.get("act") == "supervise":
        return _supervise(form)
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    elif not form.pairs():
        messages.warning(request, _("请先勾选要处理的预警。"))
    else:
        _act_on_all(request, form)
    return _back(request)


def _supervise(form: BulkForm) -> HttpResponse:
    form.is_valid()
    return redirect(f"{reverse('supervision_new')}?{urlencode([('finding', pk) for pk, _version in form.pairs()])}")


def _act_on_all(request: HttpRequest, form: BulkForm) -> None:
    pairs = form.pairs()
    mine = Finding.objects.for_user(request.user, Perm.HANDLE_FINDINGS).filter(in_reach_of(request.user))
    reached = set(mine.filter(pk__in=[pk for pk, _version in pairs]).values_list("pk", flat=True))
    pairs = [pair for pair in pairs if pair[0] in reached]
    try:
        changed = form.carry_out(pairs, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    if changed:
        sentence = ngettext("已处理 %(count)s 条预警。", "已处理 %(count)s 条预警。", changed)
        messages.success(request, sentence % {"count": formats.number(changed)})
    if late := len(pairs) - changed:
        sentence = ngettext(
            "%(count)s 条已由别人改动或不能这样处理，没有变。", "%(count)s 条已由别人改动或不能这样处理，没有变。", late
        )
        messages.info(request, sentence % {"count": formats.number(late)})


def _back(request: HttpRequest) -> HttpResponse:
    """To the list with the filters it had."""
    query = request.GET.urlencode()
    return redirect(f"{reverse('findings')}?{query}" if query else reverse("findings"))


@require_POST
@requires(Perm.HANDLE_FINDINGS)
def findings_inspect(request: HttpRequest) -> HttpResponse:
    """Has the checks run now in the background; they also run every night."""
    try:
        transaction.on_commit(lambda: tasks.run_inspections.delay(trigger=Trigger.MANUAL))
        messages.success(request, _("检查已开始，通常一分钟内完成。稍后刷新本页即可看到结果。"))
    except tasks.BrokerDown:
        messages.error(request, _("后台任务暂时没有响应，检查没有开始。请过几分钟再试；每天夜里也会自动检查。"))
    return _back(request)


routes = [
    path("findings/", findings, name="findings"),
    path("findings/act/", findings_bulk, name="findings_bulk"),
    path("findings/inspect/", findings_inspect, name="findings_inspect"),
    path("findings/<int:pk>/", finding, name="finding"),
    path("findings/<int:pk>/act/", finding_act, name="finding_act"),
]
