"""A street pastes 200 rows from Excel, mends five, checks, applies, takes the batch back; and the grid's other manners."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from portal.core.lib.identity import synthetic
from portal.core.sheets.models import SheetDraft
from tests import world as w
from tests.e2e.conftest import too_wide, violations
from workforce.importers.columns import COLUMNS
from workforce.models import Appointment, Person

pytestmark = [pytest.mark.browser, pytest.mark.redis]

GRID = f"/roster/grid/{w.STREET}/"
KEYS = [column.key for column in COLUMNS]
HEADERS = [column.header for column in COLUMNS]


def line(number: int, **cells) -> dict[str, str]:
    """A row as an office keeps it: dates with slashes, the community by its code."""
    seq = number % 400 + 1
    return {
        "code": (w.SPRING, w.SUMMER)[number % 2],
        "name": "新" + "一二三四五六七八九十"[number % 10] + "甲乙丙丁戊己庚辛壬癸"[number // 10 % 10],
        "id_number": synthetic(date(1985, 1, 1) + timedelta(days=number), seq),
        "sex": "男" if seq % 2 else "女",
        "education": "本科",
        "phone": f"138{number:08}",
        "tier": "工作人员",
        "grade": "5",
        "body": "社区工作站",
        "title": "工作人员",
        "entry": "聘用",
        "valid_from": "2025/3/1",
        "party": "一号街道办事处",
        "contract_kind": "劳动合同",
        "contract_from": "2025/3/1",
    } | cells


def copied(lines: list[dict], *, header: bool = True) -> str:
    """What Excel puts on the clipboard."""
    rows = [[cells.get(key, "") for key in KEYS] for cells in lines]
    return "".join("\t".join(cells) + "\r\n" for cells in ([HEADERS] if header else []) + rows)


def faulty() -> list[dict]:
    """200 rows, five of them with one fault each."""
    lines = [line(number) for number in range(200)]
    right = lines[3]["id_number"]
    lines[3]["id_number"] = right[:17] + ("0" if right[17] != "0" else "1")
    lines[10]["valid_from"] = "2025.13.1"
    lines[11]["grade"] = "19"
    lines[50]["tier"] = "副主任"
    lines[120]["phone"] = "1380000"
    return lines


MENDED = ["{id}", "2025-03-01", "5", "副职", "13800000120"]


def opened(visit, world, **more):
    page = visit(world.users.street, GRID, **more)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".tabulator-row").first.wait_for()
    return page


def paste(page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def saved(page) -> None:
    """Nothing is on its way to the server any more."""
    page.locator("[data-part=draft][data-state=saved]").wait_for()


def test_paste_mend_check_apply_and_take_back(visit, live_world, worker):
    page = opened(visit, live_world)
    paste(page, copied(faulty()))
    page.get_by_role("button", name="5 处要改").wait_for()
    for mended in MENDED:
        page.keyboard.press("F8")
        page.keyboard.type(mended.format(id=line(3)["id_number"]))
        page.keyboard.press("Enter")
    saved(page)
    assert SheetDraft.objects.get().rows == 200

    page.get_by_role("button", name="检查").click()
    page.get_by_text("应用后：新增 200 个任职（其中新录入 200 人）。").wait_for()
    assert Person.objects.filter(name__startswith="新").count() == 0
    page.get_by_role("button", name="应用 200 行").click()
    page.wait_for_url("**/imports/*/")
    page.get_by_role("button", name="应用到名册").click()
    page.get_by_text("已应用").first.wait_for(timeout=30_000)
    assert Appointment.objects.filter(person__name__startswith="新").count() == 200

    imported = page.url
    page.goto(GRID)
    page.locator(".tabulator-row").first.wait_for()
    page.get_by_role("option", name="一号街道（208 个任职）").wait_for(state="attached")
    assert page.locator("[data-part=offer]").is_hidden()

    page.goto(imported)
    page.get_by_role("link", name="撤销这次导入").click()
    page.get_by_role("button", name="全部撤销").click()
    page.get_by_text("已撤销").first.wait_for(timeout=30_000)
    assert Appointment.objects.filter(person__name__startswith="新").count() == 0


def test_keys_go_as_in_a_spreadsheet(visit, live_world):
    page = opened(visit, live_world)
    paste(page, copied([line(0), line(1)]))
    said = page.locator("[data-part=message]")
    page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("第 10 行 社区代码")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("王小明")
    page.keyboard.press("ArrowUp")
    expect(said).to_contain_text("第 9 行 姓名")
    page.keyboard.press("F2")
    page.keyboard.type("乙")
    page.keyboard.press("Enter")
    names = page.locator(".tabulator-row .tabulator-cell[tabulator-field=name] .grid-text")
    expect(names.nth(8)).to_have_text("新一甲乙")
    expect(names.nth(9)).to_have_text("王小明")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(names.nth(8)).to_have_text("新一甲")
    expect(names.nth(9)).to_have_text("新二甲")
    page.keyboard.press("Control+y")
    expect(names.nth(9)).to_have_text("王小明")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Control+c")
    clipboard = page.evaluate("navigator.clipboard.readText()").replace("\r\n", "\n")
    assert clipboard == f"{w.SPRING}\t春风社区\n{w.SPRING}\t春风社区"
    page.keyboard.press("Delete")
    page.get_by_text("4 个单元格是已登记的内容，没有改动。").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    saved(page)


def test_choices_open_as_a_list_and_a_community_brings_its_code(visit, live_world):
    page = opened(visit, live_world)
    for _step in range(8):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("夏")
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("option", name="夏雨社区", exact=True).get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    row = page.locator(".tabulator-row").nth(8)
    expect(row.locator("[tabulator-field=code] .grid-text")).to_have_text(w.SUMMER)
    row.get_by_text("必填").first.wait_for()
    saved(page)


def test_cells_of_several_lines_and_quotes_come_in_whole(visit, live_world):
    page = opened(visit, live_world)
    for _step in range(8):
        page.keyboard.press("ArrowDown")
    paste(page, f'{w.SPRING}\t\t"新一\n甲"\t{line(0)["id_number"]}\t\t\t\t\t\t\t"社会""工作"""\r\n')
    row = page.locator(".tabulator-row").nth(8)
    expect(row.locator("[tabulator-field=name] .grid-text")).to_have_text("新一 甲")
    assert row.locator("[tabulator-field=major] .grid-text").text_content() == '社会"工作"'
    saved(page)


