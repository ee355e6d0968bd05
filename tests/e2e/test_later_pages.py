"""Pages of many people in a real browser: what comes after a page works as if it had come with it, and goes on by itself."""

import pytest

from portal.core.indicators import days
from tests import world as w
from tests.e2e.conftest import SOUND, shortcomings

pytestmark = pytest.mark.browser
PAST = "2026-10-31"


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch):
    monkeypatch.setattr(days, "PEOPLE_AT_ONCE", 5)


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("/roster/contracts/", "#contracts"),
        ("/roster/certificates/", "#people"),
        (f"/forecast/{w.CITY}/", ".what-if form"),
    ],
)
def test_rest_of_a_page_comes_by_itself_without_violation(visit, live_world, address, part):
    page = visit(live_world.users.city, address, bypass_csp=True)
    page.wait_for_selector(part)
    page.wait_for_function("!document.querySelector('.dash-wait, .htmx-request')")
    assert shortcomings(page) == SOUND


def test_list_that_came_later_is_filtered(visit, live_world):
    page = visit(live_world.users.city, "/roster/contracts/")
    page.wait_for_selector("#contracts tbody tr")
    everybody = page.locator("#contracts tbody tr").count()
    page.select_option("select[name=show]", "none")
    page.wait_for_url("**show=none**")
    page.wait_for_function(f"document.querySelectorAll('#contracts tbody tr').length < {everybody}")


def test_past_day_opens_by_itself_and_back_leads_before_it(visit, live_world):
    page = visit(live_world.users.city, f"/divisions/{w.CITY}/")
    page.goto(f"/divisions/{w.CITY}/?on={PAST}")
    page.wait_for_url("**whole=1")
    page.wait_for_selector(".sentence")
    page.go_back()
    page.wait_for_url(f"**/divisions/{w.CITY}/")
