"""What a sheet may do with people who serve or served in another office, and with those who had left: nothing unasked."""

import json
from datetime import date, timedelta

import pytest

from portal.core.sheets.actions import request_apply
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.running import apply_batch
from tests import factories, rosters
from tests import world as w
from tests.rosters import line
from workforce.actions.exits import leave
from workforce.actions.people import end_post, take_back_post
from workforce.actions.tallies import differences
from workforce.actions.transfers import agree_transfer, propose_transfer
from workforce.importers import ROSTER
from workforce.models import Appointment, Contract, Exit, Person
from workforce.queries.certificate_clocks import services_of

POST = {
    "body": "station", "title": "工作人员", "tier": 3, "grade": 5, "entry": "hired",
    "full_time": True, "managed": True, "grid_worker": False,
}  # fmt: skip
NO_CONTRACT = {"contract_from": None, "contract_kind": None, "party": None}
LEFT = date(2024, 12, 31)


@pytest.fixture
def judge(world):
    def judged(*lines, division=w.STREET, by=None):
        ImportBatch.objects.filter(state="judged").update(state="cancelled")
        return rosters.judged(by or world.users.street, world.divisions[division], list(lines))

    return judged


def apply(batch, by):
    request_apply(batch=batch, importer=ROSTER, by=by)
    return apply_batch(batch.pk, by, ROSTER)


def row_of(person, **cells) -> dict:
    """A row for somebody on record, as the street wrote it last month; no contract unless told."""
    usual = {"name": person.name, "id_number": str(person.id_number), "valid_from": "2024-01-01", **NO_CONTRACT}
    return line(1, **usual | cells)


def sentences(batch) -> list[str]:
    """Errors and warnings of all rows as the reader reads them."""
    rows = batch.rows.order_by("number")
    return [ROSTER.sentence(e["code"], e["params"]) for row in rows for e in (*row.errors, *row.warnings)]


def posts(person) -> list[tuple]:
    return list(person.appointments.order_by("valid_from", "id").values_list("division_id", "valid_from", "valid_to"))


@pytest.fixture
def gone(world) -> Person:
    """钱风 of 一号街道, who went to 二号街道 with both consents."""
    person, day = world.people["钱风"], world.today - timedelta(days=20)
    asked = propose_transfer(
        person=person, division=world.divisions[w.AUTUMN], effective_on=day, post=POST, by=world.users.street
    )
    agree_transfer(transfer=asked, version=1, by=world.users.neighbour)
    return person


def test_old_sheet_takes_nobody_back_who_was_transferred_away(judge, world, gone):
    before = posts(gone)
    batch = judge(row_of(gone))
    row = batch.rows.get(number=2)
    assert (row.status, batch.counts["moved"], batch.counts["changed"]) == ("moved", 1, 0)
    assert ROSTER.summary(batch.counts).endswith("；在其他街道任职的 1 行不动，可提出调入。")
    apply(batch, world.users.street)
    assert posts(gone) == before
    assert [code for code, _from, end in before if end is None] == [w.AUTUMN]


def test_row_of_a_post_that_ended_before_the_transfer_stays_the_streets_own(judge, world, gone):
    last = world.today - timedelta(days=21)
    batch = judge(row_of(gone, valid_to=last.isoformat()))
    assert batch.rows.get(number=2).status == "unchanged"
    earlier = row_of(gone, valid_to=last.isoformat(), grade="6")
    assert judge(earlier).rows.get(number=2).changes == [{"key": "grade", "old": 5, "new": 6}]


def test_post_agreed_for_a_day_ahead_is_no_second_transfer(judge, world):
    person, day = world.people["周秋"], world.today + timedelta(days=20)
    asked = propose_transfer(
        person=person, division=world.divisions[w.SPRING], effective_on=day, post=POST, by=world.users.street
    )
    agree_transfer(transfer=asked, version=1, by=world.users.neighbour)
    assert judge(row_of(person, valid_from=day.isoformat())).rows.get(number=2).status == "unchanged"


def test_post_taken_back_makes_nobody_ones_own(judge, world):
    person = world.people["周秋"]
    wrong = factories.appointment(person, w.SPRING, title="委员", body="committee")
    take_back_post(appointment=wrong, version=person.version, by=world.users.street)
    row = judge(row_of(person, education="本科")).rows.get(number=2)
    assert (row.status, row.warnings) == ("moved", [])
    assert all(change["old"] is None for change in row.changes)


def test_post_taken_back_elsewhere_holds_nobody(judge, world):
    person = world.people["钱风"]
    wrong = factories.appointment(person, w.AUTUMN, valid_from=date(2026, 1, 1))
    take_back_post(appointment=wrong, version=person.version, by=world.users.neighbour)
    Appointment.objects.filter(person=person, division=w.SPRING).update(valid_to=date(2026, 1, 1))
    batch = judge(row_of(person, valid_from="2026-02-01"))
    assert batch.rows.get(number=2).status == "new"


