"""Redaction: no phone number of any form survives, numbers of documents, dates and figures do; names and addresses."""

import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.letters.paper import Block, Contact, Kind, Paper, Style, Table
from proposals.redaction import HIDDEN, STAMP, Known, doubts, masked_name, redact, redact_paper, texts_of

DIGITS = "0123456789"
CHINESE = "零一二三四五六七八九"
CLAUSES = ("现答复如下", "我局高度重视", "已配备社区工作者", "请与我们联系", "王某同志", "该项目已完工", "如有疑问")


@st.composite
def mobiles(draw):
    """A mobile number in one of the ways people write it."""
    digits = "1" + draw(st.sampled_from("3456789")) + draw(st.text(DIGITS, min_size=9, max_size=9))
    cuts = draw(st.sampled_from([(), (3, 7), (3, 6), (4, 8), (3,), (7,), (4, 7)]))
    separator = draw(st.sampled_from([" ", "-", "—", ".", "·", "－", "\u3000", " - "]))
    ends = (0, *cuts, 11)
    text = separator.join(digits[a:b] for a, b in zip(ends, ends[1:], strict=False))
    prefix = draw(st.sampled_from(["", "+86", "+86 ", "0086-", "(+86)", "86-"]))
    return digits, prefix + text


@st.composite
def landlines(draw):
    """A landline with its area code, perhaps with an extension."""
    area = draw(st.sampled_from(["010", "022", "025", "0421", "0576", "0717", "0571"]))
    local = draw(st.sampled_from("2345678")) + draw(st.text(DIGITS, min_size=6, max_size=7))
    form = draw(st.sampled_from(["{}-{}", "({}){}", "（{}）{}", "{} {}", "{}{}", "{}—{}", "{} - {}"]))
    ending = draw(st.sampled_from(["", "", "转801", "-8012", " 转 12", "分机3"]))
    return area + local, form.format(area, local) + ending


@st.composite
def labelled(draw):
    """A local number that only its label tells."""
    local = draw(st.sampled_from("2345678")) + draw(st.text(DIGITS, min_size=6, max_size=7))
    label = draw(
        st.sampled_from(
            [
                "电话：",
                "联系电话:",
                "手机",
                "传真：",
                "办公电话 ",
                "电话号码是",
                "Tel: ",
                "请致电",
                "热线",
                "联系人：张某 ",
            ]
        )
    )
    return local, label + draw(st.sampled_from([local, f"{local[:4]}-{local[4:]}", f"{local[:3]} {local[3:]}"]))


def scripts(text: str, form: str) -> str:
    if form == "wide":
        return "".join(chr(ord(sign) + 0xFEE0) if sign in DIGITS else sign for sign in text)
    if form == "zero width":
        return "\u200b".join(text)
    return text


def digits_of(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign if sign in DIGITS else str(CHINESE.find(sign)) if sign in CHINESE else "" for sign in plain)


@given(
    number=st.one_of(mobiles(), landlines(), labelled()),
    form=st.sampled_from(["plain", "wide", "zero width"]),
    before=st.sampled_from(CLAUSES),
    after=st.sampled_from(CLAUSES),
    joint=st.sampled_from(["，", "（", "：", ""]),
)
def test_no_phone_number_of_any_form_survives(number, form, before, after, joint):
    digits, written = number
    made = redact(f"{before}{joint}{scripts(written, form)}，{after}。")
    assert not any(digits[at : at + 4] in digits_of(made.text) for at in range(len(digits) - 3)), made.text
    assert made.counts["phone"] >= 1
    assert made.text.startswith(before[:3]) and made.text.endswith(f"{after}。")


@given(st.sampled_from("3456789"), st.text(DIGITS, min_size=9, max_size=9), st.sampled_from("一幺"))
def test_number_in_chinese_characters_does_not_survive(second, rest, one):
    spelled = one + "".join(CHINESE[int(digit)] for digit in second + rest)
    made = redact(f"请拨打{spelled}咨询")
    assert made.text == f"请拨打{HIDDEN}咨询"


