"""Bad input: every one of these gets a 4xx problem document, none a 500, a page or a second of work."""

import json
import time

import pytest
from django.test import Client

from portal.core.accounts.roles import Scope
from portal.core.findings.models import Finding, State
from portal.core.findings.reconcile import reconcile
from portal.registry import INSPECTIONS
from tests import world as w
from tests.api.conftest import refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def city(world, api):
    return api(world.users.city, *Scope)


@pytest.fixture
def finding(world):
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    return Finding.objects.get(division=w.SPRING)


@pytest.fixture
def post(city, finding):
    """Posts a raw body to the one operation that takes one."""

    def posted(body, content_type="application/json", **headers):
        url = f"/api/v1/findings/{finding.pk}/acknowledge/"
        return city.post(url, body, content_type, headers={"idempotency-key": "k", **headers})

    return posted


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("divison=96", ["divison"]),
        ("division=96&foo=1&bar=2", ["foo", "bar"]),
        ("_connector=OR", ["_connector"]),
        ("division__code=96", ["division__code"]),
        ("division=abc", ["division"]),
        ("division=", ["division"]),
        ("division=9", ["division"]),
        ("division=" + "9" * 3000, ["division"]),
        ("division=%00", ["division"]),
        ("division=96%00", ["division"]),
        ("division=%EF%BC%99%EF%BC%96", ["division"]),
        ("division=96&division=97", ["division"]),
        ("level=galaxy", ["level"]),
        ("on=2026-02-30", ["on"]),
        ("on=20260101", ["on"]),
        ("on=2026-W01-1", ["on"]),
        ("on=today", ["on"]),
        ("on=2026-01-01T00:00:00", ["on"]),
        ("status=ok", ["status"]),
        ("search=%00", ["search"]),
        ("search=%FF%FE", ["search"]),
        ("search=" + "x" * 61, ["search"]),
        ("page_size=0", ["page_size"]),
        ("page_size=501", ["page_size"]),
        ("page_size=-1", ["page_size"]),
        ("page_size=1.0", ["page_size"]),
        ("page_size=" + "1" * 3000, ["page_size"]),
        ("page_size=%D9%A1", ["page_size"]),
        ("fields=code,secret", ["fields"]),
        ("fields=", ["fields"]),
        ("cursor=abc", ["cursor"]),
        ("cursor=" + "A" * 999, ["cursor"]),
        ("cursor=WyJhZnRlciIsWyI5NiJdLCJ4Il0:forged", ["cursor"]),
        ("cursor=%00", ["cursor"]),
        ("format=csv", ["format"]),
        ("a=1;b=2", ["a"]),
    ],
)
def test_bad_parameters_are_named(city, query, named):
    body = refused(city.get(f"/api/v1/staffing/?{query}"), 400, "invalid-parameter")
    assert [error["parameter"] for error in body["errors"]] == named


def test_name_of_an_unknown_parameter_comes_back_short_and_printable(city):
    body = refused(city.get("/api/v1/staffing/?%0d%0a%1b[31m" + "x" * 500 + "=1"), 400, "invalid-parameter")
    assert body["errors"][0]["parameter"] == "\ufffd\ufffd\ufffd[31m" + "x" * 53


def test_five_thousand_digits_make_the_address_too_long(city):
    refused(city.get("/api/v1/staffing/", {"division": "9" * 5000}), 414, "uri-too-long")
    refused(city.get("/api/v1/divisions/" + "9" * 5000 + "/"), 404, "not-found")


def test_thousands_of_parameters(city):
    response = city.get("/api/v1/staffing/?" + "&".join(f"a{n}=1" for n in range(500)))
    assert len(refused(response, 400, "invalid-parameter")["errors"]) == 50


