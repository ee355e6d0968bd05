"""Promises and the task ledger in a real browser: wide and on a phone without a violation; many reports by keyboard."""

from datetime import timedelta

import pytest

from portal.core.lib.clock import today
from proposals.models import LedgerReport
from tests import world as w
from tests.proposals import cases, promised

pytestmark = pytest.mark.browser

PAGES = {
    "promises": ("office", "/proposals/promises/"),
    "promises none": ("co_officer", "/proposals/promises/"),
    "promise": ("office", "/proposals/promises/{promise}/"),
    "promise new": ("lead_officer", "/proposals/promises/of/{handling}/new/"),
    "promise progress": ("lead_officer", "/proposals/promises/{promise}/progress/"),
    "ledger": ("office", "/ledger/"),
    "ledger none": ("office", "/ledger/?year={year}"),
    "ledger new": ("office", "/ledger/new/"),
    "task": ("leader", "/ledger/{task}/"),
    "strike": ("leader", "/ledger/{task}/strike/"),
    "quick": ("office", "/ledger/reports/{month}/"),
}


def month() -> str:
    return f"{today().replace(day=1) - timedelta(days=1):%Y-%m}"


def records() -> dict:
    """A promise of two years and a ledger with a task that is to be struck off."""
    people = cases.people()
    handling = promised.answered()
    old = promised.row(handling, today().year - 1, state="rolled", ended_on=today().replace(month=1, day=1))
    held = promised.row(handling, today().year, rolled_from=old)
    held.steps.create(on=today(), words="已招聘20名", percent=100, entered_by=people.lead_officer)
    year = int(month()[:4])  # the reports of the last month are owed by its year's list
    task = promised.task(by=people.office, year=year)
    task.state, task.evidence, task.asked_by, task.asked_on = "asked", "已签协议", people.office, today()
    task.save()
    promised.task(by=people.office, year=year, title="社会组织合作项目")
    return {"promise": held.pk, "handling": handling.pk, "task": task.pk, "month": month(), "year": today().year - 5}


def test_promise_and_ledger_pages(all_sound, live_world):
    keys, people = records(), cases.people()
    all_sound({name: (getattr(people, who), address.format(**keys)) for name, (who, address) in PAGES.items()})


def test_reports_of_a_month_are_entered_by_keyboard(visit, live_world):
    records()
    page = visit(cases.people().office, f"/ledger/reports/{month()}/")
    page.locator("textarea").first.focus()
    page.keyboard.type("推进顺利")
    page.keyboard.press("Tab")
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    page.get_by_text("报告 1 份").wait_for()
    assert list(LedgerReport.objects.values_list("task__division", "words", "percent")) == [
        (w.DISTRICT, "推进顺利", 40)
    ]
