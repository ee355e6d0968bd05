"""Parts of a letter in Word that stand at a place of their own: frames, red lines, page numbers, signatures, tables."""

from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from portal.core.letters import measures as m
from portal.core.letters.paper import Style, Table, printable
from portal.core.letters.word_styles import HEADINGS, RED, WD_ALIGN_PARAGRAPH
from portal.core.lib.wordfile import add_field, indent

_THICK_THIN = ("thickThinSmallGap", round(m.THICK * 8))  # 上粗下细


def frame(paragraph: Paragraph, **place: str) -> None:
    """Takes a paragraph out of the flow to a place on the page."""
    made = OxmlElement("w:framePr")
    for name, value in place.items():
        made.set(qn(f"w:{name}"), value)
    paragraph._p.get_or_add_pPr().insert_element_before(
        made, "w:widowControl", "w:numPr", "w:pBdr", "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def border(paragraph: Paragraph, side: str, kind: str, size: int, gap: float = 0, colour: str = m.RED) -> None:
    """A line along one side of a paragraph, `gap` points from its text."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", size), ("space", round(gap)), ("color", colour)):
        line.set(qn(f"w:{name}"), str(value))
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def twips(millimetres: float) -> str:
    return str(round(millimetres * m.MM * 20))


def letter_issuer(paragraph: Paragraph) -> None:
    """信函格式: the issuer 30 mm from the page's top, the double line 4 mm below it, both 170 mm wide and centred."""
    left = (m.PAGE_WIDTH_MM - m.LETTER_RULE_WIDTH_MM) / 2
    frame(
        paragraph,
        w=twips(m.LETTER_RULE_WIDTH_MM),
        wrap="notBeside",
        vAnchor="page",
        hAnchor="page",
        x=twips(left),
        y=twips(m.LETTER_ISSUER_MM),
        vSpace=str(round(m.LETTER_GAP * 20)),
    )
    border(paragraph, "bottom", *_THICK_THIN, gap=m.LETTER_RULE_MM * m.MM)


def letter_foot(footer) -> None:
    """信函格式: the double line 20 mm from the bottom of the first page."""
    paragraph = footer.paragraphs[0]
    footer.add_paragraph(style=paragraph.style)  # some programs do not take the only paragraph out of a footer
    left = (m.PAGE_WIDTH_MM - m.LETTER_RULE_WIDTH_MM) / 2
    frame(
        paragraph,
        w=twips(m.LETTER_RULE_WIDTH_MM),
        wrap="around",
        vAnchor="page",
        hAnchor="page",
        x=twips(left),
        y=twips(m.PAGE_HEIGHT_MM - m.LETTER_FOOT_MM),
    )
    paragraph.paragraph_format.line_spacing = Pt(1)
    border(paragraph, "top", "thinThickSmallGap", _THICK_THIN[1])


def class_mark(paragraph: Paragraph, style: Style) -> None:
    """办理结果 at the top right of page 1: on the first line, or above the red head of 信函格式."""
    top = m.TOP_MM if style == Style.FILE else m.LETTER_ISSUER_MM - 2.4 * m.BODY / m.MM
    frame(paragraph, wrap="around", vAnchor="page", hAnchor="margin", xAlign="right", y=twips(top))


def folio(paragraph: Paragraph, align: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 —, one character in from its side."""
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Pt(m.SMALL)
    paragraph.add_run("— ")
    add_field(paragraph.add_run()._element, "PAGE")
    paragraph.add_run(" —")


def add_table(document: WordDocument, table: Table) -> None:
    """A table of the body: header rows on top of every page, rows whole."""
    if table.caption:
        document.add_paragraph(printable(table.caption), "表题")
    columns = len(table.rows[0])
    made = document.add_table(rows=len(table.rows), cols=columns, style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    shares = table.widths or (1,) * columns
    widths = [Mm(m.TYPE_WIDTH_MM) * share // sum(shares) for share in shares]
    for column, width in zip(made._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width
    for number, (row, given) in enumerate(zip(made._tbl.tr_lst, table.rows, strict=True)):
        head = number < table.header_rows
        whole = len(table.rows) <= m.WHOLE_ROWS and number < len(table.rows) - 1
        for mark in ("w:cantSplit", "w:tblHeader") if head else ("w:cantSplit",):
            row.get_or_add_trPr().append(OxmlElement(mark))
        for cell, text, width in zip(row.tc_lst, given, widths, strict=True):
            shown = _Cell(cell, made)
            shown.width = width
            paragraph = shown.paragraphs[0]
            paragraph.style = document.styles["表头" if head else "表格文字"]
            paragraph.paragraph_format.keep_with_next = True if whole or head else None
            paragraph.add_run(printable(text))


def signed(document: WordDocument, text: str, style: str, into: float) -> Paragraph:
    """Signature or date, so many characters in from the right."""
    paragraph = document.add_paragraph(printable(text), style)
    indent(paragraph._p.get_or_add_pPr(), Pt(m.BODY), right=into)
    return paragraph


def joint_signatures(document: WordDocument, places: tuple, dated: str) -> list[Paragraph]:
    """联合行文: rows of names, each centred at its place, and the date below the last name."""
    rows = []
    for names in places:
        row = document.add_paragraph(style="发文机关署名")
        row.alignment = WD_ALIGN_PARAGRAPH.LEFT
        for middle, name in names:
            row.add_run(f"\t{printable(name)}")
            stop = Pt((m.CHARACTERS - middle) * m.CHARACTER)
            row.paragraph_format.tab_stops.add_tab_stop(stop, WD_TAB_ALIGNMENT.CENTER)
        rows.append(row)
    last = places[-1][-1][0]
    return [*rows, signed(document, dated, "成文日期", last - m.width_of(dated) / 2)] if dated else rows


def joint_issuers(document: WordDocument, names: tuple[str, ...], style: Style) -> None:
    """The red head of several units in 文件式: names above each other, spread to one width, 文件 at their right."""
    document.add_paragraph(style="发文机关标志").paragraph_format.line_spacing = Mm(m.FILE_ISSUER_MM)
    size = m.joint_size(names, style)
    made = document.add_table(rows=1, cols=2)
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = (Pt(size * (max(map(m.width_of, names)) + 0.7)), Pt(size * 2.9))
    for cell, grid, width in zip(made._tbl.tr_lst[0].tc_lst, made._tbl.tblGrid.gridCol_lst, widths, strict=True):
        _Cell(cell, made).width = grid.w = width
    left, right = (_Cell(cell, made) for cell in made._tbl.tr_lst[0].tc_lst)
    right.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    shown = [left.paragraphs[0], *(left.add_paragraph() for _name in names[1:]), right.paragraphs[0]]
    for paragraph, text in zip(shown, (*names, "文件"), strict=True):
        paragraph.style = document.styles["发文机关标志"]
        paragraph.paragraph_format.line_spacing = Pt(size * m.HEAD_LINE)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if text == "文件" else WD_ALIGN_PARAGRAPH.DISTRIBUTE
        run = paragraph.add_run(printable(text))
        run.font.size, run.font.color.rgb = Pt(size), RED


def carry_over(document: WordDocument) -> None:
    """The last paragraph or table begins a new page, with the headings right before it."""
    last = document._body._element.getchildren()[-2]  # the last child is the section's own
    if last.tag != qn("w:p"):
        first = next(last.iter(qn("w:p")))
        before = last.getprevious()
        last = before if before is not None and _style(before) == "表题" else first
    while (before := last.getprevious()) is not None and _style(before) in HEADINGS.values():
        last = before
    Paragraph(last, document._body).paragraph_format.page_break_before = True


def _style(element) -> str:
    return element.style if element.tag == qn("w:p") and element.style else ""


def back_of_sheet(document: WordDocument, *, numbered: bool) -> None:
    """What follows stands on the next even page; after a blank page it bears no number."""
    section = document.add_section(WD_SECTION.EVEN_PAGE)
    if not numbered:
        for footer in (section.footer, section.even_page_footer):
            footer.is_linked_to_previous = False
