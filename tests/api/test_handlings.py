"""REST of a unit's part: what may follow by the state table, and taking a step under the same conditions as a page."""

import pytest

from portal.core.accounts.roles import Scope
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


def test_officer_reads_the_own_part_and_takes_no_step(world, api, part):
    cases.unit("区民政局", cases.w.DISTRICT, world.users.handler)
    officer = api(world.users.handler, Scope.PROPOSALS_READ, Scope.PROPOSALS_WRITE)
    assert officer.get(url(part)).status_code == 200
    refused(take(officer, part, step="sign_for"), 403, "missing-permission")
