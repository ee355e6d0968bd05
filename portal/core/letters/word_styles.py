"""Page and named styles of a letter as a Word document, so that an office can go on editing it by its styles."""

from dataclasses import dataclass, replace

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from portal.core.letters import measures as m
from portal.core.lib.wordfile import indent, name_font, style_font, style_lines

# As the machines of offices have them; they are named and not shipped.
XIAOBIAOSONG, FANGSONG, HEI, KAI, SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体"
RED = RGBColor.from_string(m.RED)
HEADINGS = {1: "一级标题", 2: "二级标题", 3: "三级标题", 4: "四级标题"}
RUN_ON = "接排正文"  # plain text in the line of a heading

_LEFT, _CENTER, _RIGHT, _BOTH = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)


@dataclass(frozen=True)
class Look:
    """A style: `first` is the first line's indent in characters; `before` and `after` are in lines of the body."""

    font: str = FANGSONG
    size: float = m.BODY
    align: WD_ALIGN_PARAGRAPH = _LEFT
    line: float | None = m.LINE
    first: int = 0
    before: float = 0
    after: float = 0
    base: str = "Normal"
    keep: bool = False


LOOKS = {
    "公文正文": Look(align=_BOTH, first=2),
    "发文机关标志": Look(font=XIAOBIAOSONG, align=_CENTER, line=None),
    "发文字号": Look(line=m.BODY),
    "类别标记": Look(font=HEI, align=_RIGHT, line=m.BODY),
    "公文标题": Look(
        font=XIAOBIAOSONG, size=m.TITLE, align=_CENTER, line=m.TITLE_LINE, before=2, after=1, base="Title"
    ),
    "主送机关": Look(),
    "一级标题": Look(font=HEI, align=_BOTH, first=2, base="Heading 1", keep=True),
    "二级标题": Look(font=KAI, align=_BOTH, first=2, base="Heading 2", keep=True),
    "三级标题": Look(align=_BOTH, first=2, base="Heading 3", keep=True),
    "四级标题": Look(align=_BOTH, first=2, base="Heading 4", keep=True),
    "附件说明": Look(),
    "附件标识": Look(font=HEI, keep=True),
    "附件标题": Look(
        font=XIAOBIAOSONG,
        size=m.TITLE,
        align=_CENTER,
        line=m.TITLE_LINE,
        before=1,
        after=1,
        base="Heading 1",
        keep=True,
    ),
    "联系方式": Look(first=2),
    "发文机关署名": Look(align=_RIGHT, keep=True),
    "成文日期": Look(align=_RIGHT),
    "附注": Look(first=2),
    "版记": Look(size=m.SMALL, line=m.SMALL_LINE),
    "页码": Look(font=SONG, size=m.SMALL, line=m.SMALL),
    "草稿标记": Look(size=10.5, align=_CENTER, line=None),
    "表题": Look(font=HEI, size=m.SMALL, align=_CENTER, line=m.LINE, keep=True),
    "表格文字": Look(size=m.CELL, align=_CENTER, line=None),
    "表头": Look(font=HEI, size=m.CELL, align=_CENTER, line=None),
}


def set_up(document: WordDocument, line: float = m.LINE) -> None:
    """A4 with its margins, 22 lines of 28 characters, and every style that a letter uses.

    `line` is the pitch of this letter, where it is set closer or wider to fit its pages.
    """
    _page(document, line)
    styles = document.styles
    style_font(styles["Normal"], FANGSONG, Pt(m.BODY))
    style_lines(styles["Normal"], _LEFT, Pt(line))
    _close_up(styles["Normal"])
    _chinese(document)
    for name, look in LOOKS.items():
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.quick_style = styles[look.base], True
        _dress(style, replace(look, line=line) if look.line == m.LINE else look)
    run_on = styles.add_style(RUN_ON, WD_STYLE_TYPE.CHARACTER)
    name_font(run_on.element.get_or_add_rPr(), FANGSONG)


def _close_up(style) -> None:
    """28 characters of 16 points are a hair wider than the line: each gives a quarter of a point.

    The page's grid says 22 lines of 28 as well, but text is not tied to it: programs differ widely in how they do that.
    """
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(m.CLOSE_UP))
    # Nor is a gap put between Chinese and digits: 2023年3月21日 stands as if typed by one hand.
    for name in ("w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid"):
        off = OxmlElement(name)
        off.set(qn("w:val"), "0")
        style.element.get_or_add_pPr().insert_element_before(off, "w:spacing", "w:ind", "w:jc", "w:rPr")
    style.element.get_or_add_rPr().insert_element_before(spacing, "w:w", "w:kern", "w:sz", "w:szCs", "w:lang")


def _dress(style, look: Look) -> None:
    style_font(style, look.font, Pt(look.size))
    style_lines(style, look.align, None if look.line is None else Pt(look.line))
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(look.before * m.LINE), Pt(look.after * m.LINE)
    layout.keep_with_next, layout.widow_control = look.keep, True
    style.font.bold = style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)
    if look.base == "Title":  # the template underlines it
        properties.append(properties.makeelement(qn("w:pBdr"), {}))
        _order(properties)
    if look.size != m.BODY:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), "0")
        style.element.get_or_add_rPr().insert_element_before(spacing, "w:w", "w:kern", "w:sz", "w:szCs", "w:lang")
    if look.first:
        indent(properties, Pt(look.size), firstLine=look.first)


def _order(properties) -> None:
    """Puts an emptied border where the schema wants it: before spacing and alignment."""
    border = properties.find(qn("w:pBdr"))
    none = border.makeelement(qn("w:bottom"), {qn("w:val"): "nil"})
    border.append(none)
    properties.remove(border)
    after = next((one for one in properties if one.tag in {qn("w:spacing"), qn("w:ind"), qn("w:jc")}), None)
    if after is None:
        properties.append(border)
    else:
        after.addprevious(border)


def _page(document: WordDocument, line: float) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(m.PAGE_WIDTH_MM), Mm(m.PAGE_HEIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(m.TOP_MM), Mm(m.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(m.LEFT_MM), Mm(m.RIGHT_MM)
    section.header_distance = Mm(12)
    # The dashes run through the middle of the page number's line.
    section.footer_distance = Mm(m.BOTTOM_MM - m.FOLIO_MM) - Pt(m.SMALL / 2)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = section._sectPr.makeelement(qn("w:docGrid"), {})
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(line * 20)))
    grid.set(qn("w:charSpace"), str(int((m.CHARACTER - m.BODY) * 4096)))


def _chinese(document: WordDocument) -> None:
    """The language that spelling and readers aloud go by."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "zh-CN")
        language.set(qn("w:eastAsia"), "zh-CN")
