"""`findings/` of the caller's territory, and `policies/` with their sources."""

from datetime import date

import pytest

from portal.core.accounts.roles import Scope
from portal.core.findings.models import Finding
from portal.core.findings.reconcile import reconcile
from portal.core.policy.actions import set_rule
from portal.registry import INSPECTIONS
from tests import world as w
from tests.api.conftest import refused


@pytest.fixture
def found(world):
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    return {finding.division_id: finding for finding in Finding.objects.all()}


def divisions(client, **query) -> list[str]:
    response = client.get("/api/v1/findings/", query)
    assert response.status_code == 200, response.content
    return sorted(row["division"]["code"] for row in response.json()["results"])


def test_finding_says_what_is_wrong_by_which_rule_and_how_it_goes_away(world, api, found):
    finding = found[w.SPRING]
    body = api(world.users.street, Scope.FINDINGS_READ).get(f"/api/v1/findings/{finding.pk}/").json()
    facts = body.pop("facts")
    assert body == {
        "id": finding.pk,
        "kind": "staffing",
        "kind_label": "社区工作者缺员",
        "division": {"code": w.SPRING, "name": "春风社区"},
        "state": "open",
        "headline": INSPECTIONS["staffing"].headline(finding.facts),
        "remedy": "补足在岗人数后，下一次检查会自动消除本预警。",
        "opened_on": world.today.isoformat(),
        "seen_on": world.today.isoformat(),
        "resolved_on": None,
        "due_on": None,
        "holder": {"level": "street", "code": w.STREET, "name": "一号街道", "since": world.today.isoformat()},
        "person": None,
        "planned_for": None,
        "excused_until": None,
        "acknowledged_at": None,
        "acknowledged_by": "",
        "note": "",
    }
    assert {name: facts[name] for name in ("required", "workers", "gap", "population", "heads", "per")} == {
        "required": 6,
        "workers": 2,
        "gap": 4,
        "population": 3000,
        "heads": 18,
        "per": 10000,
    }


def test_filters_choose_findings(world, api, found):
    client = api(world.users.city, Scope.FINDINGS_READ)
    everywhere = ["96", "960101", "960101001", w.SPRING, w.AUTUMN, "960102", "960102001", w.SNOW]
    assert divisions(client) == sorted(everywhere)
    assert divisions(client, kind="staffing", division="960102") == ["960102", "960102001", w.SNOW]
    assert divisions(client, state="resolved") == []
    Finding.objects.filter(division=w.SNOW).update(state="resolved", resolved_on=world.today)
    assert divisions(client, state="resolved") == [w.SNOW]
    assert divisions(client, state="open", division="960102001") == ["960102001"]


def test_headline_comes_in_the_language_of_the_caller(world, api, found):
    client, url = api(world.users.city), f"/api/v1/findings/{found[w.SPRING].pk}/"
    chinese, english = client.get(url), client.get(url, headers={"accept-language": "en"})
    assert (chinese["Content-Language"], english["Content-Language"]) == ("zh-hans", "en")
    assert "Accept-Language" in english["Vary"]


def rule(client, **query) -> dict:
    response = client.get("/api/v1/policies/", {"kind": "staffing.per_population", **query})
    assert response.status_code == 200, response.content
    return response.json()["results"][0]


def test_nearest_rule_applies_with_its_source(world, api):
    coming = date(world.today.year + 1, 1, 1)
    set_rule(
        kind="staffing.per_population",
        division=world.divisions["960101"],
        valid_from=coming,
        value={"heads": 20, "per": 10_000},
        document="示例文件〔2027〕2号",
        article="第三条",
        by=world.users.district,
    )
    client = api(world.users.city, Scope.POLICIES_READ)
    assert rule(client, division=w.SPRING, on=coming.isoformat()) == {
        "kind": "staffing.per_population",
        "label": "社区工作者配备标准",
        "division": w.SPRING,
        "on": coming.isoformat(),
        "in_force": True,
        "origin": "rule",
        "value": {"heads": 20, "per": 10_000},
        "in_words": "每 10,000 名城镇常住人口不少于 20 人",
        "source": "示例文件〔2027〕2号 第三条",
        "document": "示例文件〔2027〕2号",
        "article": "第三条",
        "set_for": "960101",
        "valid_from": coming.isoformat(),
        "valid_to": None,
    }
    assert rule(client, division=w.SPRING)["value"]["heads"] == 18
    assert rule(client, division="960102", on=coming.isoformat())["set_for"] == "96"


def test_rule_nobody_set_is_not_in_force(world, api):
    country = rule(api(world.users.city))
    assert (country["in_force"], country["origin"], country["value"], country["in_words"]) == (
        False,
        None,
        None,
        "未生效",
    )


def test_default_says_that_it_is_one(world, api):
    response = api(world.users.city).get("/api/v1/policies/", {"kind": "population.max_age", "division": "96"})
    found = response.json()["results"]
    assert [(row["origin"], row["value"], row["document"]) for row in found] == [("default", {"months": 12}, None)]


def test_policy_of_a_foreign_division_is_missing(world, api):
    client = api(world.users.street, Scope.POLICIES_READ)
    refused(client.get("/api/v1/policies/", {"division": "96"}), 404, "not-found")
    assert rule(client, division=w.SPRING)["set_for"] == "96"
