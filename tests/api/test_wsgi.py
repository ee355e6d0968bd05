"""What breaks while Django makes the request, before anything can answer."""

import pytest

from portal.core.web.wsgi import Handler, Utf8Request


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; charset=bz2_codec",
        "text/plain; charset=zlib_codec",
        "text/plain; charset=utf-16",
        "text/plain; charset=undefined",
        "text/plain; charset=nonsense",
        "text/plain; charset*=nonsense'en'x",
        "text/plain; charset=utf-8",
        "text/plain" + ";" * 8000,
    ],
)
def test_charset_of_a_caller_does_not_reach_the_address(world, api, monkeypatch, content_type):
    monkeypatch.setattr("django.test.client.WSGIRequest", Utf8Request)
    response = api(world.users.city).get("/api/v1/staffing/?search=%E4%B8%9C", headers={"content-type": content_type})
    assert [row["code"] for row in response.json()["results"]] == ["960101"]


def test_server_entry_makes_such_requests():
    assert Handler.request_class is Utf8Request
