"""`imports/`: upload, poll, rows, apply, options, undo; nothing of it for the neighbour, no fault on any input."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal import tasks
from portal.core.accounts.roles import Scope
from portal.core.audit.models import AuditEvent
from portal.core.sheets import files
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.running import apply_batch, judge_batch
from portal.core.sheets.undoing import undo_batch
from portal.pages import import_files
from tests import factories, rosters
from tests import world as w
from tests.api.conftest import refused
from tests.rosters import line
from tests.sent import Sent
from workforce.actions.people import end_post
from workforce.importers import ROSTER
from workforce.models import Person

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
URL = "/api/v1/imports/"


@pytest.fixture(autouse=True)
def sent(monkeypatch, settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path
    kept = {name: Sent() for name in ("judge_import", "apply_import", "undo_import")}
    for name, task in kept.items():
        monkeypatch.setattr(tasks, name, task)
    return kept


@pytest.fixture
def street(world, api):
    return api(world.users.street, Scope.ROSTER_WRITE)


@pytest.fixture
def batch(world) -> ImportBatch:
    return judged(world, line(1), line(2))


def judged(world, *lines, **more) -> ImportBatch:
    return rosters.judged(world.users.street, world.divisions[w.STREET], list(lines), **more)


def upload(client, content: bytes, key: str = "k1", division: str = w.STREET, name: str = "名册.csv", **fields):
    body = {"file": SimpleUploadedFile(name, content), "division": division, **fields}
    return client.post(URL, body, headers={"idempotency-key": key})


def act(client, batch, name: str, body: dict | None = None, key: str = "a1", **headers):
    headers = {"idempotency-key": key, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.post(f"{URL}{batch.pk}/{name}/", body or {}, "application/json", headers=headers)


def test_upload_is_accepted_and_checked_once(street, sent, django_capture_on_commit_callbacks):
    content = rosters.as_csv([line(1)])
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(street, content)
        again = upload(street, content)
    batch = ImportBatch.objects.get()
    assert (answer.status_code, answer["Location"]) == (202, f"http://testserver{URL}{batch.pk}/")
    assert (again.status_code, again["Idempotency-Replayed"], again.json()) == (202, "true", answer.json())
    assert sent["judge_import"].calls == [(str(batch.pk),)]
    body = answer.json()
    assert (body["state"], body["counts"], body["progress"]["phase"]) == ("uploaded", None, "waiting")
    assert body["file"] == {"name": "名册.csv", "sha256": batch.sha256, "size": len(content)}


def test_key_used_for_another_file_is_refused(street):
    upload(street, rosters.as_csv([line(1)]))
    refused(upload(street, rosters.as_csv([line(2)])), 422, "idempotency-mismatch")
    assert ImportBatch.objects.count() == 1


def test_options_come_with_the_upload(street):
    options = {"leaving_on": "2026-10-31", "leaving_reason": "换届"}
    assert upload(street, rosters.as_csv([line(1)]), options=json.dumps(options)).json()["options"] == options
    assert ImportBatch.objects.get().options == options


@pytest.mark.parametrize("code", [w.NEIGHBOUR, "96", "970101001", "955555", "9999"])
def test_upload_for_elsewhere_is_missing(street, code):
    refused(upload(street, rosters.as_csv([line(1)]), division=code), 404, "not-found")
    assert ImportBatch.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"division": "x"}, "#/division"),
        ({"division": ""}, "#/division"),
        ({"extra": "1"}, "#/extra"),
        ({"options": "{"}, "#/options"),
        ({"options": "[1]"}, "#/options"),
        ({"options": '{"x": 1}'}, "#/options/x"),
        ({"options": '{"leaving_on": "morgen"}'}, "#/options/leaving_on"),
    ],
)
def test_faulty_upload_names_the_field(street, fields, pointer):
    body = refused(upload(street, b"x", **fields), 400, "invalid-content")
    assert [error["pointer"] for error in body["errors"]] == [pointer]


def test_options_that_do_not_go_together_are_unprocessable(street):
    body = refused(upload(street, b"x", options='{"leaving_on": "2026-10-31"}'), 422, "invalid-options")
    assert [error["pointer"] for error in body["errors"]] == ["#/leaving_reason"]


def test_upload_without_file_or_key_or_as_json_is_refused(street):
    headers = {"idempotency-key": "k"}
    refused(street.post(URL, {"division": w.STREET}, headers=headers), 400, "invalid-content")
    refused(street.post(URL, {"division": w.STREET}), 400, "idempotency-key")
    refused(street.post(URL, "{}", "application/json", headers=headers), 415, "unsupported-media-type")
    broken = street.post(URL, b"--x\r\nnonsense", "multipart/form-data; boundary=y", headers=headers)
    assert broken.status_code == 400
    nameless = street.post(URL, b"--x", "multipart/form-data", headers=headers)
    assert nameless.status_code == 400


def test_field_given_twice_is_refused(street):
    body = {"file": SimpleUploadedFile("a.csv", b"x"), "division": [w.STREET, w.NEIGHBOUR]}
    assert street.post(URL, body, headers={"idempotency-key": "k"}).status_code == 400


def test_too_large_a_file_is_refused(street, settings):
    settings.IMPORT_MAX_BYTES = 1000
    refused(upload(street, b"x" * 2_000_000), 413, "content-too-large")


def test_second_open_import_is_a_conflict(street, world):
    colleague = factories.user("colleague", ("street", w.STREET), name="同事")
    rosters.judged(colleague, world.divisions[w.STREET], [line(1)])
    assert "同事" in refused(upload(street, rosters.as_csv([line(1)])), 409, "conflict")["detail"]


def test_disk_that_is_full_is_no_fault(street, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "keep", full)
    refused(upload(street, rosters.as_csv([line(1)])), 503, "unavailable")
    assert ImportBatch.objects.count() == 0


def test_import_tells_counts_kinds_and_links(street, world):
    batch = judged(world, line(1), line(2, tier="科员"), line(3, tier="科员"))
    body = street.get(f"{URL}{batch.pk}/").json()
    assert (body["state"], body["counts"]["rows"], body["counts"]["error"], body["counts"]["new"]) == (
        "judged",
        3,
        2,
        1,
    )
    assert body["kinds"] == [{"kind": "choice", "level": "error", "label": "不在可选内容中", "count": 2}]
    assert body["seconds"]["check"] > 0
    links = {name for name, address in body["links"].items() if address}
    assert links == {"self", "rows", "report", "annotated", "cancel", "options"}
    assert body["digest"] == batch.digest


def test_poller_gets_304_until_something_has_happened(street, world):
    batch = rosters.upload(world.users.street, world.divisions[w.STREET], rosters.as_csv([line(1)]))
    first = street.get(f"{URL}{batch.pk}/")
    assert street.get(f"{URL}{batch.pk}/", headers={"if-none-match": first["ETag"]}).status_code == 304
    judge_batch(batch.pk, ROSTER)
    assert street.get(f"{URL}{batch.pk}/", headers={"if-none-match": first["ETag"]}).json()["state"] == "judged"


def test_progress_has_the_seconds_left(street, world):
    batch = rosters.upload(world.users.street, world.divisions[w.STREET], rosters.as_csv([line(1)]))
    progress = {"phase": "checking", "done": 500, "total": 2000, "began": "2026-11-22T10:00:00+00:00"}
    ImportBatch.objects.update(state="judging", progress=progress, heartbeat="2026-11-22T10:00:01+00:00")
    told = street.get(f"{URL}{batch.pk}/").json()["progress"]
    assert told == {"phase": "checking", "done": 500, "total": 2000, "seconds_left": 3.0}


def test_file_that_cannot_be_read_tells_every_reason(street, world):
    content = rosters.as_csv([line(1)], ["星座", "name", "id_number", "body", "title", "entry", "valid_from"])
    batch = judge_batch(rosters.upload(world.users.street, world.divisions[w.STREET], content).pk, ROSTER)
    body = street.get(f"{URL}{batch.pk}/").json()
    assert (body["state"], body["counts"]) == ("failed", None)
    assert {problem["code"] for problem in body["problems"]} >= {"column_unknown", "column_missing"}


def test_rows_by_status_and_kind(street, world):
    person = world.people["钱风"]
    same = {"name": person.name, "id_number": str(person.id_number), "valid_from": "2024-01-01"}
    batch = judged(world, line(9, **same, contract_from="2024-01-01", grade="6"), line(2, tier="科员"))
    changed = street.get(f"{URL}{batch.pk}/rows/", {"status": "changed"}).json()["results"]
    assert [(row["row"], row["name"], row["division"]["name"]) for row in changed] == [(2, "钱风", "春风社区")]
    grade = next(change for change in changed[0]["changes"] if change["field"] == "grade")
    assert grade == {"field": "grade", "column": "岗位等级", "of": "", "old": "5", "new": "6"}
    wrong = street.get(f"{URL}{batch.pk}/rows/", {"kind": "choice"}).json()["results"]
    assert [(row["status"], row["errors"][0]["cell"]) for row in wrong] == [("error", "科员")]
    left = street.get(f"{URL}{batch.pk}/rows/", {"status": "leaving"}).json()["results"]
    assert {row["row"] for row in left} == {None}
    refused(street.get(f"{URL}{batch.pk}/rows/", {"status": "odd"}), 400, "invalid-parameter")
    refused(street.get(f"{URL}{batch.pk}/rows/", {"kind": "a'b"}), 400, "invalid-parameter")


def test_rows_come_in_pages_and_as_sheets(street, world):
    batch = judged(world, *(line(number) for number in range(1, 6)))
    address, seen = f"http://testserver{URL}{batch.pk}/rows/?status=new&page_size=2", []
    while address:
        page = street.get(address).json()
        seen += [row["row"] for row in page["results"]]
        address = page["next"]
    assert seen == [2, 3, 4, 5, 6]
    sheet = street.get(f"{URL}{batch.pk}/rows/", {"status": "new"}, headers={"accept": "text/csv"})
    assert sheet.getvalue().decode("utf-8-sig").count("\r\n") == 6


def test_id_numbers_never_go_out(street, world):
    wrong = rosters.number(1)[:-1] + ("0" if rosters.number(1)[-1] != "0" else "1")
    batch = judged(world, line(1, id_number=wrong), line(2))
    text = street.get(f"{URL}{batch.pk}/rows/").content.decode()
    assert wrong not in text
    assert rosters.number(2) not in text


def test_apply_needs_the_preview_that_was_read(street, batch, sent, world, django_capture_on_commit_callbacks):
    refused(act(street, batch, "apply"), 428, "precondition-required")
    refused(act(street, batch, "apply", {"digest": "0" * 64}), 409, "conflict")
    refused(act(street, batch, "apply", if_match='"old"'), 412, "precondition-failed")
    refused(act(street, batch, "apply", {"digest": "kurz"}), 400, "invalid-content")
    with django_capture_on_commit_callbacks(execute=True):
        answer = act(street, batch, "apply", {"digest": batch.digest})
    assert (answer.status_code, answer.json()["state"]) == (202, "applying")
    assert sent["apply_import"].calls == [(str(batch.pk), world.users.street.pk)]
    apply_batch(batch.pk, world.users.street, ROSTER)
    body = street.get(f"{URL}{batch.pk}/").json()
    assert (body["state"], body["applied_by"]) == ("applied", "street")
    assert body["links"]["undo"]


def test_apply_by_etag(street, batch):
    tag = street.get(f"{URL}{batch.pk}/?fields=state")["ETag"]
    assert act(street, batch, "apply", if_match=tag).status_code == 202


def test_import_with_errors_cannot_be_applied(street, world):
    batch = judged(world, line(1, tier="科员"))
    assert "还有错误" in refused(act(street, batch, "apply", {"digest": batch.digest}), 409, "conflict")["detail"]


def test_cancel_ends_it_once(street, batch):
    assert act(street, batch, "cancel").json()["state"] == "cancelled"
    refused(act(street, batch, "apply", {"digest": batch.digest}, key="a2"), 409, "conflict")


def test_options_send_the_file_back_to_the_check(street, batch, sent, django_capture_on_commit_callbacks):
    refused(act(street, batch, "options", {"leaving_on": "2026-10-31"}), 422, "invalid-options")
    with django_capture_on_commit_callbacks(execute=True):
        answer = act(street, batch, "options", {"leaving_on": "2026-10-31", "leaving_reason": "换届"})
    assert (answer.status_code, answer.json()["state"]) == (202, "uploaded")
    assert sent["judge_import"].calls == [(str(batch.pk),)]
    counts = judge_batch(batch.pk, ROSTER).counts
    assert (counts["leaving"], counts["ending"]) == (8, 8)


def test_undo_names_the_edited_and_takes_back_the_rest(street, world, sent, django_capture_on_commit_callbacks):
    batch = rosters.applied(world.users.street, world.divisions[w.STREET], [line(1), line(2)])
    post = Person.objects.get(name="新二").appointments.get()
    end_post(appointment=post, version=1, last_day=world.today, by=world.users.street)
    told = refused(act(street, batch, "undo"), 409, "conflict")
    assert "新二" in told["detail"]
    assert [(error["pointer"], error["detail"].startswith("新二（")) for error in told["errors"]] == [("#/rest", True)]
    refused(act(street, batch, "undo", {"rest": "true"}), 400, "invalid-content")
    with django_capture_on_commit_callbacks(execute=True):
        answer = act(street, batch, "undo", {"rest": True})
    assert (answer.status_code, answer.json()["state"]) == (202, "undoing")
    assert sent["undo_import"].calls == [(str(batch.pk), world.users.street.pk, True)]
    undo_batch(batch.pk, world.users.street, ROSTER, rest=True)
    body = street.get(f"{URL}{batch.pk}/").json()
    assert (body["state"], body["undone_by"]) == ("undone", "street")
    assert list(Person.objects.filter(name__in=["新二", "新三"]).values_list("name", flat=True)) == ["新二"]


def test_files_of_an_import(street, world):
    content = rosters.as_xlsx([line(1, tier="科员")])
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], content, "名册.xlsx")
    for name in ("report", "annotated"):
        answer = street.get(f"{URL}{batch.pk}/{name}/")
        assert (answer.status_code, answer["Content-Type"]) == (200, XLSX)
        assert answer.getvalue().startswith(b"PK")
        again = street.get(f"{URL}{batch.pk}/{name}/", headers={"if-none-match": answer["ETag"]})
        assert again.status_code == 304
        refused(street.get(f"{URL}{batch.pk}/{name}/", headers={"accept": "text/csv"}), 406, "not-acceptable")
    assert AuditEvent.objects.filter(act="import_annotated").count() == 1
    ImportBatch.objects.update(state="cancelled")
    files.discard(batch)
    refused(street.get(f"{URL}{batch.pk}/annotated/"), 404, "not-found")


def test_file_that_the_disk_has_no_room_for_is_no_fault(street, batch, monkeypatch):
    def full(*arguments, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(import_files, "write_report", full)
    refused(street.get(f"{URL}{batch.pk}/report/"), 503, "unavailable")


def test_list_of_problems_is_on_record_and_limited_by_the_hour(street, batch, settings):
    settings.EXPORTS_PER_HOUR = 1
    assert street.get(f"{URL}{batch.pk}/report/").status_code == 200
    assert AuditEvent.objects.get(act="list_exported").detail["list"] == "import-problems"
    answer = street.get(f"{URL}{batch.pk}/report/")
    refused(answer, 429, "too-many-requests")
    assert 3500 < int(answer["Retry-After"]) <= 3601


def test_rows_that_leave_as_a_sheet_are_on_record(street, batch):
    assert street.get(f"{URL}{batch.pk}/rows/").status_code == 200
    assert not AuditEvent.objects.filter(act="export_import_rows").exists()
    for kind in ("text/csv", XLSX):
        assert street.get(f"{URL}{batch.pk}/rows/?status=new", headers={"accept": kind}).status_code == 200
    events = AuditEvent.objects.filter(act="export_import_rows")
    assert [(one.actor, one.subject, one.detail["query"]) for one in events] == [
        ("street", str(batch.pk), {"status": "new"})
    ] * 2


def test_list_by_state_and_division(street, world, api, batch):
    other = rosters.judged(world.users.neighbour, world.divisions[w.NEIGHBOUR], [line(3, code=w.AUTUMN)])
    city = api(world.users.city, Scope.ROSTER_WRITE)
    assert [row["id"] for row in city.get(URL).json()["results"]] == [str(batch.pk), str(other.pk)]
    assert [row["id"] for row in city.get(URL, {"division": w.NEIGHBOUR}).json()["results"]] == [str(other.pk)]
    assert city.get(URL, {"state": "applied"}).json()["results"] == []
    assert [row["id"] for row in street.get(URL).json()["results"]] == [str(batch.pk)]
    refused(street.get(URL, {"division": w.NEIGHBOUR}), 404, "not-found")


@pytest.mark.parametrize("path", ["", "rows/", "report/", "annotated/"])
def test_neighbours_import_is_missing(world, api, batch, path):
    client = api(world.users.neighbour, Scope.ROSTER_WRITE)
    foreign = refused(client.get(f"{URL}{batch.pk}/{path}"), 404, "not-found")
    absent = refused(client.get(f"{URL}00000000-0000-4000-8000-000000000000/{path}"), 404, "not-found")
    assert foreign["detail"] == absent["detail"]


@pytest.mark.parametrize("name", ["apply", "cancel", "options", "undo"])
def test_neighbour_cannot_act(world, api, batch, name):
    refused(act(api(world.users.neighbour, Scope.ROSTER_WRITE), batch, name), 404, "not-found")
    batch.refresh_from_db()
    assert batch.state == "judged"


@pytest.mark.parametrize("path", ["", "rows/", "report/", "annotated/"])
def test_reading_needs_scope_and_permission(world, api, batch, path):
    refused(api(world.users.street, Scope.ROSTER_READ).get(f"{URL}{batch.pk}/{path}"), 403, "missing-scope")
    refused(api(world.users.community, Scope.ROSTER_WRITE).get(f"{URL}{batch.pk}/{path}"), 403, "missing-permission")


@pytest.mark.parametrize("size", [1, 3])
def test_costs_the_same_for_one_and_for_three(world, api, size, django_assert_num_queries):
    for _round in range(size):
        rosters.applied(world.users.street, world.divisions[w.STREET], [line(1)])
    batch = judged(world, *(line(10 + number) for number in range(size)))
    client = api(world.users.street, Scope.ROSTER_WRITE)
    client.get(URL)
    with django_assert_num_queries(3):
        assert len(client.get(URL).json()["results"]) == size + 1
    with django_assert_num_queries(4):
        assert len(client.get(f"{URL}{batch.pk}/rows/?status=new").json()["results"]) == size


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"PK\x03\x04" + b"\xff" * 200, "姓名".encode("gb18030")])
@pytest.mark.parametrize("name", ["x", "名册.xlsx", "../../etc/passwd", "a\u202eb.csv", "." * 200 + ".xls"])
def test_any_file_is_taken_and_told(street, content, name):
    answer = upload(street, content, name=name)
    assert answer.status_code == 202
    batch = judge_batch(ImportBatch.objects.get().pk, ROSTER)
    body = street.get(f"{URL}{batch.pk}/").json()
    assert (batch.state, bool(body["problems"])) == ("failed", True)