# Return to service.


@pytest.fixture
def former(world) -> Person:
    """钱风, who left on 2024-12-31."""
    person = world.people["钱风"]
    leave(person=person, version=1, last_day=LEFT, reason="resignation", by=world.users.street)
    person.refresh_from_db()
    return person


def test_return_begins_a_new_service_on_the_first_day_of_the_post(judge, world, former):
    batch = judge(row_of(former, valid_from="2026-01-01"))
    assert rosters.warnings(batch) == [(2, "离职日期", "returns")]
    assert {"key": "hired_on", "old": "2024-01-01", "new": "2026-01-01"} in batch.rows.get(number=2).changes
    apply(batch, world.users.street)
    former.refresh_from_db()
    assert (former.hired_on, former.left_on, former.leaving_reason) == (date(2026, 1, 1), None, "")
    found = sorted((one.hired_on, one.left_on) for one in services_of(former))
    assert found == [(date(2024, 1, 1), LEFT), (date(2026, 1, 1), None)]
    assert differences() == []


def test_return_with_a_day_of_hiring_of_its_own(judge, world, former):
    apply(judge(row_of(former, valid_from="2026-01-01", hired_on="2025-12-15")), world.users.street)
    former.refresh_from_db()
    assert former.hired_on == date(2025, 12, 15)


def test_old_day_of_hiring_would_hide_the_break_and_is_refused(judge, former):
    batch = judge(row_of(former, valid_from="2026-01-01", hired_on="2024-01-01"))
    assert rosters.errors(batch) == [(2, "入职日期", "hired_before_return")]
    assert "2024-12-31" in sentences(batch)[0]


def test_day_of_hiring_before_the_break_is_refused_after_the_return_too(judge, world, former):
    apply(judge(row_of(former, valid_from="2026-01-01")), world.users.street)
    batch = judge(row_of(former, valid_from="2026-01-01", hired_on="2024-01-01"))
    assert rosters.errors(batch) == [(2, "入职日期", "hired_before_return")]
    assert rosters.errors(judge(row_of(former, valid_from="2026-01-01", hired_on="2025-12-15"))) == []
    Person.objects.filter(pk=former.pk).update(hired_on=date(2024, 1, 1))  # as it was recorded before
    assert judge(row_of(former, valid_from="2026-01-01", hired_on="2024-01-01")).rows.get(number=2).errors == []


def test_return_and_leaving_again_on_one_sheet_are_two_services(judge, world, former):
    cells = {"valid_from": "2026-01-01", "left_on": "2026-06-30", "leaving_reason": "退休"}
    apply(judge(row_of(former, **cells)), world.users.street)
    former.refresh_from_db()
    assert (former.hired_on, former.left_on, former.leaving_reason) == (date(2026, 1, 1), date(2026, 6, 30), "退休")
    assert list(former.exits.order_by("left_on").values_list("hired_on", "left_on", "reason")) == [
        (date(2024, 1, 1), LEFT, "resignation"),
        (date(2026, 1, 1), date(2026, 6, 30), "retirement"),
    ]


def test_sheet_older_than_the_exit_reopens_nothing(judge, world, former):
    batch = judge(row_of(former))
    assert rosters.errors(batch) == [(2, "任职起始", "exit_recorded")]
    assert sentences(batch) == [
        "名册登记此人 2024-12-31 离职，任职起始不晚于这一天。离职登记有误的，请先在其页面的“状态与离职”中撤回；"
        "重新入职的，任职起始填重新入职的第一天；离职属实的，请填写任职截止。"
    ]
    former.refresh_from_db()
    assert (former.left_on, posts(former)) == (LEFT, [(w.SPRING, date(2024, 1, 1), date(2025, 1, 1))])


def test_old_row_beside_the_new_one_is_told_and_one_that_is_over_is_not(judge, former):
    old, new = row_of(former), row_of(former, valid_from="2026-01-01", body="居民委员会", title="委员")
    assert rosters.errors(judge(old, new)) == [(2, "任职起始", "exit_recorded")]
    assert rosters.errors(judge({**old, "valid_to": "2024-12-31"}, new)) == []


def test_last_day_is_still_corrected_by_a_sheet(judge, world, former):
    apply(judge(row_of(former, left_on="2025-03-31", leaving_reason="辞职")), world.users.street)
    assert list(Exit.objects.values_list("left_on", flat=True)) == [date(2025, 3, 31)]
    former.refresh_from_db()
    assert (former.hired_on, former.left_on) == (date(2024, 1, 1), date(2025, 3, 31))


