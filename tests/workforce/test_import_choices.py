"""What a sheet does beyond its rows: people it does not name, parts of a roster, plans that are kept until confirmed."""

import dataclasses
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.core.lib.clock import today
from portal.core.sheets import files
from portal.core.sheets.actions import rejudge, request_apply
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.reading import read_sheet
from portal.core.sheets.running import apply_batch, judge_batch
from tests import rosters
from tests import world as w
from tests.rosters import line
from workforce.actions.people import end_post
from workforce.actions.tallies import differences
from workforce.importers import ROSTER, comparing
from workforce.models import Appointment, Contract, Exit, Person

DAY = date(2026, 6, 30)
CHOICE = {"leaving_on": DAY.isoformat(), "leaving_reason": "换届未连任"}


@pytest.fixture
def street(world):
    return world.divisions[w.STREET]


@pytest.fixture
def judged(world, street):
    def judge(*lines, **more):
        return rosters.judged(world.users.street, street, list(lines), **more)

    return judge


def confirmed(batch, by) -> ImportBatch:
    request_apply(batch=batch, importer=ROSTER, by=by)
    return apply_batch(batch.pk, by, ROSTER)


def test_people_the_sheet_does_not_name_are_kept_unless_asked(world, street, judged):
    batch = judged(line(1))
    held = Appointment.objects.under(w.STREET).in_force(today()).count()
    assert batch.counts["leaving"] == held > 0
    confirmed(batch, world.users.street)
    assert Appointment.objects.under(w.STREET).in_force(today()).count() == held + 1


def test_people_the_sheet_does_not_name_leave_on_the_chosen_day(world, judged):
    batch = rejudge(batch=judged(line(1)), importer=ROSTER, options=CHOICE, by=world.users.street)
    assert batch.state == "uploaded"
    batch = judge_batch(batch.pk, ROSTER)
    rows = batch.rows.filter(status="leaving")
    assert batch.counts["ending"] == rows.count() > 0
    assert {"key": "valid_to", "old": None, "new": DAY.isoformat()} in rows.first().changes
    assert confirmed(batch, world.users.street).state == "applied"
    person = world.people["钱风"]
    person.refresh_from_db()
    assert (person.left_on, person.leaving_reason) == (DAY, "换届未连任")
    assert Exit.objects.get(person=person).reason == "not_reelected"
    assert not Contract.objects.filter(person=person, valid_to=None).exists()
    assert [post.person.name for post in Appointment.objects.under(w.STREET).in_force(date(2026, 7, 1))] == ["新二"]
    assert differences() == []


def test_choice_of_a_day_before_somebody_began_is_an_error_that_names_them(world, judged):
    early = {"leaving_on": "1999-01-01"}
    batch = judge_batch(
        rejudge(batch=judged(line(1)), importer=ROSTER, options=early, by=world.users.street).pk, ROSTER
    )
    assert {code for _row, _column, code in rosters.errors(batch)} == {"post_after_leaving"}
    with pytest.raises(ValidationError):
        request_apply(batch=batch, importer=ROSTER, by=world.users.street)


def test_part_of_a_roster_leaves_everybody_else_alone(judged):
    assert judged(line(1), options={"partial": True}).counts["leaving"] == 0


def test_person_who_has_left_another_street_is_free_to_come(world, judged):
    person = world.people["周秋"]
    Appointment.objects.filter(person=person).update(valid_to=date(2026, 1, 1))
    Contract.objects.filter(person=person).update(valid_to=date(2026, 1, 1))
    begins = {"valid_from": "2026-01-01", "contract_from": "2026-01-01"}
    batch = judged(line(1, name=person.name, id_number=str(person.id_number), education="本科", **begins))
    row = batch.rows.get(number=2)
    assert row.status == "new"
    assert all(change["old"] is None for change in row.changes)
    confirmed(batch, world.users.street)
    assert Appointment.objects.filter(person=person, division_id=w.SPRING).count() == 1


def test_kept_plan_is_applied_without_judging_again(world, judged, monkeypatch):
    batch = judged(line(1))
    monkeypatch.setattr(comparing.Comparison, "take", None)
    assert confirmed(batch, world.users.street).state == "applied"
    assert Person.objects.filter(name="新二").count() == 1


def test_roster_that_changed_meanwhile_is_judged_again(world, judged):
    batch = judged(line(1))
    post = Appointment.objects.filter(person=world.people["钱风"]).latest("valid_from")
    end_post(appointment=post, version=post.person.version, last_day=date(2027, 1, 31), by=world.users.street)
    calls = []
    importer = dataclasses.replace(ROSTER, judge=lambda *args, **more: calls.append(1) or ROSTER.judge(*args, **more))
    request_apply(batch=batch, importer=importer, by=world.users.street)
    assert apply_batch(batch.pk, world.users.street, importer).state == "applied"  # what was shown is the same
    assert calls == [1]


def test_plan_whose_file_is_gone_is_made_again(world, judged):
    batch = judged(line(1))
    files._path(batch, "person").unlink()
    files._path(batch, "sheet").unlink()
    assert confirmed(batch, world.users.street).state == "applied"
    assert Person.objects.filter(name="新二").count() == 1


