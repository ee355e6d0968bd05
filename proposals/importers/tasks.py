"""Imports of the yearly task list: new tasks and corrected ones, known again by year and number."""

from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.sheets.importer import Importer, Judgement, Part, Progress, no_progress
from portal.core.sheets.mapping import mapping_of
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.reading import Grid
from portal.core.sheets.undo import Undo
from proposals.actions import task_sheet
from proposals.enums import TaskDomain, TaskState
from proposals.importers.task_rows import BY_KEY, COLUMNS, DOMAINS, read_rows
from proposals.models import LedgerTask
from ratings.importers.flat import FlatRow, stored
from ratings.importers.judged import fingerprint, judged, judgement
from workforce.importers import sentences as roster

PARTS = ("new", "changed")
FACTS = tuple(key for key in BY_KEY if key not in ("year", "number"))
NEEDED = ("title", "leader", "chief", "officer", "due_on")
_EMPTY = {"domain": TaskDomain.OTHER.value, "agreement": "", "regions": ""}
_READ = (
    """SELECT concat_ws(',', id, version, state, year, number) AS part FROM proposals_ledgertask
    WHERE division_id = %(code)s ORDER BY id""",
)
_LOCK = "SELECT id FROM proposals_ledgertask WHERE division_id = %(code)s ORDER BY id FOR NO KEY UPDATE"
_PROBLEMS: dict[str, tuple[Promise, Promise]] = {
    "not_number": (_L("不是规定范围的整数"), _L("“%(column)s”应为 %(least)s 到 %(most)s 之间的整数。")),
    "same_twice": (_L("表中重复"), _L("与第 %(other)s 行是同一年度的同一序号。请只保留一行。")),
    "due_early": (_L("期限早于挂账"), _L("“%(column)s”早于挂账日期 %(posted)s。请核对两个日期。")),
    "posted_late": (_L("挂账晚于年度"), _L("“%(column)s”晚于清单年度 %(year)s 年。请核对。")),
    "task_ended": (_L("已不在挂账状态"), _L("这项任务现在是“%(state)s”，内容不再更改。")),
}


def take_basis(batch: ImportBatch, *, lock: bool) -> str:
    """The fingerprint of all that a check reads; with `lock` the tasks stay as they are to the end of the transaction."""
    return fingerprint(batch, _READ, {"code": batch.division_id}, lock=_LOCK if lock else "")


def renewed_basis(*, batch: ImportBatch, part: Part) -> str:
    """The fingerprint of a kept check as it is now, and what it is of held still."""
    return take_basis(batch, lock=True)


@transaction.atomic
def judge(grid: Grid, *, batch: ImportBatch, lock: bool = False, progress: Progress = no_progress) -> Judgement:
    """Judges the list against the ledger of the batch's division itself. Raises `Unusable` for a header not understood."""
    rows = list(read_rows(grid, mapping_of(batch.kind, batch.division_id)))
    basis = take_basis(batch, lock=lock)
    years = {row.values["year"] for row in rows if "year" in row.values}
    held = LedgerTask.objects.filter(division_id=batch.division_id, year__in=years)
    there = {(one.year, one.number): one for one in held}
    first: dict[tuple[int, int], int] = {}
    plan: dict[str, list[dict[str, Any]]] = {name: [] for name in PARTS}
    progress("comparing", 0, len(rows))
    for row in rows:
        row.code = batch.division_id
        if "year" not in row.values or "number" not in row.values:
            continue
        key = (row.values["year"], row.values["number"])
        if (other := first.setdefault(key, row.number)) != row.number:
            row.error("same_twice", "number", other=other)
        elif not row.errors:
            _compare(row, there.get(key), plan)
    return judgement([judged(row, _label(row)) for row in rows], plan, basis)


def _compare(row: FlatRow, held: LedgerTask | None, plan: dict[str, list[dict[str, Any]]]) -> None:
    """Notes what contradicts itself or the ledger, and what would be written."""
    facts = {name: row.values[name] for name in FACTS if name in row.values}
    before = {name: getattr(held, name) for name in FACTS} if held else {**_EMPTY, "posted_on": today()}
    now = before | facts
    for name in NEEDED:
        if name not in now:
            row.error("required", name)
    if now["posted_on"].year > row.values["year"]:
        row.error("posted_late", "posted_on", year=row.values["year"])
    if "due_on" in now and now["due_on"] < now["posted_on"]:
        row.error("due_early", "due_on", posted=now["posted_on"])
    changed = {name: value for name, value in facts.items() if not held or before[name] != value}
    if held and changed and held.state != TaskState.OPEN:
        row.error("task_ended", "number", state=held.get_state_display())
    if row.errors or (held and not changed):
        return
    row.new = held is None
    row.changes = [
        {"key": name, "old": stored(before[name]) if held else None, "new": stored(value)}
        for name, value in changed.items()
    ]
    if held:
        plan["changed"].append({"id": held.pk, **changed})
    else:
        plan["new"].append({"year": row.values["year"], "number": row.values["number"], **now})


def _label(row: FlatRow) -> str:
    return f"{row.values.get('number', '')} {row.values.get('title', '')}".strip()


def heading(code: str) -> str:
    """The kind of a problem in a few words."""
    return str(_PROBLEMS[code][0]) if code in _PROBLEMS else roster.heading(code)


def sentence(code: str, params: dict[str, Any] | None = None) -> str:
    """What is wrong and how to mend it, in the language of the moment."""
    return str(_PROBLEMS[code][1]) % (params or {}) if code in _PROBLEMS else roster.sentence(code, params)


def summary(counts: dict) -> str:
    """One sentence that says exactly what applying will do."""
    parts = [
        _("挂账 %(new)s 项") % counts if counts["new"] else "",
        _("更正 %(changed)s 项") % counts if counts["changed"] else "",
        _("%(unchanged)s 项与台账一致，不动") % counts if counts["unchanged"] else "",
    ]
    return _("应用后：%(parts)s。") % {"parts": _("；").join(filter(None, parts)) or _("没有变化")}


def show(key: str, value: Any) -> str:
    """A stored value of a column as the reader reads it."""
    if value in (None, ""):
        return ""
    return str(TaskDomain(value).label) if key == "domain" else str(value)


TASKS = Importer(
    kind="ledger",
    label=_L("任务清单"),
    perm=Perm.SIGN_REPORTS,
    columns=COLUMNS,
    parts=PARTS,
    judge=judge,
    basis=renewed_basis,
    apply=task_sheet.apply_task_sheet,
    sentence=sentence,
    heading=heading,
    show=show,
    summary=summary,
    undo=Undo(models=lambda: list(task_sheet.TABLES), look=task_sheet.look, write=task_sheet.undo_import),
    lists={"领域": list(DOMAINS)},
    notes=(
        _L("一行一项任务，挂在所选地区的台账上。日期写成 2026-01-05。年度和序号相同的，更正台账上的那一项，不会重复。"),
        _L(
            "上传后先检查、再预览，确认之前不会改动。留空的格不改动台账上的内容；已申请销号、销号和取消的任务不再更改。"
        ),
    ),
)
