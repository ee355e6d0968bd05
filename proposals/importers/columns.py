"""The sheet of proposals and suggestions, and one row of it as read; blank cells leave what is stored as it is."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from portal.core.lib.clock import today
from portal.core.lib.dates import DateError, parse_date
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.reading import Grid
from proposals import bodies
from proposals.actions.intake import bare
from proposals.enums import ProposerType
from proposals.numerals import number_of
from ratings.importers.flat import FlatRow, words_of
from ratings.importers.reading import layout_of, rows_of
from workforce.importers.layout import IGNORED
from workforce.importers.parsing import as_text

BODIES = {"提案": bodies.CPPCC, "建议": bodies.NPC}
# Other words that say the same.
_BODIES = BODIES | {"政协": bodies.CPPCC, "人大": bodies.NPC, "政协提案": bodies.CPPCC, "代表建议": bodies.NPC}
YES_NO = {"是": True, "否": False}
TYPES = {words_of(ProposerType, value): value for value in ProposerType.values}
_TYPES = TYPES | {
    "委员": "member",
    "代表": "member",
    "代表个人": "member",
    "个人": "member",
    "委员联名": "joint",
    "代表联名": "joint",
}
# What the list as taken out says besides; it may stand in a sheet and is not read.
TAKEN_OUT = ("状态", "不予立案理由", "并入", "交办日期", "主办单位", "会办单位", "办结日期")


def _column(key: str, header: str, explanation: Any, example: str = "", kind: Kind = Kind.TEXT, **more: Any) -> Column:
    return Column(key=key, header=header, kind=kind, explanation=explanation, example=example, **more)


def _listed(key: str, header: str, explanation: Any, example: str, **more: Any) -> Column:
    return _column(key, header, explanation, example, Kind.CHOICE, choices=header, **more)


COLUMNS = (
    _listed("body", "类别", _("政协的填提案，人大的填建议。"), "提案", required=True, width=8),
    _column("term", "届", _("数字或汉字，如 14 或十四。"), "14", required=True, width=6),
    _column("meeting", "次", _("数字或汉字，如 5 或五。"), "5", required=True, width=6),
    _column("number", "编号", _("按原编号，保留前面的零；请把单元格设为文本。"), "示例0023", required=True, aliases=("提案号", "建议号")),
    _column("title", "案由", _("提案称提案，建议称建议。"), "关于加强社区工作者队伍建设的提案", required=True, width=40, aliases=("题目", "标题")),
    _listed("proposer_type", "提案者类别", _("从下拉列表中选择；人大只有个人、联名、代表团。"), "联名", required=True, width=14),
    _column("signers", "提案者", _("姓名或单位名称，几位之间用顿号隔开，第一提案人在前，不写称谓。"), "甲某、乙某", required=True, width=24),
    _column("proposers_count", "提案者数", _("应与写出的提案者一致；可不填。"), "2", Kind.NUMBER, width=10),
    _column("received_on", "收到日期", _("收到的那一天。"), "2026-01-12", Kind.DATE, required=True, width=12),
    _column("filed_on", "立案日期", _("已由提案委立案的填写，导入后待交办；没有的留空，导入后待审查。"), "2026-01-14", Kind.DATE),
    _listed("between_sessions", "平时提案", _("闭会期间提出的填是。"), "否", width=10),
    _listed("key", "重点提案", _("是或否。"), "否", width=10),
    _listed("first_signer_forwards", "由第一提案人转告", _("联名而约定只答复第一提案人的填是。"), "否", width=16),
    _column("field", "分类", _("如民政、教育。"), "民政"),
    _column("text", "内容", _("全文，可不填。"), "", width=40),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
HEADERS = {column.key: column.header for column in COLUMNS}
LISTS = {"类别": list(BODIES), "提案者类别": [*TYPES, "代表个人"], "平时提案": list(YES_NO), "重点提案": list(YES_NO),
         "由第一提案人转告": list(YES_NO)}  # fmt: skip
_LIMITS = {"number": 20, "title": 200, "field": 40, "text": 20_000}
_NOTHING = frozenset({"-", "--", "—", "——", "/", "\\", "无"})


def read_rows(grid: Grid, mapping: dict[str, str]) -> Iterator[FlatRow]:
    """The rows with their values by column key. Raises `Unusable` with everything wrong with the header."""
    layout = layout_of(grid, COLUMNS, (*IGNORED, *TAKEN_OUT), mapping)
    return rows_of(layout, COLUMNS, partial(_read, epoch_1904=grid.epoch_1904))


def _read(row: FlatRow, key: str, cell: object, epoch_1904: bool) -> Any:
    """What a cell says; None where it is blank, or wrong and noted on the row."""
    if cell in ("", None):
        return None
    if BY_KEY[key].kind is Kind.DATE:
        return _day(row, key, cell, epoch_1904)
    if key == "text":
        return _text(row, key, normalize_newlines(str(cell)).strip())
    text = normalize_newlines(as_text(cell)).replace("\n", "、" if key == "signers" else " ")
    if text in _NOTHING and not BY_KEY[key].required:
        return None
    return _READERS.get(key, _text)(row, key, text)


def _text(row: FlatRow, key: str, text: str) -> str | None:
    limit = _LIMITS.get(key, 200)
    if len(text) > limit:
        row.error("too_long", key, cell=text, limit=limit)
        return None
    return bare(text) if key == "number" else text


def _choice(words: dict[str, Any], shown: dict[str, Any]) -> Callable[[FlatRow, str, str], Any]:
    def read(row: FlatRow, key: str, text: str) -> Any:
        if text not in words:
            row.error("choice", key, cell=text, choices="、".join(shown))
        return words.get(text)

    return read


def _numeral(row: FlatRow, key: str, text: str) -> int | None:
    number = number_of(text.removeprefix("第").removesuffix("届").removesuffix("次"))
    if number is None or not 1 <= number <= 99:
        row.error("not_numeral", key, cell=text)
        return None
    return number


def _count(row: FlatRow, key: str, text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:5]) <= 9999):
        row.error("not_count", key, cell=text)
        return None
    return int(text)


def _signers(row: FlatRow, key: str, text: str) -> list[str] | None:
    names, told = bodies.read_names(text)
    if told is not None and told != len(names):
        row.error("told_differs", key, cell=text, told=told, names=len(names))
        return None
    if any(len(name) > 60 for name in names):
        row.error("too_long", key, cell=text, limit=60)
        return None
    return names


def _day(row: FlatRow, key: str, cell: object, epoch_1904: bool) -> Any:
    if isinstance(cell, str) and cell.strip() in _NOTHING:
        return None
    read = parse_date(cell, epoch_1904=epoch_1904)
    if isinstance(read, DateError):
        row.error(read.value, key, cell=as_text(cell))
        return None
    if read.approximate:
        row.warn("month_only", key, cell=as_text(cell), read=read.value)
    elif read.from_serial:
        row.warn("day_count", key, cell=as_text(cell), read=read.value)
    if read.value > today():
        row.error("date_future", key, cell=read.value, today=today())
        return None
    return read.value


_YES_NO = _choice(YES_NO, YES_NO)
_READERS: dict[str, Callable[[FlatRow, str, str], Any]] = {
    "body": _choice(_BODIES, BODIES),
    "proposer_type": _choice(_TYPES, TYPES),
    "term": _numeral,
    "meeting": _numeral,
    "signers": _signers,
    "proposers_count": _count,
    "between_sessions": _YES_NO,
    "key": _YES_NO,
    "first_signer_forwards": _YES_NO,
}
