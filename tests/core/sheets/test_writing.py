"""Sheets we write: nothing in them runs, and our reader takes every text back as it was."""

import io
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.core.sheets import reading, writing
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.reading import Row
from portal.core.sheets.writing import Sheet

DANGEROUS = tuple("=+-@\t\r\0＝＋－＠")
PAYLOADS = [
    *(sign + rest for sign in DANGEROUS for rest in ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://a","b")', "")),
    " =1+1", "\n=1+1", "'=1+1", "''=1+1", "\t\t@SUM(A1)", "=\n1", '"=1+1"', "-2+3+cmd", "@SUM(1+9)*cmd|' /C'!A0",
]  # fmt: skip
TEXT = Column("text", "内容")
MORNING = datetime.fromisoformat("2021-06-03T08:30")  # naive, as everything in a spreadsheet
TWO = (TEXT, Column("other", "其他"))


def xlsx(rows: list[list[object]], columns=TWO, title: str = "S") -> bytes:
    target = io.BytesIO()
    writing.write_xlsx(target, [Sheet(title, columns, rows)])
    return target.getvalue()


def csv_of(rows: list[list[object]]) -> bytes:
    return "".join(writing.csv_lines(rows)).encode()


def test_payloads_are_more_than_forty():
    assert len(PAYLOADS) > 40


def test_xlsx_holds_no_formula_and_no_cell_that_begins_like_one():
    book = openpyxl.load_workbook(io.BytesIO(xlsx([[payload, "x"] for payload in PAYLOADS])))
    cells = [row[0] for row in book["S"].iter_rows(min_row=2)]
    assert len(cells) == len(PAYLOADS)
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert [cell.value for cell in cells if str(cell.value).lstrip().startswith(DANGEROUS)] == []
    assert [cell for cell in cells if cell.hyperlink] == []


def test_csv_holds_no_cell_that_begins_like_a_formula():
    text = csv_of([[payload, "x"] for payload in PAYLOADS]).decode("utf-8-sig")
    starts = [line for line in text.split('"x"\r\n') if line]
    assert len(starts) == len(PAYLOADS)
    assert all(line.startswith('"') and not line[1:].lstrip().startswith(DANGEROUS) for line in starts)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_payloads_come_back_as_they_were(form):
    rows = [[payload, "x"] for payload in PAYLOADS]
    data = xlsx(rows) if form == "xlsx" else csv_of([["内容", "其他"], *rows])
    grid = reading.read_sheet(data, f"a.{form}")
    expected = [payload.replace("\0", "") for payload in PAYLOADS]
    assert [row.cells[0] for row in grid.rows[1:]] == expected


TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"), max_size=20)


@given(st.lists(TYPED, min_size=1, max_size=8))
@example(["\x1e;", "\x1e;"])
@example([";\n;", ";\n;"])
def test_any_text_comes_back_from_csv(texts):
    grid = reading.read_sheet(csv_of([["头", "x"], *([text, "x"] for text in texts)]), "a.csv")
    assert [row.cells[0] for row in grid.rows[1:]] == texts


@given(st.lists(TYPED, min_size=1, max_size=8))
def test_any_text_comes_back_from_xlsx(texts):
    grid = reading.read_sheet(xlsx([[text, "x"] for text in texts]), "a.xlsx")
    assert [row.cells[0] for row in grid.rows[1:]] == texts


def test_xlsx_types_and_formats_are_those_of_the_columns():
    columns = (TEXT, Column("day", "日期", kind=Kind.DATE), Column("count", "人数", kind=Kind.NUMBER))
    rows = [["011", date(2021, 6, 3), 5], ["", None, Decimal("17.99")], [True, MORNING, 10**17]]
    data = xlsx(rows, columns)
    assert reading.read_sheet(data, "a.xlsx").rows[1:] == [
        Row(2, ["011", date(2021, 6, 3), 5.0]),
        Row(3, ["", "", 17.99]),
        Row(4, [True, MORNING, "100000000000000000"]),
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(data))["S"]
    assert [sheet[place].number_format for place in ("A2", "B2", "C2")] == ["@", "yyyy-mm-dd", "General"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:C4")


def test_xlsx_of_several_sheets_has_permitted_names_and_counts_rows(tmp_path):
    sheets = [
        Sheet("街道/社区:[1]?", TWO, iter([["a", "b"]])),
        Sheet("", TWO, []),
        Sheet("长" * 40, TWO, [["c", "d"]] * 2),
    ]
    assert writing.write_xlsx(tmp_path / "a.xlsx", sheets) == 3
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["街道 社区  1", "Sheet1", "长" * 31]


def test_xlsx_text_longer_than_a_cell_is_cut_visibly():
    cells = reading.read_sheet(xlsx([["长" * 40_000, "x"]]), "a.xlsx").rows[1].cells
    assert len(cells[0]) == 32_767
    assert cells[0].endswith("…（已截断）")


def test_csv_starts_with_a_mark_and_writes_numbers_and_days_plainly():
    rows = [["甲", 5, -3.5, Decimal("17.99"), None, date(2021, 6, 3), MORNING, True, '他说"好"']]
    assert (
        csv_of(rows) == '\ufeff"甲",5,-3.5,17.99,"","2021-06-03","2021-06-03 08:30:00","TRUE","他说""好"""\r\n'.encode()
    )


def test_csv_of_many_rows_comes_in_pieces():
    pieces = list(writing.csv_lines([number] for number in range(1_200)))
    assert (pieces[0], len(pieces)) == ("\ufeff0\r\n", 4)
    assert "".join(pieces).splitlines()[-1] == "1199"


_EXPORT = """
import resource, sys
from portal.core.sheets.columns import Column
from portal.core.sheets.writing import Sheet, csv_lines, write_xlsx
columns = [Column(str(n), str(n)) for n in range(20)]
rows = lambda: ([f"row {r} column {c}" for c in range(20)] for r in range(10_000))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
write_xlsx(sys.argv[1], [Sheet("S", columns, rows())])
for _piece in csv_lines(rows()):
    pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_export_of_many_rows_needs_hardly_any_memory(tmp_path):
    root = Path(writing.__file__).parents[3]
    command = [sys.executable, "-c", _EXPORT, str(tmp_path / "a.xlsx")]
    grown = int(subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout)
    assert grown < 30
