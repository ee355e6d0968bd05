"""An answer as a whole: what it is about, what its wording gets wrong, and the letter it makes."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, QuerySet

from portal.core.letters.models import LetterStyle
from portal.core.letters.paper import Block, Contact, Kind, Paper, Style
from portal.core.lib.clock import today
from proposals import wording
from proposals.enums import Disclosure, HandlingRole, ReplyKind, Stage
from proposals.models import Handling, HandlingUnit, LiveFigure, Opinion, Proposer, Reply, ReplySection
from proposals.queries.figures import shown_figures, spoken

LEVELS = (Kind.PARAGRAPH, Kind.HEADING_1, Kind.HEADING_2, Kind.HEADING_3, Kind.HEADING_4)
NOTES = {
    Disclosure.PUBLIC: "此件主动公开",
    Disclosure.ON_REQUEST: "此件依申请公开",
    Disclosure.WITHHELD: "此件不予公开",
}
_GONE = (Stage.RETURNED, Stage.WITHDRAWN)


def replies(user, perm: str) -> QuerySet[Reply]:
    """Answers of the cases that a user may see, with what pages and letters read of them."""
    figures = LiveFigure.objects.select_related("division", "inserted_by").order_by("pk")
    return (
        Reply.objects.filter(handling__in=Handling.objects.for_user(user, perm))
        .select_related(
            "handling__proposal__session",
            "handling__unit",
            "handling__division",
            "letter",
            "drafted_by",
            "corrects__letter",
        )
        .prefetch_related(Prefetch("figures", queryset=figures))
    )


def sections_of(reply: Reply) -> list[ReplySection]:
    """The headings and paragraphs in order, with where they came from."""
    return list(
        reply.sections.select_related("unit", "taken_from__handling__unit", "taken_from__letter")
        .defer("search")
        .order_by("position")
    )


def co_handlers(handling: Handling) -> list[Handling]:
    """The co-handlers of the same proposal, with their opinion where one is on file; a separate handler has none."""
    if handling.role != HandlingRole.LEAD:
        return []
    parts = Handling.objects.filter(proposal=handling.proposal_id, role=HandlingRole.CO).exclude(stage__in=_GONE)
    return list(parts.select_related("unit", "opinion").order_by("pk"))


def opinion_of(part: Handling) -> Opinion | None:
    """What a co-handler said; None where nothing is on file, or where the lead goes on without."""
    opinion = getattr(part, "opinion", None)
    return opinion if opinion is not None and opinion.words else None


def matter_of(
    handling: Handling, kind: str = ReplyKind.REPLY, parts: Iterable[Handling] | None = None
) -> wording.Matter:
    """What an answer of the handling is about, for the rules of wording."""
    proposal = handling.proposal
    names = Proposer.objects.filter(proposal=proposal).order_by("position").values_list("name", flat=True)
    together = co_handlers(handling) if parts is None else parts
    return wording.Matter(
        body=proposal.session.body,
        organ=proposal.session.place_name,
        session=proposal.session.label,
        number=proposal.number,
        subject=proposal.title,
        proposer_type=proposal.proposer_type,
        names=tuple(names),
        unit=handling.unit.name,
        kind=str(kind),
        co_handlers=tuple(part.unit.short for part in together if opinion_of(part)),
    )


def slips_of(reply: Reply, sections: Iterable[ReplySection]) -> list[wording.Slip]:
    """What the wording of an answer gets wrong; the part of a slip in a section is its key."""
    parts = co_handlers(reply.handling)
    texts = {"title": reply.title, "addressee": reply.addressee, "opening": reply.opening}
    texts |= {str(section.pk): section.text for section in sections} | {"closing": reply.closing}
    return wording.slips(
        wording.Draft(
            matter=matter_of(reply.handling, reply.kind, parts),
            parts=texts,
            contact=reply.contact,
            phone=reply.phone,
            opinions={part.unit.short: opinion_of(part) is not None for part in parts},
        )
    )


def paper_of(
    reply: Reply, sections: Iterable[ReplySection] | None = None, *, dated: date | None = None, stamp: str = ""
) -> Paper:
    """The letter that an answer makes, with its figures as frozen or as inserted; dated today where it is not signed.

    The document number is the register's: it comes onto the paper when the letter is issued.
    """
    unit, figures = reply.handling.unit, shown_figures(reply)
    sections = sections_of(reply) if sections is None else sections
    on, file = dated or today(), reply.style == LetterStyle.FILE
    return Paper(
        style=Style(reply.style),
        title=reply.title,
        issuer=f"{unit.heading.removesuffix('文件')}文件" if file else unit.heading,
        class_mark=reply.result,
        addressee=reply.addressee.rstrip("：: "),
        blocks=tuple(_blocks(reply, sections, figures)),
        attachments=lines_of(reply.attachments),
        contact=_contact(reply, unit),
        signature=unit.name,
        dated=on,
        note=NOTES[Disclosure(reply.disclosure)],
        copies=lines_of(reply.copies),
        print_office=f"{unit.name}办公室" if file else "",
        printed_on=on if file else None,
        print_copies=reply.print_copies if file else None,
        stamp=stamp,
    )


def _contact(reply: Reply, unit: HandlingUnit) -> Contact:
    """Whom to ask; an office that stands for the person is named once."""
    person = "" if reply.contact == unit.contact else reply.contact
    return Contact(f"{unit.name}{unit.contact}", person, reply.phone, unit.postcode)


def _blocks(reply: Reply, sections: Iterable[ReplySection], figures: dict) -> Iterable[Block]:
    yield from _paragraphs(spoken(reply.opening, figures))
    for section in sections:
        text = spoken(section.text, figures)
        if section.level:
            yield Block(LEVELS[section.level], " ".join(text.split()))
        else:
            yield from _paragraphs(text)
    yield from _paragraphs(spoken(reply.closing, figures))


def _paragraphs(text: str) -> Iterable[Block]:
    return (Block(Kind.PARAGRAPH, line.strip()) for line in text.splitlines() if line.strip())


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a field that holds one name a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
