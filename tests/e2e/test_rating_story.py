"""Star ratings in a real browser: units judged without leaving the keyboard, every page wide and on a phone."""

import pytest

from ratings.models import SchemeItem
from tests import factories
from tests import world as w
from tests.ratings import cycling

pytestmark = pytest.mark.browser


def scored_by_itself(world):
    """A cycle in which both communities of 一号街道 have assessed themselves."""
    cycle = cycling.opened(world)
    cycling.handed_in(cycling.unit_of(cycle, w.SPRING), "self", world.users.community, 50, 30)
    other = cycling.second("community", w.SUMMER)
    cycling.handed_in(cycling.unit_of(cycle, w.SUMMER), "self", other, 45.5, 28)
    return cycle


def test_a_street_is_judged_from_the_keyboard(visit, live_world):
    cycle = scored_by_itself(live_world)
    page = visit(live_world.users.street, f"/ratings/{cycle.pk}/sheet/?stage=street")
    keys = page.keyboard
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "春风社区 组织建设"
    keys.type("61")
    assert page.get_attribute(":focus", "aria-invalid") == "true"
    keys.press("Control+A")
    keys.type("48")
    assert page.get_attribute(":focus", "aria-invalid") is None
    keys.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "夏雨社区 组织建设"
    assert page.locator("[data-beside]:not([hidden]) h2").inner_text() == "夏雨社区"
    keys.press("=")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "夏雨社区 居民满意"
    keys.press("=")
    keys.press("ArrowUp")
    keys.type("29.5")
    assert page.locator("tr", has_text="春风社区").locator("[data-sum]").inner_text() == "77.5"
    keys.press("Control+Enter")
    page.wait_for_url("**/sheet/**")
    page.get_by_text("2 个单位的得分有变动").wait_for()
    found = {
        unit.division_id: [f"{score.street_points:f}" for score in unit.scores.order_by("item__order")]
        for unit in cycle.units.filter(stage="street")
    }
    assert found == {w.SPRING: ["48.00", "29.50"], w.SUMMER: ["45.50", "28.00"]}


def test_scoring_pages(all_sound, live_world):
    cycle = scored_by_itself(live_world)
    SchemeItem.objects.filter(label="组织建设").update(standard="党组织健全，台账齐全", evidence=True, group="党建")
    spring = cycling.unit_of(cycle, w.SPRING)
    addresses = {
        "board": (live_world.users.district, "/ratings/"),
        "cycle": (live_world.users.district, f"/ratings/{cycle.pk}/"),
        "sheet": (live_world.users.street, f"/ratings/{cycle.pk}/sheet/?stage=street"),
        "unit": (live_world.users.street, f"/ratings/units/{spring.pk}/"),
        "assess": (live_world.users.street, f"/ratings/units/{spring.pk}/assess/"),
        "evidence": (live_world.users.street, f"/ratings/units/{spring.pk}/evidence/new/"),
        "incident": (live_world.users.street, f"/ratings/units/{spring.pk}/acts/incident/"),
        "open": (live_world.users.city, f"/ratings/new/?place={w.DISTRICT}"),
        "extend": (live_world.users.district, f"/ratings/{cycle.pk}/acts/extend/"),
    }
    all_sound(addresses)


def test_calibration_pages(all_sound, live_world):
    factories.rule("rating.shares", {"five": 10, "four": 40, "three": 40, "none": 10}, w.DISTRICT)
    cycle = cycling.in_calibration(live_world)
    spring = cycling.unit_of(cycle, w.SPRING)
    addresses = {
        "calibration": f"/ratings/{cycle.pk}/calibration/",
        "calibrated": f"/ratings/{cycle.pk}/",
        "judged": f"/ratings/units/{spring.pk}/",
        "move": f"/ratings/units/{spring.pk}/acts/move/",
        "announce": f"/ratings/{cycle.pk}/acts/announce/",
    }
    all_sound({name: (live_world.users.district, address) for name, address in addresses.items()})
