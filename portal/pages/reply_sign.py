"""Beginning, signing and correcting an answer."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from portal.core.web.access import requires
from portal.pages import reply_words
from portal.pages.reply_editor import reply_or_404
from portal.pages.reply_letter import may_correct, may_sign
from portal.registry import INDICATORS
from proposals.actions import drafting, figures, signing
from proposals.forms.drafts import ReasonForm
from proposals.models import Handling, Reply
from proposals.queries import drafts
from workforce.forms.judged import HouseForm
from workforce.views.answers import attempt, form_page, may_change_now

_WRITE = (Perm.HANDLE_PROPOSALS, Perm.MANAGE_PROPOSALS)


@requires(*_WRITE)
@never_cache
def reply_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begins the answer that the stage of the case asks for; `?kind=implementation` the later report."""
    rows = Handling.objects.for_user(request.user, Perm.VIEW_PROPOSALS).select_related("proposal__session", "unit")
    handling = get_object_or_404(rows, pk=pk)
    form, kind = HouseForm(request.POST or None), request.GET.get("kind", "")
    if request.method == "POST" and may_change_now(request):
        form = HouseForm(request.POST)
        form.is_valid()
        made = attempt(form, drafting.start_reply, handling=handling, kind=kind, by=request.user)
        if made is not None:
            return redirect(keep.page_url(request, "reply_draft", made.pk))
    said = _("按提案者和会议写好标题、主送、开头、结尾和抄送，都可以再改。")
    context = {"title": _("起草答复"), "kind": str(handling.proposal), "sentence": said, "button": _("开始起草")}
    back = keep.page_url(request, "proposal", handling.proposal_id)
    return form_page(request, "workforce/plain_form.html", form, back=back, draft=request.path, **context)


@requires(Perm.SIGN_LETTERS)
@never_cache
def reply_sign(request: HttpRequest, pk: int) -> HttpResponse:
    """What changes with the signature, every figure that no longer holds, and the signature itself."""
    reply = reply_or_404(request, pk)
    if not may_sign(request.user, reply) or not may_change_now(request):
        return redirect(keep.page_url(request, "reply_letter", pk))
    form = HouseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (done := _pressed(request, form, reply)):
        return done
    reply = reply_or_404(request, pk)
    beside = reply_words.beside(reply, drafts.sections_of(reply), INDICATORS)
    context = {"form": form, "reply": reply, "proposal": reply.handling.proposal, **beside}
    context |= {"changed": [one for one in beside["figures"] if one["changed"] and one["where"]]}
    context |= {"asked": {key.removeprefix("kept-"): text for key, text in request.POST.items() if key[:5] == "kept-"}}
    return render(request, "proposals/reply_sign.html", context, status=422 if form.errors else 200)


def _pressed(request: HttpRequest, form: HouseForm, reply: Reply) -> HttpResponse | None:
    """A figure brought up to date, or the signature; None where it was refused, its reasons then stand in the form."""
    version, act = _number(request.POST.get("version")), request.POST.get("act", "")
    asked = {"reply": reply, "version": version, "indicators": INDICATORS, "by": request.user}
    if act.startswith("refresh:"):
        done = attempt(form, figures.refresh_figure, figure=_number(act.partition(":")[2]), **asked)
        if done is not None:
            messages.success(request, _("已更新为 %(text)s。") % {"text": done.inserted["text"]})
            return redirect(request.get_full_path())
        return None
    kept = {_number(key[5:]): text for key, text in request.POST.items() if key.startswith("kept-")}
    letter = attempt(form, signing.sign_reply, kept=kept, **asked)
    if letter is None:
        return None
    said = _("已签发，发文字号 %(number)s。") % {"number": letter.number} if letter.number else _("已签发。")
    messages.success(request, said)
    return redirect(keep.page_url(request, "reply_letter", reply.pk))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@requires(*_WRITE)
@never_cache
def reply_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begins the correction of a signed answer; the letter sent stays as it is."""
    reply = reply_or_404(request, pk)
    if not may_correct(request.user, reply):
        raise Http404
    form = ReasonForm(request.POST or None)
    if form.is_valid() and may_change_now(request):
        reason = form.cleaned_data["reason"]
        made = attempt(form, drafting.correct_reply, reply=reply, reason=reason, by=request.user)
        if made is not None:
            return redirect(keep.page_url(request, "reply_draft", made.pk))
    said = _("已签发的公文不改动。更正以一份新的公文作出，签发后原件注明已被更正。")
    context = {"title": _("更正答复"), "kind": reply.title, "sentence": said, "button": _("起草更正")}
    back = keep.page_url(request, "reply_letter", pk)
    return form_page(request, "workforce/plain_form.html", form, back=back, draft=request.path, **context)


routes = [
    path("proposals/handlings/<int:pk>/reply/", reply_new, name="reply_new"),
    path("proposals/replies/<int:pk>/sign/", reply_sign, name="reply_sign"),
    path("proposals/replies/<int:pk>/correct/", reply_correct, name="reply_correct"),
]
