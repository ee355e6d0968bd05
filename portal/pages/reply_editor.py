"""The editor of answers: sections and the letter around them in one form, with what stands beside it.

Every button saves first what was typed, so that nothing is lost; with a script only the editor is drawn anew, without one
the page comes again.
"""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.territory.queries import shown_children
from portal.core.web import keep
from portal.core.web.access import requires
from portal.pages import reply_words
from portal.pages.reply_acts import Editing, follow
from portal.registry import INDICATORS
from proposals import stages
from proposals.actions import course, drafting
from proposals.forms.drafts import ReplyForm
from proposals.models import Reply
from proposals.queries import drafts
from workforce.actions.versions import Stale
from workforce.views.answers import attempt, may_change_now

LEVELS = (
    ("0", _L("正文")), ("1", "一、"), ("2", "（一）"), ("3", "1."), ("4", "（1）"), ("6", _L("表格")), ("5", _L("附件")),
)  # fmt: skip


def reply_or_404(request: HttpRequest, pk: int, perm: Perm = Perm.VIEW_PROPOSALS) -> Reply:
    return get_object_or_404(drafts.replies(request.user, perm), pk=pk)


def may_write(request: HttpRequest, reply: Reply) -> bool:
    """Whether the reader may write in this answer now."""
    return drafting.may_write(reply) and course.may_act(request.user, reply.handling, stages.UNIT)


@requires(Perm.HANDLE_PROPOSALS, Perm.MANAGE_PROPOSALS)
@never_cache
def reply_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft to be written in; whoever may not write now gets the letter as it stands."""
    reply = reply_or_404(request, pk)
    if not may_write(request, reply) or not may_change_now(request):
        return redirect(keep.page_url(request, "reply_letter", pk))
    if request.method != "POST":
        return render(request, "proposals/reply_draft.html", _context(request, reply, Editing.stored(reply)))
    return _posted(request, reply)


def _posted(request: HttpRequest, reply: Reply) -> HttpResponse:
    form, editing = ReplyForm(request.POST, reply=reply), Editing.typed(request.POST)
    editing.rearrange()
    if form.is_valid() and _save(form, reply, editing, request.user):
        if editing.verb == "discard":
            return _gone(request, reply)
        said = _follow(form, reply, editing, request.user)
        if not form.errors:
            return _again(request, reply, editing, said)
    return _answer(request, reply, editing, form)


def _save(form: ReplyForm, reply: Reply, editing: Editing, by) -> bool:
    """Saves everything typed. Whoever was overtaken sees it and may save again over what the other wrote."""
    if editing.version != reply.version:
        form.add_error(None, Stale(_("这份草稿刚被其他人改过。您写的内容还在下面；再次保存将以您的内容为准。")))
        editing.version = reply.version
        return False
    saved = attempt(
        form, drafting.save_reply, reply=reply, version=editing.version, fields=form.cleaned_data,
        sections=editing.written(), by=by,
    )  # fmt: skip
    return saved is not None


def _follow(form: ReplyForm, reply: Reply, editing: Editing, by) -> str:
    """What the button does beside saving; its refusal stands above the form, what was typed is saved already."""
    reply.refresh_from_db(fields=["version"])
    try:
        return follow(reply, editing, by)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return ""


def _gone(request: HttpRequest, reply: Reply) -> HttpResponse:
    reply.refresh_from_db(fields=["version"])
    drafting.discard_reply(reply=reply, version=reply.version, by=request.user)
    messages.success(request, _("草稿已删除。"))
    url = keep.page_url(request, "proposal", reply.handling.proposal_id)
    return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else redirect(url)


def _again(request: HttpRequest, reply: Reply, editing: Editing, said: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, said)
        return redirect(request.get_full_path())
    fresh = reply_or_404(request, reply.pk)
    shown = Editing.stored(fresh, focus=editing.focus)
    return _editor(request, _context(request, fresh, shown) | {"said": said})


def _answer(request: HttpRequest, reply: Reply, editing: Editing, form: ReplyForm) -> HttpResponse:
    fresh = reply_or_404(request, reply.pk)
    if editing.saved:
        editing = Editing.stored(fresh, focus=editing.focus)
    context = _context(request, fresh, editing) | {"form": form}
    if request.htmx:
        return _editor(request, context, 422)
    return render(request, "proposals/reply_draft.html", context, status=422)


def _editor(request: HttpRequest, context: dict, status: int = 200) -> HttpResponse:
    return render(request, "proposals/_reply_editor.html", context, status=status)


def _context(request: HttpRequest, reply: Reply, editing: Editing) -> dict:
    sections = drafts.sections_of(reply)
    parts = drafts.co_handlers(reply.handling)
    return {
        "reply": reply,
        "proposal": reply.handling.proposal,
        "form": ReplyForm(reply=reply),
        "rows": editing.rows(sections),
        "editing": editing,
        "levels": LEVELS,
        "parts": [{"part": one, "opinion": drafts.opinion_of(one)} for one in parts],
        "places": _places(request, reply),
        "today": today(),
        **reply_words.beside(reply, sections, INDICATORS),
    }


def _places(request: HttpRequest, reply: Reply) -> list:
    """Where figures may be of: the place itself and what lies right below, as far as the reader sees it."""
    own = reply.handling.division
    return [own, *(one for one in shown_children(own, today()) if request.user.can(Perm.VIEW_STAFFING, one.pk))]


routes = [path("proposals/replies/<int:pk>/", reply_draft, name="reply_draft")]
