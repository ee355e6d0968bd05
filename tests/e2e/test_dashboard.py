"""Dashboards in a real browser: drawn, readable by everybody, saved, printed, and asked for again when a part fails."""

import json
import struct
from datetime import timedelta

import pytest

from portal.core.findings.reconcile import reconcile
from portal.registry import INSPECTIONS
from tests import factories
from tests import world as w
from tests.e2e.conftest import SOUND, shortcomings
from workforce.models import Snapshot

pytestmark = pytest.mark.browser

SETTLED = """() => !document.querySelector('.dash-wait, .htmx-request')
    && [...document.querySelectorAll('[data-chart]')].every((figure) => figure.dataset.drawn)"""
COLOURS = """() => [...document.querySelectorAll('.plot-canvas canvas')].map((canvas) => {
    const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
    const found = new Set();
    for (let at = 0; at < data.length; at += 4) found.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    return found.size;
})"""


@pytest.fixture
def history(live_world):
    """Two month ends kept, a target to reach, findings: something for every part to show."""
    year = live_world.today.year
    factories.rule("certificate.share_target", {"percent": 90, "due": f"{year + 1}-12-31"}, w.CITY)
    last = live_world.today.replace(day=1) - timedelta(days=1)
    for on, workers in ((last.replace(day=1) - timedelta(days=1), 2), (last, 3)):
        for code in (w.CITY, w.DISTRICT, w.STREET):
            Snapshot.objects.create(
                division_id=code, on=on, workers=workers, certified=1, population=30_000, basis="urban_permanent",
                population_on=on,
            )  # fmt: skip
    for inspection in INSPECTIONS.values():
        reconcile(inspection=inspection, on=live_world.today, by=None)
    return live_world


def opened(visit, user, code: str, **options):
    page = visit(user, f"/divisions/{code}/", **options)
    page.wait_for_function(SETTLED)
    return page


@pytest.mark.parametrize(("theme", "language"), [("light", "zh-hans"), ("dark", "en")])
def test_dashboards_of_every_level_have_no_violation(visit, history, theme, language):
    found = {}
    for who, code in (("city", w.CITY), ("district", w.DISTRICT), ("street", w.STREET), ("street", w.SPRING)):
        page = visit(getattr(history.users, who), f"/divisions/{code}/", language=language, bypass_csp=True)
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(SETTLED)
        found[code] = (shortcomings(page), min(page.evaluate(COLOURS)) > 8)
    assert found == dict.fromkeys(found, (SOUND, True))


def test_every_table_shows_the_numbers_of_its_picture(visit, history):
    """With the content security policy in force: `visit` asserts that nothing was refused."""
    page = opened(visit, history.users.city, w.CITY)
    figures = page.locator("[data-chart]")
    assert figures.count() == 11
    for at in range(figures.count()):
        figure = figures.nth(at)
        data = json.loads(figure.get_attribute("data-chart"))
        cells = figure.locator("tbody tr").evaluate_all(
            "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim()))"
        )
        texts = [one["texts"] for one in data["series"]]
        assert cells == [[name, *words] for name, *words in zip(data["categories"], *texts, strict=True)]


def test_picture_is_saved_as_png_with_place_and_day_in_its_name(visit, history):
    page = opened(visit, history.users.city, w.CITY)
    with page.expect_download() as download:
        page.locator("#chart-heads [data-chart-save]").click()
    assert download.value.suggested_filename == f"在岗人数与应配人数 示例市 {history.today}.png"
    content = download.value.path().read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    assert width == 1920
    assert height > 800
    assert len(content) > 20_000


def test_on_paper_an_image_stands_for_the_canvas(visit, history):
    page = opened(visit, history.users.city, w.CITY)
    page.wait_for_function(
        "() => document.querySelectorAll('.plot-print').length === document.querySelectorAll('[data-chart]').length"
    )
    page.emulate_media(media="print")
    shown = page.locator("#chart-heads").evaluate(
        """(figure) => [getComputedStyle(figure.querySelector('.plot-canvas')).display,
            figure.querySelector('.plot-print').naturalWidth > 600, figure.querySelector('.plot-print').alt !== '',
            figure.querySelector('.plot-print').getBoundingClientRect().width > 200]"""
    )
    assert shown == ["none", True, True, True]
    assert page.pdf(prefer_css_page_size=True).count(b"/Subtype /Image") >= 10


def test_charts_follow_the_theme_of_the_reader(visit, history):
    page = opened(visit, history.users.city, w.CITY)
    picture = "document.querySelector('#chart-heads canvas').toDataURL()"
    light = page.evaluate(picture)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(f"() => {picture} !== {json.dumps(light)}")


def test_part_that_fails_says_so_and_can_be_asked_for_again(visit, history):
    page = visit(history.users.city, "/login/")
    page.route("**/panels/ranking/", lambda route: route.fulfill(status=404, body="gone"))
    page.add_init_script("console.error = () => {}")
    page.goto(f"/divisions/{w.CITY}/")
    slot = page.locator("#panel-ranking")
    slot.get_by_role("alert").wait_for()
    assert "这一部分没有读出来。" in slot.inner_text()
    assert page.locator("#toasts .notice").count() == 0
    page.unroute("**/panels/ranking/")
    slot.get_by_role("button", name="再读一次").click()
    slot.locator("tbody tr").first.wait_for()
    assert slot.locator("tbody tr").count() == 2


def test_tiles_are_reached_by_keyboard(visit, history):
    page = opened(visit, history.users.city, w.CITY)
    tile = page.locator("#panel-tiles .tile").first
    tile.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/divisions/{w.DISTRICT}/")


def test_level_and_order_change_in_place_and_leave_the_address_alone(visit, history):
    page = opened(visit, history.users.city, w.CITY)
    page.locator("#panel-tiles").get_by_role("link", name="社区", exact=True).click()
    page.locator("#panel-tiles .tile").nth(5).wait_for()
    page.locator("#panel-ranking").get_by_role("link", name="持证率").click()
    page.locator("#panel-ranking caption", has_text="按持证率").wait_for()
    assert page.url.endswith(f"/divisions/{w.CITY}/")


def test_nothing_moves_when_the_parts_come(visit, history):
    """What moves of the first screen while the parts arrive stays under what a reader notices (0.1)."""
    page = opened(visit, history.users.city, w.CITY)
    moved = page.evaluate(
        """() => new Promise((done) => new PerformanceObserver((list) => done(
            list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
        )).observe({ type: 'layout-shift', buffered: true }) || setTimeout(() => done(0), 500))"""
    )
    assert moved < 0.1
