"""The life of an import batch: upload, check, confirmation, application, abandonment, and what a crash leaves behind."""

import os
import signal
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.utils import timezone

from portal.core.audit.models import AuditEvent
from portal.core.sheets import files
from portal.core.sheets.actions import cancel, rejudge, request_apply
from portal.core.sheets.claims import claim
from portal.core.sheets.importer import Judgement
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.running import abandoned, apply_batch, judge_batch, keep_judgement
from tests import factories, rosters
from tests import world as w
from tests.rosters import line
from tests.together import together
from workforce.actions.exits import leave
from workforce.actions.people import end_post
from workforce.actions.tallies import differences
from workforce.importers import ROSTER
from workforce.models import Person


@pytest.fixture(autouse=True)
def uploads(tmp_path, settings):
    settings.UPLOADS_DIR = tmp_path / "uploads"
    return settings.UPLOADS_DIR


def street(world):
    return world.divisions[w.STREET]


def test_file_lies_sealed_until_the_import_is_closed(world, uploads, django_capture_on_commit_callbacks):
    batch = rosters.judged(world.users.street, street(world), [line(1)])
    paths = list(uploads.iterdir())
    assert {path.name.split(".")[1] for path in paths} == {"file", *ROSTER.parts}
    for path in paths:
        assert path.stat().st_mode & 0o777 == 0o600
        assert not any(word in path.read_bytes() for word in (rosters.number(1).encode(), "新二".encode()))
    assert files.content_of(batch) == rosters.as_csv([line(1)])
    with django_capture_on_commit_callbacks(execute=True):
        request_apply(batch=batch, importer=ROSTER, by=world.users.street)
        apply_batch(batch.pk, world.users.street, ROSTER)
    assert list(uploads.iterdir()) == []


def test_upload_outside_the_own_territory_is_refused(world):
    with pytest.raises(ValidationError) as refused:
        rosters.upload(world.users.street, world.divisions[w.NEIGHBOUR], b"x")
    assert refused.value.code == "not_allowed"


def test_second_upload_is_refused_with_name_and_time(world):
    other = factories.user("colleague", ("street", w.STREET), name="同事")
    rosters.judged(other, street(world), [line(1)], "七月名册.csv")
    with pytest.raises(ValidationError) as refused:
        rosters.upload(world.users.street, street(world), b"x")
    (message,) = refused.value.messages
    at = timezone.localtime(ImportBatch.objects.get().uploaded_at)
    assert message == (
        f"同事 于 {at:%Y-%m-%d %H:%M} 上传的《七月名册.csv》还在处理中（等待确认），"
        "“一号街道”同时只能有一份。请先应用或放弃那一份。"
    )


def test_own_file_with_errors_gives_way_to_the_mended_one(world):
    first = rosters.judged(world.users.street, street(world), [line(1, tier="x")])
    second = rosters.judged(world.users.street, street(world), [line(1)])
    first.refresh_from_db()
    assert (first.state, second.state) == ("cancelled", "judged")


def test_own_file_that_would_change_nothing_gives_way(world):
    rosters.applied(world.users.street, street(world), [line(1)])
    same = rosters.judged(world.users.street, street(world), [line(1)], "同一份.csv")
    rosters.upload(world.users.street, street(world), b"x")
    same.refresh_from_db()
    assert same.state == "cancelled"


def test_own_file_that_would_change_something_does_not_give_way(world):
    rosters.judged(world.users.street, street(world), [line(1)])
    with pytest.raises(ValidationError):
        rosters.upload(world.users.street, street(world), b"x")


def test_colleagues_file_with_errors_does_not_give_way(world):
    other = factories.user("colleague", ("street", w.STREET))
    rosters.judged(other, street(world), [line(1, tier="x")])
    with pytest.raises(ValidationError):
        rosters.upload(world.users.street, street(world), b"x")


def test_named_file_gives_way(world):
    first = rosters.judged(world.users.street, street(world), [line(1)])
    rosters.upload(world.users.street, street(world), b"x", replaces=first)
    first.refresh_from_db()
    assert first.state == "cancelled"


def test_same_file_again_is_allowed(world):
    rosters.applied(world.users.street, street(world), [line(1)])
    again = rosters.applied(world.users.street, street(world), [line(1)])
    assert (again.state, again.counts["new"], again.counts["changed"]) == ("applied", 0, 0)


