"""Letters as PDF: what they hold, and where on the page it stands, measured on pictures of the pages.

The pictures kept beside this file are made anew, after a look at each of them, with

    RENEW_PICTURES=1 .venv/bin/pytest tests/core/letters/test_pdf.py -k picture
"""

import io
import os
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from PIL import Image, ImageChops, ImageStat

from portal.core.letters import fonts
from portal.core.letters.measures import LINE
from portal.core.letters.paper import Block, Kind, Style
from portal.core.letters.pdf import CannotShow, fit_of, pdf, png_pages
from tests.core.letters.samples import ANNEX, IMPLEMENTATION, JOINT, OPINION, REPLY, SAMPLES

PICTURES = Path(__file__).with_name("pictures")
DPI, KEPT_DPI = 120, 48
MEAN_DIFFERENCE = 2.0  # of 255, over all points of a page; a line of text that moves or changes makes more
REFERENCE = {"serif": "Noto Serif CJK SC", "sans": "Noto Sans CJK SC"}
PUBLISHED = {
    **SAMPLES,
    "annex": ANNEX,
    "joint": JOINT,
    "letter": replace(
        REPLY, number="临民函〔2023〕7号", copies=("市政府办公室", "市政协提案委员会"), note="此件主动公开"
    ),
}


@pytest.fixture(autouse=True)
def reference_fonts(monkeypatch):
    """The fonts that the kept pictures were made with, whatever else this machine has."""
    missing = set(REFERENCE.values()) - set(fonts.fonts().families())
    if missing:
        pytest.skip(f"the reference fonts are not on this machine: {', '.join(sorted(missing))} (fonts-noto-cjk)")
    stacks = {part: (REFERENCE["sans" if part == "heading1" else "serif"],) for part in fonts.STACKS}
    monkeypatch.setattr(fonts, "STACKS", stacks)


def pages(paper, dpi=DPI):
    return [Image.open(io.BytesIO(png)).convert("RGB") for png in png_pages(paper, dpi)]


def mm(pixels, dpi=DPI):
    return pixels * 25.4 / dpi


def mask(image, colour):
    """The points of a page that are red, or black, as a picture of black and white."""
    red, green, _blue = image.split()
    dark = green.point(lambda value: 255 if value < 110 else 0)
    reddish = red.point(lambda value: 255 if value > 180 else 0)
    return ImageChops.multiply(dark, reddish if colour == "red" else ImageChops.invert(reddish))


def lines(image, colour, at_least_mm):
    """Straight lines of that length across the page: (top, thickness, left, right) in mm."""
    found, marks = [], mask(image, colour)
    width, height = marks.size
    shares = list(marks.resize((1, height), Image.Resampling.BOX).get_flattened_data())
    long = [share / 255 * mm(width) >= at_least_mm for share in shares]
    row = 0
    while row < height:
        if not long[row]:
            row += 1
            continue
        start = row
        while row < height and long[row]:
            row += 1
        left, _, right, _ = marks.crop((0, start, width, row)).getbbox()
        found.append(tuple(round(mm(value), 1) for value in (start, row - start, left, right)))
    return found


def box(image, colour, top_mm, bottom_mm):
    """What is printed between two heights: (left, top, right, bottom) in mm."""
    top = round(top_mm / 25.4 * DPI)
    part = mask(image, colour).crop((0, top, image.width, round(bottom_mm / 25.4 * DPI)))
    left, upper, right, lower = part.getbbox()
    return mm(left), mm(top + upper), mm(right), mm(top + lower)


def near(value, wanted, within=0.35):
    return abs(value - wanted) <= within


def text_of(paper):
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(paper))).pages).replace("\n", "")


@pytest.mark.parametrize("name", PUBLISHED)
def test_pages_look_like_the_kept_pictures(name):
    made = pages(PUBLISHED[name], KEPT_DPI)
    if os.environ.get("RENEW_PICTURES"):
        for old in PICTURES.glob(f"{name}-*.png"):
            old.unlink()
        for number, page in enumerate(made, 1):
            page.quantize(32).save(PICTURES / f"{name}-{number}.png", optimize=True)
    kept = [Image.open(path).convert("RGB") for path in sorted(PICTURES.glob(f"{name}-*.png"))]
    assert len(made) == len(kept)
    for number, (page, picture) in enumerate(zip(made, kept, strict=True), 1):
        assert page.size == picture.size
        difference = sum(ImageStat.Stat(ImageChops.difference(page, picture)).mean) / 3
        assert difference <= MEAN_DIFFERENCE, f"page {number} of {name} differs by {difference:.2f}"


