"""Periods of one person that would run into each other: a sentence, never an error of the database."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from portal.core.lib.clock import today
from tests import factories
from tests import world as w
from workforce.actions import contracts, exits, people

BEGAN, MIDDLE, END = date(2024, 1, 1), date(2025, 1, 1), date(2025, 6, 1)


def refused(act, **given) -> str:
    with pytest.raises(ValidationError) as error:
        act(by=None, **given)
    return " ".join(error.value.messages)


@pytest.fixture
def person(world):
    return factories.person("吴叠", number=factories.numbered(70))


def test_contract_is_not_ended_after_the_next_one_began(person):
    first = factories.contract(person, valid_to=MIDDLE)
    factories.contract(person, valid_from=MIDDLE)
    assert "另一条" in refused(contracts.end_contract, record=first, version=person.version, last_day=END)
    first.refresh_from_db()
    assert first.valid_to == MIDDLE


def test_post_is_not_ended_after_the_same_one_began_anew(person):
    first = factories.appointment(person, w.SPRING, valid_to=MIDDLE)
    factories.appointment(person, w.SPRING, valid_from=MIDDLE)
    assert "另一条" in refused(people.end_post, appointment=first, version=person.version, last_day=END)


def test_exit_is_not_taken_back_over_a_contract_entered_since(person):
    factories.appointment(person, w.SPRING)
    factories.contract(person)
    found = exits.leave(person=person, version=1, last_day=MIDDLE, reason="resignation", by=None)
    factories.contract(person, valid_from=END)
    assert "另一条" in refused(exits.take_back_exit, record=found, version=2)
    assert "另一条" in refused(exits.change_exit, record=found, version=2, left_on=END, reason="resignation")


def test_grade_of_today_ends_where_one_of_a_later_day_begins(person):
    day, later = today(), today() + timedelta(days=10)
    factories.appointment(person, w.SPRING, grade=7)
    factories.grade(person, 5, valid_to=day - timedelta(days=30))
    factories.grade(person, 9, valid_from=later)
    other = factories.appointment(person, w.SUMMER, body="committee", title="委员", entry="elected", grade=7)
    people.end_post(appointment=other, version=person.version, last_day=day - timedelta(days=1), by=None)
    found = person.grades.order_by("valid_from").values_list("grade", "valid_from", "valid_to")
    assert list(found) == [(5, BEGAN, day - timedelta(days=30)), (7, day - timedelta(days=30), later), (9, later, None)]
