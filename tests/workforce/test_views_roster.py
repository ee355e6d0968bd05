"""The roster list and the pages of people: who sees and changes what, and what it says."""

import html
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from portal.core.audit.models import AuditEvent
from portal.core.lib.identity import synthetic
from tests import factories
from tests import world as w
from workforce.models import Appointment, Contract, Person
from workforce.queries.people import posts_listed, sorted_at_once
from workforce.queries.staffing import staffing_of

NUMBER = synthetic(date(1990, 1, 1), 905)
NEW = {
    "name": "张新",
    "id_number": NUMBER,
    "community": w.SUMMER,
    "body": "station",
    "title": "工作人员",
    "tier": "3",
    "entry": "hired",
    "full_time": "on",
    "managed": "on",
    "valid_from": "2025-03-01",
    "contract_kind": "labour",
    "contract_from": "2025-03-01",
}
LIST_QUERIES = 11
IN_STREET = ["陈村", "冯约", "李雨", "钱风", "孙夏", "赵春", "赵春", "郑专"]


def listed(response) -> list[str]:
    return [line["post"].person.name for line in response.context["table"].lines]


def post_of(world, name: str) -> Appointment:
    return world.people[name].appointments.order_by("id")[0]


def addresses(world, name: str = "孙夏") -> dict[str, str]:
    """Every page of a person, by name of its route."""
    person, post = world.people[name], post_of(world, name)
    by_person = ("worker", "worker_reveal", "worker_post_new", "worker_leave")
    found = {route: reverse(route, args=[person.pk]) for route in by_person}
    return found | {route: reverse(route, args=[post.pk]) for route in ("appointment_edit", "appointment_end")}


def words(response) -> str:
    return html.unescape(response.content.decode())


# The list -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("user", "names"),
    [
        ("street", IN_STREET),
        ("neighbour", ["周秋"]),
        ("community", ["冯约", "钱风", "赵春", "赵春", "郑专"]),
        ("district", ["陈村", "冯约", "李雨", "钱风", "孙夏", "赵春", "赵春", "郑专", "周秋"]),
        ("outsider", ["王邻"]),
    ],
)
def test_list_holds_the_posts_of_ones_own_territory_by_name(world, login, user, names):
    assert listed(login(getattr(world.users, user)).get(reverse("roster"))) == names


@pytest.mark.parametrize("user", ["auditor", "system_admin", "security_admin", "nobody"])
def test_list_is_refused_to_those_who_may_not_see_the_roster(world, login, user):
    client = login(getattr(world.users, user))
    for address in (reverse("roster"), reverse("export", args=["roster", "csv"]), *addresses(world).values()):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"place": w.SUMMER}, ["李雨", "孙夏"]),
        ({"q": "夏"}, ["孙夏"]),
        ({"q": "zc"}, ["赵春", "赵春"]),
        ({"q": "a\x00b"}, IN_STREET),
        ({"q": "周秋"}, []),
        ({"status": "counted"}, ["李雨", "钱风", "孙夏", "赵春", "赵春"]),
        ({"status": "not_counted"}, ["陈村", "冯约", "郑专"]),
        ({"status": "part_time"}, ["郑专"]),
        ({"status": "village", "place": w.SPRING}, []),
        ({"status": "left"}, []),
        ({"status": "nonsense"}, IN_STREET),
        ({"sort": "-name"}, list(reversed(IN_STREET))),
        ({"sort": "tier", "place": w.SPRING}, ["赵春", "赵春", "冯约", "钱风", "郑专"]),
        ({"page": "99"}, IN_STREET),
        ({"on": "2023-12-31"}, []),
    ],
)
def test_list_is_searched_filtered_and_sorted(world, login, query, names):
    assert listed(login(world.users.street).get(reverse("roster"), query)) == names


@pytest.mark.parametrize("sort", ["name", "-name", "place", "-start"])
def test_few_posts_are_sorted_at_once_into_the_same_order(world, sort):
    posts = posts_listed(world.users.city, under=w.CITY, on=world.today, sort=sort)
    assert list(sorted_at_once(posts, sort)) == list(posts) != []


@pytest.mark.parametrize("place", [w.AUTUMN, w.CITY, "999999", "abc", "9" * 5000])
def test_list_of_a_place_outside_the_territory_does_not_exist(world, login, place):
    assert login(world.users.street).get(reverse("roster"), {"place": place}).status_code == 404


def test_people_who_left_are_listed_with_their_last_day(world, login):
    Appointment.objects.filter(person=world.people["孙夏"]).update(valid_to=date(2026, 3, 1))
    response = login(world.users.street).get(reverse("roster"), {"status": "left"})
    assert listed(response) == ["孙夏"]
    assert "2026-02-28 离任" in words(response)


