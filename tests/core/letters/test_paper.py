"""What a letter says, frozen: canonical text, numbers of headings, lines of titles, indents of the closing."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.letters.measures import CHARACTER, CHARACTERS, LINE, LINES, MM, closing_indents, issuer_size, width_of
from portal.core.letters.numbering import heading_numbers, outline_levels
from portal.core.letters.paper import (
    Block,
    Contact,
    Kind,
    Paper,
    Style,
    Table,
    attachment_lines,
    copies_line,
    note_line,
    numbered,
    printable,
)
from portal.core.letters.titles import WIDEST, title_lines
from portal.core.lib.numerals import chinese_number
from tests.core.letters.samples import OPINION, REPLY, SAMPLES


@pytest.mark.parametrize("name", SAMPLES)
def test_paper_comes_back_from_its_text_as_it_was(name):
    paper = SAMPLES[name]
    again = Paper.from_json(paper.to_json())
    assert again == paper
    assert again.to_json() == paper.to_json()
    assert Paper.from_data(paper.to_data()).digest() == paper.digest()


def test_digest_does_not_depend_on_the_order_of_stored_keys():
    data = REPLY.to_data()
    turned = json.loads(json.dumps(dict(reversed(data.items()))))
    assert Paper.from_data(turned).digest() == REPLY.digest()


def test_digest_changes_with_every_element():
    digests = {OPINION.digest()}
    changes = {
        "title": "另一标题",
        "number": "朝北民函〔2023〕33号",
        "addressee": "某委员",
        "blocks": OPINION.blocks[:-1],
        "attachments": (),
        "contact": None,
        "dated": date(2023, 3, 22),
        "sealed": False,
        "note": "",
        "copies": ("市政府办公室",),
        "print_copies": 7,
        "style": Style.LETTER,
    }
    for name, value in changes.items():
        digests.add(replace(OPINION, **{name: value}).digest())
    assert len(digests) == len(changes) + 1


@pytest.mark.parametrize("text", ["[]", "{}", '{"form":2}', '{"form":1,"style":"letter"}'])
def test_text_that_is_no_letter_is_refused(text):
    with pytest.raises(ValueError, match="letter"):
        Paper.from_json(text)


def test_text_with_an_unknown_element_is_refused():
    with pytest.raises(ValueError, match="unknown"):
        Paper.from_data(REPLY.to_data() | {"seal_picture": "x"})


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"), (9, "九"), (10, "十"), (14, "十四"), (20, "二十"), (29, "二十九"), (100, "一百"),
        (105, "一百〇五"), (115, "一百一十五"), (999, "九百九十九"),
    ],
)  # fmt: skip
def test_chinese_number(number, text):
    assert chinese_number(number) == text


@pytest.mark.parametrize("number", [0, -1, 1000])
def test_number_out_of_range_is_refused(number):
    with pytest.raises(ValueError, match="between 1 and 999"):
        chinese_number(number)


def test_headings_are_numbered_in_their_ranks_and_begin_anew_below_a_higher_one():
    levels = [1, 2, 2, 3, 0, 3, 4, 1, 2, 3, 4]
    assert list(heading_numbers(levels)) == [
        "一、", "（一）", "（二）", "1.", "", "2.", "（1）", "二、", "（一）", "1.", "（1）"
    ]  # fmt: skip


@given(st.lists(st.integers(0, 4), max_size=30))
def test_outline_begins_at_one_and_leaves_no_depth_out(levels):
    before = 0
    for level, depth in zip(levels, outline_levels(levels), strict=True):
        assert (depth == 0) == (level == 0)
        if depth:
            assert depth <= before + 1
            before = depth


def test_heading_that_runs_on_keeps_its_number_and_is_no_entry_of_the_outline():
    assert [(number, depth) for _, number, depth in numbered(OPINION)] == [
        ("", 0), ("一、", 1), ("（一）", 0), ("（二）", 0), ("二、", 1), ("（一）", 0), ("（二）", 0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("对市政协第十四届五次会议第0023号提案的落实答复", ("对市政协第十四届五次会议", "第0023号提案的落实答复")),
        ("关于对朝北市政协十二届二次会议176号提案答复意见的函", ("关于对朝北市政协十二届二次会议", "176号提案答复意见的函")),
        ("临山市民政局关于市政协六届二次会议第2023128号提案答复的函", ("临山市民政局关于市政协六届二次会议", "第2023128号提案答复的函")),
        ("关于某件事的函", ("关于某件事的函",)),
        ("第一行\n第二行较长一些", ("第一行", "第二行较长一些")),
    ],
)  # fmt: skip
def test_title_breaks_between_words(title, lines):
    assert title_lines(title) == lines


@given(
    st.text(
        st.sampled_from("关于对市政协第五次会议提案的答复《》（）〔2023〕号，、社区工作者"), min_size=1, max_size=110
    )
)
def test_title_loses_nothing_and_no_line_is_too_wide(title):
    lines = title_lines(title)
    assert "".join(lines) == title
    assert max(width_of(line) for line in lines) <= WIDEST


def test_title_keeps_numbers_and_words_whole():
    title = "滨海市民政局关于政协滨海市第十四届委员会第五次会议关于进一步加强社区工作者队伍建设的提案第0023号的答复函"
    lines = title_lines(title)
    widths = [width_of(line) for line in lines]
    assert len(lines) == 3
    assert not any(waist < min(widths[0], widths[2]) for waist in widths[1:2])  # no hourglass
    for whole in ("第十四届", "第五次会议", "第0023号", "社区工作者"):
        assert any(whole in line for line in lines), lines


@pytest.mark.parametrize(
    ("unit", "sealed", "indents"),
    [
        ("临山市民政局", True, (4, 4)),  # both are 6 characters wide
        ("民政局", True, (5.5, 4)),  # centred on the date
        ("某某省某某市某某区民政局办公室基层科", True, (0, 6)),  # too long for that: the date is centred below it
        ("临山市民政局", False, (4, 2)),
        ("某某市某某区民政局", False, (2, 3)),
        ("", False, (0, 2)),
    ],
)
def test_signature_and_date_stand_where_the_standard_has_them(unit, sealed, indents):
    assert closing_indents(unit, "2023年7月1日", sealed=sealed) == indents


def test_unsealed_date_begins_two_characters_after_the_unit():
    for unit in ("民政局", "临山市民政局", "某某省某某市民政局办公室"):
        unit_in, day_in = closing_indents(unit, "2023年11月30日", sealed=False)
        assert (day_in + width_of("2023年11月30日")) == (unit_in + width_of(unit)) - 2
        assert min(unit_in, day_in) == 2


def test_type_area_holds_22_lines_of_28_characters_and_no_more():
    assert LINES * LINE <= 225 * MM < (LINES + 1) * LINE
    assert pytest.approx(156 * MM) == CHARACTERS * CHARACTER
    assert CHARACTERS * (16 - 5 / 20) <= 156 * MM < (CHARACTERS + 1) * (16 - 5 / 20)  # as closed up in Word


def test_long_issuer_is_set_smaller_so_that_it_stands_on_one_line():
    assert issuer_size("临山市民政局", "letter") == 40
    long = "临山市人民政府基层政权建设和社区治理工作领导小组办公室文件"
    assert issuer_size(long, "file") * width_of(long) <= 156 * MM


def test_parts_of_a_contact_stand_side_by_side_while_they_fit():
    assert REPLY.contact.lines() == (
        "联系单位：临山市民政局基层治理处　　联系人：王喆",
        "联系电话：0570-0000000　　邮政编码：318000",
    )
    assert Contact(phone="0570-0000000").lines() == ("联系电话：0570-0000000",)


def test_attachments_are_numbered_only_where_there_are_several():
    assert attachment_lines(replace(OPINION, attachments=("名单",))) == (("附件：", "", "名单"),)
    assert [line[:2] for line in attachment_lines(OPINION)] == [("附件：", "1."), ("", "2.")]


def test_copies_end_with_a_full_stop_and_the_note_stands_in_brackets():
    assert copies_line(OPINION) == "市政府办公室（督查室），市政协提案委。"
    assert note_line(OPINION) == note_line(replace(OPINION, note="（此件主动公开）")) == "（此件主动公开）"
    assert copies_line(REPLY) == note_line(REPLY) == ""


@pytest.mark.parametrize(
    "values",
    [
        {"rows": (("a", "b"), ("c",))},
        {"rows": ()},
        {"rows": (("a", "b"),), "widths": (1,)},
        {"rows": (("a",),), "header_rows": 2},
    ],
)
def test_crooked_table_is_refused(values):
    with pytest.raises(ValueError, match="table"):
        Table(**values)


def test_table_and_text_are_not_mixed_up():
    with pytest.raises(ValueError, match="table"):
        Block(Kind.TABLE, "文字")


def test_signs_that_nobody_sees_are_left_out():
    assert printable("民\u200b政\x00局\u202e〔2023〕\n䶮𠮷") == "民政局〔2023〕\n䶮𠮷"
