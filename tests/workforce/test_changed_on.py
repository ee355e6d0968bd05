"""A post that changed on a day: the old row ends the day before and a new one begins; wrong ones are corrected."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from tests import factories
from tests import world as w
from tests.workforce.test_people_actions import one, person_fields, post_fields
from tests.workforce.test_views_roster import addresses, change, words
from workforce.actions.people import change_worker
from workforce.actions.tallies import differences
from workforce.models import Appointment, QuotaException
from workforce.queries.timeline import events_of

DAY = date(2026, 7, 1)


def changed(world, changed_on=DAY, name="孙夏", **post) -> Appointment:
    held = one(name)
    fields = person_fields(name=name, id_number=str(held.person.id_number), sex=held.person.sex)
    kept = {
        "valid_from": held.valid_from,
        "grade": held.grade,
        "full_time": True,
        "managed": True,
        "grid_worker": False,
    }
    return change_worker(
        appointment=held, version=held.person.version, person=fields, post=post_fields(world, **{**kept, **post}),
        changed_on=changed_on, by=world.users.street,
    )  # fmt: skip


def rows(name="孙夏") -> list[tuple]:
    found = Appointment.objects.filter(person__name=name).order_by("valid_from")
    return list(found.values_list("tier", "grade", "valid_from", "valid_to"))


def test_post_goes_on_changed_from_the_day(world):
    factories.grade(world.people["孙夏"], 5)
    made = changed(world, tier=2, grade=9)
    assert rows() == [(3, 5, date(2024, 1, 1), DAY), (2, 9, DAY, None)]
    assert (made.notes, made.person.version, differences()) == ([], 2, [])
    assert world.people["孙夏"].grades.get(valid_to=None).grade == 9


def test_timeline_tells_what_changed_and_no_farewell(world):
    changed(world, tier=2, grade=9, managed=False)
    found = events_of(world.users.street, world.people["孙夏"], world.today)
    assert [(event.on, event.title, event.text) for event in found if event.subject == "post"] == [
        (DAY, "工作人员 任职有变", "夏雨社区 社区工作站；岗位层级 工作人员 → 副职；岗位等级 5 → 9；纳入管理 是 → 否"),
        (date(2024, 1, 1), "任 工作人员", "夏雨社区 社区工作站"),
    ]


def test_person_facts_are_corrected_beside_it(world):
    changed(world, full_time=False)
    assert Appointment.objects.filter(person__name="孙夏", full_time=True).get().valid_to == DAY


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"changed_on": date(2024, 1, 1), "tier": 2}, "changed_on", "变化日期应晚于任职起始 2024-01-01"),
        ({"tier": 2, "valid_to": date(2026, 6, 1)}, "changed_on", "变化日期应在任职期间内，不晚于任职截止 2026-05-31"),
        ({}, "manner", "任职各项没有变化"),
    ],
)
def test_day_outside_the_post_and_nothing_changed_are_refused(world, fields, field, sentence):
    with pytest.raises(ValidationError, match=sentence) as caught:
        changed(world, **fields)
    assert list(caught.value.message_dict) == [field]
    assert rows() == [(3, 5, date(2024, 1, 1), None)]


def test_exception_beyond_the_quota_goes_with_the_post(world):
    factories.exception(one("孙夏"), "退役军人安置")
    factories.establishment(w.SUMMER, posts=1)
    made = changed(world, grade=7)
    assert QuotaException.objects.get(appointment=made).reason == "退役军人安置"


def test_form_asks_which_of_the_two_and_keeps_what_was_typed(world, login):
    client, edit = login(world.users.street), addresses(world)["appointment_edit"]
    text = words(client.get(edit))
    assert "原来就错了：直接更正这条记录" in text and "从某日起变了" in text
    typed = change(world, title="委员", valid_from="2024-01-01", manner="")
    response = client.post(edit, typed)
    assert response.status_code == 422
    assert response.context["form"].errors == {"manner": ["任职信息有改动，请说明是原来就错了，还是从某日起变了。"]}
    assert 'value="委员"' in words(response)
    response = client.post(edit, {**typed, "manner": "changed"})
    assert response.context["form"].errors == {"changed_on": ["请填写从哪一天起变了。"]}
    response = client.post(edit, {**typed, "manner": "changed", "changed_on": "2026-07-01"}, follow=True)
    assert "孙夏 的任职自 2026-07-01 起变更，之前的记录保留。" in words(response)
    assert [row[2:] for row in rows()] == [(date(2024, 1, 1), DAY), (DAY, None)]


def test_facts_of_the_person_need_no_choice(world, login):
    held = one("孙夏")
    typed = change(world, valid_from="2024-01-01", grade=str(held.grade), education="大学本科", manner="")
    response = login(world.users.street).post(addresses(world)["appointment_edit"], typed)
    assert response.status_code == 302
    held.person.refresh_from_db()
    assert (held.person.education, len(rows())) == ("大学本科", 1)


def test_new_start_is_no_change_on_a_day(world, login):
    typed = change(world, title="委员", manner="changed", changed_on="2026-07-01")  # valid_from 2025-03-01
    response = login(world.users.street).post(addresses(world)["appointment_edit"], typed)
    assert "任职起始保持 2024-01-01 不变" in response.context["form"].errors["valid_from"][0]


def test_second_version_is_refused_as_ever(world, login):
    typed = change(world, title="委员", valid_from="2024-01-01", manner="changed", changed_on="2026-07-01", version="7")
    response = login(world.users.street).post(addresses(world)["appointment_edit"], typed)
    assert response.status_code == 422 and len(rows()) == 1


def test_day_ahead_is_a_plan(world):
    day = world.today + timedelta(days=40)
    changed(world, changed_on=day, tier=2)
    assert rows()[-1] == (2, 5, day, None)


def test_page_of_the_person_offers_every_act(world, login):
    page = words(login(world.users.street).get(addresses(world)["worker"]))
    for route in ("worker_post_new", "worker_leave", "worker_move"):
        assert reverse(route, args=[world.people["孙夏"].pk]) in page
