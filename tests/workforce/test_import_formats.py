"""The forms in which offices keep their rosters, through the whole check: every one gives the same people and days."""

import io
import struct
from datetime import date

import openpyxl
import pytest
import xlsxwriter

from portal.core.lib.identity import synthetic
from portal.core.sheets.reading import read_sheet
from tests import rosters
from tests import world as w
from tests.core.sheets import makers
from tests.rosters import headers, line
from workforce.importers.columns import HEADER

RARE = ("𠮷田龙", "赵䶮", "堃喆赟")


@pytest.fixture
def judge(world):
    def judged(content, name="名册.xlsx"):
        return rosters.judged(world.users.street, world.divisions[w.STREET], content, name)

    return judged


def days(batch) -> list[str]:
    """任职起始 of every new row."""
    return [
        change["new"]
        for row in batch.rows.filter(number__gt=0).order_by("number")
        for change in row.changes
        if change["key"] == "valid_from"
    ]


def book(cells, options=None, header_rows=None, **more) -> bytes:
    """One row of data as xlsx; `header_rows` in place of the usual header, `more` as `line`."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd", **(options or {})}) as made:
        sheet = made.add_worksheet("花名册")
        keys = headers([cells])
        for number, row in enumerate(header_rows or [[HEADER[key] for key in keys]]):
            sheet.write_row(number, 0, row)
        for position, key in enumerate(keys):
            sheet.write(len(header_rows or [0]), position, cells.get(key, ""))
    return out.getvalue()


ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with a mark": lambda text: text.encode("utf-8-sig"),
    "utf-16 le with a mark": lambda text: text.encode("utf-16"),
    "utf-16 be with a mark": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16 le": lambda text: text.encode("utf-16-le"),
    "utf-16 be": lambda text: text.encode("utf-16-be"),
    "gb18030": lambda text: text.encode("gb18030"),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_csv_in_every_encoding_gives_the_same_names(judge, encoding):
    text = rosters.as_csv([line(n, name=name) for n, name in enumerate(RARE, 1)]).decode("utf-8-sig")
    batch = judge(ENCODINGS[encoding](text), "名册.csv")
    assert (batch.state, batch.counts["new"]) == ("judged", 3)
    assert list(batch.rows.filter(number__gt=0).order_by("number").values_list("label", flat=True)) == list(RARE)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_with_every_separator_gives_the_same(judge, separator):
    text = rosters.as_csv([line(1)]).decode("utf-8-sig").replace(",", separator)
    assert judge(text.encode("utf-16-le"), "名册.csv").counts["new"] == 1


def xls(rows: list[list[object]], more: bytes = b"") -> bytes:
    texts: list[str] = []
    cells = b""
    for number, row in enumerate(rows):
        for position, cell in enumerate(row):
            if isinstance(cell, str) and cell:
                texts.append(cell)
                cells += makers.biff_text(number, position, len(texts) - 1)
            elif not isinstance(cell, str):
                cells += makers.biff_number(number, position, cell, style=1)
    return makers.ole(makers.biff(cells + more, texts=tuple(texts)))


def test_xls_gives_the_same(judge):
    cells = {**line(1, name=RARE[1]), "valid_from": 45717.0}
    keys = headers([cells])
    batch = judge(xls([[HEADER[key] for key in keys], [cells.get(key, "") for key in keys]]), "名册.xls")
    assert (batch.state, batch.rows.get(number=2).label, days(batch)) == ("judged", RARE[1], ["2025-03-01"])


@pytest.mark.parametrize(
    ("typed", "read", "noted"),
    [
        ("2025-03-01", "2025-03-01", []),
        ("2025/3/1", "2025-03-01", []),
        ("2025.3.1", "2025-03-01", []),
        ("2025.03", "2025-03-01", ["month_only"]),
        ("2025年3月", "2025-03-01", ["month_only"]),
        ("2025年3月1日", "2025-03-01", []),
        ("２０２５年３月１日", "2025-03-01", []),
        ("　2025 年 3 月 1 日 ", "2025-03-01", []),
        ("20250301", "2025-03-01", []),
        ("202503", "2025-03-01", ["month_only"]),
        ("2025-03-01 00:00:00", "2025-03-01", []),
        ("45717", "2025-03-01", ["day_count"]),
        (45717, "2025-03-01", ["day_count"]),
        (20250301, "2025-03-01", []),
        (2025.03, "2025-03-01", ["month_only"]),
        (date(2025, 3, 1), "2025-03-01", []),
        ("'2025-03-01", "2025-03-01", []),
    ],
)
def test_day_in_every_usual_form_is_read(judge, typed, read, noted):
    batch = judge(book(line(1, valid_from=typed, contract_kind=None, contract_from=None, party=None)))
    assert rosters.errors(batch) == []
    assert days(batch) == [read]
    assert [code for _row, _column, code in rosters.warnings(batch)] == noted


@pytest.mark.parametrize("typed", [44255, date(2025, 3, 1)], ids=["number", "date"])
def test_days_of_the_1904_system_are_read_by_it(judge, typed):
    """45717 of the 1900 system is 44255 of the one that begins in 1904."""
    cells = line(1, valid_from=typed, contract_kind=None, contract_from=None, party=None)
    assert days(judge(book(cells, {"date_1904": True}))) == ["2025-03-01"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2025.1", "date_ambiguous_month"),
        ("25-3-1", "date_two_digit_year"),
        ("3/1/2025", "date_year_last"),
        ("2025-13-01", "date_swapped"),
        ("2025-02-29", "date_no_such_day"),
        ("去年三月", "date_unreadable"),
        ("2025", "date_year_only"),
    ],
)
def test_day_with_two_meanings_is_refused(judge, typed, code):
    batch = judge(book(line(1, valid_from=typed, contract_kind=None, contract_from=None, party=None)))
    assert rosters.errors(batch) == [(2, "任职起始", code)]


def with_x() -> str:
    return next(number for seq in range(1, 99) if (number := rosters.number(seq)).endswith("X"))


WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda number: number.translate(WIDE),
        lambda number: f"'{number}",
        lambda number: f" {number[:6]} {number[6:14]} {number[14:]}\u3000",
        lambda number: f"\u200b{number}\ufeff",
    ],
    ids=["lower case", "full width", "apostrophe", "spaces", "invisible"],
)
def test_id_number_in_every_usual_form_is_one_person(judge, world, write):
    number = with_x()
    rosters.applied(world.users.street, world.divisions[w.STREET], [line(1, id_number=number)])
    batch = judge(book(line(1, id_number=write(number))))
    assert (rosters.errors(batch), batch.counts["unchanged"]) == ([], 1)


def test_id_number_that_a_spreadsheet_made_a_number_of_is_refused(judge):
    batch = judge(book(line(1, id_number=float(rosters.number(1)[:17]) * 10)))
    assert rosters.errors(batch) == [(2, "身份证号", "id_destroyed")]


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("tier", "　工作 人员 "),
        ("body", "社区工作站\u3000"),
        ("entry", " 聘用"),
        ("grade", "５"),
        ("phone", "１３８ ００１３ ８０００"),
        ("code", f"'{w.SPRING}"),
        ("code", f" {w.SPRING}000000"[:13]),
    ],
)
def test_full_width_and_stray_spaces_do_not_matter(judge, key, typed):
    if key == "tier":
        typed = typed.replace(" ", "")
    assert rosters.errors(judge(book(line(1, **{key: typed})))) == []


def test_merged_two_row_header_under_two_titles_is_read(judge):
    cells = line(1)
    keys = headers([cells])
    upper = ["合同" if HEADER[key] == "合同起始" else "" if HEADER[key] == "合同类型" else HEADER[key] for key in keys]
    first = keys.index("contract_kind")
    upper[first] = "合同"
    upper[first + 1] = ""
    lower = [HEADER[key].removeprefix("合同") if key.startswith("contract") else "" for key in keys]
    titles = [["一号街道社区工作者花名册"], ["填报单位：一号街道办事处", "", "日期：2026年11月"]]
    batch = judge(book(cells, header_rows=[*titles, upper, lower]))
    assert (batch.state, batch.counts["new"], batch.rows.get(number=5).label) == ("judged", 1, cells["name"])


def test_numbers_of_the_1900_system_are_those_of_excel():
    """The serials that Excel itself writes around the day that never was."""
    data = makers.xlsx(
        makers.row(1, *(makers.cell(f"{letter}1", n, style="1") for letter, n in zip("AB", (59, 61), strict=True)))
    )
    assert read_sheet(data, "a.xlsx").rows[0].cells == [date(1900, 2, 28), date(1900, 3, 1)]


def test_bare_utf_16_is_not_seen_where_there_is_none():
    from portal.core.sheets.csvtext import bare_utf16  # noqa: PLC0415

    assert bare_utf16("姓名,职务\n张三,书记".encode()) == ""
    assert bare_utf16(struct.pack("<64H", *range(0, 640, 10))) == ""
    assert bare_utf16("姓名,职务\n张三,书记\n".encode("utf-16-be")) == "utf-16-be"


def merged_book(lines: list[dict], *spans: tuple[int, int, str], far: bool = False) -> bytes:
    """Lines under their header, with cells merged downwards: from row, to row (as Excel counts them), column key.

    `far` puts a formatted cell far away, for which the sheet is read in another way.
    """
    keys = headers(lines)
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append([HEADER[key] for key in keys])
    for cells in lines:
        sheet.append([cells.get(key) for key in keys])
    for first, last, key in spans:
        column = keys.index(key) + 1
        sheet.merge_cells(start_row=first, end_row=last, start_column=column, end_column=column)
    if far:
        sheet.cell(1_000_000, 1).value = " "
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("far", [False, True], ids=["near", "far"])
def test_a_cell_merged_downwards_counts_for_every_row_that_it_covers(judge, far):
    """As offices write a community beside all its people, and one person beside two certificates."""
    lines = [line(1), line(2), line(3, level="助理社会工作师", number="A1", obtained_on="2020-06-01")]
    lines.append({"level": "社会工作师", "number": "B1", "obtained_on": "2022-06-01"})
    shared = [key for key in lines[2] if key not in ("code", "level", "number", "obtained_on")]
    content = merged_book(lines, (2, 5, "code"), *((4, 5, key) for key in shared), far=far)
    batch = judge(content)
    assert (rosters.errors(batch), batch.counts["new"], batch.counts["people"]) == ([], 3, 3)
    assert [change["new"] for change in batch.rows.get(number=5).changes] == ["social_worker", "B1", "2022-06-01"]


def test_cells_merged_in_an_old_workbook_count_alike(judge):
    lines = [line(1), {**line(2), "code": ""}]
    keys = headers(lines)
    made = [[HEADER[key] for key in keys], *([cells.get(key, "") for key in keys] for cells in lines)]
    merged = makers.record(0xE5, struct.pack("<HHHHH", 1, 1, 2, keys.index("code"), keys.index("code")))
    batch = judge(xls(made, merged), "名册.xls")
    assert (rosters.errors(batch), batch.counts["new"]) == ([], 2)


def test_remark_over_several_lines_stays_one_row_and_sideways_is_as_it_was(judge):
    """What stands below the roster is told once; a value merged over two columns is the first column's."""
    lines = [line(1), line(2), {"code": "制表说明"}]
    keys = headers(lines)
    book = openpyxl.load_workbook(io.BytesIO(merged_book(lines)))
    book.active.merge_cells("A4:C6")
    book.active.merge_cells(start_row=2, end_row=2, start_column=keys.index("entry") + 1, end_column=len(keys))
    out = io.BytesIO()
    book.save(out)
    batch = judge(out.getvalue())
    assert {row for row, _column, _code in rosters.errors(batch)} == {2, 4}
    assert (2, "任职起始", "required") in rosters.errors(batch)


