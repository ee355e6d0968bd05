"""What is offered where the intent is clear, and that nothing is offered where it is not."""

import random
import time

import pytest

from portal.core.lib.identity import IdError, parse_id
from tests import rosters
from workforce.importers import suggestions
from workforce.importers.nearby import Nearby
from workforce.importers.sentences import sentence


@pytest.mark.parametrize(
    ("name", "cell", "word"),
    [
        ("岗位层级", "正职岗位", "正职"),
        ("岗位层级", "副职（兼）", "副职"),
        ("岗位层级", "社区工作人员", "工作人员"),
        ("岗位层级", "非正职", ""),
        ("岗位层级", "正职兼副职", ""),
        ("岗位层级", "科员", ""),
        ("任职机构", "居委", "居民委员会"),
        ("任职机构", "社区党群服务中心（站）", "党群服务中心"),
        ("任职机构", "党总支", ""),
        ("任职方式", "选举产生", "选举"),
        ("证书等级", "助理社会工作师（初级）", "助理社会工作师"),
        ("证书等级", "社会工作者", ""),
        ("证书等级", "中级社会工作师", "社会工作师"),
        ("证书等级", "初级社会工作师", "助理社会工作师"),
        ("证书等级", "初级社工师", "助理社会工作师"),
        ("证书等级", "社会工作者（中级）", "社会工作师"),
        ("证书等级", "高级", "高级社会工作师"),
        ("证书等级", "初级会计师", ""),
        ("证书等级", "社会工作师初级中级", ""),
        ("合同类型", "劳动 合同书", "劳动合同"),
        ("性别", "男生", "男"),
        ("性别", "男女", ""),
        ("是否", "不是", "否"),
        ("是否", "Y", "是"),
        ("是否", "待定", ""),
    ],
)
def test_near_choice_is_offered_only_where_one_word_can_be_meant(name, cell, word):
    assert suggestions.choice(name, cell) == word


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-25-03", "2024-03-25"),
        ("2024年25月3日", "2024-03-25"),
        ("25/3/2024", "2024-03-25"),
        ("3/25/2024", "2024-03-25"),
        ("3/6/2024", ""),
        ("6/6/2024", "2024-06-06"),
        ("2024、6、3", "2024-06-03"),
        ("２０２４ ６ ３", "2024-06-03"),
        ("2024-13-32", ""),
        ("24-6-3", ""),
        ("2024-6-3 入职", ""),
        ("2024-02-30", ""),
    ],
)
def test_day_is_offered_only_where_one_can_be_meant(cell, day):
    assert suggestions.day(cell) == day


def test_birth_with_month_and_day_swapped_is_offered():
    assert suggestions.birth("1990-03-05", "1990-05-03") == "1990-05-03"
    assert suggestions.birth("1990-03-05", "1990-05-04") == ""
    assert suggestions.birth("不详", "1990-05-04") == ""


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("9999991991O5200017", {"letters": "O", "digits": "0"}),
        ("9999991991o52000l7", {"letters": "o、l", "digits": "0、1"}),
        ("99999919910520A017", {}),
    ],
)
def test_letters_in_an_id_number_are_named_where_digits_mend_it(cell, found):
    number = cell.upper().translate(str.maketrans("OL", "01"))[:17]
    from portal.core.lib.identity import check_digit  # noqa: PLC0415

    whole = cell[:17] + (check_digit(number) if number.isdigit() else "0")
    assert suggestions.doubtful_characters(whole, IdError.CHARACTERS) == found


def test_sign_for_the_last_x_is_named():
    whole = next(number for seq in range(1, 99) if (number := rosters.number(seq)).endswith("X"))
    assert suggestions.doubtful_characters(whole[:-1] + "×", IdError.CHARACTERS) == {"letters": "×", "digits": "X"}


def test_no_digit_is_ever_offered_for_a_wrong_check_digit():
    number = rosters.number(1)
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    assert parse_id(wrong) is IdError.CHECK_DIGIT
    assert suggestions.doubtful_characters(wrong, IdError.CHECK_DIGIT) == {}
    assert suggestions.suggested("id_check_digit", "id_number", wrong, {}) == {}
    mistyped = wrong[:10] + "O" + wrong[11:]
    assert suggestions.doubtful_characters(mistyped, IdError.CHARACTERS) == {}


def test_suggestion_is_a_question_behind_the_error():
    params = {"column": "岗位层级", "choices": "正职、副职、工作人员", "suggestion": "正职"}
    assert sentence("choice", params) == "“岗位层级”只能填：正职、副职、工作人员。您是否要填：正职？"
    assert sentence("id_characters", {"letters": "O", "digits": "0"}).endswith("其中的 O 是否应为 0？")


NAMES = {name: [object()] for name in ("春风里", "花园路", "花园街", "新华", "华新", "幸福", "四季青", "中山门南")}


@pytest.mark.parametrize(
    ("typed", "names", "clear"),
    [
        ("春峰里", ("春风里",), True),
        ("四季清", ("四季青",), True),
        ("中山门南里", ("中山门南",), True),
        ("花园", ("花园路", "花园街"), False),
        ("辛福", ("幸福",), False),
        ("星福", ("幸福",), True),
    ],
)
def test_nearest_community_name_is_clear_or_one_of_several(typed, names, clear):
    found = Nearby(NAMES).of(typed)
    assert found is not None
    assert set(found.names) >= set(names)
    assert (found.names[0] in names, found.clear) == (True, clear)


def test_name_of_two_communities_is_never_clear():
    assert Nearby({"春风里": [object(), object()]}).of("春峰里").clear is False


def test_nothing_near_gives_nothing():
    assert Nearby(NAMES).of("某某某") is None


def test_three_thousand_wrong_names_among_as_many_take_a_moment():
    draw = random.Random(1)
    signs = [chr(0x4E00 + draw.randrange(2000)) for _ in range(300)]
    nearby = Nearby({"".join(draw.choices(signs, k=draw.randrange(2, 5))): [object()] for _ in range(3000)})
    began = time.process_time()
    for _ in range(3000):
        nearby.of("".join(draw.choices(signs, k=4)))
    assert time.process_time() - began < 1.5
