"""Headings and paragraphs of an answer one at a time, and those taken over: from co-handlers and from earlier answers."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from portal.core.indicators.declare import Indicator
from portal.core.lib.clock import today
from proposals.actions.drafting import LONGEST, Written, put_sections, writable
from proposals.enums import HandlingRole
from proposals.models import Handling, HandlingUnit, LiveFigure, Reply, ReplySection
from proposals.queries.drafts import co_handlers, opinion_of, replies, sections_of
from proposals.queries.figures import TOKEN, counted, is_current, shown_figures, spoken, told
from proposals.queries.library import together


def place(held: Reply, after: int | None, added: list[ReplySection]) -> list[ReplySection]:
    """Puts unsaved sections behind the section `after`, at the end where there is none, of an answer held already."""
    there = sections_of(held)
    at = next((number for number, one in enumerate(there, 1) if one.pk == after), len(there))
    for number, one in enumerate(added, len(there) + 1):
        one.reply, one.position = held, number
    ReplySection.objects.bulk_create(added)
    order = [*there[:at], *added, *there[at:]]
    put_sections(held, [Written(one.pk, one.level, one.text) for one in order])
    return added


@action
def add_section(
    *, reply: Reply, version: int, text: str = "", level: int = 0, after: int | None = None,
    unit: HandlingUnit | None = None, by,
) -> ReplySection:  # fmt: skip
    """Adds a heading or paragraph behind another one; `unit` is the co-handler it comes from."""
    held = writable(reply, version, by)
    return place(held, after, [ReplySection(level=level, text=text.strip(), unit=unit)])[0]


@action
def edit_section(*, reply: Reply, version: int, section: int, text: str, level: int, by) -> None:
    """Rewrites one heading or paragraph."""
    _rewrite(reply, version, by, lambda one: Written(one.pk, level, text) if one.pk == section else _as_is(one))


@action
def remove_section(*, reply: Reply, version: int, section: int, by) -> None:
    """Takes a heading or paragraph out."""
    _rewrite(reply, version, by, lambda one: None if one.pk == section else _as_is(one))


@action
def move_section(*, reply: Reply, version: int, section: int, up: bool, by) -> None:
    """Moves a heading or paragraph one place up or down; at the edge it stays."""
    held = writable(reply, version, by)
    put_sections(held, moved([_as_is(one) for one in sections_of(held)], section, up=up))


def moved(written: list[Written], key: int, *, up: bool) -> list[Written]:
    """The sections with one of them moved a place up or down."""
    order = list(written)
    at = next((number for number, one in enumerate(order) if one.key == key), None)
    to = None if at is None else at + (-1 if up else 1)
    if to is not None and 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    return order


def _as_is(one: ReplySection) -> Written:
    return Written(one.pk, one.level, one.text)


def _rewrite(reply: Reply, version: int, by, change) -> None:
    held = writable(reply, version, by)
    put_sections(held, [new for one in sections_of(held) if (new := change(one)) is not None])


@action
def take_opinion(*, reply: Reply, version: int, part: Handling, after: int | None = None, by) -> list[ReplySection]:
    """Takes the opinion of a co-handler into the answer, a section a paragraph, each naming where it comes from.

    Raises `Stale`; ValidationError where that unit has no opinion on file.
    """
    held = writable(reply, version, by)
    there = {one.pk: one for one in co_handlers(held.handling)}
    opinion = opinion_of(there[part.pk]) if part.pk in there and part.role == HandlingRole.CO else None
    if opinion is None:
        raise ValidationError(_("%(unit)s还没有提出会办意见。") % {"unit": part.unit.short})
    lines = [line.strip() for line in opinion.words.splitlines() if line.strip()]
    pieces = [line[at : at + LONGEST] for line in lines for at in range(0, len(line), LONGEST)]
    return place(held, after, [ReplySection(text=piece, unit_id=part.unit_id) for piece in pieces])


@action
def take_paragraph(
    *,
    reply: Reply,
    version: int,
    source: ReplySection,
    indicators: Mapping[str, Indicator],
    after: int | None = None,
    by,
) -> ReplySection:
    """Takes a paragraph of an earlier answer over. Its figures come alive: those of their own day as of today.

    Raises `Stale`; ValidationError for an answer that is not signed or that the user may not see.
    """
    held = writable(reply, version, by)
    earlier = replies(by, Perm.VIEW_PROPOSALS).filter(pk=source.reply_id, letter__isnull=False).first()
    if earlier is None:
        raise ValidationError(_("只能引用您可以查看的、已签发答复里的段落。"))
    text = _revived(held, earlier, source.text, indicators, by)
    return place(held, after, [ReplySection(level=source.level, text=text, taken_from=earlier)])[0]


@action
def take_text(
    *, reply: Reply, version: int, source: Reply, indicators: Mapping[str, Indicator], after: int | None = None, by
) -> list[ReplySection]:
    """Takes all paragraphs of another answer over: an issued one, or the draft for a proposal merged with this one.

    Its figures come alive as in `take_paragraph`. Of a merged proposal the co-handlers stay named as sources. Raises
    `Stale`; ValidationError for any other answer.
    """
    held = writable(reply, version, by)
    merged = source.pk in {one.pk for one in together(by, held)}
    earlier = replies(by, Perm.VIEW_PROPOSALS).filter(pk=source.pk).first()
    if earlier is None or not (merged or earlier.letter_id) or earlier.pk == held.pk:
        raise ValidationError(_("只能引用您可以查看的、已签发的答复，或与本件并案办理的答复。"))
    added = [
        ReplySection(
            level=one.level, text=_revived(held, earlier, one.text, indicators, by),
            unit_id=one.unit_id if merged else None, taken_from=earlier if earlier.letter_id else None,
        )
        for one in sections_of(earlier)
    ]  # fmt: skip
    return place(held, after, added)


def _revived(held: Reply, earlier: Reply, text: str, indicators: Mapping[str, Indicator], by) -> str:
    """The text with its figures as new ones of this answer; one that cannot be had any more stays in words."""
    named = {int(token[1]) for token in TOKEN.finditer(text)}
    new: dict[int, int] = {}
    for one in earlier.figures.all():
        on = today() if is_current(one) else one.on
        known = indicators.get(one.indicator)
        if one.pk not in named or known is None or not may_insert(by, known, one.division_id):
            continue
        if (found := counted([known], one.division_id, on).get(one.indicator)) is not None and found.value is not None:
            new[one.pk] = LiveFigure.objects.create(
                reply=held, indicator=one.indicator, division_id=one.division_id, on=on, decimals=one.decimals,
                inserted=told(found, one.decimals), inserted_by=by,
            ).pk  # fmt: skip
    words = shown_figures(earlier)
    return TOKEN.sub(
        lambda token: f"[[{new[int(token[1])]}{token[2] or ''}]]" if int(token[1]) in new else spoken(token[0], words),
        text,
    )


def may_insert(by, indicator: Indicator, code: str) -> bool:
    """Whether somebody may put a figure of a place into a letter: those they may see there."""
    return by.can(Perm.VIEW_STAFFING, code) and (indicator.perm is None or by.can(indicator.perm, code))
