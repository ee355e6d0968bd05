"""Imports of service records: judged at once, compared, applied with history, the same file twice, taken back."""

import csv
import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from portal.core.sheets.actions import create_batch, request_apply
from portal.core.sheets.models import BatchState, ImportBatch
from portal.core.sheets.reports import listed
from portal.core.sheets.running import apply_batch, judge_batch
from portal.core.sheets.undoing import request_undo, undo_batch
from portal.core.territory.models import Division
from portal.registry import IMPORTERS
from ratings.importers.sheets import SHEETS
from ratings.models import Facility, Feature, Need, Premises, ServiceRequest, Visit
from tests import factories
from tests import world as w

FLAT = {flat.kind: flat for flat in SHEETS}


def sheet(kind: str, *lines: dict[str, str]) -> bytes:
    """Rows by column key as CSV; the columns used, and those required, in the order of the declaration."""
    columns = [c for c in FLAT[kind].columns if c.required or any(c.key in cells for cells in lines)]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.header for column in columns])
    writer.writerows([cells.get(column.key, "") for column in columns] for cells in lines)
    return out.getvalue().encode("utf-8-sig")


def judged(world, kind: str, *lines: dict[str, str], code: str = w.STREET, by=None) -> ImportBatch:
    given = [{"code": w.SPRING, **cells} for cells in lines]
    user = by or world.users.street
    division = Division.objects.get(code=code)
    batch = create_batch(
        importer=IMPORTERS[kind], division=division, filename=f"{kind}.csv", content=sheet(kind, *given), by=user
    )
    return judge_batch(batch.pk, IMPORTERS[kind])


def applied(world, kind: str, *lines: dict[str, str], **more) -> ImportBatch:
    batch = judged(world, kind, *lines, **more)
    user = more.get("by") or world.users.street
    assert counts(batch)["error"] == 0, listed(batch, IMPORTERS[kind], "errors")
    request_apply(batch=batch, importer=IMPORTERS[kind], by=user)
    return apply_batch(batch.pk, user, IMPORTERS[kind])


def counts(batch: ImportBatch) -> dict[str, int]:
    return {key: batch.counts[key] for key in ("new", "changed", "unchanged", "error", "outside")}


def told(batch: ImportBatch) -> list[tuple[int, str, str]]:
    return [(one["row"], one["code"], one["message"]) for one in listed(batch, IMPORTERS[batch.kind], "errors")]


HOME = {"kind": "住户", "label": "1号楼2门301", "valid_from": "2024-01-01"}
SHOP = {"kind": "商户", "label": "面馆", "valid_from": "2024-03-01"}
ROWS = {
    "premises": HOME,
    "visits": {"label": "1号楼2门301", "visited_on": "2026-03-02", "worker": "钱风", "outcome": "电话联系"},
    "requests": {"kind": "诉求", "title": "楼道灯不亮", "received_on": "2026-03-02", "channel": "电话"},
    "needs": {"title": "增设座椅", "found_on": "2026-03-02", "channel": "专职工作者走访"},
    "facilities": {
        "name": "中心", "kind": "党群服务中心", "area": "400", "public_area": "300.5", "functions": "养老、共享空间",
        "valid_from": "2024-01-01",
    },
    "features": {"kind": "人民调解委员会", "valid_from": "2024-01-01", "valid_to": "2026-12-31"},
}  # fmt: skip


@pytest.fixture
def home(world) -> Premises:
    return Premises.objects.create(
        division_id=w.SPRING, kind="household", label="1号楼2门301", valid_from=date(2024, 1, 1)
    )


@pytest.mark.parametrize("kind", FLAT)
def test_first_time_new_second_time_unchanged_then_taken_back(world, kind):
    if kind == "visits":
        applied(world, "premises", HOME)
    model = FLAT[kind].model
    batch = applied(world, kind, ROWS[kind])
    assert (batch.state, counts(batch)["new"], model.objects.count()) == (BatchState.APPLIED, 1, 1)
    again = judged(world, kind, ROWS[kind])
    assert counts(again) == {"new": 0, "changed": 0, "unchanged": 1, "error": 0, "outside": 0}
    request_apply(batch=again, importer=IMPORTERS[kind], by=world.users.street)
    apply_batch(again.pk, world.users.street, IMPORTERS[kind])
    events = model.pgh_event_model.objects.filter(pgh_obj_id=model.objects.get().pk)
    assert list(events.values_list("pgh_label", "pgh_context__act", "pgh_context__user")) == [
        ("insert", "apply_service_sheet", "street")
    ]
    request_undo(batch=batch, importer=IMPORTERS[kind], by=world.users.street)
    assert undo_batch(batch.pk, world.users.street, IMPORTERS[kind]).state == BatchState.UNDONE
    assert not model.objects.exists()


