"""How an answer is worded: title, addressee, form of address, opening, closing, copies; and what its wording gets wrong.

Forms and slips are those of the replies that the rules were read from (domain §1.L, §1.N). Pure: knows no database. Bodies,
kinds and types of proposers are the values of `proposals.enums`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from proposals.bodies import NPC, PEOPLE, WORDS

_COLLECTIVE = {
    "party": "贵党派",
    "organisation": "贵会",
    "sector": "贵界别",
    "group": "贵小组",
    "committee": "贵委",
    "delegation": "贵代表团",
}
_KINDS = {"reply": "答复", "second": "再次答复", "implementation": "落实答复"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What an answer is about. `session` stands in words (市政协十四届五次会议), `organ` is the body's name (市政协).

    `names` are those of the proposers, first signer first; `number` is text and keeps its zeros.
    """

    body: str
    organ: str
    session: str
    number: str
    subject: str
    proposer_type: str
    names: tuple[str, ...]
    unit: str
    kind: str = "reply"
    co_handlers: tuple[str, ...] = ()


def title(matter: Matter) -> str:
    """东区民政局关于区政协十四届五次会议第0023号提案答复的函."""
    word = WORDS[matter.body].document
    return f"{matter.unit}关于{matter.session}第{matter.number}号{word}{_KINDS[matter.kind]}的函"


def addressee(matter: Matter) -> str:
    """甲某委员, 甲某、乙某等2位委员, or the names of organisations; without the colon that is printed behind it."""
    names = matter.names
    if matter.proposer_type not in PEOPLE:
        return "、".join(names)
    word = WORDS[matter.body].person
    plain = [name.removesuffix(word) or name for name in names]
    if len(plain) == 1:
        return f"{plain[0]}{word}"
    return f"{'、'.join(plain)}等{len(plain)}位{word}"


def honorific(matter: Matter) -> str:
    """您 to one, 你们 to several, 贵党派 or 贵会 to one organisation."""
    if len(matter.names) > 1:
        return "你们"
    return "您" if matter.proposer_type in PEOPLE else _COLLECTIVE[matter.proposer_type]


def opening(matter: Matter) -> str:
    """The first paragraph: what was received, with whom it was studied, that the answer follows."""
    subject, word = f"《{matter.subject}》（第{matter.number}号）", WORDS[matter.body].document
    named = subject if matter.subject.endswith(word) else f"{subject}{word}"
    brought = f"{honorific(matter)}在{matter.session}上提出的{named}"
    studied = f"经会同{'、'.join(matter.co_handlers)}研究" if matter.co_handlers else "经研究"
    if matter.kind == "second":
        return (
            f"对{brought}的答复，{honorific(matter)}反馈了意见。{studied.replace('经', '经再次', 1)}，现再次答复如下："
        )
    if matter.kind == "implementation":
        return f"{brought}已作答复。现将落实情况答复如下："
    return f"{brought}收悉。{studied}，现答复如下："


def closing(matter: Matter) -> str:
    """Thanks in the same form of address as the opening; deputies also supervise."""
    care = "关心、支持和监督" if matter.body == NPC else "关心和支持"
    return f"感谢{honorific(matter)}对我们工作的{care}，欢迎继续提出宝贵意见。"


