"""Parts of a letter in Word that stand at a place of their own: frames, red lines, page numbers, tables, 版记."""

from math import ceil

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from portal.core.letters import measures as m
from portal.core.letters.paper import Paper, Style, Table, chinese_day, copies_line, printable
from portal.core.letters.word_styles import WD_ALIGN_PARAGRAPH
from portal.core.lib.wordfile import add_field, indent

_HAIR_MM = 0.1  # some programs do not let a table float that fills the line
_EIGHTHS = 8  # a border's thickness is told in eighths of a point
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


def imprint(document: WordDocument, paper: Paper) -> None:
    """版记 at the foot of the last page: with its lines, office and date in 文件式, the copies alone in 信函格式."""
    file = paper.style == Style.FILE
    printed = file and (paper.print_office or paper.printed_on)
    if not (paper.copies or printed):
        return
    made = document.add_table(rows=bool(paper.copies) + bool(printed), cols=1)
    made.autofit = False
    _float(made, _height(paper, printed=bool(printed)), lines=file)
    cells = [_Cell(row.tc_lst[0], made) for row in made._tbl.tr_lst]
    for row in made._tbl.tr_lst:
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell in cells:
        cell.width = Mm(m.TYPE_WIDTH_MM - _HAIR_MM)
        cell.paragraphs[0].style = document.styles["版记"]
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    if paper.copies:
        paragraph = cells[0].paragraphs[0]
        paragraph.add_run(f"抄送：{printable(copies_line(paper))}")
        indent(paragraph._p.get_or_add_pPr(), Pt(m.SMALL), left=4, right=1, hanging=3)
    if printed:
        _printed(document, cells[-1], paper)
    # A table closes no document; the paragraph after it carries the anchor and takes no room.
    document.add_paragraph(style="版记").paragraph_format.line_spacing = Pt(1)


def _printed(document: WordDocument, cell: _Cell, paper: Paper) -> None:
    paragraph = cell.paragraphs[0]
    day = f"{chinese_day(paper.printed_on)}印发" if paper.printed_on else ""
    paragraph.add_run(f"{printable(paper.print_office)}\t{day}")
    rows = [paragraph]
    if paper.print_copies:
        rows.append(cell.add_paragraph(f"\t（共印{paper.print_copies}份）", document.styles["版记"]))
    for row in rows:
        indent(row._p.get_or_add_pPr(), Pt(m.SMALL), left=1, right=1)
        row.paragraph_format.tab_stops.add_tab_stop(Mm(m.TYPE_WIDTH_MM) - Pt(m.SMALL), WD_TAB_ALIGNMENT.RIGHT)


def _height(paper: Paper, *, printed: bool) -> float:
    """How high 版记 is, in points: for programs that cannot put a table at the foot of a page by themselves."""
    room = m.TYPE_WIDTH_MM * m.MM / m.SMALL - 5  # characters beside 抄送：
    copies = ceil(m.width_of(copies_line(paper)) / room)
    return m.SMALL_LINE * (copies + printed + (printed and bool(paper.print_copies)))


def _float(table, height: float, *, lines: bool) -> None:
    """Fixes a table to the foot of the type area; its outer lines are thick, those between thin."""
    properties = table._tbl.tblPr
    place = OxmlElement("w:tblpPr")
    for name, value in (
        ("horzAnchor", "margin"),
        ("vertAnchor", "margin"),
        ("tblpXSpec", "left"),
        ("tblpYSpec", "bottom"),
        ("tblpY", str(round((m.TYPE_HEIGHT_MM * m.MM - height) * 20))),
    ):
        place.set(qn(f"w:{name}"), value)
    _add(properties, place)
    if lines:
        borders = OxmlElement("w:tblBorders")
        for side, thickness in (("top", m.IMPRINT_THICK), ("bottom", m.IMPRINT_THICK), ("insideH", m.IMPRINT_THIN)):
            line = OxmlElement(f"w:{side}")
            for name, value in (
                ("val", "single"),
                ("sz", round(thickness * _EIGHTHS)),
                ("space", 0),
                ("color", "000000"),
            ):
                line.set(qn(f"w:{name}"), str(value))
            borders.append(line)
        _add(properties, borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    _add(properties, margins)


_ORDER = (
    "tblStyle", "tblpPr", "tblOverlap", "bidiVisual", "tblStyleRowBandSize", "tblStyleColBandSize", "tblW", "jc",
    "tblCellSpacing", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook",
)  # fmt: skip


def _add(properties, element) -> None:
    """Puts a property of a table where the schema wants it."""
    name = element.tag.split("}")[1]
    later = {qn(f"w:{one}") for one in _ORDER[_ORDER.index(name) + 1 :]}
    after = next((one for one in properties if one.tag in later), None)
    if after is None:
        properties.append(element)
    else:
        after.addprevious(element)
