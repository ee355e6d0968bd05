"""The portal by keyboard alone: no pointer is used in these tests."""

import pytest

from portal.core.findings.reconcile import reconcile
from portal.registry import INSPECTIONS
from tests import factories
from tests import world as w

pytestmark = pytest.mark.browser


def test_log_in_and_drill_down(visit, live_world):
    page = visit(None, "/login/")
    page.locator("#id_username").focus()
    page.keyboard.type("district")
    page.keyboard.press("Tab")
    page.keyboard.type(factories.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login/" not in address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for key in "gd":
        page.keyboard.press(key)
    page.wait_for_url(f"**/divisions/{w.DISTRICT}/")


def test_search_and_findings(visit, live_world):
    reconcile(inspection=INSPECTIONS["staffing"], on=live_world.today, by=None)
    page = visit(live_world.users.district, "/")
    page.keyboard.press("/")
    page.keyboard.type("cfs")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    assert "春风社区" in page.locator("main").inner_text()
    for key in "gf":
        page.keyboard.press(key)
    page.wait_for_url("**/findings/")
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_worker_is_added_by_form(visit, live_world):
    page = visit(live_world.users.street, "/roster/new/")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.matches(':focus-visible')")
    assert focused
    page.locator("main form button.btn-primary").focus()
    page.keyboard.press("Enter")
    summary = page.locator(".error-summary")
    summary.wait_for()
    assert page.evaluate("document.activeElement.className") == "error-summary"


def test_filter_of_a_list_on_a_phone(visit, live_world):
    """All but the search wait behind one button; what is chosen stands as chips, also after the list was exchanged."""
    page = visit(live_world.users.street, "/roster/contracts/", width=390)
    fold, chips = page.locator("main .fold"), page.locator(".chosen .chip")
    assert not page.locator("#id_show").is_visible()
    fold.locator("summary").press("Enter")
    with page.expect_response(lambda answer: "show=none" in answer.url):
        page.locator("#id_show").select_option("none")
    assert [chip.inner_text().split("\n")[0] for chip in chips.all()] == ["合同情况：没有合同"]
    assert (fold.get_attribute("open"), page.locator("[data-chosen-count]").inner_text()) == ("", "1")
    page.locator("#id_show").press("Escape")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    with page.expect_response(lambda answer: "show=&" in answer.url):
        chips.first.press("Enter")
    assert chips.count() == 0
