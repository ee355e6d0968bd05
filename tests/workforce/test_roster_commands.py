"""`import_roster` and `export_roster`: exit codes and JSON keys that other systems rely on."""

import json

import openpyxl
import pytest

from portal.core.sheets import running
from portal.core.sheets.models import ImportBatch
from tests import factories, rosters
from tests import world as w
from tests.rosters import line
from workforce.management.commands import import_roster
from workforce.models import Person


@pytest.fixture
def sheet(tmp_path):
    def written(*lines, name="名册.xlsx"):
        path = tmp_path / name
        path.write_bytes(rosters.as_xlsx(list(lines)))
        return str(path)

    return written


def arguments(path, *more, division=w.STREET, by="street"):
    return ["import_roster", path, "--division", division, "--by", by, "--json", *more]


def test_import_applies_and_again_changes_nothing(world, sheet, run_command):
    path = sheet(line(1), line(2))
    done = run_command(*arguments(path, "--apply"))
    first = json.loads(done.out)
    assert done.code == 0
    assert set(first) == {
        "rows",
        "new",
        "changed",
        "unchanged",
        "leaving",
        "moved",
        "outside",
        "errors",
        "warnings",
        "applied",
        "batch",
        "sheets",
        "seconds",
    }
    assert (first["rows"], first["new"], first["changed"], first["leaving"], first["applied"]) == (2, 2, 0, 8, True)
    again = json.loads(run_command(*arguments(path, "--apply")).out)
    assert (again["new"], again["changed"], again["unchanged"], again["applied"]) == (0, 0, 2, True)
    assert ImportBatch.objects.filter(state="applied").count() == 2


def test_batch_that_a_worker_took_first_is_waited_for(world, sheet, run_command, monkeypatch):
    """The timetable may send a task between the confirmation and the work of the command."""

    def taken_before(*args):
        assert running.apply_batch(*args).state == "applied"
        return running.apply_batch(*args)

    monkeypatch.setattr(import_roster, "apply_batch", taken_before)
    done = run_command(*arguments(sheet(line(1)), "--apply"))
    assert (done.code, json.loads(done.out)["applied"]) == (0, True)


def test_padded_division_code_is_understood(world, sheet, run_command):
    done = run_command(*arguments(sheet(line(1)), division=w.STREET + "000"))
    assert (done.code, json.loads(done.out)["new"]) == (0, 1)


def test_import_without_apply_writes_nothing_and_leaves_the_way_free(world, sheet, run_command):
    people = Person.objects.count()
    for _ in range(2):
        done = run_command(*arguments(sheet(line(1))))
        assert (done.code, json.loads(done.out)["applied"]) == (0, False)
    assert Person.objects.count() == people


def test_import_with_errors_exits_1_and_lists_them(world, sheet, run_command, tmp_path):
    report = tmp_path / "errors.xlsx"
    done = run_command(*arguments(sheet(line(1), line(2, tier="x")), "--apply", "--report", str(report)))
    result = json.loads(done.out)
    assert (done.code, result["applied"]) == (1, False)
    assert done.err == "The sheet has errors; nothing was written.\n"
    message = "“岗位层级”只能填：正职、副职、工作人员。"
    assert result["errors"] == [{"row": 3, "column": "岗位层级", "code": "choice", "message": message}]
    assert not Person.objects.filter(name__startswith="新").exists()
    rows = list(openpyxl.load_workbook(report).active.values)
    assert rows[1] == (3, "错误", "新三", "岗位层级", "x", "不在可选内容中", message)


def test_file_that_is_no_sheet_exits_1_with_a_sentence(world, tmp_path, run_command):
    path = tmp_path / "名册.xlsx"
    path.write_bytes(b"%PDF-1.7 ...")
    done = run_command(*arguments(str(path), "--apply"))
    result = json.loads(done.out)
    assert done.code == 1
    assert [(e["row"], e["code"]) for e in result["errors"]] == [(None, "file_mismatch")]
    assert result["errors"][0]["message"] in done.err


@pytest.mark.parametrize(
    ("division", "by", "reason"),
    [
        ("999", "street", "There is no division '999'"),
        (w.STREET, "ghost", "There is no active user 'ghost'."),
        (w.NEIGHBOUR, "street", "您不能为“二号街道”导入。"),
        (w.STREET, "community", "您不能为“一号街道”导入。"),
    ],
)
def test_import_is_refused_with_a_reason(world, sheet, run_command, division, by, reason):
    done = run_command(*arguments(sheet(line(1)), division=division, by=by))
    assert done.code == 1
    assert reason in done.err


def test_missing_file_is_refused(world, run_command):
    done = run_command(*arguments("/nowhere/名册.xlsx"))
    assert (done.code, "cannot be read" in done.err) == (1, True)


def test_export_and_import_come_full_circle(world, run_command, tmp_path):
    Person.objects.update(phone=None)
    factories.user("all", ("street", w.CITY))
    out = tmp_path / "out.xlsx"
    done = run_command("export_roster", str(out), "--division", w.CITY, "--on", world.today.isoformat(), "--json")
    assert (done.code, json.loads(done.out)["rows"]) == (0, 10)
    back = json.loads(run_command(*arguments(str(out), "--apply", division=w.CITY, by="all")).out)
    assert (back["rows"], back["unchanged"], back["new"], back["changed"], back["leaving"]) == (10, 10, 0, 0, 0)


def test_applied_import_resolves_the_finding_at_once(world, sheet, run_command):
    from portal.core.findings.models import Finding  # noqa: PLC0415

    lines = [line(n) for n in range(1, 5)]
    run_command(*arguments(sheet(line(9)), "--apply"))
    assert Finding.objects.get(subject=w.SPRING).state == "open"
    run_command(*arguments(sheet(*lines), "--apply"))
    assert Finding.objects.get(subject=w.SPRING).state == "resolved"
