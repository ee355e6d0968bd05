"""A proposal is entered, corrected, screened; its files. The page of the case itself shows `panel`."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.downloads import hand_out
from proposals.actions import files, intake, screening
from proposals.forms.intake import ActForm, FileForm, MergeForm, ProposalForm, RefuseForm, UploadForm, WithdrawForm
from proposals.models import CaseFile, Proposal
from proposals.queries import cases as reads
from proposals.queries.library import alike
from workforce.views.answers import attempt, form_page, may_change_now

# Of each act of screening: the form, the action, its name, what it means, what is said when it is done.
ACTS: dict[str, tuple] = {
    "file": (FileForm, screening.file_proposal, _L("立案"), _L("立案后等待交办给承办单位。"), _L("已立案。")),
    "merge": (
        MergeForm,
        screening.merge_proposal,
        _L("并案"),
        _L(
            "并入内容相同的一件，一并办理；那一件已经交办的，这一件同时交办给同样的单位。答复时仍分别答复每一件的提案者。"
        ),
        _L("已并案。"),
    ),
    "refuse": (
        RefuseForm,
        screening.refuse_proposal,
        _L("不予立案"),
        _L("理由限于政协提案工作规定列明的各项。"),
        _L("已登记不予立案。"),
    ),
    "withdraw": (
        WithdrawForm,
        screening.withdraw_proposal,
        _L("撤回"),
        _L("提案者要求撤回时登记，写明来函或来电情况。"),
        _L("已登记撤回。"),
    ),
    "reopen": (
        ActForm,
        screening.reopen_screening,
        _L("重新审查"),
        _L("撤销审查的决定，这件回到待审查；原来的决定留在变更记录里。"),
        _L("已回到待审查。"),
    ),
}


def case_or_404(request: HttpRequest, pk: int, perm: Perm = Perm.VIEW_PROPOSALS) -> Proposal:
    """A proposal that the reader may see, or manage; 404 for every other."""
    rows = Proposal.objects.for_user(request.user, perm).select_related("session", "division", "merged_into__session")
    found = get_object_or_404(rows, pk=pk)
    # The wall lets in who takes part; to manage it takes the permission at the place.
    if perm == Perm.MANAGE_PROPOSALS and not request.user.can(perm, found.division_id):
        raise Http404
    return found


def panel(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    """What `proposals/_intake.html` shows of a proposal: what was handed in, its files, and what the office may do now."""
    manages = request.user.can(Perm.MANAGE_PROPOSALS, proposal.division_id) and may_change_now(request)
    allowed = screening.acts_of(proposal) if manages else []
    acts = [
        {"label": label, "url": keep.page_url(request, "proposal_screen", proposal.pk, name), "primary": name == "file"}
        for name, (_form, _action, label, _lead, _said) in ACTS.items()
        if name in allowed
    ]
    return {
        "case": proposal,
        "type": reads.type_label(proposal.session.body, proposal.proposer_type),
        "signers": list(proposal.proposers.order_by("position")),
        "files": list(reads.files_of(proposal)),
        "merged": list(proposal.merged.select_related("session").order_by("number")),
        "acts": acts,
        "manages": manages,
        "edits": manages and proposal.state in intake.CHANGEABLE,
    }


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def proposal_new(request: HttpRequest) -> HttpResponse:
    """Enters a proposal or suggestion; it then waits for screening."""
    initial = {"session": request.GET.get("session")}
    form = ProposalForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid() and (made := attempt(form, intake.receive_proposal, **form.asked(), by=request.user)):
        messages.success(request, _("已登记 %(number)s 号，等待审查。") % {"number": made.number})
        return redirect(keep.page_url(request, "proposal", made.pk))
    lead = _("类别、提案者和用词按会议核对：政协是提案、委员，人大是建议、代表。")
    context = {"title": _("登记提案或建议"), "lead": lead, "back": keep.page_url(request, "proposals")}
    return form_page(request, "workforce/plain_form.html", form, draft="proposal-new", **context)


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def proposal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a proposal that is not closed."""
    held, back = case_or_404(request, pk, Perm.MANAGE_PROPOSALS), keep.page_url(request, "proposal", pk)
    form = ProposalForm(request.POST or None, user=request.user, held=held)
    if form.is_valid() and attempt(form, intake.change_proposal, proposal=held, **form.asked(), by=request.user):
        messages.success(request, _("已保存。"))
        return redirect(back)
    context = {"title": _("更正登记内容"), "kind": _kind(held), "back": back, "draft": f"{request.path}-{held.version}"}
    return form_page(request, "workforce/plain_form.html", form, **context)


def _kind(held: Proposal) -> str:
    return _("%(session)s %(number)s 号") % {"session": held.session.label, "number": held.number}


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def proposal_screen(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Files, refuses, merges, withdraws, or takes the decision back."""
    if act not in ACTS:
        raise Http404
    held, back = case_or_404(request, pk, Perm.MANAGE_PROPOSALS), keep.page_url(request, "proposal", pk)
    kind, action, label, lead, said = ACTS[act]
    form = kind(request.POST or None, proposal=held, user=request.user)
    if form.is_valid() and attempt(form, action, proposal=held, **_arguments(form), by=request.user):
        messages.success(request, str(said))
        return redirect(back)
    context = {"title": label, "kind": _kind(held), "lead": lead, "sentence": held.title, "button": label, "back": back}
    if act == "merge":
        context["changes"] = [
            _("相近：%(one)s") % {"one": f"{_kind(one)} {one.title}"} for one in _alike(request, held)
        ]
    return form_page(request, "workforce/plain_form.html", form, **context)


def _alike(request: HttpRequest, held: Proposal) -> list[Proposal]:
    """Proposals of the same place and body that say much the same and may take this one in."""
    body, place = held.session.body, held.division_id
    return [
        one
        for one in alike(request.user, held)
        if one.state in screening.TARGETS and (one.session.body, one.division_id) == (body, place)
    ]


def _arguments(form) -> dict:
    looked_up = ("session", "number") if "into" in form.cleaned_data else ()
    return {name: value for name, value in form.cleaned_data.items() if name not in looked_up}


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def proposal_file_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes in a file of a proposal."""
    held, back = case_or_404(request, pk, Perm.MANAGE_PROPOSALS), keep.page_url(request, "proposal", pk)
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid() and attempt(form, files.add_file, proposal=held, **form.asked(), by=request.user):
        messages.success(request, _("已上传附件。"))
        return redirect(back)
    return form_page(request, "proposals/file_form.html", form, case=held, kind=_kind(held), back=back)


def _file_or_404(request: HttpRequest, pk, perm: Perm) -> CaseFile:
    found = get_object_or_404(CaseFile.objects.filter(taken_back=False, proposal__isnull=False), pk=pk)
    found.proposal = case_or_404(request, found.proposal_id, perm)
    return found


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def proposal_file(request: HttpRequest, pk) -> HttpResponse:
    """A file as a download, for those who see the proposal and on record; never shown by the browser itself."""
    return hand_out(request, _file_or_404(request, pk, Perm.VIEW_PROPOSALS), files.taken_out)


@require_POST
@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def proposal_file_take_back(request: HttpRequest, pk) -> HttpResponse:
    """Withdraws a file of a proposal."""
    found = _file_or_404(request, pk, Perm.MANAGE_PROPOSALS)
    files.take_back_file(file=found, by=request.user)
    messages.success(request, _("已撤回附件。"))
    return redirect(keep.page_url(request, "proposal", found.proposal_id))
