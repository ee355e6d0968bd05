"""Position control of a sheet: rows beyond the quota are told before anything is written, and again while it is."""

import dataclasses
import threading
from datetime import date, timedelta

import pytest
from django.db import connections, transaction

from portal.core.lib.identity import synthetic
from portal.core.sheets.actions import request_apply
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.running import apply_batch
from tests import factories, rosters
from tests import world as w
from tests.rosters import line
from tests.together import together
from workforce.actions.people import add_worker
from workforce.actions.positions import OverQuota
from workforce.actions.tallies import differences
from workforce.importers import ROSTER
from workforce.models import Appointment
from workforce.queries.establishment import positions_of


@pytest.fixture
def judge(world):
    def judged(*lines):
        ImportBatch.objects.filter(state="judged").update(state="cancelled")
        return rosters.judged(world.users.street, world.divisions[w.STREET], list(lines))

    return judged


def taken(world) -> int:
    return positions_of([w.SUMMER], world.today, w.SUMMER)[w.SUMMER]["staff"].taken


def new(seq: int, **cells) -> dict:
    return line(seq, code=w.SUMMER, **cells)


def test_rows_within_the_quota_pass_and_the_one_too_many_is_told(judge, world):
    factories.establishment(w.SUMMER, posts=4)
    batch = judge(new(1), new(2), new(3))
    assert rosters.errors(batch) == [(4, "任职起始", "over_quota")]
    error = batch.rows.get(number=4).errors[0]
    assert error["params"] == {"column": "任职起始", "day": "2025-03-01", "taken": 5, "posts": 4}
    assert ROSTER.sentence(error["code"], error["params"]) == (
        "同类员额核定 4 人，2025-03-01 起将有 5 人占用。"
        "请先申请员额；确需超员额的，“纳入管理”先填否，再由区里按例外批准纳入。"
    )


@pytest.mark.parametrize("cells", [{"full_time": "否"}, {"managed": "否"}, {"body": "居民委员会", "title": "委员"}])
def test_rows_that_take_no_such_position_pass(judge, world, cells):
    factories.establishment(w.SUMMER, posts=2)
    assert rosters.errors(judge(new(1, **cells))) == []


def test_without_an_establishment_there_is_no_control(judge, world):
    assert rosters.errors(judge(*(new(seq) for seq in range(1, 9)))) == []


def test_two_rows_of_one_person_are_one_position(judge, world):
    factories.establishment(w.SUMMER, posts=3)
    batch = judge(new(1), new(1, body="党群服务中心", title="窗口人员"))
    assert rosters.errors(batch) == []


def test_own_days_count_later_starts_included(judge, world):
    factories.establishment(w.SUMMER, posts=3)
    later = (world.today + timedelta(days=30)).isoformat()
    assert rosters.errors(judge(new(1, valid_from=later), new(2))) == [(3, "任职起始", "over_quota")]
    ends = {"valid_to": (world.today + timedelta(days=29)).isoformat()}
    assert rosters.errors(judge(new(1, valid_from=later), new(2, **ends))) == []


def test_one_who_leaves_in_the_same_sheet_makes_room(judge, world):
    factories.establishment(w.SUMMER, posts=2)
    person = world.people["李雨"]
    cells = {"id_number": str(person.id_number), "name": "李雨", "party": None, "contract_kind": None}
    cells |= {"contract_from": None, "valid_from": "2024-01-01", "valid_to": "2025-02-28"}
    assert rosters.errors(judge(new(2, **cells), new(1))) == []
    assert rosters.errors(judge(new(1))) == [(2, "任职起始", "over_quota")]


def test_correction_of_somebody_beyond_the_quota_passes(judge, world):
    factories.establishment(w.SUMMER, posts=1)
    person = world.people["李雨"]
    cells = {"id_number": str(person.id_number), "name": "李雨", "party": None, "contract_kind": None}
    batch = judge(new(2, **cells, contract_from=None, valid_from="2024-01-01", education="本科"))
    assert (rosters.errors(batch), batch.rows.get(number=2).status) == ([], "changed")