def test_picture_of_a_letter_with_other_words_differs():
    other = replace(OPINION, blocks=(*OPINION.blocks[:-1], Block(Kind.PARAGRAPH, "另一段文字。" * 20)))
    page, picture = pages(other, KEPT_DPI)[1], Image.open(PICTURES / "opinion-2.png").convert("RGB")
    assert sum(ImageStat.Stat(ImageChops.difference(page, picture)).mean) / 3 > MEAN_DIFFERENCE


def test_letter_style_has_its_double_lines_in_place():
    first, second = pages(replace(REPLY, number="临民函〔2023〕7号"))
    thick, thin, foot_thin, foot_thick = lines(first, "red", 165)
    for line in (thick, thin, foot_thin, foot_thick):
        assert near(line[2], 20) and near(line[3], 190), line  # 170 mm, centred on the page
    assert thick[1] > thin[1] and foot_thick[1] > foot_thin[1]
    issuer = box(first, "red", 25, thick[0] - 0.5)
    assert near(issuer[1], 30, 1.2)  # a character does not fill its box
    assert near((issuer[0] + issuer[2]) / 2, 105, 1)
    assert near(thick[0], 30 + 40 * 25.4 / 72 + 4)  # 4 mm below the box of 40 points
    assert near(foot_thick[0] + foot_thick[1], 277)
    number = box(first, "black", thin[0] + 2, thin[0] + 12)
    assert near(number[1], thin[0] + thin[1] + 14 * 25.4 / 72, 0.8)  # 7/8 of a character below the line
    assert near(number[2], 184, 0.8)
    assert lines(second, "red", 20) == []


def test_file_style_has_its_red_head_in_place():
    page = pages(OPINION)[0]
    ((top, thickness, left, right),) = lines(page, "red", 150)
    assert near(left, 28) and near(right, 184) and 0.4 <= thickness <= 0.7
    issuer = box(page, "red", 60, top - 1)
    assert near(issuer[1], 37 + 35, 1.2)
    number = box(page, "black", top - 12, top - 0.5)
    assert near(number[3], top - 4, 0.8)
    assert near((number[0] + number[2]) / 2, 106, 1)


def test_text_stands_inside_the_type_area():
    long = replace(OPINION, blocks=tuple(Block(Kind.PARAGRAPH, "社区工作者队伍建设情况。" * 12) for _ in range(31)))
    assert fit_of(long).line == LINE
    for number, page in enumerate(pages(long), 1):
        left, top, right, bottom = box(page, "black", 0, 262.2)
        assert left >= 27.6 and right <= 184.4 and top >= 36.8, number
        assert bottom <= 262.2
    second = pypdf.PdfReader(io.BytesIO(pdf(long))).pages[1].extract_text().splitlines()
    text = [line for line in second if not line.startswith("—")]
    assert len(text) == 22
    assert {len(line) for line in text} <= set(range(1, 30))


def test_full_line_holds_28_characters():
    plain = replace(IMPLEMENTATION, blocks=(Block(Kind.PARAGRAPH, "社" * (26 + 28 + 28)),))
    found = [
        line for line in pypdf.PdfReader(io.BytesIO(pdf(plain))).pages[0].extract_text().splitlines() if "社社" in line
    ]
    assert [len(line) for line in found] == [26, 28, 28]


def test_page_numbers_stand_right_on_odd_and_left_on_even_pages():
    long = replace(REPLY, blocks=REPLY.blocks * 3)
    shown = pages(long)
    assert (
        mask(shown[0], "black").crop((0, round(263 / 25.4 * DPI), shown[0].width, round(276 / 25.4 * DPI))).getbbox()
        is None
    )
    for number, page in enumerate(shown[1:], 2):
        left, top, right, bottom = box(page, "black", 263, 285)
        assert near((top + bottom) / 2, 262 + 7, 0.6)
        assert near(right, 184 - 14 * 25.4 / 72, 1) if number % 2 else near(left, 28 + 14 * 25.4 / 72, 1)


def test_imprint_ends_with_the_type_area():
    page = pages(OPINION)[-1]
    first, middle, last = lines(page, "black", 150)
    assert near(last[0] + last[1], 262)
    for line in (first, middle, last):
        assert near(line[2], 28) and near(line[3], 184)
    assert first[0] < middle[0] < last[0]


def test_imprint_of_letter_style_has_no_lines_and_no_office():
    letter = replace(OPINION, style=Style.LETTER)
    assert lines(pages(letter)[-1], "black", 150) == []
    text = text_of(letter)
    assert "抄送：市政府办公室（督查室），市政协提案委。" in text
    assert "印发" not in text and "共印" not in text