def test_post_taken_back_is_no_leaving(world, login):
    factories.appointment(factories.person("错登"), w.SUMMER, valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 1))
    assert listed(login(world.users.street).get(reverse("roster"), {"status": "left"})) == []


def test_list_masks_numbers_and_says_why_somebody_does_not_count(world, login):
    response = login(world.users.street).get(reverse("roster"))
    number = str(world.people["郑专"].id_number)
    assert number not in words(response)
    assert f"999{'*' * 11}{number[-4:]}" in words(response)
    notes = {line["post"].person.name: line["note"] for line in response.context["table"].lines if line["note"]}
    assert notes == {"陈村": "未计入：在村任职", "冯约": "未计入：无有效劳动合同", "郑专": "未计入：非专职"}
    assert "共 7 人，任职 8 项" in words(response)


def test_list_answers_htmx_with_its_rows_only(world, login):
    response = login(world.users.street).get(reverse("roster"), headers={"HX-Request": "true"})
    assert "<html" not in words(response)
    assert listed(response) == IN_STREET


def test_empty_roster_says_what_to_do_next(world, login):
    Appointment.objects.under(w.STREET).update(valid_to=date(2025, 1, 1))
    text = words(login(world.users.street).get(reverse("roster")))
    assert "可以下载模板、填好后导入整份名册，也可以逐人新增。" in text
    assert reverse("worker_new") in text
    assert "名册由街镇管理员录入" in words(login(world.users.community).get(reverse("roster")))


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_for_one_person_and_three(world, login, count, django_assert_num_queries):
    for number in range(count):
        factories.worker(f"甲{'一二三'[number]}", w.UNKNOWN, certified=True)
    client = login(world.users.neighbour)
    client.get(reverse("roster"))
    with django_assert_num_queries(LIST_QUERIES):
        response = client.get(reverse("roster"), {"place": w.UNKNOWN})
    assert len(listed(response)) == count


# One person ---------------------------------------------------------------------------------------------------------


def test_person_of_a_neighbour_does_not_exist(world, login):
    client = login(world.users.neighbour)
    for address in addresses(world).values():
        assert client.get(address).status_code == 404
        assert client.post(address, NEW).status_code in (404, 405)
    assert Appointment.objects.filter(person=world.people["孙夏"], valid_to=None).count() == 1


@pytest.mark.parametrize("user", ["city", "district", "community"])
def test_readers_who_may_not_change_see_no_button_and_no_form(world, login, user):
    client = login(getattr(world.users, user))
    person = "赵春"
    pages = addresses(world, person)
    text = words(client.get(pages["worker"]))
    for route in ("worker_post_new", "worker_leave", "appointment_edit", "appointment_end"):
        assert pages[route] not in text
        assert client.get(pages[route]).status_code == 403
        assert client.post(pages[route], NEW).status_code == 403
    assert client.get(reverse("worker_new")).status_code == 403


def test_person_page_tells_what_is_on_record_and_masks_the_rest(world, login):
    text = words(login(world.users.street).get(addresses(world, "赵春")["worker"]))
    person = world.people["赵春"]
    for clear in (str(person.id_number), str(person.phone), "1990-01-01"):
        assert clear not in text
    for word in ("春风社区 社区党组织书记、居委会主任", "劳动合同", "社会工作师", "36 周岁", "100****0001"):
        assert word in text
    for route in ("worker_post_new", "worker_leave", "appointment_edit", "appointment_end"):
        assert addresses(world, "赵春")[route] in text


def part(response, key: str) -> dict:
    """A part of the person's page by its anchor."""
    return next(section for section in response.context["sections"] if section["key"] == key)


def test_person_page_shows_only_posts_of_ones_own_territory(world, login):
    factories.appointment(world.people["孙夏"], w.AUTUMN, title="秘密职务")
    response = login(world.users.street).get(addresses(world)["worker"])
    assert [item["post"].division_id for item in part(response, "posts")["posts"]] == [w.SUMMER]
    assert "秘密职务" not in words(response)
    seen = login(world.users.neighbour).get(addresses(world)["worker"])
    assert [item["post"].title for item in part(seen, "posts")["posts"]] == ["秘密职务"]
    assert "秘密职务" in words(seen)


def test_past_and_future_days_are_read_only(world, login):
    for days in (-30, 30):
        day = {"on": (world.today + timedelta(days=days)).isoformat()}
        client = login(world.users.street)
        assert reverse("worker_new") not in words(client.get(reverse("roster"), day))
        text = words(client.get(addresses(world)["worker"], day))
        assert addresses(world)["appointment_edit"] not in text
        assert addresses(world)["worker_leave"] not in text


# Personal data ------------------------------------------------------------------------------------------------------


