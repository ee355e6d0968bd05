"""A report as a Word document in the layout of official documents (GB/T 9704-2012): A4, margins 37/35/28/26 mm.

Fonts are named and not shipped (domain §2.3): the office's own machine shows its own. The same report gives the same
bytes: nothing in the file comes from the clock or the machine.
"""

from collections.abc import Iterable
from datetime import datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from portal.core.lib.wordfile import add_field, indent, packed, safe, set_properties, style_font, style_lines
from portal.core.reports.paper import Paper, Part, Table

TITLE, BODY, HEADING, SUBHEADING, FOLIO = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
TOP, BOTTOM, LEFT, RIGHT = Mm(37), Mm(35), Mm(28), Mm(26)
TYPE_WIDTH = Mm(210 - 28 - 26)
LINE = Pt(28.95)  # 22 lines on 225 mm
SIZE, TITLE_SIZE, TABLE_SIZE, FOLIO_SIZE = Pt(16), Pt(22), Pt(10.5), Pt(14)
_STYLES = {
    "Report Title": (TITLE, TITLE_SIZE, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "Report Subtitle": (BODY, SIZE, WD_ALIGN_PARAGRAPH.CENTER, 0),
    "Report Body": (BODY, SIZE, WD_ALIGN_PARAGRAPH.JUSTIFY, 2),
    "Report Caption": (HEADING, Pt(14), WD_ALIGN_PARAGRAPH.CENTER, 0),
    "Report Note": (BODY, TABLE_SIZE, WD_ALIGN_PARAGRAPH.LEFT, 0),
    "Report Cell": (BODY, TABLE_SIZE, WD_ALIGN_PARAGRAPH.LEFT, 0),
    "Report Closing": (BODY, SIZE, WD_ALIGN_PARAGRAPH.RIGHT, 0),
}
_TIGHT = {"Report Note", "Report Cell"}


def word_file(paper: Paper, at: datetime) -> bytes:
    """The document; `at` stands in its properties as the time it was made."""
    document = Document()
    _set_up(document)
    set_properties(document, title=paper.title, subject=paper.subtitle, author=paper.author, at=at)
    _page(document, paper.stamp)
    document.add_paragraph(safe(paper.title), "Report Title")
    document.add_paragraph(safe(paper.subtitle), "Report Subtitle")
    _paragraphs(document, paper.lead)
    for part in paper.parts:
        _part(document, part)
    for line in paper.closing:
        document.add_paragraph(safe(line), "Report Closing").paragraph_format.right_indent = 2 * SIZE
    document.add_paragraph(f"附：{paper.definitions.title}", "Heading 1")
    _table(document, paper.definitions)
    document.add_paragraph(f"数据指纹（SHA-256）：{paper.digest}", "Report Note")
    return packed(document)


def _set_up(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.header_distance, section.footer_distance = Mm(20), Mm(25)
    styles = document.styles
    style_font(styles["Normal"], BODY, SIZE)
    for name, (font, size, align, characters) in _STYLES.items():
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        style_font(style, font, size)
        style_lines(style, align, None if name in _TIGHT else LINE)
        _first(style, characters)
    styles["Report Caption"].paragraph_format.keep_with_next = True
    for name, font in (("Heading 1", HEADING), ("Heading 2", SUBHEADING)):
        style = styles[name]
        style_font(style, font, SIZE)
        style_lines(style, WD_ALIGN_PARAGRAPH.LEFT, LINE)
        _first(style, 2)
        style.font.bold, style.font.color.rgb = False, RGBColor(0, 0, 0)


def _first(style, characters: int) -> None:
    if characters:
        indent(style.element.get_or_add_pPr(), SIZE, firstLine=characters)


def _page(document: WordDocument, stamp: str) -> None:
    """Page numbers as — 1 —, odd ones on the right, even ones on the left; the stamp on top of every page."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    sides = (
        (section.header, section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_header, section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    )
    for header, footer, align in sides:
        if stamp:
            paragraph = header.paragraphs[0]
            paragraph.style, paragraph.alignment = document.styles["Report Note"], WD_ALIGN_PARAGRAPH.CENTER
            paragraph.add_run(safe(stamp))
        _folio(footer.paragraphs[0], align)


def _folio(paragraph: Paragraph, align: WD_ALIGN_PARAGRAPH) -> None:
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = FOLIO_SIZE
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        run.font.name, run.font.size = FOLIO, FOLIO_SIZE
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FOLIO)
        if text is None:
            add_field(run._element, "PAGE")


def _part(document: WordDocument, part: Part) -> None:
    document.add_paragraph(safe(part.heading), "Heading 1")
    _paragraphs(document, part.says)
    for table in part.tables:
        document.add_paragraph(safe(table.title), "Report Caption")
        _table(document, table)
        for note in table.notes:
            document.add_paragraph(safe(note), "Report Note")
    for number, remark in enumerate(part.remarks):
        document.add_paragraph(f"（{'一二'[number]}）{remark.title}", "Heading 2")
        _paragraphs(document, remark.text.splitlines())


def _paragraphs(document: WordDocument, texts: Iterable[str]) -> None:
    for text in texts:
        if text.strip():
            document.add_paragraph(safe(text.strip()), "Report Body")


def _table(document: WordDocument, table: Table) -> None:
    made = document.add_table(rows=len(table.rows) + 1, cols=len(table.heads), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    style, shares = document.styles["Report Cell"], sum(head.width for head in table.heads)
    widths = [TYPE_WIDTH * head.width // shares for head in table.heads]
    for column, width in zip(made._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width
    first, *lines = (
        made._tbl.tr_lst
    )  # the rows' own lists: python-docx works the grid out anew for every cell asked for
    _mark(first, "w:tblHeader")
    for cell, head, width in zip(first.tc_lst, table.heads, widths, strict=True):
        _write(_Cell(cell, made), head.label, WD_ALIGN_PARAGRAPH.CENTER, style, width, HEADING)
    for line, row in zip(lines, table.rows, strict=True):
        _mark(line, "w:cantSplit")
        for cell, head, given, width in zip(line.tc_lst, table.heads, row, widths, strict=True):
            align = WD_ALIGN_PARAGRAPH.RIGHT if head.num else WD_ALIGN_PARAGRAPH.LEFT
            _write(_Cell(cell, made), given.text, align, style, width)


def _write(cell: _Cell, text: str, align: WD_ALIGN_PARAGRAPH, style, width: int, font: str = "") -> None:
    cell.width = width
    paragraph = cell.paragraphs[0]
    paragraph.style, paragraph.alignment = style, align
    run = paragraph.add_run(safe(text))
    if font:
        run.font.name = font
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _mark(row, name: str) -> None:
    """A property of the row that is there or not: header on every page, not broken over two."""
    row.get_or_add_trPr().append(OxmlElement(name))
