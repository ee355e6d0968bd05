"""The work of an undo: who may ask for it, who does it, what a killed worker or somebody at the same moment leaves."""

import json
import threading
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from portal.core.accounts.models import Grant
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.running import abandoned
from portal.core.sheets.undoing import request_undo, undo_batch
from portal.tasks import resume_imports, undo_import
from tests import factories, rosters
from tests import world as w
from tests.rosters import line
from tests.workforce.undo.doing import contents, known, undone
from workforce.actions import roster_undo
from workforce.actions.statuses import add_status
from workforce.actions.tallies import differences
from workforce.actions.versions import Stale
from workforce.importers import ROSTER
from workforce.models import Person


def refused(batch, by) -> tuple[str, str]:
    with pytest.raises(ValidationError) as caught:
        request_undo(batch=batch, importer=ROSTER, by=by)
    return caught.value.code, caught.value.messages[0]


def problems(batch) -> list[str]:
    batch.refresh_from_db()
    return [batch.state, *rosters.problems(batch)]


@pytest.mark.parametrize("who", ["neighbour", "community", "auditor", "outsider", "nobody", "system_admin"])
def test_who_may_not_import_there_may_not_undo(apply, world, who):
    batch = apply(line(1))
    assert refused(batch, getattr(world.users, who))[0] == "not_allowed"


@pytest.mark.parametrize("who", ["street", "district", "city"])
def test_who_may_import_there_may_undo(apply, world, who):
    batch = undone(apply(line(1)), getattr(world.users, who))
    assert (batch.state, batch.undone_by) == ("undone", who)


def test_sibling_street_is_left_alone(apply, world):
    other = apply(line(3, code=w.AUTUMN), division=w.NEIGHBOUR, by=world.users.neighbour)
    before = contents()
    undone(apply(line(1)), world.users.street)
    assert contents() == before
    assert undone(other, world.users.neighbour).counts["undone"]["people"] == 1


def test_undo_twice_is_refused(apply, street):
    batch = undone(apply(line(1)), street)
    assert refused(batch, street) == ("state", "这份文件现在是“已撤销”，不能撤销。")
    assert undo_batch(batch.pk, street, ROSTER) is None


def test_import_that_was_not_applied_is_refused(world, street):
    batch = rosters.judged(street, world.divisions[w.STREET], [line(1)])
    assert refused(batch, street)[0] == "state"


def test_import_of_before_spans_were_kept_is_refused(apply, street):
    batch = apply(line(1))
    ImportBatch.objects.update(written={})
    assert refused(batch, street)[0] == "not_undoable"


def test_another_open_import_is_named(apply, street, world):
    batch = apply(line(1))
    rosters.judged(world.users.district, world.divisions[w.STREET], [line(2)], "区里的.csv")
    code, sentence = refused(batch, street)
    assert (code, "district" in sentence, "《区里的.csv》" in sentence) == ("open_import", True, True)


def test_right_lost_before_the_work_leaves_it_applied(apply, street):
    batch = apply(line(1))
    request_undo(batch=batch, importer=ROSTER, by=street)
    Grant.objects.filter(user=street).delete()
    street.refresh_from_db()
    undo_batch(batch.pk, type(street).objects.get(pk=street.pk), ROSTER)
    assert problems(batch) == ["applied", "undo_not_allowed"]
    assert Person.objects.filter(name="新二").exists()


def test_edit_after_the_request_leaves_it_applied(apply, street):
    batch = apply(line(1), line(2))
    request_undo(batch=batch, importer=ROSTER, by=street)
    person = Person.objects.get(name="新二")
    factories.status(person)
    after = contents()
    undo_batch(batch.pk, street, ROSTER)
    assert problems(batch) == ["applied", "undo_edited"]
    assert contents() == after
    request_undo(batch=batch, importer=ROSTER, rest=True, by=street)
    assert undo_batch(batch.pk, street, ROSTER, rest=True).state == "undone"


def test_failure_in_the_middle_leaves_nothing_half(apply, street, monkeypatch):
    batch = apply(line(1), line(2))
    after = contents()

    def broken(_communities):
        raise OSError("disk full")

    request_undo(batch=batch, importer=ROSTER, by=street)
    monkeypatch.setattr(roster_undo, "refresh_tallies", broken)
    with pytest.raises(OSError, match="disk full"):
        undo_batch(batch.pk, street, ROSTER)
    assert problems(batch) == ["applied", "undo_unexpected"]
    assert contents() == after
    monkeypatch.undo()
    assert undone(batch, street).state == "undone"


