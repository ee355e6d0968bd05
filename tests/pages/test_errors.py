"""What people and systems see when something fails."""

import json
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from tests import world as w


def refuse(*arguments, **named):
    raise OperationalError("server closed the connection unexpectedly")


def without_database():
    """The database refuses every query."""
    return patch("django.db.backends.utils.CursorWrapper._execute", refuse)


def test_page_while_the_database_is_away_is_503_with_retry(world, login):
    client = login(world.users.street)
    client.raise_request_exception = False
    with without_database():
        response = client.get(reverse("division", args=[w.STREET]))
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert "text/html" in response["Content-Type"]


def test_rest_while_the_database_is_away_is_a_problem(world):
    client = Client(raise_request_exception=False, headers={"authorization": "Bearer cwp_x"})
    with without_database():
        response = client.get("/api/v1/staffing/")
    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["status"] == 503


def test_fault_of_ours_says_so_without_details(world, login, monkeypatch):
    def broken(*arguments, **named):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("portal.pages.divisions.StaffingTable", broken)
    client = login(world.users.street)
    client.raise_request_exception = False
    response = client.get(reverse("division", args=[w.STREET]))
    assert response.status_code == 500
    assert b"secret detail" not in response.content


@pytest.mark.parametrize("address", ["/nothing/here/", "/divisions/999999/"])
def test_unknown_address_is_a_page_that_leads_on(world, login, address):
    response = login(world.users.street).get(address)
    assert response.status_code == 404
    assert reverse("today") in response.content.decode()
