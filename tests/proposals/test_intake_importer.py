"""Import of proposals: judged at once, compared by session and number, applied with history, taken back."""

import csv
import io
from datetime import date

import pytest

from portal.core.sheets.actions import cancel, create_batch, request_apply
from portal.core.sheets.exporting import Asked
from portal.core.sheets.models import BatchState
from portal.core.sheets.reports import listed
from portal.core.sheets.running import apply_batch, judge_batch
from portal.core.sheets.undoing import request_undo, undo_batch
from portal.core.territory.models import Division
from proposals.actions.intake import Signer, upsert_proposal
from proposals.exports.cases import PROPOSALS as LIST
from proposals.importers import PROPOSALS
from proposals.importers.columns import COLUMNS
from proposals.models import Proposal, Proposer
from proposals.queries.cases import listed as found
from tests import world as w
from tests.proposals import cases

HEADERS = {column.key: column.header for column in COLUMNS}
ROW = {
    "body": "提案", "term": "十四", "meeting": "5", "number": "第0023号", "title": "关于加强社区工作者队伍建设的提案",
    "proposer_type": "联名", "signers": "甲某、乙某等2位委员", "received_on": "2026-01-12", "text": "充实队伍。",
}  # fmt: skip


@pytest.fixture
def office(world):
    cases.session()
    return cases.user("office")