def test_what_the_sheets_say_is_what_is_stored(world):
    for kind, cells in ROWS.items():
        applied(world, kind, cells)
    visit = Visit.objects.get()
    assert (visit.premises.label, visit.outcome, visit.worker.name) == ("1号楼2门301", "phone", "钱风")
    request = ServiceRequest.objects.get()
    assert (request.state, request.due_on, request.version) == ("open", date(2026, 3, 16), 1)  # ten working days
    facility = Facility.objects.get()
    assert (facility.area, str(facility.public_area), facility.functions) == (400, "300.50", ["elderly_care", "shared"])
    assert Feature.objects.get().valid_to == date(2027, 1, 1)
    assert Need.objects.get().channel == "visit"


def test_changes_are_shown_and_undone_to_what_was(world):
    applied(world, "facilities", ROWS["facilities"])
    batch = judged(world, "facilities", {**ROWS["facilities"], "area": "500", "valid_to": "2026-06-30"})
    assert counts(batch)["changed"] == 1
    assert batch.rows.get().changes == [
        {"key": "area", "old": "400.00", "new": "500.00"},
        {"key": "valid_to", "old": None, "new": "2026-06-30"},
    ]
    request_apply(batch=batch, importer=IMPORTERS["facilities"], by=world.users.street)
    apply_batch(batch.pk, world.users.street, IMPORTERS["facilities"])
    assert Facility.objects.values_list("area", "valid_to").get() == (500, date(2026, 7, 1))
    request_undo(batch=batch, importer=IMPORTERS["facilities"], by=world.users.street)
    undo_batch(batch.pk, world.users.street, IMPORTERS["facilities"])
    assert Facility.objects.values_list("area", "valid_to").get() == (400, None)


def test_blank_cells_leave_what_is_there(world):
    applied(world, "requests", {**ROWS["requests"], "due_on": "2026-03-05", "text": "三楼"})
    batch = applied(world, "requests", {**ROWS["requests"], "answered_on": "2026-03-04", "verdict": "满意"})
    assert [one["key"] for one in batch.rows.get().changes] == ["answered_on", "verdict"]
    row = ServiceRequest.objects.get()
    assert (row.state, row.text, row.due_on, row.verdict, row.version) == (
        "answered", "三楼", date(2026, 3, 5), "satisfied", 2,
    )  # fmt: skip


def test_whoever_moves_in_again_is_another_record(world):
    applied(world, "premises", {**HOME, "valid_to": "2024-12-31"})
    batch = applied(world, "premises", {**HOME, "valid_from": "2025-02-01"})
    assert counts(batch)["new"] == 1
    periods = Premises.objects.order_by("valid_from").values_list("valid_from", "valid_to")
    assert list(periods) == [(date(2024, 1, 1), date(2025, 1, 1)), (date(2025, 2, 1), None)]


def test_every_error_of_every_row_is_told_at_once(world, home):
    batch = judged(
        world,
        "visits",
        {"label": "没有的", "visited_on": "2026-03-02"},
        {"label": home.label, "visited_on": "2099-01-01", "outcome": "没去"},
        {"label": home.label, "visited_on": "2023-01-01", "worker": "王五"},
        {"label": "", "visited_on": "三月"},
        {"code": "999", "label": home.label, "visited_on": "2026-03-02"},
        {"label": home.label, "visited_on": "2026-03-02"},
        {"label": home.label, "visited_on": "2026-03-02"},
        {"code": w.AUTUMN, "label": home.label, "visited_on": "2026-03-02"},
    )
    assert [(row, code) for row, code, _message in told(batch)] == [
        (2, "premises_unknown"), (3, "date_future"), (3, "choice"), (4, "not_there_yet"), (4, "worker_unknown"),
        (5, "date_unreadable"), (5, "required"), (6, "community_code_unknown"), (8, "same_twice"),
    ]  # fmt: skip
    assert all(message.endswith("。") for _row, _code, message in told(batch))
    assert (counts(batch)["outside"], counts(batch)["new"]) == (1, 1)
    with pytest.raises(ValidationError):
        request_apply(batch=batch, importer=IMPORTERS["visits"], by=world.users.street)


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("facilities", {"area": "很大"}, "not_area"),
        ("facilities", {"area": "0", "public_area": ""}, "area_zero"),
        ("facilities", {"public_area": "401"}, "area_exceeded"),
        ("facilities", {"functions": "养老、跳舞"}, "choice"),
        ("facilities", {"valid_to": "2023-01-01"}, "period_reversed"),
        ("requests", {"due_on": "2026-03-01"}, "due_before_received"),
        ("requests", {"verdict": "满意"}, "answer_missing"),
        ("requests", {"received_on": ""}, "required"),
        ("premises", {"grid": "第九网格"}, "grid_unknown"),
        ("needs", {"title": "长" * 101}, "too_long"),
    ],
)
def test_contradictions_of_a_row(world, kind, changes, code):
    assert [one[1] for one in told(judged(world, kind, {**ROWS[kind], **changes}))] == [code]


