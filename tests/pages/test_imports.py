"""The import pages: what a street admin sees at each of the four steps, and what others do not see."""

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal import tasks
from portal.core.audit.models import AuditEvent
from portal.core.sheets.actions import cancel, request_apply
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.running import apply_batch, judge_batch
from portal.pages import import_files
from tests import factories, rosters
from tests import world as w
from tests.rosters import line
from tests.sent import Sent
from workforce.importers import ROSTER
from workforce.importers.columns import COLUMNS
from workforce.models import Person

BATCH_PAGES = ("import", "import_rows", "import_errors")


@pytest.fixture(autouse=True)
def sent(monkeypatch, settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path
    kept = {name: Sent() for name in ("judge_import", "apply_import", "undo_import")}
    for name, task in kept.items():
        monkeypatch.setattr(tasks, name, task, raising=False)
    return kept


@pytest.fixture
def street(world, login):
    return login(world.users.street)


def file_of(lines, name="名册.xlsx"):
    return SimpleUploadedFile(name, rosters.as_xlsx(lines))


def words(response) -> str:
    """The text of a page, white space folded."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def judged(world, *lines, by=None, division=w.STREET):
    return rosters.judged(by or world.users.street, world.divisions[division], list(lines))


def test_upload_takes_the_file_in_and_sends_the_check(street, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = street.post(reverse("import_new"), {"division": w.STREET, "file": file_of([line(1)])})
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("import", args=[batch.pk])
    assert (batch.state, batch.filename, batch.division_id) == ("uploaded", "名册.xlsx", w.STREET)
    assert sent["judge_import"].calls == [(str(batch.pk),)]


def page_of(client, batch) -> str:
    return words(client.get(reverse("import", args=[batch.pk])))


def test_mended_sheet_tells_what_became_of_the_errors_before(street, world):
    """Wherever the rows have gone meanwhile: one is mended, one is not, one is new."""
    judged(world, line(1, sex="?"), line(2, sex="?"), line(3))
    again = judged(world, line(3, sex="?"), line(1), line(2, sex="?"))
    assert "与上一份《名册.csv》相比：改好 1 处，还有 1 处没有改好，新出现 1 处。" in page_of(street, again)
    good = judged(world, line(1), line(2), line(3))
    assert "上一份《名册.csv》的 2 处错误都改好了。" in page_of(street, good)


def test_sheet_is_compared_with_no_other_than_the_faulty_one_before(street, world):
    first = judged(world, line(1, sex="?"))
    assert "上一份" not in page_of(street, first)
    colleague = factories.user("colleague", ("street", w.STREET), name="同事")
    cancel(batch=first, by=world.users.street)
    assert "上一份" not in page_of(street, judged(world, line(1), by=colleague))


def test_upload_for_another_street_is_refused(street, sent):
    answer = street.post(reverse("import_new"), {"division": w.NEIGHBOUR, "file": file_of([line(1)])})
    assert (answer.status_code, ImportBatch.objects.count(), sent["judge_import"].calls) == (422, 0, [])
    assert "请从您负责的范围中选择。" in words(answer)


def test_upload_of_nothing_and_of_too_much_says_so(street, settings):
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    for content, sentence in ((b"", "文件是空的"), (b"x" * 1_600_000, "文件有 1.5 MB，超过 1 MB 的上限")):
        file = SimpleUploadedFile("名册.xlsx", content)
        answer = street.post(reverse("import_new"), {"division": w.STREET, "file": file})
        assert answer.status_code == 422
        assert sentence in words(answer)


def test_second_upload_says_who_is_at_it(street, world):
    judged(world, line(1), by=factories.user("colleague", ("street", w.STREET), name="同事"))
    answer = street.post(reverse("import_new"), {"division": w.STREET, "file": file_of([line(1)])})
    assert answer.status_code == 422
    assert "同事 于" in words(answer)
    batch = ImportBatch.objects.get()
    assert f'href="{reverse("import", args=[batch.pk])}">打开《{batch.filename}》</a>' in answer.content.decode()


def test_broker_that_is_away_does_not_lose_the_upload(street, sent, monkeypatch, django_capture_on_commit_callbacks):
    def away(*arguments):
        raise OSError("no broker")

    monkeypatch.setattr(sent["judge_import"], "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        answer = street.post(reverse("import_new"), {"division": w.STREET, "file": file_of([line(1)])})
    assert (answer.status_code, ImportBatch.objects.get().state) == (302, "uploaded")


def test_user_with_several_streets_chooses(world, login):
    client = login(factories.user("two", ("street", w.STREET), ("street", w.NEIGHBOUR)))
    page = client.get(reverse("import_new"))
    assert re.findall(r'<option value="(\d+)"', page.content.decode()) == [w.STREET, w.NEIGHBOUR]


def test_progress_is_told_and_ends_with_a_fresh_page(street, world):
    batch = rosters.upload(world.users.street, world.divisions[w.STREET], rosters.as_csv([line(1)]))
    progress = {"phase": "checking", "done": 500, "total": 2000, "claim": "x"}
    ImportBatch.objects.update(state="judging", progress=progress)
    url = reverse("import", args=[batch.pk])
    page = street.get(url)
    assert f'hx-get="{url}"' in page.content.decode()
    part = street.get(url, headers={"HX-Request": "true"})
    assert "正在逐行检查 500 / 2,000 行" in words(part)
    ImportBatch.objects.update(state="judged")
    assert street.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_errors_are_grouped_by_kind_then_by_row(street, world):
    wrong = rosters.number(1)[:-1] + ("0" if rosters.number(1)[-1] != "0" else "1")
    batch = judged(world, line(1, id_number=wrong), line(2, id_number=wrong, name="乙"), line(3, tier="科员"))
    text = words(street.get(reverse("import", args=[batch.pk])))
    assert "3 行有错误，名册没有变化。" in text
    assert "身份证号校验位错误 2 处" in text
    assert "3 乙 身份证号 999***********" in text
    assert "4 新四 岗位层级 科员 “岗位层级”只能填：正职、副职、工作人员。" in text
    assert "下载标注错误的原表 下载问题清单" in text
    assert wrong not in text
    assert "应用到名册" not in text


def test_preview_says_exactly_what_applying_will_do(street, world):
    person = world.people["钱风"]
    same = {"name": person.name, "id_number": str(person.id_number), "valid_from": "2024-01-01"}
    batch = judged(world, line(1), line(9, **same, contract_from="2024-01-01", grade="6"), line(2, code=w.AUTUMN))
    text = words(street.get(reverse("import", args=[batch.pk])))
    assert (
        "应用后：新增 1 个任职（其中新录入 1 人）；更改 1 行已有内容；名册上有而表中没有的 7 个任职保留不动；不在导入范围的 1 行跳过。"
    ) in text
    rows = words(
        street.get(reverse("import_rows", args=[batch.pk]) + "?status=changed", headers={"HX-Request": "true"})
    )
    assert "岗位等级 原为 5 → 改为 6" in rows
    assert "新二" not in rows


def test_rows_work_without_scripts(street, world):
    batch = judged(world, line(1))
    page = street.get(reverse("import_rows", args=[batch.pk]) + "?status=leaving&page=1")
    assert "赵春" in words(page)
    assert "<html" in page.content.decode()


def test_confirmation_sends_the_work_once(street, world, sent, django_capture_on_commit_callbacks):
    batch = judged(world, line(1))
    url = reverse("import_apply", args=[batch.pk])
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert street.post(url, {"digest": batch.digest}).url == reverse("import", args=[batch.pk])
    batch.refresh_from_db()
    assert batch.state == "applying"
    assert sent["apply_import"].calls == [(str(batch.pk), world.users.street.pk)]


def test_confirmation_of_another_preview_is_refused(street, world, sent):
    batch = judged(world, line(1))
    answer = street.post(reverse("import_apply", args=[batch.pk]), {"digest": "0" * 64}, follow=True)
    assert "预览已经更新，请核对后再应用。" in words(answer)
    assert sent["apply_import"].calls == []


def test_applied_import_tells_the_result_and_leads_to_the_division(street, world):
    batch = rosters.applied(world.users.street, world.divisions[w.STREET], [line(1)])
    page = street.get(reverse("import", args=[batch.pk]))
    assert "新增 1 个任职（新录入 1 人），更改 0 行，0 行无变化。各级人数已更新。" in words(page)
    assert reverse("division", args=[w.STREET]) in page.content.decode()


def test_roster_that_changed_meanwhile_is_told(street, world):
    batch = judged(world, line(1))
    request_apply(batch=batch, importer=ROSTER, by=world.users.street)
    factories.person("抢先", number=rosters.number(1), birth=rosters.BORN)
    apply_batch(batch.pk, world.users.street, ROSTER)
    assert "您确认之后名册有了变动" in words(street.get(reverse("import", args=[batch.pk])))


def test_same_file_again_is_told_and_allowed(street, world):
    rosters.applied(world.users.street, world.divisions[w.STREET], [line(1)])
    text = words(street.get(reverse("import", args=[judged(world, line(1)).pk])))
    assert "应用过的完全相同" in text
    assert "表中内容与名册完全一致" in text
    assert "应用到名册" not in text


def test_unreadable_file_is_told_with_every_reason(street, world):
    content = rosters.as_csv([line(1)], ["星座", "name", "id_number", "body", "title", "entry", "valid_from"])
    batch = judge_batch(rosters.upload(world.users.street, world.divisions[w.STREET], content).pk, ROSTER)
    text = words(street.get(reverse("import", args=[batch.pk])))
    assert "不认识第 A 列的表头“星座”" in text
    assert "缺少必填的列“岗位层级”" in text


def test_mended_file_takes_the_place_of_the_first(street, world):
    batch = judged(world, line(1))
    form = {"division": w.STREET, "file": file_of([line(1), line(2)]), "replaces": str(batch.pk)}
    answer = street.post(reverse("import_new"), form)
    batch.refresh_from_db()
    assert (answer.status_code, batch.state) == (302, "cancelled")


def test_that_the_page_may_be_left_is_told_beside_what_is_swapped(street, world):
    batch = rosters.upload(world.users.street, world.divisions[w.STREET], rosters.as_csv([line(1)]))
    page = street.get(reverse("import", args=[batch.pk])).content.decode()
    assert re.search(
        r"</progress>\s*<p class=\"no-js-only\">.*?</p>\s*</div>\s*<p class=\"quiet small\">可以离开本页", page
    )


def test_abandoned_import_leads_to_the_next_upload(street, world):
    batch = judged(world, line(1))
    street.post(reverse("import_cancel", args=[batch.pk]))
    page = street.get(reverse("import", args=[batch.pk])).content.decode()
    assert f'<a href="{reverse("import_new")}?kind=roster">重新上传</a>' in page


def test_list_leads_to_the_grid_whoever_keeps_the_roster(street, world, login):
    grid = f'href="{reverse("roster_grid_home")}"'
    assert grid in street.get(reverse("imports")).content.decode()
    assert grid not in street.get(reverse("imports"), {"on": "2025-01-01"}).content.decode()
    assert "名册导入" in words(login(world.users.city).get(reverse("imports")))
    assert grid not in login(world.users.city).get(reverse("imports")).content.decode()


def test_abandoning_leads_back_to_the_list(street, world):
    batch = judged(world, line(1))
    answer = street.post(reverse("import_cancel", args=[batch.pk]), follow=True)
    assert "已放弃《名册.csv》，名册没有变化。" in words(answer)


@pytest.mark.parametrize("name", ["import_apply", "import_cancel"])
def test_reading_changes_nothing(street, world, name):
    batch = judged(world, line(1))
    assert street.get(reverse(name, args=[batch.pk])).status_code == 405


def test_report_lists_every_problem(street, world):
    batch = judged(world, line(1, tier="科员", grade=15))
    answer = street.get(reverse("import_errors", args=[batch.pk]))
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active.values)
    assert [row[:5] for row in rows[1:]] == [(2, "错误", "新二", "岗位层级", "科员")]


def test_report_is_stamped_on_record_and_one_of_the_lists_of_the_hour(street, world, settings):
    settings.EXPORTS_PER_HOUR = 1
    batch = judged(world, line(1, tier="科员", grade=15), line(2, tier="x"))
    answer = street.get(reverse("import_errors", args=[batch.pk]))
    stamp = dict(openpyxl.load_workbook(io.BytesIO(answer.getvalue()))["导出说明"].values)
    assert (stamp["导出人"], stamp["行数"], stamp["范围"]) == (f"{world.users.street} (street)", "2", "一号街道")
    event = AuditEvent.objects.get(act="list_exported")
    told = (event.actor, event.division, event.detail["list"], event.detail["rows"], event.detail["personal"])
    assert told == ("street", w.STREET, "import-problems", 2, True)
    again = street.get(reverse("import_errors", args=[batch.pk]))
    assert (again.status_code, "本小时导出的次数已满" in words(again)) == (429, True)
    assert AuditEvent.objects.filter(act="list_exported").count() == 1


@pytest.mark.parametrize("name", ["import_errors", "import_annotated"])
def test_file_that_the_disk_has_no_room_for_is_told(street, world, name, monkeypatch):
    content = rosters.as_xlsx([line(1, tier="科员")])
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], content, "名册.xlsx")

    def full(*arguments, **more):
        raise OSError(28, "No space left on device")

    for writer in ("write_report", "write_annotated"):
        monkeypatch.setattr(import_files, writer, full)
    answer = street.get(reverse(name, args=[batch.pk]), follow=True)
    assert (answer.status_code, answer.redirect_chain) == (200, [(reverse("import", args=[batch.pk]), 302)])
    assert "服务器暂时没有地方生成这个文件" in words(answer)
    assert not AuditEvent.objects.filter(act__in=["list_exported", "import_annotated"]).exists()


def test_template_holds_the_contracts_columns_and_the_streets_communities(street, world):
    answer = street.get(reverse("roster_template"))
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    assert [cell.value.lstrip("*") for cell in book["花名册"][2]] == [column.header for column in COLUMNS]
    lists = {cell.value for row in book["_dictionary"].iter_rows() for cell in row}
    assert {"春风社区", "夏雨社区", "正职"} <= lists
    assert "秋叶社区" not in lists


def test_template_comes_back_clean(street, world):
    answer = street.get(reverse("roster_template"))
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    sheet, cells = book["花名册"], line(1)
    for position, column in enumerate(COLUMNS, 1):
        sheet.cell(4, position, cells.get(column.key))
    out = io.BytesIO()
    book.save(out)
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], out.getvalue(), "名册.xlsx")
    assert (rosters.errors(batch), batch.counts["rows"], batch.counts["new"]) == ([], 1, 1)


@pytest.mark.parametrize("name", ["neighbour", "outsider"])
def test_imports_of_others_do_not_exist(world, login, name):
    batch = judged(world, line(1))
    user = factories.user("other", ("street", w.NEIGHBOUR if name == "neighbour" else "97"))
    client = login(user)
    for page in BATCH_PAGES:
        assert client.get(reverse(page, args=[batch.pk])).status_code == 404
    for act in ("import_apply", "import_cancel"):
        assert client.post(reverse(act, args=[batch.pk])).status_code == 404
    assert "名册.csv" not in words(client.get(reverse("imports")))
    batch.refresh_from_db()
    assert batch.state == "judged"


@pytest.mark.parametrize("role", ["auditor", "system_admin", "nobody"])
def test_roles_without_the_right_are_refused(world, login, role):
    client = login(getattr(world.users, role))
    for name in ("imports", "import_new", "roster_template"):
        assert client.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("size", [1, 3])
def test_list_costs_the_same_for_one_and_for_three(world, login, size, django_assert_num_queries):
    for _ in range(size):
        rosters.applied(world.users.street, world.divisions[w.STREET], [line(1)])
    client = login(world.users.street)
    client.get(reverse("imports"))
    with django_assert_num_queries(8):
        assert words(client.get(reverse("imports"))).count("名册.csv") == size


def test_payloads_in_cells_are_shown_as_text(street, world):
    payload = "<img src=x onerror=alert(1)>"
    batch = judged(world, line(1, name=payload, title=payload), line(2, tier=payload))
    page = street.get(reverse("import", args=[batch.pk])).content.decode()
    assert payload not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_nothing_is_written_before_the_confirmation(street, world):
    people = Person.objects.count()
    batch = judged(world, line(1))
    street.get(reverse("import", args=[batch.pk]))
    assert Person.objects.count() == people
