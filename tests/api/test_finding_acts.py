"""`findings/` beyond reading: whose it is, plan, excuse, take back; the guards; notices and the run log."""

from datetime import timedelta

import pytest

from portal.core.accounts.roles import Scope
from portal.core.findings.models import Finding, Trigger
from portal.core.findings.runs import run
from portal.core.findings.supervision import issue_supervision
from tests import world as w
from tests.api.conftest import refused
from tests.core.findings.makers import finding, inspection

BOTH = (Scope.FINDINGS_READ, Scope.FINDINGS_WRITE)


def url(found: Finding, act: str = "") -> str:
    return f"/api/v1/findings/{found.pk}/" + (f"{act}/" if act else "")


def post(client, found: Finding, act: str, body: dict, *, tag: str = "read", key: str = "k"):
    headers = {"idempotency-key": key}
    if tag:
        headers["if-match"] = client.get(url(found))["ETag"] if tag == "read" else tag
    return client.post(url(found, act), body, "application/json", headers=headers)


def subjects(client, **query) -> list[int]:
    response = client.get("/api/v1/findings/", query)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_plan_excuse_and_reopen(world, api):
    found, client = finding(w.SPRING), api(world.users.street, *BOTH)
    day = (world.today + timedelta(days=9)).isoformat()
    planned = post(client, found, "plan", {"planned_for": day, "note": "招人"}).json()
    assert (planned["state"], planned["planned_for"], planned["note"], planned["acknowledged_by"]) == (
        "planned", day, "招人", "street",
    )  # fmt: skip
    excused = post(client, found, "excuse", {"excused_until": day, "note": "产假"}, key="k2").json()
    assert (excused["state"], excused["planned_for"], excused["excused_until"]) == ("excused", None, day)
    opened = post(client, found, "reopen", {}, key="k3").json()
    assert (opened["state"], opened["excused_until"]) == ("acknowledged", None)


@pytest.mark.parametrize("act", ["plan", "excuse", "reopen"])
def test_change_without_or_with_an_old_tag_is_refused(world, api, act):
    found, client = finding(w.SPRING), api(world.users.street, *BOTH)
    day = world.today.isoformat()
    body = {"plan": {"planned_for": day}, "excuse": {"excused_until": day, "note": "x"}, "reopen": {}}[act]
    refused(post(client, found, act, body, tag=""), 428, "precondition-required")
    refused(post(client, found, act, body, tag='"old.tag"'), 412, "precondition-failed")
    found.refresh_from_db()
    assert (found.state, found.version) == ("open", 1)


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("plan", {}),
        ("plan", {"planned_for": "soon"}),
        ("plan", {"planned_for": "2026-12-31", "state": "resolved"}),
        ("excuse", {"excused_until": "2026-12-31"}),
        ("excuse", {"excused_until": "2026-12-31", "note": ""}),
        ("excuse", {"note": "x"}),
    ],
)
def test_faulty_body_is_refused(world, api, act, body):
    found, client = finding(w.SPRING), api(world.users.street, *BOTH)
    assert post(client, found, act, body).status_code == 400
    found.refresh_from_db()
    assert found.version == 1


def test_day_gone_by_and_state_that_does_not_admit_it_are_conflicts(world, api):
    found, client = finding(w.SPRING), api(world.users.street, *BOTH)
    assert post(client, found, "plan", {"planned_for": "2020-01-01"}).status_code == 409
    assert post(client, found, "reopen", {}).status_code == 409
    Finding.objects.update(state="resolved", resolved_on=world.today)
    assert post(client, found, "plan", {"planned_for": world.today.isoformat()}, key="k2").status_code == 409


def test_finding_that_went_up_is_read_only_below(world, api):
    found = finding(w.SPRING, held_level=3)
    body = {"planned_for": world.today.isoformat()}
    assert post(api(world.users.street, *BOTH), found, "plan", body).status_code == 403
    assert post(api(world.users.district, *BOTH), found, "plan", body).status_code == 200