def test_warn_and_off(judge, world):
    factories.establishment(w.SUMMER, posts=2)
    factories.rule("staffing.position_control", {"mode": "warn"}, division=w.CITY)
    batch = judge(new(1))
    assert (rosters.errors(batch), rosters.warnings(batch)) == ([], [(2, "任职起始", "over_quota_noted")])
    factories.rule("staffing.position_control", {"mode": "off"}, division=w.SUMMER, since=date(2025, 1, 1))
    batch = judge(new(1))
    assert (rosters.errors(batch), rosters.warnings(batch)) == ([], [])


def test_place_taken_between_check_and_writing_sends_the_sheet_back(judge, world):
    factories.establishment(w.SUMMER, posts=3)
    batch = judge(new(1))
    request_apply(batch=batch, importer=ROSTER, by=world.users.street)
    factories.worker("抢先", w.SUMMER)
    batch = apply_batch(batch.pk, world.users.street, ROSTER)
    assert (batch.state, rosters.problems(batch)) == ("judged", ["changed"])
    assert rosters.errors(batch) == [(2, "任职起始", "over_quota")]
    assert taken(world) == 3


def test_sheet_within_the_quota_is_written(judge, world):
    factories.establishment(w.SUMMER, posts=4)
    batch = rosters.applied(world.users.street, world.divisions[w.STREET], [new(1), new(2)])
    assert (batch.state, taken(world)) == ("applied", 4)
    assert Appointment.objects.filter(division=w.SUMMER).count() == 4


def test_whole_city_takes_one_lock_for_all(judge, world, monkeypatch):
    monkeypatch.setattr("workforce.actions.positions.LOCKED_SINGLY", 0)
    factories.establishment(w.SUMMER, posts=3)
    batch = rosters.applied(world.users.street, world.divisions[w.STREET], [new(1)])
    assert (batch.state, taken(world)) == ("applied", 3)


# At the same moment as a form --------------------------------------------------------------------------------------------


def by_form(world):
    """A form gives the last free position at 夏雨社区 to somebody new."""
    number = synthetic(date(1990, 1, 1), 903)
    person = {"name": "张新", "id_number": number, "sex": "male", "birth_date": date(1990, 1, 1), "hired_on": None}
    post = {"division": world.divisions[w.SUMMER], "body": "station", "title": "工作人员", "tier": 3, "entry": "hired"}
    return add_worker(
        person=person, post={**post, "valid_from": date(2025, 3, 1), "valid_to": None}, by=world.users.street
    )


def confirmed(world, judge) -> ImportBatch:
    factories.establishment(w.SUMMER, posts=3)
    return request_apply(batch=judge(new(1)), importer=ROSTER, by=world.users.street)


@pytest.mark.django_db(transaction=True)
def test_position_is_held_from_the_look_at_the_roster_to_the_commit(judge, world):
    batch, forms, answers = confirmed(world, judge), [], []

    def form():
        try:
            answers.append(by_form(world))
        except OverQuota as error:
            answers.append(error)
        finally:
            connections.close_all()

    def basis(**given):
        found = ROSTER.basis(**given)
        forms.append(threading.Thread(target=form))
        forms[0].start()
        forms[0].join(timeout=1)
        return found

    (applied,) = together(lambda: apply_batch(batch.pk, world.users.street, dataclasses.replace(ROSTER, basis=basis)))
    forms[0].join()
    assert (applied.state, taken(world), differences()) == ("applied", 3, [])
    assert [type(answer) for answer in answers] == [OverQuota]


@pytest.mark.django_db(transaction=True)
def test_position_that_a_form_is_just_taking_is_waited_for(judge, world):
    batch, entered = confirmed(world, judge), threading.Event()

    def form():
        with transaction.atomic():
            by_form(world)
            entered.set()
            threading.Event().wait(1)

    def apply():
        entered.wait()
        return apply_batch(batch.pk, world.users.street, ROSTER)

    _post, batch = together(form, apply)
    assert (batch.state, rosters.problems(batch), taken(world)) == ("judged", ["changed"], 3)
    assert rosters.errors(batch) == [(2, "任职起始", "over_quota")]
