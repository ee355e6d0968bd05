"""A block that an office copies out of its own workbook: titles, a header over two rows, merged cells, its own names."""

from html import escape

import pytest
from playwright.sync_api import expect

from portal.core.sheets.models import ColumnMapping
from tests import world as w
from tests.e2e.test_grid_story import line, opened, saved

pytestmark = [pytest.mark.browser]

UPPER = [
    "序号",
    "社区代码",
    "姓名",
    "身份证号码",
    "岗位层级",
    "任职机构",
    "职务",
    "任职方式",
    "任职",
    "合同",
    "",
    "",
    "干部类别",
    "备注",
]
LOWER = ["", "", "", "", "", "", "", "", "起始", "类型", "起始", "单位", "", ""]


def row(number: int, **cells) -> list[str]:
    keys = [
        "code",
        "name",
        "id_number",
        "tier",
        "body",
        "title",
        "entry",
        "valid_from",
        "contract_kind",
        "contract_from",
    ]
    found = line(number, **cells)
    return [str(number), *(found[key] for key in keys), "一号街道办事处", "甲类", ""]


def copy(page, rows: list[list[str]], tall: dict[tuple[int, int], int]) -> None:
    """Puts a block on the clipboard as Excel does; `tall` tells over how many rows a cell is merged."""
    covered = {(at + down, across) for (at, across), rows in tall.items() for down in range(1, rows)}
    lines = [
        "".join(
            f'<td rowspan="{tall.get((at, across), 1)}">{escape(cell)}</td>'
            for across, cell in enumerate(cells)
            if (at, across) not in covered
        )
        for at, cells in enumerate(rows)
    ]
    page.evaluate(
        """([text, html]) => navigator.clipboard.write([new ClipboardItem({
            "text/plain": new Blob([text], {type: "text/plain"}), "text/html": new Blob([html], {type: "text/html"})})])""",
        [
            "".join("\t".join(cells) + "\r\n" for cells in rows),
            f"<table>{''.join(f'<tr>{one}</tr>' for one in lines)}</table>",
        ],
    )
    page.keyboard.press("Control+v")


def test_block_with_titles_and_a_header_over_two_rows_goes_by_its_header(visit, live_world):
    street = live_world.divisions[w.STREET]
    for header, key in (("干部类别", ""), ("合同单位", "party")):
        ColumnMapping.objects.create(kind="roster", division=street, header=header, key=key)
    page = opened(visit, live_world)
    title = ["一号街道社区工作者花名册", *[""] * 13]
    body = [row(2), row(4, code=""), ["3", *[""] * 13], ["合计：2 人", *[""] * 13]]
    copy(page, [title, ["", *[""] * 13], UPPER, LOWER, *body], {(2, 2): 2, (4, 1): 2, (6, 13): 2})
    said = page.get_by_text("认出表头，已按列名粘贴 2 行，从第 9 行起。 没有对应的列，未粘贴：备注。").first
    said.wait_for()
    for at, number in ((8, 2), (9, 4)):
        cells = page.locator(".tabulator-row").nth(at)
        expect(cells.locator("[tabulator-field=code] .grid-text")).to_have_text(w.SPRING)
        expect(cells.locator("[tabulator-field=name] .grid-text")).to_have_text(line(number)["name"])
    page.locator(".tabulator-row").nth(8).click()
    page.keyboard.press("Control+End")
    expect(page.get_by_text("已录入 2 行")).to_be_visible()
    assert page.get_by_text("处要改").is_hidden()
    saved(page)
    page.get_by_role("button", name="检查").click()
    page.get_by_text("应用后：新增 2 个任职（其中新录入 2 人）。").wait_for()
