from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.core.workdays.actions import load_calendar
from portal.core.workdays.files import SHIPPED, read_calendar
from portal.core.workdays.models import CalendarDay
from tests.pages.reading import rows_of, text_of

NEXT = "day,is_workday,name,source\n2027-01-01,0,元旦,国务院办公厅关于2027年部分节假日安排的通知\n"


def shipped():
    load_calendar(days=read_calendar(SHIPPED.read_text(encoding="utf-8")), by=None)


def upload(client, text: str | bytes):
    content = text.encode() if isinstance(text, str) else text
    return client.post(reverse("calendar"), {"file": SimpleUploadedFile("2027.csv", content)})


def test_year_is_shown_with_its_source_and_the_next_is_provisional(world, login):
    shipped()
    client = login(world.users.system_admin)
    response = client.get(reverse("calendar"), {"year": "2026"})
    text = text_of(response)
    assert rows_of(response)[-1] == ["2026-10-10", "星期六", "国庆节调休上班", "上班"]
    assert "来源 国务院办公厅关于2026年部分节假日安排的通知" in text
    text = text_of(client.get(reverse("calendar"), {"year": "2027"}))
    assert "暂定" in text and "这一年的放假安排还没有载入" in text
    assert client.get(reverse("calendar"), {"year": "0x"}).status_code == 200


def test_file_is_checked_first_and_loaded_on_confirmation(world, login):
    shipped()
    client = login(world.users.system_admin)
    response = upload(client, NEXT)
    assert "2027 年：新增 1 天，改动 0 天，去掉 0 天，不变 0 天。" in text_of(response)
    assert not CalendarDay.objects.filter(day__year=2027).exists()
    done = client.post(reverse("calendar"), {"text": response.context["text"], "load": "1"})
    assert done["Location"] == "/calendar/?year=2027"
    assert CalendarDay.objects.get(day__year=2027).name == "元旦"


def test_faulty_file_names_its_line(world, login):
    client = login(world.users.system_admin)
    for content, sentence in (
        ("x", "第 1 行应为表头"),
        ("\xff".encode("latin-1"), "文件不是 UTF-8 编码"),
        (b"x" * 200_001, "文件太大"),
    ):
        response = upload(client, content)
        assert (response.status_code, sentence in text_of(response)) == (422, True)
    assert client.post(reverse("calendar"), {}).status_code == 422


def test_period_is_counted_day_by_day(world, login):
    shipped()
    client = login(world.users.system_admin)
    response = client.get(reverse("calendar"), {"start": "2023-03-21", "count": "20"})
    text = text_of(response)
    assert "期限最后一天：2023年4月19日" in text
    assert ["2023-04-05", "星期三", "放假 · 清明节", ""] in rows_of(response)
    assert "暂定" in text_of(client.get(reverse("calendar"), {"start": "2026-12-30", "count": "5"}))
    assert client.get(reverse("calendar"), {"start": "x", "count": "-1"}).status_code == 200