def test_record_changed_since_the_import_is_kept(world):
    batch = applied(world, "premises", HOME, SHOP)
    Visit.objects.create(
        division_id=w.SPRING, premises=Premises.objects.get(label=HOME["label"]), visited_on=date(2026, 3, 1)
    )
    with pytest.raises(ValidationError) as caught:
        request_undo(batch=batch, importer=IMPORTERS["premises"], by=world.users.street)
    assert caught.value.code == "edited"
    request_undo(batch=batch, importer=IMPORTERS["premises"], rest=True, by=world.users.street)
    undo_batch(batch.pk, world.users.street, IMPORTERS["premises"], rest=True)
    assert list(Premises.objects.values_list("label", flat=True)) == [HOME["label"]]


def test_preview_that_no_longer_holds_is_shown_again(world):
    batch = judged(world, "needs", ROWS["needs"])
    Need.objects.create(division_id=w.SPRING, title="增设座椅", channel="visit", found_on=date(2026, 3, 2))
    request_apply(batch=batch, importer=IMPORTERS["needs"], by=world.users.street)
    batch = apply_batch(batch.pk, world.users.street, IMPORTERS["needs"])
    assert (batch.state, counts(batch)["unchanged"], Need.objects.count()) == (BatchState.JUDGED, 1, 1)


def test_grid_is_found_by_its_name(world):
    grid = factories.grid(w.SPRING)
    applied(world, "premises", {**HOME, "grid": "第一网格"})
    assert Premises.objects.get().grid == grid


def test_community_account_imports_its_own_and_no_other(world):
    batch = judged(world, "needs", ROWS["needs"], {**ROWS["needs"], "code": w.SUMMER}, code=w.SPRING,
                   by=world.users.community)  # fmt: skip
    assert (counts(batch)["new"], counts(batch)["outside"]) == (1, 1)
    with pytest.raises(ValidationError):
        judged(world, "needs", ROWS["needs"], code=w.NEIGHBOUR)


# Pages ---------------------------------------------------------------------------------------------------------------


def test_kind_is_chosen_on_the_upload_page_and_the_roster_stays_usual(world, login):
    page = login(world.users.street).get(reverse("import_new"))
    assert [(one["label"], one["current"]) for one in page.context["kinds"]] == [
        ("社区工作者名册", True), ("住户和商户", False), ("走访记录", False), ("居民诉求和办事", False),
        ("居民需求", False), ("服务设施", False), ("组织、阵地和试点", False),
    ]  # fmt: skip
    chosen = login(world.users.community).get(reverse("import_new"), {"kind": "roster"})
    assert chosen.context["importer"].kind == "premises"  # communities keep no roster here
    district = login(world.users.district).get(reverse("import_new")).context["kinds"]
    assert [one["label"] for one in district] == ["社区工作者名册", "提案和建议", "任务清单"]


def test_uploaded_sheet_is_previewed_applied_and_taken_back_on_the_pages(world, login, monkeypatch):
    monkeypatch.setattr("portal.tasks.judge_import.delay", lambda pk: judge_batch(pk, IMPORTERS["needs"]))
    client = login(world.users.community)
    file = io.BytesIO(sheet("needs", {"code": w.SPRING, **ROWS["needs"]}))
    file.name = "需求.csv"
    with_kind = reverse("import_new") + "?kind=needs"
    with_capture = client.post(with_kind, {"division": w.SPRING, "file": file})
    batch = ImportBatch.objects.get()
    assert (with_capture.status_code, batch.kind, batch.division_id) == (302, "needs", w.SPRING)
    batch = judge_batch(batch.pk, IMPORTERS["needs"]) or ImportBatch.objects.get()
    page = client.get(reverse("import", args=[batch.pk])).content.decode()
    assert "新增 1 条记录" in page and "应用到名册" not in page
    request_apply(batch=batch, importer=IMPORTERS["needs"], by=world.users.community)
    apply_batch(batch.pk, world.users.community, IMPORTERS["needs"])
    assert "1 条" in client.get(reverse("import", args=[batch.pk])).content.decode()
    assert client.get(reverse("import_undo", args=[batch.pk])).status_code == 200
    assert [one.pk for one in client.get(reverse("imports")).context["page"]] == [batch.pk]
    assert login(world.users.neighbour).get(reverse("import", args=[batch.pk])).status_code == 404
    assert login(world.users.district).get(reverse("import", args=[batch.pk])).status_code == 404


@pytest.mark.parametrize("kind", FLAT)
def test_template_of_every_kind_is_read_back_as_an_empty_sheet(world, login, kind):
    answer = login(world.users.street).get(reverse("roster_template"), {"kind": kind})
    assert answer["Content-Type"].startswith("application/vnd.openxml")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    batch = create_batch(importer=IMPORTERS[kind], division=world.divisions[w.STREET], filename="模板.xlsx",
                         content=content, by=world.users.street)  # fmt: skip
    batch = judge_batch(batch.pk, IMPORTERS[kind])
    assert [error["code"] for error in batch.problem["errors"]] == ["no_rows"]
