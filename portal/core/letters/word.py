"""A letter as a Word document that the office can go on editing: real styles, exact measures, the fonts of the standard.

The same paper gives the same bytes: nothing in the file comes from the clock or the machine.
"""

from datetime import UTC, datetime, time

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from portal.core.letters import measures as m
from portal.core.letters import word_parts as parts
from portal.core.letters.paper import (
    Annex,
    Block,
    Paper,
    Style,
    annex_mark,
    annex_title,
    attachment_lines,
    chinese_day,
    issuers,
    note_line,
    numbered,
    printable,
    signatures,
)
from portal.core.letters.pdf import fit_of
from portal.core.letters.titles import title_lines
from portal.core.letters.word_imprint import imprint
from portal.core.letters.word_styles import HEADINGS, RED, RUN_ON, set_up
from portal.core.lib.wordfile import indent, packed, set_properties

_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


def docx(paper: Paper) -> bytes:
    """The letter as a Word document."""
    document, fit = Document(), fit_of(paper)
    set_up(document, fit.line)
    at = datetime.combine(paper.dated, time(), UTC) if paper.dated else _UNDATED
    title = "".join(title_lines(paper.title))
    author = paper.signature or paper.issuer
    set_properties(document, title=title, subject=paper.number, author=author, at=at)
    _edges(document, paper)
    _head(document, paper)
    _blocks(document, paper, carry="text" in fit.carry)
    _attachments(document, paper)
    _closing(document, paper)
    for annex in paper.annexes:
        _annex(document, paper, annex, carry="annex" in fit.carry and annex == paper.annexes[-1])
    if fit.apart:
        parts.back_of_sheet(document, numbered=not fit.unnumbered_after)
    imprint(document, paper)
    return packed(document)


def _edges(document: WordDocument, paper: Paper) -> None:
    """Page numbers, odd ones right and even ones left, none on the first page of 信函格式; a draft's stamp on every page."""
    document.settings.odd_and_even_pages_header_footer = True
    section, styles = document.sections[0], document.styles
    edges = [
        (section.header, section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_header, section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ]
    if paper.style == Style.LETTER:
        section.different_first_page_header_footer = True
        edges.append((section.first_page_header, section.first_page_footer, None))
    for header, footer, align in edges:
        head, foot = header.paragraphs[0], footer.paragraphs[0]
        head.style, foot.style = styles["草稿标记"], styles["页码"]
        head.add_run(printable(paper.stamp))
        if align is None:
            parts.letter_foot(footer)
        else:
            parts.folio(foot, align)


def _head(document: WordDocument, paper: Paper) -> None:
    file = paper.style == Style.FILE
    if paper.class_mark:
        parts.class_mark(document.add_paragraph(printable(paper.class_mark), "类别标记"), paper.style)
    if len(issuers(paper)) > 1:
        parts.joint_issuers(document, issuers(paper), paper.style)
    elif paper.issuer:
        issuer = document.add_paragraph(style="发文机关标志")
        run, size = issuer.add_run(printable(paper.issuer)), Pt(m.issuer_size(paper.issuer, paper.style))
        run.font.size, run.font.color.rgb = size, RED
        issuer.paragraph_format.line_spacing = size
        if file:
            issuer.paragraph_format.space_before = Mm(m.FILE_ISSUER_MM)
        else:
            parts.letter_issuer(issuer)
    if paper.number or (file and paper.issuer):
        number = document.add_paragraph(printable(paper.number), "发文字号")
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER if file else WD_ALIGN_PARAGRAPH.RIGHT
        if file:
            number.paragraph_format.space_before = Pt(2 * m.LINE)
            parts.border(number, "bottom", "single", round(m.FILE_RULE * 8), gap=m.FILE_RULE_MM * m.MM)
    _title(document, paper.title, "公文标题")
    if paper.addressee:
        document.add_paragraph(f"{printable(paper.addressee).rstrip('：:')}：", "主送机关")


def _title(document: WordDocument, text: str, style: str) -> None:
    title = document.add_paragraph(style=style)
    for position, line in enumerate(title_lines(text)):
        if position:
            title.add_run().add_break()
        title.add_run(printable(line))


def _annex(document: WordDocument, paper: Paper, annex: Annex, *, carry: bool) -> None:
    """附件1 on a page of its own, its title, its text."""
    mark = document.add_paragraph(annex_mark(paper, annex), "附件标识")
    mark.paragraph_format.page_break_before = True
    _title(document, annex_title(paper, annex), "附件标题")
    _blocks(document, annex, carry=carry)


def _blocks(document: WordDocument, part: Paper | Annex, *, carry: bool) -> None:
    for block, number, _depth in numbered(part):
        _block(document, block, number)
    if carry and part.blocks:
        parts.carry_over(document)


def _block(document: WordDocument, block: Block, number: str) -> None:
    if block.table:
        parts.add_table(document, block.table)
    elif block.kind.level:
        heading = document.add_paragraph(f"{number}{printable(block.text)}", HEADINGS[block.kind.level])
        if block.follows:
            heading.add_run(printable(block.follows), RUN_ON)
            heading.paragraph_format.keep_with_next = False
    else:
        for line in block.text.splitlines():
            if line.strip():
                document.add_paragraph(printable(line.strip()), "公文正文")


def _attachments(document: WordDocument, paper: Paper) -> None:
    room = m.ordinal_width(len(paper.attachments))
    for position, (word, number, name) in enumerate(attachment_lines(paper)):
        label = f"{number}\t" if number else ""
        line = document.add_paragraph(f"{word}{label}{printable(name)}", "附件说明")
        if position == 0:
            line.paragraph_format.space_before = Pt(m.LINE)
        indent(line._p.get_or_add_pPr(), Pt(m.BODY), left=5 + room, hanging=(3 if word else 0) + room)


def _closing(document: WordDocument, paper: Paper) -> None:
    if paper.contact_first:
        _contact(document, paper)
    dated = chinese_day(paper.dated) if paper.dated else ""
    if paper.joint:
        rows = parts.joint_signatures(document, m.joint_places(signatures(paper), dated, sealed=paper.sealed), dated)
    else:
        indents = m.closing_indents(paper.signature, dated, sealed=paper.sealed)
        said = ((paper.signature, "发文机关署名"), (dated, "成文日期"))
        rows = [
            parts.signed(document, text, style, into) for (text, style), into in zip(said, indents, strict=True) if text
        ]
    if rows:
        _keep_together(rows[0], 1 + len(paper.contact.lines() if paper.contact and paper.contact_first else ()))
        rows[0].paragraph_format.space_before = Pt(m.LINE * (m.SEAL_LINES if paper.sealed else 1))
        for row in rows[1:-1] if paper.sealed else ():
            row.paragraph_format.space_before = Pt(m.LINE * m.SEAL_ROWS)
    if note := note_line(paper):
        document.add_paragraph(printable(note), "附注")
    if not paper.contact_first:
        _contact(document, paper)


def _keep_together(signature: Paragraph, before: int) -> None:
    """The last paragraphs go with the signature, so that no page holds a signature alone."""
    one = signature._p.getprevious()
    for _paragraph in range(before):
        if one is None or one.tag != signature._p.tag:
            return
        Paragraph(one, signature._parent).paragraph_format.keep_with_next = True
        one = one.getprevious()


def _contact(document: WordDocument, paper: Paper) -> None:
    for line in paper.contact.lines() if paper.contact else ():
        document.add_paragraph(printable(line), "联系方式")
