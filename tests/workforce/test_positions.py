"""Position control (domain §1.B3 总量调控): an appointment is checked on its own days, and fifty at once never exceed it."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from portal.core.lib.identity import synthetic
from tests import factories
from tests import world as w
from workforce.actions.establishment import approve_exception, set_establishment
from workforce.actions.exits import leave, take_back_exit
from workforce.actions.people import add_post, add_worker, change_worker, end_post, take_back_post
from workforce.actions.positions import OverQuota
from workforce.actions.tallies import differences, recount
from workforce.models import Appointment, Establishment, Person, QuotaException
from workforce.queries.establishment import positions_of
from workforce.queries.staffing import staffing_of

BORN = date(1992, 3, 4)


def person_fields(number: int) -> dict:
    given = {"name": f"控{'一二三四五六七八九十'[number % 10]}", "id_number": synthetic(BORN, 2 * number + 1)}
    return {**given, "sex": "male", "birth_date": BORN, "hired_on": None}


def post_fields(world, code=w.SUMMER, **fields) -> dict:
    given = {"division": world.divisions[code], "body": "station", "title": "工作人员", "tier": 3, "entry": "hired"}
    return {**given, "valid_from": world.today, "valid_to": None, **fields}


def appoint(world, number=400, **fields) -> Appointment:
    return add_worker(person=person_fields(number), post=post_fields(world, **fields), by=world.users.street)


def staff(world, code=w.SUMMER, on=None):
    return positions_of([code], on or world.today, code)[code]["staff"]


def corrected(world, post: Appointment, **fields) -> Appointment:
    person = {**person_fields(400), "name": post.person.name, "id_number": str(post.person.id_number)}
    person |= {"sex": post.person.sex, "birth_date": post.person.birth_date}
    values = {**post_fields(world), "valid_from": post.valid_from, **fields}
    return change_worker(
        appointment=post, version=post.person.version, person=person, post=values, by=world.users.street
    )


def test_without_an_establishment_there_is_no_control(world):
    assert appoint(world).notes == []
    assert (staff(world).established, staff(world).taken, staff(world).unrecorded) == (None, 3, 1)


def test_full_quota_is_refused_in_words_and_nothing_is_written(world):
    factories.establishment(w.SUMMER, posts=2)
    recount()
    with pytest.raises(OverQuota) as caught:
        appoint(world)
    assert caught.value.message_dict == {
        "valid_from": [
            f"夏雨社区“社区专职工作人员”核定员额 2 人，{world.today} 起将有 3 人占用，超出员额。"
            "请先申请员额；确需超员额任用的，先按未纳入管理登记，再由区里按例外批准纳入。"
        ]
    }
    assert not Person.objects.filter(name="控一").exists()
    assert differences() == []


def test_vacant_position_may_be_taken(world):
    factories.establishment(w.SUMMER, posts=3)
    assert appoint(world).notes == []
    assert (staff(world).established, staff(world).taken, staff(world).vacant) == (3, 3, 0)


def test_approved_appointment_that_starts_later_is_counted(world):
    """The one that comes second overlaps the day on which the first begins, though on its own first day there is room."""
    factories.establishment(w.SUMMER, posts=3)
    later = world.today + timedelta(days=60)
    appoint(world, 400, valid_from=later)
    with pytest.raises(OverQuota, match=f"{later} 起将有 4 人"):
        appoint(world, 401)
    assert appoint(world, 401, valid_to=later).valid_to == later


def test_judged_by_the_establishment_of_its_own_days(world):
    factories.establishment(w.SUMMER, posts=2, valid_to=date(2099, 1, 1))
    factories.establishment(w.SUMMER, posts=3, valid_from=date(2099, 1, 1))
    with pytest.raises(OverQuota):
        appoint(world, 400, valid_from=date(2098, 12, 31))
    assert appoint(world, 400, valid_from=date(2099, 1, 1)).valid_from == date(2099, 1, 1)


def test_smaller_establishment_already_decided_refuses_who_would_stay_beyond_it(world):
    factories.establishment(w.SUMMER, posts=3, valid_to=date(2099, 1, 1))
    factories.establishment(w.SUMMER, posts=2, valid_from=date(2099, 1, 1))
    with pytest.raises(OverQuota, match="2099-01-01 起将有 3 人"):
        appoint(world, 400)
    assert appoint(world, 400, valid_to=date(2099, 1, 1)).pk


def test_day_before_the_first_establishment_is_free(world):
    factories.establishment(w.SUMMER, posts=2, valid_from=world.today)
    past = {"valid_from": world.today - timedelta(days=30), "valid_to": world.today}
    assert appoint(world, 400, **past).pk


@pytest.mark.parametrize(
    "fields",
    [{"full_time": False}, {"managed": False}, {"body": "committee", "title": "委员"}],
)
def test_what_takes_no_position_of_the_class_is_free(world, fields):
    factories.establishment(w.SUMMER, posts=2)
    assert appoint(world, **fields).pk


def test_second_post_of_the_same_class_takes_no_second_position(world):
    factories.establishment(w.SUMMER, posts=2)
    person = world.people["孙夏"]
    post = post_fields(world, body="centre", title="窗口人员", valid_from=date(2025, 1, 1))
    assert add_post(person=person, version=1, post=post, by=world.users.street).notes == []
    assert staff(world).taken == 2


def test_correction_that_takes_no_more_days_passes_though_the_quota_is_exceeded(world):
    factories.establishment(w.SUMMER, posts=1)
    post = world.people["孙夏"].appointments.get()
    assert corrected(world, post, title="社区事务员").title == "社区事务员"


def test_longer_period_through_a_correction_is_checked_on_the_days_gained(world):
    factories.establishment(w.SUMMER, posts=1)
    post = world.people["孙夏"].appointments.get()
    post.valid_to = date(2099, 1, 1)
    post.save()
    with pytest.raises(OverQuota, match="2099-01-01 起将有 2 人"):
        corrected(world, post, valid_to=None)
    post.refresh_from_db()
    with pytest.raises(OverQuota, match="2099-01-01 起将有 2 人"):
        end_post(appointment=post, version=1, last_day=date(2099, 6, 30), by=world.users.street)
    post.refresh_from_db()
    assert end_post(appointment=post, version=1, last_day=world.today, by=world.users.street).notes == []


def test_mode_warn_lets_pass_and_says_so_and_off_says_nothing(world):
    factories.establishment(w.SUMMER, posts=2)
    factories.rule("staffing.position_control", {"mode": "warn"}, division=w.CITY)
    sentence = f"夏雨社区“社区专职工作人员”核定员额 2 人，{world.today} 起将有 3 人占用，超出员额。"
    assert appoint(world, 400).notes == [sentence]
    factories.rule("staffing.position_control", {"mode": "off"}, division=w.STREET)
    assert appoint(world, 401).notes == []
    assert (staff(world).taken, staff(world).over) == (4, 2)


def test_rule_of_the_day_the_appointment_starts_decides(world):
    factories.establishment(w.SUMMER, posts=2)
    factories.rule("staffing.position_control", {"mode": "off"}, division=w.CITY, since=date(2099, 1, 1))
    assert appoint(world, 400, valid_from=date(2099, 1, 1)).notes == []
    with pytest.raises(OverQuota):
        appoint(world, 401, valid_from=date(2098, 12, 31))


def excepted(world, post: Appointment, **fields) -> QuotaException:
    given = {
        "starts_on": world.today,
        "reason": "退役军人安置",
        "document": "东区〔2026〕3号",
        "by": world.users.district,
    }
    return approve_exception(appointment=post, **{"version": post.person.version, **given, **fields})


def test_exception_brings_somebody_in_from_a_day_on_and_leaves_the_past_alone(world):
    factories.establishment(w.SUMMER, posts=2)
    post = appoint(world, valid_from=world.today - timedelta(days=40), managed=False)
    factories.contract(post.person)
    post.person.refresh_from_db()
    before = staffing_of(w.SUMMER, world.today).workers
    exception = excepted(world, post)
    assert (exception.approved_by, exception.division_id) == ("district", w.SUMMER)
    assert (exception.appointment.valid_from, exception.appointment.managed) == (world.today, True)
    assert (staff(world).taken, staff(world).over) == (3, 1)
    assert staff(world, on=world.today - timedelta(days=1)).taken == 2
    assert staffing_of(w.SUMMER, world.today).workers == before + 1
    assert differences() == []


def test_exception_on_the_first_day_needs_no_second_row(world):
    factories.establishment(w.SUMMER, posts=2)
    post = appoint(world, managed=False)
    assert excepted(world, post).appointment_id == post.pk
    assert post.person.appointments.count() == 1


def test_excepted_position_is_counted_when_a_regular_one_falls_free(world):
    factories.establishment(w.SUMMER, posts=2)
    excepted(world, appoint(world, managed=False))
    last = world.today - timedelta(days=1)
    end_post(appointment=world.people["李雨"].appointments.get(), version=1, last_day=last, by=world.users.street)
    with pytest.raises(OverQuota):
        appoint(world, 401)


def test_further_post_of_an_excepted_person_is_no_further_position(world):
    factories.establishment(w.SUMMER, posts=2)
    person = excepted(world, appoint(world, managed=False)).appointment.person
    person.refresh_from_db()
    post = post_fields(world, body="centre", title="窗口人员")
    assert add_post(person=person, version=person.version, post=post, by=world.users.street).notes == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": " "}, "请写明超员额任用的理由。"),
        ({"starts_on": date(2020, 1, 1)}, "生效日期应在任职期间内。"),
        ({"by": "street"}, "您的角色不能办理这个社区的员额。"),
        ({"version": 9}, "刚被其他人修改过"),
    ],
)
def test_exception_is_refused_in_words(world, fields, sentence):
    factories.establishment(w.SUMMER, posts=2)
    post = appoint(world, managed=False)
    if "by" in fields:
        fields = {"by": getattr(world.users, fields["by"])}
    with pytest.raises(ValidationError, match=sentence):
        excepted(world, post, **fields)
    assert not QuotaException.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_fifty_appointments_at_once_never_exceed_the_quota(world):
    """Fifty connections, seven vacancies: exactly seven get in, whoever they are, and the tallies stay exact."""
    factories.establishment(w.SUMMER, posts=9)
    found, barrier = [], threading.Barrier(50)

    def call(number: int) -> None:
        try:
            barrier.wait(timeout=60)
            appoint(world, number)
            found.append("in")
        except OverQuota:
            found.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=(number,)) for number in range(300, 350)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(found) == ["in"] * 7 + ["refused"] * 43
    assert (staff(world).taken, staff(world).over) == (9, 0)
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_appointment_and_smaller_establishment_at_once_leave_no_one_too_many_unseen(world):
    """Whichever comes second sees the other: either the appointment is refused, or it was in before the cut."""
    factories.establishment(w.SUMMER, posts=3)
    outcome, barrier = [], threading.Barrier(2)

    def cut() -> None:
        try:
            barrier.wait(timeout=60)
            set_establishment(
                division=world.divisions[w.SUMMER], worker_class="staff", posts=2, starts_on=world.today,
                document="东区〔2026〕4号", by=world.users.district,
            )  # fmt: skip
        finally:
            connection.close()

    def enter() -> None:
        try:
            barrier.wait(timeout=60)
            appoint(world, 360)
            outcome.append("in")
        except OverQuota:
            outcome.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=cut), threading.Thread(target=enter)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert Establishment.objects.get(division=w.SUMMER, valid_to=None).posts == 2
    assert (outcome, staff(world).taken) in [(["in"], 3), (["refused"], 2)]


def test_exit_taken_back_finds_the_place_filled(world):
    """Whoever left by mistake comes back to a vacancy only; with the place filled, the way on is told."""
    factories.establishment(w.SUMMER, posts=2)
    person = world.people["李雨"]
    last = world.today - timedelta(days=5)
    exit_of = leave(person=person, version=1, last_day=last, reason="resignation", by=world.users.street)
    filled = appoint(world)
    with pytest.raises(OverQuota, match="将有 3 人占用"):
        take_back_exit(record=exit_of, version=2, by=world.users.street)
    assert staff(world).taken == 2
    take_back_post(appointment=filled, version=1, by=world.users.street)
    exit_of.refresh_from_db()
    exit_of.person.refresh_from_db()
    take_back_exit(record=exit_of, version=2, by=world.users.street)
    assert staff(world).taken == 2
