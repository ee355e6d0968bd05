"""Households, shops and visits: entry, one tap, many at once, twice, taken back; coverage; pages and the wall."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from ratings.actions import premises as premises_acts
from ratings.actions import visits as acts
from ratings.models import Premises, ServiceRequest, Visit
from ratings.queries.coverage import Done, Period, coverage, period_of, waiting
from tests import factories, taken
from tests import world as w
from tests.together import together


def rule(code: str = w.CITY, months: int = 6, percent: int = 100):
    return factories.rule("service.visits", {"months": months, "percent": percent}, code)


def labels(rows) -> list[str]:
    return [one.label for one in rows]


@pytest.mark.parametrize(
    ("on", "months", "first", "last"),
    [
        (date(2026, 1, 1), 6, date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 6, 30), 6, date(2026, 1, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), 6, date(2026, 7, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), 1, date(2026, 12, 1), date(2026, 12, 31)),
        (date(2026, 5, 5), 12, date(2026, 1, 1), date(2026, 12, 31)),
        (date(2025, 5, 5), 24, date(2024, 1, 1), date(2025, 12, 31)),
    ],
)
def test_period_is_aligned_to_the_calendar(on, months, first, last):
    assert period_of(on, months) == Period(first, last)


def test_coverage_counts_premises_met_once_and_leaves_out_who_moved_in(world):
    rule()
    on = world.today
    first = period_of(on, 6).first
    rooms = [factories.premises(w.SPRING, f"1号楼{number}") for number in range(4)]
    shop = factories.premises(w.SPRING, "好邻居超市", "shop")
    factories.premises(w.SPRING, "新来的", valid_from=first)
    factories.premises(w.SPRING, "搬走的", valid_to=on)
    factories.premises(w.SUMMER, "别的社区")
    factories.visit(rooms[0])
    factories.visit(rooms[0], first)
    factories.visit(rooms[1], outcome="absent")
    factories.visit(rooms[1], outcome="phone")
    factories.visit(rooms[2], taken_back=True)
    factories.visit(rooms[3], first - timedelta(days=1))
    factories.visit(shop)
    found = coverage(w.SPRING, on)
    assert (found.households, found.shops, found.met) == (Done(4, 1), Done(1, 1), False)
    assert labels(waiting(world.users.community, w.SPRING, on, found.period)) == ["1号楼1", "1号楼2", "1号楼3"]
    assert coverage(w.STREET, on).households == Done(5, 1)


def test_coverage_is_told_but_not_judged_without_a_rule(world):
    factories.visit(factories.premises(w.SPRING))
    found = coverage(w.SPRING, world.today)
    assert (found.households, found.percent, found.met) == (Done(1, 1), None, None)
    rule()
    assert coverage(w.SPRING, world.today).met is True
    assert coverage(w.AUTUMN, world.today).met is None


def test_share_of_ninety_nine_of_a_hundred_is_short_at_a_hundred_per_cent():
    assert (Done(100, 99).meets(100), Done(100, 99).meets(99), Done(0, 0).meets(100)) == (False, True, None)


def test_visits_of_many_are_noted_at_once_and_only_once(world):
    rooms = [factories.premises(w.SPRING, f"{number}") for number in range(3)]
    gone = factories.premises(w.SPRING, "走了", valid_to=world.today)
    foreign = factories.premises(w.SUMMER, "别处")
    given = {
        "division": world.divisions[w.SPRING],
        "visited_on": world.today,
        "outcome": "met",
        "by": world.users.community,
    }
    noted = acts.note_visits(premises=[one.pk for one in (*rooms, gone, foreign)], **given)
    assert (len(noted.made), noted.known, noted.absent) == (3, 0, 2)
    again = acts.note_visits(premises=[one.pk for one in rooms], **given)
    assert (again.made, again.known, again.absent) == ([], 3, 0)
    other = acts.note_visits(premises=[rooms[0].pk], **given | {"outcome": "absent"})
    assert (len(other.made), Visit.objects.count()) == (1, 4)


def test_visit_taken_back_may_be_noted_again(world):
    room = factories.premises(w.SPRING)
    given = {"division": world.divisions[w.SPRING], "premises": [room.pk], "visited_on": world.today, "outcome": "met"}
    first = acts.note_visits(**given, by=world.users.community)
    held = Visit.objects.get(pk=first.made[0])
    acts.take_back_visit(visit=held, by=world.users.community)
    with pytest.raises(ValidationError, match="这条走访已经撤回"):
        acts.take_back_visit(visit=held, by=world.users.community)
    assert coverage(w.SPRING, world.today).households == Done(1, 0)
    assert len(acts.note_visits(**given, by=world.users.community).made) == 1
    assert Visit.objects.filter(taken_back=True).count() == 1


def test_day_to_come_and_a_worker_of_others_are_refused(world):
    room = factories.premises(w.SPRING)
    given = {
        "division": world.divisions[w.SPRING],
        "premises": [room.pk],
        "outcome": "met",
        "by": world.users.community,
    }
    with pytest.raises(ValidationError, match="走访日期不能晚于今天"):
        acts.note_visits(visited_on=world.today + timedelta(days=1), **given)
    with pytest.raises(ValidationError, match="此人当天不在本社区任职"):
        acts.note_visits(visited_on=world.today, worker=world.people["孙夏"], **given)
    acts.note_visits(visited_on=world.today, worker=world.people["钱风"], **given)
    assert Visit.objects.get().worker == world.people["钱风"]


def test_visit_raises_a_request_at_once_or_nothing(world):
    room = factories.premises(w.SPRING)
    given = {"premises": room, "visited_on": world.today, "outcome": "met", "worker": None, "note": "独居"}
    request = {"kind": "appeal", "title": "楼道灯不亮", "text": ""}
    visit, raised = acts.note_visit(request=request, by=world.users.community, **given)
    assert (visit.note, raised.premises, raised.channel, raised.received_on) == ("独居", room, "visit", world.today)
    with pytest.raises(ValidationError, match="已记过同样结果的走访"):
        acts.note_visit(request=request, by=world.users.community, **given)
    with pytest.raises(ValidationError, match="尚未迁入或已经迁出"):
        acts.note_visit(request=request, by=world.users.community, **given | {"visited_on": date(2020, 1, 1)})
    assert (Visit.objects.count(), ServiceRequest.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_taps_at_the_same_moment_note_one_visit():
    world = w.build()
    room = factories.premises(w.SPRING)
    given = {"division": world.divisions[w.SPRING], "premises": [room.pk], "visited_on": world.today, "outcome": "met"}
    together(*[lambda: acts.note_visits(**given, by=world.users.community)] * 4)
    assert Visit.objects.count() == 1


def test_premises_are_entered_corrected_ended_and_taken_back(world):
    division, by = world.divisions[w.SPRING], world.users.community
    fields = {"kind": "household", "label": "1号楼101", "grid": None, "valid_from": date(2024, 1, 1), "valid_to": None}
    room = premises_acts.add_premises(division=division, by=by, **fields)
    with pytest.raises(ValidationError, match="已有同样的门牌或店名"):
        premises_acts.add_premises(division=division, by=by, **fields)
    factories.visit(room, date(2025, 3, 1))
    with pytest.raises(ValidationError, match="2025-03-01 已有走访记录"):
        premises_acts.change_premises(premises=room, by=by, **fields | {"valid_from": date(2025, 6, 1)})
    with pytest.raises(ValidationError, match="还有走访记录"):
        premises_acts.end_premises(premises=room, last_day=date(2025, 2, 1), by=by)
    with pytest.raises(ValidationError, match="不能撤回"):
        premises_acts.take_back_premises(premises=room, by=by)
    premises_acts.end_premises(premises=room, last_day=date(2025, 3, 1), by=by)
    assert room.valid_to == date(2025, 3, 2)
    again = premises_acts.add_premises(division=division, by=by, **fields | {"valid_from": date(2025, 4, 1)})
    premises_acts.take_back_premises(premises=again, by=by)
    assert Premises.objects.in_force(world.today).count() == 0


def test_many_premises_pass_over_what_is_known(world):
    factories.premises(w.SPRING, "101")
    given = {"division": world.divisions[w.SPRING], "kind": "household", "grid": None, "valid_from": world.today}
    count = premises_acts.add_many_premises(labels=["101", "102", "103", "102"], by=world.users.community, **given)
    assert (count, Premises.objects.count()) == (2, 3)


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(world, login):
    return login(world.users.community)


def test_one_tap_notes_a_visit_and_the_door_leaves_the_list(world, clerk):
    rooms = [factories.premises(w.SPRING, f"3号楼{number}") for number in (101, 102)]
    due, mark = reverse("visits_due", args=[w.SPRING]), reverse("visits_mark", args=[w.SPRING])
    assert labels(clerk.get(due).context["page"]) == ["3号楼101", "3号楼102"]
    sent = {"met": rooms[0].pk, "visited_on": world.today.isoformat(), "worker": ""}
    answer = clerk.post(mark, sent, headers={"HX-Request": "true"})
    assert (answer.context["said"], labels(answer.context["page"])) == ("已记：3号楼101，见到本人。", ["3号楼102"])
    assert 'name="back" value="due"' in answer.content.decode()
    again = clerk.post(mark, sent, headers={"HX-Request": "true"})
    assert again.context["said"] == "3号楼101 当天已记过“见到本人”，没有重复记录。"
    assert Visit.objects.count() == 1
    undone = clerk.post(reverse("visit_take_back", args=[Visit.objects.get().pk]), {"back": "due"})
    assert undone["Location"] == due
    assert labels(clerk.get(due).context["page"]) == ["3号楼101", "3号楼102"]


def test_ticked_doors_are_noted_together_without_scripts(world, clerk):
    rooms = [factories.premises(w.SPRING, f"{number}") for number in range(3)]
    mark = reverse("visits_mark", args=[w.SPRING])
    sent = {"bulk": "absent", "p": [one.pk for one in rooms[:2]], "visited_on": world.today.isoformat()}
    answer = clerk.post(f"{mark}?kind=household", sent, follow=True)
    assert answer.redirect_chain == [(f"{reverse('visits_due', args=[w.SPRING])}?kind=household", 302)]
    assert [str(one) for one in answer.context["messages"]] == ["已记 2 户“无人在家”。"]
    assert set(Visit.objects.values_list("premises__label", "outcome")) == {("0", "absent"), ("1", "absent")}
    nothing = clerk.post(mark, {"bulk": "met", "visited_on": world.today.isoformat()}, follow=True)
    assert [str(one) for one in nothing.context["messages"]] == ["没有选择住户或商户。请先勾选，再按按钮。"]
    wrong = clerk.post(mark, {"met": rooms[2].pk, "visited_on": "2099-01-01"}, follow=True)
    assert [str(one) for one in wrong.context["messages"]] == ["走访日期不能晚于今天。"]


def test_doors_are_found_by_words_and_outcome_stays_for_all(world, clerk):
    for label in ("3号楼2门101", "3号楼1门101", "2号楼1门101"):
        factories.premises(w.SPRING, label)
    due = reverse("visits_due", args=[w.SPRING])
    assert labels(clerk.get(due, {"q": "3号楼 2门"}).context["page"]) == ["3号楼2门101"]
    factories.visit(Premises.objects.get(label="3号楼2门101"))
    assert labels(clerk.get(due, {"q": "3号楼 2门"}).context["page"]) == []
    assert labels(clerk.get(due, {"q": "3号楼 2门", "every": "1"}).context["page"]) == ["3号楼2门101"]


def test_visit_with_a_request_leads_to_it(world, clerk):
    room = factories.premises(w.SPRING)
    sent = {
        "outcome": "met",
        "visited_on": world.today.isoformat(),
        "note": "",
        "title": "楼道灯不亮",
        "kind": "appeal",
    }
    answer = clerk.post(reverse("visit_new", args=[room.pk]), sent)
    assert answer["Location"] == reverse("request", args=[ServiceRequest.objects.get().pk])
    empty = clerk.post(reverse("visit_new", args=[room.pk]), sent | {"title": "", "text": "灯", "outcome": "phone"})
    assert empty.status_code == 422
    assert "请用一句话写明诉求是什么事项。" in empty.content.decode()


def test_lists_show_ones_own_place_only(world, login, clerk):
    mine, foreign = factories.premises(w.SPRING, "甲"), factories.premises(w.AUTUMN, "乙")
    factories.visit(mine, note="关节炎")
    factories.visit(foreign)
    street = login(world.users.street)
    assert labels(street.get(reverse("premises", args=[w.STREET])).context["page"]) == ["甲"]
    assert [one.note for one in street.get(reverse("visits", args=[w.STREET])).context["page"]] == ["关节炎"]
    assert taken.rows(street, "visits", place=w.STREET)[1:] == [
        [w.SPRING, "春风社区", world.today.isoformat(), "住户", "甲", "见到本人", "", "关节炎", ""]
    ]
    assert [row[3] for row in taken.rows(street, "premises", place=w.STREET)[1:]] == ["甲"]
    other = clerk.post(
        reverse("visits_mark", args=[w.SPRING]), {"met": foreign.pk, "visited_on": world.today.isoformat()}
    )
    assert (other.status_code, Visit.objects.filter(premises=foreign).count()) == (302, 1)


@pytest.mark.parametrize("name", ["premises", "visits", "visits_due"])
def test_list_costs_the_same_for_one_and_many(world, clerk, name, django_assert_max_num_queries):
    address = reverse(name, args=[w.SPRING])
    counts = []
    for number in (1, 3):
        for index in range(number):
            room = factories.premises(w.SPRING, f"{name}{number}{index}")
            if name == "visits":
                factories.visit(room, worker=world.people["钱风"])
        clerk.get(address)
        with django_assert_max_num_queries(60) as caught:
            clerk.get(address)
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_pages_that_enter_premises(world, clerk):
    day = world.today.isoformat()
    clerk.post(reverse("premises_new", args=[w.SPRING]), {"kind": "household", "label": "1号楼101", "valid_from": day})
    room = Premises.objects.get()
    many = {"kind": "shop", "labels": "小卖部\n\n理发店\n小卖部\n", "valid_from": day}
    answer = clerk.post(reverse("premises_many", args=[w.SPRING]), many, follow=True)
    assert [str(one) for one in answer.context["messages"]][-1] == "新登记 2 户，跳过已登记或重复的 1 行。"
    clerk.post(reverse("premises_edit", args=[room.pk]), {"kind": "household", "label": "1号楼102", "valid_from": day})
    assert Premises.objects.get(pk=room.pk).label == "1号楼102"
    shown = clerk.get(reverse("premises_one", args=[room.pk])).content.decode()
    assert "还没有走访记录" in shown and "撤回登记" in shown
    clerk.post(reverse("premises_end", args=[room.pk]), {"last_day": day})
    gone = clerk.get(
        reverse("premises", args=[w.SPRING]), {"show": "gone", "on": (world.today + timedelta(1)).isoformat()}
    )
    assert labels(gone.context["page"]) == ["1号楼102"]
    shop = Premises.objects.get(label="理发店")
    clerk.post(reverse("premises_take_back", args=[shop.pk]))
    assert set(Premises.objects.in_force(world.today).values_list("label", flat=True)) == {"1号楼102", "小卖部"}