BORN_IN_OCTOBER = synthetic(date(1980, 10, 25), 12)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (1980.1, []),
        ("1980.1", []),
        ("1980.10", []),
        ("1980年10月", []),
        ("1980.11", ["birth_contradicts"]),
        (1981.1, ["date_ambiguous_month"]),
    ],
)
def test_month_of_birth_is_enough_beside_the_id_number(judge, typed, told):
    """As offices write 出生年月; a spreadsheet makes 1980.1 of 1980.10."""
    batch = judge(book(line(1, id_number=BORN_IN_OCTOBER, birth_date=typed)))
    assert [code for _row, _column, code in rosters.errors(batch)] == told
    assert told or "month_only" not in [code for _row, _column, code in rosters.warnings(batch)]


def test_month_that_has_two_meanings_is_refused_of_somebody_born_in_another(judge):
    batch = judge(book(line(1, birth_date="1991.1")))
    assert rosters.errors(batch) == [(2, "出生日期", "date_ambiguous_month")]


def test_numbers_that_another_system_wrote_as_formulas_of_text_are_read(judge):
    """="1199..." in a CSV keeps Excel from making a number of it."""
    text = rosters.as_csv([line(1)]).decode("utf-8-sig")
    for number in (line(1)["id_number"], w.SPRING):
        text = text.replace(number, f'="{number}"')
    batch = judge(text.encode("gb18030"), "名册.csv")
    assert (rosters.errors(batch), batch.counts["new"]) == ([], 1)
