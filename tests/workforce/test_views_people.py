"""The page of a person and the forms of its records: parts, timeline, past days, and every act by form."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests import world as w
from workforce.actions.exits import leave
from workforce.models import Appointment, Contract, Exit, Person, SpecialStatus


@pytest.fixture
def person(world) -> Person:
    return world.people["孙夏"]


def page(client, person, **query) -> str:
    return client.get(reverse("worker", args=[person.pk]), query).content.decode()


def parts(client, person, **query) -> list[str]:
    response = client.get(reverse("worker", args=[person.pk]), query)
    return [section["key"] for section in response.context["sections"]]


def test_every_part_stands_in_the_jump_list(world, login, person):
    factories.status(person)
    factories.grid_post(person, factories.grid(w.SUMMER))
    factories.enrolment(factories.training_class(w.STREET, world.today), person, w.SUMMER)
    client = login(world.users.street)
    found = parts(client, person)
    assert {"posts", "contracts", "certificates", "statuses", "grids", "training", "timeline", "facts"} <= set(found)
    text = page(client, person)
    assert all(f'href="#{key}"' in text and f'id="{key}"' in text for key in found)


def test_parts_without_anything_are_left_out_for_readers(world, login, person):
    assert {"statuses", "grids", "training", "honours", "exits"}.isdisjoint(parts(login(world.users.city), person))
    assert "登记状态" not in page(login(world.users.city), person)


def test_facts_lead_to_where_they_are_corrected(world, login, person):
    def corrections(user, **query):
        response = login(user).get(reverse("worker", args=[person.pk]), query)
        (facts,) = [section for section in response.context["sections"] if section["key"] == "facts"]
        return [act["url"] for act in facts["actions"]]

    latest = person.appointments.latest("valid_from")
    assert corrections(world.users.street) == [reverse("appointment_edit", args=[latest.pk])]
    assert corrections(world.users.city) == corrections(world.users.street, on="2025-06-01") == []


def test_leave_and_reasons_of_leaving_are_for_those_who_may_see_personal_data(world, login):
    person = world.people["钱风"]
    factories.status(person, "sick")
    Exit.objects.create(person=person, division_id=w.SPRING, left_on=date(2023, 12, 1), reason="discipline")
    for user, seen in ((world.users.street, True), (world.users.community, False)):
        client = login(user)
        assert ({"statuses", "exits"} <= set(parts(client, person))) is seen
        text = page(client, person) + page(client, person, show="changes")
        assert [word in text for word in ("长期病假", "违纪")] == [seen, seen]


def test_reason_of_leaving_is_in_no_change_of_the_person_for_those_who_may_not_see_it(world, login):
    person = world.people["钱风"]
    leave(person=person, version=1, last_day=world.today, reason="other", note="身体原因", by=world.users.street)
    for user, seen in ((world.users.street, True), (world.users.community, False)):
        text = page(login(user), person) + page(login(user), person, show="changes")
        assert ("离职原因" in text, "身体原因" in text) == (True, seen)


def test_timeline_is_filtered_and_swapped_alone(world, login, person):
    client = login(world.users.street)
    for show, words, absent in (
        ("", "任 工作人员", "修改人员"),
        ("post", "任 工作人员", "劳动合同开始"),
        ("certificate", "取得助理社会工作师证书", "任 工作人员"),
        ("nonsense", "入职", "修改人员"),
    ):
        address = reverse("worker", args=[person.pk])
        text = client.get(address, {"show": show}, headers={"hx-request": "true"}).content.decode()
        assert words in text and absent not in text
        assert "<html" not in text


def test_past_day_shows_what_was_so_and_offers_nothing_to_change(world, login, person):
    Exit.objects.create(person=person, division_id=w.SUMMER, left_on=date(2023, 12, 1), reason="resignation")
    factories.enrolment(factories.training_class(w.STREET, world.today), person, w.SUMMER)
    client = login(world.users.street)
    assert "training" in parts(client, person)
    assert "training" not in parts(client, person, on="2025-01-01")
    then = page(client, person, on="2023-06-01")
    assert "取得助理社会工作师证书" not in then
    assert "更正" not in page(client, person, on="2025-01-01")


def test_page_costs_the_same_for_one_record_and_three(world, login, person):
    client, costs = login(world.users.street), []
    address = reverse("worker", args=[person.pk])
    for number in range(3):
        factories.status(person, ["sick", "study", "military"][number])
        factories.enrolment(factories.training_class(w.STREET, world.today, title=f"班{number}"), person, w.SUMMER)
        factories.appointment(person, w.SUMMER, title=f"职务{number}")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        costs.append(len(queries))
    assert costs[0] == costs[2]


CONTRACT = {"kind": "labour", "party": "一号街道办事处", "valid_from": "2025-01-01", "valid_to": "2026-12-31"}


def test_contract_is_entered_renewed_ended_and_taken_back_by_form(world, login):
    person, client = world.people["冯约"], login(world.users.street)
    new = reverse("record_new", args=[person.pk, "contract"])
    assert client.get(new).status_code == 200
    assert client.post(new, {**CONTRACT, "version": "1"}).status_code == 302
    held = Contract.objects.get(person=person)
    assert (held.valid_to, held.party_kind) == (date(2027, 1, 1), "street")
    renew = reverse("contract_renew", args=[held.pk])
    form = client.get(renew).context["form"]
    assert (form.initial["valid_to"], "valid_from" in form.fields) == (date(2028, 12, 31), False)
    again = {"kind": "labour", "party": "一号街道办事处", "valid_to": "2028-12-31", "version": "2"}
    assert client.post(renew, again).status_code == 302
    twice = client.post(renew, {**again, "version": "3"})
    assert twice.context["form"].errors == {"valid_to": ["合同期限与已有合同重叠。请先登记前一份合同的截止日期。"]}
    newest = Contract.objects.get(person=person, valid_from=date(2027, 1, 1))
    assert "第 1 次续签" in page(client, person)
    edit = reverse("record_edit", args=["contract", newest.pk])
    assert client.get(edit).context["form"].initial["valid_to"] == date(2028, 12, 31)
    assert client.post(edit, {**CONTRACT, "version": "3"}).context["form"].errors == {
        "valid_from": ["合同期限与已有合同重叠。请先登记前一份合同的截止日期。"]
    }
    end = reverse("record_end", args=["contract", held.pk])
    assert "选举职务由选民终止" in client.get(end).content.decode()
    assert client.post(end, {"last_day": "2026-06-30", "version": "3"}).status_code == 302
    back = reverse("record_take_back", args=["contract", newest.pk])
    assert client.post(back, {"version": "4"}).status_code == 302
    text = page(client, person)
    assert "已撤回" in text
    assert client.get(back).status_code == 404
    assert sorted(Contract.objects.filter(person=person).values_list("valid_from", "valid_to")) == [
        (date(2025, 1, 1), date(2026, 7, 1)), (date(2027, 1, 1), date(2027, 1, 1)),
    ]  # fmt: skip


def test_status_form_refuses_an_old_version_and_keeps_what_was_typed(world, login, person):
    client = login(world.users.street)
    new = reverse("record_new", args=[person.pk, "status"])
    Person.objects.filter(pk=person.pk).update(version=7)
    fields = {"kind": "maternity", "valid_from": "2026-01-01", "note": "二孩", "version": "1"}
    refused = client.post(new, fields)
    assert (refused.status_code, refused.context["form"]["version"].value()) == (422, "7")
    assert 'value="二孩"' in refused.content.decode()
    assert client.post(new, {**fields, "version": "7"}).status_code == 302
    assert SpecialStatus.objects.get().note == "二孩"


@pytest.mark.parametrize("kind", ["nothing", "exit", "gridpost"])
def test_kind_that_cannot_be_entered_here_does_not_exist(world, login, person, kind):
    assert login(world.users.street).get(reverse("record_new", args=[person.pk, kind])).status_code == 404


def test_exit_is_corrected_and_taken_back_by_form(world, login, person):
    client, yesterday = login(world.users.street), world.today - timedelta(days=1)
    leave = reverse("worker_leave", args=[person.pk])
    relations = [key for key, _label in client.get(leave).context["form"].fields["relations"].choices]
    fields = {"version": "1", "last_day": yesterday.isoformat(), "relations": relations, "reason": "other"}
    assert client.post(leave, fields).context["form"].errors == {"note": ["选择“其他”时，请写明原因。"]}
    assert client.post(leave, {**fields, "note": "随迁"}).status_code == 302
    left = Exit.objects.get()
    edit = reverse("record_edit", args=["exit", left.pk])
    person.contracts.update(valid_from=world.today - timedelta(days=9))
    early = {"version": "2", "left_on": "2025-01-01", "reason": "retirement"}
    assert client.post(edit, early).context["form"].errors == {
        "__all__": ["截止日期不能早于开始日期；登记有误时请撤回这条记录。"]
    }
    given = {"version": "2", "left_on": yesterday.isoformat(), "reason": "retirement"}
    assert client.post(edit, given).status_code == 302
    assert "退休" in page(client, person)
    back = reverse("record_take_back", args=["exit", left.pk])
    assert "恢复为离职前的状态" in client.get(back).content.decode()
    assert client.post(back, {"version": "3"}).status_code == 302
    assert Appointment.objects.in_force(world.today).filter(person=person).count() == 1


def test_only_what_is_ticked_ends_and_that_is_no_leaving(world, login):
    person, client = world.people["赵春"], login(world.users.street)
    leave = reverse("worker_leave", args=[person.pk])
    form = client.get(leave).context["form"]
    fields = {"version": "1", "last_day": (world.today - timedelta(days=1)).isoformat()}
    response = client.post(leave, {**fields, "relations": form.initial["relations"]}, follow=True)
    assert "其余任职或合同继续，没有登记离职。" in response.content.decode()
    assert Appointment.objects.in_force(world.today).filter(person=person).count() == 2
    assert person.contracts.in_force(world.today).count() == Exit.objects.count() == 0


def test_leaving_can_still_be_entered_after_everything_ended_apart(world, login, person):
    client, yesterday = login(world.users.street), world.today - timedelta(days=1)
    for rows in (person.appointments, person.contracts):
        rows.update(valid_to=world.today)
    leave = reverse("worker_leave", args=[person.pk])
    assert "relations" not in client.get(leave).context["form"].fields
    fields = {"version": "1", "last_day": yesterday.isoformat(), "reason": "contract_ended"}
    assert client.post(leave, fields).status_code == 302
    assert Exit.objects.get().reason == "contract_ended"


def test_post_is_taken_back_by_form(world, login, person):
    client, post = login(world.users.street), person.appointments.get()
    back = reverse("appointment_take_back", args=[post.pk])
    assert "任何一天都不再计入" in client.get(back).content.decode()
    assert client.post(back, {"version": "1"}).status_code == 302
    assert client.get(reverse("appointment_edit", args=[post.pk])).status_code == 404
    assert client.get(reverse("appointment_end", args=[post.pk])).status_code == 404
    assert "不在岗" in page(client, person)


def test_phone_is_removed_by_form(world, login, person):
    client, post = login(world.users.street), person.appointments.get()
    edit = reverse("appointment_edit", args=[post.pk])
    form = client.get(edit).context["form"]
    fields = {key: value for key, value in form.initial.items() if value not in (None, False)}
    fields = {key: value.isoformat() if isinstance(value, date) else str(value) for key, value in fields.items()}
    fields |= {"full_time": "on", "managed": "on"}
    assert client.post(edit, fields).status_code == 302
    assert str(Person.objects.get(pk=person.pk).phone) == "10000000001"
    assert client.post(edit, {**fields, "version": "2", "no_phone": "on"}).status_code == 302
    assert Person.objects.get(pk=person.pk).phone is None


def test_records_of_the_neighbours_people_do_not_exist(world, login, person):
    held, status = person.contracts.get(), factories.status(person)
    client = login(world.users.neighbour)
    for name, arguments in (
        ("record_new", [person.pk, "contract"]),
        ("record_edit", ["contract", held.pk]),
        ("record_end", ["status", status.pk]),
        ("record_take_back", ["status", status.pk]),
    ):
        assert client.get(reverse(name, args=arguments)).status_code == 404


def test_whole_country_is_shown_by_province(world, login):
    nation = factories.user("nation", ("city", ""))
    client = login(nation)
    rotation = client.get(reverse("training_rotation"), {"year": str(world.today.year)})
    assert [row["place"].code for row in rotation.context["rows"]] == ["96", "97"]
    for name in ("training", "careers", "careers_secretaries", "awards"):
        assert client.get(reverse(name)).status_code == 200
    assert client.get(reverse("training"), {"place": "955555"}).status_code == 404
    alone = client.get(reverse("training_rotation"), {"place": w.SUMMER})
    assert [row["place"].code for row in alone.context["rows"]] == [w.SUMMER]


def test_registration_stands_in_the_timeline(world, login, person):
    factories.registration(person.certificates.get(), date(2024, 5, 1))
    assert "助理社会工作师登记" in page(login(world.users.street), person)
