"""A REST client for any user and scopes; refusals are checked for their form wherever they occur."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.core.accounts.models import ApiToken
from portal.core.accounts.roles import Scope

READS = (Scope.STATS_READ, Scope.ROSTER_READ, Scope.FINDINGS_READ, Scope.POLICIES_READ)


def new_token(user, *scopes: str) -> str:
    secret = ApiToken.new_secret()
    ApiToken.objects.create(
        user=user,
        name="test",
        prefix=secret[:12],
        digest=ApiToken.digest_of(secret),
        scopes=list(scopes or READS),
        expires_at=timezone.now() + timedelta(days=1),
    )
    return secret


@pytest.fixture
def api():
    """`api(user, *scopes)` gives a client with a fresh token; without scopes it may read everything."""

    def authorised(user, *scopes: str) -> Client:
        return Client(headers={"authorization": f"Bearer {new_token(user, *scopes)}"})

    return authorised


def refused(response, status: int, slug: str) -> dict:
    """Asserts that a response is a problem document of that status and type; returns it."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == f"urn:problem-type:portal:{slug}"
    assert set(body) - {"errors"} == {"type", "title", "status", "detail", "instance", "request_id"}
    assert body["status"] == status
    assert body["title"] and body["detail"]
    assert body["request_id"] == response["X-Request-ID"]
    return body
