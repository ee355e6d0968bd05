"""Letters as Word documents, read back and measured."""

import io
import zipfile
from dataclasses import replace

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from portal.core.letters.paper import Block, Kind, Style
from portal.core.letters.word import docx
from portal.core.letters.word_styles import HEADINGS
from tests.core.letters.samples import IMPLEMENTATION, OPINION, REPLY, SAMPLES


def read(paper):
    return Document(io.BytesIO(docx(paper)))


def paragraphs(document, style):
    return [one for one in document.paragraphs if one.style.name == style]


def own_indent(paragraph, side):
    """An indent in hundredths of a character."""
    indent = paragraph._p.pPr.find(qn("w:ind"))
    return int(indent.get(qn(f"w:{side}Chars"))) if indent is not None else None


def east_asian(style):
    return style.element.rPr.rFonts.get(qn("w:eastAsia"))


@pytest.mark.parametrize("name", SAMPLES)
def test_same_paper_gives_the_same_bytes(name):
    first = docx(SAMPLES[name])
    assert first == docx(SAMPLES[name])
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", SAMPLES)
def test_page_has_the_measures_of_the_standard(name):
    section = read(SAMPLES[name]).sections[0]
    near = 200  # EMU: Word counts in twentieths of a point, 635 EMU each
    wanted = {
        "page_width": 210, "page_height": 297,
        "top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26,
    }  # fmt: skip
    for measure, millimetres in wanted.items():
        assert abs(getattr(section, measure) - Mm(millimetres)) <= 635 + near, measure
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("linesAndChars", "579")


def test_text_is_16_points_on_lines_of_28_95():
    styles = read(OPINION).styles
    body = styles["公文正文"]
    assert (east_asian(body), body.font.size) == ("仿宋_GB2312", Pt(16))
    layout = body.paragraph_format
    assert (layout.line_spacing_rule, layout.line_spacing) == (WD_LINE_SPACING.EXACTLY, Pt(28.95))
    assert body.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    assert styles["Normal"].element.rPr.find(qn("w:spacing")).get(qn("w:val")) == "-5"


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("公文标题", "方正小标宋简体", 22),
        ("一级标题", "黑体", 16),
        ("二级标题", "楷体_GB2312", 16),
        ("三级标题", "仿宋_GB2312", 16),
        ("四级标题", "仿宋_GB2312", 16),
        ("版记", "仿宋_GB2312", 14),
        ("页码", "宋体", 14),
    ],
)
def test_style_names_its_font_and_size(style, font, size):
    found = read(OPINION).styles[style]
    assert (east_asian(found), found.font.size) == (font, Pt(size))


def test_headings_are_real_headings_with_their_numbers():
    document = read(REPLY)
    headings = paragraphs(document, "一级标题")
    assert [heading.text[:2] for heading in headings] == ["一、", "二、", "三、", "四、", "五、"]
    assert headings[0].style.base_style.name == "Heading 1"
    follows = paragraphs(read(OPINION), "二级标题")[0]
    assert [run.style.name for run in follows.runs] == ["Default Paragraph Font", "接排正文"]
    assert follows.runs[0].text == "（一）配备情况。"


def test_headings_are_neither_bold_nor_slanted():
    styles = read(OPINION).styles
    assert {(styles[name].font.bold, styles[name].font.italic) for name in HEADINGS.values()} == {(False, False)}


def test_last_paragraphs_stay_with_the_signature():
    document = read(OPINION)
    unit = next(one for one in document.paragraphs if one.style.name == "发文机关署名")
    before = document.paragraphs[[one._p for one in document.paragraphs].index(unit._p) - 1]
    assert (before.text, before.paragraph_format.keep_with_next) == ("2.\t社区工作者三岗十八级薪酬标准一览表", True)
    assert unit.style.paragraph_format.keep_with_next


def test_names_of_attachments_begin_below_each_other():
    for names, room in ((("名单",), 0), (("甲",) * 3, 125), (("甲",) * 12, 175)):
        lines = paragraphs(read(replace(OPINION, attachments=names)), "附件说明")
        assert {own_indent(line, "left") for line in lines} == {500 + room}
        assert [own_indent(line, "hanging") for line in lines] == [300 + room, *[room] * (len(names) - 1)]


def test_file_style_has_its_red_head_and_line():
    document = read(OPINION)
    issuer, number = paragraphs(document, "发文机关标志")[0], paragraphs(document, "发文字号")[0]
    assert (issuer.text, str(issuer.runs[0].font.color.rgb)) == ("朝北市民政局文件", "FF0000")
    assert issuer.paragraph_format.space_before.mm == pytest.approx(35, abs=0.02)
    assert (number.text, number.alignment) == ("朝北民函〔2023〕32号", WD_ALIGN_PARAGRAPH.CENTER)
    line = number._p.pPr.find(qn("w:pBdr")).find(qn("w:bottom"))
    assert (line.get(qn("w:color")), line.get(qn("w:space"))) == ("FF0000", "11")  # 4 mm are 11.3 points


