"""Signature: every figure checked against the catalogue, frozen with the text, and issued as a letter in one act."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.indicators.declare import Indicator
from portal.core.letters.actions import issue_letter
from portal.core.letters.models import Letter
from portal.core.lib.clock import today
from portal.core.policy.kinds import RESULT_CLASSES
from portal.core.policy.queries import rule_for
from proposals import stages
from proposals.actions import course
from proposals.actions.drafting import held_reply, is_regular
from proposals.actions.tallies import refresh_tallies
from proposals.enums import ReplyKind, Stage
from proposals.models import ClassChange, Handling, LiveFigure, Reply, ReplySection
from proposals.queries.cases import search_text, search_vector
from proposals.queries.drafts import co_handlers, opinion_of, paper_of, sections_of
from proposals.queries.figures import Standing, named_in, shown_figures, spoken, standing
from workforce.actions.versions import claim_row

_REASON = 300


@action
def sign_reply(
    *, reply: Reply, version: int, indicators: Mapping[str, Indicator], kept_reason: str = "",
    kept: Mapping[int, str] | None = None, issued_on: date | None = None, by,
) -> Letter:  # fmt: skip
    """Signs an answer: freezes its figures, issues the letter with its number and moves the case on, or does nothing.

    Refuses while a figure has changed since it was inserted, unless it is refreshed before or kept with a reason: one
    reason for all in `kept_reason`, or one for each figure in `kept`. Raises `Stale`; ValidationError with what is wrong.
    """
    held = held_reply(reply, by, stages.LEADER)
    handling = held.handling
    _refuse_unready(held, by)
    claim_row(held, version)
    sections, day = sections_of(held), issued_on or today()
    stands = _used(held, sections, indicators)
    _freeze(stands, kept_reason.strip(), kept or {})
    held = Reply.objects.select_related("handling__unit", "corrects").get(pk=held.pk)
    letter = issue_letter(
        division=handling.division,
        word=handling.unit.word,
        paper=paper_of(held, sections, dated=day),
        figures=[{"figure": one.pk, "indicator": one.indicator, **one.frozen} for one in held.figures.order_by("pk")],
        issued_on=day,
        by=by,
        corrects=held.corrects.letter if held.corrects_id else None,
    )
    Reply.objects.filter(pk=held.pk).update(letter=letter)
    _into_library(held, sections)
    _follow(held, by)
    refresh_tallies([handling.division_id])
    return letter


def _refuse_unready(held: Reply, by) -> None:
    """What keeps a letter from being signed at all. The step itself checks the persons of the round."""
    handling = held.handling
    if is_regular(held):
        if handling.stage != Stage.SIGNATURE or handling.round != held.round:
            raise ValidationError(
                _("现处于“%(stage)s”，答复还不能签发。") % {"stage": handling.get_stage_display()}, code="stage"
            )
    elif held.drafted_by_id == by.pk:
        raise ValidationError(_("这份答复是您起草的，须由另一个人签发。"), code="maker")
    silent = [part for part in co_handlers(handling) if part.unit_id in held.issued_with and opinion_of(part) is None]
    if silent:
        raise ValidationError(
            _("联合行文须经会签：%(units)s还没有会办意见在案。请等意见到齐，或退回起草改为单独行文。")
            % {"units": _("、").join(part.unit.short for part in silent)},
            code="joint",
        )
    classed = rule_for(RESULT_CLASSES, handling.division_id, today()).rule
    if classed and not held.result and held.kind != ReplyKind.IMPLEMENTATION:
        raise ValidationError(_("还没有选择办理结果类别。请退回起草，选好类别再签发。"), code="result")


def _used(held: Reply, sections: list[ReplySection], indicators: Mapping[str, Indicator]) -> list[Standing]:
    """How the figures that the text names stand now; those it does not name are dropped, unknown ones refused."""
    named = named_in([*(one.text for one in sections), held.opening, held.closing])
    known = set(held.figures.values_list("pk", flat=True))
    if lost := sorted(named - known):
        raise ValidationError(
            _("正文里的 %(tokens)s 不是这份答复的指标。请退回起草，删去或重新插入。")
            % {"tokens": _("、").join(f"[[{key}]]" for key in lost)},
            code="token",
        )
    held.figures.exclude(pk__in=named).delete()
    return standing(held, indicators)


def _freeze(stands: list[Standing], reason: str, kept: Mapping[int, str]) -> None:
    """Freezes what the letter says; a changed figure keeps beside it what the catalogue said, and why it was kept."""
    reasons = {
        one.figure.pk: (kept.get(one.figure.pk, "").strip() or reason)[:_REASON] for one in stands if one.changed
    }
    open_ones = [one for one in stands if one.changed and not reasons[one.figure.pk]]
    if open_ones:
        raise ValidationError(
            _("有 %(n)s 个指标在插入后已变动：%(changes)s。请更新，或写明保留的理由，再签发。")
            % {
                "n": len(open_ones),
                "changes": _("；").join(f"{one.shown['label']} {one.words}" for one in open_ones),
            },
            code="figures",
        )
    for one in stands:
        frozen = {**one.figure.inserted, "checked_on": one.day.isoformat()}
        if one.changed:
            frozen |= {"kept_because": reasons[one.figure.pk], "instead_of": one.now["text"] if one.now else ""}
        LiveFigure.objects.filter(pk=one.figure.pk).update(frozen=frozen)


def _into_library(held: Reply, sections: list[ReplySection]) -> None:
    """From now on the paragraphs are found by their words, with the figures as signed."""
    words = shown_figures(held)
    for one in sections:
        if one.text:
            terms = search_text("", "", spoken(one.text, words))
            ReplySection.objects.filter(pk=one.pk).update(search=search_vector(terms))


def _follow(held: Reply, by) -> None:
    """The case moves on with an answer of its round; a correction and a later report leave it where it is."""
    handling = held.handling
    if is_regular(held):
        course.move(handling, "sign", by=by)
        if held.result and held.result != handling.result:
            _classify(handling, held.result, held.kind, by)


def _classify(handling: Handling, result: str, kind: str, by) -> None:
    """The class that the letter bears is that of the case; the first one has nothing before it."""
    with translation.override(settings.LANGUAGE_CODE):
        reason = "" if not handling.result else str(ReplyKind(kind).label)
    ClassChange.objects.create(
        handling=handling, before=handling.result, after=result, on=today(), reason=reason, changed_by=by
    )
    Handling.objects.filter(pk=handling.pk).update(result=result)
    handling.refresh_from_db()
