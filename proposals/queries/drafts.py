"""An answer as a whole: what it is about, what its wording gets wrong, and the letter it makes."""

import re
from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, QuerySet

from portal.core.letters.models import LetterStyle
from portal.core.letters.paper import Annex, Block, Contact, Kind, Paper, Style, Table
from portal.core.lib.clock import today
from proposals import wording
from proposals.enums import Disclosure, HandlingRole, ReplyKind, Stage
from proposals.models import Handling, HandlingUnit, LiveFigure, Opinion, Proposer, Reply, ReplySection
from proposals.queries.figures import shown_figures, spoken

LEVELS = (Kind.PARAGRAPH, Kind.HEADING_1, Kind.HEADING_2, Kind.HEADING_3, Kind.HEADING_4)
ANNEX, TABLE = 5, 6  # of sections: an annex begins, with its title; a table
_CELLS = re.compile(r"\t|[|｜]")
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
    sections = sections_of(reply) if sections is None else list(sections)
    body, annexes = parted(sections)
    names = attachment_names(reply, [title for title, _ in annexes])
    on, file = dated or today(), reply.style == LetterStyle.FILE
    return Paper(
        style=Style(reply.style),
        title=reply.title,
        issuer=f"{unit.heading.removesuffix('文件')}文件" if file else unit.heading,
        class_mark=reply.result,
        addressee=reply.addressee.rstrip("：: "),
        blocks=(
            *_paragraphs(spoken(reply.opening, figures)),
            *_blocks(body, figures),
            *_paragraphs(spoken(reply.closing, figures)),
        ),
        attachments=names,
        annexes=tuple(
            sorted(
                (Annex(names.index(title) + 1, tuple(_blocks(part, figures))) for title, part in annexes),
                key=lambda annex: annex.number,
            )
        ),
        joint=tuple(unit.name for unit in joint_units(reply)),
        contact=_contact(reply, unit),
        signature=unit.name,
        dated=on,
        note=NOTES[Disclosure(reply.disclosure)],
        copies=lines_of(reply.copies),
        print_office=f"{unit.name}办公室" if file else "",
        printed_on=on if file else None,
        print_copies=reply.print_copies if file else None,
        stamp=stamp,
        both_sides=file and reply.both_sides,
    )


def joint_units(reply: Reply) -> list[HandlingUnit]:
    """The co-handlers that issue the letter jointly, in the order in which they handle it."""
    chosen = set(reply.issued_with)
    return [part.unit for part in co_handlers(reply.handling) if part.unit_id in chosen] if chosen else []


def parted(sections: Iterable[ReplySection]) -> tuple[list[ReplySection], list[tuple[str, list[ReplySection]]]]:
    """The sections of the text, and of each annex with its title."""
    body: list[ReplySection] = []
    annexes: list[tuple[str, list[ReplySection]]] = []
    for section in sections:
        if section.level == ANNEX:
            annexes.append((title_of(section), []))
        else:
            (annexes[-1][1] if annexes else body).append(section)
    return body, annexes


def title_of(section: ReplySection) -> str:
    """The title of an annex, on one line."""
    return " ".join(section.text.split())


def attachment_names(reply: Reply, titles: Iterable[str]) -> tuple[str, ...]:
    """Names of attachments: those typed, in their order, then annexes that are not among them."""
    return tuple(dict.fromkeys((*lines_of(reply.attachments), *titles)))


def table_of(text: str) -> Table:
    """A table as typed or pasted: a row a line, bars or tabs between its cells, the first row its head. Short rows are
    filled; a line without any cell but the first, before the head, is the caption."""
    rows = [
        [cell.strip() for cell in _CELLS.split(line.strip().strip("|｜"))] for line in text.splitlines() if line.strip()
    ]
    caption = rows.pop(0)[0] if len(rows) > 1 and len(rows[0]) == 1 < len(rows[1]) else ""
    columns = max((len(row) for row in rows), default=1)
    filled = tuple(tuple(row + [""] * (columns - len(row))) for row in rows)
    return Table(filled, header_rows=1 if len(filled) > 1 else 0, caption=caption)


def _contact(reply: Reply, unit: HandlingUnit) -> Contact:
    """Whom to ask; an office that stands for the person is named once."""
    person = "" if reply.contact == unit.contact else reply.contact
    return Contact(f"{unit.name}{unit.contact}", person, reply.phone, unit.postcode)


def _blocks(sections: Iterable[ReplySection], figures: dict) -> Iterable[Block]:
    for section in sections:
        text = spoken(section.text, figures)
        if section.level == TABLE:
            if text.strip():
                yield Block(Kind.TABLE, table=table_of(text))
        elif section.level:
            yield Block(LEVELS[section.level], " ".join(text.split()))
        else:
            yield from _paragraphs(text)


def _paragraphs(text: str) -> Iterable[Block]:
    return (Block(Kind.PARAGRAPH, line.strip()) for line in text.splitlines() if line.strip())


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a field that holds one name a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
