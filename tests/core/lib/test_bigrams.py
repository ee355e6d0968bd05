from hypothesis import given
from hypothesis import strategies as st

from portal.core.lib.bigrams import bigrams


def test_chinese_runs_become_overlapping_pairs():
    assert bigrams("社区工作者") == ["社区", "区工", "工作", "作者"]


def test_words_numbers_and_lonely_characters_stay_whole():
    assert bigrams("每万人18名，A类 ABC-12 村") == ["每万", "万人", "18", "名", "a", "类", "abc", "12", "村"]


def test_full_width_and_case_are_folded():
    assert bigrams("ＡＢＣ１２") == bigrams("abc12") == ["abc12"]


def test_nothing_to_search_for():
    assert bigrams("，。！ ") == []


@given(st.text(alphabet="社区工作者养老，。 a1", max_size=40), st.text(alphabet="社区工作", min_size=2, max_size=6))
def test_whatever_stands_in_a_text_is_found_by_its_pairs(before, wanted):
    terms = bigrams(before + wanted)
    assert set(bigrams(wanted)) <= set(terms)
