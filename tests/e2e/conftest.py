"""A real Chromium against a real server; the strict content security policy stays on except where axe is injected."""

from pathlib import Path

import pytest
from celery.contrib.testing.worker import start_worker
from playwright.sync_api import sync_playwright

from portal.celery import app
from tests import services
from tests import world as worlds

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.chromium(), args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def live_world(transactional_db):
    """The world in a database that server, worker and test see alike."""
    return worlds.again()


@pytest.fixture
def worker(transactional_db):
    """A Celery worker on the real broker."""
    with start_worker(app, pool="solo", perform_ping_check=False, loglevel="WARNING"):
        yield


@pytest.fixture
def visit(chromium, live_server, live_world, login):
    """`visit(user, "/findings/", width=390, language="en")` opens a page as that user; outside requests fail the test."""
    contexts, outside, problems = [], [], []

    def opened(user, address: str, *, width: int = 1280, language: str = "zh-hans", bypass_csp: bool = False):
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, bypass_csp=bypass_csp, locale="zh-CN"
        )
        contexts.append(context)
        if user is not None:
            session = login(user).cookies["session"].value
            context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
        context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page = context.new_page()
        page.on("request", lambda request: _note(request.url, outside))
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.goto(address)
        return page

    def _note(url: str, outside: list[str]) -> None:
        if not url.startswith((live_server.url, "data:")):
            outside.append(url)

    yield opened
    for context in contexts:
        context.close()
    assert outside == []
    assert [text for text in problems if "status of 4" not in text] == []


# What axe is asked: everything, and what alone can change when the same page is laid out anew.
EVERYTHING = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
LAYOUT = {
    "runOnly": {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "link-in-text-block"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
WIDE, PHONE = ({"width": width, "height": 900} for width in (1280, 390))
LAID_OUT = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))"


def violations(page, asked: dict = EVERYTHING) -> list[str]:
    """What axe-core finds on the page as it stands, WCAG 2.2 AA with target-size on."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(
        """async (asked) => (await axe.run(document, asked)).violations
            .map(v => `${v.id}: ${v.nodes.map(n => n.target.join(" ")).join(", ")}`)""",
        asked,
    )


def too_wide(page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def shortcomings(page) -> tuple[list[str], int, int]:
    """Of a page that stands in a wide window: what axe finds, and how much too wide it is there and on a phone.

    It is loaded once: on the phone it is laid out anew, and axe is asked only for what that can change.
    """
    found, wide = violations(page), too_wide(page)
    page.set_viewport_size(PHONE)
    page.evaluate(LAID_OUT)
    found += [f"on a phone {text}" for text in violations(page, LAYOUT)]
    narrow = too_wide(page)
    page.set_viewport_size(WIDE)
    return found, wide, narrow


SOUND = ([], 0, 0)


@pytest.fixture
def faults(visit):
    """`faults(user, "/findings/")`: the `shortcomings` of a page.

    Every reader keeps one window, so that only the first page of each is loaded from nothing.
    """
    windows = {}

    def found(user, address: str) -> tuple[list[str], int, int]:
        reader = user and user.pk
        if reader in windows:
            windows[reader].goto(address)
        else:
            windows[reader] = visit(user, address, bypass_csp=True)
        return shortcomings(windows[reader])

    return found


@pytest.fixture
def all_sound(faults):
    """`all_sound({"findings": (user, "/findings/")})` looks at every page and names those with a shortcoming."""

    def looked_at(pages: dict) -> None:
        found = {name: faults(user, address) for name, (user, address) in pages.items()}
        assert {name: result for name, result in found.items() if result != SOUND} == {}

    return looked_at