def test_work_of_a_killed_worker_is_taken_over(apply, street, monkeypatch):
    batch = apply(line(1), line(2))
    edited = Person.objects.get(name="新二")
    factories.status(edited)
    request_undo(batch=batch, importer=ROSTER, rest=True, by=street)
    late = timezone.now() - timedelta(minutes=2)
    ImportBatch.objects.update(heartbeat=late, progress={"user": street.pk, "claim": uuid.uuid4().hex, "attempts": 1})
    assert abandoned() == [(batch.pk, "undoing", street.pk)]
    sent = []
    monkeypatch.setattr(undo_import, "delay", lambda *given: sent.append(given))
    resume_imports()
    assert sent == [(str(batch.pk), street.pk, True)]
    undo_batch(batch.pk, street, ROSTER, rest=True)
    assert problems(batch) == ["undone"]


def test_busy_worker_is_left_alone_and_a_third_failure_ends_it(apply, street):
    batch = apply(line(1))
    request_undo(batch=batch, importer=ROSTER, by=street)
    claimed = {"user": street.pk, "claim": uuid.uuid4().hex, "attempts": 3}
    ImportBatch.objects.update(heartbeat=timezone.now(), progress=claimed)
    assert undo_batch(batch.pk, street, ROSTER) is None
    ImportBatch.objects.update(heartbeat=timezone.now() - timedelta(minutes=2))
    assert undo_batch(batch.pk, street, ROSTER) is None
    assert problems(batch) == ["applied", "undo_interrupted"]


def test_task_undoes_and_looks_again(apply, street, monkeypatch):
    looked = []
    monkeypatch.setattr("portal.tasks.run_inspections.delay", lambda **given: looked.append(given))
    batch = apply(line(1))
    request_undo(batch=batch, importer=ROSTER, by=street)
    undo_import(str(batch.pk), street.pk, False)
    assert (problems(batch), looked) == (["undone"], [{"trigger": "import"}])


def test_command_takes_back_or_says_who_was_edited(apply, street, run_command):
    batch = apply(line(1), line(2))
    factories.status(Person.objects.get(name="新二"))
    arguments = ["undo_import", str(batch.pk), "--by", "street", "--json"]
    done = run_command(*arguments)
    answer = json.loads(done.out)
    assert (done.code, answer["undone"], answer["people"]) == (1, False, 0)
    assert [one["label"] for one in answer["kept"]] == ["新二"]
    done = run_command(*arguments, "--rest")
    answer = json.loads(done.out)
    assert (done.code, set(answer)) == (0, {"batch", "undone", "people", "rows", "kept", "seconds"})
    assert (answer["batch"], answer["undone"], answer["people"], len(answer["kept"])) == (str(batch.pk), True, 1, 1)
    assert run_command(*arguments).code == 1


@pytest.mark.parametrize("arguments", [["x", "--by", "street"], [str(uuid.uuid4()), "--by", "street"]])
def test_command_knows_no_such_import(world, run_command, arguments):
    done = run_command("undo_import", *arguments)
    assert (done.code, "There is no import" in done.err) == (1, True)


@pytest.mark.django_db(transaction=True)
def test_edit_at_the_same_moment_is_either_kept_or_told_that_it_came_too_late(apply, street, world):
    """Two connections: whichever gets the person first wins, and nothing of the other's is half there."""
    batch = apply(*(line(seq) for seq in range(1, 9)), known(world.people["钱风"], education="本科"))
    people = [*Person.objects.filter(name__startswith="新").order_by("id"), Person.objects.get(name="钱风")]
    request_undo(batch=batch, importer=ROSTER, rest=True, by=street)
    outcome, gate = {}, threading.Barrier(2)

    def edit() -> None:
        gate.wait(timeout=60)
        try:
            for person in people:
                try:
                    given = {"kind": "maternity", "valid_from": world.today, "valid_to": None, "note": ""}
                    add_status(person=person, version=person.version, by=street, **given)
                    outcome[person.pk] = "edited"
                except Stale:
                    outcome[person.pk] = "late"
        finally:
            connection.close()

    editor = threading.Thread(target=edit)
    editor.start()
    gate.wait(timeout=60)
    undo_batch(batch.pk, street, ROSTER, rest=True)
    editor.join(timeout=60)
    batch.refresh_from_db()
    assert (batch.state, len(outcome)) == ("undone", 9)
    assert batch.counts["undone"]["kept"] == sum(said == "edited" for said in outcome.values())
    new = {person.pk for person in people if person.name.startswith("新")}
    assert {pk for pk in new if outcome[pk] == "edited"} == set(
        Person.objects.filter(pk__in=new).values_list("pk", flat=True)
    )
    assert differences() == []
