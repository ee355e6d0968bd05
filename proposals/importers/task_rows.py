"""The sheet of a task list, and one row of it as read; blank cells leave what is on the ledger as it is."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _L

from portal.core.lib.dates import DateError, parse_date
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.reading import Grid
from proposals.enums import TaskDomain
from ratings.importers.flat import FlatRow, words_of
from ratings.importers.reading import layout_of, rows_of
from workforce.importers.layout import IGNORED
from workforce.importers.parsing import as_text

DOMAINS = {words_of(TaskDomain, value): value for value in TaskDomain.values}
# What the list as taken out says besides; it may stand in a sheet and is not read.
TAKEN_OUT = (
    "地区代码", "地区", "状态", "应报（份）", "按期（份）", "迟报（份）", "未报（份）", "完成情况和佐证", "申请人",
    "销号人", "销号日期",
)  # fmt: skip


def _column(key: str, header: str, explanation: Any, example: str, kind: Kind = Kind.TEXT, **more: Any) -> Column:
    return Column(key=key, header=header, kind=kind, explanation=explanation, example=example, **more)


COLUMNS = (
    _column("year", "清单年度", _L("四位数字。"), "2026", Kind.NUMBER, required=True, aliases=("年度",), width=10),
    _column("number", "序号", _L("清单中的序号；同一年度、同一序号的是同一项任务。"), "1", Kind.NUMBER, required=True, width=8),
    _column("title", "任务", _L("新任务必填。"), "养老机构互认互通", aliases=("任务名称", "工作任务"), width=40),
    _column("domain", "领域", _L("从下拉列表中选择；不填的归入其他。"), "养老服务", Kind.CHOICE, choices="领域", width=12),
    _column("agreement", "依据文件或协议", _L("可不填。"), "合作协议〔2026〕1号", width=28, aliases=("依据",)),
    _column("regions", "涉及地区", _L("可不填。"), "京津冀", width=14),
    _column("leader", "分管领导", _L("新任务必填。"), "甲局长", width=12),
    _column("chief", "第一责任人", _L("业务处室主要负责人；新任务必填。"), "乙处长", width=12),
    _column("officer", "具体承办人", _L("新任务必填。"), "丙专员", width=12, aliases=("承办人",)),
    _column("posted_on", "挂账日期", _L("不填的按导入当天；从这一天所在的期间起应报报告。"), "2026-01-05", Kind.DATE, width=12),
    _column("due_on", "完成期限", _L("新任务必填。"), "2026-12-31", Kind.DATE, aliases=("完成时限",), width=12),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}
_LIMITS = {"title": 200, "agreement": 200, "regions": 100, "leader": 40, "chief": 40, "officer": 40}
_BOUNDS = {"year": (2000, 2100), "number": (1, 32_000)}


def read_rows(grid: Grid, mapping: dict[str, str]) -> Iterator[FlatRow]:
    """The rows with their values by column key. Raises `Unusable` with everything wrong with the header."""
    layout = layout_of(grid, COLUMNS, (*IGNORED, *TAKEN_OUT), mapping)
    return rows_of(layout, COLUMNS, partial(_value, epoch_1904=grid.epoch_1904))


def _value(row: FlatRow, key: str, cell: object, epoch_1904: bool) -> Any:
    """What a cell says; None where it is blank, or wrong and noted on the row."""
    if cell in ("", None):
        return None
    if BY_KEY[key].kind is Kind.DATE:
        return _day(row, key, cell, epoch_1904)
    text = " ".join(as_text(cell).split())
    if key in _BOUNDS:
        return _whole(row, key, text)
    if key == "domain":
        if text not in DOMAINS:
            row.error("choice", key, cell=text, choices="、".join(DOMAINS))
        return DOMAINS.get(text)
    if len(text) > _LIMITS[key]:
        row.error("too_long", key, cell=text, limit=_LIMITS[key])
        return None
    return text


def _whole(row: FlatRow, key: str, text: str) -> int | None:
    least, most = _BOUNDS[key]
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and least <= int(text) <= most):
        row.error("not_number", key, cell=text, least=least, most=most)
        return None
    return int(text)


def _day(row: FlatRow, key: str, cell: object, epoch_1904: bool) -> date | None:
    read = parse_date(cell, epoch_1904=epoch_1904)
    if isinstance(read, DateError):
        if read is not DateError.EMPTY:
            row.error(read.value, key, cell=as_text(cell))
        return None
    if read.approximate:
        row.warn("month_only", key, cell=as_text(cell), read=read.value)
    return read.value
