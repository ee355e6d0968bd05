"""Matters deliberated: planned, held with who follows up by when, carried out; late ones first (domain §1.I)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core.lib.dated import ONE_DAY
from ratings.actions import deliberation as writes
from ratings.actions.seen import mark_of
from ratings.models import Deliberation
from ratings.queries.deliberation import deliberations, per_community
from ratings.queries.governance_duties import governance_duties
from tests import factories
from tests import world as w


def hold(world, matter, due, **fields):
    given = {"held_on": matter.planned_on, "result": "清理", "follow_up_by": "物业", "follow_up_due": due, **fields}
    return writes.hold_deliberation(matter=matter, seen=mark_of(matter), by=world.users.community, **given)


def complete(world, matter, day):
    given = {"followed_up_on": day, "follow_up": "已清理", "by": world.users.community}
    return writes.complete_deliberation(matter=matter, seen=mark_of(matter), **given)


def test_matter_goes_from_plan_to_result_to_follow_up(world):
    day = world.today
    matter = factories.deliberation(w.SPRING, planned_on=day)
    with pytest.raises(ValidationError) as caught:
        complete(world, matter, day)
    assert caught.value.messages == ["这件事现在是“待议事”，不能这样办理。请刷新页面。"]
    with pytest.raises(ValidationError) as caught:
        hold(world, matter, day - ONE_DAY)
    assert caught.value.message_dict == {"follow_up_due": ["落实期限不能早于议事日期。"]}
    matter = hold(world, matter, day + ONE_DAY)
    with pytest.raises(ValidationError) as caught:
        complete(world, matter, day - ONE_DAY)
    assert caught.value.message_dict == {"followed_up_on": ["落实日期不能早于议事日期。"]}
    assert complete(world, matter, day).state == "done"
    assert per_community(w.STREET, day.year, day) == {w.SPRING: (1, 1, 1, 0)}


def test_late_follow_ups_stand_first(world):
    day = world.today
    done = complete(world, hold(world, factories.deliberation(w.SPRING, "已办", planned_on=day), day), day)
    planned = factories.deliberation(w.SPRING, "将议", planned_on=day + ONE_DAY)
    running = hold(world, factories.deliberation(w.SPRING, "在办", planned_on=day), day + ONE_DAY)
    before = day - 5 * ONE_DAY
    late = hold(world, factories.deliberation(w.SPRING, "逾期", planned_on=before), before + ONE_DAY)
    found = list(deliberations(world.users.community, under=w.SPRING, year=day.year, on=day))
    assert found == [late, running, planned, done]
    assert [one.late for one in found] == [True, False, False, False]
    only = deliberations(world.users.community, under=w.SPRING, year=day.year, on=day, state="late")
    assert list(only) == [late]
    duty = governance_duties(world.users.community)[0]
    assert (duty.label, duty.count, duty.due_on) == ("议事结果逾期未落实", 1, before + ONE_DAY)


def test_dropped_matter_keeps_its_reason_and_is_not_changed(world):
    matter = factories.deliberation(w.SPRING)
    matter = writes.drop_deliberation(matter=matter, seen=mark_of(matter), follow_up="意见不一", by=world.users.street)
    with pytest.raises(ValidationError) as caught:
        writes.change_deliberation(matter=matter, seen=mark_of(matter), topic="x", by=world.users.street)
    assert caught.value.messages == ["这件事没有议成，不能再更正。需要时请重新登记议题。"]
    assert Deliberation.objects.get().follow_up == "意见不一"


def test_pages_plan_hold_and_complete(world, login):
    client, day = login(world.users.community), world.today.isoformat()
    fields = {"topic": "楼道堆物", "level": "small", "planned_on": day, "parties": "社区、物业"}
    assert client.post(reverse("deliberation_new", args=[w.SPRING]), fields).status_code == 302
    matter = Deliberation.objects.get()
    given = {"held_on": day, "result": "清理", "follow_up_by": "物业", "follow_up_due": day, "seen": mark_of(matter)}
    assert client.post(reverse("deliberation_step", args=[matter.pk, "hold"]), given).status_code == 302
    page = client.get(reverse("deliberations", args=[w.SPRING])).content.decode()
    assert f"物业于 {day} 前落实" in page
    matter.refresh_from_db()
    given = {"followed_up_on": day, "follow_up": "已清理", "seen": mark_of(matter)}
    assert client.post(reverse("deliberation_step", args=[matter.pk, "complete"]), given).status_code == 302
    street = login(world.users.street).get(reverse("deliberations", args=[w.STREET])).content.decode()
    assert f"{world.today.year} 年议题 1 个，已议定 1 个，其中已落实 1 个；逾期 0 个。" in street
    assert client.get(reverse("deliberation_step", args=[matter.pk, "unknown"])).status_code == 404
