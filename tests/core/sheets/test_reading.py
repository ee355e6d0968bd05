"""What the reader takes, and what it makes of it."""

from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from portal.core.sheets import reading
from portal.core.sheets.errors import SheetError
from portal.core.sheets.guards import Limits
from portal.core.sheets.reading import Row
from tests.core.sheets import makers
from tests.core.sheets.makers import MAIN, cell, row, xlsx

HEADER = "姓名,身份证号\r\n张三,999999199001010016\r\n"
PREFIXED = (
    f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="3"><x:c r="B3"><x:v>5</x:v></x:c></x:row></x:sheetData>'
    "</x:worksheet>"
)
ROWS = [Row(1, ["姓名", "身份证号"]), Row(2, ["张三", "999999199001010016"])]


def read(data: bytes, name: str = "花名册.xlsx", **limits: int) -> reading.Grid:
    return reading.read_sheet(data, name, limits=Limits(**limits))


def test_xlsx_rows_keep_the_numbers_excel_shows_and_their_types():
    data = xlsx(
        row(3, cell("B3", "姓名"), cell("C3", 44350, style="1"), cell("D3", 1.5), cell("E3", 1, "b"))
        + row(7, cell("B7", 120101199001010000))
    )
    grid = read(data)
    assert grid.rows == [
        Row(3, ["", "姓名", date(2021, 6, 3), 1.5, True]),
        Row(7, ["", 120101199001010000.0, "", "", ""]),
    ]
    assert isinstance(grid.rows[1].cells[1], float)
    assert (grid.sheet, grid.width, grid.kind, grid.other_sheets, grid.template) == ("S", 5, "xlsx", (), "")


def test_xlsx_from_a_path_reads_like_its_bytes(tmp_path):
    data = xlsx(row(1, cell("A1", "甲")))
    (tmp_path / "upload").write_bytes(data)
    assert reading.read_sheet(tmp_path / "upload", "a.XLSX") == read(data)
    assert reading.read_sheet(str(tmp_path / "upload"), "a.xlsx") == read(data)


def test_xlsx_rows_of_white_space_are_skipped():
    blank = row(2, cell("A2", " "), cell("B2", "\u200b\u3000"))
    assert [found.number for found in read(xlsx(row(1, cell("A1", "甲")) + blank + row(3, cell("A3", "乙")))).rows] == [
        1,
        3,
    ]


def test_xlsx_error_values_become_texts_that_no_column_accepts():
    data = xlsx(
        row(1, cell("A1", "#N/A", "e"), cell("B1", 44350.5, style="1"), cell("C1", 0, "s")), "<si><t>甲</t></si>"
    )
    assert read(data).rows == [Row(1, ["#N/A", datetime.fromisoformat("2021-06-03T12:00"), "甲"])]


def test_xlsx_of_the_1904_system_says_so_and_reads_its_dates():
    book = makers.workbook_xml(properties='<workbookPr date1904="1"/>')
    cells = row(1, cell("A1", 42888, style="1"), cell("B1", 42888))
    for extra in ("", row(2, cell("A2", "#N/A", "e"))):
        grid = read(xlsx(cells + extra, **{"xl/workbook.xml": book}))
        assert grid.epoch_1904 is True
        assert grid.rows[0] == Row(1, [date(2021, 6, 3), 42888.0])


@pytest.mark.parametrize(
    "sheet",
    [
        PREFIXED,
        makers.sheet_xml("<row/><row/><row><c/><c><v>5</v></c></row>"),
        makers.sheet_xml("<row r='3'><c r='B3'><v>5</v></c></row>"),
        makers.sheet_xml('<row r="3"><c r="b3"><v>5</v></c></row>'),
        makers.sheet_xml('<row r="3"><c t="n" s="0" r="B3"><v>5</v></c></row>'),
        makers.sheet_xml('<row r="3"><c\nr="B3"><v>5</v></c></row>'),
        makers.sheet_xml('<row r="3"><c r="A3" s="1"/><c r="B3"><f>2+3</f><v>5</v></c></row>'),
        makers.sheet_xml('<row r="3"><c r="B3"><v>5</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'),
        makers.sheet_xml('<row r="3"><c r="B3"><v>5</v></c></row>', '<dimension ref="A1:XFD1048576"/>'),
    ],
    ids=[
        "prefix",
        "no places",
        "apostrophes",
        "small letter",
        "other order",
        "line break",
        "formula",
        "far blank",
        "dim",
    ],
)
def test_xlsx_written_in_other_ways_reads_the_same(sheet):
    assert read(xlsx(**{"xl/worksheets/sheet1.xml": sheet})).rows == [Row(3, ["", 5.0])]


