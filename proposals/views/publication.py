"""Publication review for the office: the letter beside its public version, the check, the release by another person."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.letters.paper import Paper
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.paginator import BoundedPaginator
from proposals.actions import publication as acts
from proposals.enums import ReplyKind
from proposals.forms.answered import HideForm, ReleaseForm, ReviewForm, TakeBackForm
from proposals.models import Handling, Publication, Reply
from proposals.queries import cases as case_reads
from proposals.queries import publication as reads
from proposals.queries.compared import compared, removed_words
from proposals.queries.sent import answer_of, implementations
from proposals.redaction import doubts
from proposals.stages import PUBLICATION
from workforce.views.answers import attempt, form_page

PAGE_ROWS = 50
_NEAR = (
    "letter",
    "handling__proposal__session",
    "handling__unit",
    "publication__checked_by",
    "publication__published_by",
)


@require_safe
@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def disclosure_reviews(request: HttpRequest) -> HttpResponse:
    """What waits for review, by its last day, and what was reviewed."""
    code = case_reads.place_of_cases(keep.place_of(request))
    waiting = list(reads.waiting(request.user, code)[:PAGE_ROWS])
    for one in waiting:
        one.answer = answer_of(one)
    rows = reads.managed(request.user).under(code).order_by("-checked_on", "-id")
    page = BoundedPaginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "proposals/disclosure_reviews.html", {"waiting": waiting, "page": page})


def _reply(request: HttpRequest, pk: int) -> Reply:
    """A signed reply of a place whose proposals the reader manages; a draft is none."""
    rows = Reply.objects.filter(handling__in=Handling.objects.for_user(request.user, Perm.MANAGE_PROPOSALS))
    return get_object_or_404(rows.filter(letter__isnull=False).select_related(*_NEAR), pk=pk)


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def disclosure_review(request: HttpRequest, pk: int) -> HttpResponse:
    """One reply: its text beside the public version, the form of the check, then of the release."""
    reply = _reply(request, pk)
    held = getattr(reply, "publication", None)
    settled = {"disclosure": reply.disclosure, "reason": reply.disclosure_reason}
    form = ReviewForm(
        request.POST or None, initial={"disclosure": held.disclosure, "reason": held.reason} if held else settled
    )
    looks = request.POST.get("act") == "preview"
    if request.method == "POST" and not looks and form.is_valid():
        if attempt(form, acts.check_publication, reply=reply, **form.asked(), by=request.user):
            messages.success(request, _("已审查。请另一位有权限的同事核对后发布。"))
            return redirect(keep.page_url(request, "disclosure_review", reply.pk))
    elif looks:
        form.is_valid()
        form.errors.clear()
    return form_page(request, "proposals/disclosure_review.html", form, **_page(request, reply, held, form))


def _page(request: HttpRequest, reply: Reply, held: Publication | None, form: ReviewForm) -> dict:
    values = getattr(form, "cleaned_data", {}) if form.is_bound else {}
    fresh, counts = reads.preview(reply, values.get("further", ()), keep_names=values.get("keep_names", False))
    shown = reads.paper_of(held) if held and held.content and not form.is_bound else fresh
    settled = held is not None and reads.decided(held)
    return {
        "reply": reply,
        "handling": reply.handling,
        "case": reply.handling.proposal,
        "held": held,
        "settled": settled,
        "out": held is not None and reads.is_out(held),
        "mine": held is not None and held.checked_by_id == request.user.pk,
        "pairs": compared(Paper.from_data(reply.letter.paper), shown),
        "removed": removed_words(held.removed if held and shown is not fresh else counts),
        "doubts": doubts(reads.text_of(shown)),
        "release": ReleaseForm(initial={"seen": reads.mark_of(held)}) if held and not settled else None,
        "back": keep.page_url(request, "proposal", reply.handling.proposal_id),
    }


@require_POST
@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def disclosure_release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lets out what another person checked, or settles that it is withheld."""
    held = get_object_or_404(reads.managed(request.user), pk=pk)
    form = ReleaseForm(request.POST)
    if form.is_valid() and attempt(
        form, acts.release_publication, publication=held, seen=form.cleaned_data["seen"], by=request.user
    ):
        public = reads.is_public(held.disclosure)
        messages.success(request, _("已公开，地址长期有效。") if public else _("已确认不主动公开。"))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(keep.page_url(request, "disclosure_review", held.reply_id))


def _act(request: HttpRequest, pk: UUID, form_of: type, act, said: str, **words: str) -> HttpResponse:
    held = get_object_or_404(reads.managed(request.user), pk=pk)
    back = keep.page_url(request, "disclosure_review", held.reply_id)
    form = form_of(request.POST or None)
    if form.is_valid() and attempt(form, act, publication=held, **form.cleaned_data, by=request.user):
        messages.success(request, said)
        return redirect(back)
    kind = str(held.reply.handling.proposal)
    return form_page(request, "proposals/act_form.html", form, kind=kind, back=back, draft=request.path, **words)


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def disclosure_take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes a published reply back, with the reason that its address then shows."""
    sentence = _("撤下后，列表、订阅和数据中不再有这份答复；原地址显示撤下日期和理由。撤下后不能恢复，更正应另行发文。")
    words = {"title": _("撤下公开的答复"), "sentence": sentence, "button": _("撤下")}
    return _act(request, pk, TakeBackForm, acts.take_back_publication, _("已撤下。"), **words)


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def disclosure_hide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes further words out of a published reply, at once."""
    sentence = _("立即从公开页面、PDF、订阅和数据中隐去，地址不变。")
    words = {"title": _("再隐去一些文字"), "sentence": sentence, "button": _("隐去")}
    return _act(request, pk, HideForm, acts.hide_more, _("已隐去。"), **words)


def panel(request: HttpRequest, handling: Handling) -> list[dict]:
    """What the page of a case shows of a handling's publication: each letter that may be published, with its state."""
    main = answer_of(handling)
    replies = ([main] if main else []) + implementations(handling)
    held = {one.reply_id: one for one in Publication.objects.filter(reply__in=replies)}
    manages = request.user.can(Perm.MANAGE_PROPOSALS, handling.division_id)
    rows = []
    for reply in replies:
        publication = held.get(reply.pk)
        due = publication is not None or reply.kind == ReplyKind.IMPLEMENTATION or handling.stage == PUBLICATION
        rows.append({
            "reply": reply,
            "publication": publication,
            "out": publication is not None and reads.is_out(publication),
            "next": reply == main and handling.stage == PUBLICATION,
            "review": keep.page_url(request, "disclosure_review", reply.pk) if manages and due else "",
        })  # fmt: skip
    return rows
