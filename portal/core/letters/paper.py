"""An official letter as it says what it says, whatever it is printed with.

The paper is frozen with its letter: its canonical text is what is stored and sealed, Word file and PDF are made of it
alone. Source of the elements and their names: GB/T 9704-2012.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from portal.core.letters.measures import CHARACTERS, width_of
from portal.core.letters.numbering import heading_numbers, outline_levels

FORM = 1  # of the canonical text; a later form has to read the earlier ones
# Elements that came later: left out of the text where they are empty, so that earlier letters keep their hash.
_LATER = ("annexes", "joint", "both_sides")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


class Style(StrEnum):
    """文件式, with 版头 and 版记; 信函格式, for letters between equals."""

    FILE = "file"
    LETTER = "letter"


class Kind(StrEnum):
    """What a block is; the four ranks of headings are numbered 一、（一）1.（1）."""

    HEADING_1 = "heading1"
    HEADING_2 = "heading2"
    HEADING_3 = "heading3"
    HEADING_4 = "heading4"
    PARAGRAPH = "paragraph"
    TABLE = "table"

    @property
    def level(self) -> int:
        """Rank of a heading, 0 of anything else."""
        return int(self.value[-1]) if self.value.startswith("heading") else 0


@dataclass(frozen=True, slots=True)
class Table:
    """A small table: the first `header_rows` rows stand on top of every page; `widths` are shares of the line."""

    rows: tuple[tuple[str, ...], ...]
    header_rows: int = 1
    widths: tuple[int, ...] = ()
    caption: str = ""

    def __post_init__(self) -> None:
        columns = {len(row) for row in self.rows}
        if len(columns) != 1 or 0 in columns:
            raise ValueError("every row of a table needs the same number of cells, and at least one")
        if self.widths and ({len(self.widths)} != columns or min(self.widths) < 1):
            raise ValueError("a table needs one width per column, each at least 1")
        if not 0 <= self.header_rows <= len(self.rows):
            raise ValueError("a table has no more header rows than rows")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph or a table. `follows` runs on in the line of a heading, set as plain text."""

    kind: Kind
    text: str = ""
    follows: str = ""
    table: Table | None = None

    def __post_init__(self) -> None:
        if (self.kind == Kind.TABLE) != (self.table is not None):
            raise ValueError("a block holds a table exactly when it is of that kind")


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask; empty parts are not printed. `role` is the word before the name: 联系人 or 工作人员."""

    unit: str = ""
    person: str = ""
    phone: str = ""
    postcode: str = ""
    role: str = "联系人"

    def lines(self) -> tuple[str, ...]:
        """What is printed: as many parts side by side as a line holds."""
        parts = (
            ("联系单位", self.unit),
            (self.role, self.person),
            ("联系电话", self.phone),
            ("邮政编码", self.postcode),
        )
        lines: list[str] = []
        for said in (f"{label}：{text}" for label, text in parts if text):
            joined = f"{lines[-1]}　　{said}" if lines else said
            if lines and width_of(joined) <= CHARACTERS - 2:
                lines[-1] = joined
            else:
                lines.append(said)
        return tuple(lines)


@dataclass(frozen=True, slots=True)
class Annex:
    """The pages of an attachment that is bound with the letter; `number` is its place among the names, which holds its title."""

    number: int
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A letter with all its elements. Empty text, None and empty tuples mean that the element is not printed."""

    style: Style
    title: str  # line breaks in it are kept
    issuer: str = ""  # 发文机关标志 as printed in red, of 文件式 with the word 文件
    number: str = ""  # 发文字号
    class_mark: str = ""  # 办理结果 A, B, C or D, at the top right of page 1
    addressee: str = ""  # 主送, without the colon
    blocks: tuple[Block, ...] = ()
    attachments: tuple[str, ...] = ()  # their names, without number
    annexes: tuple[Annex, ...] = ()  # those with pages of their own, in the order of the names
    contact: Contact | None = None
    contact_first: bool = False  # before the signature instead of after the date
    signature: str = ""  # 发文机关署名
    joint: tuple[str, ...] = ()  # 联合行文: the units that issue it with the one of `signature`, in their order
    dated: date | None = None  # 成文日期
    sealed: bool = True  # a seal will stand on signature and date
    note: str = ""  # 附注, without the brackets
    copies: tuple[str, ...] = ()  # 抄送
    print_office: str = ""
    printed_on: date | None = None  # 印发日期
    print_copies: int | None = None  # 共印份数
    stamp: str = ""  # on top of every page of a draft
    both_sides: bool = False  # 双面印刷: 版记 stands on the back of the last sheet

    def __post_init__(self) -> None:
        numbers = [annex.number for annex in self.annexes]
        if sorted(set(numbers)) != numbers or not set(numbers) <= set(range(1, len(self.attachments) + 1)):
            raise ValueError("an annex has the number of an attachment that is named, each once and in order")

    def to_json(self) -> str:
        """The canonical text: the same paper gives the same text, byte for byte."""
        plain = {"form": FORM, **asdict(self)}
        plain = {name: value for name, value in plain.items() if value or name not in _LATER}
        return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The paper of a canonical text. ValueError where it is of another form, lacks or holds what it should not."""
        return cls.from_data(json.loads(text))

    def to_data(self) -> dict[str, Any]:
        """The canonical text as plain data, for a column of JSON."""
        data: dict[str, Any] = json.loads(self.to_json())
        return data

    @classmethod
    def from_data(cls, data: object) -> Self:
        """As `from_json`, of plain data."""
        if not isinstance(data, dict) or data.get("form") != FORM:
            raise ValueError("this is not the text of a letter, or of a form that this version cannot read")
        try:
            return cls(**_elements({name: value for name, value in data.items() if name != "form"}))
        except (TypeError, KeyError) as error:
            raise ValueError(f"the text of the letter lacks something or holds something unknown: {error}") from error

    def digest(self) -> str:
        """SHA-256 of the canonical text."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in a letter")


