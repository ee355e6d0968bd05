"""What the public version of a letter leaves out: every phone number, addresses, e-mail and ID numbers, people's names.

Source: domain §2.2 (国办发〔2014〕46号 and its local rules: the reply is published without contact data and privacy).
Numbers of documents and proposals, dates and figures stay. Pure: text in, text out; what was taken away is only counted,
never kept. What the rule cannot tell, a bare number of seven digits and more, is a doubt for the person who checks.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from portal.core.letters.paper import Block, Contact, Paper, Table, printable

HIDDEN = "［已隐去］"
STAMP = "公开文本"
PHONE, EMAIL, ACCOUNT, ID_NUMBER, ADDRESS, NAME, GIVEN = (
    "phone", "email", "account", "id_number", "address", "name", "given",
)  # fmt: skip
KINDS = (PHONE, EMAIL, ACCOUNT, ID_NUMBER, ADDRESS, NAME, GIVEN)
# Numbers that everybody may call and that say nothing of a person.
_PUBLIC_NUMBER = re.compile(r"1[12]\d|12\d{3}|9[56]\d{3,4}")

_CHINESE_DIGITS = {ord(sign): str(value) for value, signs in enumerate(
    ("零〇○Ο", "一幺壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
) for sign in signs}  # fmt: skip
_CHINESE_RUN = re.compile(
    f"[{''.join(map(chr, _CHINESE_DIGITS))}](?:[ \u3000]?[{''.join(map(chr, _CHINESE_DIGITS))}])*"
)

_SEP = r"[ \t\u00a0\u2000-\u200a\u3000.·•・_‐‑‒–—―－-]"
_BRACKET_OPEN, _BRACKET_CLOSE = r"[(（\[［]", r"[)）\]］]"
_EXTENSION = rf"(?:{_SEP}{{0,3}}(?:转|分机|ext\.?|x|#)[:：]?{_SEP}{{0,3}}\d{{1,6}}|{_SEP}\d{{2,5}}(?!\d|{_SEP}?\d))?"
_COUNTRY = rf"(?:{_BRACKET_OPEN}?(?:\+|＋|00){_SEP}?86{_BRACKET_CLOSE}?{_SEP}{{0,3}})"
_BEFORE = r"(?<![\d.])"
_MOBILE = re.compile(
    rf"{_BEFORE}({_COUNTRY}|{_BRACKET_OPEN}?86{_BRACKET_CLOSE}?{_SEP}{{1,2}}|86)?"
    rf"({_BRACKET_OPEN}?1(?:{_SEP}|[()（）]){{0,3}}[3-9](?:(?:{_SEP}|[()（）]){{0,3}}\d){{9}})(?!\d)"
)
_ABROAD = re.compile(rf"(?<![\d)）])(?<![\d)）] )(?:\+|＋){_SEP}?\d(?:(?:{_SEP}|[()（）]){{0,3}}\d){{6,14}}(?!\d)")
_LANDLINE = re.compile(
    rf"{_BEFORE}{_COUNTRY}?{_BRACKET_OPEN}?0(?:10|2\d|[3-9]\d{{2}}){_BRACKET_CLOSE}?{_SEP}{{0,3}}"
    rf"[1-9](?:{_SEP}?\d){{6,7}}(?!\d){_EXTENSION}"
    rf"|{_COUNTRY}(?:10|2\d|[3-9]\d{{2}}){_SEP}{{0,3}}[1-9](?:{_SEP}?\d){{6,7}}(?!\d){_EXTENSION}"
    # An area code that no place has, written as one.
    rf"|{_BEFORE}{_BRACKET_OPEN}?0\d{{2,3}}(?:{_BRACKET_CLOSE}{_SEP}{{0,3}}|{_SEP}{{1,2}})\d{{3,4}}{_SEP}?\d{{4}}(?!\d){_EXTENSION}",
    re.IGNORECASE,
)
_SERVICE = re.compile(rf"{_BEFORE}[48]00{_SEP}?(?:\d{{3}}{_SEP}?\d{{4}}|\d{{4}}{_SEP}?\d{{3}})(?!\d)")
_WITH_EXTENSION = re.compile(
    rf"{_BEFORE}[2-9]\d{{2,3}}{_SEP}?\d{{4}}{_SEP}{{0,3}}(?:转|分机|ext\.?){_SEP}{{0,3}}\d{{1,6}}(?!\d)", re.IGNORECASE
)
_CALLED = r"(?:电\s*话|手\s*机|座\s*机|传\s*真|热\s*线|联系方式|联系号码|致电|拨打|来电|(?<![A-Za-z])(?:Tel|Phone|Mobile|Fax|Mob)|☎|📞|📱)"
_NUMBER = rf"\d(?:(?:{_SEP}|[()（）]){{0,3}}\d){{2,}}"
_LIST = rf"{_NUMBER}{_EXTENSION}(?:{_SEP}{{0,3}}(?:[,，、;；或/]|和){_SEP}{{0,3}}{_NUMBER}{_EXTENSION})*"
_UNITS = r"(?!\s*(?:[年月日％%‰人次户个件元起通万亿名家项条条份场岁届号〕]|\d))"
_AFTER_COLON = re.compile(rf"({_CALLED}(?:号码?|是|为)?\w{{0,4}}?[:：]{_SEP}{{0,3}})({_LIST})", re.IGNORECASE)
_AFTER_WORD = re.compile(
    rf"({_CALLED}(?:号码?|是|为)?[^\d\n，。；,;]{{0,4}}?)({_BRACKET_OPEN}?\d(?:(?:{_SEP}|[()（）]){{0,3}}\d){{6,}}{_EXTENSION}){_UNITS}",
    re.IGNORECASE,
)
_AFTER_PERSON = re.compile(
    rf"((?:联系人|经办人|承办人|咨询|工作人员)[^\d\n。；;]{{0,12}}?)({_BRACKET_OPEN}?\d(?:(?:{_SEP}|[()（）]){{0,3}}\d){{6,}}{_EXTENSION}){_UNITS}"
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+\s?@\s?[A-Za-z0-9-]+(?:\s?\.\s?[A-Za-z0-9-]+)+")
_ACCOUNT = re.compile(r"((?:QQ|微信|WeChat|钉钉)(?:号码?|账号)?\s*[:：]?\s*)([A-Za-z0-9_-]{5,30})", re.IGNORECASE)
_ID_NUMBER = re.compile(r"(?<![\dA-Za-z])\d{6}(?:19|20)\d{9}[\dXx](?![\dA-Za-z])")
_ADDRESS = re.compile(r"((?:通[信讯]|联系|家庭|居住|现|邮寄|收件)?(?:地址|住址|住所)\s*[:：]\s*)([^\n，。；,;）)]+)")
_DOUBT = re.compile(r"(?<![\d.])(?<!\d,)(?<!第)\d(?:[ /-]?\d){6,}(?!\d|,\d)")
_DATE = re.compile(r"(?:19|20)\d\d-(?:\d{1,2}-\d{1,2}|(?:19|20)\d\d)")


@dataclass(frozen=True, slots=True)
class Known:
    """What is on file about the proposers, and what the checker adds: taken out wherever it stands, however spaced."""

    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # of people; organisations keep theirs
    further: tuple[str, ...] = ()


@dataclass(slots=True)
class Redacted:
    """A text without what may not be published, and how often what kind was taken out."""

    text: str
    counts: Counter[str] = field(default_factory=Counter)


def redact(text: str, known: Known | None = None) -> Redacted:
    """The public version of a text. Doing it again changes nothing."""
    made = Redacted(printable(text))
    held = known or Known()
    for kind, words in ((GIVEN, held.further), (ADDRESS, held.addresses), (NAME, held.names)):
        _take_words(made, kind, words)
    _take_spelled_out(made)
    for kind, pattern, part in _RULES:
        _take(made, kind, pattern, part)
    _take_known_phones(made, held.phones)
    return made


def masked_name(name: str) -> str:
    """A person's name as it is published: 张某. One that says no surname is hidden whole."""
    bare = name.strip()
    return f"{bare[0]}某" if bare else ""


