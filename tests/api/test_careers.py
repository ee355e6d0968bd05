"""directed-posts/, awards/, nominations/: careers for other systems, inside the territory, by year."""

from datetime import date

import pytest

from portal.core.accounts.roles import Scope
from portal.core.audit.models import AuditEvent
from tests import factories
from tests import world as w
from tests.api.conftest import refused
from workforce.models import Award, DirectedRecruitment, Nomination

PATHS = ("directed-posts", "awards", "nominations")


def rows(client, path: str, **query) -> list[dict]:
    response = client.get(f"/api/v1/{path}/", query)
    assert response.status_code == 200, response.content
    return response.json()["results"]


@pytest.fixture
def held(world) -> Nomination:
    """One of each: posts of the district, an honour of the city, somebody of a street put forward for it."""
    DirectedRecruitment.objects.create(
        division_id=w.DISTRICT, year=2026, kind="institution", group="heads", posts=2, applicants=9, hired=1
    )
    prize = Award.objects.create(division_id=w.CITY, name="最美社区工作者", level="city", year=2026, quota=2)
    Nomination.objects.create(award=prize, person=world.people["周秋"], division_id=w.AUTUMN, stage="declined")
    return Nomination.objects.create(
        award=prize, person=world.people["孙夏"], division_id=w.SUMMER, stage="awarded", decided_on=date(2026, 5, 1)
    )


@pytest.fixture
def city(world, api):
    return api(world.users.city, Scope.ROSTER_READ)


def test_directed_posts_of_a_year(held, city):
    (row,) = rows(city, "directed-posts", year=2026, division=w.DISTRICT)
    assert row | {"id": 0} == {
        "id": 0, "division": {"code": w.DISTRICT, "name": "东区"}, "year": 2026, "kind": "institution", "group": "heads",
        "posts": 2, "applicants": 9, "hired": 1, "document": "",
    }  # fmt: skip
    for query in ({"year": 2025}, {"kind": "civil_service"}, {"group": "workers"}, {"division": "960102"}):
        assert rows(city, "directed-posts", **query) == []


def test_awards_with_their_nominations_by_stage(held, city):
    (row,) = rows(city, "awards", year=2026)
    assert row | {"id": 0} == {
        "id": 0, "division": {"code": w.CITY, "name": "示例市"}, "name": "最美社区工作者", "level": "city", "year": 2026,
        "quota": 2, "put_forward": 1, "nominated": 0, "selected": 0, "recommended": 0, "awarded": 1, "declined": 1,
    }  # fmt: skip
    assert rows(city, "awards", level="national") == rows(city, "awards", year=2025) == []
    assert city.get(f"/api/v1/awards/{row['id']}/").json() == row


def test_nominations_are_people_of_the_territory(world, held, city, api):
    found = rows(city, "nominations", year=2026, award=held.award_id)
    assert [(row["worker"]["name"], row["stage"]) for row in found] == [("周秋", "declined"), ("孙夏", "awarded")]
    street = api(world.users.street, Scope.ROSTER_READ)
    (row,) = rows(street, "nominations")
    assert row == {
        "id": held.pk, "award": {"id": held.award_id, "name": "最美社区工作者", "level": "city", "year": 2026},
        "worker": {"id": str(held.person_id), "name": "孙夏"}, "division": {"code": w.SUMMER, "name": "夏雨社区"},
        "stage": "awarded", "decided_on": "2026-05-01", "reason": "",
    }  # fmt: skip
    for query in ({"stage": "nominated"}, {"year": 2025}, {"award": 999}):
        assert rows(street, "nominations", **query) == []
    refused(street.get("/api/v1/nominations/", {"division": w.NEIGHBOUR}), 404, "not-found")
    other = Nomination.objects.get(stage="declined")
    refused(street.get(f"/api/v1/nominations/{other.pk}/"), 404, "not-found")


@pytest.mark.parametrize("path", PATHS)
def test_sheets_need_the_export_of_the_roster_and_go_on_record(world, held, city, api, path):
    sheet = {"accept": "text/csv"}
    refused(
        api(world.users.community, Scope.ROSTER_READ).get(f"/api/v1/{path}/", headers=sheet), 403, "missing-permission"
    )
    answer = city.get(f"/api/v1/{path}/", headers=sheet)
    assert answer.getvalue().decode("utf-8-sig").startswith('"id",')
    assert AuditEvent.objects.latest("id").act == "export_roster"
    tagged = city.get(f"/api/v1/{path}/", {"fields": "id"})
    assert set(tagged.json()["results"][0]) == {"id"}
    again = city.get(f"/api/v1/{path}/", {"fields": "id"}, headers={"if-none-match": tagged["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", PATHS)
def test_lists_cost_the_same_for_one_row_and_four(world, held, city, path, django_assert_max_num_queries):
    for number in range(3):
        DirectedRecruitment.objects.create(
            division_id="960102", year=2020 + number, kind="institution", group="heads", posts=1
        )
        prize = Award.objects.create(division_id=w.DISTRICT, name=f"荣誉{number}", level="district", year=2026)
        person = factories.worker(f"添{number}", w.SUMMER)
        Nomination.objects.create(award=prize, person=person, division_id=w.SUMMER)
    rows(city, path)
    with django_assert_max_num_queries(9):
        assert len(rows(city, path)) >= 4
