"""Tokens, scopes and the wall: what a caller may not see answers like what does not exist."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from portal.api import router
from portal.core.accounts.models import ApiToken, Grant
from portal.core.accounts.roles import PERMISSIONS, Perm, Scope
from portal.core.accounts.tokens import create_token, rotate_token
from portal.core.audit.models import AuditEvent
from portal.core.findings.models import Finding
from portal.core.findings.reconcile import reconcile
from portal.registry import INSPECTIONS
from tests import factories
from tests import world as w
from tests.api.conftest import new_token, refused
from tests.api.records import MAKERS, key_of, make_all
from workforce.models import Transfer

LISTS = ("staffing", "divisions", "workers", "appointments", "certificates", "registrations", "findings", "policies")
LISTS += ("contracts", "training/classes", "training/enrolments", "establishments", "post-applications", "terms")
LISTS += ("grids", "grades", "assessments", "review-cases", "transfers", "imports")
LISTS += ("directed-posts", "awards", "nominations")
LISTS += ("ratings/results", "ratings/scores")
LISTS += ("reports", "publications", "ledger/tasks")
# Resources whose records are there for these tests to act on.
ACTED = ("proposals/sessions", "proposals/units", "commitments", "ledger/tasks", "reports")
WITH_FILE = ("progress", "ask")  # multipart, for a file may come with them
OPERATIONS = [
    (prefix, action, operation)
    for prefix, viewset, _basename in router.registry
    for action, operation in viewset.operations.items()
]
USERS = ("city", "district", "street", "community", "handler", "auditor", "system_admin", "security_admin")


def address(world, prefix: str, action: str) -> str:
    if action in ("list", "create"):
        return f"/api/v1/{prefix}/"
    key = key_of(prefix, world.people["赵春"], w.SPRING) if prefix in MAKERS else _key(world, prefix)
    return f"/api/v1/{prefix}/{key}/" + ("" if action == "retrieve" else f"{action}/")


def _key(world, prefix: str) -> str:
    return {
        "divisions": w.SPRING,
        "findings": str(Finding.objects.values_list("pk", flat=True).first() or 1),
        "supervisions": "1",
        "transfers": str(Transfer.objects.values_list("pk", flat=True).first() or 1),
        "workers": str(world.people["赵春"].pk),
        "appointments": str(world.people["赵春"].appointments.first().pk),
        "certificates": str(world.people["赵春"].certificates.first().pk),
        "contracts": str(world.people["赵春"].contracts.get().pk),
    }[prefix]


def call(client, url: str, action: str):
    if action in ("list", "retrieve", "report", "annotated"):
        return client.get(url)
    kind = {} if action in WITH_FILE else {"content_type": "application/json"}
    return client.post(url, {}, headers={"idempotency-key": url}, **kind)


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Basic eDp5", "Bearer x", "Bearer cwp_wrong", "Bearer a b", "Bearer 令牌"]
)
def test_without_a_valid_token_the_answer_is_401(world, header):
    headers = {"authorization": header.encode().decode("latin-1")} if header is not None else {}
    response = Client(headers=headers).get("/api/v1/staffing/")
    refused(response, 401, "unauthenticated")
    assert response["WWW-Authenticate"].startswith('Bearer realm="api"')


def test_replaced_token_works_on_for_the_overlap_and_then_no_more(world):
    user = world.users.city
    old, old_secret = create_token(user=user, name="x", scopes=["stats:read"], days=90, by=user)
    _new, new_secret = rotate_token(token=old, overlap_days=7, by=user)

    def statuses() -> list[int]:
        clients = (Client(headers={"authorization": f"Bearer {secret}"}) for secret in (old_secret, new_secret))
        return [client.get("/api/v1/staffing/").status_code for client in clients]

    assert statuses() == [200, 200]
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=-1)):
        assert statuses() == [200, 200]
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert statuses() == [401, 200]


@pytest.mark.parametrize("fault", ["expired", "revoked", "inactive", "deleted"])
def test_token_that_ended_is_refused_at_the_next_call(world, api, fault):
    user = world.users.city
    client = api(user)
    assert client.get("/api/v1/staffing/").status_code == 200
    if fault == "expired":
        ApiToken.objects.update(expires_at=timezone.now())
    elif fault == "revoked":
        ApiToken.objects.update(revoked_at=timezone.now())
    elif fault == "deleted":
        ApiToken.objects.all().delete()
    else:
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    response = client.get("/api/v1/staffing/")
    refused(response, 401, "unauthenticated")
    assert response["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "division"])
def test_token_in_the_address_is_refused_and_not_repeated(world, api, name):
    secret = new_token(world.users.city)
    response = api(world.users.city).get("/api/v1/staffing/", {name: secret})
    refused(response, 400, "token-in-address")
    assert secret not in response.content.decode()


def test_last_use_is_written_once_a_minute(world, api):
    client = api(world.users.city)
    client.get("/api/v1/")
    first = ApiToken.objects.get().last_used_at
    client.get("/api/v1/")
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
    client.get("/api/v1/")
    assert ApiToken.objects.get().last_used_at > first


def test_every_operation_needs_its_scope(world, api):
    for prefix, action, operation in OPERATIONS:
        others = [scope for scope in Scope if scope != operation.scope]
        body = refused(
            call(api(world.users.city, *others), address(world, prefix, action), action), 403, "missing-scope"
        )
        assert operation.scope in body["detail"]
        refusal = AuditEvent.objects.latest("id")
        assert (refusal.act, refusal.actor, refusal.outcome) == ("access_refused", "city", "refused")
        assert refusal.detail["scope"] == operation.scope


@pytest.mark.parametrize("user", USERS)
def test_every_operation_needs_its_permission(world, api, user):
    account = getattr(world.users, user)
    roles = Grant.objects.filter(user=account).values_list("role", flat=True)
    client = api(account, *Scope)
    for prefix, action, operation in OPERATIONS:
        response = call(client, address(world, prefix, action), action)
        if any(operation.perm in PERMISSIONS[role] for role in roles):
            # What is no refusal of rights: a body that is missing, an import that is past the act.
            usual = (400, 415) if action == "create" else (200, 404, 409, 428) if prefix == "imports" else (200, 404)
            usual += (400, 415, 428) if prefix in ACTED else ()
            assert response.status_code in usual, response.content
        else:
            refused(response, 403, "missing-permission")


def test_anonymous_sees_nothing(world):
    for prefix, action, _operation in OPERATIONS:
        refused(call(Client(), address(world, prefix, action), action), 401, "unauthenticated")
    refused(Client().get("/api/v1/"), 401, "unauthenticated")


def test_foreign_record_answers_like_a_missing_one(world, api):
    client = api(world.users.outsider, *Scope)
    nobody = "00000000-0000-4000-8000-000000000000"
    missing = {"divisions": "950000", "workers": nobody, "imports": nobody}
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    factories.transfer(world.people["周秋"], w.AUTUMN, w.SUMMER)
    for prefix, action, _operation in OPERATIONS:
        if action in ("list", "create"):
            continue
        foreign = address(world, prefix, action)
        key = foreign.removeprefix(f"/api/v1/{prefix}/").split("/")[0]
        absent = foreign.replace(f"/{key}/", f"/{missing.get(prefix, '999999999')}/")
        bodies = [refused(call(client, url, action), 404, "not-found") for url in (foreign, absent)]
        assert len({body["detail"] for body in bodies}) == 1
        assert [body["instance"] for body in bodies] == [foreign, absent]


@pytest.mark.parametrize("accept", ["application/json", "text/csv"])
def test_neighbours_rows_exist_and_are_absent(world, api, accept):
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    make_all(world.people["周秋"], w.AUTUMN)
    factories.transfer(world.people["周秋"], w.AUTUMN, w.FAR)
    secret = {w.AUTUMN, "秋叶社区", str(world.people["周秋"].pk)}

    def seen(user, prefix: str) -> set[str]:
        query = {"level": "community"} if prefix in ("staffing", "divisions") else {}
        text = api(user, *Scope).get(f"/api/v1/{prefix}/", query, headers={"accept": accept}).getvalue().decode()
        return {word for word in secret if word in text}

    for prefix in LISTS:
        assert prefix == "policies" or seen(world.users.neighbour, prefix)
        assert seen(world.users.street, prefix) == set()


def test_foreign_division_as_filter_is_missing(world, api):
    client = api(world.users.street, *Scope)
    for prefix in LISTS:
        name = "under" if prefix == "divisions" else "division"
        for code in (w.NEIGHBOUR, "96", "970101", "955555"):
            refused(client.get(f"/api/v1/{prefix}/", {name: code}), 404, "not-found")


def test_right_taken_away_counts_at_the_next_call(world, api):
    client = api(world.users.street)
    assert client.get("/api/v1/staffing/").json()["results"]
    Grant.objects.filter(user=world.users.street).delete()
    refused(client.get("/api/v1/staffing/"), 403, "missing-permission")


def test_permission_elsewhere_does_not_open_this_place(world, api):
    user = factories.user("mixed", ("community", w.SPRING), ("street", w.NEIGHBOUR))
    assert user.can(Perm.EXPORT_ROSTER)
    response = api(user).get("/api/v1/workers/", {"fields": "name"}, headers={"accept": "text/csv"})
    assert "周秋" in response.getvalue().decode()
    assert "赵春" not in response.getvalue().decode()
