"""Wording of answers: the forms of domain §1.L, and the slips of the sources of §1.N (names invented)."""

from dataclasses import replace

import pytest

from proposals import wording
from proposals.wording import Draft, Matter, Slip

MEMBER = Matter(
    body="cppcc",
    organ="市政协",
    session="市政协十二届二次会议",
    number="176",
    subject="关于加强社区工作者队伍建设的提案",
    proposer_type="member",
    names=("甲某",),
    unit="示例市民政局",
)
FIVE = replace(MEMBER, proposer_type="joint", names=("甲某", "乙某", "丙某", "丁某", "戊某"))
PARTY = replace(MEMBER, proposer_type="party", names=("某党示例市委会",), number="0023")
SUGGESTION = replace(
    MEMBER, body="npc", organ="市人大", session="市人大十七届三次会议", subject="关于充实社区力量的建议"
)


def draft(
    matter: Matter = MEMBER, opinions: dict | None = None, contact="办公室", phone="0000-1234567", **parts
) -> Draft:
    made = {
        "title": wording.title(matter),
        "addressee": wording.addressee(matter),
        "opening": wording.opening(matter),
        "closing": wording.closing(matter),
    }
    return Draft(matter=matter, parts=made | parts, contact=contact, phone=phone, opinions=opinions or {})


def codes(one: Draft) -> list[str]:
    return [slip.code for slip in wording.slips(one)]


@pytest.mark.parametrize(
    ("matter", "addressee", "honorific"),
    [
        (MEMBER, "甲某委员", "您"),
        (replace(MEMBER, names=("甲委员",)), "甲委员", "您"),
        (FIVE, "甲某、乙某、丙某、丁某、戊某等5位委员", "你们"),
        (PARTY, "某党示例市委会", "贵党派"),
        (replace(PARTY, proposer_type="organisation", names=("市总工会",)), "市总工会", "贵会"),
        (replace(PARTY, names=("某党市委会", "某会市委会")), "某党市委会、某会市委会", "你们"),
        (SUGGESTION, "甲某代表", "您"),
        (replace(SUGGESTION, proposer_type="joint", names=("甲某", "乙某")), "甲某、乙某等2位代表", "你们"),
        (replace(SUGGESTION, proposer_type="delegation", names=("东区代表团",)), "东区代表团", "贵代表团"),
    ],
)
def test_addressee_and_form_of_address_follow_who_proposed(matter, addressee, honorific):
    assert (wording.addressee(matter), wording.honorific(matter)) == (addressee, honorific)


def test_title_names_session_number_and_kind_of_document():
    assert wording.title(MEMBER) == "示例市民政局关于市政协十二届二次会议第176号提案答复的函"
    assert wording.title(replace(PARTY, kind="implementation")) == (
        "示例市民政局关于市政协十二届二次会议第0023号提案落实答复的函"
    )
    assert wording.title(SUGGESTION) == "示例市民政局关于市人大十七届三次会议第176号建议答复的函"


def test_opening_never_doubles_the_word_of_the_document():
    assert wording.opening(MEMBER) == (
        "您在市政协十二届二次会议上提出的《关于加强社区工作者队伍建设的提案》（第176号）收悉。经研究，现答复如下："
    )
    bare = replace(FIVE, subject="关于加强社区工作者队伍建设", co_handlers=("市人力社保局", "市财政局"))
    assert wording.opening(bare) == (
        "你们在市政协十二届二次会议上提出的《关于加强社区工作者队伍建设》（第176号）提案收悉。"
        "经会同市人力社保局、市财政局研究，现答复如下："
    )


def test_opening_of_a_second_and_of_an_implementation_reply():
    assert wording.opening(replace(MEMBER, kind="second")) == (
        "对您在市政协十二届二次会议上提出的《关于加强社区工作者队伍建设的提案》（第176号）的答复，您反馈了意见。"
        "经再次研究，现再次答复如下："
    )
    assert wording.opening(replace(PARTY, kind="implementation")) == (
        "贵党派在市政协十二届二次会议上提出的《关于加强社区工作者队伍建设的提案》（第0023号）已作答复。现将落实情况答复如下："
    )


def test_closing_and_copies_follow_the_body():
    assert wording.closing(FIVE) == "感谢你们对我们工作的关心和支持，欢迎继续提出宝贵意见。"
    assert wording.closing(SUGGESTION) == "感谢您对我们工作的关心、支持和监督，欢迎继续提出宝贵意见。"
    assert wording.copies(MEMBER) == ("市政府办公室（督查室）", "市政协提案委")
    assert wording.copies(SUGGESTION) == ("市政府办公室（督查室）", "市人大常委会办公室")


