"""ETag, If-None-Match, If-Match and Idempotency-Key."""

import threading
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.core.accounts.models import ApiToken
from portal.core.accounts.roles import Scope
from portal.core.audit.models import AuditEvent
from portal.core.findings.models import Finding, State
from portal.core.findings.reconcile import reconcile
from portal.core.web.conditional import require_match
from portal.core.web.idempotency import purge
from portal.core.web.models import IdempotencyRecord
from portal.core.web.problems import ProblemError
from portal.registry import INSPECTIONS
from tests import factories
from tests import world as w
from tests.api.conftest import new_token, refused
from workforce.actions.tallies import recount

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def finding(world) -> Finding:
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    return Finding.objects.get(division=w.SPRING)


@pytest.fixture
def street(world, api):
    return api(world.users.street, Scope.FINDINGS_READ, Scope.FINDINGS_WRITE)


def acknowledge(client, finding, key: str = "k1", note: str = "知道了", **headers):
    headers = {"idempotency-key": key, **headers} if key else headers
    return client.post(
        f"/api/v1/findings/{finding.pk}/acknowledge/", {"note": note}, "application/json", headers=headers
    )


def addresses(world, finding) -> list[str]:
    person = world.people["赵春"]
    return [
        "/api/v1/",
        "/api/v1/schema/",
        "/api/v1/staffing/",
        "/api/v1/divisions/",
        f"/api/v1/divisions/{w.SPRING}/",
        "/api/v1/workers/",
        f"/api/v1/workers/{person.pk}/",
        "/api/v1/appointments/",
        f"/api/v1/appointments/{person.appointments.first().pk}/",
        "/api/v1/findings/",
        f"/api/v1/findings/{finding.pk}/",
        "/api/v1/policies/",
    ]


def test_every_get_has_an_etag_and_is_answered_304(world, api, finding):
    client = api(world.users.city)
    for address in addresses(world, finding):
        first = client.get(address)
        assert first.status_code == 200, address
        for known in (first["ETag"], f'"other", {first["ETag"]}', "W/" + first["ETag"], "*"):
            again = client.get(address, headers={"if-none-match": known})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
            assert "Content-Type" not in again
            assert again["Cache-Control"] == first["Cache-Control"]
        for other in ('"other"', "", "junk", first["ETag"].strip('"')):
            assert client.get(address, headers={"if-none-match": other}).status_code == 200


@pytest.mark.parametrize("accept", ["text/csv", XLSX])
def test_sheets_have_etags_too(world, api, accept):
    client = api(world.users.city)
    first = client.get("/api/v1/staffing/", headers={"accept": accept})
    assert (
        client.get("/api/v1/staffing/", headers={"accept": accept, "if-none-match": first["ETag"]}).status_code == 304
    )
    other = client.get("/api/v1/staffing/")
    assert (
        client.get("/api/v1/staffing/", headers={"accept": accept, "if-none-match": other["ETag"]}).status_code == 200
    )


def test_etag_changes_with_the_figures(world, api):
    client = api(world.users.city)
    known = client.get("/api/v1/staffing/")["ETag"]
    factories.worker("新人", w.SPRING)
    recount()
    changed = client.get("/api/v1/staffing/", headers={"if-none-match": known})
    assert changed.status_code == 200
    assert changed["ETag"] != known


def test_etag_does_not_tell_of_rows_outside_the_territory(world, api):
    client = api(world.users.neighbour)
    known = client.get("/api/v1/staffing/")["ETag"]
    factories.worker("新人", w.SPRING)
    recount()
    assert client.get("/api/v1/staffing/")["ETag"] == known


def test_answers_with_personal_data_are_not_stored(world, api, finding):
    client = api(world.users.city)
    for address in addresses(world, finding):
        personal = "/workers/" in address or "/appointments/" in address
        response = client.get(address)
        assert response["Cache-Control"] == ("no-store" if personal else "private, no-cache")
        assert {"Accept", "Authorization", "Accept-Language"} <= set(response["Vary"].split(", "))


def test_change_with_the_present_etag_passes_whatever_was_read(street, finding):
    for fields in ("", "?fields=state"):
        tag = street.get(f"/api/v1/findings/{finding.pk}/{fields}")["ETag"]
        other = street.get(f"/api/v1/findings/{finding.pk}/{fields}", headers={"accept-language": "en"})["ETag"]
        assert tag.split(".")[0] == other.split(".")[0]
    assert acknowledge(street, finding, **{"if-match": tag}).status_code == 200


def test_change_with_a_past_etag_is_refused(street, finding):
    tag = street.get(f"/api/v1/findings/{finding.pk}/")["ETag"]
    Finding.objects.filter(pk=finding.pk).update(facts={})
    body = refused(acknowledge(street, finding, **{"if-match": tag}), 412, "precondition-failed")
    assert body["errors"] == [{"header": "If-Match", "detail": "不是对象现在的 ETag。"}]
    finding.refresh_from_db()
    assert finding.state == State.OPEN


