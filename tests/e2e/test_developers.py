"""The page for developers in a browser: wide and narrow, and the copy button takes the example as it stands."""

import pytest

from portal.pages.developers import example
from tests.e2e.conftest import SOUND, shortcomings

pytestmark = pytest.mark.browser


def test_page_is_accessible(visit, live_world):
    page = visit(live_world.users.city, "/developers/", bypass_csp=True)
    page.evaluate("document.querySelectorAll('details.snippet').forEach((example) => { example.open = true; })")
    assert shortcomings(page) == SOUND


def test_example_is_copied_line_by_line(visit, live_world):
    page = visit(live_world.users.city, "/developers/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("section[aria-labelledby=pages] details", has_text="Python").locator("summary").click()
    page.click("[data-copy='#pages-python']")
    page.wait_for_function("document.querySelector(\"[data-copy='#pages-python'] span\").textContent !== '复制'")
    assert page.evaluate("navigator.clipboard.readText()") == example("pages", "py")
