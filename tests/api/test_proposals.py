"""REST of proposals: who sees which, filters, and bringing them by session and number."""

from datetime import date

import pytest

from portal.core.accounts.roles import Scope
from proposals.models import Proposal
from proposals.serializers.cases import ProposalBody
from tests import world as w
from tests.api.conftest import refused
from tests.proposals import cases

URL = "/api/v1/proposals/"
BODY = {**ProposalBody.example, "division": w.DISTRICT}


@pytest.fixture
def office(world, api):
    cases.session()
    return api(cases.user("office"), Scope.PROPOSALS_READ, Scope.PROPOSALS_WRITE)


def bring(client, key="a", **changes):
    body = {name: value for name, value in {**BODY, **changes}.items() if value is not None}
    headers = {"idempotency-key": key} | ({"if-match": changes.pop("etag")} if "etag" in changes else {})
    body.pop("etag", None)
    return client.post(URL, body, "application/json", headers=headers)


def titles(response):
    assert response.status_code == 200, response.content
    return [one["number"] for one in response.json()["results"]]


def test_list_filters_and_search(office):
    lead = cases.unit()
    first = cases.proposal("1", "关于养老服务的提案")
    cases.handling(first, lead, due_on=date(2026, 5, 11), due_kind="reply")
    cases.handling(first, cases.unit("区人社局"), "co")
    made = bring(office, number="2", title="关于社区食堂的提案")
    assert made.status_code == 201
    assert titles(office.get(URL)) == ["1", "2"]
    assert titles(office.get(URL, {"session": first.session_id, "state": "handling", "lead": lead.pk})) == ["1"]
    assert titles(office.get(URL, {"session": "", "state": "", "lead": ""})) == ["1", "2"]
    assert titles(office.get(URL, {"search": "社区食堂 甲某"})) == ["2"]
    assert titles(office.get(URL, {"body": "npc"})) == titles(office.get(URL, {"search": "。"})) == []
    assert titles(office.get(URL, {"division": w.DISTRICT})) == ["1", "2"]
    refused(office.get(URL, {"division": "960102"}), 404, "not-found")
    row = office.get(f"{URL}{first.pk}/").json()
    assert row["session"] == {
        "id": first.session_id,
        "body": "cppcc",
        "term": 14,
        "meeting": 5,
        "name": "区政协十四届五次会议",
    }
    assert (row["number"], row["proposers"], row["state"], row["division"]["code"]) == (
        "1",
        ["甲委员"],
        "handling",
        w.DISTRICT,
    )
    assert [(part["unit"]["name"], part["role"], part["due_on"]) for part in row["handlings"]] == [
        ("东区民政局", "lead", "2026-05-11"),
        ("东区人社局", "co", None),
    ]


def test_each_sees_what_its_unit_takes_part_in(world, api, office):
    officer = cases.user("officer", "handler")
    mine, theirs = cases.proposal("1"), cases.proposal("2")
    cases.handling(mine, cases.unit("区人社局", w.DISTRICT, officer), "co")
    reader = api(officer, Scope.PROPOSALS_READ)
    assert titles(reader.get(URL)) == ["1"]
    refused(reader.get(f"{URL}{theirs.pk}/"), 404, "not-found")
    assert titles(api(world.users.city, Scope.PROPOSALS_READ).get(URL)) == ["1", "2"]
    assert titles(api(cases.user("west", "district", "960102"), Scope.PROPOSALS_READ).get(URL)) == []
    refused(api(world.users.street, Scope.PROPOSALS_READ).get(URL), 403, "missing-permission")
    refused(bring(api(officer, Scope.PROPOSALS_WRITE)), 403, "missing-permission")


def test_brought_once_then_unchanged_then_corrected(office):
    first, same_key, again = bring(office), bring(office), bring(office, "b")
    assert [one.status_code for one in (first, same_key, again)] == [201, 201, 200]
    assert first["Location"].endswith(f"{URL}{first.json()['id']}/")
    made = Proposal.objects.get()
    assert (made.number, made.state, made.version, made.proposers.first().phone) == ("0023", "filed", 1, "0000-0000000")
    third = bring(office, "c", title="关于养老驿站的提案", proposers=[{"name": "丙某"}], proposers_count=None,
                  proposer_type="member")  # fmt: skip
    made.refresh_from_db()
    assert (third.status_code, made.title, made.version, made.proposers_count) == (200, "关于养老驿站的提案", 2, 1)
    assert third.json()["text"] == BODY["text"]
    refused(bring(office, "c"), 422, "idempotency-mismatch")


def test_if_match_guards_a_correction(office):
    made = bring(office).json()
    etag = office.get(f"{URL}{made['id']}/")["ETag"]
    assert bring(office, "b", etag=etag, title="关于食堂的提案").status_code == 200
    refused(bring(office, "c", etag=etag, title="关于养老的提案"), 412, "precondition-failed")
    assert Proposal.objects.get().title == "关于食堂的提案"


def test_what_does_not_fit_is_told_by_its_member(office):
    cases.session(body="npc", place_name="区人大")
    body = refused(bring(office, body="npc", proposer_type="party", proposers_count=5), 400, "invalid-content")
    assert {one["pointer"] for one in body["errors"]} == {"#/title", "#/proposer_type", "#/proposers_count"}
    for changes, pointer in (
        ({"division": "960102"}, "#/division"),
        ({"meeting": 9}, "#/meeting"),
        ({"number": "第号"}, "#/number"),
        ({"colour": "red"}, "#/colour"),
        ({"proposers": [{"name": "甲某"}, {"name": "甲某"}]}, "#/proposers"),
    ):
        body = refused(bring(office, **changes), 400, "invalid-content")
        assert [one["pointer"] for one in body["errors"]] == [pointer]
    assert not Proposal.objects.exists()


def test_closed_case_is_a_conflict(office):
    bring(office)
    Proposal.objects.update(state="closed", assigned_on=date(2026, 2, 1))
    refused(bring(office, "b", title="关于食堂的提案"), 409, "conflict")
    assert bring(office, "c").status_code == 200


def test_list_as_a_sheet(office):
    bring(office)
    answer = office.get(URL, headers={"accept": "text/csv"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer.status_code == 200 and len(lines) == 2 and "0023" in lines[1] and "甲某;乙某" in lines[1]