@pytest.mark.parametrize(
    "path",
    [
        "nothing/",
        "nothing",
        "staffing",
        "staffing.json",
        "divisions/abc/",
        "divisions/%00/",
        "divisions/9/",
        "findings/99999999999999999999999/",
        "findings/-1/",
        "findings/1e22/",
        "workers/not-a-uuid/",
        "workers/zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz/",
        "workers/------------------------------------/",
        "../../etc/passwd",
        "%0d%0aSet-Cookie:x/",
    ],
)
def test_wrong_address_is_a_problem_and_never_a_page(city, path):
    for client in (city, Client()):
        response = client.get(f"/api/v1/{path}")
        assert response.status_code in (401, 404)
        assert response["Content-Type"] == "application/problem+json"
    assert city.get(f"/api/v1/{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "v1", "v2/", "v1/schema"])
def test_everything_under_api_answers_in_one_form(db, client, path):
    refused(client.get(f"/api/{path}"), 404, "not-found")


def test_address_without_slash_says_so(db, client):
    assert refused(client.get("/api/v1/staffing"), 404, "not-found")["detail"] == "地址要以 / 结尾。"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_unknown_method_names_the_known_ones(city, method):
    response = getattr(city, method)("/api/v1/staffing/")
    refused(response, 405, "method-not-allowed")
    assert response["Allow"] == "GET, HEAD"


def test_head_answers_without_a_body(city):
    whole, head = city.get("/api/v1/staffing/"), city.head("/api/v1/staffing/")
    assert (head.status_code, head.content, head["ETag"]) == (200, b"", whole["ETag"])


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json; indent=8", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV; charset=utf-8", "text/csv"),
        ("application/json;q=0.1, text/csv", "text/csv"),
        ("text/csv;q=0, */*", "application/json"),
        (XLSX, XLSX),
        (f"{XLSX};q=0.9,text/csv;q=0.8", XLSX),
    ],
)
def test_accept_is_read_by_quality_and_precision(city, accept, kind):
    response = city.get("/api/v1/staffing/", headers={"accept": accept})
    assert (response.status_code, response["Content-Type"].split(";")[0]) == (200, kind)


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "image/*",
        "nonsense",
        "*/*;q=0",
        "application/json;q=abc",
        "a/b" + ";" * 9000,
        ",".join(["text/x" + ";a=b" * 300] * 20),
        ",".join(f"a/{n}" for n in range(5000)),
    ],
)
def test_other_formats_and_accept_bombs_are_refused_at_once(city, accept):
    took = []
    for _time in range(3):
        started = time.process_time()
        refused(city.get("/api/v1/staffing/", headers={"accept": accept}), 406, "not-acceptable")
        took.append(time.process_time() - started)
    assert min(took) < 0.3


def test_sheets_are_for_lists_only(city):
    refused(city.get(f"/api/v1/divisions/{w.SPRING}/", headers={"accept": "text/csv"}), 406, "not-acceptable")


@pytest.mark.parametrize(
    "body",
    [
        "[" * 1000 + "]" * 1000,
        '{"a":' * 1000 + "1" + "}" * 1000,
        "[" * 100_000,
        '{"note": NaN}',
        '{"note": -Infinity}',
        '{"note": 1e999}',
        '{"note": ' + "1" * 5000 + "}",
        '{"note": "a", "note": "b"}',
        '{"note": "\\u0000"}',
        '{"note": "\\ud800"}',
        '{"\\u0000": 1}',
        '{"note": "a"',
        "{note: 1}",
        "\x00",
        "'",
        b"\xff\xfe{\x00}\x00",
        b'{"note": "\xff"}',
        b'{"note": "\xed\xa0\x80"}',
    ],
)
def test_broken_json_is_refused(post, body):
    refused(post(body), 400, "invalid-json")


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"note": 1, "state": "resolved", "id": 5}, ["#/state", "#/id"]),
        ({"note": "x" * 501}, ["#/note"]),
        ({"note": None}, ["#/note"]),
        ({"note": 0}, ["#/note"]),
        ({"note": 1.5}, ["#/note"]),
        ({"note": True}, ["#/note"]),
        ({"note": ["a"]}, ["#/note"]),
        ({"note": {"a": 1}}, ["#/note"]),
        ({"a/b~c": 1}, ["#/a~1b~0c"]),
        ([], ["#"]),
        ("text", ["#"]),
        (7, ["#"]),
    ],
)
def test_wrong_content_is_named_by_pointer(post, finding, body, pointers):
    found = refused(post(json.dumps(body)), 400, "invalid-content")
    assert [error["pointer"] for error in found["errors"]] == pointers
    finding.refresh_from_db()
    assert finding.state == State.OPEN


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("note=a", "application/x-www-form-urlencoded", 415),
        ("note", "text/plain", 415),
        (b"{}", "application/json; charset=utf-16", 415),
        (b"{}", "application/json; charset=gb18030", 415),
        ("{}", "x" * 5000, 415),
        (b"--x\r\n", "multipart/form-data", 415),
        ('{"note": "' + "x" * 1_048_576 + '"}', "application/json", 413),
    ],
)
def test_other_content_types_and_sizes_are_refused(post, body, content_type, status):
    slug = "content-too-large" if status == 413 else "unsupported-media-type"
    refused(post(body, content_type), status, slug)


def test_fault_inside_is_a_problem_without_details(city, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("workforce.api.StaffingViewSet.source", broken)
    city.raise_request_exception = False
    response = city.get("/api/v1/staffing/")
    refused(response, 500, "server-error")
    assert "secret" not in response.content.decode()


def test_database_away_is_503_with_retry_after(city, monkeypatch):
    from django.db import OperationalError  # noqa: PLC0415

    def away(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr("workforce.api.StaffingViewSet.source", away)
    city.raise_request_exception = False
    response = city.get("/api/v1/staffing/")
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert response["Content-Type"] == "application/problem+json"


def test_wrong_host_is_a_problem(city, settings):
    settings.ALLOWED_HOSTS = ["portal.example.gov.cn"]
    refused(city.get("/api/v1/staffing/"), 400, "bad-request")