def test_date_is_indented_for_a_seal_and_less_without():
    for sealed, indent in ((True, 4), (False, 2)):
        bare = replace(REPLY, sealed=sealed, contact=None, blocks=(Block(Kind.PARAGRAPH, "一句。"),))
        page = pages(bare)[0]
        foot = box(page, "black", 110, 270)[3]
        right = box(page, "black", foot - 5, foot)[2]
        assert near(184 - right, indent * 156 / 28, 1.4)  # the last character does not fill its box


@pytest.mark.parametrize("name", SAMPLES)
def test_same_letter_gives_the_same_bytes(name):
    assert pdf(SAMPLES[name]) == pdf(SAMPLES[name])


def test_file_is_tagged_in_chinese_with_title_and_date_and_claims_its_standards():
    reader = pypdf.PdfReader(io.BytesIO(pdf(OPINION)))
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("zh-CN", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata["/Title"] == OPINION.title.replace("\n", "")
    assert reader.metadata["/CreationDate"] == "D:20230321000000Z"
    said = reader.xmp_metadata.stream.get_data().decode()
    assert "<pdfaid:part>2<" in said and "<pdfaid:conformance>A<" in said and "<pdfuaid:part>1<" in said


def roles(node):
    node = node.get_object()
    if isinstance(node, list):
        return [role for one in node for role in roles(one)]
    if not isinstance(node, dict) or "/S" not in node:
        return []
    below = node.get("/K", [])
    return [node["/S"], *(roles(below) if not isinstance(below, int) else [])]


def test_tags_tell_title_headings_and_table():
    tree = pypdf.PdfReader(io.BytesIO(pdf(REPLY))).trailer["/Root"]["/StructTreeRoot"]["/K"]
    found = roles(tree)
    assert found.count("/Title") == 1
    assert found.count("/H1") == 5
    assert (found.count("/Table"), found.count("/TH"), found.count("/TD")) == (1, 5, 15)


def test_every_element_can_be_found_as_text():
    text = text_of(OPINION)
    for said in (
        "朝北市民政局文件", "朝北民函〔2023〕32号", "姚赟翀委员：", "一、基本情况", "（一）配备情况。", "附件：1.朝北市社区工作者管理办法",
        "2.社区工作者三岗", "朝北市民政局2023年3月21日（此件主动公开）", "联系人：田堃　　联系电话：0421-0000000",
        "抄送：市政府办公室（督查室），市政协提案委。", "朝北市民政局办公室2023年3月21日印发", "（共印6份）",
    ):  # fmt: skip
        assert said.replace("　", "") in text.replace("　", "").replace(" ", ""), said


def test_text_is_never_read_as_markup():
    said = '#panic("x") *粗* _斜_ $x$ `码` <标> @引 // 注 \\ #[块] = 标题'
    text = text_of(replace(IMPLEMENTATION, title=said, addressee=said, blocks=(Block(Kind.PARAGRAPH, said),)))
    assert text.replace(" ", "").count('#panic("x")*粗*_斜_$x$`码`<标>@引//注\\#[块]=标题') == 3


def test_rare_characters_show():
    names = "䶮𠮷喆堃翀赟"
    assert names in text_of(replace(IMPLEMENTATION, addressee=names))


def test_character_that_no_font_has_is_named():
    with pytest.raises(CannotShow, match="“\U000323af”"):
        pdf(replace(IMPLEMENTATION, addressee="甲\U000323af乙"))


def test_machine_without_chinese_fonts_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(fonts, "STACKS", {"body": ("No Such Font",)})
    with pytest.raises(fonts.NoChineseFont, match="fonts-noto-cjk"):
        pdf(OPINION)


def test_letter_of_nothing_but_a_title_can_be_made():
    bare = replace(IMPLEMENTATION, issuer="", addressee="", blocks=(), contact=None, dated=None)
    assert text_of(bare) == IMPLEMENTATION.title.replace("\n", "")
    assert text_of(replace(bare, style=Style.FILE)).endswith(IMPLEMENTATION.title.replace("\n", ""))


def test_page_never_holds_a_signature_alone():
    for count in range(8, 20):
        paper = replace(IMPLEMENTATION, contact=None, signature="滨海市民政局", blocks=tuple(
            Block(Kind.PARAGRAPH, f"第{number}段。") for number in range(count)
        ))  # fmt: skip
        named = replace(paper, attachments=("名单", "办法"), contact=REPLY.contact, contact_first=True)
        for made, said in ((paper, f"第{count - 1}段。"), (named, "2.办法")):
            last = pypdf.PdfReader(io.BytesIO(pdf(made))).pages[-1].extract_text()
            assert said in last.replace(" ", ""), count


def test_stamp_of_a_draft_stands_on_every_page():
    reader = pypdf.PdfReader(io.BytesIO(pdf(replace(REPLY, stamp="草稿，未经签发"))))
    assert ["草稿，未经签发" in page.extract_text() for page in reader.pages] == [True] * len(reader.pages)