def test_list_is_filtered_by_kind_place_holder_and_due_day(world, api):
    mine = finding(w.SPRING, kind="certificate_deadline", due_on=world.today)
    up = finding(w.SPRING, kind="certificate_deadline", held_level=3)
    other = finding(w.AUTUMN, kind="staffing", facts=STAFFING)
    client = api(world.users.district, *BOTH)
    assert subjects(client, kind="staffing", division=w.DISTRICT) == [other.pk]
    assert subjects(client, holder="mine") == [up.pk]
    assert subjects(client, holder="street") == [mine.pk, other.pk]
    assert subjects(client, due_before=(world.today + timedelta(days=1)).isoformat()) == [mine.pk]
    assert subjects(client, due_before=world.today.isoformat()) == []
    refused(client.get("/api/v1/findings/", {"holder": "nobody"}), 400, "invalid-parameter")


STAFFING = {
    "level": 5, "workers": 0, "population": 1000, "basis": "ledger", "population_on": "2026-01-01", "heads": 18,
    "per": 10000, "required": 2, "gap": 2, "document": "x", "article": "", "on": "2026-01-01",
}  # fmt: skip


def test_person_is_named_to_tokens_that_may_read_the_roster(world, api):
    person = world.people["钱风"]
    finding(w.SPRING, facts={"person": str(person.pk)})

    def named(*scopes):
        return api(world.users.street, *scopes).get("/api/v1/findings/").json()["results"][0]["person"]

    assert named(Scope.FINDINGS_READ) is None
    assert named(Scope.FINDINGS_READ, Scope.ROSTER_READ) == {"id": str(person.pk), "name": "钱风"}


@pytest.mark.parametrize("count", [1, 3])
def test_queries_stay_the_same(world, api, count, django_assert_num_queries):
    for name in ("钱风", "赵春", "郑专")[:count]:
        finding(w.SPRING, facts={"person": str(world.people[name].pk)})
    client = api(world.users.street, Scope.FINDINGS_READ, Scope.ROSTER_READ)
    client.get("/api/v1/findings/")
    with django_assert_num_queries(5):
        assert len(client.get("/api/v1/findings/").json()["results"]) == count


def test_notices_are_read_where_they_belong(world, api):
    found = finding(w.SPRING)
    notice = issue_supervision(findings=[found], text="请核实", working_days=5, by=world.users.district)
    body = api(world.users.street, Scope.FINDINGS_READ).get(f"/api/v1/supervisions/{notice.pk}/").json()
    steps = body.pop("steps")
    assert body == {
        "id": notice.pk,
        "number": notice.number,
        "issuer": {"code": w.DISTRICT, "name": "东区"},
        "division": {"code": w.STREET, "name": "一号街道"},
        "state": "issued",
        "text": "请核实",
        "issued_on": world.today.isoformat(),
        "working_days": 5,
        "due_on": notice.due_on.isoformat(),
        "overdue": False,
        "closed_on": None,
        "findings": [found.pk],
    }
    assert [(step["state"], step["text"], step["by"]) for step in steps] == [("issued", "请核实", "district")]
    neighbour = api(world.users.neighbour, Scope.FINDINGS_READ)
    refused(neighbour.get(f"/api/v1/supervisions/{notice.pk}/"), 404, "not-found")
    assert neighbour.get("/api/v1/supervisions/").json()["results"] == []
    listed = api(world.users.city, Scope.FINDINGS_READ).get(
        "/api/v1/supervisions/", {"division": w.STREET, "state": "issued"}
    )
    assert [row["id"] for row in listed.json()["results"]] == [notice.pk]


def test_run_log_gives_numbers_only_to_those_who_see_all(world, api):
    run(inspection({"a": w.AUTUMN}), on=world.today, trigger=Trigger.NIGHTLY)

    def row(user):
        return (
            api(user, Scope.FINDINGS_READ)
            .get("/api/v1/inspection-runs/", {"on": world.today.isoformat()})
            .json()["results"][0]
        )

    whole, part = row(world.users.city), row(world.users.street)
    assert (whole["state"], whole["trigger"], whole["subjects"], whole["opened"]) == ("done", "nightly", 1, 1)
    assert (part["state"], part["subjects"], part["opened"], part["resolved"]) == ("done", None, None, None)
