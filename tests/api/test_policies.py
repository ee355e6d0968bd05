"""`policies/`: what is in force for a place on a day, with its source, from the presets of the five cities."""

import pytest

from portal.core.accounts.roles import Scope
from portal.core.policy.kinds import KINDS
from portal.core.policy.presets import PRESETS, read_presets
from portal.core.territory.loading import load_divisions
from portal.rest.policies import EXAMPLE
from tests import factories
from tests.api.conftest import refused
from workforce.actions.rules import load_rules


@pytest.fixture
def client(db, api):
    """A reader of the whole country, in a database with the presets."""
    load_divisions({"12": "天津市", "42": "湖北省", "4205": "宜昌市", "420502": "西陵区"})
    load_rules([preset for path in sorted(PRESETS.glob("*.json")) for preset in read_presets(path)], by=None)
    return api(factories.user("reader", ("auditor", "")), Scope.POLICIES_READ)


def rules(client, **query) -> dict[str, dict]:
    response = client.get("/api/v1/policies/", {"page_size": "500", **query})
    assert response.status_code == 200, response.content
    return {row["kind"]: row for row in response.json()["results"]}


def test_share_target_of_yichang_on_the_last_day_of_its_year(client):
    found = rules(client, kind="", division="420500", on="2022-12-31")
    assert list(found) == sorted(KINDS)
    assert found["certificate.share_target"] == EXAMPLE
    assert found["committee.term"]["set_for"] is None
    assert found["committee.term"]["value"] == {"years": 5}
    assert found["staffing.per_population"]["in_force"] is False


@pytest.mark.parametrize(
    ("on", "percent"),
    [
        ("2021-11-11", None),
        ("2021-12-31", 30),
        ("2022-01-01", 45),
        ("2023-12-31", 60),
        ("2024-01-01", 100),
        ("2025-12-31", 100),
        ("2026-01-01", None),
    ],
)
def test_share_target_goes_by_the_year(client, on, percent):
    found = rules(client, kind="certificate.share_target", division="420502", on=on)["certificate.share_target"]
    assert (found["value"] and found["value"]["percent"], found["set_for"]) == (percent, percent and "4205")


def test_empty_kind_is_every_kind_and_an_empty_division_is_refused(client):
    assert rules(client, kind="", division="12") == rules(client, division="12")
    refused(client.get("/api/v1/policies/", {"kind": "no.such"}), 400, "invalid-parameter")
    refused(client.get("/api/v1/policies/", {"division": ""}), 400, "invalid-parameter")


def test_amounts_that_no_source_gives_are_null_and_said(client):
    found = rules(client, kind="pay.bounds", division="12", on="2026-06-01")["pay.bounds"]
    assert found["value"] == {"start": None, "cap": None, "exceptional_cap": None}
    assert found["in_words"] == "每月起点 来源未给出金额，最高 来源未给出金额，经批准最高 来源未给出金额"
