"""What the frame shows to whom; the module is its own URL configuration."""

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import path, resolve

from portal.core.findings.models import Finding
from portal.pages.frame import Frame
from tests.world import AUTUMN, DISTRICT, SPRING, STREET


def _page(request, **kwargs):
    return HttpResponse()


PAGES = ("roster", "imports", "findings", "policies", "audit", "accounts")
urlpatterns = [
    path("", _page, name="today"),
    path("divisions/<str:code>/", _page, name="division"),
    path("people/<int:pk>/", _page, name="person"),
    *(path(f"{name}/", _page, name=name) for name in PAGES),
]
pytestmark = pytest.mark.urls(__name__)


def _frame(user, address="/"):
    request = RequestFactory().get(address)
    request.user = user
    request.resolver_match = resolve(request.path)
    return Frame(request)


def _way(frame):
    return [(step["name"], step["url"]) for step in frame.place["trail"]]


def test_place_is_the_readers_own_unless_asked_otherwise(world):
    assert _way(_frame(world.users.street)) == [
        ("示例市", ""),
        ("东区", ""),
        ("一号街道", f"/?place={STREET}"),
    ]


def test_place_keeps_page_and_day(world):
    frame = _frame(world.users.district, f"/roster/?place={STREET}000&on=2025-12-31")
    assert frame.place["code"] == STREET
    assert _way(frame) == [
        ("示例市", ""),
        ("东区", f"/roster/?place={DISTRICT}&on=2025-12-31"),
        ("一号街道", f"/roster/?place={STREET}&on=2025-12-31"),
    ]


@pytest.mark.parametrize("code", [AUTUMN, "960199", "97"])
def test_place_outside_the_territory_or_unknown_falls_back_to_home(world, code):
    assert _frame(world.users.street, f"/divisions/{code}/").place["code"] == STREET


def test_nav_shows_what_the_role_can_use(world):
    def names(user):
        return [item["entry"].name for item in _frame(user).nav]

    read = ["today", "division", "roster"]
    assert names(world.users.city) == [*read, "imports", "findings", "policies"]
    assert names(world.users.street) == [*read, "imports", "findings", "policies"]
    assert names(world.users.auditor) == ["today", "division", "policies", "audit"]
    assert names(world.users.system_admin) == ["today", "accounts"]
    assert names(world.users.nobody) == []
    assert names(AnonymousUser()) == []


def test_nav_marks_the_page_shown(world):
    shown = [item["entry"].name for item in _frame(world.users.city, "/roster/").nav if item["active"]]
    assert shown == ["roster"]


def test_findings_count_is_the_readers_own(world):
    for code in (SPRING, AUTUMN):
        Finding.objects.create(
            kind="staffing", subject=code, division_id=code, facts={}, opened_on=world.today, seen_on=world.today
        )
    assert _frame(world.users.district).findings_count == 0
    assert _frame(world.users.street).findings_count == 1
    assert _frame(world.users.community).findings_count == 1
    Finding.objects.filter(subject=SPRING).update(held_level=3)
    assert _frame(world.users.district).findings_count == 1
    assert _frame(world.users.street).findings_count == 0
    assert _frame(world.users.outsider).findings_count == 0


def test_no_more_findings_are_counted_than_the_badge_shows(world):
    about = {"kind": "staffing", "division_id": SPRING, "facts": {}, "opened_on": world.today, "seen_on": world.today}
    Finding.objects.bulk_create(Finding(subject=str(n), **about) for n in range(999))
    assert _frame(world.users.street).findings_shown == "999"
    Finding.objects.bulk_create(Finding(subject=str(n), **about) for n in range(999, 1005))
    frame = _frame(world.users.street)
    assert (frame.findings_count, frame.findings_shown) == (1000, "999+")
    assert [item["count"] for item in frame.nav if item["entry"].name == "findings"] == ["999+"]


def test_place_and_count_cost_three_queries(world, django_assert_num_queries):
    world.users.street.__dict__.pop("_grants", None)
    frame = _frame(world.users.street, f"/divisions/{SPRING}/")
    with django_assert_num_queries(3):
        assert frame.place["code"] == SPRING
        assert frame.findings_count == 0
        assert frame.nav


def test_making_a_frame_asks_the_database_nothing():
    class Broken:
        @property
        def is_authenticated(self):
            raise AssertionError("asked")

    request = RequestFactory().get("/?on=2025-12-31")
    request.user = Broken()
    frame = Frame(request)
    assert frame.is_past
    assert frame.urls["today"] == "/?on=2025-12-31"


@time_machine.travel("2026-02-10T04:00:00+00:00", tick=False)
def test_day_choices_are_the_ends_of_periods():
    frame = _frame(AnonymousUser(), "/roster/?place=96&page=3")
    assert [(choice["day"].isoformat(), choice["url"]) for choice in frame.day_choices] == [
        ("2026-02-10", "/roster/?place=96"),
        ("2026-01-31", "/roster/?place=96&on=2026-01-31"),
        ("2025-12-31", "/roster/?place=96&on=2025-12-31"),
        ("2025-12-31", "/roster/?place=96&on=2025-12-31"),
    ]
    assert frame.day_fields == [("place", "96")]


def test_a_single_record_changes_place_to_its_division_page(world):
    frame = _frame(world.users.street, "/people/7/")
    assert frame.view_name == "division"
    assert frame.place["trail"][-1]["url"] == f"/divisions/{STREET}/"