def doubts(text: str) -> tuple[str, ...]:
    """Numbers of seven digits and more that the rule left: figures or not, somebody has to look at them."""
    found = (one[0] for one in _DOUBT.finditer(_plain_digits(text)))
    return tuple(dict.fromkeys(one for one in found if not _DATE.fullmatch(one)))


def redact_paper(paper: Paper, known: Known | None = None) -> tuple[Paper, Counter[str]]:
    """A letter as the public may read it. Of the contact only the unit stays; every page says that it is the public text."""
    counts: Counter[str] = Counter()

    def clean(text: str) -> str:
        made = redact(text, known)
        counts.update(made.counts)
        return made.text

    contact = Contact(unit=clean(paper.contact.unit)) if paper.contact and paper.contact.unit else None
    if paper.contact and paper.contact.phone:
        counts[PHONE] += 1
    if paper.contact and paper.contact.person:
        counts[NAME] += 1
    public = replace(
        paper,
        title="\n".join(clean(line) for line in paper.title.split("\n")),
        addressee=clean(paper.addressee),
        blocks=tuple(_block(block, clean) for block in paper.blocks),
        attachments=tuple(clean(one) for one in paper.attachments),
        annexes=tuple(
            replace(one, blocks=tuple(_block(block, clean) for block in one.blocks)) for one in paper.annexes
        ),
        contact=contact,
        signature=clean(paper.signature),
        joint=tuple(clean(one) for one in paper.joint),
        note=clean(paper.note),
        copies=tuple(clean(one) for one in paper.copies),
        print_office=clean(paper.print_office),
        stamp=STAMP,
    )
    return public, counts