def test_new_rows_are_judged_alike_with_and_without_the_short_way(world, street, monkeypatch):
    lines = [
        line(1),
        line(2, contract_kind=None, contract_from=None, party=None),
        line(3, level="社会工作师", number="T3", obtained_on="2024-06-01", registered_on="2024-09-01"),
        line(4, level="社会工作师", obtained_on=None),
        line(5, valid_to="2027-12-31", full_time="否", managed="否", grid_worker="是", grade="5", phone="13800000005"),
        line(6, hired_on="2024-01-01", education="本科", contract_to="2027-01-31"),
        line(7, party=None),
        line(8, code=w.VILLAGE),
    ]
    grid = read_sheet(rosters.as_csv(lines), "名册.csv")
    batch = ImportBatch(division=street, kind="roster")
    short = ROSTER.judge(grid, batch=batch)
    monkeypatch.setattr(comparing, "is_plain", lambda human: False)
    full = ROSTER.judge(grid, batch=batch)
    assert [_told(row) for row in short.rows] == [_told(row) for row in full.rows]
    assert short.counts == full.counts
    assert _written(short) == _written(full)


STAYS = {"level": "社会工作师", "number": "T1", "obtained_on": "2024-06-01", "registered_on": "2024-09-01"}
STAYS |= {"hired_on": "2024-01-01", "phone": "13800000001", "grade": "9", "grid_worker": "是", "education": "本科"}


def test_known_people_are_judged_alike_with_and_without_the_short_way(world, street, judged, monkeypatch):
    usual = [line(seq, **STAYS) for seq in range(1, 4)] + [line(4), line(5, contract_to="2027-01-31")]
    assert confirmed(judged(*usual, options={"partial": True}), world.users.street).state == "applied"
    batch = ImportBatch(division=street, kind="roster")
    short_ways = []
    found = comparing.unchanged
    monkeypatch.setattr(comparing, "unchanged", lambda *given: short_ways.append(found(*given)) or short_ways[-1])
    for changes, taken in (
        ({}, 5),
        ({"education": "专科"}, 0),
        ({"phone": "13900000001"}, 0),
        ({"phone": None, "grade": None, "hired_on": None, "grid_worker": None}, 5),
        ({"code": w.SUMMER}, 0),
        ({"title": "委员"}, 0),
        ({"grade": "8"}, 0),
        ({"valid_from": "2025-03-02"}, 0),
        ({"valid_to": "2027-12-31"}, 0),
        ({"contract_kind": None, "contract_from": None, "contract_to": None, "party": None}, 5),
        ({"contract_kind": "无", "contract_from": None, "contract_to": None, "party": None}, 0),
        ({"contract_from": "2025-03-02"}, 0),
        ({"contract_to": "2028-12-31"}, 0),
        ({"party": None}, 5),
        ({"party": "二号街道办事处"}, 0),
        ({"level": "社会工作师", "number": "T2", "obtained_on": "2024-06-01"}, 0),
        ({"level": "社会工作师", "number": "T1", "obtained_on": "2024-06-01", "registered_on": None}, 3),
        ({"level": "社会工作师", "number": "T1", "obtained_on": "2024-06-01", "registered_on": "2024-10-01"}, 0),
        ({"level": "高级社会工作师", "number": "T9", "obtained_on": "2024-06-01"}, 0),
        ({"left_on": "2026-01-31"}, 0),
    ):
        lines = [{key: cell for key, cell in {**one, **changes}.items() if cell is not None} for one in usual]
        grid = read_sheet(rosters.as_csv(lines), "名册.csv")
        short_ways.clear()
        short = ROSTER.judge(grid, batch=batch)
        assert len([post for post in short_ways if post]) == taken, changes
        with monkeypatch.context() as without:
            without.setattr(comparing, "unchanged", lambda *given: None)
            full = ROSTER.judge(grid, batch=batch)
        assert [_told(row) for row in short.rows] == [_told(row) for row in full.rows], changes
        assert short.counts == full.counts
        assert _written(short) == _written(full)


def _told(row) -> tuple:
    changes = sorted(map(str, row.changes))
    return row.number, row.status, row.label, row.division, row.errors, row.warnings, changes


def _written(judgement) -> dict[str, list]:
    """The plan without what is drawn anew each time: keys and sealed numbers."""
    random = {"person": {0, 2, 4}, "sheet": set(), "community": set()}
    return {
        part: [
            [cell for at, cell in enumerate(line.split("\t")) if at not in random.get(part, {1})]
            for line in b"".join(pieces).decode().splitlines()
        ]
        for part, pieces in judgement.plan.items()
    }


def test_number_of_queries_does_not_grow_with_the_sheet(world, street):
    batch = ImportBatch(division=street, kind="roster")
    counts = []
    for size in (2, 8):
        grid = read_sheet(rosters.as_csv([line(seq) for seq in range(1, size + 1)]), "名册.csv")
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            ROSTER.judge(grid, batch=batch)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_failed_file_can_be_judged_again_within_a_day(world, street):
    batch = rosters.judged(world.users.street, street, "姓名,别的\n张三,1\n".encode())
    assert batch.state == "failed" and files.exists(batch)
    assert rejudge(batch=batch, importer=ROSTER, by=world.users.street).state == "uploaded"


def test_applied_file_cannot_be_judged_again(world, judged):
    batch = confirmed(judged(line(1)), world.users.street)
    with pytest.raises(ValidationError) as refused:
        rejudge(batch=batch, importer=ROSTER, by=world.users.street)
    assert refused.value.code == "state"


def test_history_of_an_import_is_found_by_its_spans(world, judged):
    batch = confirmed(judged(line(1, level="社会工作师", obtained_on="2024-06-01")), world.users.street)
    with connection.cursor() as cursor:
        for noun in ("person", "appointment", "contract", "certificate"):
            table = f"workforce_{noun}event"
            first, last = batch.written[table]
            cursor.execute(
                f"SELECT count(*) FROM {table} WHERE pgh_id BETWEEN %s AND %s AND pgh_context->>'batch' = %s",
                [first, last, str(batch.pk)],
            )
            assert cursor.fetchone() == (1,)