def test_unreadable_file_fails_with_every_reason(world):
    content = rosters.as_csv([line(1)], ["星座", "姓名", "身份证号", "任职机构", "职务", "任职方式", "血型"])
    batch = rosters.judged(world.users.street, street(world), content)
    assert batch.state == "failed"
    assert rosters.problems(batch) == [
        "column_unknown",
        "column_unknown",
        "column_missing",
        "column_missing",
    ]


def test_errors_keep_the_file_from_being_applied(world):
    batch = rosters.judged(world.users.street, street(world), [line(1, tier="x")])
    with pytest.raises(ValidationError) as refused:
        request_apply(batch=batch, importer=ROSTER, by=world.users.street)
    assert refused.value.code == "errors"


def test_other_preview_than_the_one_seen_is_not_applied(world):
    batch = rosters.judged(world.users.street, street(world), [line(1)])
    with pytest.raises(ValidationError) as refused:
        request_apply(batch=batch, importer=ROSTER, digest="0" * 64, by=world.users.street)
    assert refused.value.code == "digest"


def test_cancelled_import_writes_nothing_and_frees_the_division(world):
    people = Person.objects.count()
    batch = cancel(batch=rosters.judged(world.users.street, street(world), [line(1)]), by=world.users.street)
    assert batch.state == "cancelled"
    assert apply_batch(batch.pk, world.users.street, ROSTER) is None
    rosters.upload(world.users.street, street(world), b"x")
    assert Person.objects.count() == people


def test_applied_import_cannot_be_cancelled(world):
    batch = rosters.applied(world.users.street, street(world), [line(1)])
    with pytest.raises(ValidationError):
        cancel(batch=batch, by=world.users.street)


def test_second_worker_finds_the_batch_taken(world):
    batch = rosters.judged(world.users.street, street(world), [line(1)])
    assert judge_batch(batch.pk, ROSTER) is None
    request_apply(batch=batch, importer=ROSTER, by=world.users.street)
    assert apply_batch(batch.pk, world.users.street, ROSTER).state == "applied"
    assert apply_batch(batch.pk, world.users.street, ROSTER) is None


def test_change_between_preview_and_confirmation_brings_a_new_preview(world):
    person = world.people["钱风"]
    same = {"name": person.name, "id_number": str(person.id_number), "valid_from": "2024-01-01"}
    batch = rosters.judged(world.users.street, street(world), [line(1, **same, contract_from="2024-01-01", grade="6")])
    post = person.appointments.get()
    end_post(appointment=post, version=1, last_day=world.today, by=world.users.street)
    request_apply(batch=batch, importer=ROSTER, digest=batch.digest, by=world.users.street)
    batch = apply_batch(batch.pk, world.users.street, ROSTER)
    assert (batch.state, rosters.problems(batch)) == ("judged", ["changed"])
    assert person.appointments.get().grade == 5
    request_apply(batch=batch, importer=ROSTER, digest=batch.digest, by=world.users.street)
    assert apply_batch(batch.pk, world.users.street, ROSTER).state == "applied"


def test_right_that_was_withdrawn_stops_the_application(world):
    batch = rosters.judged(world.users.street, street(world), [line(1)])
    request_apply(batch=batch, importer=ROSTER, by=world.users.street)
    user = type(world.users.street).objects.get(username="street")
    user.grants.all().delete()
    batch = apply_batch(batch.pk, user, ROSTER)
    assert (batch.state, rosters.problems(batch)) == ("judged", ["not_allowed"])


def test_silent_work_is_taken_over_and_given_up_after_three_attempts(world):
    batch = rosters.upload(world.users.street, street(world), rosters.as_csv([line(1)]))
    assert abandoned() == []
    ImportBatch.objects.update(uploaded_at=timezone.now() - timedelta(seconds=61))
    assert abandoned() == [(batch.pk, "uploaded", world.users.street.pk)]
    stuck = {"claim": "gone", "attempts": 3, "user": world.users.street.pk}
    ImportBatch.objects.update(state="judging", heartbeat=timezone.now(), progress=stuck)
    assert (abandoned(), judge_batch(batch.pk, ROSTER)) == ([], None)
    ImportBatch.objects.update(heartbeat=timezone.now() - timedelta(seconds=61))
    assert abandoned() == [(batch.pk, "judging", world.users.street.pk)]
    judge_batch(batch.pk, ROSTER)
    batch.refresh_from_db()
    assert (batch.state, rosters.problems(batch)) == ("failed", ["interrupted"])


