"""Pages of schemes in a real browser, wide and on a phone: no violation, nothing wider than the screen."""

from datetime import timedelta

import pytest

from portal.registry import INDICATORS
from ratings.actions.scoring import score_automatically
from tests import world as w
from tests.ratings import scheme_builders as make

pytestmark = pytest.mark.browser

PAGES = {
    "list": "/ratings/schemes/",
    "list empty": "/ratings/schemes/?year=2001",
    "new": "/ratings/schemes/new/",
    "scheme": "/ratings/schemes/{used}/",
    "draft": "/ratings/schemes/{draft}/",
    "edit": "/ratings/schemes/{draft}/edit/",
    "copy": "/ratings/schemes/{used}/copy/",
    "drop": "/ratings/schemes/{draft}/drop/",
    "compare": "/ratings/schemes/{draft}/compare/?with={used}",
    "item new": "/ratings/schemes/{draft}/items/new/",
    "item": "/ratings/schemes/items/{item}/edit/",
    "trial": "/ratings/schemes/{draft}/trial/",
    "trial empty": "/ratings/schemes/{draft}/trial/?q=没有",
}


def records(world) -> dict:
    """A scheme in use last year with two units scored by it, and this year's draft, whose items do not come to 100."""
    used = make.scheme(year=2025)
    cycle = make.cycle(year=2025, on=world.today - timedelta(days=30))
    for code in (w.SPRING, w.AUTUMN):
        make.score(make.unit(cycle, code, used), "民主协商", self_points=54)
    score_automatically(cycle=cycle, indicators=INDICATORS, by=world.users.city)
    items = (
        {"label": "民主协商", "points": 80, "group": "治理"},
        {"label": "志愿服务", "points": 10},
        {"label": "事故", "kind": "veto"},
    )
    draft = make.scheme(state="draft", items=items)
    return {"used": used.pk, "draft": draft.pk, "item": draft.items.first().pk}


def test_pages(all_sound, live_world):
    keys = records(live_world)
    all_sound({name: (live_world.users.city, address.format(**keys)) for name, address in PAGES.items()})
