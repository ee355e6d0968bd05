"""Certificates, registrations and hours: what is kept, what is refused."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from portal.core.territory.models import Division
from tests import factories
from tests import world as w
from workforce.actions import certificates as acts
from workforce.actions.certificates import keep_certificate
from workforce.actions.tallies import differences
from workforce.actions.versions import Stale
from workforce.models import Certificate, Person, Registration

D = date


@pytest.fixture
def person(world) -> Person:
    return world.people["钱风"]


@pytest.fixture
def held(world) -> Certificate:
    return world.people["孙夏"].certificates.get()


def add(person, by, **fields):
    given = {"level": "assistant", "number": "T1", "obtained_on": D(2025, 8, 10), "issued_on": None}
    return acts.add_certificate(person=person, version=person.version, by=by, **{**given, **fields})


def register(held, by, registered_on, until=None, number=""):
    return acts.add_registration(
        certificate=held, version=held.person.version, registered_on=registered_on, until=until, number=number, by=by
    )


def test_certificate_counts_at_once(world, person):
    add(person, world.users.street, issued_on=D(2025, 11, 1))
    assert differences() == []
    street = Division.objects.get(pk=w.STREET)
    assert street.tally.certified == 3
    person.refresh_from_db()
    assert person.version == 2


def test_level_can_be_corrected(world, held):
    given = {"level": "social_worker", "number": "T9", "obtained_on": D(2023, 8, 10), "issued_on": None}
    acts.change_certificate(record=held, version=1, by=world.users.street, **given)
    assert list(held.person.certificates.values_list("level", "number", "obtained_on")) == [
        ("social_worker", "T9", D(2023, 8, 10))
    ]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"obtained_on": D(2999, 1, 1)}, "obtained_on", "不能晚于今天"),
        ({"obtained_on": D(1990, 1, 1)}, "obtained_on", "早于出生日期"),
        ({"issued_on": D(2025, 8, 9)}, "issued_on", "不能早于批准"),
    ],
)
def test_contradictory_days_are_refused(world, person, fields, field, sentence):
    with pytest.raises(ValidationError) as error:
        add(person, world.users.street, **fields)
    assert sentence in error.value.message_dict[field][0]
    assert person.certificates.count() == 0


def test_second_certificate_of_a_level_is_refused(world, held):
    with pytest.raises(ValidationError, match="已有这个等级"):
        add(held.person, world.users.street)
    held.person.refresh_from_db()
    other = add(held.person, world.users.street, level="local")
    with pytest.raises(ValidationError, match="已有这个等级"):
        acts.change_certificate(
            record=other, version=held.person.version, by=world.users.street,
            level="assistant", number="", obtained_on=D(2025, 1, 1), issued_on=None,
        )  # fmt: skip


def test_registered_certificate_moves_neither_behind_it_nor_to_a_local_one(world, held):
    factories.registration(held, D(2024, 6, 1))
    given = {"record": held, "version": 1, "by": world.users.street, "number": "", "issued_on": None}
    with pytest.raises(ValidationError, match="先更正登记日期"):
        acts.change_certificate(**given, level="assistant", obtained_on=D(2024, 6, 2))
    with pytest.raises(ValidationError, match="不办理登记"):
        acts.change_certificate(**given, level="local", obtained_on=D(2024, 1, 1))


def test_registration_lasts_as_the_rule_says_or_as_entered(world, held):
    row = register(held, world.users.street, D(2024, 5, 10))
    assert row.valid_to == D(2027, 5, 11)
    held.person.refresh_from_db()
    row = register(held, world.users.street, D(2026, 3, 1), until=D(2029, 2, 28), number="登1")
    assert (row.valid_to, row.number) == (D(2029, 3, 1), "登1")
    held.person.refresh_from_db()
    acts.change_registration(
        record=row, version=held.person.version, registered_on=D(2026, 3, 2), until=None, number="登2",
        by=world.users.street,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.registered_on, row.valid_to, row.number) == (D(2026, 3, 2), D(2029, 3, 3), "登2")


def test_registration_takes_the_years_of_the_place(world, held):
    value = {
        "first_months": 12, "years": 2, "window_months": 3, "hours_assistant": 72, "hours_other": 90,
        "degree_hours": 90, "lapsed_counts": True,
    }  # fmt: skip
    factories.rule("certificate.registration", value, w.CITY)
    assert register(held, world.users.street, D(2024, 5, 10)).valid_to == D(2026, 5, 11)


@pytest.mark.parametrize(
    ("registered_on", "until", "sentence"),
    [
        (D(2023, 12, 31), None, "不能早于证书取得"),
        (D(2999, 1, 1), None, "不能晚于今天"),
        (D(2024, 6, 1), D(2024, 5, 31), "不能早于登记日期"),
    ],
)
def test_registration_out_of_order_is_refused(world, held, registered_on, until, sentence):
    with pytest.raises(ValidationError, match=sentence):
        register(held, world.users.street, registered_on, until)


def test_registration_twice_on_a_day_or_of_a_local_certificate_is_refused(world, held, person):
    register(held, world.users.street, D(2024, 5, 10))
    held.person.refresh_from_db()
    with pytest.raises(ValidationError, match="已在记录中"):
        register(held, world.users.street, D(2024, 5, 10))
    local = factories.certificate(person, "local")
    with pytest.raises(ValidationError, match="地方证书不办理登记"):
        register(local, world.users.street, D(2024, 5, 10))


def test_education_is_entered_and_corrected(world, person):
    given = {"done_on": D(2026, 3, 1), "kind": "course", "title": "社区工作法规", "provider": "区社工协会"}
    row = acts.add_education(person=person, version=1, by=world.users.street, hours=Decimal("7.5"), **given)
    acts.change_education(record=row, version=2, by=world.users.street, hours=Decimal("8"), **given)
    assert list(person.education_hours.values_list("hours", "title")) == [(Decimal("8.0"), "社区工作法规")]
    with pytest.raises(ValidationError, match="不能晚于今天"):
        acts.change_education(
            record=row, version=3, by=world.users.street, hours=Decimal("8"), **{**given, "done_on": D(2999, 1, 1)}
        )


def test_old_versions_are_refused(world, held, person):
    row = factories.hours(person)
    registration = factories.registration(held)
    by = world.users.street
    fields = {"level": "local", "number": "", "obtained_on": D(2024, 1, 1), "issued_on": None}
    hours = {"done_on": D(2026, 3, 1), "kind": "course", "title": "x", "provider": "", "hours": Decimal(1)}
    term = {"registered_on": D(2026, 1, 1), "until": None, "number": ""}
    for act in (
        lambda: acts.add_certificate(person=person, version=9, by=by, **fields),
        lambda: acts.change_certificate(record=held, version=9, by=by, **fields),
        lambda: acts.add_registration(certificate=held, version=9, by=by, **term),
        lambda: acts.change_registration(record=registration, version=9, by=by, **term),
        lambda: acts.add_education(person=person, version=9, by=by, **hours),
        lambda: acts.change_education(record=row, version=9, by=by, **hours),
    ):
        with pytest.raises(Stale):
            act()


# The day of registration as the big form and the sheet tell it -------------------------------------------------------


def kept(person, day) -> list[tuple]:
    held = person.certificates.get()
    keep_certificate(
        person,
        {"level": held.level, "number": held.number, "obtained_on": held.obtained_on, "registered_on": day},
    )
    rows = Registration.objects.filter(certificate=held).order_by("registered_on")
    return list(rows.values_list("registered_on", "valid_to"))


def test_day_of_registration_is_first_corrected_then_renewed(world):
    person = world.people["孙夏"]
    first = (D(2024, 5, 10), D(2027, 5, 11))
    assert kept(person, None) == []
    assert kept(person, D(2024, 5, 9)) == [(D(2024, 5, 9), D(2027, 5, 10))]
    assert kept(person, D(2024, 5, 10)) == [first]
    assert kept(person, None) == [first]
    assert kept(person, D(2027, 2, 9)) == [(D(2027, 2, 9), D(2030, 2, 10))]
    assert kept(person, D(2024, 5, 10)) == [first]
    assert kept(person, D(2027, 2, 10)) == [first, (D(2027, 2, 10), D(2030, 2, 11))]
    assert kept(person, D(2024, 5, 10)) == [first, (D(2027, 2, 10), D(2030, 2, 11))]


def test_nothing_told_of_a_certificate_keeps_everything(world):
    person = world.people["孙夏"]
    keep_certificate(person, None)
    assert person.certificates.count() == 1