def test_draft_is_offered_and_taken_up(visit, live_world):
    page = opened(visit, live_world)
    paste(page, copied([line(0), line(1, grade="19")]))
    saved(page)
    page.goto(GRID)
    page.get_by_role("button", name="（2 行）").click()
    page.get_by_text("已录入 2 行").wait_for()
    said, names = page.locator("[data-part=message]"), page.locator(".tabulator-row [tabulator-field=name] .grid-text")
    expect(said).to_contain_text("第 9 行 社区代码")
    expect(names.nth(8)).to_have_text("新一甲")
    expect(names.nth(9)).to_have_text("新二甲")
    page.keyboard.press("F8")
    expect(said).to_contain_text("第 10 行 岗位等级")
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    page.get_by_text("处要改").wait_for(state="hidden")
    saved(page)
    page.goto(GRID)
    page.get_by_role("button", name="放弃").click()
    page.get_by_text("放弃后这 2 行不能恢复。再按一次放弃。").wait_for()
    page.get_by_role("button", name="放弃").click()
    page.get_by_text("还没有改动").wait_for()
    assert SheetDraft.objects.count() == 0


def test_draft_that_could_not_be_saved_is_tried_again_without_another_key(visit, live_world):
    page = opened(visit, live_world)
    page.route("**/draft/", lambda route: route.fulfill(status=401))  # the session is over, and renewed elsewhere
    page.clock.install()
    paste(page, copied([line(0)]))
    page.clock.run_for(3_000)
    page.locator("[data-part=draft][data-state=failed]").wait_for()
    assert SheetDraft.objects.count() == 0
    page.unroute("**/draft/")
    page.clock.run_for(16_000)
    saved(page)
    assert SheetDraft.objects.get().rows == 1


def test_work_in_the_grid_after_escape_keeps_tab_in_it(visit, live_world):
    page = opened(visit, live_world)
    paste(page, copied([line(0)]))
    focused = "document.activeElement.tagName"
    for key in ("Escape", "ArrowDown", "Tab"):
        page.keyboard.press(key)
    assert page.evaluate(focused) == "INPUT"
    for key in ("Escape", "Tab"):
        page.keyboard.press(key)
    assert page.evaluate(focused) != "INPUT"
    saved(page)


def test_two_people_see_each_other_and_both_versions(visit, live_world):
    person = live_world.people["钱风"]
    page = opened(visit, live_world)
    for _step in range(3):
        page.keyboard.press("ArrowDown")
    for _step in range(8):
        page.keyboard.press("Tab")
    page.keyboard.type("本科")
    page.keyboard.press("Enter")
    Person.objects.filter(pk=person.pk).update(education="大专", major="法学", version=person.version + 1)
    page.get_by_role("button", name="检查").click()
    page.get_by_role("heading", name="有人同时改过").wait_for()
    versions = [" ".join(text.split()) for text in page.locator(".grid-versions tbody tr").all_inner_texts()]
    assert versions == ["学历 本科 大专", "专业 法学 法学"]
    page.get_by_role("button", name="用我的").click()
    page.get_by_role("button", name="检查").click()
    page.get_by_text("应用后：更改 1 行已有内容。").wait_for()
    expect(page.locator("[data-part=change-list]")).to_contain_text("学历 大专 → 本科")
    saved(page)


@pytest.mark.parametrize(("width", "language"), [(1280, "zh-hans"), (390, "en")])
def test_grid_is_clean_and_fits(visit, live_world, width, language):
    """Loaded for each width: the sheet takes its measures when it is opened."""
    page = opened(visit, live_world, width=width, language=language, bypass_csp=True)
    paste(page, copied(faulty()[:60]))
    page.keyboard.press("F8")
    page.locator(".grid-list .error").first.wait_for()
    saved(page)
    assert (violations(page), too_wide(page)) == ([], 0)