def test_letter_style_has_its_double_lines_where_the_standard_wants_them():
    document = read(replace(REPLY, number="临民函〔2023〕7号"))
    twip = 25.4 / 1440
    issuer = paragraphs(document, "发文机关标志")[0]
    section = document.sections[0]
    assert section.different_first_page_header_footer
    foot = section.first_page_footer.paragraphs[0]
    for paragraph, top, kind, side in (
        (issuer, 30, "thickThinSmallGap", "bottom"),
        (foot, 277, "thinThickSmallGap", "top"),
    ):
        frame = paragraph._p.pPr.find(qn("w:framePr"))
        assert float(frame.get(qn("w:y"))) * twip == pytest.approx(top, abs=0.02)
        assert float(frame.get(qn("w:x"))) * twip == pytest.approx(20, abs=0.02)
        assert float(frame.get(qn("w:w"))) * twip == pytest.approx(170, abs=0.02)
        line = paragraph._p.pPr.find(qn("w:pBdr")).find(qn(f"w:{side}"))
        assert (line.get(qn("w:val")), line.get(qn("w:color"))) == (kind, "FF0000")
    assert paragraphs(document, "发文字号")[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT


def test_page_numbers_change_sides_and_the_first_page_of_a_letter_has_none():
    section = read(REPLY).sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT)
    for paragraph in (odd, even):
        assert paragraph.text.strip("— ") == ""
        assert "PAGE" in paragraph._p.xpath("string(.//w:instrText)")
    assert "PAGE" not in section.first_page_footer._element.xpath("string(.//w:instrText)")
    assert not read(OPINION).sections[0].different_first_page_header_footer


def test_title_keeps_its_lines():
    assert paragraphs(read(IMPLEMENTATION), "公文标题")[0].text == IMPLEMENTATION.title


def test_sealed_date_stands_four_characters_in_and_unsealed_two():
    day = paragraphs(read(OPINION), "成文日期")[0]
    assert (day.text, own_indent(day, "right")) == ("2023年3月21日", 400)
    plain = read(replace(OPINION, sealed=False))
    assert own_indent(paragraphs(plain, "成文日期")[0], "right") == 200
    assert own_indent(paragraphs(plain, "发文机关署名")[0], "right") == 450  # 6.5 + 2 + 2 - 6


def test_imprint_has_thick_outer_and_thin_inner_lines_at_the_foot():
    table = read(OPINION).tables[-1]
    cells = [cell.text for row in table.rows for cell in row.cells]
    assert cells == [
        "抄送：市政府办公室（督查室），市政协提案委。",
        "朝北市民政局办公室\t2023年3月21日印发\n\t（共印6份）",
    ]
    borders = table._tbl.tblPr.find(qn("w:tblBorders"))
    sizes = {side.tag.split("}")[1]: int(side.get(qn("w:sz"))) / 8 / 72 * 25.4 for side in borders}
    assert sizes["top"] == sizes["bottom"] == pytest.approx(0.35, abs=0.03)
    assert sizes["insideH"] == pytest.approx(0.25, abs=0.03)
    place = table._tbl.tblPr.find(qn("w:tblpPr"))
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")


def test_imprint_of_letter_style_has_neither_office_nor_date_nor_lines():
    table = read(replace(OPINION, style=Style.LETTER)).tables[-1]
    assert [cell.text for row in table.rows for cell in row.cells] == ["抄送：市政府办公室（督查室），市政协提案委。"]
    assert table._tbl.tblPr.find(qn("w:tblBorders")) is None


def test_no_element_is_printed_that_the_letter_does_not_have():
    document = read(IMPLEMENTATION)
    for style in ("发文字号", "类别标记", "附件说明", "发文机关署名", "附注"):
        assert paragraphs(document, style) == [], style
    assert document.tables == []
    order = [paragraph.style.name for paragraph in document.paragraphs]
    assert order.index("联系方式") < order.index("成文日期")


def test_table_has_header_rows_on_every_page():
    table = read(REPLY).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["地区", "应配（人）", "实配（人）", "每万人（人）", "持证率"]
    marked = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert marked == [True, False, False, False]


def test_stamp_of_a_draft_stands_on_every_kind_of_page():
    section = read(replace(REPLY, stamp="草稿，未经签发")).sections[0]
    headers = (section.header, section.even_page_header, section.first_page_header)
    assert [header.paragraphs[0].text for header in headers] == ["草稿，未经签发"] * 3


def test_text_that_xml_cannot_hold_does_not_break_the_file():
    document = read(replace(REPLY, blocks=(Block(Kind.PARAGRAPH, "甲\x00乙<w:p>&丙\ufffe丁\n䶮𠮷"),)))
    assert [paragraph.text for paragraph in paragraphs(document, "公文正文")] == ["甲乙<w:p>&丙丁", "䶮𠮷"]


def test_properties_come_from_the_letter_alone():
    properties = read(OPINION).core_properties
    assert (properties.title, properties.subject) == (OPINION.title.replace("\n", ""), OPINION.number)
    assert (properties.author, str(properties.created.date())) == ("朝北市民政局", "2023-03-21")
