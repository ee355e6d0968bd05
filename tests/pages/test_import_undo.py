"""Taking an applied import back: shown first, refused for people edited since, the rest on request."""

from datetime import date

import pytest
from django.urls import reverse

from portal.core.sheets.models import ImportBatch
from portal.core.sheets.undoing import undo_batch
from tests import rosters
from tests import world as w
from tests.pages.test_imports import sent, street, words  # noqa: F401  (fixtures)
from tests.rosters import line
from workforce.actions.people import end_post
from workforce.importers import ROSTER
from workforce.models import Person


@pytest.fixture
def applied(world) -> ImportBatch:
    return rosters.applied(world.users.street, world.divisions[w.STREET], [line(1), line(2)])


def undo(batch) -> str:
    return reverse("import_undo", args=[batch.pk])


def edited(world, name: str) -> Person:
    person = Person.objects.get(name=name)
    post = person.appointments.get()
    end_post(appointment=post, version=1, last_day=date(2026, 6, 30), by=world.users.street)
    return person


def test_page_leads_to_the_undo_and_shows_what_it_does(street, applied):  # noqa: F811
    assert "撤销这次导入" in words(street.get(reverse("import", args=[applied.pk])))
    text = words(street.get(undo(applied)))
    assert "《名册.csv》这次导入涉及的 2 人将恢复到导入之前的样子" in text
    assert "全部撤销" in text


def test_undo_is_requested_carried_out_and_told(street, world, applied, sent, django_capture_on_commit_callbacks):  # noqa: F811
    with django_capture_on_commit_callbacks(execute=True):
        answer = street.post(undo(applied), {"rest": ""})
    applied.refresh_from_db()
    assert (answer.url, applied.state) == (reverse("import", args=[applied.pk]), "undoing")
    assert sent["undo_import"].calls == [(str(applied.pk), world.users.street.pk, False)]
    assert "data-progress" in street.get(answer.url).content.decode()
    undo_batch(applied.pk, world.users.street, ROSTER)
    text = words(street.get(answer.url))
    assert "撤销：2 人恢复到导入之前的样子。各级人数已更新。" in text
    assert "撤销用时" in text
    assert not Person.objects.filter(name__in=["新二", "新三"]).exists()
    assert "已撤销" in words(street.get(reverse("imports")))


def test_people_edited_since_are_named_and_the_rest_is_offered(street, world, applied):  # noqa: F811
    person = edited(world, "新二")
    page = street.get(undo(applied))
    assert "1 人在导入之后又被改动过，不会撤销" in words(page)
    assert reverse("worker", args=[person.pk]) in page.content.decode()
    assert "撤销其余 1 人" in words(page)
    assert "全部撤销" not in words(page)


def test_whole_undo_of_edited_people_is_refused(street, world, applied, sent):  # noqa: F811
    edited(world, "新二")
    answer = street.post(undo(applied), {"rest": ""})
    applied.refresh_from_db()
    assert (answer.status_code, applied.state, sent["undo_import"].calls) == (409, "applied", [])
    assert "新二" in words(answer)


def test_rest_is_taken_back_and_the_edited_stay(street, world, applied):  # noqa: F811
    edited(world, "新二")
    street.post(undo(applied), {"rest": "1"})
    undo_batch(applied.pk, world.users.street, ROSTER, rest=True)
    text = words(street.get(reverse("import", args=[applied.pk])))
    assert "1 人恢复到导入之前的样子，1 人因导入之后又有改动而保持现状。" in text
    assert list(Person.objects.filter(name__in=["新二", "新三"]).values_list("name", flat=True)) == ["新二"]


def test_undo_of_what_is_not_applied_leads_back(street, world):  # noqa: F811
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], [line(1)])
    for answer in (street.get(undo(batch)), street.post(undo(batch))):
        assert answer.url == reverse("import", args=[batch.pk])
    batch.refresh_from_db()
    assert batch.state == "judged"


def test_reason_why_an_undo_stopped_stands_on_the_page(street, world, applied):  # noqa: F811
    street.post(undo(applied), {"rest": ""})
    ImportBatch.objects.filter(pk=applied.pk).update(heartbeat=None)
    edited(world, "新二")
    undo_batch(applied.pk, world.users.street, ROSTER)
    applied.refresh_from_db()
    assert (applied.state, [one["code"] for one in applied.problem["errors"]]) == ("applied", ["undo_edited"])
    page = words(street.get(reverse("import", args=[applied.pk])))
    assert "应用：新增 2 个任职" in page