def test_xlsx_through_the_slow_way_equals_the_fast_way(tmp_path):
    """The same cells, once plain and once with an error value that forces the rewriting."""
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("花名册")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number in range(0, 60, 2):
        sheet.write_row(number, 1, [f"名{number}<&>", number, number / 7, "", number % 3 == 0, " 空 格 "])
        sheet.write_datetime(number, 8, date(2021, 6, 3 + number % 9), day)
    book.close()
    plain = read(path.read_bytes()).rows
    data = path.read_bytes()
    members = {name: openpyxl.reader.excel.ZipFile(path).read(name) for name in _names(path)}
    members["xl/worksheets/extra.xml"] = makers.sheet_xml(row(1, cell("A1", "#N/A", "e")))
    assert read(makers.packed(members)).rows == plain
    assert read(data).rows == plain and len(plain) == 30


def _names(path) -> list[str]:
    with openpyxl.reader.excel.ZipFile(path) as archive:
        return archive.namelist()


def test_xlsx_reads_the_roster_sheet_and_names_the_others():
    sheets = [
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"{state}/>'
        for n, (name, state) in enumerate(
            [
                ("填写说明", ""),
                ("藏", ' state="hidden"'),
                ("汇总", ""),
                ("花名册", ""),
                ("字典", ' state="veryHidden"'),
            ],
            1,
        )
    ]
    members = {f"xl/worksheets/sheet{n}.xml": makers.sheet_xml(row(1, cell("A1", f"第{n}"))) for n in range(1, 6)}
    rels = makers.relations(*(makers.relation("worksheet", f"worksheets/sheet{n}.xml", n) for n in range(1, 6)))
    grid = read(
        xlsx(**{"xl/workbook.xml": makers.workbook_xml(*sheets), "xl/_rels/workbook.xml.rels": rels, **members})
    )
    assert (grid.sheet, grid.rows, grid.other_sheets) == ("花名册", [Row(1, ["第4"])], ("汇总",))


def test_xlsx_sheet_that_holds_nothing_is_passed_over():
    sheets = ['<sheet name="空" sheetId="1" r:id="rId1"/>', '<sheet name="数据" sheetId="2" r:id="rId2"/>']
    rels = makers.relations(*(makers.relation("worksheet", f"worksheets/sheet{n}.xml", n) for n in (1, 2)))
    changed = {"xl/workbook.xml": makers.workbook_xml(*sheets), "xl/_rels/workbook.xml.rels": rels}
    grid = read(xlsx(**changed, **{"xl/worksheets/sheet2.xml": makers.sheet_xml(row(1, cell("A1", "甲")))}))
    assert (grid.sheet, grid.other_sheets) == ("数据", ())


def test_xlsx_rows_and_columns_up_to_the_limit_are_read():
    rows = "".join(row(number, cell(f"A{number}", number)) for number in range(1, 16))
    assert len(read(xlsx(rows), rows=5).rows) == 15  # 5 of data and 10 of titles and headers
    assert read(xlsx(row(1, cell("C1", 1))), columns=3).width == 3
    with pytest.raises(SheetError, match="too_many_rows"):
        read(xlsx(rows), rows=4)
    with pytest.raises(SheetError) as caught:
        read(xlsx(row(1, cell("A1", 1)) + row(2, cell("D2", 1))), columns=3)
    assert (caught.value.code, caught.value.params) == ("too_many_columns", {"row": 2, "column": "D", "limit": 3})


