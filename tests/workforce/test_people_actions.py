"""Writes of single people: what they keep, refuse and put on record."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from portal.core.audit.models import AuditEvent
from portal.core.lib.identity import synthetic
from tests import factories
from tests import world as w
from workforce.actions.exits import leave
from workforce.actions.people import add_post, add_worker, change_worker, end_post, reveal, take_back_post
from workforce.actions.versions import Stale
from workforce.models import Appointment, Contract, Person
from workforce.queries.people import history
from workforce.queries.staffing import staffing_of

NUMBER = synthetic(date(1990, 1, 1), 903)


def person_fields(**fields) -> dict:
    given = {"name": "张新", "id_number": NUMBER, "sex": "male", "birth_date": date(1990, 1, 1), "hired_on": None}
    return {**given, **fields}


def post_fields(world, code=w.SUMMER, **fields) -> dict:
    given = {"division": world.divisions[code], "body": "station", "title": "工作人员", "tier": 3, "entry": "hired"}
    return {**given, "valid_from": date(2025, 3, 1), "valid_to": None, **fields}


LABOUR = {"kind": "labour", "party": "", "valid_from": date(2025, 3, 1), "valid_to": None}


def heads(world, code=w.SUMMER) -> tuple[int, int]:
    return staffing_of(code, world.today).workers, staffing_of(w.CITY, world.today).workers


def one(name: str) -> Appointment:
    return Appointment.objects.select_related("person").filter(person__name=name).order_by("id")[0]


def test_new_worker_counts_at_once_and_carries_who_did_it(world):
    before = heads(world)
    post = add_worker(person=person_fields(), post=post_fields(world), contract=LABOUR, by=world.users.street)
    assert heads(world) == (before[0] + 1, before[1] + 1)
    assert (post.person.name_pinyin, post.person.name_initials, post.person.version) == ("zhang xin", "zx", 1)
    changes = history(world.users.street, post.person)
    assert [(change.table, change.actor, change.act) for change in changes] == [
        ("人员", "street", "新增人员"),
        ("任职", "street", "新增人员"),
        ("合同", "street", "新增人员"),
    ]


def test_known_number_is_named_in_ones_own_territory_and_told_of_nowhere_else(world):
    for name, sentence in (
        ("孙夏", "此人已在名册中（孙夏），请在其页面上增加任职。"),
        ("周秋", "此人在另一街道任职，可提出调入申请。"),
    ):
        number = str(world.people[name].id_number)
        with pytest.raises(ValidationError) as caught:
            add_worker(person=person_fields(id_number=number), post=post_fields(world), by=world.users.street)
        assert caught.value.message_dict == {"id_number": [sentence]}
    assert not Person.objects.filter(name="张新").exists()


def test_second_post_is_the_same_head(world):
    before = heads(world)
    person = world.people["孙夏"]
    add_post(person=person, version=1, post=post_fields(world, body="committee", title="委员"), by=world.users.street)
    assert (person.appointments.count(), heads(world), person.version) == (2, before, 2)


def test_person_who_left_is_in_service_again_with_a_new_post(world):
    person = world.people["孙夏"]
    last = world.today - timedelta(days=30)
    leave(person=person, version=1, last_day=last, reason="resignation", by=world.users.street)
    add_post(person=person, version=2, post=post_fields(world, valid_from=world.today), by=world.users.street)
    person.refresh_from_db()
    assert (person.hired_on, person.left_on, person.leaving_reason) == (world.today, None, "")
    assert [(row.hired_on, row.left_on, row.reason) for row in person.exits.all()] == [
        (date(2024, 1, 1), last, "resignation")
    ]


def moved_away(world) -> Person:
    """孙夏, who went from 一号街道 to 二号街道."""
    person, last = world.people["孙夏"], world.today - timedelta(days=20)
    end_post(appointment=one("孙夏"), version=1, last_day=last, by=world.users.street)
    factories.appointment(person, w.AUTUMN, valid_from=world.today - timedelta(days=19))
    return person


def test_street_gives_no_post_to_somebody_who_now_serves_in_another(world):
    person, by = moved_away(world), world.users.street
    given = {"person": person, "version": 2}
    before = list(person.appointments.values())
    with pytest.raises(ValidationError) as caught:
        add_post(**given, post=post_fields(world, valid_from=world.today), by=by)
    assert caught.value.messages == ["此人在另一街道任职，可提出调入申请。"]
    with pytest.raises(ValidationError, match="此人在另一街道任职"):  # an old post is not reopened either
        corrected(world, version=2)
    assert list(person.appointments.values()) == before
    past = post_fields(world, title="委员", body="committee", valid_from=date(2024, 1, 1), valid_to=date(2025, 1, 1))
    assert add_post(**given, post=past, by=by).valid_to == date(2025, 1, 1)
    district = factories.user("both", ("street", w.DISTRICT))
    assert add_post(person=person, version=3, post=post_fields(world, valid_from=world.today), by=district).pk


def test_street_gives_a_post_again_to_somebody_who_left_for_good(world):
    person, by = moved_away(world), world.users.street
    last = world.today - timedelta(days=1)
    leave(person=person, version=2, last_day=last, reason="resignation", by=world.users.neighbour)
    assert add_post(person=person, version=3, post=post_fields(world, valid_from=world.today), by=by).pk


def test_post_taken_back_elsewhere_holds_nobody(world):
    wrong = factories.appointment(world.people["孙夏"], w.AUTUMN, valid_from=world.today)
    take_back_post(appointment=wrong, version=1, by=world.users.neighbour)
    end_post(appointment=one("孙夏"), version=2, last_day=date(2026, 1, 1), by=world.users.street)
    person, post = world.people["孙夏"], post_fields(world, valid_from=world.today)
    assert add_post(person=person, version=3, post=post, by=world.users.street).pk


def test_overlapping_post_is_refused_and_nothing_changes(world):
    person = world.people["孙夏"]
    with pytest.raises(ValidationError) as caught:
        add_post(person=person, version=1, post=post_fields(world), by=world.users.street)
    assert caught.value.message_dict == {"valid_from": ["此人在该社区的同一机构、同一职务已有时间重叠的任职。"]}
    assert Person.objects.get(pk=person.pk).version == 1


def corrected(world, name="孙夏", version=1, contract=None, corrects=None, **post):
    appointment = one(name)
    person = person_fields(
        name=name, id_number=str(appointment.person.id_number), sex=appointment.person.sex, hired_on=None
    )
    return change_worker(
        appointment=appointment,
        version=version,
        person=person,
        post=post_fields(world, **post),
        contract=contract,
        corrects=corrects,
        by=world.users.street,
    )


def test_moving_a_post_moves_the_head(world):
    before = heads(world, w.SUMMER)[0], heads(world, w.SPRING)[0]
    corrected(world, code=w.SPRING)
    assert (heads(world, w.SUMMER)[0], heads(world, w.SPRING)[0]) == (before[0] - 1, before[1] + 1)


def test_first_day_of_a_contract_can_be_corrected(world):
    held = Contract.objects.get(person=world.people["孙夏"])
    corrected(world, contract={**LABOUR, "valid_from": date(2024, 2, 1)}, corrects=held)
    assert list(Contract.objects.filter(person=world.people["孙夏"]).values_list("pk", "valid_from")) == [
        (held.pk, date(2024, 2, 1))
    ]


def test_renewal_needs_the_old_contract_to_end_first(world):
    with pytest.raises(ValidationError) as caught:
        corrected(world, contract=LABOUR)
    assert caught.value.message_dict == {"contract_from": ["合同期限与已有合同重叠。"]}


def test_only_one_of_two_writers_with_the_same_version_succeeds(world):
    corrected(world)
    with pytest.raises(Stale):
        corrected(world, code=w.SPRING)
    assert one("孙夏").division_id == w.SUMMER


def test_end_of_a_post_counts_its_last_day(world):
    before = heads(world)
    end_post(appointment=one("孙夏"), version=1, last_day=world.today, by=world.users.street)
    assert heads(world) == before
    end_post(appointment=one("孙夏"), version=2, last_day=world.today - timedelta(days=1), by=world.users.street)
    assert heads(world) == (before[0] - 1, before[1] - 1)


def test_end_before_the_beginning_is_refused(world):
    with pytest.raises(ValidationError) as caught:
        end_post(appointment=one("孙夏"), version=1, last_day=date(2023, 12, 31), by=world.users.street)
    assert caught.value.message_dict == {"last_day": ["截止日期不能早于任职起始日期。"]}


def test_leaving_ends_every_post_and_contract(world):
    person, yesterday = world.people["赵春"], world.today - timedelta(days=1)
    leave(person=person, version=1, last_day=yesterday, reason="retirement", by=world.users.street)
    assert set(person.appointments.values_list("valid_to", flat=True)) == {world.today}
    assert set(person.contracts.values_list("valid_to", flat=True)) == {world.today}
    assert (person.left_on, person.leaving_reason) == (yesterday, "退休")
    assert heads(world, w.SPRING)[0] == 1


def test_leaving_is_refused_while_a_post_is_held_outside_the_territory(world):
    person = world.people["孙夏"]
    factories.appointment(person, w.AUTUMN, title="兼职")
    with pytest.raises(ValidationError) as caught:
        leave(person=person, version=1, last_day=world.today, reason="resignation", by=world.users.street)
    assert caught.value.messages == [
        "此人在其他单位还有任职，不能在这里办理离职。请只结束本单位的任职，离职请联系区民政部门办理。"
    ]
    assert Person.objects.get(pk=person.pk).left_on is None


@pytest.mark.parametrize(
    ("last", "sentence"),
    [
        (date(2023, 6, 1), "离职日期不能早于入职日期。"),
        (date(2024, 6, 1), "此人在该日期之后还有任职，请先更正任职起始日期。"),
    ],
)
def test_leaving_on_an_impossible_day_is_refused(world, last, sentence):
    person = world.people["孙夏"]
    factories.appointment(person, w.SPRING, valid_from=date(2025, 1, 1))
    with pytest.raises(ValidationError) as caught:
        leave(person=person, version=1, last_day=last, reason="resignation", by=world.users.street)
    assert caught.value.message_dict == {"last_day": [sentence]}


def test_look_at_personal_data_goes_on_record_with_its_reason(world):
    person = world.people["孙夏"]
    clear = reveal(person=person, division=w.SUMMER, reason=" 核对社保 ", by=world.users.street)
    assert clear == {"id_number": person.id_number, "phone": "10000000001"}
    event = AuditEvent.objects.get(act="reveal_personal")
    assert (event.actor, event.subject, event.division, event.reason) == (
        "street", f"person {person.pk}", w.SUMMER, "核对社保",
    )  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        reveal(person=person, division=w.SUMMER, reason=" x ", by=world.users.street)
    assert caught.value.message_dict == {"reason": ["请写明查看理由。"]}
    assert AuditEvent.objects.filter(act="reveal_personal").count() == 1
