"""Proposals for the people of a sheet whom another street has."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from portal.core.sheets.models import ImportBatch, ImportRow
from tests import factories
from tests import world as w
from workforce.actions.transfers import agree_transfer
from workforce.actions.transfers_import import propose_from_import
from workforce.models import Appointment, Transfer

DAY = date(2026, 10, 1)
START = "2020-01-01"  # of the post, as the sheet repeats it: no day to move on


def batch_of(world, division=w.STREET) -> ImportBatch:
    return ImportBatch.objects.create(
        kind="roster", division_id=division, filename="名册.xlsx", sha256="0" * 64, size=1, state="applied",
        uploaded_by=world.users.street, applied_at="2026-11-01T00:00+08:00", applied_by="street",
    )  # fmt: skip


def row(batch, person, number=2, status="moved", division=w.SUMMER, label="", **post) -> ImportRow:
    given = {"body": "station", "title": "工作人员", "tier": 3, "entry": "hired", "valid_from": START, **post}
    changes = [{"key": "person", "new": str(person.pk)}]
    changes += [{"key": key, "old": None, "new": value} for key, value in given.items()]
    return ImportRow.objects.create(
        batch=batch, number=number, status=status, label=label or person.name, division=division, changes=changes
    )


def propose(world, batch, by="street"):
    rows = batch.rows.order_by("number")
    return propose_from_import(batch=batch, rows=rows, effective_on=DAY, by=getattr(world.users, by))


def test_every_moved_row_makes_a_proposal_that_the_other_street_may_agree_to(world):
    batch = batch_of(world)
    row(batch, world.people["周秋"], label="周丘", full_time=False, grade=6)
    row(batch, world.people["王邻"], 3, division=w.SPRING)
    row(batch, world.people["孙夏"], 4, status="unchanged")
    found = propose(world, batch)
    assert (len(found.made), found.skipped) == (2, {})
    one = Transfer.objects.get(person=world.people["周秋"])
    assert (one.from_division_id, one.to_division_id, one.effective_on, one.batch) == (
        w.AUTUMN, w.SUMMER, date(2026, 10, 1), batch,
    )  # fmt: skip
    assert one.post == {
        "body": "station", "title": "工作人员", "tier": 3, "grade": 6, "entry": "hired", "full_time": False,
        "managed": True, "grid_worker": False, "name": "周丘",
    }  # fmt: skip
    assert (one.state, one.to_agreed_by, one.from_agreed_at) == ("proposed", "street", None)
    agree_transfer(transfer=one, version=1, by=world.users.neighbour)
    assert list(
        Appointment.objects.filter(person=one.person).order_by("valid_from").values_list("division_id", "valid_to")
    ) == [(w.AUTUMN, date(2026, 10, 1)), (w.SUMMER, None)]


def test_twice_proposes_nothing_more_and_says_so(world):
    batch = batch_of(world)
    row(batch, world.people["周秋"])
    propose(world, batch)
    again = propose(world, batch)
    assert (again.made, again.skipped) == ([], {2: "已有一份等待答复的调动申请。"})


def test_person_on_two_rows_moves_to_the_most_senior_post(world):
    batch, person = batch_of(world), world.people["周秋"]
    row(batch, person, 2)
    row(batch, person, 3, tier=1, title="居委会主任", body="committee", entry="elected")
    row(batch, person, 4, tier=2, title="副主任", body="committee")
    found = propose(world, batch)
    assert [one.post["title"] for one in found.made] == ["居委会主任"]
    assert sorted(found.skipped) == [2, 4]


def test_person_who_came_meanwhile_is_left_out(world):
    batch, person = batch_of(world), world.people["孙夏"]
    row(batch, person)
    assert propose(world, batch).skipped == {2: "此人现在没有其他街道的任职，请重新检查名册。"}


def test_rows_of_another_batch_or_place_make_nothing(world):
    batch, other = batch_of(world), batch_of(world)
    row(other, world.people["周秋"])
    row(batch, world.people["王邻"], division=w.AUTUMN)
    found = propose_from_import(batch=batch, rows=ImportRow.objects.all(), effective_on=DAY, by=world.users.street)
    assert (found.made, Transfer.objects.exists()) == ([], False)
    with pytest.raises(ValidationError, match="不在您的管理范围内"):
        propose(world, batch, by="neighbour")


def test_village_is_refused_in_words(world):
    batch = batch_of(world)
    row(batch, world.people["周秋"], division=w.VILLAGE)
    row(batch, world.people["王邻"], 3)
    found = propose(world, batch)
    assert [one.person for one in found.made] == [world.people["王邻"]]
    assert found.skipped == {2: "“冬岭村”是村，不适用社区工作者名册。"}


def test_post_in_the_village_gives_way_to_one_in_a_community(world):
    batch, person = batch_of(world), world.people["周秋"]
    row(batch, person, 2, division=w.VILLAGE, tier=1)
    row(batch, person, 3)
    found = propose(world, batch)
    assert [one.to_division_id for one in found.made] == [w.SUMMER]


def test_hundreds_cost_as_many_queries_as_one(world, django_assert_max_num_queries):
    batch = batch_of(world)
    for number in range(60):
        row(batch, factories.worker(f"调{number}", w.AUTUMN), number + 2)
    with django_assert_max_num_queries(12):
        found = propose(world, batch)
    assert len(found.made) == 60