def test_xlsx_written_by_openpyxl_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["姓名", "出生日期"])
    book.active.append(["张三", date(1990, 1, 1)])
    book.active.merge_cells("A4:B4")
    book.save(tmp_path / "a.xlsx")
    grid = reading.read_sheet(tmp_path / "a.xlsx", "a.xlsx")
    assert grid.rows == [Row(1, ["姓名", "出生日期"]), Row(2, ["张三", date(1990, 1, 1)])]


@pytest.mark.parametrize("mode", [0, 1])
def test_xls_says_from_which_year_its_days_are_counted(mode):
    """A cell formatted as a day is read by it; one that is not stays a number, and the reader has to know."""
    cells = (makers.biff_number(0, 0, 42888, style=1), makers.biff_number(0, 1, 42888))
    before = makers.record(0x42, b"\xb0\x04") + makers.record(0x22, bytes([mode, 0]))
    grid = read(makers.ole(makers.biff(*cells, before=before)), "a.xls")
    assert (grid.epoch_1904, grid.rows[0].cells[1]) == (bool(mode), 42888.0)
    assert grid.rows[0].cells[0] == (date(2021, 6, 3) if mode else date(2017, 6, 2))


def test_xls_of_excel_97_is_read():
    cells = (makers.biff_text(2, 1, 0), makers.biff_number(2, 2, 44350, style=1), makers.biff_number(5, 1, 1.2e17))
    grid = read(makers.ole(makers.biff(*cells, texts=("姓名",))), "a.xls")
    assert grid.rows == [Row(3, ["", "姓名", date(2021, 6, 3)]), Row(6, ["", 1.2e17, ""])]
    assert (grid.kind, grid.sheet) == ("xls", "S")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (HEADER.encode(), "utf-8"),
        (HEADER.encode("utf-8-sig"), "utf-8-sig"),
        (HEADER.encode("gb18030"), "gb18030"),
        (HEADER.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + HEADER.encode("utf-16-be"), "utf-16"),
        (HEADER.replace(",", ";").encode(), "utf-8"),
        (HEADER.replace(",", "\t").encode("gb18030"), "gb18030"),
        (HEADER.replace("\r\n", "\n").encode(), "utf-8"),
        (HEADER.rstrip().encode(), "utf-8"),
        (b"sep=,\r\n" + HEADER.encode("gb18030"), "gb18030"),
        (b"SEP=|\n" + HEADER.replace(",", "|").encode(), "utf-8"),
    ],
)
def test_csv_in_every_usual_encoding_and_separator_is_read(data, encoding):
    grid = read(data, "a.csv")
    assert (grid.rows, grid.encoding, grid.kind) == (ROWS, encoding, "csv")


@pytest.mark.parametrize("text", ["𠮷野家", "䶮", "堃喆赟", "买买提·阿不都"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_csv_rare_characters_are_never_mangled(text, encoding):
    assert read(f"姓名,其他\n{text},甲".encode(encoding), "a.csv").rows[1] == Row(2, [text, "甲"])


def test_csv_rows_are_numbered_as_excel_shows_them():
    data = '标题\n\n姓名,"备\n注"\n"张,三",x\n,\n 李四 ,"他说""好"""\n'
    assert read(data.encode(), "a.csv").rows == [
        Row(1, ["标题", ""]),
        Row(3, ["姓名", "备\n注"]),
        Row(4, ["张,三", "x"]),
        Row(6, [" 李四 ", '他说"好"']),
    ]


def test_csv_separators_inside_quotes_do_not_mislead():
    assert read('"甲;乙;丙;丁";2\n3;4\n'.encode(), "a.csv").rows == [Row(1, ["甲;乙;丙;丁", "2"]), Row(2, ["3", "4"])]


@pytest.mark.parametrize(
    ("typed", "value"), [("'=1+1", "=1+1"), ("''=1+1", "'=1+1"), ("' @x", " @x"), ("'甲", "'甲"), ("=1+1", "=1+1")]
)
def test_apostrophe_of_our_own_writers_is_taken_away(typed, value):
    assert read(f"甲,乙\n{typed},1".encode(), "a.csv").rows[1].cells[0] == value
    assert read(xlsx(row(1, cell("A1", typed)))).rows[0].cells[0] == value
