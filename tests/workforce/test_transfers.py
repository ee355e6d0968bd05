"""Moves between streets: who may propose, what each side learns, and that both consents move everything at once."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from tests import factories
from tests import world as w
from workforce.actions.moves import move_worker
from workforce.actions.people import end_post
from workforce.actions.positions import OverQuota
from workforce.actions.tallies import differences, recount
from workforce.actions.transfers import agree_transfer, propose_transfer, refuse_transfer, withdraw_transfer
from workforce.actions.versions import Stale
from workforce.models import Appointment, Contract, Person, Transfer
from workforce.queries import transfers as queries
from workforce.queries.people import history
from workforce.queries.staffing import staffing_of
from workforce.queries.transfers import Standing

POST = {
    "body": "station", "title": "工作人员", "tier": 3, "grade": 6, "entry": "hired",
    "full_time": True, "managed": True, "grid_worker": False,
}  # fmt: skip


def proposed(world, *, by="street", person="周秋", to=w.SUMMER, on=None, **more) -> Transfer:
    """The street asks for 周秋 of the neighbour unless told otherwise."""
    given = {"post": POST, "name": person, "effective_on": on or world.today, **more}
    return propose_transfer(
        person=world.people[person], division=world.divisions[to], by=getattr(world.users, by), **given
    )


def agreed(world, transfer: Transfer, by="neighbour", **more) -> Transfer:
    return agree_transfer(transfer=transfer, version=transfer.version, by=getattr(world.users, by), **more)


def posts(name: str) -> list[tuple]:
    rows = Appointment.objects.filter(person__name=name).order_by("valid_from", "id")
    return list(rows.values_list("division_id", "title", "valid_from", "valid_to"))


def workers(world, code: str) -> int:
    return staffing_of(code, world.today).workers


def test_proposal_holds_the_consent_of_its_side_and_moves_nothing(world):
    before = posts("周秋")
    transfer = proposed(world, reason="家庭住址变化")
    assert (transfer.state, transfer.from_division_id, transfer.to_division_id) == ("proposed", w.AUTUMN, w.SUMMER)
    assert (transfer.to_agreed_by, transfer.from_agreed_by, transfer.from_agreed_at) == ("street", "", None)
    assert transfer.post == {**POST, "name": "周秋"}
    assert posts("周秋") == before


def test_giving_side_may_propose_too(world):
    transfer = proposed(world, by="street", person="孙夏", to=w.AUTUMN)
    assert (transfer.from_division_id, transfer.from_agreed_by, transfer.to_agreed_at) == (w.SUMMER, "street", None)
    done = agreed(world, transfer, post={**POST, "title": "委员", "body": "committee"})
    assert posts("孙夏")[-1] == (w.AUTUMN, "委员", world.today, None)
    assert done.post["title"] == "委员"


def test_both_consents_end_the_old_posts_and_begin_the_new_one_with_figures_and_grade(world):
    person = world.people["周秋"]
    factories.grade(person, 5)
    grid_post = factories.grid_post(person, factories.grid(w.AUTUMN))
    before = workers(world, w.AUTUMN), workers(world, w.SUMMER), workers(world, w.DISTRICT)
    done = agreed(world, proposed(world))
    assert (done.state, done.from_agreed_by, done.to_agreed_by) == ("agreed", "neighbour", "street")
    assert posts("周秋") == [
        (w.AUTUMN, "工作人员", date(2024, 1, 1), world.today), (w.SUMMER, "工作人员", world.today, None),
    ]  # fmt: skip
    grid_post.refresh_from_db()
    assert grid_post.valid_to == world.today
    after = workers(world, w.AUTUMN), workers(world, w.SUMMER), workers(world, w.DISTRICT)
    assert after == (before[0] - 1, before[1] + 1, before[2])
    assert Contract.objects.get(person=person).valid_to is None
    assert [(row.grade, row.valid_to) for row in person.grades.order_by("valid_from")] == [
        (5, world.today), (6, None),
    ]  # fmt: skip
    person.refresh_from_db()
    assert (person.version, differences()) == (2, [])


def test_day_ahead_is_written_now_and_counts_then(world):
    day = world.today + timedelta(days=20)
    agreed(world, proposed(world, on=day))
    assert workers(world, w.AUTUMN) == 1
    assert [staffing_of(code, day).workers for code in (w.AUTUMN, w.SUMMER)] == [0, 3]


@pytest.mark.parametrize(("day", "fits"), [(date(2024, 1, 2), True), (date(2024, 1, 1), False)])
def test_day_gone_by_reaches_back_to_the_start_of_the_old_post(world, day, fits):
    """The receiving side is not told of the start by a refusal; the giving side is, when it agrees."""
    transfer = proposed(world, on=day)
    if fits:
        agreed(world, transfer)
        assert posts("周秋")[0] == (w.AUTUMN, "工作人员", date(2024, 1, 1), day)
        return
    with pytest.raises(ValidationError, match="应晚于现任职务的起始日期 2024-01-01"):
        agreed(world, transfer)
    transfer.refresh_from_db()
    assert (transfer.state, len(posts("周秋"))) == ("proposed", 1)


def test_giving_side_is_told_of_an_early_day_at_once(world):
    with pytest.raises(ValidationError, match="应晚于现任职务的起始日期 2024-01-01"):
        proposed(world, person="孙夏", to=w.AUTUMN, on=date(2023, 6, 1))


@pytest.mark.parametrize("act", ["refuse", "withdraw"])
def test_refused_and_withdrawn_leave_all_as_it_was(world, act):
    before, transfer = posts("周秋"), proposed(world)
    if act == "refuse":
        done = refuse_transfer(transfer=transfer, version=1, reason=" 人手不足 ", by=world.users.neighbour)
        assert (done.state, done.decision_reason) == ("refused", "人手不足")
    else:
        done = withdraw_transfer(transfer=transfer, version=1, by=world.users.street)
        assert done.state == "withdrawn"
    assert (posts("周秋"), Person.objects.get(name="周秋").version, done.from_agreed_at) == (before, 1, None)
    assert proposed(world).state == "proposed"  # the way is free again


def test_refusal_without_a_reason_is_refused(world):
    transfer = proposed(world)
    with pytest.raises(ValidationError) as caught:
        refuse_transfer(transfer=transfer, version=1, reason=" x ", by=world.users.neighbour)
    assert caught.value.message_dict == {"reason": ["请写明不同意的理由。"]}


def test_maker_does_not_check_and_checker_does_not_withdraw(world):
    transfer = proposed(world)
    for act, sentence in (
        (lambda: agreed(world, transfer, by="street"), "由对方答复"),
        (lambda: agreed(world, transfer, by="outsider"), "由对方答复"),
        (lambda: refuse_transfer(transfer=transfer, version=1, reason="理由", by=world.users.street), "由对方答复"),
        (lambda: withdraw_transfer(transfer=transfer, version=1, by=world.users.neighbour), "只有提出调动的一方"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            act()
    world.users.street.grants.update(division_id=w.NEIGHBOUR)
    moved = type(world.users.street).objects.get(pk=world.users.street.pk)
    with pytest.raises(ValidationError, match="提出调动的人不能自己答复"):
        agree_transfer(transfer=transfer, version=1, by=moved)


def test_district_may_answer_for_its_street_and_city_moves_between_its_streets_at_once(world):
    done = agreed(world, proposed(world), by="district")
    assert (done.state, done.from_agreed_by) == ("agreed", "district")
    moved = proposed(world, by="city", person="李雨", to=w.UNKNOWN)
    assert (moved.state, moved.from_agreed_by, moved.to_agreed_by) == ("agreed", "city", "city")
    assert posts("李雨")[-1][:3] == (w.UNKNOWN, "工作人员", world.today)


def test_one_open_case_for_a_person(world):
    proposed(world)
    with pytest.raises(ValidationError, match="已有一份等待答复的调动申请"):
        proposed(world, by="outsider", to=w.FAR)


def test_posts_in_a_third_street_stay(world):
    person = world.people["周秋"]
    factories.appointment(person, w.UNKNOWN, title="兼职", full_time=False)
    factories.appointment(person, w.FAR, title="讲师", full_time=False)
    agreed(world, proposed(world))
    ends = dict(Appointment.objects.filter(person=person).values_list("division_id", "valid_to"))
    assert ends == {w.AUTUMN: world.today, w.UNKNOWN: world.today, w.FAR: None, w.SUMMER: None}


def test_person_who_had_left_is_hired_anew_with_the_last_streets_consent(world):
    person = world.people["周秋"]
    Appointment.objects.filter(person=person).update(valid_to=date(2025, 1, 1))
    Person.objects.filter(pk=person.pk).update(left_on=date(2024, 12, 31), leaving_reason="辞职")
    person.refresh_from_db()
    agreed(world, proposed(world))
    person.refresh_from_db()
    assert (person.hired_on, person.left_on, person.leaving_reason) == (world.today, None, "")
    assert posts("周秋")[0][3] == date(2025, 1, 1)


def test_grid_worker_of_another_street_leaves_the_grid(world):
    person = factories.person("格一")
    held = factories.grid_post(person, factories.grid(w.AUTUMN))
    transfer = propose_transfer(
        person=person, division=world.divisions[w.SUMMER], effective_on=world.today, post=POST, name="格一",
        by=world.users.street,
    )  # fmt: skip
    agreed(world, transfer)
    held.refresh_from_db()
    assert (transfer.from_division_id, held.valid_to, posts("格一")) == (
        w.AUTUMN, world.today, [(w.SUMMER, "工作人员", world.today, None)],
    )  # fmt: skip


def test_full_community_takes_nobody_and_the_case_stays_open(world):
    factories.establishment(w.SUMMER, posts=2)
    recount()
    transfer = proposed(world)
    with pytest.raises(OverQuota, match="核定员额 2 人"):
        agreed(world, transfer)
    transfer.refresh_from_db()
    assert (transfer.state, len(posts("周秋")), differences()) == ("proposed", 1, [])


def test_village_and_own_community_are_refused(world):
    for to, by, sentence in ((w.VILLAGE, "street", "是村"), (w.AUTUMN, "neighbour", "就在这个社区任职")):
        with pytest.raises(ValidationError, match=sentence):
            proposed(world, by=by, to=to)
    with pytest.raises(ValidationError, match="没有可以调出的任职"):
        proposed(world, by="outsider", to=w.SUMMER)
    assert not Transfer.objects.exists()


def test_each_side_knows_what_it_may(world):
    transfer = proposed(world, person="周秋", name="周丘")
    asks, has = (Standing.of(getattr(world.users, user), transfer) for user in ("street", "neighbour"))
    assert (asks.name, asks.sees_place, asks.sees_file, asks.answers, asks.withdraws) == (
        "周丘",
        False,
        False,
        False,
        True,
    )
    assert (has.name, has.sees_place, has.sees_file, has.answers, has.withdraws) == ("周秋", True, True, True, False)
    assert asks.masked.startswith("999*")
    done = agreed(world, transfer)
    asks = Standing.of(world.users.street, done)
    assert (asks.name, asks.sees_place, asks.sees_file, asks.answers) == ("周秋", True, True, False)


def test_lists_hold_what_waits_for_whom(world):
    transfer = proposed(world)

    def lists(user) -> list[list[int]]:
        found = (queries.to_answer(user), queries.unanswered(user), queries.decided(user))
        return [[one.pk for one in rows] for rows in found]

    users = world.users
    assert lists(users.neighbour) == [[transfer.pk], [], []]
    assert lists(users.street) == [[], [transfer.pk], []]
    assert lists(users.district) == [[], [transfer.pk], []]
    assert lists(users.outsider) == lists(users.community) == lists(users.nobody) == [[], [], []]
    assert [(duty.who, duty.count) for duty in queries.duties(users.neighbour)] == [("秋叶社区", 1)]
    assert queries.duties(users.street) == []
    agreed(world, transfer)
    assert lists(users.street) == lists(users.neighbour) == [[], [], [transfer.pk]]


def test_history_names_the_act_and_who(world):
    agreed(world, proposed(world))
    changes = history(world.users.street, world.people["周秋"])
    assert {(change.actor, change.act) for change in changes if change.table == "任职"} == {("neighbour", "同意调动")}


def test_move_in_ones_own_territory_needs_no_case(world):
    person = world.people["孙夏"]
    before = workers(world, w.SUMMER), workers(world, w.SPRING)
    made = move_worker(
        person=person, version=1, ends=person.appointments.all(), division=world.divisions[w.SPRING],
        effective_on=world.today, post=POST, by=world.users.street,
    )  # fmt: skip
    assert (made.division_id, Transfer.objects.exists()) == (w.SPRING, False)
    assert (workers(world, w.SUMMER), workers(world, w.SPRING)) == (before[0] - 1, before[1] + 1)
    with pytest.raises(Stale):
        end_post(appointment=made, version=1, last_day=world.today, by=world.users.street)


def test_move_out_of_ones_territory_without_a_case_is_refused(world):
    person = world.people["孙夏"]
    with pytest.raises(ValidationError, match="须提出调动申请"):
        move_worker(
            person=person, version=1, ends=person.appointments.all(), division=world.divisions[w.AUTUMN],
            effective_on=world.today, post=POST, by=world.users.street,
        )  # fmt: skip
    assert Person.objects.get(pk=person.pk).version == 1


@pytest.mark.django_db(transaction=True)
def test_two_agreeing_at_once_have_one_effect(world):
    factories.user("second", ("street", w.NEIGHBOUR))
    transfer, found, barrier = proposed(world), [], threading.Barrier(2)

    def call(username: str) -> None:
        user = type(world.users.street).objects.get(username=username)
        try:
            mine = Transfer.objects.select_related("person", "from_division", "to_division").get(pk=transfer.pk)
            barrier.wait(timeout=60)
            agree_transfer(transfer=mine, version=1, by=user)
            found.append("agreed")
        except Stale:
            found.append("stale")
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=(name,)) for name in ("neighbour", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(found) == ["agreed", "stale"]
    assert len(posts("周秋")) == 2
    assert (Person.objects.get(name="周秋").version, Transfer.objects.get().version, differences()) == (2, 2, [])


@pytest.mark.django_db(transaction=True)
def test_agreeing_and_withdrawing_at_once_end_in_one_of_the_two(world):
    transfer, found, barrier = proposed(world), [], threading.Barrier(2)

    def call(act, user) -> None:
        try:
            mine = Transfer.objects.get(pk=transfer.pk)
            barrier.wait(timeout=60)
            act(transfer=mine, version=1, by=user)
            found.append(act.__name__)
        except Stale:
            found.append("stale")
        finally:
            connection.close()

    pairs = ((agree_transfer, world.users.neighbour), (withdraw_transfer, world.users.street))
    threads = [threading.Thread(target=call, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    transfer.refresh_from_db()
    assert sorted(found) in (["agree_transfer", "stale"], ["stale", "withdraw_transfer"])
    assert len(posts("周秋")) == (2 if transfer.state == "agreed" else 1)