def test_contract_does_not_run_through_the_break(judge, former):
    told = {"contract_kind": "劳动合同", "contract_from": "2024-01-01", "party": "一号街道办事处"}
    batch = judge(row_of(former, valid_from="2026-01-01", **told))
    assert rosters.errors(batch) == [(2, "合同起始", "contract_before_return")]
    assert (
        rosters.errors(judge(row_of(former, valid_from="2026-01-01", **told | {"contract_from": "2026-01-01"}))) == []
    )


# Somebody who comes from another street of their own accord.


@pytest.fixture
def free(world) -> Person:
    """周秋, who left 二号街道 on 2026-06-30 after a contract from 2024-01-01."""
    person = world.people["周秋"]
    leave(person=person, version=1, last_day=date(2026, 6, 30), reason="resignation", by=world.users.neighbour)
    person.refresh_from_db()
    return person


def test_contract_of_another_office_is_not_written_over(judge, world, free):
    told = {"contract_kind": "劳动合同", "contract_from": "2024-01-01", "party": "一号街道办事处"}
    batch = judge(row_of(free, valid_from="2026-08-01", **told))
    assert rosters.errors(batch) == [(2, "合同起始", "contract_elsewhere")]
    batch = judge(row_of(free, valid_from="2026-08-01", **told | {"contract_from": "2026-08-01"}))
    assert (rosters.errors(batch), batch.rows.get(number=2).status) == ([], "new")
    apply(batch, world.users.street)
    assert list(Contract.objects.filter(person=free).order_by("valid_from").values_list("valid_from", "valid_to")) == [
        (date(2024, 1, 1), date(2026, 7, 1)),
        (date(2026, 8, 1), None),
    ]


def test_contract_still_running_elsewhere_is_not_written_over(judge, world):
    person = world.people["周秋"]
    post = person.appointments.get()
    end_post(appointment=post, version=1, last_day=date(2026, 6, 30), by=world.users.neighbour)
    told = {"contract_kind": "劳动合同", "contract_from": "2026-08-01", "party": "一号街道办事处"}
    batch = judge(row_of(person, valid_from="2026-08-01", **told))
    assert rosters.errors(batch) == [(2, "合同起始", "contract_elsewhere")]
    assert judge(row_of(person, valid_from="2026-08-01")).rows.get(number=2).status == "new"
    none = judge(row_of(person, valid_from="2026-08-01", contract_kind="无"))
    assert (none.rows.get(number=2).status, rosters.warnings(none)) == ("new", [])


def test_last_day_cuts_no_contract_of_another_office(judge, world):
    person = world.people["周秋"]
    end_post(appointment=person.appointments.get(), version=1, last_day=date(2026, 6, 30), by=world.users.neighbour)
    batch = judge(row_of(person, valid_from="2026-08-01", left_on="2026-10-31", leaving_reason="辞职"))
    assert rosters.errors(batch) == [(2, "离职日期", "leaving_elsewhere")]


def test_exit_of_another_office_is_not_corrected(judge, free):
    batch = judge(row_of(free, valid_from="2020-01-01", left_on="2023-12-31", leaving_reason="辞职"))
    assert rosters.errors(batch) == [(2, "离职日期", "exit_kept_elsewhere")]


def test_grid_worker_of_the_street_is_its_own(judge, world):
    person = factories.person("网一")
    factories.contract(person)
    factories.grid_post(person, factories.grid(w.SPRING))
    told = {"contract_kind": "劳动合同", "contract_from": "2024-01-01", "contract_to": "2027-12-31"}
    row = judge(row_of(person, **told, valid_from="2026-08-01")).rows.get(number=2)
    assert (row.status, row.errors) == ("new", [])
    assert {"key": "contract_to", "old": None, "new": "2027-12-31"} in row.changes


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"valid_from": "2026-08-01"}, "returns_elsewhere"),
        ({"valid_from": "2026-01-01"}, "exit_elsewhere"),
        ({"valid_from": "2026-08-01", "hired_on": "2024-05-05"}, "hired_elsewhere"),
        ({"valid_from": "2020-01-01", "valid_to": "2021-12-31", "contract_kind": "服务协议", "contract_from": "2026-09-01"},
         "contract_elsewhere"),
        ({"valid_from": "2020-01-01", "left_on": "2020-05-05", "leaving_reason": "辞职"}, "exit_kept_elsewhere"),
    ],
)  # fmt: skip
def test_no_day_of_another_offices_record_is_told(judge, free, cells, code):
    batch = judge(row_of(free, **cells))
    row = batch.rows.get(number=2)
    assert code in [issue["code"] for issue in (*row.errors, *row.warnings)]
    kept = json.dumps([row.errors, row.warnings, row.changes]) + " ".join(sentences(batch))
    for day in ("2026-06-30", "2026-07-01", "2024-01-01"):
        assert day not in kept, (day, kept)
