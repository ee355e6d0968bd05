"""The user's own workbook comes back with the errors in it, and goes in again as if nothing were written in it."""

import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from portal.core.sheets.annotate import annotatable, write_annotated
from portal.core.sheets.reading import read_sheet
from tests import rosters
from tests import world as w
from tests.rosters import headers, line
from workforce.importers import ROSTER
from workforce.importers.columns import HEADER

LINES = [line(1, tier="x", grade="99"), line(2), line(3, title=None, birth_date="2021年6月"), line(4, grade="1")]


@pytest.fixture
def annotated(world):
    """`annotated(content, name)` gives the batch and the bytes of the annotated workbook."""

    def made(content, name="名册.xlsx"):
        batch = rosters.judged(world.users.street, world.divisions[w.STREET], content, name)
        assert annotatable(batch)
        out = io.BytesIO()
        write_annotated(out, content=content, filename=name, batch=batch, importer=ROSTER)
        well_formed(out.getvalue())
        return batch, out.getvalue()

    return made


def well_formed(data: bytes) -> None:
    """Every part can be parsed, is there once, and every reference leads somewhere."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        assert len(names) == len({name.lower() for name in names})
        for name in names:
            if name.endswith((".xml", ".rels", ".vml")):
                ElementTree.fromstring(archive.read(name))
        types = archive.read("[Content_Types].xml").decode()
        for name in names:
            if "Mark" in name and name.endswith(".xml"):
                assert f'PartName="/{name}"' in types


def grid_of(data: bytes):
    return read_sheet(data, "名册.xlsx")


def issues_of(batch):
    return rosters.errors(batch), rosters.warnings(batch)


def sheet_of(data: bytes, title: str = "花名册"):
    return openpyxl.load_workbook(io.BytesIO(data))[title]


def texts(sheet) -> dict[str, str]:
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}


def links_of(sheet) -> dict[str, str]:
    """Text of the first cell of a row -> where its link leads."""
    return {row[0].value: row[0].hyperlink.location for row in sheet.iter_rows() if row[0].hyperlink}


def place(lines, key, row) -> str:
    return f"{openpyxl.utils.get_column_letter(headers(lines).index(key) + 1)}{row}"


def test_cells_carry_comment_sign_and_fill_and_the_rest_is_untouched(annotated):
    batch, data = annotated(rosters.as_xlsx(LINES))
    sheet = sheet_of(data)
    found = texts(sheet)
    assert found[place(LINES, "tier", 2)] == "✖ 错误：“岗位层级”只能填：正职、副职、工作人员。"
    assert found[place(LINES, "title", 4)] == "✖ 错误：“职务”必须填写。"
    assert found[place(LINES, "birth_date", 4)].startswith("✖ 错误：出生日期与身份证号中的")
    assert "\n▲ 提示：只有年月" in found[place(LINES, "birth_date", 4)]
    assert {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fill_type} == set(found)
    assert sheet[place(LINES, "tier", 2)].fill.fill_type == "solid"
    assert [row.cells for row in grid_of(data).rows] == [row.cells for row in grid_of(rosters.as_xlsx(LINES)).rows]


def test_warning_is_hatched_and_an_error_is_filled(annotated):
    lines = [line(1, valid_from="2024-01"), line(2, tier="x")]
    _batch, data = annotated(rosters.as_xlsx(lines))
    sheet = sheet_of(data)
    assert sheet[place(lines, "valid_from", 2)].fill.fill_type == "lightUp"
    assert sheet[place(lines, "tier", 3)].fill.fill_type == "solid"


def test_summary_stands_first_counts_and_links(annotated):
    batch, data = annotated(rosters.as_xlsx(LINES))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["问题汇总", "花名册"]
    assert [bool(sheet.sheet_view.tabSelected) for sheet in book] == [True, False]
    rows = [[cell for cell in row if cell is not None] for row in book["问题汇总"].iter_rows(values_only=True)]
    errors = sum(batch.counts["error_kinds"].values())
    assert rows[1][0].startswith(f"共 {errors} 处错误、")
    assert ["✖ 错误", 1, "岗位等级超出范围"] in rows
    links = links_of(book["问题汇总"])
    assert links and all(link == f"'花名册'!{cell}" for cell, link in links.items())
    assert place(LINES, "tier", 2) in links


def test_annotated_file_uploaded_again_finds_the_same_and_is_marked_anew(annotated):
    batch, data = annotated(rosters.as_xlsx(LINES))
    again, twice = annotated(data)
    assert issues_of(again) == issues_of(batch)
    assert texts(sheet_of(twice)) == texts(sheet_of(data))
    assert openpyxl.load_workbook(io.BytesIO(twice)).sheetnames == ["问题汇总", "花名册"]


def test_marks_go_once_the_cells_are_mended(annotated):
    _batch, data = annotated(rosters.as_xlsx(LINES))
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["花名册"][place(LINES, "tier", 2)] = "正职"
    mended = io.BytesIO()
    book.save(mended)
    _again, twice = annotated(mended.getvalue())
    sheet = sheet_of(twice)
    assert place(LINES, "tier", 2) not in texts(sheet)
    assert sheet[place(LINES, "tier", 2)].fill.fill_type is None
    assert place(LINES, "grade", 2) in texts(sheet)


def office_book() -> bytes:
    """A workbook as an office keeps it: title, merged cells, widths, other sheets, comments, fills, a print area."""
    book = openpyxl.Workbook()
    other = book.active
    other.title = "联系人"
    other.append(["某某", "=1+1"])
    sheet = book.create_sheet("2026'年")
    keys = headers(LINES)
    sheet.append(["一号街道花名册"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(keys))
    sheet.append([HEADER[key] for key in keys])
    for cells in LINES:
        sheet.append([cells.get(key) for key in keys])
    sheet.column_dimensions["C"].width = 33
    for row in sheet.iter_rows(min_row=3, min_col=3, max_col=4):
        for cell in row:
            cell.number_format = "@"
    yellow = PatternFill("solid", fgColor="FFFFFF00")
    sheet["A3"].fill = yellow
    sheet[place(LINES, "tier", 3)].fill = yellow
    sheet["A4"].comment = Comment("别动", "张主任")
    sheet[place(LINES, "tier", 3)].comment = Comment("问过区里", "张主任")
    sheet.print_area = "A1:F9"
    sheet.conditional_formatting.add("A1:B5", openpyxl.formatting.rule.ColorScaleRule("min", None, "FFFFFFFF", "max"))
    book.active = 1
    book.move_sheet("2026'年", -1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_workbook_of_an_office_keeps_everything_else(annotated):
    _batch, data = annotated(office_book())
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["问题汇总", "2026'年", "联系人"]
    assert book["联系人"]["B1"].value == "=1+1"
    sheet = book["2026'年"]
    assert sheet.column_dimensions["C"].width == 33
    assert sheet["C3"].number_format == sheet["C4"].number_format == "@"
    assert sheet.print_area == "'2026''年'!$A$1:$F$9"
    assert sheet["A3"].fill.fgColor.rgb == "FFFFFF00"
    assert sheet.merged_cells.ranges and len(sheet.conditional_formatting) == 1
    found = texts(sheet)
    assert found["A4"] == "别动"
    assert found[place(LINES, "tier", 3)] == "✖ 错误：“岗位层级”只能填：正职、副职、工作人员。\n\n问过区里"
    assert f"'2026''年'!{place(LINES, 'tier', 3)}" in links_of(book["问题汇总"]).values()


def test_workbook_of_an_office_goes_in_again_whatever_its_sheet_is_called(annotated):
    batch, data = annotated(office_book())
    again, twice = annotated(data)
    assert issues_of(again) == issues_of(batch)
    found = texts(sheet_of(twice, "2026'年"))
    assert found == texts(sheet_of(data, "2026'年"))
    assert openpyxl.load_workbook(io.BytesIO(twice)).sheetnames == ["问题汇总", "2026'年", "联系人"]


def test_members_that_are_not_marked_stay_byte_for_byte(annotated):
    content = office_book()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        before = {name: archive.read(name) for name in archive.namelist()}
    before["xl/media/image1.png"] = b"\x89PNG picture"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in before.items():
            archive.writestr(name, part)
    _batch, data = annotated(packed.getvalue())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        after = {name: archive.read(name) for name in archive.namelist()}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/comments/comment1.xml",
        "xl/drawings/commentsDrawing1.vml",
    }
    assert after["xl/media/image1.png"] == b"\x89PNG picture"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_comes_back_as_a_workbook_with_the_same_row_numbers(annotated, encoding):
    content = ("一号街道\n\n" + rosters.as_csv([line(1, party="=1+1"), line(2, tier="x")]).decode("utf-8-sig")).encode(
        encoding
    )
    batch, data = annotated(content, "名册.csv")
    assert rosters.errors(batch)[0][0] == 5
    sheet = sheet_of(data)
    keys = headers([line(1)])
    assert texts(sheet)[f"{openpyxl.utils.get_column_letter(keys.index('tier') + 1)}5"].startswith("✖ 错误")
    assert sheet[f"{openpyxl.utils.get_column_letter(keys.index('id_number') + 1)}5"].number_format == "@"
    assert grid_of(data).rows == read_sheet(content, "名册.csv").rows
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_workbook_written_in_an_unusual_way_is_written_anew(annotated):
    content = rosters.as_xlsx(LINES)
    batch, data = annotated(sheet_with_prefix(content))
    assert issues_of(batch) == issues_of(annotated(content)[0])
    assert [row.cells for row in grid_of(data).rows] == [row.cells for row in grid_of(content).rows]


def sheet_with_prefix(content: bytes) -> bytes:
    """The workbook as some programs write it, every element of the worksheet with a prefix."""
    ElementTree.register_namespace("x", "http://schemas.openxmlformats.org/spreadsheetml/2006/main")
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(packed, "w") as copy:
        for name in archive.namelist():
            part = archive.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = ElementTree.tostring(ElementTree.fromstring(part))
                assert b"<x:row" in part
            copy.writestr(name, part)
    return packed.getvalue()


def test_header_that_cannot_be_taken_is_marked(world):
    content = rosters.as_xlsx([{**line(1), "星座": "x"}], [*headers([line(1)]), "星座"])
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], content, "名册.xlsx")
    assert (batch.state, annotatable(batch)) == ("failed", True)
    out = io.BytesIO()
    write_annotated(out, content=content, filename="名册.xlsx", batch=batch, importer=ROSTER)
    letter = openpyxl.utils.get_column_letter(len(headers([line(1)])) + 1)
    assert list(texts(sheet_of(out.getvalue()))) == [f"{letter}1"]


def test_texts_cannot_become_formulas_or_break_the_file(annotated):
    lines = [line(1, tier="=cmd|' /C calc'!A0"), line(2, body="<b>&\"'\x0b]]>", community="𠮷䶮")]
    _batch, data = annotated(rosters.as_xlsx(lines))
    summary = sheet_of(data, "问题汇总")
    values = [str(cell.value) for row in summary.iter_rows() for cell in row if cell.value]
    assert [value for value in values if value.startswith(("=", "+", "-", "@"))] == []
    assert not [cell for row in summary.iter_rows() for cell in row if cell.data_type == "f"]


def test_summary_and_comments_hold_no_number_in_clear(annotated):
    wrong = rosters.number(1)[:-1] + ("0" if rosters.number(1)[-1] != "0" else "1")
    _batch, data = annotated(rosters.as_xlsx([line(1, id_number=wrong), line(2, phone="138001380001")]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if "Mark" in name:
                assert wrong not in archive.read(name).decode()
                assert "138001380001" not in archive.read(name).decode()


def test_days_of_the_1904_system_stay(annotated):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"date_1904": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("花名册")
        keys = headers([line(1)])
        sheet.write_row(0, 0, [HEADER[key] for key in keys])
        cells = line(1, valid_from=date(2025, 3, 1), tier="x")
        for position, key in enumerate(keys):
            sheet.write(1, position, cells.get(key))
    _batch, data = annotated(out.getvalue())
    position = headers([line(1)]).index("valid_from")
    assert grid_of(data).rows[1].cells[position] == date(2025, 3, 1)


def test_marks_of_a_merged_cell_stand_where_it_is_seen_once(annotated):
    """A cell under a merged one is not seen: what is wrong with it stands on the first, told once for all its rows."""
    book = openpyxl.load_workbook(io.BytesIO(rosters.as_xlsx([line(1, code="1201"), line(2), line(3, tier="x")])))
    book.active.merge_cells("A2:A4")
    out = io.BytesIO()
    book.save(out)
    batch, data = annotated(out.getvalue())
    assert len(rosters.errors(batch)) == 4
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        notes = "".join(archive.read(name).decode() for name in archive.namelist() if "comments" in name.lower())
    found = texts(sheet_of(data))
    assert set(found) == {"A2", place([line(1)], "tier", 4)}
    assert len(found["A2"].splitlines()) == 1
    assert 'ref="A3"' not in notes and 'ref="A4"' not in notes
    assert "共 4 处错误" in sheet_of(data, "问题汇总")["A2"].value
