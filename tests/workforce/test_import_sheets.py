"""Workbooks with several worksheets: which is read, what is told of the others, and that nobody leaves for a forgotten tab."""

import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from portal.core.accounts.roles import Scope
from portal.core.sheets import files
from portal.core.sheets.annotate import write_annotated
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.running import judge_batch
from tests import rosters
from tests import world as w
from tests.api.conftest import new_token
from tests.pages.reading import text_of as words
from tests.rosters import line, table, workbook
from workforce.importers import ROSTER

COVER = [["一号街道社区工作者名册"], ["填报说明：请按社区填写"]]
TABS = {"春风社区": table([line(1)]), "夏雨社区": table([line(2, code=w.SUMMER)])}
CHOICE = {"leaving_on": "2026-06-30", "leaving_reason": "换届"}


@pytest.fixture
def judged(world):
    def judge(sheets: dict, **more) -> ImportBatch:
        content = workbook(sheets)
        return rosters.judged(world.users.street, world.divisions[w.STREET], content, "名册.xlsx", **more)

    return judge


def test_cover_sheet_in_front_is_passed_over(judged):
    batch = judged({"封面": COVER, "名单": table([line(1)])})
    assert (batch.state, batch.counts["new"]) == ("judged", 1)
    assert batch.counts["sheets"] == {"read": "名单", "others": ["封面"], "alike": []}


def test_contact_list_is_no_roster(judged):
    batch = judged({"名单": table([line(1)]), "通讯录": [["姓名", "联系电话"], ["新二", "13800000001"]]})
    assert batch.counts["sheets"] == {"read": "名单", "others": ["通讯录"], "alike": []}


def test_empty_sheets_and_those_of_the_portal_are_not_spoken_of(judged):
    batch = judged({"Sheet1": [], "名单": table([line(1)]), "填写说明": COVER, "Sheet2": []})
    assert batch.counts["sheets"] == {"read": "名单", "others": [], "alike": []}


def test_one_tab_per_community_is_told_and_nobody_is_ended(judged, world, login):
    batch = judged(TABS)
    assert batch.counts["sheets"] == {"read": "春风社区", "others": ["夏雨社区"], "alike": ["夏雨社区"]}
    client = login(world.users.street)
    page = words(client.get(reverse("import", args=[batch.pk])))
    assert "只读取了工作表“春风社区”。“夏雨社区”看上去也是名册，没有读取" in page
    answer = client.post(
        reverse("import_leaving", args=[batch.pk]),
        {"choice": "end", "leaving_on": "2026-06-30", "leaving_reason": "换届"},
    )
    assert (answer.status_code, "这时不能截止" in words(answer)) == (422, True)
    batch.refresh_from_db()
    assert (batch.state, batch.options) == ("judged", {})


def test_choice_made_with_the_upload_is_refused_by_the_check(judged):
    batch = judged(TABS, options=CHOICE)
    assert (batch.state, rosters.problems(batch)) == ("failed", ["sheets_alike"])
    assert batch.problem["errors"][0]["params"] == {"sheet": "春风社区", "others": "夏雨社区"}
    assert judged({"名单": TABS["春风社区"], "封面": COVER}, options=CHOICE).state == "judged"


def test_rest_tells_the_sheets_and_refuses_the_choice(judged, world):
    batch = judged(TABS)
    client = Client(headers={"authorization": f"Bearer {new_token(world.users.street, Scope.ROSTER_WRITE)}"})
    address = f"/api/v1/imports/{batch.pk}/"
    assert client.get(address).json()["sheets"] == batch.counts["sheets"]
    answer = client.post(
        f"{address}options/", CHOICE, content_type="application/json", headers={"idempotency-key": "k1"}
    )
    assert (answer.status_code, "“夏雨社区”看上去也是名册" in answer.json()["detail"]) == (409, True)


def test_header_that_is_not_found_names_the_sheet(judged, world, login):
    batch = judged({"封面": COVER, "统计": [["社区", "人数"], ["春风", 3]]})
    assert (batch.state, rosters.problems(batch)) == ("failed", ["header_not_found"])
    page = words(login(world.users.street).get(reverse("import", args=[batch.pk])))
    assert "工作表“封面”的前 10 行里没有找到表头。" in page


def test_problems_are_marked_in_the_sheet_that_was_read(judged):
    batch = judged({"封面": COVER, "名单": table([line(1, tier="x")])})
    assert batch.counts["error"] == 1
    out = io.BytesIO()
    write_annotated(out, content=files.content_of(batch), filename="名册.xlsx", batch=batch, importer=ROSTER)
    book = openpyxl.load_workbook(out)
    marked = [name for name in book.sheetnames if any(cell.comment for row in book[name].iter_rows() for cell in row)]
    assert marked == ["名单"]


def test_headers_of_the_sheet_that_was_read_are_asked_about(judged, world, login):
    rows = table([line(1)])
    rows[0].append("星座")
    rows[1].append("双子")
    batch = judged({"封面": COVER, "名单": rows})
    assert rosters.problems(batch) == ["column_unknown"]
    client = login(world.users.street)
    page = client.get(reverse("import_mapping", args=[batch.pk]))
    assert [column.samples for column in page.context["form"].unknown] == [["双子"]]
    client.post(reverse("import_mapping", args=[batch.pk]), {"column0": "-"})
    assert judge_batch(batch.pk, ROSTER).counts["sheets"]["read"] == "名单"