@st.composite
def facts(draw):
    """A number that a letter has to keep: of a document or proposal, a day, a figure."""
    year, small = draw(st.integers(1990, 2035)), draw(st.integers(1, 999))
    day = draw(st.dates(date(1990, 1, 1), date(2035, 12, 31)))
    figure, share = draw(st.integers(0, 999_999)), draw(st.decimals(0, 100, places=2))
    return draw(
        st.sampled_from(
            [
                f"朝民函〔{year}〕{small}号", f"津政发〔{year}〕{small}号", f"第{small:04d}号提案", f"第{year}{small:03d}号",
                f"{day.year}年{day.month}月{day.day}日", day.isoformat(), f"{day:%Y.%m.%d}", f"{year}-{year + 5}年",
                f"{figure}人", f"{figure:,}户", f"{figure * 1000:,}元", f"{share}%", f"{figure}.{small}万元", f"每万人{small}名",
                f"{small}个社区配备{figure}名", f"{small}-{small + 100}人", f"拨打12345热线{small}件", f"电话回访{figure}户",
                f"一是{year}年、二是{year + 1}年", f"十四届{small}次会议",
            ]
        )
    )  # fmt: skip


@given(st.lists(facts(), min_size=1, max_size=6), st.sampled_from(["，", "；", "、", "。"]))
def test_documents_dates_and_figures_survive(kept, joint):
    text = "经研究：" + joint.join(kept) + "。"
    assert redact(text).text == text


@given(st.lists(st.one_of(facts(), mobiles().map(lambda pair: pair[1])), max_size=5))
def test_doing_it_again_changes_nothing(parts):
    once = redact("，".join(parts)).text
    assert redact(once).text == once


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("邮箱 li@example.gov.cn。", f"邮箱 {HIDDEN}。"),
        ("微信号：wx_12345 联系", f"微信号：{HIDDEN} 联系"),
        ("身份证99990119900101123X。", f"身份证{HIDDEN}。"),
        ("通信地址：示例区示例路1号2门301室，邮编000000", f"通信地址：{HIDDEN}，邮编000000"),
        ("办公电话：8123、8124", f"办公电话：{HIDDEN}"),
        ("可致电12345热线", "可致电12345热线"),
        ("投诉电话：12345", "投诉电话：12345"),
        ("400-810-0000", HIDDEN),
        ("+1 202 555 0100", HIDDEN),
        ("6666 6666转 801", HIDDEN),
        ("0000-0000000", HIDDEN),
        ("居委会340/1424/1416/358个", "居委会340/1424/1416/358个"),
        ("共1004+1341-704=1641人", "共1004+1341-704=1641人"),
        ("编码400-497和499", "编码400-497和499"),
    ],
)
def test_what_goes_and_what_stays(text, kept):
    assert redact(text).text == kept


def test_what_is_on_file_goes_wherever_it_stands():
    known = Known(phones=("7654321",), addresses=("示例路8号",), names=("甲委员", "张三丰"), further=("某 特殊疾病",))
    made = redact("张三丰同志（765 43-21）住示例路 8号，患某特殊疾病；张 三丰补充", known)
    assert made.text == f"张某同志（{HIDDEN}）住{HIDDEN}，患{HIDDEN}；张某补充"
    assert made.counts == {"phone": 1, "address": 1, "name": 2, "given": 1}
    assert masked_name(" 欧阳明 ") == "欧某" and masked_name("") == ""


def test_numbers_that_the_rule_cannot_tell_are_doubts():
    text = "登记号66666666，约1,234,567元，第2023128号提案，2023-03-21，2021-2025年，3310人，6666 6666"
    assert doubts(text) == ("66666666", "6666 6666")


def test_whole_letter_is_redacted_and_says_so():
    paper = Paper(
        style=Style.LETTER,
        title="关于第0023号提案\n答复的函",
        number="东民函〔2026〕3号",
        addressee="甲乙丙委员",
        blocks=(
            Block(Kind.HEADING_1, "配备情况", follows="联系人手机10000000000以外，13800000000"),
            Block(Kind.TABLE, table=Table((("单位", "电话"), ("一科", "022-23456789")), caption="甲乙丙")),
        ),
        attachments=("甲乙丙材料",),
        contact=Contact(unit="东区民政局", person="丁某", phone="0000-0000000", postcode="000000"),
        signature="东区民政局",
        dated=date(2026, 3, 21),
        note="此件主动公开",
        copies=("区政协提案委",),
        print_copies=6,
    )
    public, counts = redact_paper(paper, Known(names=("甲乙丙",)))
    assert public.contact == Contact(unit="东区民政局")
    assert (public.title, public.number, public.dated, public.stamp) == (paper.title, paper.number, paper.dated, STAMP)
    assert public.addressee == "甲某委员" and public.attachments == ("甲某材料",)
    assert public.blocks[1].table.rows == (("单位", "电话"), ("一科", HIDDEN))
    assert "13800000000" not in public.to_json() and "23456789" not in public.to_json()
    assert counts["phone"] >= 3 and counts["name"] == 4
    assert "丁某" in " ".join(texts_of(paper)) and not re.search("丁某|乙丙", " ".join(texts_of(public)))