def test_numbers_are_shown_once_for_a_reason_that_goes_on_record(world, login):
    person, client = world.people["孙夏"], login(world.users.street)
    address = addresses(world)["worker_reveal"]
    response = client.post(address, {"reason": "核对社保"})
    assert str(person.id_number) in words(response)
    assert "no-store" in response["Cache-Control"]
    event = AuditEvent.objects.get(act="reveal_personal")
    assert (event.actor, event.division, event.reason) == ("street", w.SUMMER, "核对社保")
    assert str(person.id_number) not in words(client.get(address))
    assert str(person.id_number) not in words(client.get(addresses(world)["worker"]))


@pytest.mark.parametrize(("reason", "sentence"), [("", "请填写“查看理由”。"), (" x ", "请写明查看理由，至少两个字。")])
def test_without_a_reason_nothing_is_shown(world, login, reason, sentence):
    response = login(world.users.street).post(
        addresses(world)["worker_reveal"], {"reason": reason}, headers={"HX-Request": "true"}
    )
    assert response.status_code == 422
    assert sentence in words(response)
    assert str(world.people["孙夏"].id_number) not in words(response)
    assert not AuditEvent.objects.filter(act="reveal_personal").exists()


def test_community_staff_may_not_reveal(world, login):
    address = addresses(world, "赵春")["worker_reveal"]
    client = login(world.users.community)
    assert client.post(address, {"reason": "核对社保"}).status_code == 403
    assert address not in words(client.get(addresses(world, "赵春")["worker"]))


# Forms --------------------------------------------------------------------------------------------------------------


def workers(world, code: str) -> int:
    return staffing_of(code, world.today).workers


def test_new_worker_counts_at_once_and_tells_who_entered_it(world, login):
    before = workers(world, w.SUMMER), workers(world, w.CITY)
    client = login(world.users.street)
    response = client.post(reverse("worker_new"), NEW)
    person = Person.objects.get(name="张新")
    assert (response.status_code, response["Location"]) == (302, reverse("worker", args=[person.pk]))
    assert (workers(world, w.SUMMER), workers(world, w.CITY)) == (before[0] + 1, before[1] + 1)
    assert "已新增 张新。" in words(client.get(response["Location"]))
    text = words(client.get(response["Location"], {"show": "changes"}))
    assert "新增人员" in text
    assert "身份证号 ••••••" in text
    assert NUMBER not in text


def test_form_with_errors_keeps_what_was_typed_and_lists_them(world, login):
    response = login(world.users.street).post(reverse("worker_new"), {**NEW, "id_number": "123", "title": ""})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"id_number", "title"}
    text = words(response)
    assert 'value="张新"' in text
    assert 'href="#id_id_number"' in text
    assert re.search(r'<input[^>]*name="id_number"[^>]*data-private', text)
    assert 'data-draft="worker-new"' in text


def test_number_known_elsewhere_tells_nothing_of_where(world, login):
    client = login(world.users.street)
    for name, sentence in (
        ("李雨", "此人已在名册中（李雨），请在其页面上增加任职。"),
        ("周秋", "此人在另一街道任职，可提出调入申请。"),
    ):
        fields = {**NEW, "id_number": str(world.people[name].id_number)}
        response = client.post(reverse("worker_new"), fields)
        assert response.context["form"].errors == {"id_number": [sentence]}
    assert "周秋" not in words(response)
    assert "秋叶" not in words(response)


def test_post_in_a_foreign_community_is_like_one_that_does_not_exist(world, login):
    client = login(world.users.street)
    errors = []
    for code in (w.AUTUMN, "960101009001"):
        response = client.post(reverse("worker_new"), {**NEW, "community": code})
        errors.append(response.context["form"].errors)
    assert errors == [{"community": ["您的辖区内没有这个社区。请核对代码或名称。"]}] * 2
    assert not Person.objects.filter(name="张新").exists()


def change(world, **fields) -> dict:
    usual = {"name": "孙夏", "id_number": "", "contract_from": "2024-01-01", "version": "1", "manner": "wrong"}
    return {**NEW, **usual, **fields}


def test_correction_is_saved_and_shows_in_the_history(world, login):
    client = login(world.users.street)
    response = client.post(addresses(world)["appointment_edit"], change(world, title="委员", full_time=""))
    assert response.status_code == 302
    post = post_of(world, "孙夏")
    world.people["孙夏"].refresh_from_db()
    assert (post.title, post.full_time, workers(world, w.SUMMER)) == ("委员", False, 1)
    assert world.people["孙夏"].version == 2
    text = words(client.get(addresses(world)["worker"], {"show": "changes"}))
    assert "职务 工作人员 → 委员" in text
    assert "修改人员" in text


