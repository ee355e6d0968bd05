"""Requests: last day by working days, the table of states, refusals, lists, pages, the wall, exports."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core.lib.workdays import add_workdays
from portal.core.workdays.actions import load_calendar
from portal.core.workdays.files import SHIPPED, read_calendar
from portal.core.workdays.queries import calendar_from
from ratings.actions import requests as acts
from ratings.enums import RequestState
from ratings.models import ServiceRequest
from ratings.queries.requests import RequestCounts, counts_of, due_day, duties, listed
from tests import factories, taken
from tests import world as w
from workforce.actions.versions import Stale

FACTS = {"kind": "appeal", "channel": "phone", "premises": None, "title": "电梯停运", "text": "", "joint": ""}
FACTS |= {"first_asked": None, "told_once": True}


def received(world, on: date, **facts) -> ServiceRequest:
    given = FACTS | {"received_on": on} | facts
    return acts.receive_request(division=world.divisions[w.SPRING], by=world.users.community, **given)


def titles(rows) -> list[str]:
    return [one.title for one in rows]


def test_last_day_is_counted_in_working_days_by_kind_and_place(world):
    load_calendar(days=read_calendar(SHIPPED.read_text(encoding="utf-8")), by=None)
    on = date(2026, 9, 29)
    specials = calendar_from(on)
    assert received(world, on).due_on == add_workdays(on, 10, specials)
    assert received(world, on, kind="window").due_on == add_workdays(on, 5, specials)
    factories.rule("service.requests", {"appeal": 3, "window": 1, "errand": 2}, w.DISTRICT)
    assert due_day(w.SPRING, "appeal", on) == add_workdays(on, 3, specials)
    # 1 to 7 October are holidays.
    assert due_day(w.SPRING, "window", date(2026, 9, 30)) > date(2026, 10, 7)


def test_request_goes_its_way_and_every_step_is_counted(world):
    on, by = world.today, world.users.community
    held = received(world, on)
    acts.pass_on(request=held, version=1, passed_to="房管站", passed_on=on, by=by)
    acts.answer_request(request=held, version=2, answer="已修好", answered_on=on, by=by)
    acts.give_verdict(request=held, version=3, verdict="satisfied", verdict_on=on, by=by)
    assert (held.state, held.version, held.passed_to, held.verdict) == ("answered", 4, "房管站", "satisfied")
    assert counts_of([w.SPRING], on)[w.SPRING] == RequestCounts(0, 0, 1, 1, 1, 1)
    acts.reopen_request(request=held, version=4, by=by)
    assert (held.state, held.answer, held.answered_on, held.verdict) == ("open", "", None, "")
    acts.withdraw_request(request=held, version=5, by=by)
    assert held.state == "withdrawn"
    assert counts_of([w.SPRING], on)[w.SPRING] == RequestCounts()


ACTS = {
    "change": lambda one, by: acts.change_request(request=one, version=one.version, by=by, **FACTS, received_on=one.received_on),
    "pass": lambda one, by: acts.pass_on(request=one, version=one.version, passed_to="x", passed_on=one.received_on, by=by),
    "answer": lambda one, by: acts.answer_request(request=one, version=one.version, answer="x", answered_on=one.received_on, by=by),
    "verdict": lambda one, by: acts.give_verdict(request=one, version=one.version, verdict="basic", verdict_on=one.received_on, by=by),
    "withdraw": lambda one, by: acts.withdraw_request(request=one, version=one.version, by=by),
    "reopen": lambda one, by: acts.reopen_request(request=one, version=one.version, by=by),
}  # fmt: skip


@pytest.mark.parametrize("state", RequestState.values)
def test_only_what_the_table_allows_is_done(world, state):
    fields = {"answered_on": date(2026, 1, 5)} if state == "answered" else {}
    fields |= {"passed_to": "x", "passed_on": date(2026, 1, 5)} if state == "passed" else {}
    done = {}
    for name, act in ACTS.items():
        held = factories.service_request(w.SPRING, state=state, **fields)
        try:
            done[name] = act(held, world.users.community).state
        except ValidationError as error:
            assert error.messages == [f"这件事项现在是“{RequestState(state).label}”，不能这样办理。"]
    assert done == {name: act.to or state for name, act in acts.ACTS.items() if state in act.states}


def test_seen_version_guards_against_lost_updates(world):
    held = received(world, world.today)
    acts.pass_on(request=held, version=1, passed_to="房管站", passed_on=world.today, by=world.users.community)
    with pytest.raises(Stale):
        acts.answer_request(request=held, version=1, answer="x", answered_on=world.today, by=world.users.community)
    assert ServiceRequest.objects.get().state == "passed"


@pytest.mark.parametrize(
    ("step", "field", "sentence"),
    [
        (lambda acts, held, by: acts.pass_on(request=held, version=1, passed_to="x", passed_on=date(2026, 1, 4), by=by),
         "passed_on", "转办不能早于受理日期 2026-01-05。"),
        (lambda acts, held, by: acts.answer_request(request=held, version=1, answer="x", answered_on=date(2026, 1, 4), by=by),
         "answered_on", "答复不能早于受理或转办日期 2026-01-05。"),
        (lambda acts, held, by: acts.answer_request(request=held, version=1, answer="x", answered_on=date(2090, 1, 4), by=by),
         "answered_on", "日期不能晚于今天。"),
    ],
)  # fmt: skip
def test_impossible_days_are_refused(world, step, field, sentence):
    with pytest.raises(ValidationError) as caught:
        step(acts, factories.service_request(w.SPRING), world.users.community)
    assert caught.value.message_dict == {field: [sentence]}
    assert ServiceRequest.objects.get().version == 1


def test_facts_are_judged_and_another_kind_moves_the_last_day(world):
    on, by = world.today, world.users.community
    with pytest.raises(ValidationError, match="日期不能晚于今天"):
        received(world, on + timedelta(days=1))
    with pytest.raises(ValidationError, match="此人当天不在本社区任职"):
        received(world, on, first_asked=world.people["孙夏"])
    held = received(world, on, first_asked=world.people["钱风"])
    acts.change_request(request=held, version=1, by=by, **FACTS | {"kind": "errand", "received_on": on})
    assert held.due_on == due_day(w.SPRING, "errand", on)


def test_list_is_filtered_by_state_lateness_kind_and_place(world):
    on, far = world.today, world.today + timedelta(days=30)
    factories.service_request(w.SPRING, title="晚", due_on=on - timedelta(days=1))
    factories.service_request(w.SPRING, title="早", due_on=far, kind="window")
    factories.service_request(
        w.SPRING, title="迟复", due_on=date(2026, 1, 19), state="answered", answered_on=date(2026, 1, 20)
    )
    factories.service_request(w.SPRING, title="撤", state="withdrawn")
    factories.service_request(w.AUTUMN, title="邻")
    me = world.users.street
    assert titles(listed(me, w.STREET, on)) == ["晚", "早"]
    assert set(titles(listed(me, w.STREET, on, show="late"))) == {"晚", "迟复"}
    assert titles(listed(me, w.STREET, on, show="withdrawn")) == ["撤"]
    assert titles(listed(me, w.STREET, on, show="all", kind="window")) == ["早"]
    assert titles(listed(me, w.STREET, on, show="all", q="迟")) == ["迟复"]
    assert titles(listed(me, w.STREET, on, sort="-due")) == ["早", "晚"]
    assert listed(me, w.NEIGHBOUR, on).count() == 0
    assert counts_of([w.STREET, w.NEIGHBOUR], on) == {
        w.STREET: RequestCounts(2, 1, 1, 0, 0, 0),
        w.NEIGHBOUR: RequestCounts(1, 1, 0, 0, 0, 0),
    }


def test_duty_counts_what_is_due_within_a_week_of_ones_own(world):
    on = world.today
    factories.service_request(w.SPRING, due_on=on - timedelta(days=2))
    factories.service_request(w.SUMMER, due_on=on + timedelta(days=7))
    factories.service_request(w.SPRING, due_on=on + timedelta(days=8))
    factories.service_request(w.AUTUMN, due_on=on)
    (duty,) = duties(world.users.street)
    assert (duty.count, duty.due_on, duty.url) == (2, on - timedelta(days=2), reverse("requests", args=[w.STREET]))
    assert [one.count for one in duties(world.users.community)] == [1]
    assert duties(world.users.district) == []


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(world, login):
    return login(world.users.community)


def test_request_from_entry_to_verdict(world, clerk):
    factories.premises(w.SPRING, "3号楼101")
    day = world.today.isoformat()
    sent = {"kind": "appeal", "channel": "phone", "title": "电梯停运", "received_on": day, "premises": "3号楼101"}
    answer = clerk.post(reverse("request_new", args=[w.SPRING]), sent)
    held = ServiceRequest.objects.get()
    page = reverse("request", args=[held.pk])
    assert (answer["Location"], held.premises.label) == (page, "3号楼101")

    def act(name, **fields):
        version = ServiceRequest.objects.get().version
        return clerk.post(reverse("request_act", args=[held.pk, name]), {"version": version, **fields}, follow=True)

    assert [step["name"] for step in clerk.get(page).context["steps"]] == ["answer", "pass", "withdraw"]
    assert act("answer", answered_on=day).status_code == 422
    shown = act("answer", answered_on=day, answer="已恢复运行")
    assert [step["name"] for step in shown.context["steps"]] == ["verdict", "reopen"]
    shown = act("verdict", verdict="basic", verdict_on=day).content.decode()
    assert "基本满意" in shown and "受理诉求" in shown and "登记居民评价" in shown
    refused = act("pass", passed_to="房管站", passed_on=day)
    assert [str(one) for one in refused.context["messages"]] == ["这件事项现在是“已答复”，不能这样办理。"]
    assert act("nothing").status_code == 404


def test_stale_form_says_so_and_shows_the_request_again(world, clerk):
    held = factories.service_request(w.SPRING, version=2)
    sent = {"version": 1, "answer": "x", "answered_on": world.today.isoformat()}
    answer = clerk.post(reverse("request_act", args=[held.pk, "answer"]), sent)
    assert answer.status_code == 422
    assert "这条记录刚被其他人修改过" in answer.content.decode()


def test_unknown_door_is_refused_in_a_sentence(world, clerk):
    sent = {
        "kind": "appeal",
        "channel": "phone",
        "title": "x",
        "received_on": world.today.isoformat(),
        "premises": "没有",
    }
    answer = clerk.post(reverse("request_new", args=[w.SPRING]), sent)
    assert (answer.status_code, ServiceRequest.objects.count()) == (422, 0)
    assert "本社区没有登记这个门牌或店名" in answer.content.decode()


def test_reader_without_the_permission_sees_no_forms(world, login):
    held = factories.service_request(w.SPRING)
    shown = login(world.users.district).get(reverse("request", args=[held.pk]))
    assert shown.context["steps"] == []
    past = login(world.users.community).get(reverse("request", args=[held.pk]), {"on": "2026-02-01"})
    assert past.context["steps"] == []


def test_export_has_the_filters_of_the_list_and_nothing_of_the_neighbour(world, login):
    factories.service_request(w.SPRING, title="我的", text="三楼", told_once=True)
    factories.service_request(w.SPRING, title="办完", state="withdrawn")
    factories.service_request(w.AUTUMN, title="邻居的")
    rows = taken.rows(login(world.users.street), "requests", place=w.STREET)
    assert rows[1:] == [
        [w.SPRING, "春风社区", "诉求", "入户走访", "我的", "三楼", "", "2026-01-05", "2026-01-19", "", "是", "", "办理中",
         "", "", "", "", "", ""]
    ]  # fmt: skip
    everything = taken.rows(login(world.users.street), "requests", place=w.STREET, show="all")
    assert {row[4] for row in everything[1:]} == {"我的", "办完"}


def test_list_costs_the_same_for_one_and_many(world, clerk, django_assert_max_num_queries):
    counts = []
    for number in (1, 3):
        for index in range(number):
            room = factories.premises(w.SPRING, f"{number}{index}")
            factories.service_request(w.SPRING, premises=room, first_asked=world.people["钱风"])
        clerk.get(reverse("requests", args=[w.SPRING]))
        with django_assert_max_num_queries(60) as caught:
            clerk.get(reverse("requests", args=[w.SPRING]))
        counts.append(len(caught))
    assert counts[0] == counts[1]
