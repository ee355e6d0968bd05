"""A reply goes out: to every proposer, or to the first signer who tells the others; each gets a form with a link of its own.

A link holds a token that is shown once, to whoever sends it; the database keeps its SHA-256 alone.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action, record
from portal.core.lib.clock import today
from proposals.actions import commitments, course, deadlines
from proposals.actions.tallies import refresh_tallies
from proposals.enums import ContactMode, DueKind, ReplyKind
from proposals.models import ClassChange, Feedback, Handling, Proposer, Reply
from proposals.queries.feedback import digest_of, still_asked
from proposals.queries.sent import reply_of_round

TOKEN_BYTES = 32
# How long a link works where the place set no rule for feedback.
WITHOUT_RULE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Link:
    """A form and the token of its link; `repr` keeps the token out of logs."""

    feedback: Feedback
    token: str

    def __repr__(self) -> str:
        return f"Link({self.feedback.pk})"


@action
def send_reply(*, handling: Handling, version: int, sent_on: date, mode: str, by) -> list[Link]:
    """Notes that the signed reply of this round went out, and makes the forms for what the proposers think of it.

    Meets the period of the answer, starts those of feedback and publication. Raises `Stale`; ValidationError without a
    signed reply of this round, for a day before its date, and for whoever may not act for the unit.
    """
    held = course.claim(handling.pk, version, by, Perm.HANDLE_PROPOSALS)
    course.refuse_stranger(by, held)
    reply = reply_of_round(held)
    if reply is None:
        raise ValidationError(_("这一轮的答复还没有签发，不能寄发。"))
    _check(reply, sent_on, mode)
    course.move(held, "send", by=by, words=_mode_words(mode), on=sent_on)
    _note_class(held, reply, sent_on, by)
    deadlines.meet(held, DueKind.REPLY, sent_on)
    if held.round > 1:
        deadlines.meet(held, DueKind.REHANDLING, sent_on)
    due = deadlines.start(held, DueKind.FEEDBACK, sent_on, by=by)
    deadlines.start(held, DueKind.PUBLICATION, sent_on, by=by)
    commitments.sent(held, sent_on, by=by)
    links = _ask(held, sent_on, due.due_on if due else sent_on + WITHOUT_RULE)
    refresh_tallies([held.division_id])
    return links


@action
def send_implementation(*, handling: Handling, reply: Reply, version: int, sent_on: date, mode: str, by) -> Handling:
    """Notes that the later report 落实答复 on a case went out; the case stays where it stands.

    Raises `Stale`; ValidationError for any other reply, an unsigned one, and for whoever may not act for the unit.
    """
    held = course.claim(handling.pk, version, by, Perm.HANDLE_PROPOSALS)
    course.refuse_stranger(by, held)
    if reply.handling_id != held.pk or reply.kind != ReplyKind.IMPLEMENTATION or reply.letter_id is None:
        raise ValidationError(_("请选择这件提案已签发的落实答复。"))
    _check(reply, sent_on, mode)
    commitments.implemented(held, sent_on)
    record("implementation_sent", by=by, subject=f"reply {reply.pk}", division=held.division_id, on=sent_on.isoformat())
    refresh_tallies([held.division_id])
    return held


@action
def renew_link(*, feedback: Feedback, by) -> Link:
    """Makes a new link where the first was lost; the old one works no more. Raises ValidationError once it is over."""
    handling = course.locked(feedback.handling)
    course.refuse_stranger(by, handling)
    held = Feedback.objects.select_for_update(no_key=True).get(pk=feedback.pk)
    if not still_asked(held, handling, today()):
        raise ValidationError(_("这份意见征询表已经收回、过期或不再需要，不能更换链接。"))
    token = _token()
    held.token_hash = digest_of(token)
    held.save(update_fields=["token_hash"])
    record("feedback_link_renewed", by=by, subject=f"feedback {held.pk}", division=handling.division_id)
    return Link(held, token)


def _check(reply: Reply, sent_on: date, mode: str) -> None:
    if mode not in ContactMode.values:
        raise ValidationError({"mode": _("请选择寄送方式。")})
    if sent_on < reply.letter.issued_on:
        raise ValidationError(
            {"sent_on": _("寄发日期不能早于成文日期 %(day)s。") % {"day": reply.letter.issued_on.isoformat()}}
        )
    if sent_on > today():
        raise ValidationError({"sent_on": _("寄发日期不能晚于今天。")})


def _mode_words(mode: str) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _("寄送方式：%(mode)s") % {"mode": ContactMode(mode).label}


def _note_class(handling: Handling, reply: Reply, on: date, by) -> None:
    """The class that the letter bears is the one of the case; signing may have noted it before."""
    if not reply.result or reply.result == handling.result:
        return
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("第 %(n)s 轮答复") % {"n": handling.round} if handling.result else ""
    ClassChange.objects.create(
        handling=handling, before=handling.result, after=reply.result, on=on, reason=reason, changed_by=by
    )
    handling.result = reply.result
    handling.save(update_fields=["result"])


def _ask(handling: Handling, asked_on: date, expires_on: date) -> list[Link]:
    """One form for each proposer who gets the reply."""
    proposal = handling.proposal
    proposers = Proposer.objects.filter(proposal=proposal).order_by("position")
    asked = proposers[:1] if proposal.first_signer_forwards else proposers
    links = []
    for proposer in asked:
        token = _token()
        made = Feedback.objects.create(
            handling=handling, proposer=proposer, round=handling.round, token_hash=digest_of(token), asked_on=asked_on,
            expires_on=expires_on,
        )  # fmt: skip
        links.append(Link(made, token))
    return links


def _token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)
