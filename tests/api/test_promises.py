"""REST of sessions, units, promises and ledger tasks: the acts of pages, with their walls and their sentences."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.accounts.roles import Scope
from tests import world as w
from tests.api.conftest import refused
from tests.proposals import cases, promised

WRITES = (Scope.PROPOSALS_READ, Scope.PROPOSALS_WRITE, Scope.REPORTS_READ, Scope.REPORTS_WRITE)


@pytest.fixture
def office(world, api, settings, tmp_path):
    settings.ATTACHMENT_DIR = tmp_path
    return api(cases.user("office"), *WRITES)


def post(client, url: str, key: str, body: dict, *, file: bool = False, tag: str = ""):
    headers = {"idempotency-key": key} | ({"if-match": tag} if tag else {})
    kind = {} if file else {"content_type": "application/json"}
    return client.post(url, body, headers=headers, **kind)


def act(client, url: str, rest: str, body: dict, **options):
    tag = client.get(url)["ETag"]
    return post(client, f"{url}{rest}/", f"{rest}{tag}", body, tag=tag, **options)


def proof() -> SimpleUploadedFile:
    return SimpleUploadedFile("佐证.pdf", promised.PDF)


def test_session_and_unit_are_entered_and_corrected(office):
    body = {"division": w.DISTRICT, "body": "cppcc", "place_name": "区政协", "term": 14, "meeting": 5}
    body |= {"opened_on": "2026-01-10", "closed_on": "2026-01-14"}
    made = post(office, "/api/v1/proposals/sessions/", "a", body)
    assert (made.status_code, made.json()["name"], made.json()["proposals"]) == (201, "区政协十四届五次会议", 0)
    refused(post(office, "/api/v1/proposals/sessions/", "b", body), 400, "invalid-content")
    refused(post(office, "/api/v1/proposals/sessions/", "c", body | {"division": "960102"}), 400, "invalid-content")
    url = made["Location"].removeprefix("http://testserver")
    del body["division"]
    assert act(office, url, "change", body | {"reply_by": "2026-06-30"}).json()["reply_by"] == "2026-06-30"
    unit = {"division": w.DISTRICT, "name": "东区民政局", "short": "区民政局", "heading": "东区民政局"}
    assert post(office, "/api/v1/proposals/units/", "d", unit).json()["closed_on"] is None
    assert [one["name"] for one in office.get("/api/v1/proposals/units/").json()["results"]] == ["东区民政局"]


def test_promise_is_made_by_the_unit_and_confirmed_by_the_office(office, api):
    part = promised.answered()
    unit = api(cases.user("lead_officer", "handler"), *WRITES)
    body = {"handling": part.pk, "text": "充实队伍", "owner": "丁经办", "due_on": "2026-12-20"}
    made = post(unit, "/api/v1/commitments/", "a", body)
    assert made.status_code == 201, made.content
    url = made["Location"].removeprefix("http://testserver")
    refused(act(office, url, "kept", {"words": "核实"}), 409, "conflict")
    done = act(unit, url, "progress", {"words": "全部到岗", "percent": "100", "file": proof()}, file=True).json()
    assert (done["percent"], done["steps"][-1]["evidence"]["name"]) == (100, "佐证.pdf")
    refused(act(unit, url, "kept", {"words": "核实"}), 403, "missing-permission")
    kept = act(office, url, "kept", {"words": "核实"}).json()
    assert (kept["state"], kept["result"]) == ("kept", "A")
    refused(act(office, url, "cancel", {"reason": "不再"}), 409, "conflict")


def test_promise_of_another_department_does_not_exist(world, api):
    held = promised.row(promised.answered())
    stranger = api(cases.user("stranger", "handler"), *WRITES)
    refused(stranger.get(f"/api/v1/commitments/{held.pk}/"), 404, "not-found")
    assert stranger.get("/api/v1/commitments/").json()["results"] == []


@time_machine.travel(date(2026, 11, 23), tick=False)
def test_task_is_reported_on_corrected_and_struck_off_by_another(office, api):
    task = promised.task(year=2026)
    url = f"/api/v1/ledger/tasks/{task.pk}/"
    said = {"period": "2026-10", "words": "完成备案。", "percent": 60}
    found = act(office, url, "reports", said).json()["reports"]
    report = next(one for one in found if one["period"] == "2026-10")
    assert (report["percent"], report["version"], report["standing"]) == (60, 1, "late")
    refused(act(office, url, "reports", said | {"words": "再报"}), 409, "conflict")
    refused(act(office, url, "reports", said | {"period": "2026-12"}), 409, "conflict")
    refused(act(office, url, "reports", said | {"period": "2026-13"}), 400, "invalid-content")
    assert act(office, url, "correct", said | {"percent": 70, "version": 1}).status_code == 200
    asked = act(office, url, "ask", {"evidence": "已挂牌。", "file": proof()}, file=True).json()
    assert (asked["state"], asked["evidence_file"]["name"]) == ("asked", "佐证.pdf")
    refused(act(office, url, "strike", {}), 409, "conflict")
    assert act(api(cases.user("leader"), *WRITES), url, "strike", {}).json()["state"] == "struck"


@pytest.mark.parametrize("prefix", ["commitments", "ledger/tasks"])
def test_list_asks_as_often_for_many_as_for_one(office, prefix):
    def make(number: int) -> None:
        if prefix == "commitments":
            promised.row(promised.answered(f"9{number}"))
        else:
            promised.task(due_on=date(2026, 12, 20 + number), posted_on=date(2026, 1, 5), year=2026)

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            office.get(f"/api/v1/{prefix}/")
        return len(seen)

    make(1)
    office.get(f"/api/v1/{prefix}/")
    once = asked()
    for number in (2, 3, 4):
        make(number)
    assert asked() == once
