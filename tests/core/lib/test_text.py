"""Cleaning of typed text, and pinyin."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.lib import text
from portal.core.lib.readings import PLACE_PHRASES, SURNAMES


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("长安里社区", "长安里社区"),
        ("  长安里\u3000社区 ", "长安里 社区"),
        ("１２０１０１Ａｂ", "120101Ab"),
        ("长安里（东）社区，一号：甲", "长安里（东）社区，一号：甲"),
        ("张\u200b三\ufeff", "张三"),
        ("张\x00三", "张三"),
        ("第一行\r\n第二行\t末", "第一行 第二行 末"),
        ("\u202e张三\u202c", "张三"),
        ("张\ud800三", "张三"),
        ("⽅⼤", "方大"),  # Kangxi radicals, as PDF files give them
        ("e\u0301", "é"),
        ("𠮷䶮堃", "𠮷䶮堃"),
        ("", ""),
        ("\u00a0", ""),
    ],
)
def test_clean_keeps_meaning_and_drops_noise(typed, stored):
    assert text.clean(typed) == stored


@given(st.text())
def test_clean_twice_is_clean_once_and_storable(typed):
    cleaned = text.clean(typed)
    assert text.clean(cleaned) == cleaned
    cleaned.encode()
    assert not set(cleaned) & set("\0\t\n\r\u200b\ufeff\u3000")
    assert cleaned == " ".join(cleaned.split())


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张 三", "张三"),
        ("欧\u3000阳 修", "欧阳修"),
        ("买买提・阿不都", "买买提·阿不都"),
        ("买买提 • 阿不都", "买买提·阿不都"),
        ("买买提.阿不都", "买买提·阿不都"),
        ("阿不都。买买提", "阿不都·买买提"),
        ("Tom  J. Smith", "Tom J. Smith"),
        ("张三", "张三"),
    ],
)
def test_clean_name_has_one_form(typed, name):
    assert text.clean_name(typed) == name


@pytest.mark.parametrize(
    ("one", "other"), [("长安里（东）", " 长安里(东) "), ("ＡＢ１", "ab1"), ("身份 证号", "身份证号"), ("㎡", "m2")]
)
def test_fold_makes_spellings_equal(one, other):
    assert text.fold(one) == text.fold(other)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("张三丰", "zhang san feng"),
        ("单雄信", "shan xiong xin"),
        ("曾国藩", "zeng guo fan"),
        ("仇英", "qiu ying"),
        ("朴一平", "piao yi ping"),
        ("区小明", "ou xiao ming"),
        ("查良镛", "zha liang yong"),
        ("解缙", "xie jin"),
        ("万俟卨", "mo qi xie"),
        ("尉迟恭", "yu chi gong"),
        ("长孙无忌", "zhang sun wu ji"),
        ("单于", "shan yu"),  # two characters: surname and name
        ("王长江", "wang chang jiang"),
        ("吕布", "lv bu"),
        ("阿不都·买买提", "a bu du mai mai ti"),
        ("Tom Smith", "tom smith"),
        ("", ""),
    ],
)
def test_pinyin_key_reads_names_as_names(name, key):
    assert text.pinyin_key(name) == key


def test_pinyin_key_orders_a_list_as_a_dictionary_does():
    names = ["赵四", "单雄信", "李安", "曾巩", "连战", "阿炳"]
    assert sorted(names, key=text.pinyin_key) == ["阿炳", "李安", "连战", "单雄信", "曾巩", "赵四"]


def test_name_initials_follow_the_surname():
    assert text.name_initials("单雄信") == "sxx"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("天津市", "tjs"),
        ("长宁区", "cnq"),
        ("重庆市", "cqs"),
        ("厦门市", "xms"),
        ("番禺区", "pyq"),
        ("长子县", "zzx"),
        ("黄陂区", "hpq"),
        ("八五一０农场", "bwy0nc"),
        ("幸福e家社区", "xfejsq"),
        ("东里（南）·一社区", "dlnysq"),
        ("", ""),
    ],
)
def test_initials_read_places_as_places(name, letters):
    assert text.initials(name) == letters


def test_initials_of_many_is_initials_of_each():
    names = ["长宁区", "", "重庆市", "a\nb", "天津市"]
    assert text.initials_of(names) == [text.initials(name) for name in names] == ["cnq", "", "cqs", "ab", "tjs"]


def test_initials_of_a_country_take_about_a_second():
    names = [f"第{number}长安里社区居民委员会" for number in range(665_276)]
    text.initials("预热")
    began = time.process_time()
    assert len(text.initials_of(names)) == 665_276
    assert time.process_time() - began < 3  # 0.6 to 1.0 s alone on the machine


def test_overrides_are_letters_of_the_right_number():
    assert {phrase: len(letters) for phrase, letters in PLACE_PHRASES.items()} == {
        phrase: len(phrase) for phrase in PLACE_PHRASES
    }
    assert all(len(syllables.split()) == len(name) for name, syllables in SURNAMES.items())
