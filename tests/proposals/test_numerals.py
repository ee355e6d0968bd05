import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals.bodies import count_fault, read_names, types_of, wrong_person, wrong_word
from proposals.numerals import chinese, number_of, session_name


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "零"), (5, "五"), (10, "十"), (14, "十四"), (20, "二十"), (21, "二十一"), (100, "一百"), (101, "一百零一"),
        (110, "一百一十"), (114, "一百一十四"), (1001, "一千零一"), (1010, "一千零一十"), (2023, "二千零二十三"), (9999, "九千九百九十九"),
    ],
)  # fmt: skip
def test_chinese_number(number, words):
    assert chinese(number) == words


@pytest.mark.parametrize("number", [-1, 10_000])
def test_chinese_number_out_of_range(number):
    with pytest.raises(ValueError):
        chinese(number)


@given(st.integers(0, 9999))
def test_number_is_read_back(number):
    assert number_of(chinese(number)) == number_of(str(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("一十四", 14), ("一百〇一", 101), ("两百", 200), ("05", 5), ("十十", None), ("四十百", None), ("", None), ("第五", None),
     ("12345", None), ("一四", None)],
)  # fmt: skip
def test_number_of(text, number):
    assert number_of(text) == number


def test_session_name_of_the_source_letters():
    assert session_name("市政协", 14, 5) == "市政协十四届五次会议"
    assert session_name("台州市政协", 6, 2) == "台州市政协六届二次会议"
    assert session_name("朝阳市政协", 12, 2) == "朝阳市政协十二届二次会议"


@pytest.mark.parametrize(
    ("body", "title", "wrong"),
    [
        ("npc", "关于加强养老服务的提案", "提案"),
        ("npc", "《关于加强养老服务的提案》", "提案"),
        ("npc", "关于加强养老服务的建议", ""),
        ("npc", "关于改进政协提案办理的建议", ""),
        ("cppcc", "关于加强养老服务的提案", ""),
        ("cppcc", "关于加强养老服务的建议", ""),
        ("cppcc", "关于加强养老服务的议案", "议案"),
        ("cppcc", "关于加强养老服务的代表建议", "代表建议"),
    ],
)
def test_wrong_word(body, title, wrong):
    assert wrong_word(body, title) == wrong


def test_types_and_titles_are_those_of_the_body():
    assert types_of("npc") == ("member", "joint", "delegation")
    assert "delegation" not in types_of("cppcc")
    assert wrong_person("npc", "joint", ["甲某", "乙委员"]) == "乙委员"
    assert wrong_person("cppcc", "member", ["甲代表"]) == "甲代表"
    assert wrong_person("cppcc", "committee", ["代表"]) == ""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("甲某、乙某、丙某、丁某、戊某等5位委员", (["甲某", "乙某", "丙某", "丁某", "戊某"], 5)),
        ("甲某，乙某", (["甲某", "乙某"], None)),
        ("甲某\n乙某\n", (["甲某", "乙某"], None)),
        ("甲某等3名代表", (["甲某"], 3)),
        ("民盟示例市委会", (["民盟示例市委会"], None)),
        ("", ([], None)),
    ],
)
def test_read_names(text, read):
    assert read_names(text) == read


@pytest.mark.parametrize(
    ("type_", "count", "names", "fault"),
    [
        ("member", 1, ["甲"], ""), ("member", 2, ["甲", "乙"], "one"), ("joint", 1, ["甲"], "several"), ("joint", 2, ["甲", "乙"], ""),
        ("joint", 5, ["甲", "乙"], "differs"), ("party", 1, [], "none"), ("joint", 2, ["甲", "甲"], "twice"), ("party", 1, ["甲"], ""),
    ],
)  # fmt: skip
def test_names_and_count_agree(type_, count, names, fault):
    assert count_fault(type_, count, names) == fault
