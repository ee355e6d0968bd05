"""The OpenAPI document: valid, complete, the same as the one in the repository, and true of the real answers."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from portal.core.accounts.roles import Scope
from portal.rest.root import openapi
from tests.api.records import address_of, everything

WITHOUT_BODY = {
    "/api/v1/imports/{id}/cancel/",
    "/api/v1/transfers/{id}/withdraw/",
    "/api/v1/ledger/tasks/{id}/strike/",
    "/api/v1/reports/{id}/refresh/",
    "/api/v1/reports/{id}/publish/",
    "/api/v1/reports/{id}/discard/",
}
STORED = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def document() -> dict:
    with translation.override("zh-hans"):
        return json.loads(json.dumps(openapi("zh-hans")))


def operations(document: dict):
    return [(path, method, op) for path, methods in document["paths"].items() for method, op in methods.items()]


def resolved(document: dict, node: dict) -> dict:
    while "$ref" in node:
        steps, node = node["$ref"].removeprefix("#/").split("/"), document
        for step in steps:
            node = node[step]
    return node


def test_document_is_valid_openapi_31(document):
    validate(document)
    assert document["openapi"] == "3.1.1"


def test_document_in_the_repository_is_the_generated_one(document):
    """To write it anew: manage.py spectacular --lang zh-hans --format openapi-json --file docs/openapi.json"""
    assert json.loads(STORED.read_text()) == document


def test_every_path_of_the_contract_is_described(document):
    assert {(path, method) for path, method, _op in operations(document)} == {
        ("/api/v1/", "get"),
        ("/api/v1/published-replies/", "get"),
        ("/api/v1/published-replies/{id}/", "get"),
        ("/api/v1/proposals/", "get"),
        ("/api/v1/proposals/", "post"),
        ("/api/v1/proposals/{id}/", "get"),
        ("/api/v1/proposals/{id}/handlings/{handling}/", "get"),
        ("/api/v1/proposals/{id}/handlings/{handling}/steps/", "post"),
        ("/api/v1/proposals/{id}/reply/document/", "get"),
        ("/api/v1/proposals/sessions/", "get"),
        ("/api/v1/proposals/sessions/", "post"),
        ("/api/v1/proposals/sessions/{id}/", "get"),
        ("/api/v1/proposals/sessions/{id}/change/", "post"),
        ("/api/v1/proposals/units/", "get"),
        ("/api/v1/proposals/units/", "post"),
        ("/api/v1/proposals/units/{id}/", "get"),
        ("/api/v1/proposals/units/{id}/change/", "post"),
        ("/api/v1/commitments/", "get"),
        ("/api/v1/commitments/", "post"),
        ("/api/v1/commitments/{id}/", "get"),
        ("/api/v1/commitments/{id}/progress/", "post"),
        ("/api/v1/commitments/{id}/kept/", "post"),
        ("/api/v1/commitments/{id}/reclass/", "post"),
        ("/api/v1/commitments/{id}/roll/", "post"),
        ("/api/v1/commitments/{id}/cancel/", "post"),
        ("/api/v1/ledger/tasks/", "get"),
        ("/api/v1/ledger/tasks/", "post"),
        ("/api/v1/ledger/tasks/{id}/", "get"),
        ("/api/v1/ledger/tasks/{id}/reports/", "post"),
        ("/api/v1/ledger/tasks/{id}/correct/", "post"),
        ("/api/v1/ledger/tasks/{id}/ask/", "post"),
        ("/api/v1/ledger/tasks/{id}/strike/", "post"),
        ("/api/v1/ledger/tasks/{id}/refuse/", "post"),
        ("/api/v1/ledger/tasks/{id}/cancel/", "post"),
        ("/api/v1/proposals/{id}/handlings/{handling}/opinion/", "post"),
        ("/api/v1/proposals/{id}/handlings/{handling}/waive/", "post"),
        ("/api/v1/proposals/{id}/handlings/{handling}/contacts/", "post"),
        ("/api/v1/proposals/{id}/handlings/{handling}/officer/", "post"),
        ("/api/v1/proposals/{id}/handlings/{handling}/extensions/", "post"),
        ("/api/v1/proposals/{id}/handlings/{handling}/extensions/decision/", "post"),
        ("/api/v1/proposals/{id}/handlings/{handling}/suspend/", "post"),
        ("/api/v1/proposals/{id}/handlings/{handling}/resume/", "post"),
        ("/api/v1/reports/", "get"),
        ("/api/v1/reports/", "post"),
        ("/api/v1/reports/{id}/", "get"),
        ("/api/v1/reports/{id}/refresh/", "post"),
        ("/api/v1/reports/{id}/remarks/", "post"),
        ("/api/v1/reports/{id}/sign/", "post"),
        ("/api/v1/reports/{id}/reopen/", "post"),
        ("/api/v1/reports/{id}/publish/", "post"),
        ("/api/v1/reports/{id}/correct/", "post"),
        ("/api/v1/reports/{id}/discard/", "post"),
        ("/api/v1/reports/{id}/document/", "get"),
        ("/api/v1/publications/", "get"),
        ("/api/v1/publications/{id}/", "get"),
        ("/api/v1/publications/{id}/comparison/", "get"),
        ("/api/v1/divisions/", "get"),
        ("/api/v1/divisions/{code}/", "get"),
        ("/api/v1/staffing/", "get"),
        ("/api/v1/indicators/", "get"),
        ("/api/v1/indicators/values/", "get"),
        ("/api/v1/indicators/{key}/", "get"),
        ("/api/v1/indicators/{key}/series/", "get"),
        ("/api/v1/indicators/{key}/rows/", "get"),
        ("/api/v1/workers/", "get"),
        ("/api/v1/workers/{id}/", "get"),
        ("/api/v1/appointments/", "get"),
        ("/api/v1/appointments/{id}/", "get"),
        ("/api/v1/certificates/", "get"),
        ("/api/v1/certificates/{id}/", "get"),
        ("/api/v1/registrations/", "get"),
        ("/api/v1/registrations/{id}/", "get"),
        ("/api/v1/contracts/", "get"),
        ("/api/v1/contracts/{id}/", "get"),
        ("/api/v1/directed-posts/", "get"),
        ("/api/v1/directed-posts/{id}/", "get"),
        ("/api/v1/awards/", "get"),
        ("/api/v1/awards/{id}/", "get"),
        ("/api/v1/nominations/", "get"),
        ("/api/v1/nominations/{id}/", "get"),
        ("/api/v1/training/classes/", "get"),
        ("/api/v1/training/classes/{id}/", "get"),
        ("/api/v1/training/enrolments/", "get"),
        ("/api/v1/training/enrolments/{id}/", "get"),
        ("/api/v1/establishments/", "get"),
        ("/api/v1/establishments/{id}/", "get"),
        ("/api/v1/post-applications/", "get"),
        ("/api/v1/post-applications/{id}/", "get"),
        ("/api/v1/terms/", "get"),
        ("/api/v1/terms/{id}/", "get"),
        ("/api/v1/grids/", "get"),
        ("/api/v1/grids/{id}/", "get"),
        ("/api/v1/grades/", "get"),
        ("/api/v1/grades/{id}/", "get"),
        ("/api/v1/assessments/", "get"),
        ("/api/v1/assessments/{id}/", "get"),
        ("/api/v1/imports/", "get"),
        ("/api/v1/imports/", "post"),
        ("/api/v1/imports/{id}/", "get"),
        ("/api/v1/imports/{id}/rows/", "get"),
        ("/api/v1/imports/{id}/report/", "get"),
        ("/api/v1/imports/{id}/annotated/", "get"),
        ("/api/v1/imports/{id}/apply/", "post"),
        ("/api/v1/imports/{id}/cancel/", "post"),
        ("/api/v1/imports/{id}/options/", "post"),
        ("/api/v1/imports/{id}/undo/", "post"),
        ("/api/v1/transfers/", "get"),
        ("/api/v1/transfers/", "post"),
        ("/api/v1/transfers/{id}/", "get"),
        ("/api/v1/transfers/{id}/agree/", "post"),
        ("/api/v1/transfers/{id}/refuse/", "post"),
        ("/api/v1/transfers/{id}/withdraw/", "post"),
        ("/api/v1/review-cases/", "get"),
        ("/api/v1/review-cases/{id}/", "get"),
        ("/api/v1/findings/", "get"),
        ("/api/v1/findings/{id}/", "get"),
        ("/api/v1/findings/{id}/acknowledge/", "post"),
        ("/api/v1/findings/{id}/plan/", "post"),
        ("/api/v1/findings/{id}/excuse/", "post"),
        ("/api/v1/findings/{id}/reopen/", "post"),
        ("/api/v1/supervisions/", "get"),
        ("/api/v1/supervisions/{id}/", "get"),
        ("/api/v1/inspection-runs/", "get"),
        ("/api/v1/policies/", "get"),
        ("/api/v1/ratings/cycles/", "get"),
        ("/api/v1/ratings/cycles/{id}/", "get"),
        ("/api/v1/ratings/results/", "get"),
        ("/api/v1/ratings/scores/", "get"),
    }


def test_every_operation_is_complete(document):
    ids = [op["operationId"] for _path, _method, op in operations(document)]
    assert len(ids) == len(set(ids))
    tags = {tag["name"] for tag in document["tags"]}
    for path, method, op in operations(document):
        assert op["summary"] and op["description"], path
        assert set(op["tags"]) <= tags
        open_to_all = path.startswith("/api/v1/published-replies/")
        assert [set(one) for one in op["security"]] == [set() if open_to_all else {"token"}]
        assert {"400", "406", "414", "429", "500", "503"} <= set(op["responses"])
        assert ({"401", "403"} <= set(op["responses"])) != open_to_all
        if "{" in path:
            assert "404" in op["responses"]
        assert ("304" in op["responses"]) == (method == "get")
        if method == "post":
            assert {"409", "413", "415", "422"} <= set(op["responses"])
            assert any(p["name"] == "Idempotency-Key" and p["required"] for p in op["parameters"])
            if path not in WITHOUT_BODY:
                (media,) = op["requestBody"]["content"].values()
                assert media["examples"]
        for parameter in op.get("parameters", []):
            assert parameter["description"], (path, parameter["name"])


def test_every_list_offers_json_csv_and_xlsx(document):
    for path, _method, op in operations(document):
        if op["operationId"].endswith("_list"):
            assert list(op["responses"]["200"]["content"]) == [
                "application/json",
                "text/csv",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ], path


def test_every_example_fits_its_schema(document):
    for path, _method, op in operations(document):
        contents = [resolved(document, response).get("content", {}) for response in op["responses"].values()]
        contents.append(op.get("requestBody", {}).get("content", {}))
        checked = 0
        for content in contents:
            for kind, media in content.items():
                if "json" in kind:
                    examples = [example["value"] for example in media["examples"].values()]
                    assert examples, (path, kind)
                    for example in examples:
                        fits(document, media["schema"], example)
                        checked += 1
        assert checked >= (9 if "401" in op["responses"] else 7)


def fits(document: dict, schema: dict, value) -> None:
    """Asserts that a value is valid, references resolved inside the document, and that it has nothing undeclared."""
    Draft202012Validator({**schema, "components": document["components"]}).validate(value)
    known = resolved(document, schema).get("properties")
    if known and isinstance(value, dict):
        assert set(value) <= set(known)


def test_example_of_the_catalogue_is_what_the_catalogue_says(world, api, document):
    shown = resolved(document, document["paths"]["/api/v1/indicators/"]["get"]["responses"]["200"])
    (example,) = shown["content"]["application/json"]["examples"].values()
    (told,) = example["value"]["results"]
    client = api(world.users.city, Scope.STATS_READ)
    found = client.get("/api/v1/indicators/", {"page_size": 500}).json()["results"]
    (one,) = [row for row in found if row["key"] == told["key"]]
    assert told | {"url": ""} == one | {"url": ""}
    figures = document["paths"]["/api/v1/indicators/{key}/"]["get"]["responses"]["200"]
    (example,) = resolved(document, figures)["content"]["application/json"]["examples"].values()
    assert example["value"]["results"][0]["label"] == one["label"]


def test_answers_fit_the_document(world, api, document, settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path
    keys = everything(world, document["paths"])
    client = api(world.users.city, *Scope)
    for path, method, op in operations(document):
        if method != "get":
            continue
        response = client.get(address_of(path, keys))
        assert response.status_code == 200, path
        content = op["responses"]["200"]["content"]
        if "application/json" not in content:
            assert response["Content-Type"] in content
            continue
        body, schema = response.json(), content["application/json"]["schema"]
        fits(document, schema, body)
        if "results" in body:
            assert body["results"], path
            row = resolved(document, resolved(document, schema)["properties"]["results"]["items"])
            assert all(set(found) == set(row["properties"]) for found in body["results"])


def test_refusals_fit_the_document(world, api, document):
    for response in (Client().get("/api/v1/staffing/"), api(world.users.city).get("/api/v1/staffing/?x=1")):
        media = resolved(document, document["paths"]["/api/v1/staffing/"]["get"]["responses"]["400"])["content"]
        fits(document, media["application/problem+json"]["schema"], response.json())


def test_document_is_served_to_everybody_in_json_and_yaml(world, client):
    for accept, kind in (
        ("*/*", "application/vnd.oai.openapi+json"),
        ("application/json", "application/json"),
        ("application/vnd.oai.openapi", "application/vnd.oai.openapi"),
    ):
        response = client.get("/api/v1/schema/", headers={"accept": accept})
        assert (response.status_code, response["Content-Type"].split(";")[0]) == (200, kind)
    assert client.get("/api/v1/schema/", headers={"accept": "application/json"}).json()["openapi"] == "3.1.1"


def test_documentation_page_shows_every_operation_without_scripts_of_its_own(world, client, document):
    response = client.get("/api/v1/docs/")
    page = response.content.decode()
    assert response.status_code == 200
    for path, method, op in operations(document):
        assert f'<article id="{op["operationId"]}"' in page
        assert f"<code>{method.upper()} {path}</code>" in page
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert " style=" not in page