@pytest.mark.parametrize("tag", ['"x"', "junk", ""])
def test_change_with_a_foreign_etag_is_refused(street, finding, tag):
    refused(acknowledge(street, finding, **{"if-match": tag}), 412, "precondition-failed")


def test_weak_etag_does_not_guard_a_change(street, finding):
    tag = "W/" + street.get(f"/api/v1/findings/{finding.pk}/")["ETag"]
    refused(acknowledge(street, finding, **{"if-match": tag}), 412, "precondition-failed")


def test_acknowledging_answers_with_the_new_state(street, finding, world):
    response = acknowledge(street, finding)
    body = response.json()
    assert (body["state"], body["acknowledged_by"], body["note"]) == ("acknowledged", "street", "知道了")
    assert body == street.get(f"/api/v1/findings/{finding.pk}/").json()


def test_post_without_key_is_refused(street, finding):
    for key in ("", " ", "x" * 256, "键"):
        response = street.post(
            f"/api/v1/findings/{finding.pk}/acknowledge/",
            {},
            "application/json",
            headers={"idempotency-key": key.encode().decode("latin-1")} if key else {},
        )
        refused(response, 400, "idempotency-key")
    finding.refresh_from_db()
    assert finding.state == State.OPEN


def test_retry_gets_the_same_answer_and_acts_once(street, finding):
    answers = [acknowledge(street, finding) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.content for answer in answers}) == 1
    assert [answer.get("Idempotency-Replayed") for answer in answers] == [None, "true", "true"]
    assert IdempotencyRecord.objects.count() == 1


def test_second_signature_is_a_conflict(street, finding):
    acknowledge(street, finding)
    body = refused(acknowledge(street, finding, key="k2"), 409, "conflict")
    assert body["detail"] == "该预警已由 street 签收。"
    assert IdempotencyRecord.objects.count() == 1


def test_same_key_for_other_content_is_refused(street, finding):
    acknowledge(street, finding)
    refused(acknowledge(street, finding, note="别的"), 422, "idempotency-mismatch")


def test_refusal_is_not_kept(street, finding):
    url = f"/api/v1/findings/{finding.pk}/acknowledge/"
    refused(street.post(url, {"x": 1}, "application/json", headers={"idempotency-key": "k1"}), 400, "invalid-content")
    assert acknowledge(street, finding).status_code == 200


def test_key_belongs_to_its_token(world, api, finding, street):
    acknowledge(street, finding)
    district = api(world.users.district, Scope.FINDINGS_WRITE)
    refused(acknowledge(district, finding), 409, "conflict")


def test_key_is_free_again_after_a_day(street, finding):
    acknowledge(street, finding)
    IdempotencyRecord.objects.update(created_at=timezone.now() - timedelta(hours=25))
    refused(acknowledge(street, finding, note="别的"), 409, "conflict")
    acknowledge(street, finding, key="k2")
    assert purge() == 1


def test_fault_after_the_act_leaves_neither_act_nor_record(street, finding, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("portal.core.web.idempotency._keep", broken)
        street.raise_request_exception = False
        assert acknowledge(street, finding).status_code == 500
    finding.refresh_from_db()
    assert (finding.state, IdempotencyRecord.objects.count()) == (State.OPEN, 0)
    assert acknowledge(street, finding).status_code == 200


def test_who_may_look_but_not_handle_is_told_so(world, api):
    user = factories.user("mixed", ("community", w.SPRING), ("street", w.NEIGHBOUR))
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    finding = Finding.objects.get(division=w.SPRING)
    refused(acknowledge(api(user, *Scope), finding), 403, "forbidden")


@pytest.mark.django_db(transaction=True)
def test_concurrent_retries_act_once(settings):
    """Real connections: one of the calls acts, the others are told to wait or get the same answer."""
    settings.REST_CONCURRENT = 8
    world = w.build()
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    finding = Finding.objects.get(division=w.SPRING)
    secret = new_token(world.users.street, Scope.FINDINGS_WRITE)
    ApiToken.objects.update(last_used_at=timezone.now())
    found, start = [], threading.Barrier(8)

    def call():
        from django.db import connection  # noqa: PLC0415

        client = Client(headers={"authorization": f"Bearer {secret}"})
        start.wait()
        response = acknowledge(client, finding)
        found.append((response.status_code, response.get("Idempotency-Replayed")))
        connection.close()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count((200, None)) == 1
    assert set(found) <= {(200, None), (200, "true"), (409, None)}
    assert IdempotencyRecord.objects.count() == 1
    assert Finding.objects.get(pk=finding.pk).note == "知道了"
    assert not AuditEvent.objects.filter(act="access_refused").exists()


def test_change_that_must_be_guarded_names_what_is_missing(rf):
    request = rf.put("/api/v1/findings/1/")
    with pytest.raises(ProblemError) as missing:
        require_match(request, "state")
    assert (missing.value.status_code, missing.value.errors[0]["header"]) == (428, "If-Match")
    require_match(request, "state", obligatory=False)
    require_match(rf.put("/", headers={"if-match": '"other", "state.content"'}), "state")
