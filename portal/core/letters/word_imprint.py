"""版记 of a letter in Word, fixed to the foot of its last page."""

from math import ceil

from docx.document import Document as WordDocument
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell

from portal.core.letters import measures as m
from portal.core.letters.paper import Paper, Style, chinese_day, copies_line, printable
from portal.core.lib.wordfile import indent

_HAIR_MM = 0.1  # some programs do not let a table float that fills the line
_EIGHTHS = 8  # a border's thickness is told in eighths of a point


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