def copies(matter: Matter) -> tuple[str, ...]:
    """Who gets a copy: the supervision room of the government, and the body through its own office."""
    place = matter.organ.removesuffix("政协").removesuffix("人大")
    own = f"{matter.organ}常委会办公室" if matter.body == NPC else f"{matter.organ}提案委"
    return (f"{place}政府办公室（督查室）", own)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter as far as its words go. `parts` are title, addressee, opening, closing, and sections by their place.

    `opinions` says of each co-handler by short name whether its opinion is on file.
    """

    matter: Matter
    parts: Mapping[str, str]
    contact: str = ""
    phone: str = ""
    opinions: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Slip:
    """Something to look at again: `code` of the rule, the part it is in ("" = the letter), what was found and expected."""

    code: str
    part: str = ""
    found: str = ""
    expected: str = ""


_QUOTED = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")
_POLITE = re.compile(r"(?<![宝珍昂名富尊华高])贵(?:党派|代表团|界别|小组|会|委|团|单位)(?![议员任托])|您|你们|你(?!们)")
_DOUBLED = re.compile(r"关于\s*[《“]?\s*关于")
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,5}\s*(?:\[|\(|（|【|［|〔)\s*(?:19|20)\d{2}\s*(?:\]|\)|）|】|］|〕)\s*(第?)\s*(0*)\d+\s*号"
)
_SIX_ANGLES = re.compile(r"〔(?:19|20)\d{2}〕")
_AS_SUGGESTION = re.compile(r"第\s*[0-9A-Za-z\-]+\s*号(?:代表)?建议|号[）)]\s*的?建议|建议收悉|建议答复|代表建议")
_COUNTED = re.compile(r"^(.+?)等\s*(\d+)\s*[位名]")
_ADDRESSED_WRONG = {NPC: re.compile(r"委员$"), "": re.compile(r"代表$")}
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)")


def slips(draft: Draft) -> list[Slip]:
    """Everything about the wording of a letter that is likely to be wrong, in the order of the letter."""
    return [
        *_address(draft),
        *(slip for part, text in draft.parts.items() for slip in _in_part(draft, part, text)),
        *_about_all(draft),
    ]


def _address(draft: Draft) -> Iterator[Slip]:
    """您 to five members, 您 beside 你们 (domain §1.N, 4)."""
    places: dict[str, str] = {}
    for part, text in draft.parts.items():
        for found in _POLITE.findall(_QUOTED.sub("", text)):
            places.setdefault(found, part)
    meant = honorific(draft.matter)
    if len(places) > 1:
        yield Slip("honorific_mixed", next(reversed(places.values())), "、".join(places), meant)
    elif places and meant not in places:
        found, part = next(iter(places.items()))
        yield Slip("honorific_wrong", part, found, meant)


def _in_part(draft: Draft, part: str, text: str) -> Iterator[Slip]:
    if found := _DOUBLED.search(text):
        yield Slip("about_doubled", part, found[0], "关于")
    for number in _NUMBER.finditer(text):
        if not _SIX_ANGLES.search(number[0]):
            yield Slip("number_brackets", part, number[0], "〔〕")
        elif number[1] or number[2]:
            yield Slip("number_form", part, number[0], "")
    yield from _wrong_word(draft.matter.body, part, text)
    if found := _MOBILE.search(text):
        yield Slip("mobile_printed", part, found[0])


def _wrong_word(body: str, part: str, text: str) -> Iterator[Slip]:
    """A suggestion of deputies is no 提案. Of a proposal 建议 is wrong only where it names the document: its points are 建议."""
    if body == NPC:
        bare = _QUOTED.sub("", text).replace("提案委", "")
        if "提案" in bare:
            yield Slip("word_wrong", part, "提案", "建议")
    elif found := _AS_SUGGESTION.search(text):
        yield Slip("word_wrong", part, found[0], "提案")
    if part == "addressee" and (found := _ADDRESSED_WRONG[NPC if body == NPC else ""].search(text.strip("：: "))):
        yield Slip("member_wrong", part, found[0], WORDS[body].person)


def _about_all(draft: Draft) -> Iterator[Slip]:
    addressed = draft.parts.get("addressee", "")
    if (counted := _COUNTED.match(addressed)) and len(counted[1].split("、")) != int(counted[2]):
        yield Slip("count_wrong", "addressee", counted[2], str(len(counted[1].split("、"))))
    head = draft.parts.get("title", "") + draft.parts.get("opening", "")
    if f"{draft.matter.number}号" not in head:
        yield Slip("number_absent", "title", "", f"第{draft.matter.number}号")
    missing = [word for word, text in (("联系人", draft.contact), ("联系电话", draft.phone)) if not text.strip()]
    if missing:
        yield Slip("contact_missing", "contact", "", "、".join(missing))
    if _MOBILE.search(draft.phone):
        yield Slip("mobile_printed", "contact", draft.phone)
    everything = "".join(draft.parts.values())
    silent = [name for name, given in draft.opinions.items() if not given and name in everything]
    if silent:
        yield Slip("opinion_missing", "", "、".join(silent))


_TYPED_NUMBER = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、](?!\d))\s*"
)


def bare_heading(text: str) -> str:
    """A heading without the number typed before it: 一、（一）1.（1） are given by its level and place."""
    return _TYPED_NUMBER.sub("", text.strip(), count=1)
