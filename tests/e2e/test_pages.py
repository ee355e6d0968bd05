"""Every page, wide and narrow, some in English: no violation, nothing wider than the screen, nothing from outside."""

import pytest

from portal.core.findings.reconcile import reconcile
from portal.registry import INSPECTIONS
from tests import world as w
from tests.e2e.conftest import too_wide

pytestmark = pytest.mark.browser

PAGES = {
    "login": (None, "/login/"),
    "today city": ("city", "/"),
    "today street": ("street", "/"),
    "today auditor": ("auditor", "/"),
    "city": ("city", f"/divisions/{w.CITY}/"),
    "past day": ("city", f"/divisions/{w.CITY}/?on=2025-12-31"),
    "street": ("street", f"/divisions/{w.STREET}/"),
    "community": ("district", f"/divisions/{w.SPRING}/"),
    "no data": ("district", f"/divisions/{w.UNKNOWN}/"),
    "population": ("district", f"/divisions/{w.SPRING}/population/"),
    "uncounted": ("district", f"/divisions/{w.STREET}/uncounted/"),
    "forecast": ("city", f"/forecast/{w.CITY}/"),
    "forecast refused": ("district", f"/forecast/{w.DISTRICT}/?months=3"),
    "forecast people": ("street", f"/forecast/{w.STREET}/people/?show=gained"),
    "search": ("city", "/search/?q=春"),
    "roster": ("street", "/roster/"),
    "positions listed": ("city", f"/positions/of/{w.CITY}/?show=taken"),
    "positions taken": ("district", f"/roster/?place={w.DISTRICT}&status=position"),
    "payroll listed": ("district", f"/roster/payroll/?place={w.DISTRICT}&show=people"),
    "people trained": ("district", "/training/?show=persons"),
    "contracts": ("street", "/roster/contracts/?show=none"),
    "roster empty": ("street", "/roster/?q=没有这个人"),
    "worker": ("street", "/roster/{person}/"),
    "worker new": ("street", "/roster/new/"),
    "appointment edit": ("street", "/roster/{appointment}/edit/"),
    "appointment end": ("street", "/roster/{appointment}/end/"),
    "imports": ("street", "/imports/"),
    "import new": ("street", "/imports/new/"),
    "findings": ("district", "/findings/"),
    "findings empty": ("street", "/findings/?state=resolved"),
    "findings of a kind": ("district", "/findings/?kind=staffing&holder=below&due=90&state=active"),
    "runs": ("district", "/findings/runs/"),
    "supervisions": ("district", "/supervision/"),
    "supervision refused": ("district", "/supervision/new/"),
    "reports": ("district", "/reports/"),
    "reports below": ("city", "/reports/?scope=below&state=missing"),
    "report new": ("district", "/reports/new/"),
    "report settings": ("city", "/reports/settings/"),
    "webhooks": ("system_admin", "/webhooks/"),
    "webhook new": ("system_admin", "/webhooks/new/"),
    "calendar": ("system_admin", "/calendar/?start=2026-12-28&count=6"),
    "my notices": ("street", "/my/notices/"),
    "policies": ("city", "/policies/"),
    "policy new": ("city", f"/policies/staffing.per_population/new/?place={w.DISTRICT}"),
    "policy rows": ("city", f"/policies/pay.certificate_allowance/new/?place={w.DISTRICT}"),
    "what if": ("district", "/policies/staffing.per_population/what-if/?value_heads=20&value_per=10000"),
    "what if refused": ("street", "/policies/staffing.brackets/what-if/?value_rows_1_heads=3"),
    "accounts": ("system_admin", "/accounts/"),
    "account new": ("system_admin", "/accounts/new/"),
    "tokens": ("city", "/tokens/"),
    "developers": ("city", "/developers/"),
    "developers without a role": ("nobody", "/developers/"),
    "password": ("city", "/password/"),
    "audit": ("auditor", "/audit/"),
    "audit changes": ("auditor", "/audit/changes/"),
    "forbidden": ("community", "/audit/"),
    "not found": ("street", f"/divisions/{w.NEIGHBOUR}/"),
}


# Where English, whose words are longer, could burst a page: forms, filters, tables, figures.
IN_ENGLISH = (
    "login", "today street", "city", "community", "population", "uncounted", "forecast", "roster", "worker",
    "worker new", "import new", "findings", "supervisions", "report settings", "policies", "policy rows", "what if",
    "accounts", "account new", "audit",
)  # fmt: skip


def addresses(world, names) -> dict:
    """Who looks and where, by the name of a page."""
    person = world.people["钱风"]
    keys = {"person": person.pk, "appointment": person.appointments.get().pk}
    whose = {name: PAGES[name][0] for name in names}
    return {name: (who and getattr(world.users, who), PAGES[name][1].format(**keys)) for name, who in whose.items()}


@pytest.fixture
def inspected(live_world):
    for inspection in INSPECTIONS.values():
        reconcile(inspection=inspection, on=live_world.today, by=None)
    return live_world


def test_pages(all_sound, inspected):
    all_sound(addresses(inspected, PAGES))


def test_pages_fit_a_phone_in_english(visit, inspected):
    windows, found = {}, {}
    for name, (user, address) in addresses(inspected, IN_ENGLISH).items():
        page = windows.get(user) or visit(user, "/login/", width=390, language="en")
        windows[user] = page
        page.goto(address)
        found[name] = (page.locator("html").get_attribute("lang"), too_wide(page))
    assert found == dict.fromkeys(IN_ENGLISH, ("en", 0))


def test_pages_ask_nothing_that_the_policy_forbids(visit, live_world):
    """With the content security policy in force, no page logs an error (asserted by `visit`)."""
    for name in ("today street", "city", "community", "roster", "import new", "findings", "policies"):
        who, address = PAGES[name]
        page = visit(getattr(live_world.users, who), address)
        assert page.locator("h1").count() == 1