@pytest.mark.parametrize("kind", ["reply", "second", "implementation"])
@pytest.mark.parametrize("matter", [MEMBER, FIVE, PARTY, SUGGESTION])
def test_what_the_rules_propose_has_no_slips(matter, kind):
    assert wording.slips(draft(replace(matter, kind=kind))) == []


def test_thanks_to_one_in_a_letter_to_five_is_mixed():
    found = wording.slips(draft(FIVE, closing="感谢您对民政工作的关心和支持！"))
    assert found == [Slip("honorific_mixed", "closing", "你们、您", "你们")]


def test_one_form_of_address_that_is_the_wrong_one():
    opening = "您提出的提案（第176号）收悉。"
    assert wording.slips(draft(FIVE, opening=opening, closing="")) == [Slip("honorific_wrong", "opening", "您", "你们")]


def test_ordinary_words_with_the_same_characters_are_no_address():
    assert codes(draft(section1="感谢宝贵意见，贵州会议，珍贵会展；《致您的一封信》。")) == []


@pytest.mark.parametrize("text", ["您提出的关于《关于建设的提案》", "关于关于建设的提案", "关于“关于建设”"])
def test_doubled_about(text):
    assert "about_doubled" in codes(draft(section1=text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("根据示政办[2021]61号文件", ["number_brackets"]),
        ("根据示政办(2021)61号文件", ["number_brackets"]),
        ("根据示政办（2021）61号文件", ["number_brackets"]),
        ("根据示政办〔2021〕第61号文件", ["number_form"]),
        ("根据示政办〔2021〕061号文件", ["number_form"]),
        ("根据示政办〔2021〕61号文件", []),
        ("本次会议（2021）第一次召开", []),
    ],
)
def test_brackets_and_form_of_document_numbers(text, code):
    assert codes(draft(section1=text)) == code


def test_suggestion_called_proposal_and_the_reverse():
    found = wording.slips(draft(SUGGESTION, section1="您的提案很好。"))
    assert found == [Slip("word_wrong", "section1", "提案", "建议")]
    assert wording.slips(draft(SUGGESTION, section1="见《市政协提案工作条例》，抄送市政协提案委。")) == []
    assert codes(draft(MEMBER, section1="第176号建议收悉")) == ["word_wrong"]
    assert codes(draft(MEMBER, section1="关于您提出的加大培训力度的建议，我们已采纳。")) == []


def test_deputy_addressed_as_member_and_the_reverse():
    assert codes(draft(SUGGESTION, addressee="甲某委员")) == ["member_wrong"]
    assert codes(draft(MEMBER, addressee="甲某代表")) == ["member_wrong"]
    assert codes(draft(PARTY, addressee="某党示例市委员会")) == []


def test_count_of_addressees_equals_the_names():
    found = wording.slips(draft(FIVE, addressee="甲某、乙某、丙某、丁某等5位委员"))
    assert found == [Slip("count_wrong", "addressee", "5", "4")]


def test_contact_missing_and_mobile_number_printed():
    assert wording.slips(draft(contact="", phone=" ")) == [Slip("contact_missing", "contact", "", "联系人、联系电话")]
    assert wording.slips(draft(phone="13800000000")) == [Slip("mobile_printed", "contact", "13800000000")]
    assert codes(draft(section1="请拨打 138 0000 0000。")) == ["mobile_printed"]


def test_number_of_the_document_is_named():
    made = draft(title="关于提案答复的函", opening="您提出的提案收悉。")
    assert wording.slips(made) == [Slip("number_absent", "title", "", "第176号")]


def test_co_handler_named_without_an_opinion_on_file():
    made = replace(MEMBER, co_handlers=("市人力社保局", "市财政局"))
    found = wording.slips(draft(made, opinions={"市人力社保局": True, "市财政局": False, "市教育局": False}))
    assert found == [Slip("opinion_missing", "", "市财政局")]


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("一、基本情况", "基本情况"),
        ("（二）下一步", "下一步"),
        ("1. 扩大覆盖", "扩大覆盖"),
        ("（1）资金", "资金"),
        ("1.5万人持证", "1.5万人持证"),
        ("一是加强培训", "一是加强培训"),
    ],
)
def test_number_typed_before_a_heading_is_taken_off(typed, bare):
    assert wording.bare_heading(typed) == bare
