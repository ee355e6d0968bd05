"""A street mends its file from the annotated one, applies it and takes it back; the city imports for all its streets."""

import openpyxl
import pytest

from portal.core.sheets.models import ImportBatch
from tests import rosters
from tests import world as w
from tests.e2e.conftest import SOUND
from tests.e2e.test_story import street_folder, upload  # noqa: F401  (a fixture and a step)
from tests.rosters import line
from workforce.models import Appointment, Person
from workforce.queries.staffing import staffing_of

pytestmark = [pytest.mark.browser, pytest.mark.redis]


def words(page) -> str:
    return page.locator("main").inner_text()


def test_street_mends_applies_and_takes_back(visit, live_world, worker, street_folder):  # noqa: F811
    world, file = live_world, street_folder / "名册.xlsx"
    file.write_bytes(rosters.as_xlsx([line(1), line(2, tier="队长"), line(3, phone="12")]))
    page = visit(world.users.street, "/imports/new/")
    upload(page, file)
    page.get_by_text("2 行有错误，名册没有变化。").wait_for()

    with page.expect_download() as download:
        page.get_by_role("link", name="下载标注错误的原表").click()
    marked = street_folder / download.value.suggested_filename
    download.value.save_as(marked)
    assert marked.name == "名册（已标注）.xlsx"
    _mend(marked)

    upload(page, marked)
    page.get_by_role("button", name="应用到名册").wait_for()
    assert "新增 3 个任职（其中新录入 3 人）" in words(page)
    assert "名册上有、表中没有的 8 个任职保留不动。" in words(page)
    page.get_by_role("button", name="应用到名册").click()
    page.get_by_text("应用：新增 3 个任职（新录入 3 人）").wait_for()
    assert staffing_of(w.SPRING, world.today).workers == 5

    page.get_by_role("link", name="撤销这次导入").click()
    assert "涉及的 3 人将恢复到导入之前的样子" in words(page)
    page.get_by_role("button", name="全部撤销").click()
    page.get_by_text("撤销：3 人恢复到导入之前的样子。").wait_for()
    assert staffing_of(w.SPRING, world.today).workers == 2
    assert not Person.objects.filter(name__startswith="新").exists()
    page.goto("/imports/")
    assert "已撤销" in words(page)


def _mend(path) -> None:
    """Corrects the marked cells where the comments stand, as the clerk does in Excel."""
    book = openpyxl.load_workbook(path)
    right = {"队长": "工作人员", "12": "13800000000"}
    marked = [cell for row in book["花名册"].iter_rows() for cell in row if cell.comment]
    assert [str(cell.value) for cell in marked] == list(right)
    for cell in marked:
        cell.value = right[str(cell.value)]
    book.save(path)


def test_city_imports_for_the_whole_city_and_ends_who_has_left(visit, live_world, worker, street_folder):  # noqa: F811
    world, file = live_world, street_folder / "全市.xlsx"
    file.write_bytes(rosters.as_xlsx([line(1), line(2, code=w.AUTUMN), line(3, code=w.SNOW)]))
    page = visit(world.users.city, "/imports/new/")
    page.get_by_label("导入范围").select_option(w.CITY)
    upload(page, file)
    page.get_by_role("link", name="选择保留还是截止").click()
    page.get_by_label("他们已经离岗：任职截止到某日").check()
    page.get_by_label("截止日期（最后在岗的一天）").fill("2026-10-31")
    page.get_by_label("原因").fill("换届")
    page.get_by_role("button", name="按此重新检查").click()
    page.get_by_text("将截止到 2026-10-31（含当日），原因：换届。").wait_for()
    page.get_by_role("button", name="应用到名册").click()
    page.get_by_text("各级人数已更新。").wait_for()
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.counts["new"], batch.counts["ending"]) == ("applied", 3, batch.counts["leaving"])
    assert {staffing_of(code, world.today).workers for code in (w.SPRING, w.AUTUMN, w.SNOW)} == {1}
    assert not Appointment.objects.in_force(world.today).filter(person=world.people["赵春"]).exists()


def test_pages_of_an_import_are_clean_and_fit(faults, live_world, street_folder):  # noqa: F811
    world, street = live_world, live_world.divisions[w.STREET]
    applied = rosters.applied(world.users.street, street, [line(4)], "已应用.csv")
    person = world.people["周秋"]
    moved = line(9, name=person.name, id_number=str(person.id_number))
    ready = rosters.judged(world.users.street, street, [line(1, grade=15), line(2), moved])
    addresses = [f"/imports/{applied.pk}/", f"/imports/{applied.pk}/undo/", "/imports/"]
    addresses += [f"/imports/{ready.pk}/", f"/imports/{ready.pk}/leaving/", f"/imports/{ready.pk}/rows/?status=leaving"]
    found = {address: faults(world.users.street, address) for address in addresses}
    ImportBatch.objects.filter(pk=ready.pk).update(state="cancelled")
    faulty = rosters.judged(world.users.street, street, [line(1, tier="科员"), line(2, phone="1" * 60)])
    ImportBatch.objects.filter(pk=applied.pk).update(state="undone", undone_at="2026-11-22T10:00Z", undone_by="street")
    for address in (f"/imports/{faulty.pk}/", f"/imports/{applied.pk}/"):
        found[f"{address} later"] = faults(world.users.street, address)
    assert {address: result for address, result in found.items() if result != SOUND} == {}
