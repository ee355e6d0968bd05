"""Finding headers as offices draw them, and naming everything that is wrong with them."""

import pytest

from portal.core.sheets import headers
from portal.core.sheets.columns import Column, letter_of
from portal.core.sheets.errors import HEADER
from portal.core.sheets.reading import Grid, Row

COLUMNS = (
    Column("name", "姓名", required=True),
    Column("number", "身份证号", required=True, aliases=("公民身份号码", "身份证号码")),
    Column("phone", "联系电话"),
    Column("contract_from", "合同起始"),
    Column("contract_last", "合同截止"),
    Column("post_from", "任职起始"),
)


def grid(*rows: list[object] | None) -> Grid:
    """A grid of the given rows; None stands for an empty one."""
    width = max(len(cells) for cells in rows if cells)
    kept = [Row(n, [*cells, *[""] * (width - len(cells))]) for n, cells in enumerate(rows, 1) if cells]
    return Grid("S", kept, width, "xlsx")


def found(*rows: list[object] | None, **options: object) -> headers.Layout:
    layout, errors = headers.find_header(grid(*rows), COLUMNS, **options)
    assert errors == []
    return layout


def wrong(*rows: list[object] | None) -> list[tuple]:
    layout, errors = headers.find_header(grid(*rows), COLUMNS)
    assert layout is None
    assert all(error.message and "%(" not in error.message for error in errors)
    return [(error.code, error.row, error.column) for error in errors]


def test_header_in_the_first_row_is_found_in_any_order():
    layout = found(["身份证号", "姓名"], ["1", "张三"], ["2", "李四"])
    assert layout.header_row == 1
    assert layout.keys == ("number", "name")
    assert list(layout.records()) == [(2, {"number": "1", "name": "张三"}), (3, {"number": "2", "name": "李四"})]


def test_header_below_titles_and_blank_rows_is_found():
    layout = found(["XX街道花名册"], None, ["填报单位：", "日期："], ["姓名", "身份证号"], None, ["张三", "1"])
    assert layout.header_row == 4
    assert list(layout.records()) == [(6, {"name": "张三", "number": "1"})]


@pytest.mark.parametrize(
    "header",
    [
        "*身份证号",
        "身份证号*",
        "身份证号（必填）",
        "身 份 证 号",
        "身份证号\n（18位）",
        "公民身份号码",
        "身份证号码：",
        "★身份证号",
    ],
)
def test_header_as_people_decorate_it_is_recognised(header):
    assert found(["姓名", header], ["张三", "1"]).keys == ("name", "number")


def test_header_in_full_width_and_with_zero_width_signs_is_recognised():
    columns = (Column("a", "A列"), Column("b", "B列"))
    layout, errors = headers.find_header(grid(["Ａ列\u200b", " ｂ 列 "], [1.0, 2.0]), columns)
    assert (layout.keys, errors) == (("a", "b"), [])


def test_header_over_two_rows_with_merged_groups_is_joined():
    layout = found(
        ["花名册", "", "", "", "", ""],
        ["姓名", "身份证号", "合同", "", "任职", "备考"],
        ["", "", "起始", "截止", "起始", "联系电话"],
        ["张三", "1", "a", "b", "c", "d"],
    )
    assert layout.header_row == 2
    assert layout.keys == ("name", "number", "contract_from", "contract_last", "post_from", "phone")
    assert [number for number, _record in layout.records()] == [4]


def test_header_row_under_group_titles_alone_is_enough():
    layout = found(["基本信息", "", "联系方式"], ["姓名", "身份证号", "联系电话"], ["张三", "1", "2"])
    assert (layout.header_row, layout.keys) == (2, ("name", "number", "phone"))


def test_header_right_below_a_title_does_not_take_the_title_in():
    layout = found(["花名册", "", ""], ["", "姓名", "身份证号"], ["", "张三", "1"])
    assert (layout.header_row, layout.keys, layout.positions) == (2, ("name", "number"), (1, 2))


def test_column_without_header_and_content_is_ignored():
    assert found(["姓名", "", "身份证号", ""], ["张三", " ", "1", ""]).keys == ("name", "number")


def test_column_to_be_ignored_is_not_read():
    layout = found(["序号", "姓名", "身份证号"], [1.0, "张三", "1"], ignored=("序号",))
    assert list(layout.records()) == [(2, {"name": "张三", "number": "1"})]


def test_example_rows_are_left_out():
    layout = found(["姓名", "身份证号"], ["示例：张三", "1"], ["", "示例"], ["李四", "示例"], ["王五", "2"])
    assert [record["name"] for _number, record in layout.records()] == ["李四", "王五"]


def test_columns_unknown_missing_doubled_and_unnamed_are_all_named_at_once():
    assert wrong(
        ["标题"],
        ["姓名", "联系电话号", "姓名", "星座属相", "", "合同起始"],
        ["张三", "1", "张三", "2", "x", "3"],
    ) == [
        ("column_unknown_similar", 2, "联系电话号"),
        ("column_unknown", 2, "星座属相"),
        ("column_unnamed", 3, "E"),
        ("column_duplicate", 2, "姓名"),
        ("column_missing", 2, "身份证号"),
    ]


def test_sentences_name_letter_header_and_suggestion():
    _layout, errors = headers.find_header(grid(["姓名", "身份证号", "联系电话号"], ["张三", "1", "2"]), COLUMNS)
    assert errors[0].message == (
        "不认识第 C 列的表头“联系电话号”，是否应为“联系电话”？请改成模板中的列名，或删去这一列。"
    )


@pytest.mark.parametrize(
    "rows", [(["张三", "1"], ["李四", "2"]), (["姓名", "别的"], ["张三", "1"]), ([1.0, None], ["", "x"])]
)
def test_sheet_without_header_names_what_is_expected(rows):
    layout, errors = headers.find_header(grid(*rows), COLUMNS)
    assert layout is None
    assert [error.code for error in errors] == ["header_not_found"]
    assert errors[0].params["expected"] == "姓名、身份证号"


def test_header_below_the_tenth_row_is_not_searched():
    assert wrong(*[["说明"]] * 10, ["姓名", "身份证号"], ["张三", "1"]) == [("header_not_found", None, None)]


def test_wrong_encoding_fails_at_the_header():
    """Big5 text passes as GB18030 and would import rubbish; its header matches nothing."""
    text = "姓名,身份證號".encode("big5").decode("gb18030")
    assert wrong(text.split(","), ["x", "1"]) == [("header_not_found", None, None)]


def test_every_header_error_is_met_by_a_test():
    met = {"header_not_found", "column_missing", "column_unknown", "column_unknown_similar"}
    assert met | {"column_duplicate", "column_unnamed"} == set(HEADER)


@pytest.mark.parametrize(
    ("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (59, "BH"), (701, "ZZ"), (16383, "XFD")]
)
def test_letter_of_counts_as_excel_does(index, letter):
    assert letter_of(index) == letter