def sheet(*lines: dict[str, str]) -> bytes:
    keys = [key for key in HEADERS if any(key in line for line in lines)]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([HEADERS[key] for key in keys])
    writer.writerows([line.get(key, "") for key in keys] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def judged(office, *lines, content=None):
    division = Division.objects.get(code=w.DISTRICT)
    content = content or sheet(*lines)
    batch = create_batch(importer=PROPOSALS, division=division, filename="x.csv", content=content, by=office)
    return judge_batch(batch.pk, PROPOSALS)


def compared(office, *lines, content=None):
    """What a sheet would do, given up at once."""
    batch = judged(office, *lines, content=content)
    cancel(batch=batch, by=office)
    return counts(batch)


def applied(office, *lines):
    batch = judged(office, *lines)
    assert batch.counts["error"] == 0, listed(batch, PROPOSALS, "errors")
    request_apply(batch=batch, importer=PROPOSALS, by=office)
    return apply_batch(batch.pk, office, PROPOSALS)


def counts(batch):
    return {key: batch.counts[key] for key in ("new", "changed", "unchanged", "error")}


def test_new_then_unchanged_then_changed_then_taken_back(office, run_command):
    filed = {
        **ROW,
        "number": "0024",
        "proposer_type": "党派",
        "signers": "民盟示例区委会",
        "filed_on": "2026-01-14",
        "key": "是",
    }
    batch = applied(office, ROW, filed)
    assert (batch.state, counts(batch)) == (BatchState.APPLIED, {"new": 2, "changed": 0, "unchanged": 0, "error": 0})
    first, second = Proposal.objects.order_by("number")
    assert (first.number, first.state, first.proposers_count, first.text) == ("0023", "received", 2, "充实队伍。")
    assert (second.state, second.filed_on, second.key) == ("filed", date(2026, 1, 14), True)
    assert [one.name for one in first.proposers.all()] == ["甲某", "乙某"]
    assert compared(office, ROW, filed)["unchanged"] == 2
    changed = applied(office, {**ROW, "title": "关于养老驿站的提案", "signers": "甲某、丙某、丁某"})
    assert counts(changed)["changed"] == 1
    first.refresh_from_db()
    assert (first.title, first.version, first.proposers_count) == ("关于养老驿站的提案", 2, 3)
    assert [one.pk for one in found(office, q="养老驿站 丁某")] == [first.pk]
    request_undo(batch=changed, importer=PROPOSALS, by=office)
    assert undo_batch(changed.pk, office, PROPOSALS).state == BatchState.UNDONE
    first.refresh_from_db()
    assert (first.title, first.proposers_count) == (ROW["title"], 2)
    assert [one.name for one in first.proposers.all()] == ["甲某", "乙某"]
    assert not found(office, q="养老驿站").exists() and found(office, q="队伍建设").count() == 2
    request_undo(batch=batch, importer=PROPOSALS, by=office)
    assert undo_batch(batch.pk, office, PROPOSALS).state == BatchState.UNDONE
    assert not Proposal.objects.exists() and not Proposer.objects.exists()
    assert run_command("recount", "--verify").code == 0


def test_contacts_and_blank_cells_keep_what_is_registered(office):
    held = cases.session()
    upsert_proposal(session=held, number="7", by=office, signers=[Signer("甲某", "0000-0000001")], title="关于食堂的提案",
                    proposer_type="member", received_on=date(2026, 1, 12), field="民政")  # fmt: skip
    applied(
        office,
        {
            **ROW,
            "number": "7",
            "proposer_type": "委员个人",
            "signers": "甲某",
            "title": "关于老年食堂的提案",
            "field": "",
        },
    )
    made = Proposal.objects.get()
    assert (made.title, made.field, made.proposers.get().phone) == ("关于老年食堂的提案", "民政", "0000-0000001")


def test_every_error_of_every_row_is_told(office):
    lines = [
        {**ROW, "signers": "甲某、乙某等5位委员"},
        {**ROW, "number": "2", "body": "建议"},
        {**ROW, "number": "3", "title": "关于养老的议案", "proposer_type": "代表团"},
        {**ROW, "number": "4", "proposer_type": "委员个人", "received_on": "2099-01-01"},
        {**ROW, "number": "5"},
        {**ROW, "number": "第5号"},
        {**ROW, "number": "6", "term": "甲", "proposers_count": "两"},
        {**ROW, "number": "", "title": ""},
        {**ROW, "number": "8", "proposer_type": "委员个人"},
        {**ROW, "number": "9", "proposers_count": "3"},
    ]
    batch = judged(office, *lines)
    told = [(one["row"], one["code"], one["message"]) for one in listed(batch, PROPOSALS, "errors")]
    assert told == [
        (2, "told_differs", "提案者一栏说是 5 位，写出了 2 位。请写全姓名，或改正数字。"),
        (3, "session_unknown", "东区没有登记 14 届 5 次的建议会议。请先在“会议”中登记，再导入。"),
        (4, "wrong_word", "案由把文件叫作“议案”，这里应称“提案”。请改正。"),
        (4, "wrong_type", "这一类会议的提案者只有：委员个人、联名、党派、团体、界别、小组、专门委员会。"),
        (5, "date_future", told[4][2]),
        (7, "same_twice", "与第 6 行是同一次会议的同一编号。请只保留一行。"),
        (8, "not_numeral", "“届”应为 1 到 99 的数，如 14 或十四。"),
        (8, "not_count", "“提案者数”应为不小于 1 的整数。"),
        (9, "required", "“编号”必须填写。"),
        (9, "required", "“案由”必须填写。"),
        (10, "names_one", "个人提出的只有一位提案者；几位共同提出的，请选“联名”。"),
        (11, "names_differs", "提案者数填的是 3，写出的是 2 位。请核对，两者应一致。"),
    ]
    assert not Proposal.objects.exists()


def test_closed_case_that_differs_is_an_error(office):
    applied(office, ROW)
    Proposal.objects.update(state="closed", assigned_on=date(2026, 2, 1))
    assert compared(office, ROW)["unchanged"] == 1
    batch = judged(office, {**ROW, "title": "关于食堂的提案"})
    assert [one["code"] for one in listed(batch, PROPOSALS, "errors")] == ["not_open"]


def test_what_was_edited_since_is_kept(office):
    batch = applied(office, ROW, {**ROW, "number": "0024"})
    upsert_proposal(session=cases.session(), number="0023", by=office, title="关于食堂的提案")
    request_undo(batch=batch, importer=PROPOSALS, by=office, rest=True)
    assert undo_batch(batch.pk, office, PROPOSALS, rest=True).state == BatchState.UNDONE
    assert [one.number for one in Proposal.objects.all()] == ["0023"]


def test_the_list_taken_out_comes_in_unchanged(office):
    applied(office, ROW, {**ROW, "number": "0024", "title": "关于食堂的提案", "signers": "丙某、丁某", "text": ""})
    rows = list(LIST.find(Asked(office, date(2026, 11, 23), {})).rows)
    assert [row[3] for row in rows] == ["0024", "0023"]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.header for column in LIST.columns])
    writer.writerows(rows)
    assert compared(office, content=out.getvalue().encode("utf-8-sig")) == {
        "new": 0,
        "changed": 0,
        "unchanged": 2,
        "error": 0,
    }