def _elements(plain: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(plain)
    made["style"] = Style(made["style"])
    made["blocks"] = tuple(_block(one) for one in made["blocks"])
    made["contact"] = Contact(**made["contact"]) if made["contact"] else None
    made["annexes"] = tuple(_annex(one) for one in made.get("annexes", ()))
    for name in ("attachments", "copies", "joint"):
        made[name] = tuple(made.get(name, ()))
    for name in ("dated", "printed_on"):
        made[name] = date.fromisoformat(made[name]) if made[name] else None
    return made


def _annex(plain: Mapping[str, Any]) -> Annex:
    return Annex(plain["number"], tuple(_block(one) for one in plain["blocks"]))


def _block(plain: Mapping[str, Any]) -> Block:
    table = plain["table"]
    if table:
        rows = tuple(tuple(row) for row in table["rows"])
        table = Table(**{**table, "rows": rows, "widths": tuple(table["widths"])})
    return Block(**{**plain, "kind": Kind(plain["kind"]), "table": table or None})


def printable(text: str) -> str:
    """A text without signs that no paper shows and no XML holds; line breaks and tabs stay."""
    return _UNPRINTABLE.sub("", text)


def chinese_day(day: date) -> str:
    """2023年3月21日: Arabic numerals, no padding zeros (7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def numbered(paper: Paper | Annex) -> Iterator[tuple[Block, str, int]]:
    """The blocks, each with its number (empty where it is no heading) and its depth in the outline.

    Numbers begin anew in an annex, whose own title is the first depth of its outline.
    """
    levels = [block.kind.level for block in paper.blocks]
    above = [1] if isinstance(paper, Annex) else []
    outlined = [0 if block.follows else level for block, level in zip(paper.blocks, levels, strict=True)]
    depths = list(outline_levels([*above, *(level and level + len(above) for level in outlined)]))[len(above) :]
    yield from zip(paper.blocks, heading_numbers(levels), depths, strict=True)


def attachment_lines(paper: Paper) -> tuple[tuple[str, str, str], ...]:
    """附件说明: word, number and name of each line; the word stands once, several names are numbered (7.3.4)."""
    several = len(paper.attachments) > 1
    return tuple(
        ("附件：" if number == 1 else "", f"{number}." if several else "", name)
        for number, name in enumerate(paper.attachments, 1)
    )


def annex_mark(paper: Paper, annex: Annex) -> str:
    """附件2 on top of its first page, as the names have it: a single one bears no number (7.3.7)."""
    return f"附件{annex.number}" if len(paper.attachments) > 1 else "附件"


def annex_title(paper: Paper, annex: Annex) -> str:
    """The title of an annex is its name among the attachments."""
    return paper.attachments[annex.number - 1]


def issuers(paper: Paper) -> tuple[str, ...]:
    """Names for the red head of 文件式, the leading unit first; 信函格式 bears the leading unit's alone (10.1)."""
    if not paper.issuer or not paper.joint or paper.style == Style.LETTER:
        return (paper.issuer,) if paper.issuer else ()
    return (paper.issuer.removesuffix("文件"), *paper.joint)


def signatures(paper: Paper) -> tuple[str, ...]:
    """Who signs, the leading unit first."""
    return (paper.signature, *paper.joint) if paper.signature else paper.joint


def copies_line(paper: Paper) -> str:
    """抄送 as printed after its word, closed with a full stop."""
    return f"{'，'.join(paper.copies)}。" if paper.copies else ""


def note_line(paper: Paper) -> str:
    """附注 in its brackets."""
    bare = paper.note.strip().removeprefix("（").removesuffix("）")
    return f"（{bare}）" if bare else ""