def test_correction_of_an_old_version_shows_both_and_what_the_other_saved(world, login):
    edit = addresses(world)["appointment_edit"]
    other = factories.user("second", ("street", w.STREET))
    assert login(other).post(edit, change(world, title="委员")).status_code == 302
    client = login(world.users.street)
    response = client.post(edit, change(world, title="副主任"))
    assert response.status_code == 422
    assert post_of(world, "孙夏").title == "委员"
    assert {"label": "职务", "old": "委员", "new": "副主任"} in response.context["conflict"]["differences"]
    text = words(response)
    assert "您打开表单后，有人先保存了" in text
    assert "second 于" in text
    assert 'value="副主任"' in text
    again = change(world, title="副主任", version=response.context["form"]["version"].value())
    assert client.post(edit, again).status_code == 302
    assert post_of(world, "孙夏").title == "副主任"


def test_renewed_contract_is_a_period_of_its_own(world, login):
    Contract.objects.filter(person=world.people["孙夏"]).update(valid_to=date(2026, 1, 1))
    fields = change(world, contract_from="2026-01-01", renewal="on")
    assert login(world.users.street).post(addresses(world)["appointment_edit"], fields).status_code == 302
    periods = Contract.objects.filter(person=world.people["孙夏"]).order_by("valid_from")
    assert list(periods.values_list("valid_from", "valid_to")) == [
        (date(2024, 1, 1), date(2026, 1, 1)), (date(2026, 1, 1), None),
    ]  # fmt: skip


def test_second_post_is_the_same_head(world, login):
    fields = {**NEW, "body": "committee", "title": "委员", "version": "1"}
    before = workers(world, w.SUMMER)
    assert login(world.users.street).post(addresses(world)["worker_post_new"], fields).status_code == 302
    assert (world.people["孙夏"].appointments.count(), workers(world, w.SUMMER)) == (2, before)


def test_post_for_somebody_who_went_to_another_street_leads_to_a_transfer(world, login):
    person = world.people["孙夏"]
    person.appointments.update(valid_to=world.today)
    factories.appointment(person, w.AUTUMN, valid_from=world.today)
    fields = {**NEW, "body": "committee", "title": "委员", "version": "1"}
    response = login(world.users.street).post(addresses(world)["worker_post_new"], fields)
    text = words(response)
    assert (response.status_code, person.appointments.count()) == (422, 2)
    assert "此人在另一街道任职，可提出调入申请。" in text
    assert f'href="{reverse("transfer_new")}' in text
    assert "秋叶" not in text


def test_post_ends_with_its_last_day_and_the_figures_follow(world, login):
    client, yesterday = login(world.users.street), world.today - timedelta(days=1)
    end = addresses(world)["appointment_end"]
    assert "孙夏在夏雨社区的“工作人员”到所填日期为止" in words(client.get(end))
    early = client.post(end, {"version": "1", "last_day": "2023-01-01"})
    assert early.context["form"].errors == {"last_day": ["截止日期不能早于任职起始日期。"]}
    assert client.post(end, {"version": "1", "last_day": yesterday.isoformat()}).status_code == 302
    assert (post_of(world, "孙夏").valid_to, workers(world, w.SUMMER)) == (world.today, 1)
    assert client.get(end).status_code == 404


def test_leaving_ends_all_posts_for_a_reason(world, login):
    client, pages = login(world.users.street), addresses(world, "赵春")
    fields = {"version": "1", "last_day": (world.today - timedelta(days=1)).isoformat()}
    form = client.get(pages["worker_leave"]).context["form"]
    everything = [key for key, _label in form.fields["relations"].choices]
    # An elected office is for those who elected to end, so it is not ticked beforehand.
    assert form.initial["relations"] == [key for key in everything if key.startswith("contract")]
    refused = client.post(pages["worker_leave"], {**fields, "relations": everything})
    assert refused.context["form"].errors == {"reason": ["全部结束就是离职，请选择离职原因。"]}
    assert "选举职务 居委会主任（春风社区）：由居民会议终止，用工单位无权免去" in words(refused)
    done = client.post(pages["worker_leave"], {**fields, "relations": everything, "reason": "retirement"})
    assert done.status_code == 302
    assert set(world.people["赵春"].appointments.values_list("valid_to", flat=True)) == {world.today}
    assert "退休" in words(client.get(pages["worker"]))


@pytest.mark.parametrize("route", ["worker_leave", "appointment_end", "worker_post_new"])
def test_old_version_is_refused_by_every_act(world, login, route):
    Person.objects.filter(pk=world.people["孙夏"].pk).update(version=5)
    fields = {**NEW, "title": "另一职务", "version": "1", "last_day": world.today.isoformat()}
    response = login(world.users.street).post(addresses(world)[route], fields)
    assert response.status_code == 422
    assert "这名人员的信息刚被其他人修改过。请查看最新内容后再保存。" in words(response)
    assert response.context["form"]["version"].value() == "5"
    assert Appointment.objects.filter(person=world.people["孙夏"], valid_to=None).count() == 1
