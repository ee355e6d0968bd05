"""`workers/` and `appointments/`: masked unless scope and permission say otherwise, and every look on record."""

import io

import openpyxl
import pytest

from portal.core.accounts.roles import Scope
from portal.core.audit.models import AuditEvent
from tests import factories
from tests import world as w
from tests.api.conftest import refused
from workforce.models import Person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def names(client, prefix: str = "workers", **query) -> list[str]:
    response = client.get(f"/api/v1/{prefix}/", query)
    assert response.status_code == 200, response.content
    return sorted(row.get("name") or row["worker"]["name"] for row in response.json()["results"])


def test_personal_data_are_masked(world, api):
    person = world.people["赵春"]
    body = api(world.users.street, Scope.ROSTER_READ).get(f"/api/v1/workers/{person.pk}/").json()
    assert body == {
        "id": str(person.pk),
        "name": "赵春",
        "sex": "male",
        "birth_year": 1990,
        "birth_date": None,
        "id_number": "999***********" + person.id_number[-4:],
        "phone": "100****0001",
        "ethnicity": "",
        "political_status": "",
        "education": "",
        "degree": "",
        "major": "",
        "hired_on": "2024-01-01",
        "left_on": None,
        "leaving_reason": None,
        "masked": True,
    }
    assert not AuditEvent.objects.filter(act="reveal_personal").exists()


def test_scope_and_permission_open_them_and_leave_a_record(world, api):
    person = world.people["赵春"]
    client = api(world.users.street, Scope.ROSTER_READ, Scope.ROSTER_PERSONAL)
    body = client.get(f"/api/v1/workers/{person.pk}/").json()
    assert (body["id_number"], body["phone"], body["birth_date"], body["masked"]) == (
        str(person.id_number),
        "10000000001",
        "1990-01-01",
        False,
    )
    look = AuditEvent.objects.get(act="reveal_personal")
    assert (look.actor, look.detail["people"], look.detail["fields"]) == (
        "street",
        [str(person.pk)],
        ["birth_date", "id_number", "leaving_reason", "phone"],
    )
    assert str(person.id_number) not in str(look.detail)


def test_why_somebody_left_is_told_like_the_personal_data(world, api):
    Person.objects.filter(pk=world.people["赵春"].pk).update(left_on="2026-12-31", leaving_reason="身体原因")
    address = f"/api/v1/workers/{world.people['赵春'].pk}/?fields=left_on,leaving_reason"
    masked = api(world.users.community, Scope.ROSTER_READ, Scope.ROSTER_PERSONAL).get(address).json()
    assert masked == {"left_on": "2026-12-31", "leaving_reason": None}
    clear = api(world.users.street, Scope.ROSTER_READ, Scope.ROSTER_PERSONAL).get(address).json()
    assert clear == {"left_on": "2026-12-31", "leaving_reason": "身体原因"}
    assert AuditEvent.objects.get(act="reveal_personal").detail["fields"] == ["leaving_reason"]


def test_scope_without_the_permission_stays_masked(world, api):
    client = api(world.users.community, Scope.ROSTER_READ, Scope.ROSTER_PERSONAL)
    rows = client.get("/api/v1/workers/").json()["results"]
    assert rows
    assert {row["masked"] for row in rows} == {True}
    assert not AuditEvent.objects.filter(act="reveal_personal").exists()


def test_permission_in_one_place_opens_only_that_place(world, api):
    user = factories.user("mixed", ("community", w.SPRING), ("street", w.NEIGHBOUR))
    rows = api(user, Scope.ROSTER_READ, Scope.ROSTER_PERSONAL).get("/api/v1/workers/").json()["results"]
    assert {row["name"] for row in rows if not row["masked"]} == {"周秋"}
    assert {row["name"] for row in rows if row["masked"]} == {"赵春", "钱风", "郑专", "冯约"}


def test_fields_without_personal_data_reveal_nothing(world, api):
    client = api(world.users.city, Scope.ROSTER_READ, Scope.ROSTER_PERSONAL)
    assert client.get("/api/v1/workers/?fields=name,sex").json()["results"]
    assert not AuditEvent.objects.filter(act="reveal_personal").exists()
    assert [set(row) for row in client.get("/api/v1/workers/?fields=phone&page_size=1").json()["results"]] == [
        {"phone"}
    ]
    assert AuditEvent.objects.get(act="reveal_personal").detail["fields"] == ["phone"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"division": w.SPRING}, ["冯约", "赵春", "郑专", "钱风"]),
        ({"division": "960102"}, ["吴同"]),
        ({"on": "2023-12-31"}, []),
        ({"division": "960102", "on": "2024-01-01"}, ["吴同"]),
        ({"search": "赵"}, ["赵春"]),
        ({"search": "zc"}, ["赵春"]),
        ({"search": "王"}, []),
    ],
)
def test_filters_choose_people(world, api, query, expected):
    assert names(api(world.users.city), **query) == sorted(expected)


def test_person_with_two_posts_is_one_worker_and_two_appointments(world, api):
    client = api(world.users.city)
    assert names(client, search="zc") == ["赵春"]
    assert names(client, "appointments", division=w.SPRING).count("赵春") == 2


def test_appointments_are_those_of_the_day(world, api):
    client = api(world.users.street)
    assert names(client, "appointments") == sorted(["赵春", "赵春", "钱风", "郑专", "冯约", "孙夏", "李雨", "陈村"])
    assert names(client, "appointments", on="2023-12-31") == []


def test_worker_of_another_territory_is_missing(world, api):
    refused(api(world.users.street).get(f"/api/v1/workers/{world.people['周秋'].pk}/"), 404, "not-found")


@pytest.mark.parametrize("prefix", ["workers", "appointments"])
def test_sheet_needs_the_permission_to_export_and_leaves_a_record(world, api, prefix):
    url, headers = f"/api/v1/{prefix}/", {"accept": "text/csv"}
    refused(api(world.users.community).get(url, headers=headers), 403, "missing-permission")
    assert api(world.users.street).get(url, {"division": w.SPRING}, headers=headers).status_code == 200
    event = AuditEvent.objects.get(act="export_roster")
    assert (event.actor, event.detail["query"]) == ("street", {"division": w.SPRING})


@pytest.mark.parametrize("payload", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")', "=cmd|' /C calc'!A0"])
def test_sheets_hold_no_formulas(world, api, payload):
    Person.objects.filter(pk=world.people["赵春"].pk).update(major=payload)
    client = api(world.users.street)
    text = client.get("/api/v1/workers/?fields=major", headers={"accept": "text/csv"}).getvalue().decode("utf-8-sig")
    assert all(
        line.strip('"')[:1] not in ("=", "+", "-", "@", "\t") for line in text.splitlines()[1:] if line.strip('"')
    )
    book = client.get("/api/v1/workers/?fields=major", headers={"accept": XLSX}).getvalue()
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert any(payload.strip() in str(cell.value) for cell in cells)


def test_revealing_sheet_records_every_person(world, api, monkeypatch):
    monkeypatch.setattr("portal.core.web.renderers.CHUNK", 3)
    client = api(world.users.street, Scope.ROSTER_READ, Scope.ROSTER_PERSONAL)
    text = client.get("/api/v1/workers/?fields=id,id_number", headers={"accept": "text/csv"}).getvalue().decode()
    looks = AuditEvent.objects.filter(act="reveal_personal")
    seen = [person for look in looks for person in look.detail["people"]]
    assert len(seen) == len(set(seen)) == 7 == len(text.split()) - 1
    assert all(person in text for person in seen)
