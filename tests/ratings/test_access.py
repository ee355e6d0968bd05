"""Item lists and access: three persons, days ahead by the calendar, what lists let in, what may be refused (domain §2.6b)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from portal.core.lib.dated import ONE_DAY
from portal.core.workdays.models import CalendarDay
from ratings.actions import access as writes
from ratings.actions import refusals
from ratings.actions.seen import mark_of
from ratings.models import AccessApplication, ItemRefusal, ListItem
from ratings.queries import access as reads
from ratings.queries.governance_duties import governance_duties
from tests import factories
from tests import world as w

FIELDS = {
    "list": "assist", "title": "代办登记", "department": "示例局", "basis": "示例办法第一条", "reason": "便民",
    "funds": "", "staff": "",
}  # fmt: skip


@pytest.fixture
def officers(world):
    return [factories.user(f"officer{n}", ("district", w.DISTRICT), division=w.DISTRICT) for n in range(3)]


def apply(world, by, **fields):
    given = {**FIELDS, "applied_on": date(2023, 3, 21), "starts_on": date(2023, 6, 1), **fields}
    return writes.apply_access(division=world.divisions[w.DISTRICT], by=by, **given)


def review(application, by):
    return writes.review_access(application=application, seen=mark_of(application), review="同意", by=by)


def decide(application, by, approve=True, decided_on=date(2023, 4, 1)):
    given = {"decision": "同意", "number": "准〔2023〕1 号", "decided_on": decided_on}
    return writes.decide_access(application=application, seen=mark_of(application), approve=approve, by=by, **given)


def test_days_are_counted_by_the_working_calendar(world, officers):
    factories.rule("service.access", {"days_ahead": 20, "decision_days": 15}, w.CITY)
    CalendarDay.objects.get_or_create(day=date(2023, 4, 5), defaults={"is_workday": False, "name": "清明节"})
    with pytest.raises(ValidationError) as caught:
        apply(world, officers[0], starts_on=date(2023, 4, 18))
    assert caught.value.message_dict == {
        "starts_on": ["应提前 20 个工作日申请，最早可于 2023-04-19 进入。请推后拟进入日期。"]
    }
    assert apply(world, officers[0], starts_on=date(2023, 4, 19)).due_on == date(2023, 4, 12)


def test_without_a_rule_the_decision_is_due_on_the_day_of_entering(world, officers):
    assert apply(world, officers[0]).due_on == date(2023, 6, 1)


def test_three_persons_enter_review_and_decide(world, officers):
    one, two, three = officers
    application = apply(world, one)
    with pytest.raises(ValidationError) as caught:
        review(application, one)
    assert caught.value.messages == ["这份申请是您本人登记的，登记和审核不能是同一人。请由其他同事审核。"]
    application = review(application, two)
    for same in (one, two):
        with pytest.raises(ValidationError) as caught:
            decide(application, same)
        assert caught.value.messages == ["这份申请是您本人登记或审核的，登记、审核、审批应是三个人。请由其他同事审批。"]
    decide(application, three)
    item = ListItem.objects.get()
    assert (item.title, item.list, item.division_id, item.valid_from) == (
        "代办登记", "assist", w.DISTRICT, date(2023, 6, 1)
    )  # fmt: skip
    assert reads.letting_in(world.divisions[w.SPRING], "代办登记", world.today) == item


def test_database_refuses_two_roles_of_one_person(world, officers):
    application = apply(world, officers[0])
    with pytest.raises(IntegrityError, match="access_reviewer"):
        AccessApplication.objects.filter(pk=application.pk).update(reviewed_by=officers[0])


def test_refused_and_withdrawn_applications_come_onto_no_list(world, officers):
    decide(review(apply(world, officers[0]), officers[1]), officers[2], approve=False)
    other = apply(world, officers[0], title="另一件")
    writes.withdraw_access(application=other, seen=mark_of(other), by=officers[0])
    assert not ListItem.objects.exists()
    assert sorted(AccessApplication.objects.values_list("state", flat=True)) == ["refused", "withdrawn"]
    late = AccessApplication.objects.get(title="另一件")
    with pytest.raises(ValidationError) as caught:
        review(late, officers[1])
    assert caught.value.messages == ["这份申请现在是“已撤回”，不能这样办理。请刷新页面。"]


def test_what_a_list_above_bars_cannot_be_let_in(world, officers):
    factories.list_item(w.CITY, "开具证明", "barred", valid_from=date(2020, 1, 1))
    with pytest.raises(ValidationError) as caught:
        apply(world, officers[0], title="开具证明")
    assert caught.value.message_dict == {"title": ["“开具证明”在示例市的“取消和禁入事项”清单中，不得进入社区。"]}
    pending = review(apply(world, officers[0]), officers[1])
    factories.list_item(w.CITY, "代办登记", "barred", valid_from=date(2023, 5, 1))
    with pytest.raises(ValidationError):
        decide(pending, officers[2])
    assert AccessApplication.objects.get(title="代办登记").state == "reviewed"


def test_listed_item_cannot_be_refused_and_a_revoked_one_can(world):
    item = factories.list_item(w.DISTRICT, "代发通知")
    given = {"department": "示例局", "reason": "未列入清单", "by": world.users.community}
    days = {"asked_on": world.today, "refused_on": world.today}
    spring = world.divisions[w.SPRING]
    with pytest.raises(ValidationError) as caught:
        refusals.refuse_item(division=spring, title="代发通知", **days, **given)
    assert caught.value.message_dict == {
        "title": ["“代发通知”当天在东区的“依法协助政府事项”清单中，不能以未列入清单为由拒绝。"]
    }
    writes.revoke_item(
        item=item, seen=mark_of(item), last_day=world.today - ONE_DAY, reason="政策调整", by=world.users.district
    )
    refusals.refuse_item(division=spring, title="代发通知", **days, **given)
    refusals.refuse_item(division=spring, title="清单外", **days, **given)
    assert ItemRefusal.objects.count() == 2


def test_barred_or_villages_item_lets_nothing_into_a_community(world):
    factories.list_item(w.CITY, "开具证明", "no_proof")
    factories.list_item(w.CITY, "村务", "organisation", communities=False)
    spring, village = world.divisions[w.SPRING], world.divisions[w.VILLAGE]
    assert reads.letting_in(spring, "开具证明", world.today) is None
    assert reads.letting_in(spring, "村务", world.today) is None
    assert reads.letting_in(village, "村务", world.today).title == "村务"


def test_street_answers_a_refusal_once(world):
    held = factories.refusal(w.SPRING, world.users.community, asked_on=world.today, refused_on=world.today)
    given = {"reply": "已退回部门", "replied_on": world.today, "by": world.users.street}
    with pytest.raises(ValidationError) as caught:
        refusals.answer_refusal(refusal=held, seen=mark_of(held), **{**given, "replied_on": world.today - ONE_DAY})
    assert caught.value.message_dict == {"replied_on": ["处理日期不能早于拒绝日期。"]}
    held = refusals.answer_refusal(refusal=held, seen=mark_of(held), **given)
    with pytest.raises(ValidationError):
        refusals.answer_refusal(refusal=held, seen=mark_of(held), **given)


def test_duties_go_to_the_next_pair_of_hands(world, officers):
    one, two, three = officers

    def labels(user):
        return [str(duty.label) for duty in governance_duties(user)]

    application = apply(world, one)
    assert (labels(one), labels(two)) == ([], ["事项准入待审核"])
    review(application, two)
    assert (labels(one), labels(two), labels(three)) == ([], [], ["事项准入待审批"])
    factories.refusal(w.SPRING, world.users.community)
    factories.project(w.SPRING)
    assert labels(world.users.street) == ["社区拒绝的事项待处理", "微治理项目待立项"]
    assert labels(world.users.neighbour) == []


def test_community_looks_an_item_up_and_refuses_what_no_list_has(world, login):
    factories.list_item(w.DISTRICT, "代发通知")
    factories.list_item("97", "外地事项")
    client = login(world.users.community)
    page = client.get(reverse("access"), {"place": w.SPRING}).content.decode()
    assert "代发通知" in page and "外地事项" not in page
    none = client.get(reverse("access"), {"place": w.SPRING, "q": "报表"}).content.decode()
    assert "清单中没有“报表”" in none and "登记拒绝这个事项" in none
    fields = {
        "title": "报表", "department": "示例局", "reason": "未列入清单", "asked_on": world.today.isoformat(),
        "refused_on": world.today.isoformat(),
    }  # fmt: skip
    assert client.post(reverse("access_refusal_new", args=[w.SPRING]), fields).status_code == 302
    held = ItemRefusal.objects.get()
    answer = {"seen": mark_of(held), "reply": "已退回", "replied_on": world.today.isoformat()}
    street = login(world.users.street)
    assert street.post(reverse("access_refusal_answer", args=[held.pk]), answer).status_code == 302
    assert "已退回" in client.get(reverse("access_refusals", args=[w.SPRING])).content.decode()


def test_application_goes_through_the_pages(world, login, officers):
    one, two, three = map(login, officers)
    fields = {**FIELDS, "division": w.DISTRICT, "applied_on": "2023-03-21", "starts_on": "2023-06-01"}
    assert one.post(reverse("access_new"), fields).status_code == 302
    held = AccessApplication.objects.get()
    page = one.get(reverse("access_application", args=[held.pk])).content.decode()
    assert "这份申请您已经手" in page and "准入期限规则未生效" in page
    step = reverse("access_step", args=[held.pk, "review"])
    assert two.post(step, {"seen": mark_of(held), "review": "同意"}).status_code == 302
    held.refresh_from_db()
    decision = {"approve": "yes", "decision": "同意", "number": "", "decided_on": "2023-04-01"}
    same = two.post(reverse("access_step", args=[held.pk, "decide"]), {**decision, "seen": mark_of(held)})
    assert same.status_code == 422 and "登记、审核、审批应是三个人" in same.content.decode()
    done = three.post(reverse("access_step", args=[held.pk, "decide"]), {**decision, "seen": mark_of(held)})
    assert (done.status_code, ListItem.objects.get().title) == (302, "代办登记")
    listed = login(world.users.community).get(reverse("access")).content.decode()
    assert "代办登记" in listed and "经准入申请" in listed


def test_item_is_revoked_with_its_reason_and_stays_readable(world, login):
    item = factories.list_item(w.DISTRICT, "代发通知")
    client = login(world.users.district)
    early = {"seen": mark_of(item), "last_day": "2020-01-01", "reason": "x"}
    url = reverse("access_item_revoke", args=[item.pk])
    assert "最后一天不能早于列入日期 2024-01-01。" in client.post(url, early).content.decode()
    fields = {**early, "last_day": (world.today - ONE_DAY).isoformat(), "reason": "政策调整"}
    assert client.post(url, fields).status_code == 302
    page = client.get(reverse("access"), {"show": "ended"}).content.decode()
    assert "撤销理由：政策调整" in page
    assert "代发通知" not in client.get(reverse("access"), {"list": "assist"}).content.decode()


def test_item_entered_by_mistake_is_taken_back_but_not_one_that_was_applied_for(world, login, officers):
    decide(review(apply(world, officers[0]), officers[1]), officers[2])
    wrong, admitted = factories.list_item(w.DISTRICT, "误登"), ListItem.objects.get(title="代办登记")
    client = login(world.users.district)
    url = reverse("access_item_take_back", args=[wrong.pk])
    assert client.post(url, {"seen": mark_of(wrong)}).status_code == 302
    assert reads.letting_in(world.divisions[w.SPRING], "误登", world.today) is None
    refused = client.post(reverse("access_item_take_back", args=[admitted.pk]), {"seen": mark_of(admitted)})
    assert "这个事项经准入申请列入，不能撤回登记。请办理撤销。" in refused.content.decode()
