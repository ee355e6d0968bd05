"""Findings: the inbox, one finding beside it, signing for findings, and running the checks now."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from portal import tasks
from portal.core.accounts.roles import Perm
from portal.core.findings.actions import acknowledge
from portal.core.findings.models import Finding, State
from portal.core.findings.queries import earlier_than, history_of
from portal.core.lib.clock import today
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.pages.answers import page_or_part
from portal.pages.finding_texts import facts_of, story_of, with_texts
from portal.pages.inbox import PAGE_ROWS, Inbox

EARLIER_SHOWN = 5
LONGEST_KEY = 18


class NoteForm(forms.Form):
    """What the person in charge writes when signing for a finding."""

    note = forms.CharField(
        required=False,
        max_length=500,
        label=gettext_lazy("处理说明"),
        help_text=gettext_lazy("准备怎么办、由谁办、什么时候办完。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class BulkForm(NoteForm):
    """A note for the findings ticked in the list, or for all that the page shows."""

    whole_page = forms.BooleanField(required=False)

    def ids(self) -> list[int]:
        """Keys of the findings meant; what is no key is left out."""
        given = self.data.getlist("shown" if self.cleaned_data["whole_page"] else "ticked")[:PAGE_ROWS]
        return [int(key) for key in given if key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY]


@require_safe
@requires(Perm.VIEW_FINDINGS)
def findings(request: HttpRequest) -> HttpResponse:
    """The inbox of the reader's territory."""
    inbox = Inbox(request)
    context = {"inbox": inbox, "note_form": NoteForm(auto_id="many_%s"), "query": request.GET.urlencode()}
    return page_or_part(request, "portal/findings.html", "portal/_inbox.html", context)


@require_safe
@requires(Perm.VIEW_FINDINGS)
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: the numbers, the rule and its source, what would resolve it, what happened."""
    return _shown(request, _found(request, pk, Perm.VIEW_FINDINGS), NoteForm())


def _found(request: HttpRequest, pk: int, perm: Perm) -> Finding:
    return get_object_or_404(Finding.objects.for_user(request.user, perm).select_related("division"), pk=pk)


def _shown(request: HttpRequest, finding: Finding, form: NoteForm, status: int = 200) -> HttpResponse:
    may = finding.state == State.OPEN and keep.day_of(request) == today()
    earlier = earlier_than(finding)[:EARLIER_SHOWN]
    context = {
        "finding": with_texts([finding])[0],
        "facts": facts_of(finding),
        "story": story_of(finding, history_of(finding), earlier),
        "form": form if may and request.user.can(Perm.HANDLE_FINDINGS, finding.division_id) else None,
    }
    return page_or_part(request, "portal/finding.html", "portal/_finding.html", context, status)


@require_POST
@requires(Perm.HANDLE_FINDINGS)
def finding_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs for one finding with a note; the list beside it hears of it."""
    found, form = _found(request, pk, Perm.HANDLE_FINDINGS), NoteForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form, 422)
    try:
        acknowledge(finding=found, note=form.cleaned_data["note"], by=request.user)
        messages.success(request, _("已签收。"))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    if not request.htmx:
        return redirect(keep.page_url(request, "finding", found.pk))
    response = _shown(request, found, NoteForm())
    response["HX-Trigger"] = "finding-signed"
    return response


@require_POST
@requires(Perm.HANDLE_FINDINGS)
def findings_acknowledge(request: HttpRequest) -> HttpResponse:
    """Signs for many findings with one note; those that others were faster with are told."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("说明最多 500 个字，请改短后再签收。"))
    elif not form.ids():
        messages.warning(request, _("请先勾选要签收的预警。"))
    else:
        _sign_all(request, form.ids(), form.cleaned_data["note"])
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the list with the filters it had."""
    query = request.GET.urlencode()
    return redirect(f"{reverse('findings')}?{query}" if query else reverse("findings"))


def _sign_all(request: HttpRequest, ids: list[int], note: str) -> None:
    signed = late = 0
    for found in Finding.objects.for_user(request.user, Perm.HANDLE_FINDINGS).filter(pk__in=ids).order_by("pk"):
        try:
            acknowledge(finding=found, note=note, by=request.user)
            signed += 1
        except ValidationError:
            late += 1
    if signed:
        sentence = ngettext("已签收 %(count)s 条预警。", "已签收 %(count)s 条预警。", signed)
        messages.success(request, sentence % {"count": formats.number(signed)})
    if late:
        sentence = ngettext("%(count)s 条已由别人签收或已消除。", "%(count)s 条已由别人签收或已消除。", late)
        messages.info(request, sentence % {"count": formats.number(late)})


@require_POST
@requires(Perm.HANDLE_FINDINGS)
def findings_inspect(request: HttpRequest) -> HttpResponse:
    """Has the checks run now in the background; they also run every night."""
    try:
        transaction.on_commit(tasks.run_inspections.delay)
        messages.success(request, _("检查已开始，通常一分钟内完成。稍后刷新本页即可看到结果。"))
    except tasks.BrokerDown:
        messages.error(request, _("后台任务暂时没有响应，检查没有开始。请过几分钟再试；每天夜里也会自动检查。"))
    return _back(request)


routes = [
    path("findings/", findings, name="findings"),
    path("findings/acknowledge/", findings_acknowledge, name="findings_acknowledge"),
    path("findings/inspect/", findings_inspect, name="findings_inspect"),
    path("findings/<int:pk>/", finding, name="finding"),
    path("findings/<int:pk>/acknowledge/", finding_acknowledge, name="finding_acknowledge"),
]
