"""establishments/, post-applications/, terms/, grids/, grades/, assessments/, review-cases/: what other systems read."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.core.accounts.roles import Perm, Scope
from tests import factories
from tests import world as w
from tests.api.conftest import refused
from tests.api.records import make_all

PATHS = ("establishments", "post-applications", "terms", "grids", "grades", "assessments", "review-cases")
SHEETS = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def rows(client, path: str, **query) -> list[dict]:
    response = client.get(f"/api/v1/{path}/", query)
    assert response.status_code == 200, response.content
    return response.json()["results"]


@pytest.fixture
def street(world, api):
    return api(world.users.street, Scope.ROSTER_READ)


def named(found: list[dict]) -> list[str]:
    return [row["worker"]["name"] for row in found]


def test_establishments_of_a_day_with_taken_and_vacant(world, street):
    first = factories.establishment(w.SPRING, posts=4, valid_to=date(2025, 1, 1))
    factories.establishment(w.SPRING, posts=5, valid_from=date(2025, 1, 1))
    factories.establishment(w.SPRING, "committee", posts=1)
    factories.establishment(w.SUMMER, posts=1)
    factories.establishment(w.AUTUMN)
    found = rows(street, "establishments")
    assert [(row["division"]["code"], row["worker_class"], row["posts"], row["taken"], row["vacant"]) for row in found] == [
        (w.SPRING, "staff", 5, 2, 3), (w.SPRING, "committee", 1, 1, 0), (w.SUMMER, "staff", 1, 2, 0),
    ]  # fmt: skip
    (then,) = rows(street, "establishments", on="2024-06-01", division=w.SPRING, worker_class="staff")
    assert then == {
        "id": first.pk, "division": {"code": w.SPRING, "name": "春风社区"}, "worker_class": "staff", "posts": 4,
        "taken": 2, "vacant": 2, "document": "示例核定〔2024〕1号", "valid_from": "2024-01-01", "valid_to": "2025-01-01",
    }  # fmt: skip
    past = street.get(f"/api/v1/establishments/{first.pk}/").json()
    assert (past["posts"], past["taken"], past["vacant"]) == (4, None, None)


def test_community_without_anybody_takes_no_position(world, street):
    made = factories.establishment(w.VILLAGE, "committee", posts=3)
    assert [(row["taken"], row["vacant"]) for row in rows(street, "establishments", division=w.VILLAGE)] == [(0, 3)]
    assert street.get(f"/api/v1/establishments/{made.pk}/").json()["vacant"] == 3


def test_post_applications_by_state(world, street):
    waiting = factories.application(w.SUMMER)
    factories.application(w.SPRING, state="approved", approved_posts=1, decided_by="district", document="示例1号")
    factories.application(w.AUTUMN)
    assert [(row["state"], row["approved_posts"]) for row in rows(street, "post-applications")] == [
        ("submitted", None), ("approved", 1),
    ]  # fmt: skip
    assert [row["id"] for row in rows(street, "post-applications", state="submitted")] == [waiting.pk]
    assert rows(street, "post-applications", state="submitted", division=w.SPRING) == []


def test_terms_in_force_by_body(world, street):
    factories.term(w.SPRING, number=3, seats=5)
    factories.term(w.SPRING, "party")
    past = factories.term(w.SUMMER, valid_from=date(2020, 1, 1), valid_to=date(2024, 1, 1))
    assert [(row["body"], row["form"], row["number"]) for row in rows(street, "terms")] == [
        ("committee", "", 3), ("party", "branch", None),
    ]  # fmt: skip
    assert [row["body"] for row in rows(street, "terms", body="party")] == ["party"]
    assert [row["id"] for row in rows(street, "terms", on="2023-12-31")] == [past.pk]
    assert street.get(f"/api/v1/terms/{past.pk}/").json()["valid_to"] == "2024-01-01"


def test_grids_with_the_team_of_the_day(world, street):
    made = factories.grid(w.SPRING)
    factories.grid_post(world.people["赵春"], made, "chief")
    factories.grid_post(world.people["钱风"], made, valid_to=date(2025, 1, 1))
    (now,) = rows(street, "grids")
    assert (now["name"], now["households"], now["micro_grids"]) == ("第一网格", 400, 5)
    assert [(member["role"], member["worker"]["name"]) for member in now["team"]] == [("chief", "赵春")]
    (then,) = rows(street, "grids", on="2024-06-01")
    assert [member["role"] for member in then["team"]] == ["chief", "full_time"]
    assert rows(street, "grids", on="2023-12-31") == []


def test_grades_of_people_in_post(world, street):
    factories.grade(world.people["孙夏"], 4, valid_to=date(2025, 1, 1))
    factories.grade(world.people["孙夏"], 5, valid_from=date(2025, 1, 1), reason="years")
    gone = factories.worker("离岗", w.SUMMER)
    gone.appointments.update(valid_to=date(2025, 1, 1))
    factories.grade(gone)
    factories.grade(world.people["周秋"])
    (now,) = rows(street, "grades")
    assert now | {"id": 0} == {
        "id": 0, "worker": {"id": str(world.people["孙夏"].pk), "name": "孙夏"}, "tier": "staff", "grade": 5,
        "reason": "years", "evidence": "示例定级〔2024〕1号", "valid_from": "2025-01-01", "valid_to": None,
    }  # fmt: skip
    assert [(row["worker"]["name"], row["grade"]) for row in rows(street, "grades", on="2024-06-01")] == [
        ("孙夏", 4), ("离岗", 5),
    ]  # fmt: skip
    assert rows(street, "grades", division=w.SPRING) == []


def test_assessments_only_once_archived(world, street):
    done = factories.assessment(world.people["孙夏"], w.SUMMER, grid_worker=True, grid="91.00")
    factories.assessment(world.people["周秋"], w.AUTUMN)
    running = factories.assessment(world.people["孙夏"], w.SUMMER, 2026, "open")
    (found,) = rows(street, "assessments")
    assert found == {
        "id": done.pk, "worker": {"id": str(world.people["孙夏"].pk), "name": "孙夏"},
        "division": {"code": w.SUMMER, "name": "夏雨社区"},
        "scheme": {"id": done.scheme_id, "year": 2025, "name": "年度考核"}, "grid_worker": True,
        "community": "88.50", "grid": "91.00", "total": "88.50", "grade": "qualified",
    }  # fmt: skip
    refused(street.get(f"/api/v1/assessments/{running.pk}/"), 404, "not-found")
    for query in ({"year": 2026}, {"year": 2024}, {"division": w.SPRING}):
        assert rows(street, "assessments", **query) == []
    assert rows(street, "assessments", year=2025, division=w.SUMMER) == [found]


def test_review_cases_by_state_and_kind(world, street):
    factories.review_case(world.people["钱风"], w.SPRING)
    closed = {"state": "closed", "closed_on": date(2026, 3, 1), "outcome": "kept"}
    factories.review_case(world.people["孙夏"], w.SUMMER, kind="assessment_bottom", **closed)
    factories.review_case(world.people["周秋"], w.AUTUMN)
    assert named(rows(street, "review-cases")) == ["钱风", "孙夏"]
    assert named(rows(street, "review-cases", state="notice")) == ["钱风"]
    (ended,) = rows(street, "review-cases", kind="assessment_bottom")
    assert (ended["state"], ended["outcome"], ended["closed_on"]) == ("closed", "kept", "2026-03-01")
    assert rows(street, "review-cases", kind="assessment_bottom", division=w.SPRING) == []


def test_records_taken_back_are_not_given_out(world, street):
    day = {"valid_to": factories.STARTED}
    for path, made in (
        ("establishments", factories.establishment(w.SPRING, **day)),
        ("terms", factories.term(w.SPRING, **day)),
        ("grids", factories.grid(w.SPRING, **day)),
        ("grades", factories.grade(world.people["孙夏"], **day)),
    ):
        refused(street.get(f"/api/v1/{path}/{made.pk}/"), 404, "not-found")
        assert rows(street, path, on="2024-01-01") == []


@pytest.mark.parametrize("path", ["assessments", "review-cases"])
def test_results_and_cases_stay_with_the_offices(world, api, path):
    """A community may read the roster, but neither what its people scored nor the cases about them."""
    make_all(world.people["赵春"], w.SPRING)
    client = api(world.users.community, Scope.ROSTER_READ)
    refused(client.get(f"/api/v1/{path}/"), 403, "missing-permission")
    assert rows(client, "grades") != []
    mixed = api(factories.user("mixed", ("community", w.SPRING), ("street", w.NEIGHBOUR)), Scope.ROSTER_READ)
    assert rows(mixed, path) == []
    for accept in SHEETS:
        response = mixed.get(f"/api/v1/{path}/", {"fields": "worker"}, headers={"accept": accept})
        assert response.status_code == 200
        assert "赵春" not in response.getvalue().decode(errors="replace")


@pytest.mark.parametrize(("path", "wall"), [("assessments", Perm.VIEW_PAY), ("review-cases", Perm.HANDLE_CASES)])
def test_right_to_export_does_not_replace_the_wall(world, street, path, wall, monkeypatch):
    make_all(world.people["赵春"], w.SPRING)
    sheet = {"headers": {"accept": "text/csv"}}
    assert "赵春" in street.get(f"/api/v1/{path}/", **sheet).getvalue().decode()
    asked = type(world.users.street).territories
    monkeypatch.setattr(
        type(world.users.street), "territories", lambda user, perm: [] if perm == wall else asked(user, perm)
    )
    assert "赵春" not in street.get(f"/api/v1/{path}/", **sheet).getvalue().decode()


@pytest.mark.parametrize("path", PATHS)
def test_parameters_sheets_and_etags(world, street, path):
    make_all(world.people["赵春"], w.SPRING)
    refused(street.get(f"/api/v1/{path}/?colour=red"), 400, "invalid-parameter")
    first = street.get(f"/api/v1/{path}/")
    assert street.get(f"/api/v1/{path}/", headers={"if-none-match": first["ETag"]}).status_code == 304
    for accept in SHEETS:
        sheet = street.get(f"/api/v1/{path}/", headers={"accept": accept})
        assert (sheet.status_code, sheet["Content-Type"].split(";")[0]) == (200, accept)
        assert sheet["ETag"]
    (header, line) = street.get(f"/api/v1/{path}/", headers={"accept": "text/csv"}).getvalue().decode().splitlines()
    assert header.count(",") >= 7
    assert len(line) > 20


@pytest.mark.parametrize("path", PATHS)
def test_pages_hold_every_row_once_at_the_same_cost(world, api, path):
    for name, code in (("赵春", w.SPRING), ("孙夏", w.SUMMER), ("周秋", w.AUTUMN), ("吴同", w.SAME_NAME)):
        person = world.people[name]
        if not person.certificates.exists():
            factories.certificate(person)
        make_all(person, code)
    client = api(world.users.city, Scope.ROSTER_READ)
    whole = [row["id"] for row in rows(client, path)]
    assert len(whole) == len(set(whole)) == 4
    counts, seen, address = [], [], f"/api/v1/{path}/?page_size=1"
    while address:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address).json()
        counts.append(len(queries))
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == whole
    with CaptureQueriesContext(connection) as queries:
        rows(client, path)
    assert {*counts, len(queries)} == {counts[0]}
    assert counts[0] <= 8


def test_on_defaults_to_today(world, street):
    factories.establishment(w.SPRING, valid_from=world.today + timedelta(days=1))
    assert rows(street, "establishments") == []
