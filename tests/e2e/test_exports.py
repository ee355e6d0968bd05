"""Taking a list out in the browser: the menu by keyboard, the filters of the moment, the reason, the printed page."""

import io
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from portal.core.audit.models import AuditEvent
from tests import factories
from tests import world as w
from tests.e2e.conftest import SOUND, shortcomings

pytestmark = pytest.mark.browser
LISTS = {
    "roster": "/roster/",
    "contracts": "/roster/contracts/",
    "certificates": "/roster/certificates/?show=lacking",
    "establishment": f"/positions/of/{w.STREET}/",
    "clear": "/exports/roster/",
}


def file_of(download) -> bytes:
    return Path(download.path()).read_bytes()


def test_lists_with_their_menus_open_are_sound(visit, live_world):
    page, found = visit(live_world.users.street, "/login/", bypass_csp=True), {}
    for name, address in LISTS.items():
        page.goto(address)
        if name != "clear":
            page.get_by_text("导出", exact=True).first.click()
        found[name] = shortcomings(page)
    assert found == dict.fromkeys(LISTS, SOUND)


def test_menu_works_by_keyboard_and_follows_the_filters_of_the_moment(visit, live_world):
    page = visit(live_world.users.street, "/roster/")
    page.get_by_label("姓名或拼音首字母").fill("孙夏")
    with page.expect_response(lambda response: "q=" in response.url):
        page.get_by_label("姓名或拼音首字母").press("Enter")
    page.wait_for_url("**q=**")
    page.locator("details.menu summary", has_text="导出").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    book = openpyxl.load_workbook(io.BytesIO(file_of(waiting.value)))
    assert [row[2] for row in book["花名册"].iter_rows(min_row=2, values_only=True)] == ["孙夏"]
    assert page.locator("details.menu[open]").count() == 0


def test_clear_numbers_are_sent_for_a_reason_as_often_as_asked(visit, live_world):
    page = visit(live_world.users.street, "/exports/roster/")
    page.get_by_role("button", name="导出").click()
    expect(page.get_by_text("请写明用途。").first).to_be_visible()
    page.get_by_label("用途").fill("年度核对")
    for _time in range(2):
        with page.expect_download() as waiting:
            page.get_by_role("button", name="导出").click()
        book = openpyxl.load_workbook(io.BytesIO(file_of(waiting.value)))
        assert "年度核对" in str([row for row in book["导出说明"].iter_rows(values_only=True)])
    assert AuditEvent.objects.filter(act="list_exported", reason="年度核对").count() == 2


def test_printed_list_repeats_its_head_and_says_who_when_and_under_which_filters(visit, live_world):
    for number in range(60):
        factories.worker(f"甲{number:02d}", w.SPRING)
    page = visit(live_world.users.street, "/roster/?status=counted")
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert printed.count(b"/Type /Page\n") >= 2 or printed.count(b"/Type /Page") > 2
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    head = page.locator(".print-head").inner_text()
    assert "打印人 street" in head
    assert "筛选条件: 状态 计入配备" in head
    shown = [
        name
        for name in (".topbar", ".sidenav", ".filters", ".pager .btn", ".acts")
        if page.locator(name).first.is_visible()
    ]
    assert shown == []
    assert " ".join(page.locator(".pager").inner_text().split()) == "第 1–50 条，共 65 条 第 1 / 2 页"
