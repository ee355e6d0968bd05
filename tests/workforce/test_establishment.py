"""Positions over time: establishment, applications and their decision, and what they come to on any day."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from tests import factories
from tests import world as w
from workforce.actions.establishment import (
    apply_for_posts,
    approve_application,
    refuse_application,
    set_establishment,
    withdraw_application,
)
from workforce.actions.versions import Stale
from workforce.models import Establishment, PostApplication
from workforce.queries.establishment import (
    Positions,
    applications,
    communities_with,
    duties,
    history_of,
    positions_of,
    positions_under,
)


def steps(code=w.SUMMER, worker_class="staff") -> list[tuple]:
    rows = Establishment.objects.filter(division=code, worker_class=worker_class).order_by("valid_from")
    return list(rows.values_list("posts", "valid_from", "valid_to"))


def applied(world, code=w.SUMMER, posts=2, **fields) -> PostApplication:
    given = {"worker_class": "staff", "posts": posts, "starts_on": world.today, "reason": "新建小区入住，工作量增加"}
    return apply_for_posts(division=world.divisions[code], **{**given, **fields}, by=world.users.street)


def approved(world, application, posts, version=1, **fields) -> PostApplication:
    given = {"reason": "", "document": "东区核〔2026〕1号", "by": world.users.district, **fields}
    return approve_application(application=application, version=version, posts=posts, **given)


def recorded(world, posts, starts_on, code=w.SUMMER, **fields) -> Establishment:
    given = {"worker_class": "staff", "document": "东区核〔2026〕2号", "by": world.users.district, **fields}
    return set_establishment(division=world.divisions[code], posts=posts, starts_on=starts_on, **given)


def test_street_applies_for_two_and_gets_one_from_the_day_applied_for(world):
    factories.establishment(w.SUMMER, posts=3)
    starts_on = world.today + timedelta(days=20)
    application = approved(world, applied(world, starts_on=starts_on), 1)
    assert (application.state, application.approved_posts, application.decided_by) == ("approved", 1, "district")
    assert steps() == [(3, factories.STARTED, starts_on), (4, starts_on, None)]
    raised = Establishment.objects.get(valid_from=starts_on)
    assert (raised.application_id, raised.document) == (application.pk, "东区核〔2026〕1号")
    assert positions_of([w.SUMMER], starts_on, w.SUMMER)[w.SUMMER]["staff"].vacant == 2
    assert positions_of([w.SUMMER], world.today, w.SUMMER)[w.SUMMER]["staff"].vacant == 1


def test_day_applied_for_that_has_passed_becomes_today(world):
    factories.establishment(w.SUMMER, posts=3)
    application = applied(world)
    PostApplication.objects.update(starts_on=world.today - timedelta(days=9))
    application.refresh_from_db()
    approved(world, application, 2)
    assert steps() == [(3, factories.STARTED, world.today), (5, world.today, None)]


def test_approval_raises_what_is_established_from_later_days_too(world):
    change, end = date(2098, 1, 1), date(2099, 1, 1)
    factories.establishment(w.SUMMER, posts=3, valid_to=change)
    factories.establishment(w.SUMMER, posts=1, valid_from=change, valid_to=end)
    approved(world, applied(world), 2)
    assert steps() == [(3, factories.STARTED, world.today), (5, world.today, change), (3, change, end)]


def test_approval_on_the_first_day_of_an_establishment_raises_that_very_row(world):
    factories.establishment(w.SUMMER, posts=3, valid_from=world.today)
    approved(world, applied(world), 2)
    assert steps() == [(5, world.today, None)]


@pytest.mark.parametrize("posts", [0, 3, -1])
def test_no_more_is_approved_than_was_applied_for(world, posts):
    factories.establishment(w.SUMMER, posts=3)
    with pytest.raises(ValidationError, match="批准员额应为 1 到 2"):
        approved(world, applied(world), posts)
    assert steps() == [(3, factories.STARTED, None)]


def test_nothing_established_yet_cannot_be_raised_and_the_application_stays(world):
    with pytest.raises(ValidationError, match="还没有核定这类员额"):
        approved(world, applied(world), 1)
    assert PostApplication.objects.get().state == "submitted"


def test_refusal_needs_a_reason_and_changes_nothing_established(world):
    factories.establishment(w.SUMMER, posts=3)
    application = applied(world)
    with pytest.raises(ValidationError, match="请写明理由"):
        refuse_application(application=application, version=1, reason=" ", by=world.users.district)
    refused = refuse_application(application=application, version=1, reason="总量已满", by=world.users.district)
    assert (refused.state, refused.decision_reason, refused.approved_posts) == ("refused", "总量已满", None)
    assert steps() == [(3, factories.STARTED, None)]


def test_withdrawn_and_decided_are_final(world):
    factories.establishment(w.SUMMER, posts=3)
    application = withdraw_application(application=applied(world), version=1, by=world.users.street)
    assert (application.state, application.decided_by) == ("withdrawn", "street")
    for version in (1, 2):
        with pytest.raises(Stale, match="刚被办理过"):
            approved(world, application, 1, version=version)
    assert steps() == [(3, factories.STARTED, None)]


def test_one_application_at_a_time_per_community_and_class(world):
    application = applied(world)
    with pytest.raises(ValidationError, match="已有一份申请待审批"):
        applied(world)
    assert applied(world, worker_class="committee").pk
    withdraw_application(application=application, version=1, by=world.users.street)
    assert applied(world).state == "submitted"


@pytest.mark.parametrize(
    ("code", "days", "sentence"),
    [(w.SUMMER, -1, "启用日期不能早于今天"), (w.VILLAGE, 0, "是村"), (w.AUTUMN, 0, "您的角色不能办理")],
)
def test_application_is_refused_in_words(world, code, days, sentence):
    with pytest.raises(ValidationError, match=sentence):
        applied(world, code, starts_on=world.today + timedelta(days=days))


def test_only_who_decides_posts_decides(world):
    factories.establishment(w.SUMMER, posts=3)
    application = applied(world)
    for user in (world.users.street, world.users.community, world.users.outsider, world.users.auditor):
        with pytest.raises(ValidationError, match="您的角色不能办理"):
            approved(world, application, 1, by=user)
        with pytest.raises(ValidationError, match="您的角色不能办理"):
            recorded(world, 5, world.today, by=user)
    assert steps() == [(3, factories.STARTED, None)]


def test_recording_cuts_what_is_in_force_and_keeps_what_comes_later(world):
    recorded(world, 2, date(2025, 1, 1))
    recorded(world, 4, date(2027, 1, 1))
    recorded(world, 3, date(2026, 1, 1))
    assert steps() == [
        (2, date(2025, 1, 1), date(2026, 1, 1)),
        (3, date(2026, 1, 1), date(2027, 1, 1)),
        (4, date(2027, 1, 1), None),
    ]
    recorded(world, 9, date(2026, 1, 1))
    assert [posts for posts, _start, _end in steps()] == [2, 9, 4]
    with pytest.raises(ValidationError, match="是村"):
        recorded(world, 1, world.today, code=w.VILLAGE)


def test_sums_add_communities_and_never_set_a_vacancy_against_an_excess(world):
    factories.establishment(w.SPRING, posts=1)
    factories.establishment(w.SUMMER, posts=5)
    factories.establishment(w.SPRING, "committee", posts=3)
    applied(world, posts=2)
    line, children = positions_under(world.divisions[w.STREET], world.today)
    assert [child.division.code for child in children] == [w.SPRING, w.SUMMER]
    assert line.by_class == {
        "committee": Positions(established=3, taken=1, vacant=2, over=0, applied=0, communities=2, recorded=1, whole=1),
        "staff": Positions(established=6, taken=4, vacant=3, over=1, applied=2, communities=2, recorded=2, whole=1),
    }
    assert line.together == Positions(
        established=9, taken=5, vacant=5, over=1, applied=2, communities=2, recorded=1, whole=1
    )
    district, streets = positions_under(world.divisions[w.DISTRICT], world.today)
    assert [street.division.code for street in streets] == [w.STREET, w.NEIGHBOUR]
    assert (district.by_class["staff"].established, district.by_class["staff"].unrecorded) == (6, 2)
    city, districts = positions_under(world.divisions[w.CITY], world.today)
    assert [one.division.code for one in districts] == [w.DISTRICT, "960102"]
    assert city.together.established == 9
    empty, _ = positions_under(world.divisions["97"], world.today)
    assert (empty.together.established, empty.together.taken, empty.together.vacant) == (None, 1, 0)


def test_community_with_one_class_recorded_is_not_recorded_together(world):
    factories.establishment(w.SPRING, "committee", posts=3)
    factories.establishment(w.SUMMER, "staff", posts=3)
    line, _children = positions_under(world.divisions[w.STREET], world.today)
    assert (line.together.unrecorded, [one.unrecorded for one in line.by_class.values()]) == (2, [1, 1])
    found = communities_with(world.divisions[w.STREET], world.today, "unrecorded")
    assert [one.division.code for one in found] == [w.SPRING, w.SUMMER]


def test_past_day_answers_as_it_was(world):
    factories.establishment(w.SUMMER, posts=3, valid_to=date(2026, 6, 1))
    factories.establishment(w.SUMMER, posts=4, valid_from=date(2026, 6, 1))

    def on(day):
        return positions_of([w.SUMMER], day, w.SUMMER)[w.SUMMER]["staff"]

    assert (on(date(2026, 5, 31)).established, on(date(2026, 6, 1)).established) == (3, 4)
    assert (on(date(2023, 12, 31)).established, on(date(2023, 12, 31)).taken) == (None, 0)
    application = applied(world)
    yesterday = world.today - timedelta(days=1)
    assert (on(world.today).applied, on(yesterday).applied) == (2, 0)
    assert list(applications(world.users.street, under=w.STREET, on=yesterday)) == []
    assert list(applications(world.users.street, under=w.STREET, on=world.today)) == [application]
    approved(world, application, 1)
    assert on(world.today).applied == 0


def test_readers_see_their_own_territory_only(world):
    factories.establishment(w.SUMMER, posts=3)
    applied(world)
    assert applications(world.users.neighbour, under="", on=world.today).count() == 0
    assert history_of(world.users.neighbour, w.SUMMER).count() == 0
    assert history_of(world.users.street, w.SUMMER).count() == 1


def test_duty_is_the_deciders_alone(world):
    application = applied(world)
    for user in (world.users.district, world.users.city):
        (duty,) = duties(user)
        assert (str(duty.label), duty.who, duty.url) == (
            "待审批员额申请",
            "夏雨社区",
            f"/positions/applications/{application.pk}/",
        )
    for user in (world.users.street, world.users.outsider, world.users.auditor):
        assert duties(user) == []
    refuse_application(application=application, version=1, reason="总量已满", by=world.users.district)
    assert duties(world.users.district) == []


def test_many_duties_are_one_line(world):
    for worker_class in ("staff", "committee"):
        for number in range(3):
            PostApplication.objects.create(
                division_id=w.SUMMER, worker_class=worker_class, posts=number + 1, starts_on=world.today, reason="x"
            )
    assert [(duty.count, duty.url) for duty in duties(world.users.district)] == [(6, "/positions/")]


@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_raise_the_establishment_once(world):
    factories.establishment(w.SUMMER, posts=3)
    application = applied(world)
    found, barrier = [], threading.Barrier(4)

    def call() -> None:
        try:
            barrier.wait(timeout=60)
            approved(world, PostApplication.objects.get(pk=application.pk), 1)
            found.append("approved")
        except Stale:
            found.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(found) == ["approved", "late", "late", "late"]
    assert [posts for posts, _start, _end in steps()] == [3, 4]
