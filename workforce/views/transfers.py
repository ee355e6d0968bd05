"""Moves between streets: the list, one case as far as each side may know it, proposing and answering."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import Paginator
from workforce.actions.transfers import agree_transfer, propose_transfer, refuse_transfer, withdraw_transfer
from workforce.exports.transfers import TRANSFERS
from workforce.forms.transfer_answers import AgreeForm, AnswerForm, RefuseForm, WithdrawForm
from workforce.forms.transfers import TransferForm
from workforce.models import Transfer
from workforce.queries.transfers import (
    GIVING,
    POST_KEYS,
    SPEAKS,
    Standing,
    decided,
    to_answer,
    transfers_of,
    unanswered,
    waits_for,
)
from workforce.views import transfer_parts as parts
from workforce.views.answers import attempt, form_page

PAGE_ROWS = 50
OPEN_SHOWN = 200


@require_safe
@requires(SPEAKS)
@never_cache
def transfers(request: HttpRequest) -> HttpResponse:
    """What waits for the reader's street, what waits for others, and what was decided."""
    page = Paginator(decided(request.user), PAGE_ROWS).get_page(request.GET.get("page"))
    groups = [
        {"key": "mine", "title": _("等您答复"), "rows": to_answer(request.user)[:OPEN_SHOWN]},
        {"key": "others", "title": _("等待对方答复"), "rows": unanswered(request.user)[:OPEN_SHOWN]},
        {"key": "decided", "title": _("已办结"), "rows": page},
    ]
    for group in groups:
        group["lines"] = [parts.line_of(request.user, transfer) for transfer in group["rows"]]
    new = {"label": _("提出调入"), "icon": "plus-lg", "url": keep.page_url(request, "transfer_new"), "primary": True}
    actions = [new] if request.user.can(Perm.CHANGE_ROSTER) else []
    context = {"groups": groups, "page": page, "actions": actions, "columns": parts.COLUMNS}
    context["exports"] = export_menu(request, TRANSFERS)
    return render(request, "workforce/transfers.html", context)


def _transfer_or_404(request: HttpRequest, pk: int) -> Transfer:
    return get_object_or_404(transfers_of(request.user), pk=pk)


@require_safe
@requires(SPEAKS)
@never_cache
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: what the reader's side may know of it, and what the reader may do."""
    found = _transfer_or_404(request, pk)
    return render(request, "workforce/transfer.html", parts.page_of(request, found))


@requires(Perm.CHANGE_ROSTER)
@never_cache
def transfer_new(request: HttpRequest) -> HttpResponse:
    """Asks for somebody of another street."""
    form = TransferForm(request.POST or None, by=request.user, initial={"community": keep.place_of(request)})
    if form.is_valid() and (made := attempt(form, propose_transfer, **form.asked(), by=request.user)):
        return _done(request, made, _("已提出调动申请，等待对方答复。"), [*form.notes, *made.notes])
    lead = _("填写身份证号即可提出；对方同意以前，双方名册都不变，您也看不到此人的档案。")
    back = keep.page_url(request, "transfers")
    context = {"title": _("提出调入"), "lead": lead, "draft": "transfer-new", "button": _("提出申请"), "back": back}
    return form_page(request, "workforce/worker_form.html", form, **context)


def _done(request: HttpRequest, found: Transfer, sentence: str, notes=()) -> HttpResponse:
    messages.success(request, sentence)
    for note in notes:
        messages.warning(request, note)
    return redirect(keep.page_url(request, "transfer", found.pk))


def _gone(request: HttpRequest, found: Transfer) -> HttpResponse:
    """The act is not open any more, or never was to this side: the case says how it stands."""
    messages.info(request, _("现在不能这样办理。这份调动申请的最新情况如下。"))
    return redirect(keep.page_url(request, "transfer", found.pk))


@requires(SPEAKS)
@never_cache
def transfer_agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Agrees after saying what will change; the receiving side may amend the new post."""
    found = _transfer_or_404(request, pk)
    if not Standing.of(request.user, found).answers:
        return _gone(request, found)
    amends = waits_for(found) != GIVING
    initial = {"version": found.version, **({key: found.post[key] for key in POST_KEYS} if amends else {})}
    form = (AgreeForm if amends else AnswerForm)(request.POST or None, initial=initial)
    asked = form.asked if amends else lambda: form.cleaned_data
    said = _("双方已同意，调动已写入名册。")
    return _act(request, found, form, agree_transfer, asked, said) or _confirm(
        request, form, found, _("同意调动"), parts.consequence_of(request.user, found), parts.ending_of(request, found)
    )


@requires(SPEAKS)
@never_cache
def transfer_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Refuses with a reason."""
    found = _transfer_or_404(request, pk)
    if not Standing.of(request.user, found).answers:
        return _gone(request, found)
    form = RefuseForm(request.POST or None, initial={"version": found.version})
    said, sentence = _("已答复不同意，理由已告知对方。"), _("双方名册都不变，对方会看到您写的理由，可以重新提出。")
    return _act(request, found, form, refuse_transfer, lambda: form.cleaned_data, said) or _confirm(
        request, form, found, _("不同意调动"), sentence
    )


@requires(SPEAKS)
@never_cache
def transfer_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposing side takes the case back."""
    found = _transfer_or_404(request, pk)
    if not Standing.of(request.user, found).withdraws:
        return _gone(request, found)
    form = WithdrawForm(request.POST or None, initial={"version": found.version})
    said, sentence = _("已撤回调动申请。"), _("双方名册都不变，需要时可以重新提出。")
    return _act(request, found, form, withdraw_transfer, lambda: form.cleaned_data, said) or _confirm(
        request, form, found, _("撤回调动申请"), sentence
    )


def _act(request: HttpRequest, found: Transfer, form, act: Callable, asked: Callable, said: str) -> HttpResponse | None:
    """Runs a valid answer; None leaves the form to be shown."""
    if not form.is_valid():
        return None
    done = attempt(form, act, transfer=found, **asked(), by=request.user)
    return _done(request, done, said, getattr(done, "notes", ())) if done else None


def _confirm(request: HttpRequest, form, found: Transfer, title: str, sentence: str, changes=()) -> HttpResponse:
    standing = Standing.of(request.user, found)
    context = {"title": title, "sentence": sentence, "changes": changes, "name": standing.name, "transfer": found}
    return form_page(request, "workforce/transfer_confirm.html", form, **context)
