"""REST of a unit's part: what may follow by the state table, and taking a step under the same conditions as a page."""

import pytest
import time_machine

from portal.core.accounts.roles import Scope
from proposals.actions.deadlines import start
from proposals.models import Handling
from tests.api.conftest import refused
from tests.proposals import cases


@pytest.fixture
def part(world):
    return cases.handling(cases.proposal(), stage="assigned", signed_for_on=None)


@pytest.fixture
def office(world, api):
    return api(cases.user("office"), Scope.PROPOSALS_READ, Scope.PROPOSALS_WRITE)


def url(part, rest: str = "") -> str:
    return f"/api/v1/proposals/{part.proposal_id}/handlings/{part.pk}/{rest}"


def take(client, part, key: str = "k", *, tag: str = "", **body):
    headers = {"idempotency-key": key, "if-match": tag or client.get(url(part))["ETag"]}
    return client.post(url(part, "steps/"), body, "application/json", headers=headers)


def test_part_tells_the_steps_that_may_follow(office, part):
    found = office.get(url(part)).json()
    assert (found["stage"], found["role"], found["proposal"]) == ("assigned", "lead", part.proposal_id)
    assert found["steps"] == [
        {"key": "sign_for", "to": "handling", "who": "unit"},
        {"key": "request_return", "to": "return_requested", "who": "unit"},
        {"key": "withdraw", "to": "withdrawn", "who": "office"},
    ]


def test_step_is_taken_once_and_moves_the_part(office, part):
    tag = office.get(url(part))["ETag"]
    given = {"step": "sign_for", "section": "基政科", "officer": "科员甲"}
    answers = [take(office, part, tag=tag, **given) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (answers[0].json()["stage"], answers[0].json()["section"]) == ("handling", "基政科")
    part.refresh_from_db()
    assert (part.stage, part.moves.count()) == ("handling", 1)


def test_past_state_missing_reason_and_step_that_is_not_open_are_refused(office, part):
    tag = office.get(url(part))["ETag"]
    refused(take(office, part, "a", step="send_back"), 409, "conflict")
    body = refused(take(office, part, "b", step="withdraw"), 400, "invalid-content")
    assert body["errors"][0]["pointer"] == "#/words"
    refused(take(office, part, "c", step="sign"), 400, "invalid-content")
    Handling.objects.filter(pk=part.pk).update(version=9)
    refused(take(office, part, "d", tag=tag, step="sign_for"), 412, "precondition-failed")
    headers = {"idempotency-key": "e"}
    refused(office.post(url(part, "steps/"), {"step": "sign_for"}, "application/json", headers=headers), 428, "precondition-required")  # fmt: skip


def test_part_of_another_department_does_not_exist(world, api, part):
    stranger = api(cases.user("stranger", "handler"), Scope.PROPOSALS_READ)
    refused(stranger.get(url(part)), 404, "not-found")
    other = cases.handling(cases.proposal("0024"))
    office = api(cases.user("office"), Scope.PROPOSALS_READ)
    refused(office.get(f"/api/v1/proposals/{other.proposal_id}/handlings/{part.pk}/"), 404, "not-found")


@pytest.fixture
def officer(world, api):
    """Somebody of the lead department."""
    cases.unit("区民政局", cases.w.DISTRICT, world.users.handler)
    return api(world.users.handler, Scope.PROPOSALS_READ, Scope.PROPOSALS_WRITE)


def act(client, part, rest: str, key: str = "", **body):
    headers = {"idempotency-key": key or f"{rest}{part.pk}", "if-match": client.get(url(part))["ETag"]}
    return client.post(url(part, f"{rest}/"), body, "application/json", headers=headers)


def test_officer_of_a_department_works_on_the_own_part(officer, part):
    assert take(officer, part, step="sign_for", officer="科员甲").json()["stage"] == "handling"
    told = {"when": "before", "mode": "visit", "on": "2026-02-20", "people": "甲委员", "words": "面商。"}
    assert [one["people"] for one in act(officer, part, "contacts", **told).json()["contacts"]] == ["甲委员"]
    assert act(officer, part, "officer", section="基政科", officer="科员乙").json()["officer"] == "科员乙"
    cases.handling(part.proposal, cases.unit("区人社局"), "co")
    refused(take(officer, part, "c", step="submit_draft"), 409, "conflict")
    assert (
        take(officer, part, "d", step="request_return", words="不属于本单位职责。").json()["stage"]
        == "return_requested"
    )


def test_officer_takes_no_step_of_the_office_nor_of_another_unit(officer, part):
    refused(take(officer, part, "a", step="withdraw", words="改派。"), 403, "forbidden")
    refused(act(officer, part, "waive", words="不再需要。"), 403, "missing-permission")
    beside = cases.handling(part.proposal, cases.unit("区人社局"), "co")
    assert officer.get(url(beside)).status_code == 200
    refused(act(officer, beside, "opinion", words="同意。"), 403, "forbidden")
    away = cases.handling(cases.proposal("0099"), cases.unit("区人社局"))
    headers = {"idempotency-key": "x", "if-match": "*"}
    refused(officer.post(url(away, "steps/"), {"step": "sign_for"}, "application/json", headers=headers), 404, "not-found")  # fmt: skip


def test_opinion_is_given_rewritten_and_waived(world, api, office, part):
    unit = cases.unit("区人社局", cases.w.DISTRICT, world.users.handler)
    co = cases.handling(part.proposal, unit, "co")
    officer = api(world.users.handler, Scope.PROPOSALS_READ, Scope.PROPOSALS_WRITE)
    given = act(officer, co, "opinion", words="同意。", result="A").json()
    assert (given["stage"], given["opinion"]["words"], given["opinion"]["result"]) == ("opinion_given", "同意。", "A")
    assert act(officer, co, "opinion", "again", words="原则同意。").json()["opinion"]["words"] == "原则同意。"
    other = cases.handling(part.proposal, cases.unit("区卫健委"), "co")
    assert act(office, other, "waive", words="职能已划转。").json()["opinion"]["waived_because"] == "职能已划转。"


def test_longer_period_is_asked_by_one_and_decided_by_another(officer, office, part):
    start(part, "reply", cases.ASSIGNED)
    due = part.deadlines.get().due_on
    with time_machine.travel(due, tick=False):
        asked = act(officer, part, "extensions", months=6, reason="须实地核查。", told_on=due.isoformat())
        assert [one["agreed"] for one in asked.json()["extensions"]] == [None]
        decided = act(office, part, "extensions/decision", agreed=True)
        assert [one["agreed"] for one in decided.json()["extensions"]] == [True]
        refused(act(office, part, "extensions/decision", "more", agreed=True), 409, "conflict")
    assert part.deadlines.get().due_on > due


def test_clock_is_stopped_and_runs_again(office, part):
    stopped = act(office, part, "suspend", starts_on="2026-02-20", reason="等待勘察。", consent="电话同意。")
    assert stopped.json()["suspended"] is True
    assert act(office, part, "resume", ends_on="2026-03-01").json()["suspended"] is False
    body = refused(act(office, part, "resume", "again", ends_on="2026-03-01", x=1), 400, "invalid-content")
    assert body["errors"][0]["pointer"] == "#/x"
