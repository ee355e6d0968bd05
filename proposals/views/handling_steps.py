"""The pages of steps and other acts on a part, and of handing a proposal over: each a form, then back to the case."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from portal.core.web.access import requires
from proposals.actions import assigning, contacts, extensions
from proposals.actions.course import may_act
from proposals.actions.steps import step_of
from proposals.enums import Stage
from proposals.forms.assigning import AssignForm, WithdrawForm
from proposals.forms.handling import DecisionForm
from proposals.models import Contact, Extension, Handling
from proposals.queries.handling import active_parts
from proposals.views.case_page import kind_of
from proposals.views.handling_acts import ACTS, STEPS
from proposals.views.intake import case_or_404
from ratings.views import cycle_parts
from ratings.views.ledger import gone, tried
from workforce.views.answers import form_page, may_change_now

ACTORS = (Perm.HANDLE_PROPOSALS, Perm.MANAGE_PROPOSALS, Perm.SIGN_LETTERS)
_FORM = "workforce/plain_form.html"


def part_or_404(request: HttpRequest, pk: int, perm: Perm = Perm.VIEW_PROPOSALS) -> Handling:
    """A part of a case that the reader may see; 404 for every other."""
    rows = Handling.objects.for_user(request.user, perm).select_related("unit", "proposal__session")
    return get_object_or_404(rows, pk=pk)


@requires(*ACTORS)
@never_cache
def handling_step(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One step or other act on a part, with its form."""
    act = ACTS.get(key)
    if act is None:
        raise Http404
    part = part_or_404(request, pk, Perm.HANDLE_PROPOSALS)
    form, back = act.form(request.POST or None, row=part), _back(request, part)
    if not _open(request, part, key):
        return redirect(back)
    if _taken(request, form, act.action, handling=part):
        return gone(request, back, str(act.said))
    context = _words(part) | {"sentence": act.sentence, "button": act.label, "back": back}
    return form_page(request, _FORM, form, draft=f"{request.path}-{part.version}", **context | {"title": act.label})


def _taken(request: HttpRequest, form, action: Callable, /, **about) -> bool:
    """Whether the form was sent, whole, for today, and the action did not refuse it."""
    if not (form.is_valid() and may_change_now(request)):
        return False
    return bool(tried(form, action, by=request.user, **about, **form.asked()))


def _open(request: HttpRequest, part: Handling, key: str) -> bool:
    """Whether the act is open where the part stands, told by a message if not; 404 for who may not take it."""
    who = ACTS[key].who
    rewrites = key == "give_opinion" and part.stage == Stage.OPINION_GIVEN
    if key in STEPS and not rewrites:
        try:
            who = step_of(part, key).who
        except ValidationError as error:
            messages.warning(request, error.messages[0])
            return False
    if not may_act(request.user, part, who):
        raise Http404
    return True


def _back(request: HttpRequest, part: Handling) -> str:
    return keep.page_url(request, "proposal", part.proposal_id)


def _words(part: Handling) -> dict:
    """The head of a form about a part: whose it is, and what it is about."""
    return {"kind": kind_of(part.proposal), "lead": f"{part.unit.short} · {part.proposal.title}"}


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def extension_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The office agrees to a longer period, or refuses it."""
    extension = get_object_or_404(Extension.objects.select_related("asked_by"), pk=pk)
    part = part_or_404(request, extension.handling_id, Perm.MANAGE_PROPOSALS)
    form, back = DecisionForm(request.POST or None, row=part, extension=extension), _back(request, part)
    if _taken(request, form, extensions.decide_extension, extension=extension):
        return gone(request, back, _("已审批延期申请。"))
    sentence = _("%(who)s申请自交办起 %(months)s 个月内答复：%(reason)s（%(day)s 告知提案者）") % {
        "who": extension.asked_by,
        "months": extension.months,
        "reason": extension.reason,
        "day": extension.told_on.isoformat(),
    }
    context = _words(part) | {"title": _("审批延期"), "sentence": sentence, "button": _("审批"), "back": back}
    return form_page(request, _FORM, form, draft=request.path, **context)


@requires(Perm.HANDLE_PROPOSALS)
@require_POST
def contact_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back a talk that was put on record by mistake."""
    contact = get_object_or_404(Contact, pk=pk)
    part = part_or_404(request, contact.handling_id, Perm.HANDLE_PROPOSALS)
    if not may_act(request.user, part):
        raise Http404
    version = _seen(request)
    said = _("已撤回沟通记录。")
    cycle_parts.tried(request, contacts.take_back_contact, said, contact=contact, version=version, by=request.user)
    return redirect(_back(request, part))


def _seen(request: HttpRequest) -> int:
    """The version that a single button carries; what is no number was never seen."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def proposal_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Hands a proposal over, anew after a return, or gives further units a part."""
    held = case_or_404(request, pk, Perm.MANAGE_PROPOSALS)
    back = keep.page_url(request, "proposal", pk)
    form = AssignForm(request.POST or None, row=held, parts=active_parts(held))
    if _taken(request, form, assigning.assign, proposal=held):
        return gone(request, back, _("已交办。"))
    context = {
        "title": _("交办"), "kind": kind_of(held), "lead": held.title, "button": _("交办"), "back": back,
        "sentence": _("交办后各单位签收办理。会办单位的意见交给主办单位，由主办单位统一答复；分办单位分别答复。"),
    }  # fmt: skip
    return form_page(request, _FORM, form, draft=f"{request.path}-{held.version}", **context)


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def proposal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposer takes a proposal back that units are at work on."""
    held = case_or_404(request, pk, Perm.MANAGE_PROPOSALS)
    back = keep.page_url(request, "proposal", pk)
    form = WithdrawForm(request.POST or None, row=held)
    if _taken(request, form, assigning.withdraw_case, proposal=held):
        return gone(request, back, _("已登记撤回。"))
    context = {
        "title": _("登记撤回"), "kind": kind_of(held), "lead": held.title, "button": _("登记撤回"), "back": back,
        "sentence": _("提案者撤回后，各承办单位停止办理，期限终止。已签发或寄发答复的不能撤回。"),
    }  # fmt: skip
    return form_page(request, _FORM, form, draft=f"{request.path}-{held.version}", **context)