def texts_of(paper: Paper) -> tuple[str, ...]:
    """Every piece of text of a letter that people wrote, in its order."""
    contact = paper.contact.lines() if paper.contact else ()
    pieces: list[str] = [
        paper.title,
        paper.addressee,
        *_pieces(paper.blocks),
        *paper.attachments,
        *contact,
        paper.signature,
        *paper.joint,
        paper.note,
        *(piece for annex in paper.annexes for piece in _pieces(annex.blocks)),
    ]
    return tuple(piece for piece in (*pieces, *paper.copies) if piece)


def _pieces(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        yield from (block.text, block.follows)
        if block.table:
            yield from (block.table.caption, *(cell for row in block.table.rows for cell in row))


def _block(block: Block, clean: Callable[[str], str]) -> Block:
    table = block.table
    if table is not None:
        rows = tuple(tuple(clean(cell) for cell in row) for row in table.rows)
        table = Table(rows, table.header_rows, table.widths, clean(table.caption))
    return replace(block, text=clean(block.text), follows=clean(block.follows), table=table)


def _plain_digits(text: str) -> str:
    """The same text, sign by sign, with every kind of digit as 0 to 9 and full-width signs half-width."""
    return "".join(_plain(sign) for sign in text)


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 and folded.isascii() else sign


def _cut(made: Redacted, kind: str, spans: Sequence[tuple[int, int]], instead: str = HIDDEN) -> None:
    for start, end in reversed(spans):
        made.text = made.text[:start] + instead + made.text[end:]
        made.counts[kind] += 1


def _take(made: Redacted, kind: str, pattern: re.Pattern[str], part: int) -> None:
    """Takes out what the pattern finds; the text is read with plain digits and cut where they stood."""
    spans = []
    for found in pattern.finditer(_plain_digits(made.text)):
        if kind == PHONE and not _is_phone(pattern, found):
            continue
        spans.append(found.span(part))
    _cut(made, kind, spans)


def _is_phone(pattern: re.Pattern[str], found: re.Match[str]) -> bool:
    if pattern is _MOBILE:
        groups = re.findall(r"\d+", found[2])
        return bool(found[1]) or len(groups[0]) >= 3 or (len(groups) >= 5 and max(map(len, groups)) <= 2)
    if pattern in (_AFTER_COLON, _AFTER_WORD, _AFTER_PERSON):
        return not _PUBLIC_NUMBER.fullmatch("".join(sign for sign in found[2] if sign.isdigit()))
    return True


def _take_spelled_out(made: Redacted) -> None:
    """Mobile and landline numbers in Chinese characters: 一三八…, also 幺三八…."""
    spans = []
    for found in _CHINESE_RUN.finditer(made.text):
        digits = found[0].translate(_CHINESE_DIGITS).replace(" ", "").replace("\u3000", "")
        if len(digits) >= 10 and (digits[0] == "0" or re.match(r"(?:86)?1[3-9]", digits)):
            spans.append(found.span())
    _cut(made, PHONE, spans)


def _take_words(made: Redacted, kind: str, words: Iterable[str]) -> None:
    """Longest first, so that no part of a longer one stays; white space inside does not matter."""
    for word in sorted({word.strip() for word in words if word.strip()}, key=len, reverse=True):
        pattern = re.compile(r"\s*".join(re.escape(sign) for sign in "".join(word.split())), re.IGNORECASE)
        spans = [found.span() for found in pattern.finditer(_plain_digits(made.text))]
        _cut(made, kind, spans, masked_name(word) if kind == NAME else HIDDEN)


def _take_known_phones(made: Redacted, phones: Iterable[str]) -> None:
    """A number on file, whatever stands between its digits."""
    for phone in phones:
        digits = [sign for sign in _plain_digits(phone) if sign.isdigit()]
        if len(digits) >= 5:
            pattern = re.compile(r"(?<!\d)" + rf"(?:{_SEP}|[()（）]){{0,3}}".join(digits) + r"(?!\d)")
            _cut(made, PHONE, [found.span() for found in pattern.finditer(_plain_digits(made.text))])


_RULES = (
    (EMAIL, _EMAIL, 0),
    (ID_NUMBER, _ID_NUMBER, 0),
    (ACCOUNT, _ACCOUNT, 2),
    (PHONE, _AFTER_COLON, 2),
    (PHONE, _AFTER_WORD, 2),
    (PHONE, _AFTER_PERSON, 2),
    (PHONE, _MOBILE, 0),
    (PHONE, _ABROAD, 0),
    (PHONE, _LANDLINE, 0),
    (PHONE, _SERVICE, 0),
    (PHONE, _WITH_EXTENSION, 0),
    (ADDRESS, _ADDRESS, 2),
)
