"""Who is not taken back with an import: people edited since, with the reason; what does not count as an edit."""

from datetime import date

import pgtrigger
import pytest
from django.core.exceptions import ValidationError

from portal.core.sheets.models import ImportBatch
from portal.core.sheets.undoing import preview, request_undo
from tests import factories
from tests import world as w
from tests.rosters import line
from tests.workforce.undo.doing import contents, known, undone
from workforce.actions.cases import open_due_cases, take_step
from workforce.actions.people import add_post
from workforce.actions.statuses import add_status
from workforce.actions.tallies import differences
from workforce.importers import ROSTER
from workforce.models import Person, ReviewCase

TWO_YEARS = {"months": 24, "starts_on": "2018-01-01", "restart_after_months": 6, "judged_by": "obtained"}


def entered(name: str = "新二") -> Person:
    return Person.objects.get(name=name)


def edited(person: Person, by) -> None:
    """Somebody records a leave on the person."""
    given = {"kind": "maternity", "valid_from": date(2025, 6, 1), "valid_to": None, "note": ""}
    add_status(person=person, version=person.version, by=by, **given)


def refusal(batch, by) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        request_undo(batch=batch, importer=ROSTER, by=by)
    return caught.value


def test_edited_people_are_named_and_nothing_is_written(apply, street):
    batch = apply(line(1), line(2))
    edited(entered(), street)
    after = contents()
    error = refusal(batch, street)
    assert (error.code, error.params["kept"]) == ("edited", 1)
    assert "新二（" in error.messages[0]
    assert "street：登记状态" in error.messages[0]
    assert contents() == after
    assert ImportBatch.objects.get().state == "applied"


def test_rest_is_taken_back_and_the_edited_are_kept(apply, street):
    batch = apply(line(1), line(2))
    edited(entered(), street)
    assert [(one["label"], one["url"]) for one in preview(batch, ROSTER).kept] == [
        ("新二", entered().get_absolute_url())
    ]
    batch = undone(batch, street, rest=True)
    assert (batch.state, batch.counts["undone"]["people"], batch.counts["undone"]["kept"]) == ("undone", 1, 1)
    assert list(Person.objects.filter(name__startswith="新").values_list("name", flat=True)) == ["新二"]
    assert differences() == []


def test_only_the_first_are_named_and_the_others_counted(apply, street):
    batch = apply(*(line(seq) for seq in range(1, 9)))
    for person in Person.objects.filter(name__startswith="新"):
        edited(person, street)
    error = refusal(batch, street)
    assert error.params["kept"] == 8
    assert (error.messages[0].count("登记状态"), "另有 3 人" in error.messages[0]) == (5, True)


def test_known_person_with_a_post_added_since_is_kept(apply, street, world):
    person = world.people["钱风"]
    batch = apply(known(person, valid_to="2025-12-31"))
    person.refresh_from_db()
    fields = {"body": "committee", "title": "委员", "tier": 3, "entry": "elected", "valid_from": date(2026, 1, 1)}
    add_post(person=person, version=person.version, post={"division_id": w.SUMMER, **fields}, by=street)
    assert refusal(batch, street).params["kept"] == 1


def test_known_person_enrolled_since_is_no_edit_and_a_new_one_is(apply, street, world):
    before = world.people["钱风"].education
    batch = apply(known(world.people["钱风"], education="本科"), line(1))
    course = factories.training_class(w.DISTRICT, world.today)
    for person in (world.people["钱风"], entered()):
        factories.enrolment(course, person, w.SPRING)
    assert [one["label"] for one in preview(batch, ROSTER).kept] == ["新二"]
    undone(batch, street, rest=True)
    world.people["钱风"].refresh_from_db()
    assert world.people["钱风"].education == before


def test_exception_granted_to_a_post_of_the_import_keeps_its_person(apply, street, world):
    person = world.people["钱风"]
    batch = apply(known(person), known(person, code=w.SUMMER, title="网格员"))
    factories.exception(person.appointments.get(title="网格员"))
    assert [one["label"] for one in preview(batch, ROSTER).kept] == ["钱风"]


def test_later_import_stands_in_the_way_until_it_is_taken_back(apply, street, world):
    before = contents()
    first = apply(line(1), known(world.people["钱风"], education="本科"))
    middle = contents()
    second = apply(line(1, phone="13812345678"), known(world.people["钱风"], education="大专"), filename="后来.csv")
    error = refusal(first, street)
    assert error.params["kept"] == 2
    assert error.messages[0].count("后来的导入《后来.csv》") == 2
    undone(second, street)
    assert contents() == middle
    undone(first, street)
    assert contents() == before


def test_edit_that_outlived_a_later_import_still_counts(apply, street):
    first = apply(line(1))
    second = apply(line(1, phone="13812345678"), filename="后来.csv")
    edited(entered(), street)
    undone(second, street, rest=True)
    assert refusal(first, street).params["kept"] == 1


def test_person_without_a_record_of_what_was_before_is_kept(apply, street):
    with pgtrigger.ignore("workforce.Person:insert_insert"):
        person = factories.worker("甲无", w.SPRING)
    batch = apply(known(person, education="本科"))
    assert [(one["label"], one["reason"]) for one in preview(batch, ROSTER).kept] == [
        ("甲无", "导入之前的内容没有留下记录")
    ]


def test_case_that_the_portal_opened_goes_with_its_person(apply, street):
    before = contents()
    factories.rule("certificate.deadline", TWO_YEARS, w.CITY)
    batch = apply(line(1, hired_on="2020-01-01", valid_from="2020-01-01", contract_from="2020-01-01"))
    assert open_due_cases(on=date(2025, 1, 1)) == 1
    assert preview(batch, ROSTER).kept_count == 0
    undone(batch, street)
    assert contents() == before


def test_case_that_somebody_works_on_keeps_its_person(apply, street, world):
    factories.rule("certificate.deadline", TWO_YEARS, w.CITY)
    batch = apply(line(1, hired_on="2020-01-01", valid_from="2020-01-01", contract_from="2020-01-01"))
    open_due_cases(on=date(2025, 1, 1))
    case = ReviewCase.objects.get(person=entered())
    step = {"on": date(2025, 2, 1), "note": "示例说明", "document": "示例通知〔2025〕1号"}
    take_step(case=case, version=case.version, by=world.users.district, **step)
    assert "办理个案" in refusal(batch, street).messages[0]
