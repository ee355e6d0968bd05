"""The check of a roster sheet: each kind of bad input has its code, its row and its column."""

from datetime import date

import pytest

from portal.core.sheets.reports import listed
from tests import rosters
from tests import world as w
from tests.rosters import line, number
from workforce.importers import ROSTER


@pytest.fixture
def judge(world):
    def judged(*lines, by=None, division=w.STREET, **more):
        content = rosters.as_xlsx(list(lines), **more)
        return rosters.judged(by or world.users.street, world.divisions[division], content, "名册.xlsx")

    return judged


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"name": None}, [("姓名", "required")]),
        ({"id_number": None}, [("身份证号", "required")]),
        ({"tier": "科员"}, [("岗位层级", "choice")]),
        ({"id_number": number()[:-1]}, [("身份证号", "id_length")]),
        ({"id_number": number()[:-1] + ("0" if number()[-1] != "0" else "1")}, [("身份证号", "id_check_digit")]),
        ({"id_number": 1.20101e17}, [("身份证号", "id_destroyed")]),
        ({"id_number": "1.20101E+17"}, [("身份证号", "id_destroyed")]),
        ({"id_number": "999999199102301234"}, [("身份证号", "id_birth_date")]),
        ({"birth_date": date(1991, 5, 21)}, [("出生日期", "birth_contradicts")]),
        ({"sex": "女"}, [("性别", "sex_contradicts")]),
        ({"valid_from": "2025-13-01"}, [("任职起始", "date_swapped")]),
        ({"valid_from": "去年"}, [("任职起始", "date_unreadable")]),
        ({"valid_from": "2025-02-30"}, [("任职起始", "date_no_such_day")]),
        ({"valid_to": "2025-02-01"}, [("任职截止", "period_reversed")]),
        ({"contract_to": "2025-02-01"}, [("合同截止", "period_reversed")]),
        ({"hired_on": "2006-05-20"}, [("入职日期", "under_age")]),
        ({"code": "960101001999"}, [("社区代码", "community_code_unknown")]),
        ({"code": "春风"}, [("社区代码", "community_code")]),
        ({"code": w.STREET}, [("社区代码", "not_community")]),
        ({"code": None, "community": "没有社区"}, [("社区名称", "community_unknown")]),
        ({"code": None, "community": "春凤社区"}, [("社区名称", "community_unknown_similar")]),
        ({"code": "", "community": ""}, [("社区名称", "community_missing")]),
        ({"community": "夏雨社区"}, [("社区名称", "community_mismatch")]),
        ({"code": w.VILLAGE}, [("社区代码", "village")]),
        ({"phone": "138"}, [("联系电话", "phone_length")]),
        ({"id_number": "999***********0012"}, [("身份证号", "id_masked")]),
        ({"phone": "022-****1234"}, [("联系电话", "phone_masked")]),
        ({"phone": "张三电话"}, [("联系电话", "phone_characters")]),
        ({"grade": 19}, [("岗位等级", "grade_range")]),
        ({"grade": "00181"}, [("岗位等级", "grade_range")]),
        ({"grade": "1" * 5000}, [("岗位等级", "grade_range")]),
        ({"grade": "0000"}, [("岗位等级", "grade_range")]),
        ({"grade": "五"}, [("岗位等级", "grade_number")]),
        ({"level": "社会工作师"}, [("证书取得日期", "certificate_date_missing")]),
        ({"level": "社会工作师", "obtained_on": "1990-01-01"}, [("证书取得日期", "before_birth")]),
        ({"level": "社会工作师", "obtained_on": "2099-01-01"}, [("证书取得日期", "date_future")]),
        ({"obtained_on": "2025-06-01"}, [("证书等级", "certificate_level_missing")]),
        ({"contract_from": None}, [("合同起始", "contract_incomplete")]),
        ({"contract_kind": None}, [("合同类型", "contract_kind_missing")]),
        ({"contract_kind": "无"}, [("合同类型", "contract_dates_unused")]),
        ({"leaving_reason": "辞职"}, [("离职原因", "reason_without_leaving")]),
        ({"left_on": "2025-01-01"}, [("任职起始", "start_after_leaving"), ("合同起始", "contract_after_leaving")]),
        ({"left_on": "2026-01-01", "valid_to": "2026-02-01"}, [("任职截止", "end_after_leaving")]),
        ({"title": "很" * 61}, [("职务", "too_long")]),
    ],
)
def test_error_names_row_column_and_code(judge, cells, expected):
    batch = judge(line(**cells))
    assert rosters.errors(batch) == [(2, column, code) for column, code in expected]


def test_roster_taken_out_masked_is_told_where_the_whole_numbers_are(judge):
    batch = judge(line(id_number="999***********0012", phone="138****0012"))
    whole, phone = [told["message"] for told in listed(batch, ROSTER, "errors")]
    assert "“含完整证件号码”" in whole
    assert "清空" in phone


def test_large_numbers_are_grouped_in_what_applying_would_do():
    counts = dict.fromkeys(("new", "people", "changed", "unchanged", "leaving", "outside"), 0) | {"new": 2000}
    assert ROSTER.summary(counts | {"people": 1234}) == "应用后：新增 2,000 个任职（其中新录入 1,234 人）。"


def test_choices_are_shown_as_the_sheet_prints_them(judge):
    batch = judge(line(1, sex="女", contract_kind="无"), line(2, sex="male"))
    cells = [error["cell"] for row in batch.rows.order_by("number") for error in row.errors]
    assert cells == ["女", "无", "male"]


def test_wrong_row_does_not_spoil_the_right_one_of_the_same_person(judge):
    batch = judge(line(1, sex="女", title="委员"), line(1, sex="男"))
    assert rosters.errors(batch) == [(2, "性别", "sex_contradicts")]


def test_person_told_twice_is_asked_to_be_told_the_same(judge):
    batch = judge(line(1, entry="聘用", title="委员", education="本科"), line(1, education="大专"))
    (message,) = [told["message"] for told in listed(batch, ROSTER, "errors")]
    assert message == (
        "与第 2 行是同一身份证号，但“学历”不同（该行为“本科”）。是同一人的，请在各行填得一样；不是同一人的，请核对身份证号。"
    )


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"grade": 15}, [("岗位等级", "grade_tier")]),
        ({"id_number": number(1, date(1950, 1, 1))}, [("身份证号", "age_unusual")]),
        ({"contract_to": "2026-01-01"}, [("合同截止", "contract_expired")]),
        ({"valid_from": "2025年3月"}, [("任职起始", "month_only")]),
        ({"valid_from": 45717}, [("任职起始", "day_count")]),
        ({"valid_from": "2099-01-01"}, [("任职起始", "start_future")]),
        ({"hired_on": "2025-04-01"}, [("任职起始", "post_before_hire")]),
        ({"community": "别名社区"}, [("社区名称", "community_other_name")]),
        ({"contract_kind": None, "contract_from": None}, [("用工主体", "party_unused")]),
    ],
)
def test_warning_does_not_block(judge, cells, expected):
    batch = judge(line(**cells))
    assert rosters.warnings(batch) == [(2, column, code) for column, code in expected]
    assert rosters.counts(batch) == {"rows": 1, "new": 1, "people": 1, "warned": 1, "leaving": 8}
