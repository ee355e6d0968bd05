"""What a reader of a preview may choose: people the sheet leaves out, people of other streets, which rows to look at."""

import io

import openpyxl
import pytest
from django.urls import reverse

from portal.core.sheets.models import ImportBatch
from portal.core.sheets.running import judge_batch
from tests import factories, rosters
from tests import world as w
from tests.pages.test_imports import judged, sent, street, words  # noqa: F401  (fixtures)
from tests.rosters import line
from workforce.importers import ROSTER
from workforce.models import Transfer

END = {"choice": "end", "leaving_on": "2026-10-31", "leaving_reason": "换届"}


@pytest.fixture
def left_out(world) -> ImportBatch:
    """A sheet that names one new person and nobody of the roster."""
    return judged(world, line(1))


def leaving(batch) -> str:
    return reverse("import_leaving", args=[batch.pk])


def test_preview_tells_who_is_left_out_and_asks(street, left_out):  # noqa: F811
    text = words(street.get(reverse("import", args=[left_out.pk])))
    assert "名册上有、表中没有的 8 个任职保留不动。 查看名单 · 选择保留还是截止" in text
    page = words(street.get(leaving(left_out)))
    assert "一号街道名册上有 8 个任职在这份表里找不到。" in page
    assert "赵春 春风社区" in page
    assert "周秋" not in page


def test_end_on_a_day_is_checked_again_and_shown(street, left_out, sent, django_capture_on_commit_callbacks):  # noqa: F811
    with django_capture_on_commit_callbacks(execute=True):
        answer = street.post(leaving(left_out), END)
    left_out.refresh_from_db()
    assert answer.url == reverse("import", args=[left_out.pk])
    assert (left_out.state, left_out.options) == ("uploaded", {"leaving_on": "2026-10-31", "leaving_reason": "换届"})
    assert sent["judge_import"].calls == [(str(left_out.pk),)]
    judge_batch(left_out.pk, ROSTER)
    text = words(street.get(reverse("import", args=[left_out.pk])))
    assert "名册上有、表中没有的 8 个任职将截止到 2026-10-31（含当日），原因：换届。" in text
    assert "8 个任职" in text.split("预览：还没有改动名册")[1].split("应用到名册")[0]


def test_choice_can_be_taken_back_before_applying(street, left_out):  # noqa: F811
    street.post(leaving(left_out), END)
    judge_batch(left_out.pk, ROSTER)
    assert 'value="2026-10-31"' in street.get(leaving(left_out)).content.decode()
    street.post(leaving(left_out), {"choice": "keep"})
    batch = judge_batch(left_out.pk, ROSTER)
    assert (batch.options, batch.counts["ending"]) == ({"leaving_on": None, "leaving_reason": ""}, 0)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"choice": "end", "leaving_on": "", "leaving_reason": "换届"}, "请填写截止日期。"),
        ({**END, "leaving_reason": " "}, "请填写原因，会记入每个人的离职记录。"),
        ({**END, "leaving_on": "1999-01-01"}, "截止日期应在 2000-01-01 至"),
        ({**END, "leaving_on": "2126-01-01"}, "截止日期应在 2000-01-01 至"),
        ({**END, "leaving_on": "明天"}, "输入一个有效的日期"),
        ({**END, "leaving_reason": "很" * 101}, "100"),
    ],
)
def test_unfinished_choice_is_refused_in_words(street, left_out, form, sentence):  # noqa: F811
    answer = street.post(leaving(left_out), form)
    left_out.refresh_from_db()
    assert (answer.status_code, left_out.state) == (422, "judged")
    assert sentence in words(answer)


def test_person_of_another_street_is_proposed_and_not_taken(street, world):  # noqa: F811
    person = world.people["周秋"]
    batch = judged(world, line(9, name=person.name, id_number=str(person.id_number)))
    text = words(street.get(reverse("import", args=[batch.pk])))
    assert "1 行的人在其他街道任职，不会由导入改动。" in text
    assert "调入" in text
    assert "秋叶社区" not in text
    assert "没有可以写入的变化：在其他街道任职的、不在导入范围的行不由导入写入" in text
    assert "完全一致" not in text
    assert str(person.pk) not in street.get(reverse("import", args=[batch.pk])).content.decode()
    url, day = reverse("import_transfers", args=[batch.pk]), world.today.isoformat()
    assert f'name="effective_on" value="{day}"' in street.get(reverse("import", args=[batch.pk])).content.decode()
    answer = street.post(url, {"effective_on": day}, follow=True)
    assert "已向其他街道提出 1 件调入" in words(answer)
    assert [(one.person_id, one.batch_id, one.effective_on) for one in Transfer.objects.all()] == [
        (person.pk, batch.pk, world.today)
    ]
    again = street.post(url, {"effective_on": day}, follow=True)
    assert "第 2 行：已有一份等待答复的调动申请。" in words(again)
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("", "请填写生效日期。"),
        ("明天", "输入一个有效的日期"),
        ("1999-12-31", "生效日期应在 2000-01-01 至"),
        ("2126-01-01", "生效日期应在 2000-01-01 至"),
    ],
)
def test_transfer_without_a_day_is_not_proposed(street, world, day, sentence):  # noqa: F811
    person = world.people["周秋"]
    batch = judged(world, line(9, name=person.name, id_number=str(person.id_number)))
    answer = street.post(reverse("import_transfers", args=[batch.pk]), {"effective_on": day}, follow=True)
    assert (sentence in words(answer), Transfer.objects.exists()) == (True, False)


