"""Numbers typed by hand in a text, with what they seem to be about. Knows no figures: words in, places out."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

# How a number is followed by what it counts; the key is that of `indicators.declare.Unit`.
UNITS = {
    "人次": "person_times",
    "名": "persons",
    "人": "persons",
    "位": "persons",
    "%": "percent",
    "％": "percent",
    "份": "contracts",
    "件": "matters",
    "个": "places",
    "家": "places",
    "处": "places",
    "元": "yuan",
    "岁": "age",
    "年": "years",
    "级": "grade",
}
_NUMBER = re.compile(
    rf"(?<![\d.,，〔号第年月至—\-])(?<!\d到)(\d{{1,3}}(?:,\d{{3}})+|\d+)(\.\d{{1,4}})?[  ]?(万)?[  ]?({'|'.join(UNITS)})"
    r"(?!百分点|以上|以下|以内|左右|余|多|月|度)"
)
_SENTENCE = re.compile(r"[。；！？\n]")
# What the number then tells is a part, an aim or a change, and not the figure itself.
_OTHER = re.compile(
    r"其中|新增|增加|减少|提高|下降|增长|新招|招聘|招录|计划|力争|不少于|不低于|不超过|至少|超过|将|近$|约$|达到国|以上|以下"
    r"|目标|标准|要求|应当|每年|每个|平均每|上年|去年|同比|比上|另有"
)
_LINK = re.compile(r"(?:总数|总量|人数|数量|队伍|规模|现有|共有|共计|共|已|达到|达|为|是|有|总计|合计|在岗|\s)*")
_COUNTS = re.compile(r"(?:现有|共有|共计|共|总计|合计|有)$")
_SHARED = re.compile(r"每|人均|户均")
_DAY = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日|底|末)|底|末)")
_FIRST_YEAR = 1900  # what is then counted is the calendar, not service
BEHIND = 4


@dataclass(frozen=True)
class Typed:
    """A number as typed: where, how exact, in what unit, about which figure, and of which day where the text names one."""

    start: int
    end: int
    text: str
    value: Decimal
    decimals: int
    scale: int
    about: str
    on: date | None


def typed_numbers(text: str, labels: Mapping[str, Iterable[tuple[str, str]]]) -> list[Typed]:
    """The numbers of a text that stand beside the name of a figure of their unit.

    `labels` gives names and keys of figures by unit. Numbers that tell a part, an aim or a change are left out: better to
    miss one than to cry wolf.
    """
    found = []
    for number in _NUMBER.finditer(text):
        start = max((cut.end() for cut in _SENTENCE.finditer(text, 0, number.start())), default=0)
        before = text[start : number.start()]
        about = _named(before, text[number.end() : number.end() + 20], labels.get(UNITS[number[4]], ()))
        if about is None:
            continue
        decimals = len(number[2]) - 1 if number[2] else 0
        value = Decimal(number[1].replace(",", "") + (number[2] or ""))
        if number[4] == "年" and value >= _FIRST_YEAR:
            continue
        scale = 10_000 if number[3] else 1
        found.append(Typed(*number.span(), number[0], value, decimals, scale, about, _day(before)))
    return found


def _named(before: str, after: str, labels: Iterable[tuple[str, str]]) -> str | None:
    """The figure whose name stands before the number with nothing but a verb between, or right behind 共有 8 名.

    Of several the longest name. A number per resident or place is no number of people.
    """
    clause = re.split(r"[，,、：:]", before)[-1]
    if _OTHER.search(clause):
        return None
    found = [
        (len(label), key)
        for label, key in labels
        if (_SHARED.search(label) or not _SHARED.search(clause)) and _beside(clause, after, label)
    ]
    return max(found)[1] if found else None


def _beside(clause: str, after: str, label: str) -> bool:
    place = clause.rfind(label)
    if place >= 0 and _LINK.fullmatch(clause[place + len(label) :]):
        return True
    return 0 <= after.find(label) <= BEHIND and bool(_COUNTS.search(clause))


def _day(before: str) -> date | None:
    """The last day named in the sentence: 2025年底, 2025年6月底, 2025年6月3日."""
    days = [*_DAY.finditer(before)]
    if not days:
        return None
    year, month, day = (int(part) if part else None for part in days[-1].groups())
    try:
        if day:
            return date(year, month, day)
        following = date(year + 1, 1, 1) if month in (None, 12) else date(year, month + 1, 1)
        return following - timedelta(days=1)
    except ValueError:
        return None
