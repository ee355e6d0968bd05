"""A roster import taken back: everything is what it was before it."""

import pytest
from django.db import connection

from portal.core.audit.models import AuditEvent
from portal.core.sheets.actions import request_apply
from portal.core.sheets.running import apply_batch
from portal.core.sheets.undoing import preview
from tests import rosters
from tests import world as w
from tests.rosters import line
from tests.workforce.undo.doing import contents, known, undone
from workforce.actions.roster_undo import ties
from workforce.actions.tallies import differences
from workforce.importers import ROSTER
from workforce.models import Appointment, Exit, Person

FULL = {
    "ethnicity": "汉族",
    "education": "本科",
    "phone": "13812345678",
    "grade": "7",
    "hired_on": "2025-03-01",
    "contract_to": "2027-02-28",
    "level": "社会工作师",
    "number": "T1",
    "obtained_on": "2024-06-15",
    "registered_on": "2024-09-01",
}


def test_new_people_vanish_with_all_that_came_with_them(apply, street):
    before = contents()
    batch = apply(line(1, **FULL), line(2), line(2, body="居民委员会", title="委员", entry="选举"))
    assert contents() != before
    assert (found := preview(batch, ROSTER)).kept == []
    batch = undone(batch, street)
    assert contents() == before
    assert (batch.state, batch.undone_by, batch.problem) == ("undone", "street", {})
    assert {key: batch.counts["undone"][key] for key in ("people", "rows", "kept")} == {
        "people": 2,
        "rows": found.rows,
        "kept": 0,
    }
    assert differences() == []


def test_history_and_trail_say_who_took_what_back(apply, street):
    batch = apply(line(1))
    person = Person.objects.get(name="新二")
    undone(batch, street)
    event = Person.pgh_event_model.objects.filter(pgh_obj_id=person.pk).latest("pgh_id")
    context = event.pgh_context
    assert (event.pgh_label, context["act"], context["user"]) == ("delete", "undo_import", "street")
    assert context["batch"] == str(batch.pk)
    record = AuditEvent.objects.get(act="import_undone")
    assert (record.actor, record.subject, record.division) == ("street", str(batch.pk), w.STREET)
    assert record.detail == {"file": "名册.csv", "people": 1, "rows": 3, "kept": 0}


def test_changed_people_return_in_every_column(apply, street, world):
    person = world.people["钱风"]
    before, version = contents(), person.version
    batch = apply(known(person, **FULL | {"phone": "13900000009", "valid_to": "2026-01-31"}))
    person.refresh_from_db()
    assert (person.phone, person.education) == ("13900000009", "本科")
    undone(batch, street)
    person.refresh_from_db()
    assert contents() == before
    assert (person.phone, person.education, person.version) == ("10000000001", "", version + 2)


def test_ended_posts_reopen_and_exits_vanish(apply, street, world):
    person = world.people["钱风"]
    before = contents()
    batch = apply(known(person, valid_to="2025-06-30", left_on="2025-06-30", leaving_reason="辞职"))
    assert Exit.objects.filter(person=person).count() == 1
    undone(batch, street)
    assert contents() == before
    assert (person.appointments.get().valid_to, Exit.objects.count()) == (None, 0)


def test_grade_records_return(apply, street, world):
    apply(known(world.people["钱风"], grade="6"))
    before = contents()
    batch = apply(known(world.people["钱风"], grade="8"), filename="二.csv")
    assert contents()["GradeRecord"] != before["GradeRecord"]
    undone(batch, street)
    assert contents() == before


def test_second_post_of_a_known_person_goes_and_the_first_stays(apply, street, world):
    person = world.people["钱风"]
    before = contents()
    batch = apply(known(person), known(person, code=w.SUMMER, title="网格员"))
    assert person.appointments.count() == 2
    undone(batch, street)
    assert contents() == before


def test_several_periods_of_a_person_move_back_at_once(apply, street, world):
    person = world.people["钱风"]
    apply(known(person, valid_to="2024-12-31"), known(person, valid_from="2025-01-01"))
    before = contents()
    batch = apply(known(person, valid_to="2025-06-30"), known(person, valid_from="2025-07-01"), filename="二.csv")
    assert contents() != before
    undone(batch, street)
    assert contents() == before


def test_import_that_changed_nothing_is_taken_back_as_nothing(apply, street):
    apply(line(1))
    before = contents()
    batch = undone(apply(line(1), filename="二.csv"), street)
    assert (batch.state, batch.counts["undone"]["people"], batch.counts["undone"]["rows"]) == ("undone", 0, 0)
    assert contents() == before


def test_import_again_after_an_undo_is_the_redo(apply, street):
    batch = apply(line(1, **FULL))
    undone(batch, street)
    again = apply(line(1, **FULL))
    assert (again.counts["new"], Person.objects.filter(name="新二").count()) == (1, 1)
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_whole_trail_stays_sound(apply, street, run_command):
    """Each act in a transaction of its own: the lock that sealing takes would hold up the progress of the undo."""
    batch = apply(line(1), line(2, **FULL))
    assert run_command("verify_audit").code == 0
    undone(batch, street)
    assert run_command("verify_audit").code == 0
    assert run_command("recount", "--verify").code == 0


def test_every_table_that_hangs_on_a_person_is_watched():
    """A new one without history would make an undo fail at its foreign key instead of naming the reason."""
    assert all(hasattr(tie.model, "pgh_event_model") for tie in ties())
    names = {tie.model.__name__ for tie in ties()}
    assert {"Enrolment", "GridPost", "Nomination", "PayApproval", "QuotaException", "ReviewStep", "Transfer"} <= names


def test_people_who_were_ended_for_not_being_in_the_file_are_back(street, world):
    before = contents()
    options = {"leaving_on": "2025-12-31", "leaving_reason": "resignation"}
    batch = rosters.judged(street, world.divisions[w.STREET], [line(1)], options=options)
    request_apply(batch=batch, importer=ROSTER, by=street)
    batch = apply_batch(batch.pk, street, ROSTER)
    assert Appointment.objects.filter(valid_to="2026-01-01").count() == batch.counts["leaving"] > 0
    undone(batch, street)
    assert contents() == before


def test_every_foreign_key_to_a_person_is_indexed(db):
    """The check of a deleted person would else read the whole table, once for every person."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT k.conrelid::regclass::text FROM pg_constraint k
            WHERE k.contype = 'f' AND k.confrelid = 'workforce_person'::regclass AND NOT EXISTS (
                SELECT 1 FROM pg_index i
                WHERE i.indrelid = k.conrelid AND i.indkey[0] = k.conkey[1] AND i.indpred IS NULL)"""
        )
        assert cursor.fetchall() == []