def test_worker_back_from_the_dead_leaves_the_plan_of_the_one_that_replaced_it(world):
    batch = rosters.upload(world.users.street, street(world), rosters.as_csv([line(1)]))
    late = claim(batch.pk, "judging")
    ImportBatch.objects.update(heartbeat=timezone.now() - timedelta(seconds=61))
    batch = judge_batch(batch.pk, ROSTER)
    kept = {part: b"".join(files.part_of(batch, part)) for part in ROSTER.parts}
    plan = dict.fromkeys(ROSTER.parts, [b"of another day"])
    judgement = Judgement([], {"error": 0}, plan, "0" * 64)
    keep_judgement(batch=late, judgement=judgement, seconds=1.0, by=world.users.street)
    assert {part: b"".join(files.part_of(batch, part)) for part in ROSTER.parts} == kept
    assert (batch.rows.count(), ImportBatch.objects.get().counts["new"]) == (batch.counts["leaving"] + 1, 1)


def full(*arguments):
    raise OSError(28, "No space left on device")


def test_plan_that_the_disk_has_no_room_for_ends_the_check_with_the_reason(world, uploads, monkeypatch):
    batch = rosters.upload(world.users.street, street(world), rosters.as_csv([line(1)]))
    keep_part, left = files.keep_part, [1]
    monkeypatch.setattr(files, "keep_part", lambda *given: keep_part(*given) if left and left.pop() else full())
    batch = judge_batch(batch.pk, ROSTER)
    assert (batch.state, rosters.problems(batch), batch.rows.count()) == ("failed", ["storage"], 0)
    assert [path.name.split(".")[1] for path in uploads.iterdir()] == ["file"]
    monkeypatch.undo()
    rejudge(batch=batch, importer=ROSTER, by=world.users.street)
    assert judge_batch(batch.pk, ROSTER).state == "judged"


def test_new_preview_that_the_disk_has_no_room_for_leaves_the_old_one(world, uploads, monkeypatch):
    person = world.people["钱风"]
    same = {"name": person.name, "id_number": str(person.id_number), "valid_from": "2024-01-01"}
    batch = rosters.judged(world.users.street, street(world), [line(1, **same, contract_from="2024-01-01", grade="6")])
    end_post(appointment=person.appointments.get(), version=1, last_day=world.today, by=world.users.street)
    request_apply(batch=batch, importer=ROSTER, digest=batch.digest, by=world.users.street)
    with monkeypatch.context() as patch:
        patch.setattr(files, "keep_part", full)
        after = apply_batch(batch.pk, world.users.street, ROSTER)
    assert (after.state, rosters.problems(after), after.digest) == ("judged", ["storage"], batch.digest)
    request_apply(batch=after, importer=ROSTER, digest=after.digest, by=world.users.street)
    again = apply_batch(batch.pk, world.users.street, ROSTER)
    assert (again.state, rosters.problems(again)) == ("judged", ["changed"])


def test_upload_and_abandonment_are_on_record(world):
    cancel(batch=rosters.judged(world.users.street, street(world), [line(1)]), by=world.users.street)
    assert list(AuditEvent.objects.order_by("id").values_list("act", "actor")) == [
        ("import_uploaded", "street"),
        ("import_cancelled", "street"),
    ]


