"""What holds for every operation, read from the OpenAPI document: formats, ETags, refusals, headers."""

import json
import uuid

import pytest
from django.test import Client
from django.utils import translation

from portal.core.accounts.roles import Scope
from portal.rest.root import openapi
from tests.api.conftest import refused
from tests.api.records import address_of, everything

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPEN = "/api/v1/schema/"
FOR_ALL = "/api/v1/published-replies/"  # all that is read without a token


def paths_of(method: str) -> dict[str, dict]:
    with translation.override("zh-hans"):
        document = json.loads(json.dumps(openapi("zh-hans")))
    return {path: found[method] for path, found in document["paths"].items() if method in found}


GETS, POSTS = paths_of("get"), paths_of("post")
LISTS = {path for path, operation in GETS.items() if operation["operationId"].endswith("_list")}


@pytest.fixture
def whole(world, api, settings, tmp_path):
    """(client that may do everything, address of every path)."""
    settings.UPLOADS_DIR = tmp_path
    settings.REST_RATE_LIMIT = settings.REST_RATE_LIMIT_USER = settings.REST_RATE_LIMIT_ADDRESS = 100_000
    keys = everything(world, [*GETS, *POSTS])
    return api(world.users.city, *Scope), {path: address_of(path, keys) for path in [*GETS, *POSTS]}


def post(client, address: str, body="{}", kind="application/json", **headers):
    return client.post(address, body, kind, headers={"idempotency-key": uuid.uuid4().hex, **headers})


def test_every_get_has_an_etag_a_limit_and_a_304(whole):
    client, addresses = whole
    for path in [*GETS, OPEN]:
        address = addresses.get(path, path)
        first = client.get(address)
        assert first.status_code == 200, path
        same = client.get(address, headers={"if-none-match": first["ETag"]})
        assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"]), path
        for answer in (first, same):
            assert answer["RateLimit"] and answer["RateLimit-Policy"] and answer["X-Request-ID"], path
            assert {"Accept", "Authorization"} <= set(answer["Vary"].split(", ")), path


def test_every_list_comes_as_a_sheet_and_a_page_of_one(whole):
    client, addresses = whole
    for path in LISTS:
        for kind in ("text/csv", XLSX):
            sheet = client.get(addresses[path], headers={"accept": kind})
            assert (sheet.status_code, sheet["Content-Type"].split(";")[0]) == (200, kind), path
            known = client.get(addresses[path], headers={"accept": kind, "if-none-match": sheet["ETag"]})
            assert known.status_code == 304, path
        page = client.get(addresses[path], {"page_size": "1"}).json()
        assert set(page) - {"counts"} == {"results", "next", "previous"} and len(page["results"]) == 1, path


def test_every_record_can_be_narrowed(whole):
    client, addresses = whole
    for path, operation in GETS.items():
        if "fields" not in {parameter["name"] for parameter in operation["parameters"]}:
            continue
        found = client.get(addresses[path], {"page_size": "1"} if path in LISTS else {}).json()
        row = found["results"][0] if path in LISTS else found
        first = next(iter(row))
        narrow = client.get(addresses[path], {"fields": first} | ({"page_size": "1"} if path in LISTS else {})).json()
        assert (narrow["results"][0] if path in LISTS else narrow) == {first: row[first]}, path


def test_every_record_and_list_offers_fields():
    for path, operation in GETS.items():
        kinds = operation["responses"]["200"]["content"]
        names = {parameter["name"] for parameter in operation["parameters"]}
        assert "fields" in names or "application/json" not in kinds or path == "/api/v1/", path


def test_every_refusal_is_a_problem(whole):
    client, addresses = whole
    for path, operation in GETS.items():
        address = addresses[path]
        refused(client.get(address, {"nonsense": "1"}), 400, "invalid-parameter")
        refused(client.get(address, headers={"accept": "image/png"}), 406, "not-acceptable")
        if "401" in operation["responses"]:
            refused(Client().get(address), 401, "unauthenticated")
        else:
            assert path.startswith(FOR_ALL) and Client().get(address).status_code == 200
        refused(client.get(address + "?" + "x" * 5000), 414, "uri-too-long")
        for method in ("put", "patch", "delete", "options", "trace"):
            answer = getattr(client, method)(address)
            refused(answer, 405, "method-not-allowed")
            assert set(answer["Allow"].split(", ")) >= {"GET", "HEAD"}, path
            assert answer["RateLimit"]
        if "{" in path:
            assert "404" in operation["responses"]
            gone = path.replace("{id}", str(uuid.uuid4())).replace("{code}", "999999").replace("{key}", "none")
            gone = gone.replace("{handling}", "999999")
            assert client.get(gone).headers["Content-Type"] == "application/problem+json", path
            assert client.get(gone).status_code == 404, path
        if path not in POSTS:
            refused(post(client, address), 405, "method-not-allowed")


def _kinds(operation: dict) -> dict:
    """The kinds of body that an operation takes."""
    return operation.get("requestBody", {}).get("content", {})


def test_every_change_wants_a_key_a_true_etag_and_its_own_kind_of_body(whole):
    client, addresses = whole
    for path, operation in POSTS.items():
        address, parameters = addresses[path], {parameter["name"] for parameter in operation["parameters"]}
        refused(client.post(address, {}, "application/json", headers={"idempotency-key": ""}), 400, "idempotency-key")
        refused(post(client, address, "x", "text/plain"), 415, "unsupported-media-type")
        refused(post(client, address, "{}", "application/json; charset=gbk"), 415, "unsupported-media-type")
        refused(post(client, address + "?x=1"), 400, "invalid-parameter")
        if "multipart/form-data" not in _kinds(operation):
            refused(post(client, address, '{"note": "' + "x" * 2**20 + '"}'), 413, "content-too-large")
        if "{" in path:
            assert "If-Match" in parameters, path
            body = next(iter(operation["requestBody"]["content"].values())) if "requestBody" in operation else {}
            example = next(iter(body["examples"].values()))["value"] if body else {}
            sent = (
                (example,) if "multipart/form-data" in _kinds(operation) else (json.dumps(example), "application/json")
            )
            headers = {"idempotency-key": uuid.uuid4().hex, "if-match": '"a-past-state"'}
            answer = client.post(address, *sent, headers=headers)
            assert answer.status_code in (403, 412), (path, answer.content)
        refused(client.get(address), 405, "method-not-allowed") if path not in GETS else None


@pytest.mark.parametrize("path", ["/api/v1/docs/", "/api/v1/schema/"])
def test_documents_are_only_read(world, client, path):
    for method in ("post", "put", "delete", "options"):
        answer = getattr(client, method)(path)
        refused(answer, 405, "method-not-allowed")
        assert "GET" in answer["Allow"]


def test_host_that_is_not_ours_gets_a_problem_too(world, settings):
    settings.ALLOWED_HOSTS = ["portal.invalid"]
    refused(Client().get("/api/v1/"), 400, "bad-request")
