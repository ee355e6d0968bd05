"""Sending a signed reply, and the forms that come back."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import keep
from portal.core.web.access import refuse, requires
from proposals import stages
from proposals.actions import course
from proposals.actions.feedback import enter_paper
from proposals.actions.sending import Link, renew_link, send_implementation, send_reply
from proposals.enums import ReplyKind
from proposals.forms.answered import PaperForm, SendForm
from proposals.models import Feedback, Handling, Reply
from proposals.queries import feedback as reads
from proposals.queries.sent import reply_of_round
from proposals.views import publication
from workforce.forms.judged import HouseForm
from workforce.views.answers import attempt, form_page


def _handling(request: HttpRequest, pk: int) -> Handling:
    """A part for whose unit the reader may act."""
    rows = Handling.objects.for_user(request.user, Perm.HANDLE_PROPOSALS)
    found = get_object_or_404(rows.select_related("proposal__session", "unit"), pk=pk)
    if not course.may_act(request.user, found):
        refuse(request, _("只有承办单位的人员可以办理这一步。"))
    return found


@requires(Perm.HANDLE_PROPOSALS)
@never_cache
def reply_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes that the signed reply went out; the answer shows the links of the forms, this once."""
    handling = _handling(request, pk)
    form = SendForm(request.POST or None, initial={"version": handling.version})
    reply = reply_of_round(handling)
    if form.is_valid():
        links = attempt(form, send_reply, handling=handling, **form.cleaned_data, by=request.user)
        if links is not None:
            return _links(request, handling, links)
    context = {
        "title": _("寄发答复"),
        "kind": f"{handling.proposal} · {handling.unit.short}",
        "lead": reply.letter.number or reply.letter.title if reply else "",
        "sentence": _(
            "寄发后，为每位提案者各生成一份征询意见表和一个只能用一次的链接。链接只在寄发后的页面上显示一次，请当即打印或发送。"
        ),
        "button": _("寄发"),
        "back": keep.page_url(request, "proposal", handling.proposal_id),
    }
    return form_page(request, "proposals/act_form.html", form, **context)


@requires(Perm.HANDLE_PROPOSALS)
@never_cache
def implementation_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Notes that a later report 落实答复 went out."""
    rows = Reply.objects.filter(kind=ReplyKind.IMPLEMENTATION, letter__isnull=False).select_related("letter")
    reply = get_object_or_404(rows, pk=pk)
    handling = _handling(request, reply.handling_id)
    form = SendForm(request.POST or None, initial={"version": handling.version})
    back = keep.page_url(request, "proposal", handling.proposal_id)
    if form.is_valid():
        given = {"handling": handling, "reply": reply, **form.cleaned_data}
        if attempt(form, send_implementation, **given, by=request.user):
            messages.success(request, _("已登记落实答复寄发。"))
            return redirect(back)
    context = {"title": _("寄发落实答复"), "kind": f"{handling.proposal} · {handling.unit.short}", "back": back}
    context |= {"lead": reply.letter.number or reply.letter.title, "button": _("寄发")}
    return form_page(request, "proposals/act_form.html", form, **context)


def _links(request: HttpRequest, handling: Handling, links: list[Link]) -> HttpResponse:
    """The links in clear: this answer is the only place where they ever stand."""
    context = {
        "handling": handling,
        "case": handling.proposal,
        "links": [{"feedback": one.feedback, "url": _address(request, one.token)} for one in links],
        "back": keep.page_url(request, "proposal", handling.proposal_id),
    }
    return render(request, "proposals/feedback_links.html", context)


def _address(request: HttpRequest, token: str) -> str:
    path = reverse("feedback_form", args=[token])
    base = settings.PUBLIC_URL.rstrip("/")
    return f"{base}{path}" if base else request.build_absolute_uri(path)


def _feedback(request: HttpRequest, pk: int) -> Feedback:
    rows = Feedback.objects.select_related("handling__proposal__session", "handling__unit", "proposer")
    found = get_object_or_404(rows, pk=pk)
    _handling(request, found.handling_id)
    return found


@requires(Perm.HANDLE_PROPOSALS)
@never_cache
def feedback_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Types in a form that came back on paper."""
    found = _feedback(request, pk)
    form = PaperForm(request.POST or None)
    back = keep.page_url(request, "proposal", found.handling.proposal_id)
    if form.is_valid() and attempt(form, enter_paper, feedback=found, **form.asked(), by=request.user):
        messages.success(request, _("已登记意见征询表，链接随之失效。"))
        return redirect(back)
    context = {
        "title": _("登记纸质意见征询表"),
        "kind": found.proposer.name,
        "lead": f"{found.handling.proposal} · {found.handling.unit.short}",
        "sentence": _("照提案者填写的内容登记，登记后不能修改。结果为不满意的，转入重新办理。"),
        "back": back,
    }
    return form_page(request, "proposals/act_form.html", form, **context)


@requires(Perm.HANDLE_PROPOSALS)
@never_cache
def feedback_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for a lost one, shown this once."""
    found = _feedback(request, pk)
    form = HouseForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (link := attempt(form, renew_link, feedback=found, by=request.user)):
        return _links(request, found.handling, [link])
    context = {
        "title": _("更换链接"),
        "kind": found.proposer.name,
        "sentence": _("生成一个新的链接，原来的链接立即失效。新链接只显示一次，请当即打印或发送。"),
        "button": _("更换链接"),
        "back": keep.page_url(request, "proposal", found.handling.proposal_id),
    }
    return form_page(request, "proposals/act_form.html", form, **context)


def state_of(feedback: Feedback, handling: Handling) -> str:
    """Returned, open, expired but still taken on paper, or closed."""
    if feedback.returned_at is not None:
        return "returned"
    if not reads.wanted(feedback, handling):
        return "closed"
    return "open" if today() <= feedback.expires_on else "expired"


def panel(request: HttpRequest, handling: Handling) -> dict:
    """What the page of a case shows of a handling's forms, and the links that the reader may follow."""
    forms = reads.forms_of(handling)
    acts = course.may_act(request.user, handling)
    rows = []
    for one in forms:
        state = state_of(one, handling)
        rows.append({
            "feedback": one,
            "state": state,
            "enter": keep.page_url(request, "feedback_enter", one.pk) if acts and state in ("open", "expired") else "",
            "renew": keep.page_url(request, "feedback_renew", one.pk) if acts and state == "open" else "",
        })  # fmt: skip
    sends = acts and handling.stage == stages.SIGNED
    return {
        "pk": handling.pk,
        "rows": rows,
        "send": keep.page_url(request, "reply_send", handling.pk) if sends else "",
        "letters": _letters(request, handling, acts),
    }


def _letters(request: HttpRequest, handling: Handling, acts: bool) -> list[dict]:
    """The letters with the state of their publication; a later report also with the way to send it while it is due."""
    rows = publication.panel(request, handling)
    for row in rows:
        later = acts and row["reply"].kind == ReplyKind.IMPLEMENTATION
        row["send"] = keep.page_url(request, "implementation_send", row["reply"].pk) if later else ""
    return rows
