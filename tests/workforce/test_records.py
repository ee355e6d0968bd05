"""Records of a person by action: entered, corrected, ended, taken back; leaving, and taking it back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from tests import factories
from tests import world as w
from workforce.actions import contracts, exits, statuses
from workforce.actions.parties import suggested_kind
from workforce.actions.people import add_post, end_post, take_back_post
from workforce.actions.versions import Stale
from workforce.models import Contract, SpecialStatus
from workforce.queries.contracts import renewals, same_length_again
from workforce.queries.people import contract_on, history
from workforce.queries.service import relations_of
from workforce.queries.staffing import staffing_of
from workforce.queries.timeline import events_of


def heads(world, code=w.SUMMER) -> int:
    return staffing_of(code, world.today).workers


def errors(caught) -> dict:
    return caught.value.message_dict


# Special statuses ----------------------------------------------------------------------------------------------------


def status(world, kind="seconded", version=1, **fields) -> SpecialStatus:
    person = world.people["孙夏"]
    given = {"kind": kind, "valid_from": world.today, "valid_to": None, "note": "", **fields}
    return statuses.add_status(person=person, version=version, by=world.users.street, **given)


def test_seconded_worker_leaves_the_head_count_and_comes_back(world):
    before, record = heads(world), status(world)
    assert heads(world) == before - 1
    statuses.end_status(record=record, version=2, last_day=world.today, by=world.users.street)
    assert heads(world) == before - 1
    statuses.take_back_status(record=record, version=3, by=world.users.street)
    assert heads(world) == before
    record.refresh_from_db()
    assert (record.valid_from, record.valid_to) == (world.today, world.today)
    assert SpecialStatus.objects.in_force(world.today).count() == 0


def test_same_status_twice_at_a_time_is_refused(world):
    status(world)
    with pytest.raises(ValidationError) as caught:
        status(world, version=2, valid_from=world.today + timedelta(days=9))
    assert errors(caught) == {"valid_from": ["此人这段时间已经登记了同一种状态。"]}
    status(world, kind="maternity", version=2)


def test_status_taken_back_makes_room_and_cannot_be_taken_back_again(world):
    record = status(world)
    statuses.take_back_status(record=record, version=2, by=world.users.street)
    status(world, version=3)
    with pytest.raises(ValidationError, match="这条记录已经撤回"):
        statuses.take_back_status(record=record, version=4, by=world.users.street)


def test_status_correction_needs_the_present_version(world):
    record = status(world)
    with pytest.raises(Stale):
        statuses.change_status(record=record, version=1, note="x", by=world.users.street)
    statuses.change_status(record=record, version=2, kind="sick", note="住院", by=world.users.street)
    record.refresh_from_db()
    assert (record.kind, record.note) == ("sick", "住院")
    changes = history(world.users.street, world.people["孙夏"])
    assert [change.table for change in changes if change.act == "更正状态"] == ["人员", "状态"]


def test_end_before_the_beginning_is_refused(world):
    with pytest.raises(ValidationError) as caught:
        status(world, valid_to=world.today)
    assert errors(caught) == {"valid_to": ["最后一天不能早于开始日期。"]}
    record = status(world)
    with pytest.raises(ValidationError) as caught:
        statuses.end_status(record=record, version=2, last_day=world.today - timedelta(days=1), by=world.users.street)
    assert errors(caught) == {"last_day": ["截止日期不能早于开始日期；登记有误时请撤回这条记录。"]}


# Contracts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("party", "kind"),
    [
        ("一号街道社区工作者事务所", "office"),
        ("一号街道党群服务中心", "centre"),
        ("一号街道办事处", "street"),
        ("某某镇人民政府", "street"),
        ("某人力资源公司", "other"),
        ("", ""),
    ],
)
def test_party_gives_its_kind_away(party, kind):
    assert suggested_kind(party) == kind


def contract(world, **fields) -> dict:
    given = {"kind": "labour", "number": "", "party": "一号街道办事处", "party_kind": "", "probation_until": None}
    return {**given, "valid_from": date(2025, 1, 1), "valid_to": None, "by": world.users.street, **fields}


def test_new_contract_takes_the_kind_of_party_from_its_name_unless_told(world):
    person = world.people["冯约"]
    before = heads(world, w.SPRING)
    made = contracts.add_contract(person=person, version=1, **contract(world))
    assert (made.party_kind, heads(world, w.SPRING)) == ("street", before + 1)
    contracts.change_contract(record=made, version=2, **contract(world, party_kind="other"))
    made.refresh_from_db()
    assert made.party_kind == "other"


@pytest.mark.parametrize("until", [date(2024, 12, 31), date(2026, 1, 1)])
def test_probation_lies_within_the_contract(world, until):
    fields = contract(world, valid_to=date(2026, 1, 1), probation_until=until)
    with pytest.raises(ValidationError) as caught:
        contracts.add_contract(person=world.people["冯约"], version=1, **fields)
    assert errors(caught) == {"probation_until": ["试用期包含在合同期限内，截止日期应在合同起止之间。"]}


def test_second_contract_at_a_time_is_refused(world):
    with pytest.raises(ValidationError) as caught:
        contracts.add_contract(person=world.people["孙夏"], version=1, **contract(world))
    assert errors(caught) == {"valid_from": ["合同期限与已有合同重叠。请先登记前一份合同的截止日期。"]}


def test_renewals_are_counted_while_one_follows_the_other(world):
    person = world.people["冯约"]
    first = contracts.add_contract(person=person, version=1, **contract(world, valid_to=date(2026, 1, 1)))
    assert same_length_again(first) == date(2027, 1, 1)
    fields = contract(world, valid_to=date(2027, 1, 1))
    second = contracts.renew_contract(record=first, version=2, **fields)
    third = contracts.renew_contract(record=second, version=3, **{**fields, "valid_to": None})
    assert [one.valid_from for one in (first, second, third)] == [date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1)]
    assert renewals(person.contracts.all()) == {first.pk: 0, second.pk: 1, third.pk: 2}
    with pytest.raises(ValidationError, match="没有截止日期，不需要续签"):
        contracts.renew_contract(record=third, version=4, **fields)


def test_renewal_is_counted_anew_after_a_gap_or_for_another_kind(world):
    person = world.people["冯约"]
    days = [date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1)]
    rows = [
        factories.contract(person, kind="service", valid_from=days[0], valid_to=days[1]),
        factories.contract(person, kind="labour", valid_from=days[1], valid_to=days[2]),
        factories.contract(person, kind="labour", valid_from=days[2] + timedelta(days=1)),
    ]
    assert renewals(rows) == {row.pk: 0 for row in rows}


def test_odd_length_is_renewed_in_days():
    assert same_length_again(Contract(valid_from=date(2026, 1, 10), valid_to=date(2026, 2, 1))) == date(2026, 2, 23)


def test_end_of_a_contract_ends_no_post(world):
    person = world.people["赵春"]
    contracts.end_contract(
        record=person.contracts.get(), version=1, last_day=world.today - timedelta(days=1), by=world.users.street
    )
    assert person.appointments.in_force(world.today).count() == 2
    assert heads(world, w.SPRING) == 2  # the elected head needs no contract
    assert contract_on(person, world.today).valid_to == world.today


def test_contract_taken_back_is_not_the_one_on_record(world):
    person = world.people["孙夏"]
    before = heads(world)
    contracts.take_back_contract(record=person.contracts.get(), version=1, by=world.users.street)
    assert (contract_on(person, world.today), heads(world)) == (None, before - 1)


# Posts ---------------------------------------------------------------------------------------------------------------


def test_post_taken_back_counts_on_no_day_and_stays_on_record(world):
    person = world.people["孙夏"]
    post = person.appointments.get()
    take_back_post(appointment=post, version=1, by=world.users.street)
    assert (heads(world), person.appointments.count()) == (1, 1)
    assert staffing_of(w.SUMMER, date(2025, 6, 1)).workers == 1
    assert [event.title for event in events_of(world.users.street, person, world.today)] == [
        "取得助理社会工作师证书", "劳动合同开始", "入职",
    ]  # fmt: skip


# Leaving -------------------------------------------------------------------------------------------------------------


def leave(world, name="孙夏", version=1, days=1, **fields):
    last = world.today - timedelta(days=days)
    given = {"reason": "resignation", "last_day": last, "by": world.users.street, **fields}
    return exits.leave(person=world.people[name], version=version, **given)


def test_exit_keeps_reason_unit_and_service(world):
    left = leave(world, note="回原籍")
    person = world.people["孙夏"]
    assert (left.division_id, left.hired_on, left.left_on, left.reason, left.note) == (
        w.SUMMER, date(2024, 1, 1), world.today - timedelta(days=1), "resignation", "回原籍",
    )  # fmt: skip
    assert person.leaving_reason == "辞职"
    assert relations_of(person, world.today) == []


def test_other_reason_shows_what_was_written(world):
    leave(world, reason="other", note="随军")
    assert world.people["孙夏"].leaving_reason == "随军"


def test_relations_end_apart_and_nothing_else_with_them(world):
    person, yesterday = world.people["赵春"], world.today - timedelta(days=1)
    relations = relations_of(person, world.today)
    assert [(type(one.row).__name__, one.elected, one.party) for one in relations] == [
        ("Contract", False, False), ("Appointment", True, True), ("Appointment", True, False),
    ]  # fmt: skip
    chosen = [one.row for one in relations if one.party]
    exits.end_relations(person=person, version=1, last_day=yesterday, relations=chosen, by=world.users.street)
    assert {one.row.title for one in relations_of(person, world.today) if one.elected} == {"居委会主任"}
    assert person.exits.count() == 0
    person.refresh_from_db()
    assert person.left_on is None


def test_leaving_is_refused_while_a_grid_post_is_held_elsewhere(world):
    factories.grid_post(world.people["孙夏"], factories.grid(w.AUTUMN))
    with pytest.raises(ValidationError, match="此人在其他单位还有任职"):
        leave(world)


def test_second_exit_on_the_same_day_is_refused(world):
    leave(world)
    with pytest.raises(ValidationError) as caught:
        leave(world, version=2)
    assert errors(caught) == {"last_day": ["此人这一天已经登记过离职。"]}


def test_exit_taken_back_restores_what_ended_with_it_and_no_more(world):
    person = world.people["孙夏"]
    other = factories.appointment(person, w.SPRING, title="另一职务")
    held = person.contracts.get()
    held.valid_to = date(2030, 1, 1)
    held.save()
    yesterday = world.today - timedelta(days=1)
    end_post(appointment=other, version=1, last_day=yesterday, by=world.users.street)
    left = leave(world, version=2)
    exits.change_exit(
        record=left, version=3, left_on=world.today - timedelta(days=3), reason="retirement", by=world.users.street
    )
    assert person.leaving_reason == "退休"
    assert set(person.appointments.values_list("title", "valid_to")) == {
        ("工作人员", world.today - timedelta(days=2)),
        ("另一职务", world.today),
    }
    exits.take_back_exit(record=left, version=4, by=world.users.street)
    person.refresh_from_db()
    assert (person.left_on, person.leaving_reason, left.taken_back) == (None, "", True)
    assert set(person.appointments.values_list("title", "valid_to")) == {("工作人员", None), ("另一职务", world.today)}
    assert person.contracts.get().valid_to == date(2030, 1, 1)
    with pytest.raises(ValidationError, match="已经撤回"):
        exits.take_back_exit(record=left, version=5, by=world.users.street)


def test_exit_of_an_earlier_service_is_corrected_alone(world):
    left = leave(world, days=30)
    post = {"division": world.divisions[w.SUMMER], "body": "station", "title": "工作人员", "tier": 3, "entry": "hired"}
    post |= {"valid_from": world.today, "valid_to": None}
    person = world.people["孙夏"]
    add_post(person=person, version=2, post=post, by=world.users.street)
    exits.change_exit(
        record=left,
        version=3,
        left_on=world.today - timedelta(days=40),
        reason="other",
        note="x",
        by=world.users.street,
    )
    person.refresh_from_db()
    assert (person.hired_on, person.left_on, person.leaving_reason) == (world.today, None, "")
    with pytest.raises(ValidationError, match="不能撤回以前的离职登记"):
        exits.take_back_exit(record=left, version=4, by=world.users.street)
    with pytest.raises(ValidationError) as caught:
        exits.change_exit(record=left, version=4, left_on=date(2023, 1, 1), reason="other", by=world.users.street)
    assert errors(caught) == {"left_on": ["离职日期不能早于入职日期。"]}
