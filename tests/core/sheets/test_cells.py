"""Rows of the grid as the content of an import: what goes in comes out, as a sheet that the check can read."""

from portal.core.sheets.cells import to_bytes, to_grid
from portal.core.sheets.headers import find_header
from workforce.importers.columns import COLUMNS

HEADERS = [column.header for column in COLUMNS]


def test_rows_come_back_under_their_numbers_with_the_header_above():
    content = to_bytes(["姓名", "身份证号"], [(3, ["𠮷田·䶮", "1"]), (17, ["", '=1+1\t"x"\n'])])
    grid = to_grid(content)
    assert [(row.number, row.cells) for row in grid.rows] == [
        (0, ["姓名", "身份证号"]),
        (3, ["𠮷田·䶮", "1"]),
        (17, ["", '=1+1\t"x"\n']),
    ]
    assert (grid.width, grid.kind, grid.epoch_1904, grid.template) == (2, "grid", False, "")


def test_the_same_rows_make_the_same_bytes():
    rows = [(1, ["甲", "乙"]), (2, ["丙", ""])]
    assert to_bytes(["姓名", "职务"], rows) == to_bytes(["姓名", "职务"], iter(rows))


def test_the_header_is_found_though_the_first_row_repeats_its_words():
    words = ["社区", "社区", "姓名", *[""] * (len(HEADERS) - 3)]
    layout, errors = find_header(to_grid(to_bytes(HEADERS, [(1, words), (2, words)])), COLUMNS)
    assert errors == []
    assert (layout.header_row, [row.number for row in layout.rows]) == (0, [1, 2])


def test_no_rows_leave_the_header_alone():
    assert [row.number for row in to_grid(to_bytes(HEADERS, [])).rows] == [0]
