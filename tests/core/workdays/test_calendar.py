from datetime import date

import pytest

from portal.core.lib.workdays import add_workdays, is_workday, known_years
from portal.core.workdays.actions import changes_of, load_calendar
from portal.core.workdays.files import SHIPPED, CalendarFileError, read_calendar
from portal.core.workdays.models import CalendarDay
from portal.core.workdays.queries import calendar_from, specials

pytestmark = pytest.mark.django_db
HEAD = "day,is_workday,name,source\n"
NEXT = HEAD + "2027-01-01,0,元旦,通知2027\n2027-01-03,1,元旦调休上班,通知2027\n"


@pytest.fixture(autouse=True)
def shipped():
    load_calendar(days=read_calendar(SHIPPED.read_text(encoding="utf-8")), by=None)


def test_shipped_calendar_counts_as_the_sources_do():
    days = specials()
    assert len(days) == 771
    assert add_workdays(date(2023, 3, 21), 20, days) == date(2023, 4, 19)
    assert (is_workday(date(2026, 10, 10), days), is_workday(date(2026, 10, 1), days)) == (True, False)
    assert known_years(calendar_from(date(2025, 6, 1))) == {2025, 2026}


def test_new_year_is_added_and_the_others_stay():
    changes = load_calendar(days=read_calendar(NEXT), by=None)
    assert (changes.years, len(changes.added), changes.changed, changes.removed) == ([2027], 2, [], [])
    assert CalendarDay.objects.count() == 773
    again = load_calendar(days=read_calendar(NEXT), by=None)
    assert (again.any, again.unchanged) == (False, 2)
    assert again.sentence() == "2027 年的日历已是这样，没有变化。"


def test_year_is_replaced_whole_and_what_changes_is_told_first():
    load_calendar(days=read_calendar(NEXT), by=None)
    corrected = read_calendar(HEAD + "2027-01-01,0,元旦节,通知2027\n2027-01-02,0,元旦,通知2027\n")
    changes = changes_of(corrected)
    assert changes.sentence() == "2027 年：新增 1 天，改动 1 天，去掉 1 天，不变 0 天。"
    assert CalendarDay.objects.get(day="2027-01-01").name == "元旦"
    load_calendar(days=corrected, by=None)
    assert list(CalendarDay.objects.filter(day__year=2027).values_list("day", "name")) == [
        (date(2027, 1, 1), "元旦节"), (date(2027, 1, 2), "元旦"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "第 1 行应为表头：日期,是否上班,名称,来源。"),
        ("day,name\n", "第 1 行应为表头：日期,是否上班,名称,来源。"),
        (HEAD, "文件里没有任何日期。"),
        (HEAD + "2027/1/1,0,元旦,x\n", "第 2 行：日期应写成 2027-01-01。"),
        (HEAD + "2027-01-01,也许,元旦,x\n", "第 2 行：是否上班应为 1（是）或 0（否）。"),
        (HEAD + "2027-01-04,1,上班,x\n", "第 2 行：2027-01-04 不是周末，本来就上班，不必列出。"),
        (HEAD + "2027-01-01,0,,x\n", "第 2 行：名称 1 到 40 个字，来源 1 到 200 个字，都要填写。"),
        (HEAD + "2027-01-01,0,元旦\n", "第 2 行：名称 1 到 40 个字，来源 1 到 200 个字，都要填写。"),
        (HEAD + "2027-01-01,0,元旦,x\n2027-01-01,0,元旦,x\n", "第 3 行：2027-01-01 出现了两次。"),
        ("x" * 200_001, "文件太大：一年的日历不过几十行。"),
    ],
)
def test_faulty_file_is_refused_naming_the_line(text, sentence):
    with pytest.raises(CalendarFileError) as refused:
        read_calendar(text)
    assert str(refused.value) == sentence


def test_chinese_headers_in_any_order_and_blank_lines_are_read():
    days = read_calendar("\ufeff名称,日期,来源,是否上班\r\n\r\n元旦,2027-01-01,通知,否\r\n")
    assert [(named.day, named.is_workday, named.name, named.source) for named in days] == [
        (date(2027, 1, 1), False, "元旦", "通知")
    ]


def test_command_loads_a_file_and_says_what_changed(run_command, tmp_path):
    path = tmp_path / "2027.csv"
    path.write_text(NEXT, encoding="utf-8")
    done = run_command("load_calendar", str(path), "--json")
    assert (done.code, done.out.strip()) == (
        0, '{"years": [2027], "added": 2, "changed": 0, "removed": 0, "unchanged": 0, "moved": 0}',
    )  # fmt: skip
    assert run_command("load_calendar").out.endswith("0 added, 0 changed, 0 removed, 771 unchanged.\n")
    path.write_text("x", encoding="utf-8")
    refused = run_command("load_calendar", str(path))
    assert (refused.code, "表头" in refused.err) == (1, True)
