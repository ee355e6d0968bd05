"""Files as offices really send them, through the whole check: taken, or refused with the code of the reason."""

import io
import zipfile

import pytest
import xlsxwriter

from tests import rosters
from tests import world as w
from tests.rosters import headers, line
from workforce.importers.columns import HEADER


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