def test_row_outside_says_nothing_more(street, world):  # noqa: F811
    person = world.people["周秋"]
    batch = judged(world, line(1), line(9, code=w.AUTUMN, name="某人", id_number=str(person.id_number)))
    url = reverse("import_rows", args=[batch.pk]) + "?status=outside"
    text = words(street.get(url, headers={"HX-Request": "true"}))
    assert "某人" in text
    assert "周秋" not in text
    assert "原为" not in text


def test_rows_are_found_by_kind_of_problem_and_by_name(street, world):  # noqa: F811
    batch = judged(world, line(1, tier="科员"), line(2, tier="科员", name="李寻"), line(3, phone="12"))
    url = reverse("import_rows", args=[batch.pk])

    def found(query: str) -> list[str]:
        text = words(street.get(f"{url}?{query}", headers={"HX-Request": "true"}))
        return [name for name in ("新二", "李寻", "新四") if name in text]

    assert found("kind=choice") == ["新二", "李寻"]
    assert found("kind=choice&q=李") == ["李寻"]
    assert found("q=新") == ["新二", "新四"]
    assert found("status=error") == ["新二", "李寻", "新四"]
    assert found("q=无此人") == []
    assert found("status=nonsense&kind=nonsense") == ["新二", "李寻", "新四"]
    page = words(street.get(reverse("import", args=[batch.pk])))
    assert page.count("有错误 3") == 1
    assert "没有符合条件的行。" in words(street.get(f"{url}?q=无此人", headers={"HX-Request": "true"}))


def test_annotated_workbook_is_the_users_own(street, world):  # noqa: F811
    content = rosters.as_xlsx([line(1, tier="科员"), line(2)])
    batch = rosters.judged(world.users.street, world.divisions[w.STREET], content, "名册.xlsx")
    answer = street.get(reverse("import_annotated", args=[batch.pk]))
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    comments = [cell.comment.text for row in book["花名册"].iter_rows() for cell in row if cell.comment]
    assert len(comments) == 1
    assert "“岗位层级”只能填：正职、副职、工作人员。" in comments[0]


def test_annotated_workbook_that_is_gone_is_told(street, world):  # noqa: F811
    batch = rosters.applied(world.users.street, world.divisions[w.STREET], [line(1)])
    answer = street.get(reverse("import_annotated", args=[batch.pk]), follow=True)
    assert "原表已不在服务器上" in words(answer)


def test_facts_tell_file_and_seconds(street, world):  # noqa: F811
    batch = rosters.applied(world.users.street, world.divisions[w.STREET], [line(1)])
    text = words(street.get(reverse("import", args=[batch.pk])))
    assert f"文件指纹 {batch.sha256[:12]}" in text
    assert "检查用时 0." in text
    assert "应用用时 0." in text


def test_list_is_sifted_by_how_far_an_import_is(street, world):  # noqa: F811
    rosters.applied(world.users.street, world.divisions[w.STREET], [line(1)], "已应用.csv")
    rosters.upload(world.users.street, world.divisions[w.STREET], rosters.as_csv([line(2)]), "检查中.csv")
    page = words(street.get(reverse("imports")))
    assert "全部 2 正在进行 1 已应用 1" in page
    assert "检查中.csv" in words(street.get(reverse("imports") + "?group=working"))
    assert "已应用.csv" not in words(street.get(reverse("imports") + "?group=working"))


def test_city_imports_for_all_its_streets(world, login):
    batch = rosters.judged(world.users.city, world.divisions[w.CITY], [line(1), line(2, code=w.SNOW)])
    text = words(login(world.users.city).get(reverse("import", args=[batch.pk])))
    assert "新增 2 个任职（其中新录入 2 人）" in text
    assert words(login(world.users.district).get(reverse("imports"))).count("名册.csv") == 0


@pytest.mark.parametrize("name", ["import_leaving", "import_undo", "import_annotated"])
def test_further_pages_of_others_do_not_exist(world, login, left_out, name):
    client = login(factories.user("other", ("street", w.NEIGHBOUR)))
    assert client.get(reverse(name, args=[left_out.pk])).status_code == 404
    assert client.post(reverse("import_transfers", args=[left_out.pk])).status_code == 404
