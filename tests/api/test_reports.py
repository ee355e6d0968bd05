"""REST of periodic reports: drafts are made, written in, signed, published and corrected, with the walls of the pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.accounts.roles import Scope
from portal.core.audit.models import AuditEvent
from portal.core.reports.actions import make_report
from portal.core.reports.cadence import Cadence, period_named
from portal.core.reports.models import Report
from portal.registry import REPORTS
from tests import factories
from tests import world as w
from tests.api.conftest import refused

SCOPES = (Scope.REPORTS_READ, Scope.REPORTS_WRITE)
BODY = {"division": w.DISTRICT, "kind": "weekly_dispatch", "period": "2026-W46"}
LIST_QUERIES = 8


@pytest.fixture
def district(world, api):
    return api(world.users.district, *SCOPES)


@pytest.fixture
def url(world) -> str:
    """The draft of a week of the district."""
    kind, week = REPORTS["weekly_dispatch"], period_named(Cadence.WEEK, "2026-W46")
    made = make_report(kind=kind, division=world.divisions[w.DISTRICT], period=week, by=None)
    return f"/api/v1/reports/{made.pk}/"


def post(client, url: str, key: str, body: dict, tag: str = ""):
    headers = {"idempotency-key": key} | ({"if-match": tag} if tag else {})
    return client.post(url, body, "application/json", headers=headers)


def act(client, url: str, rest: str, body: dict | None = None):
    tag = client.get(url)["ETag"]
    return post(client, f"{url}{rest}/", f"{rest}{tag}", body or {}, tag)


def test_draft_is_made_once_however_often_it_is_asked_for(world, district):
    made = post(district, "/api/v1/reports/", "a", BODY)
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["division"]["code"], said["period"], said["state"], said["made_by"]) == (
        w.DISTRICT, "2026-W46", "draft", "district",
    )  # fmt: skip
    assert said["remarks"][0].keys() == {"section", "title", "causes", "next"}
    again = post(district, "/api/v1/reports/", "a", BODY)
    assert (again["Idempotency-Replayed"], again.json()) == ("true", said)
    problem = refused(post(district, "/api/v1/reports/", "b", BODY), 409, "conflict")
    assert problem["detail"] == "这一期的报告已经有了，请打开它继续办理。"
    assert Report.objects.count() == 1
    assert district.get(made["Location"].removeprefix("http://testserver")).json() == said


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"period": "2026-11"}, 400, "/period"),
        ({"period": "nonsense"}, 400, "/period"),
        ({"kind": "nonsense"}, 400, "/kind"),
        ({"division": "970101"}, 400, "/division"),
        ({"division": w.SPRING}, 400, "/division"),
        ({"division": "x"}, 400, "/division"),
        ({"period": "2099-W01"}, 409, ""),
    ],
)
def test_what_cannot_be_made_is_named(district, change, status, pointer):
    problem = refused(
        post(district, "/api/v1/reports/", "a", BODY | change), status, "invalid-content" if pointer else "conflict"
    )
    assert [one["pointer"] for one in problem.get("errors", [])] == ([f"#{pointer}"] if pointer else [])
    assert not Report.objects.exists()


def test_from_draft_to_publication_and_correction(world, district, url):
    section = district.get(url).json()["remarks"][0]["section"]
    said = {"section": section, "causes": "换届后空缺。", "next": "十二月补齐。"}
    written = act(district, url, "remarks", {"remarks": [said]}).json()
    assert {name: written["remarks"][0][name] for name in said} == said
    assert act(district, url, "refresh").json()["remarks"] == written["remarks"]
    signed = act(district, url, "sign").json()
    assert (signed["state"], signed["signed_by"], len(signed["seal"])) == ("signed", "district", 64)
    refused(act(district, url, "remarks", {"remarks": []}), 409, "conflict")
    reopened = act(district, url, "reopen", {"reason": "数字有误"}).json()
    assert (reopened["state"], reopened["seal"]) == ("draft", "")
    act(district, url, "sign")
    published = act(district, url, "publish").json()
    assert (published["state"], published["published_by"]) == ("published", "district")
    refused(act(district, url, "discard"), 409, "conflict")
    corrected = act(district, url, "correct", {"reason": "漏统一个社区"})
    assert corrected.status_code == 201
    new = corrected.json()
    assert (new["edition"], new["corrects"], new["correction_reason"], new["state"]) == (
        2, published["id"], "漏统一个社区", "draft",
    )  # fmt: skip
    later = corrected["Location"].removeprefix("http://testserver")
    act(district, later, "sign")
    assert act(district, later, "publish").json()["state"] == "published"
    assert district.get(url).json()["state"] == "withdrawn"
    acts = AuditEvent.objects.filter(act="publish_report").values_list("actor", flat=True)
    assert list(acts) == ["district", "district"]


def test_figures_that_changed_are_taken_anew_or_stand_for_a_reason(district, url):
    factories.worker("新来", w.SPRING, hired_on="2026-11-02")
    problem = refused(act(district, url, "sign"), 409, "conflict")
    assert "请先更新数据，或者写明沿用原数据的理由。" in problem["detail"]
    kept = act(district, url, "sign", {"keep_reason": "以期末台账为准"}).json()
    assert (kept["state"], kept["kept_reason"]) == ("signed", "以期末台账为准")


def test_draft_is_discarded_and_told_as_it_was(district, url):
    last = district.get(url).json()
    assert act(district, url, "discard").json() == last
    refused(district.get(url), 404, "not-found")


def test_remarks_on_a_section_that_is_not_there_are_refused(district, url):
    body = {"remarks": [{"section": "nonsense", "causes": "x"}]}
    problem = refused(act(district, url, "remarks", body), 400, "invalid-content")
    assert problem["detail"] == "报告没有这个部分：nonsense。"


@pytest.mark.parametrize("rest", ["refresh", "remarks", "sign", "reopen", "publish", "correct", "discard"])
def test_act_wants_the_state_that_was_read(district, url, rest):
    body = {"remarks": {"remarks": []}, "reopen": {"reason": "x"}, "correct": {"reason": "x"}}.get(rest, {})
    refused(post(district, f"{url}{rest}/", "a", body), 428, "precondition-required")
    refused(post(district, f"{url}{rest}/", "b", body, '"past"'), 412, "precondition-failed")


def test_offices_make_drafts_and_only_bureaus_sign(world, api):
    street = api(world.users.street, *SCOPES)
    made = post(street, "/api/v1/reports/", "a", BODY | {"division": w.STREET})
    url = made["Location"].removeprefix("http://testserver")
    assert act(street, url, "refresh").status_code == 200
    refused(act(street, url, "sign"), 403, "missing-permission")
    refused(post(street, "/api/v1/reports/", "b", BODY), 400, "invalid-content")
    refused(post(api(world.users.community, *SCOPES), f"{url}refresh/", "c", {}, '"x"'), 403, "missing-permission")
    refused(api(world.users.neighbour, *SCOPES).get(url), 404, "not-found")
    reader = api(world.users.district, Scope.REPORTS_READ)
    refused(act(reader, url, "sign"), 403, "missing-scope")


def test_list_asks_as_often_for_many_as_for_one(world, district, url):
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert district.get("/api/v1/reports/").status_code == 200
        return len(seen)

    asked()
    once = asked()
    for week in ("2026-W43", "2026-W44", "2026-W45"):
        post(district, "/api/v1/reports/", week, BODY | {"period": week})
    assert len(district.get("/api/v1/reports/").json()["results"]) == 4
    assert asked() == once <= LIST_QUERIES
