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
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=services.chromium(), args=OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def live_world(transactional_db):
    """The world in a database that server, worker and test see alike."""
    return worlds.build()


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


def violations(page) -> list[str]:
    """What axe-core finds on the page as it stands, WCAG 2.2 AA with target-size on."""
    page.add_script_tag(content=AXE)
    return page.evaluate(
        """async (rules) => (await axe.run(document, {
            runOnly: rules, rules: {"target-size": {enabled: true}}
        })).violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(" ")).join(", ")}`)""",
        RULES,
    )


@pytest.fixture
def faults(visit):
    """`faults(user, "/findings/", width=390)`: what axe finds on a page, and by how many pixels it is too wide.

    Every reader keeps one window, so that only the first page of each is loaded from nothing.
    """
    windows = {}

    def found(user, address: str, *, width: int, language: str = "zh-hans") -> tuple[list[str], int]:
        reader = (user and user.pk, width, language)
        if reader in windows:
            windows[reader].goto(address)
        else:
            windows[reader] = visit(user, address, width=width, language=language, bypass_csp=True)
        page = windows[reader]
        return violations(page), page.evaluate("document.documentElement.scrollWidth - innerWidth")

    return found
