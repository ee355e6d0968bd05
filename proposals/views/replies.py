"""The answers of a handling on the page of its case."""

from django.http import HttpRequest

from portal.core.accounts.roles import Perm
from portal.core.web import keep
from proposals import stages
from proposals.actions import course, drafting
from proposals.enums import ReplyKind, Stage
from proposals.models import Handling, Reply
from proposals.queries.drafts import replies


def panel(request: HttpRequest, handling: Handling) -> dict:
    """For templates/proposals/_replies.html: answers with their state and page, and what may be begun."""
    rows = list(replies(request.user, Perm.VIEW_PROPOSALS).filter(handling=handling).order_by("pk"))
    mine = course.may_act(request.user, handling, stages.UNIT)
    signs = course.may_act(request.user, handling, stages.LEADER)
    return {
        "rows": [_row(request, reply, mine=mine, signs=signs) for reply in rows],
        "begin": _begin(request, handling, rows) if mine else [],
    }


def _row(request: HttpRequest, reply: Reply, *, mine: bool, signs: bool) -> dict:
    waits = reply.handling.stage == Stage.SIGNATURE and drafting.is_regular(reply) and not reply.letter_id
    sign = signs and (
        waits or not (drafting.is_regular(reply) or reply.letter_id or reply.drafted_by_id == request.user.pk)
    )
    return {
        "reply": reply,
        "letter": reply.letter,
        "url": keep.page_url(request, "reply_letter", reply.pk),
        "edit": keep.page_url(request, "reply_draft", reply.pk) if mine and drafting.may_write(reply) else "",
        "sign": keep.page_url(request, "reply_sign", reply.pk) if sign else "",
    }


def _begin(request: HttpRequest, handling: Handling, rows: list[Reply]) -> list[dict]:
    """The answer of this round where none is begun, and the later report once the case is closed."""
    if handling.role not in stages.ANSWERING:
        return []
    ordinary = [one for one in rows if drafting.is_regular(one) and one.round == handling.round]
    found = []
    if handling.stage in stages.DRAFTING and not ordinary:
        kind = ReplyKind.SECOND if handling.round > 1 else ReplyKind.REPLY
        found.append({"label": kind.label, "url": keep.page_url(request, "reply_new", handling.pk)})
    later = [one for one in rows if one.kind == ReplyKind.IMPLEMENTATION and not one.letter_id]
    if handling.stage in drafting.FOLLOW_UP and not later:
        url = keep.page_url(request, "reply_new", handling.pk, kind=str(ReplyKind.IMPLEMENTATION))
        found.append({"label": ReplyKind.IMPLEMENTATION.label, "url": url})
    return found