def test_sweep_removes_files_of_closed_imports_only(world, uploads):
    batch = rosters.judged(world.users.street, street(world), [line(1)])
    orphan = uploads / "00000000-0000-0000-0000-000000000000.file.sealed"
    orphan.write_bytes(b"")
    for path in uploads.iterdir():
        os.utime(path, (0, 0))
    assert files.sweep() == 1
    assert {path.name.partition(".")[0] for path in Path(settings.UPLOADS_DIR).iterdir()} == {str(batch.pk)}


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_leave_one(world):
    content = rosters.as_csv([line(1)])
    answers = together(*[lambda: rosters.upload(world.users.street, street(world), content)] * 4)
    kinds = sorted(type(answer).__name__ for answer in answers)
    assert kinds == ["ImportBatch", "ValidationError", "ValidationError", "ValidationError"]
    assert ImportBatch.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_street_and_district_applied_at_once_write_a_worker_once(world):
    admin = factories.user("both", ("street", w.CITY))
    lines = [line(n) for n in range(1, 40)]
    batches = [rosters.judged(admin, world.divisions[code], lines) for code in (w.STREET, w.DISTRICT)]
    for batch in batches:
        request_apply(batch=batch, importer=ROSTER, by=admin)
    answers = together(*(lambda batch=batch: apply_batch(batch.pk, admin, ROSTER) for batch in batches))
    assert sorted(answer.state for answer in answers) == ["applied", "judged"]
    assert Person.objects.filter(name__startswith="新").count() == 39
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_application_waits_for_a_form_and_sees_what_it_did(world):
    person = world.people["钱风"]
    same = {"name": person.name, "id_number": str(person.id_number), "valid_from": "2024-01-01"}
    batch = rosters.judged(world.users.street, street(world), [line(1, **same, contract_from="2024-01-01", grade="6")])
    request_apply(batch=batch, importer=ROSTER, by=world.users.street)
    with transaction.atomic():
        leave(person=person, version=1, last_day=world.today, reason="resignation", by=world.users.street)
        worker = threading.Thread(target=_apply, args=(batch.pk, world.users.street))
        worker.start()
        worker.join(timeout=1.5)
        assert worker.is_alive()
    worker.join()
    batch.refresh_from_db()
    assert (batch.state, rosters.problems(batch)) == ("judged", ["changed"])


def _apply(pk, user):
    try:
        apply_batch(pk, user, ROSTER)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_work_goes_on(world, monkeypatch):
    batch = rosters.upload(world.users.street, street(world), rosters.as_csv([line(1)]))
    seen = []
    judge = ROSTER.judge

    def slow(grid, **options):
        options["progress"]("comparing", 1, 2)
        for _ in range(40):
            threading.Event().wait(0.1)
            connections["default"].copy()
            with other.cursor() as cursor:
                cursor.execute("SELECT progress->>'phase', progress->>'done' FROM core_importbatch")
                seen.append(cursor.fetchone())
            if seen[-1] == ("comparing", "1"):
                break
        return judge(grid, **options)

    other = connection.copy()
    try:
        judge_batch(batch.pk, _with(judge=slow))
    finally:
        other.close()
    assert seen[-1] == ("comparing", "1")
    batch.refresh_from_db()
    assert batch.state == "judged"


def _with(**changes):
    from dataclasses import replace  # noqa: PLC0415

    return replace(ROSTER, **changes)


@pytest.mark.django_db(transaction=True)
def test_kill_at_any_statement_leaves_nothing_and_the_rerun_all(world):
    people = Person.objects.count()
    points, killed = list(range(1, 200, 9)), 0
    for point in points:
        batch = rosters.judged(world.users.street, street(world), [line(1), line(2)])
        request_apply(batch=batch, importer=ROSTER, by=world.users.street)
        if not _killed_at(point, batch, world.users.street):
            break
        batch.refresh_from_db()
        if batch.state == "applied":  # killed after the commit: everything is there
            break
        killed += 1
        assert (batch.state, Person.objects.count(), differences()) == ("applying", people, [])
        ImportBatch.objects.filter(pk=batch.pk).update(heartbeat=timezone.now() - timedelta(seconds=61), state="judged")
        cancel(batch=batch, by=world.users.street)
    batch.refresh_from_db()
    assert killed > 5
    assert (batch.state, Person.objects.count(), differences()) == ("applied", people + 2, [])


@pytest.mark.django_db(transaction=True)
def test_killed_application_is_found_and_finished_by_another(world):
    people = Person.objects.count()
    batch = rosters.judged(world.users.street, street(world), [line(1), line(2)])
    request_apply(batch=batch, importer=ROSTER, by=world.users.street)
    assert _killed_at(20, batch, world.users.street)
    assert apply_batch(batch.pk, world.users.street, ROSTER) is None
    ImportBatch.objects.update(heartbeat=timezone.now() - timedelta(seconds=61))
    assert abandoned() == [(batch.pk, "applying", world.users.street.pk)]
    assert apply_batch(batch.pk, world.users.street, ROSTER).state == "applied"
    assert Person.objects.count() == people + 2


def _killed_at(point, batch, user) -> bool:
    """Applies in a child process that kills itself before its `point`-th statement; False when it came to its end."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            left = [point]

            def kill(execute, sql, params, many, context):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)
                return execute(sql, params, many, context)

            with connection.execute_wrapper(kill):
                apply_batch(batch.pk, user, ROSTER)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
