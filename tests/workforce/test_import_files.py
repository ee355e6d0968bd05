"""Files as offices really send them, through the whole check: taken, or refused with the code of the reason."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from tests import rosters
from tests import world as w
from tests.rosters import headers, line
from workforce.importers.columns import HEADER
from workforce.models import Person


@pytest.fixture
def judge(world):
    def judged(content, name):
        return rosters.judged(world.users.street, world.divisions[w.STREET], content, name)

    return judged


def workbook(write) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        write(book, book.add_worksheet("花名册"))
    return out.getvalue()


def test_gb18030_csv_is_taken(judge):
    content = rosters.as_csv([line(1, name="喆䶮")]).decode("utf-8-sig").encode("gb18030")
    batch = judge(content, "名册.csv")
    assert (batch.state, batch.rows.get(number=2).label, batch.counts["new"]) == ("judged", "喆䶮", 1)


def test_titles_and_two_row_headers_are_taken_and_rows_keep_their_numbers(judge):
    cells = line(1, tier="科员")
    keys = headers([cells])

    def write(book, sheet):
        sheet.merge_range(0, 0, 0, len(keys) - 1, "2026 年花名册", book.add_format())
        for position, key in enumerate(keys):
            header = HEADER[key]
            upper, lower = ("合同", header[2:]) if header.startswith("合同") else (header, "")
            sheet.write(1, position, upper)
            sheet.write(2, position, lower)
            sheet.write(4, position, cells.get(key, ""))

    batch = judge(workbook(write), "名册.xlsx")
    assert rosters.errors(batch) == [(5, "岗位层级", "choice")]


def test_row_number_column_is_ignored(judge):
    cells = {"序号": 1, **line(1)}
    content = rosters.as_xlsx([cells], ["序号", *headers([line(1)])])
    assert judge(content, "名册.xlsx").counts["new"] == 1


def test_a_million_empty_rows_are_no_rows(judge):
    def write(book, sheet):
        cells = line(1)
        keys = headers([cells])
        sheet.write_row(0, 0, [HEADER[key] for key in keys])
        sheet.write_row(1, 0, [cells.get(key, "") for key in keys])
        sheet.write_blank(1_048_575, 0, None, book.add_format({"bold": True}))

    assert judge(workbook(write), "名册.xlsx").counts["rows"] == 1


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 120_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "codes"),
    [
        ("名册.pdf", lambda: b"%PDF-1.4", ["file_type"]),
        ("名册.xlsx", lambda: b"%PDF-1.4", ["file_mismatch"]),
        ("名册.xlsx", lambda: b"PK\x03\x04broken", ["file_damaged"]),
        ("名册.xlsx", bomb, ["file_bomb"]),
        ("名册.csv", lambda: b"\x00\x01\x02\x00\x03", ["not_text"]),
        ("名册.csv", lambda: "甲,乙\n1,2\n".encode(), ["header_not_found"]),
        ("名册.csv", lambda: rosters.as_csv([], headers([line(1)])), ["no_rows"]),
    ],
)
def test_file_that_is_no_roster_is_refused_by_code(judge, name, content, codes):
    batch = judge(content(), name)
    assert (batch.state, rosters.problems(batch)) == ("failed", codes)


def test_missing_and_unknown_columns_are_all_named(judge):
    content = rosters.as_csv([line(1)], ["code", "name", "id_number", "title", "星座", "entry", "valid_from"])
    batch = judge(content, "名册.csv")
    named = [(error["code"], error["column"]) for error in batch.problem["errors"]]
    assert sorted(named) == [("column_missing", "任职机构"), ("column_missing", "岗位层级"), ("column_unknown", "星座")]


def test_sheet_without_any_community_column_is_refused(judge):
    keys = [key for key in headers([line(1)]) if key != "code"]
    batch = judge(rosters.as_csv([line(1)], keys), "名册.csv")
    assert [(e["code"], e["column"]) for e in batch.problem["errors"]] == [("column_missing", "社区代码")]


LONG = "·".join(["阿不都热合曼", "买买提依明", "吐尔逊古丽", "艾力江", "麦麦提敏", "热依汗古丽", "阿布都古丽娜"])


@pytest.mark.parametrize("dot", "・•∙‧⋅･")
def test_long_name_with_any_dot_is_one_person(world, judge, dot):
    assert len(LONG) == 40
    rosters.applied(world.users.street, world.divisions[w.STREET], [line(1, name=LONG)])
    assert Person.objects.get(name=LONG).name.count("·") == LONG.count("·")
    typed = LONG.replace("·", f" {dot} ")
    batch = judge(rosters.as_xlsx([line(1, name=typed)]), "名册.xlsx")
    assert (rosters.errors(batch), batch.counts["unchanged"]) == ([], 1)


@pytest.mark.parametrize("name", ["𠮷田龙", "赵䶮", "堃喆赟", "㛃𬱖", "王〇"])
def test_rare_characters_are_stored_found_and_exported_as_they_are(world, judge, run_command, tmp_path, name):
    rosters.applied(world.users.street, world.divisions[w.STREET], rosters.as_xlsx([line(1, name=name)]), "名册.xlsx")
    assert Person.objects.get(name=name).name == name
    Person.objects.update(phone=None)
    out = tmp_path / "out.xlsx"
    assert run_command("export_roster", str(out), "--division", w.STREET, "--on", world.today.isoformat()).code == 0
    batch = judge(out.read_bytes(), "名册.xlsx")
    assert (batch.counts["error"], batch.counts["changed"], batch.counts["new"]) == (0, 0, 0)


@pytest.mark.parametrize("name", ["张\x00三", "张\x0b三", "张\u202e三", "张\ud800三", "张\ufeff三", "\u200b张三"])
def test_control_characters_in_a_name_never_reach_the_roster(world, judge, name):
    content = rosters.as_csv([line(1, name="@")]).decode("utf-8-sig").replace("@", name)
    batch = judge(content.encode("utf-8", "surrogatepass"), "名册.csv")
    if batch.state == "failed":
        assert rosters.problems(batch) in (["not_text"], ["bad_encoding"])
        return
    assert batch.rows.get(number=2).label.replace(" ", "") == "张三"


def test_formula_that_was_never_calculated_is_refused_by_its_cell(judge):
    book = openpyxl.Workbook()
    keys = headers([line(1)])
    book.active.append([HEADER[key] for key in keys])
    book.active.append([line(1).get(key) for key in keys])
    book.active.cell(2, keys.index("name") + 1).value = '="张"&"三"'
    out = io.BytesIO()
    book.save(out)
    batch = judge(out.getvalue(), "名册.xlsx")
    letter = openpyxl.utils.get_column_letter(keys.index("name") + 1)
    assert (batch.state, rosters.problems(batch)) == ("failed", ["formula_uncalculated"])
    assert batch.problem["errors"][0]["params"] == {"cell": f"{letter}2"}


def test_hidden_sheet_is_not_read_and_hidden_rows_are(judge):
    book = openpyxl.Workbook()
    keys = headers([line(1)])
    other = book.create_sheet("旧名册")
    other.sheet_state = "hidden"
    for sheet, lines in ((book.active, [line(1), line(2)]), (other, [line(3), line(4), line(5)])):
        sheet.append([HEADER[key] for key in keys])
        for cells in lines:
            sheet.append([cells.get(key) for key in keys])
    book.active.row_dimensions[3].hidden = True
    out = io.BytesIO()
    book.save(out)
    assert judge(out.getvalue(), "名册.xlsx").counts["new"] == 2


def test_rows_of_which_only_columns_that_are_not_read_hold_something_are_no_rows(judge):
    """Numbers written ahead for people still to come, and a total under them."""
    lines = [{"序号": 1, **line(1)}, {"序号": 2}, {"序号": 3, "name": "　"}, {"序号": "合计：1 人"}]
    batch = judge(rosters.as_xlsx(lines, ["序号", *headers([line(1)])]), "名册.xlsx")
    assert (rosters.errors(batch), batch.counts["rows"], batch.counts["new"]) == ([], 1, 1)


def test_row_without_anything_that_must_be_filled_is_told_once(judge):
    batch = judge(rosters.as_xlsx([line(1), {"code": "合计", "party": "1 人"}]), "名册.xlsx")
    assert rosters.errors(batch) == [(3, "社区代码", "community_code"), (3, "姓名", "nobody")]
    batch = judge(rosters.as_xlsx([line(1), {"party": "填表人：张三"}]), "名册二.xlsx")
    assert rosters.errors(batch) == [(3, "姓名", "nobody")]


def test_row_that_names_somebody_is_told_everything_that_is_missing(judge):
    batch = judge(rosters.as_xlsx([line(1), {"code": w.SPRING, "name": "新人"}]), "名册.xlsx")
    assert {code for _row, _column, code in rosters.errors(batch)} == {"required"}
    assert len(rosters.errors(batch)) == 6


def test_code_that_a_spreadsheet_made_a_number_of_is_offered_by_the_name_beside_it(judge):
    batch = judge(rosters.as_xlsx([line(1, code="9.60101E+11", community="春风社区")]), "名册.xlsx")
    (error,) = batch.rows.get(number=2).errors
    assert (error["code"], error["params"].get("suggestion")) == ("community_code", w.SPRING)
