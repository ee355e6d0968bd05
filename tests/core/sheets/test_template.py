"""The template, read back by openpyxl as Excel would see it, and by our own reader."""

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest

from portal.core.sheets import headers, reading, template
from portal.core.sheets.columns import Column, Kind

COLUMNS = (
    Column("code", "社区代码", width=14, example="120101001001", explanation="12 位统计代码"),
    Column("name", "姓名", required=True, example="张三"),
    Column("number", "身份证号", required=True, length=18, width=22, example="999999199001010016"),
    Column("birth", "出生日期", kind=Kind.DATE, example="1990-01-01"),
    Column("level", "岗位层级", kind=Kind.CHOICE, choices="level", example="正职", explanation="长" * 300),
    Column("grade", "岗位等级", kind=Kind.NUMBER, example="3"),
)
LONG = [f"第{number}个很长的选项名称" for number in range(100)]  # 900 characters: too long for a list in the rule


@pytest.fixture(scope="module")
def data() -> bytes:
    target = io.BytesIO()
    template.write_template(target, COLUMNS, ["请逐行填写。"], {"level": LONG}, title="社区工作者花名册")
    return target.getvalue()


@pytest.fixture(scope="module")
def book(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def rules(sheet) -> dict[str, object]:
    return {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}


def test_template_has_three_sheets_of_which_one_is_hidden(book):
    assert [(sheet.title, sheet.sheet_state) for sheet in book] == [
        ("花名册", "visible"),
        ("填写说明", "visible"),
        ("_dictionary", "veryHidden"),
    ]
    assert book.active.title == "花名册"


def test_template_names_its_version(book, data):
    assert [(item.name, item.value) for item in book.custom_doc_props.props] == [("tpl", "roster-v1")]
    assert reading.read_sheet(data, "a.xlsx").template == "roster-v1"


def test_template_has_title_header_and_marked_example(book):
    rows = [[cell.value for cell in row] for row in book["花名册"].iter_rows(min_row=1, max_row=3)]
    assert rows[0][0] == "社区工作者花名册"
    assert rows[1] == ["社区代码", "*姓名", "*身份证号", "出生日期", "岗位层级", "岗位等级"]
    assert rows[2] == [
        "示例：120101001001",
        "张三",
        "999999199001010016",
        datetime.fromisoformat("1990-01-01"),
        "正职",
        "3",
    ]
    assert book["花名册"].freeze_panes == "A3"


def test_template_lists_stand_behind_names_whatever_their_length(book):
    rule = rules(book["花名册"])["E4:E2003"]
    assert (rule.type, rule.formula1, rule.promptTitle, len(rule.prompt)) == ("list", "list_level", "岗位层级", 255)
    assert book.defined_names["list_level"].attr_text == "_dictionary!$A$1:$A$100"
    assert [row[0].value for row in book["_dictionary"].iter_rows()] == LONG


def test_template_checks_length_and_dates(book):
    found = rules(book["花名册"])
    number, birth = found["C4:C2003"], found["D4:D2003"]
    assert (number.type, number.operator, number.formula1) == ("textLength", "equal", "18")
    assert (birth.type, birth.errorStyle) == ("date", "warning")
    assert set(found) == {"A4:A2003", "C4:C2003", "D4:D2003", "E4:E2003"}


@pytest.mark.parametrize("place", ["A4", "B4", "C4", "C1000", "C2003"])
def test_template_text_columns_are_text_for_2000_rows(book, place):
    assert book["花名册"][place].number_format == "@"


def test_template_explains_every_column(book):
    rows = [[cell.value for cell in row] for row in book["填写说明"].iter_rows()]
    assert rows[0][0] == "请逐行填写。"
    assert rows[1][0] == "第 3 行是示例（以“示例”开头），导入时会被忽略，可以保留也可以删去。"
    assert rows[3] == ["列名", "必填", "格式或可选值", "说明", "示例"]
    assert [row[0] for row in rows[4:]] == [column.header for column in COLUMNS]
    assert [row[1] or None for row in rows[4:]] == [None, "必填", "必填", None, None, None]
    assert rows[6][2] == "文本，18 个字符"
    assert rows[8][2].endswith("等 100 项（见下拉列表）")


def test_template_untouched_has_a_good_header_and_no_rows(data):
    layout, errors = headers.find_header(reading.read_sheet(data, "a.xlsx"), COLUMNS)
    assert errors == []
    assert (layout.header_row, layout.keys, list(layout.records())) == (2, tuple(c.key for c in COLUMNS), [])


def test_template_filled_in_reads_back(book, tmp_path, data):
    filled = openpyxl.load_workbook(io.BytesIO(data))
    filled["花名册"]["B4"], filled["花名册"]["C4"] = "李四", "999999199001010016"
    filled.save(tmp_path / "a.xlsx")
    layout, _errors = headers.find_header(reading.read_sheet(tmp_path / "a.xlsx", "a.xlsx"), COLUMNS)
    ((number, record),) = layout.records()
    assert (number, record["name"], record["number"]) == (4, "李四", "999999199001010016")


def test_template_with_a_list_that_is_not_there_is_refused():
    with pytest.raises(KeyError, match="level"):
        template.write_template(io.BytesIO(), COLUMNS, [], {})


def test_template_is_small(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert sum(entry.file_size for entry in archive.infolist()) < 1_000_000
    assert len(data) < 60_000
