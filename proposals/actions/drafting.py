"""Answers as they are written: begun with the wording that the rules propose, rewritten by version, never after signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action, record
from portal.core.letters.paper import printable
from proposals import stages, wording
from proposals.actions import course
from proposals.enums import Disclosure, ReplyKind, Stage
from proposals.models import Handling, LiveFigure, Reply, ReplySection
from proposals.queries.drafts import ANNEX, TABLE, co_handlers, lines_of, matter_of, title_of
from workforce.actions.versions import claim_row

# What the author may rewrite of the letter around its sections.
FIELDS = (
    "style", "title", "addressee", "opening", "closing", "result", "disclosure", "disclosure_reason", "contact", "phone",
    "attachments", "copies", "print_copies", "both_sides", "issued_with",
)  # fmt: skip
MOST_SECTIONS = 200
LONGEST = 5000
# The report on what became of an answer is written once the case is closed.
FOLLOW_UP = (Stage.ANSWERED, Stage.ARCHIVED)
_REASON = 300


@dataclass(frozen=True)
class Written:
    """A heading, paragraph, annex or table as its author left it; `key` names the section it was, None a new one."""

    key: int | None
    level: int
    text: str


@action
def start_reply(*, handling: Handling, by, kind: str = "") -> Reply:
    """Begins an answer with the wording proposed for its proposers and body; without `kind` the one that the stage asks for.

    Raises ValidationError for co-handlers, at stages in which nothing is drafted, and where a draft is there already.
    """
    course.locked(handling)
    course.refuse_stranger(by, handling)
    kind = kind or (ReplyKind.SECOND if handling.round > 1 else ReplyKind.REPLY)
    _refuse_kind(handling, kind)
    number = handling.round
    if kind == ReplyKind.IMPLEMENTATION:
        number = 1 + Reply.objects.filter(handling=handling, kind=kind, corrects__isnull=True).count()
    drafts = Reply.objects.filter(handling=handling, kind=kind, corrects__isnull=True, letter__isnull=True)
    if drafts.exists():
        raise ValidationError(_("这份答复已经在起草。请打开原来的草稿继续写。"), code="started")
    if Reply.objects.filter(handling=handling, kind=kind, round=number, corrects__isnull=True).exists():
        raise ValidationError(_("这一轮的答复已经签发。有误时请办理更正。"), code="signed")
    matter, unit = matter_of(handling, kind), handling.unit
    return Reply.objects.create(
        handling=handling, kind=kind, round=number, drafted_by=by, title=wording.title(matter),
        addressee=wording.addressee(matter), opening=wording.opening(matter), closing=wording.closing(matter),
        copies="\n".join(wording.copies(matter)), result=handling.result, phone=unit.phone,
        contact=handling.officer or unit.contact,
    )  # fmt: skip


def _refuse_kind(handling: Handling, kind: str) -> None:
    if kind not in ReplyKind.values:
        raise ValidationError(_("没有这种答复。"))
    if handling.role not in stages.ANSWERING:
        raise ValidationError(_("会办单位不直接答复提案者。请向主办单位提出会办意见。"), code="role")
    allowed = {
        ReplyKind.REPLY: handling.stage in stages.DRAFTING and handling.round == 1,
        ReplyKind.SECOND: handling.stage in stages.DRAFTING and handling.round > 1,
        ReplyKind.IMPLEMENTATION: handling.stage in FOLLOW_UP,
    }
    if not allowed[ReplyKind(kind)]:
        raise ValidationError(
            _("现处于“%(stage)s”，不能起草%(kind)s。")
            % {"stage": handling.get_stage_display(), "kind": ReplyKind(kind).label},
            code="stage",
        )


@action
def correct_reply(*, reply: Reply, reason: str, by) -> Reply:
    """Begins the correction of a signed answer as a new one with its text and figures; the letter sent stays as it is.

    Raises ValidationError without a reason, for an answer that is not signed, or already corrected.
    """
    handling = course.locked(Handling.objects.get(pk=reply.handling_id))
    course.refuse_stranger(by, handling)
    reply = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
    if len(reason.strip()) < 2:
        raise ValidationError({"reason": _("请写明更正的原因。")})
    if reply.letter_id is None:
        raise ValidationError(_("答复还没有签发，可以直接修改，不需要更正。"), code="draft")
    if Reply.objects.filter(corrects=reply).exists():
        raise ValidationError(_("这份答复已有更正。再有错误时，请更正最后一份。"), code="corrected")
    copied = {name: getattr(reply, name) for name in FIELDS}
    made = Reply.objects.create(
        handling=handling, kind=reply.kind, round=reply.round, corrects=reply, drafted_by=by, **copied
    )
    _copy_text(reply, made, by)
    record(
        "reply_corrected", by=by, subject=made.pk, division=handling.division_id, reason=reason.strip()[:_REASON],
        letter=str(reply.letter_id),
    )  # fmt: skip
    return made


def _copy_text(reply: Reply, made: Reply, by) -> None:
    """Sections and figures of a signed answer for its correction; the figures say what was signed."""
    keys: dict[int, int] = {}
    for one in reply.figures.order_by("pk"):
        copied = LiveFigure.objects.create(
            reply=made, indicator=one.indicator, division_id=one.division_id, on=one.on, decimals=one.decimals,
            inserted=one.frozen or one.inserted, inserted_by=by,
        )  # fmt: skip
        # Whether it is meant as that of its own day depends on when it was inserted first.
        LiveFigure.objects.filter(pk=copied.pk).update(inserted_at=one.inserted_at)
        keys[one.pk] = copied.pk
    for section in reply.sections.order_by("position"):
        text = section.text
        for old, new in keys.items():
            text = text.replace(f"[[{old}]]", f"[[#{new}]]").replace(f"[[{old}:", f"[[#{new}:")
        ReplySection.objects.create(
            reply=made, position=section.position, level=section.level, text=text.replace("[[#", "[["),
            unit_id=section.unit_id, taken_from_id=section.taken_from_id,
        )  # fmt: skip


@action
def discard_reply(*, reply: Reply, version: int, by) -> None:
    """Throws a draft away; its history stays. Raises `Stale`; ValidationError once it is being checked or is signed."""
    held = writable(reply, version, by)
    held.delete()


def writable(reply: Reply, version: int, by) -> Reply:
    """The answer under lock with its next version, if this person may write in it now. Raises `Stale` or ValidationError."""
    held = held_reply(reply, by)
    if not may_write(held):
        raise ValidationError(
            _("现处于“%(stage)s”，答复不能再改。需要修改的，请先退回起草。")
            % {"stage": held.handling.get_stage_display()},
            code="stage",
        )
    claim_row(held, version)
    return held


def held_reply(reply: Reply, by, who: str = stages.UNIT) -> Reply:
    """The answer and its handling under lock. Raises ValidationError for strangers, and where it is signed."""
    handling = course.locked(Handling.objects.select_related("unit").get(pk=reply.handling_id))
    held = Reply.objects.select_for_update(of=("self",)).get(pk=reply.pk)
    held.handling = handling
    course.refuse_stranger(by, handling, who)
    if held.letter_id is not None:
        raise ValidationError(_("答复已经签发，不再改动。有误时请办理更正。"), code="signed")
    return held


def is_regular(reply: Reply) -> bool:
    """Whether the answer goes through check and signature of its round; corrections and later reports do not."""
    return reply.corrects_id is None and reply.kind != ReplyKind.IMPLEMENTATION


def may_write(reply: Reply) -> bool:
    """Whether the text may be changed at the stage its handling is in."""
    handling = reply.handling
    if reply.letter_id is not None:
        return False
    return not is_regular(reply) or (handling.stage in stages.DRAFTING and handling.round == reply.round)


@action
def save_reply(
    *,
    reply: Reply,
    version: int,
    by,
    fields: Mapping[str, Any] | None = None,
    sections: Sequence[Written] | None = None,
) -> Reply:
    """Saves what the author wrote: fields of the letter, and all its sections in their order; those not named are removed.

    Raises `Stale`; ValidationError by field for what cannot stand in a letter.
    """
    held = writable(reply, version, by)
    if fields:
        put_fields(held, fields)
    if sections is not None:
        put_sections(held, sections)
    return held


def put_fields(held: Reply, fields: Mapping[str, Any]) -> None:
    """Writes fields of an answer that is held already."""
    for name in FIELDS:
        if name in fields:
            value = fields[name]
            setattr(held, name, printable(value).strip() if isinstance(value, str) else value)
    if held.disclosure == Disclosure.PUBLIC:
        held.disclosure_reason = ""
    elif not held.disclosure_reason:
        raise ValidationError({"disclosure_reason": _("请写明不主动公开的理由。")})
    for name in ("title", "addressee", "opening"):
        if not getattr(held, name):
            label = Reply._meta.get_field(name).verbose_name
            raise ValidationError({name: _("请填写“%(label)s”。") % {"label": label}})
    strangers = set(held.issued_with) - {part.unit_id for part in co_handlers(held.handling)}
    if strangers:
        raise ValidationError({"issued_with": _("只能与这件提案的会办单位联合行文。")})
    held.copies = "\n".join(lines_of(held.copies))
    held.save(update_fields=FIELDS)


def put_sections(held: Reply, written: Sequence[Written]) -> list[ReplySection]:
    """Makes the sections of an answer that is held already those given, in their order."""
    if len(written) > MOST_SECTIONS:
        raise ValidationError(_("一份答复最多 %(n)s 段。请合并段落。") % {"n": MOST_SECTIONS})
    known = {section.pk: section for section in held.sections.defer("search")}
    kept, new = [], []
    for position, one in enumerate(written, 1):
        text = printable(one.text).strip()
        text = wording.bare_heading(text) if 0 < one.level < ANNEX else text
        if len(text) > LONGEST or one.level not in range(TABLE + 1):
            raise ValidationError(_("第 %(n)s 段太长，每段最多 %(most)s 个字。") % {"n": position, "most": LONGEST})
        section = known.pop(one.key, None) or ReplySection(reply=held)
        section.position, section.level, section.text = position, one.level, text
        (kept if section.pk else new).append(section)
    _refuse_annexes([*kept, *new])
    held.sections.filter(pk__in=known).delete()
    ReplySection.objects.bulk_update(kept, ["position", "level", "text"])
    ReplySection.objects.bulk_create(new)
    return sorted([*kept, *new], key=lambda section: section.position)


def _refuse_annexes(sections: Sequence[ReplySection]) -> None:
    """Every annex is found by its title among the names of attachments."""
    titles = [title_of(one) for one in sorted(sections, key=lambda one: one.position) if one.level == ANNEX]
    if "" in titles:
        raise ValidationError(_("请写明附件的标题：它也是正文后“附件”一行里的名称。"))
    if twice := next((title for title in titles if titles.count(title) > 1), ""):
        raise ValidationError(_("有两个附件都叫“%(title)s”。请改用不同的标题。") % {"title": twice})
