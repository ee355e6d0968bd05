"""Publication review: one person checks the public version, another lets it out; taken back it keeps its row and reason.

Source: domain §2.2 (国办发〔2014〕46号): disclosure is settled with the reply and reviewed before release.
"""

from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db.models import Value
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, record
from portal.core.letters.paper import Paper
from portal.core.lib.clock import now, today
from proposals import stages
from proposals.actions import course
from proposals.actions.tallies import refresh_tallies
from proposals.enums import Disclosure, ReplyKind
from proposals.models import Handling, Publication, Reply
from proposals.queries import publication as reads
from proposals.queries.sent import answer_of
from proposals.redaction import Known, redact_paper
from workforce.actions.versions import Stale

_LONGEST = 300


@action
def check_publication(
    *, reply: Reply, disclosure: str, reason: str = "", further: tuple[str, ...] = (), keep_names: bool = False, by
) -> Publication:
    """Notes what the checker found: the disclosure, and for a public one the letter without what may not be shown.

    `further` are words to hide beside what the rule takes out; `keep_names` that the proposers agreed to be named. Until
    the release it may be done again, by anybody of the office. Raises ValidationError for a draft, a case that is not
    under review, a missing reason, and once it is released.
    """
    handling = course.locked(reply.handling)
    course.refuse_stranger(by, handling, stages.OFFICE)
    held = Publication.objects.select_for_update(no_key=True, of=("self",)).filter(reply=reply).first()
    if held is not None and reads.decided(held):
        raise ValidationError(_("公开审查已经完成，不能再改。"))
    _check_review(reply, handling)
    reason = reason.strip()
    if disclosure not in Disclosure.values:
        raise ValidationError({"disclosure": _("请选择公开属性。")})
    if not reason and (disclosure != Disclosure.PUBLIC or disclosure != reply.disclosure):
        raise ValidationError({"reason": _("不主动公开，或者与答复上的公开属性不同的，请写明理由。")})
    held = held or Publication(reply=reply, division_id=handling.division_id)
    held.content, held.removed = None, []
    if reads.is_public(disclosure):
        public, held.removed = reads.preview(reply, further, keep_names=keep_names)
        held.content = public.to_data()
    held.disclosure, held.reason = disclosure, reason[:_LONGEST]
    held.checked_by, held.checked_on = by, today()
    held.save()
    record("publication_checked", by=by, subject=held.pk, division=held.division_id, value=disclosure)
    return held


def _check_review(reply: Reply, handling: Handling) -> None:
    """A signed letter of a case under review, or a later report on one that was answered."""
    if reply.letter_id is None:
        raise ValidationError(_("答复还没有签发，不能公开。"))
    if handling.stage == stages.PUBLICATION:
        main = answer_of(handling)
        if reply.kind == ReplyKind.IMPLEMENTATION or main is None or main.pk != reply.pk:
            raise ValidationError(_("公开的应是这件提案最近一次签发的答复。"))
    elif reply.kind != ReplyKind.IMPLEMENTATION or handling.stage not in (stages.ANSWERED, stages.ARCHIVED):
        raise ValidationError(_("这件提案不在公开审查阶段。请查看最新进展。"))


@action
def release_publication(*, publication: Publication, seen: str, by) -> Publication:
    """Lets out what was checked, or settles that it stays withheld; the case is answered by that.

    `seen` is the mark of what the releaser looked at (`queries.publication.mark_of`). Raises `Stale` where it is another by
    now, ValidationError for the checker and after the release.
    """
    handling = course.locked(publication.reply.handling)
    course.refuse_stranger(by, handling, stages.OFFICE)
    held = Publication.objects.select_for_update(no_key=True, of=("self",)).get(pk=publication.pk)
    if reads.decided(held):
        raise ValidationError(_("公开审查已经完成，不能再改。"))
    if held.checked_by_id == by.pk:
        raise ValidationError(_("公开文本是您审查的，须由另一个人发布。"), code="maker")
    if reads.mark_of(held) != seen:
        raise Stale(_("公开文本刚被其他人重新审查过。请查看最新内容后再发布。"))
    _check_review(held.reply, handling)
    held.published_by = by
    if public := reads.is_public(held.disclosure):
        held.published_at = now()
    held.save()
    if public:
        _index(held)
    if handling.stage == stages.PUBLICATION:
        course.move(handling, "publish" if public else "withhold", by=by, words=held.reason)
    act = "reply_published" if public else "reply_withheld"
    record(act, by=by, subject=held.pk, division=held.division_id)
    refresh_tallies([held.division_id])
    return held


def _index(publication: Publication) -> None:
    terms = reads.search_terms(publication)
    Publication.objects.filter(pk=publication.pk).update(search=SearchVector(Value(terms), config="simple"))


@action
def hide_more(*, publication: Publication, words: tuple[str, ...], reason: str, by) -> Publication:
    """Takes further words out of a published letter at once; its address stays. Raises ValidationError without words."""
    held = _out(publication, by)
    public, counts = redact_paper(Paper.from_data(held.content), Known(further=words))
    if not counts:
        raise ValidationError({"words": _("公开文本里没有这些文字。请按页面上的写法填写。")})
    held.content = public.to_data()
    held.removed = [*held.removed, *({"kind": kind, "n": n} for kind, n in sorted(counts.items()))]
    held.save(update_fields=["content", "removed"])
    _index(held)
    record("publication_hidden", by=by, subject=held.pk, division=held.division_id, reason=_because(reason))
    return held


@action
def take_back_publication(*, publication: Publication, reason: str, by) -> Publication:
    """Takes a published reply back; its address then says so, with the reason. Raises ValidationError without a reason."""
    held = _out(publication, by)
    held.taken_back_at, held.taken_back_because = now(), _because(reason)
    held.save(update_fields=["taken_back_at", "taken_back_because"])
    record("reply_taken_back", by=by, subject=held.pk, division=held.division_id, reason=held.taken_back_because)
    refresh_tallies([held.division_id])
    return held


def _out(publication: Publication, by) -> Publication:
    handling = course.locked(publication.reply.handling)
    course.refuse_stranger(by, handling, stages.OFFICE)
    held = Publication.objects.select_for_update(no_key=True, of=("self",)).get(pk=publication.pk)
    if not reads.is_out(held):
        raise ValidationError(_("这份答复没有公开，或者已经撤下。"))
    return held


def _because(reason: str) -> str:
    if not (said := reason.strip()[:_LONGEST]):
        raise ValidationError({"reason": _("请写明理由，公众会看到。")})
    return said
