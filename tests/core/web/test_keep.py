"""Place and day in addresses; the module is its own URL configuration."""

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import NoReverseMatch, path, resolve

from portal.core.web import keep


def _page(request, **kwargs):
    return HttpResponse()


urlpatterns = [
    path("", _page, name="today"),
    path("roster/", _page, name="roster"),
    path("divisions/<str:code>/", _page, name="division"),
    path("people/<int:pk>/", _page, name="person"),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def a_day():
    with time_machine.travel("2026-11-22T04:00:00+00:00", tick=False):
        yield


def _get(address):
    request = RequestFactory().get(address)
    request.resolver_match = resolve(request.path)
    return request


@pytest.mark.parametrize(
    ("on", "day"), [("2025-12-31", "2025-12-31"), ("", "2026-11-22"), ("2025-02-30", "2026-11-22")]
)
def test_day_of_falls_back_to_today(on, day):
    assert keep.day_of(_get(f"/roster/?on={on}")).isoformat() == day


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/roster/?place=960101", "960101"),
        ("/roster/?place=960101000000", "960101000000"),
        ("/divisions/960101001/?place=97", "960101001"),
        ("/roster/?place=96x", ""),
        ("/roster/?place=٩٦", ""),
        ("/roster/", ""),
    ],
)
def test_place_of_takes_path_before_parameter(address, code):
    assert keep.place_of(_get(address)) == code


@pytest.mark.parametrize(
    ("address", "arguments", "params", "url"),
    [
        ("/roster/", ["roster"], {}, "/roster/"),
        ("/roster/?place=96&on=2026-11-22", ["roster"], {}, "/roster/?place=96"),
        ("/roster/?place=96&on=2025-12-31", ["today"], {}, "/?place=96&on=2025-12-31"),
        ("/divisions/96/?on=2025-12-31", ["roster"], {"state": "short"}, "/roster/?place=96&on=2025-12-31&state=short"),
        ("/roster/?place=96&on=2025-12-31", ["division", "9601"], {}, "/divisions/9601/?on=2025-12-31"),
        ("/roster/?place=96&on=2025-12-31", ["roster"], {"place": None, "on": None}, "/roster/"),
    ],
)
def test_page_url_keeps_place_and_day(address, arguments, params, url):
    assert keep.page_url(_get(address), *arguments, **params) == url


def test_page_url_of_an_unknown_page_fails_loudly():
    with pytest.raises(NoReverseMatch):
        keep.page_url(_get("/"), "nowhere")


@pytest.mark.parametrize(
    ("view_name", "url"),
    [
        ("division", "/divisions/97/?on=2025-12-31"),
        ("roster", "/roster/?place=97&on=2025-12-31"),
        ("person", "/divisions/97/?on=2025-12-31"),
        ("<script>", "/divisions/97/?on=2025-12-31"),
    ],
)
def test_place_url_stays_on_the_page_where_it_can(view_name, url):
    assert keep.place_url(_get("/roster/?place=96&on=2025-12-31"), view_name, "97") == url


def test_row_urls_are_those_of_each_page():
    for address in ("/roster/", "/roster/?on=2025-12-31&place=96"):
        request = _get(address)
        address_of = keep.row_urls(request, "person")
        assert [address_of(pk) for pk in (1, 100)] == [keep.page_url(request, "person", pk) for pk in (1, 100)]
