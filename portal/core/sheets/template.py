"""The blank sheet that offices fill in: drop-downs, text-formatted numbers, an example row and a sheet of explanations.

Lists of choices stand in a hidden dictionary sheet behind defined names, because Excel drops a list written into the
cell rule when it is longer than 255 characters. The custom property `tpl` names the version of the template.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.core.lib import dates
from portal.core.sheets.columns import Column, Kind, letter_of
from portal.core.sheets.headers import EXAMPLE_MARK
from portal.core.sheets.reading import DATA_SHEET, NOTES_SHEET
from portal.core.sheets.writing import (
    DATE_FORMAT,
    HEADER_FORMAT,
    OPTIONS,
    TEXT_FORMAT,
    safe_text,
)

VERSION = "roster-v1"
DICTIONARY_SHEET = "_dictionary"
FILLABLE_ROWS = 2_000
HEADER_ROW, EXAMPLE_ROW = 1, 2  # counted from 0: the title stands above, the rows to fill below

_REQUIRED_FORMAT = {**HEADER_FORMAT, "font_color": "#B00020"}
_EXAMPLE_FORMAT = {"italic": True, "font_color": "#5F6B76", "bg_color": "#F3F5F7"}
_LONGEST_HINT_TITLE = 32
_LONGEST_HINT = 255
_SHOWN_CHOICES = 20


def write_template(
    target: str | Path | IO[bytes],
    columns: Sequence[Column],
    notes: Sequence[str],
    dictionary: Mapping[str, Sequence[str]],
    *,
    title: str = "",
    version: str = VERSION,
) -> None:
    """Writes the template of a sheet.

    `notes` are sentences that stand above the explanations of the columns; `dictionary` holds the lists that
    `Column.choices` name. KeyError when a column names a list that is not there.
    """
    book = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, OPTIONS)
    book.set_custom_property("tpl", version)
    data, explanations = book.add_worksheet(DATA_SHEET), book.add_worksheet(NOTES_SHEET)
    sources = _write_dictionary(book, dictionary)
    looks = {name: book.add_format(look) for name, look in _LOOKS.items()}
    _write_data(data, columns, looks, title or DATA_SHEET)
    for position, column in enumerate(columns):
        if rule := _rule(column, position, sources):
            data.data_validation(EXAMPLE_ROW + 1, position, EXAMPLE_ROW + FILLABLE_ROWS, position, rule)
    _write_notes(explanations, columns, notes, dictionary, looks)
    data.activate()
    book.close()


_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "header": HEADER_FORMAT,
    "required": _REQUIRED_FORMAT,
    "example": {**_EXAMPLE_FORMAT, **TEXT_FORMAT},
    "example_date": {**_EXAMPLE_FORMAT, **DATE_FORMAT},
    "text": TEXT_FORMAT,
    "date": DATE_FORMAT,
    "plain": {},
    "wrapped": {"text_wrap": True, "valign": "top"},
}


def _write_dictionary(book: xlsxwriter.Workbook, dictionary: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The lists, one per column of a sheet that Excel's menus do not show, and the defined name of each."""
    sheet = book.add_worksheet(DICTIONARY_SHEET)
    sheet.very_hidden()
    names: dict[str, str] = {}
    for position, (key, choices) in enumerate(dictionary.items()):
        for row, choice in enumerate(choices):
            sheet.write_string(row, position, safe_text(choice))
        names[key] = f"list_{key}"
        letter = letter_of(position)
        book.define_name(names[key], f"={DICTIONARY_SHEET}!${letter}$1:${letter}${max(len(choices), 1)}")
    return names


def _write_data(sheet: Worksheet, columns: Sequence[Column], looks: dict[str, Format], title: str) -> None:
    sheet.write_string(0, 0, safe_text(title), looks["title"])
    sheet.set_row(HEADER_ROW, 32)
    first_text = next((position for position, column in enumerate(columns) if column.kind is not Kind.DATE), 0)
    for position, column in enumerate(columns):
        look = looks[_look_of(column)]
        sheet.set_column(position, position, column.width, look)
        header = f"*{column.header}" if column.required else column.header
        sheet.write_string(HEADER_ROW, position, header, looks["required" if column.required else "header"])
        example = f"{EXAMPLE_MARK}：{column.example}" if position == first_text else _example(column)
        if isinstance(example, date):
            sheet.write_datetime(EXAMPLE_ROW, position, example, looks["example_date"])
        else:
            sheet.write_string(EXAMPLE_ROW, position, safe_text(example or " "), looks["example"])
        if column.kind is Kind.TEXT:  # cells as well as the column: WPS forgets a column's format on paste
            for row in range(EXAMPLE_ROW + 1, EXAMPLE_ROW + 1 + FILLABLE_ROWS):
                sheet.write_blank(row, position, None, look)
    sheet.freeze_panes(EXAMPLE_ROW, 0)


def _look_of(column: Column) -> str:
    return {Kind.DATE: "date", Kind.NUMBER: "plain"}.get(column.kind, "text")


def _example(column: Column) -> str | date:
    parsed = dates.parse_date(column.example) if column.kind is Kind.DATE else None
    return parsed.value if isinstance(parsed, dates.ParsedDate) else column.example


def _rule(column: Column, position: int, sources: Mapping[str, str]) -> dict[str, Any] | None:
    """Excel's check of a column while it is being filled; dates only warn, since 2021年6月 is accepted as well."""
    hint = {
        "input_title": str(column.header)[:_LONGEST_HINT_TITLE],
        "input_message": str(column.explanation)[:_LONGEST_HINT],
        "show_input": bool(column.explanation),
    }
    if column.choices:
        message = _("请从下拉列表中选择。")
        return {**hint, "validate": "list", "source": f"={sources[column.choices]}", "error_message": message}
    if column.kind is Kind.DATE:
        rule = {"validate": "date", "criteria": "between", "minimum": dates.FIRST, "maximum": dates.LAST}
        return {**hint, **rule, "error_type": "warning", "error_message": _("请按 2026-11-22 的样子填写日期。")}
    if column.length:
        message = _("应为 %(length)s 个字符。") % {"length": column.length}
        return {**hint, "validate": "length", "criteria": "==", "value": column.length, "error_message": message}
    return {**hint, "validate": "any"} if column.explanation else None


def _write_notes(
    sheet: Worksheet,
    columns: Sequence[Column],
    notes: Sequence[str],
    dictionary: Mapping[str, Sequence[str]],
    looks: dict[str, Format],
) -> None:
    """The second sheet: general notes, then one row per column."""
    for position, width in enumerate((16, 8, 30, 60, 24)):
        sheet.set_column(position, position, width)
    example = _("第 %(row)s 行是示例（以“%(mark)s”开头），导入时会被忽略，可以保留也可以删去。") % {
        "row": EXAMPLE_ROW + 1,
        "mark": EXAMPLE_MARK,
    }
    row = 0
    for note in (*notes, example):
        sheet.write_string(row, 0, safe_text(str(note)))
        row += 1
    headings = (_("列名"), _("必填"), _("格式或可选值"), _("说明"), _("示例"))
    for position, heading in enumerate(headings):
        sheet.write_string(row + 1, position, heading, looks["header"])
    for line, column in enumerate(columns, row + 2):
        cells = (column.header, _("必填") if column.required else "", _form(column, dictionary), column.explanation)
        for position, text in enumerate((*cells, column.example)):
            sheet.write_string(line, position, safe_text(str(text)), looks["wrapped"])


def _form(column: Column, dictionary: Mapping[str, Sequence[str]]) -> str:
    """What may stand in a column, in words."""
    if column.choices:
        choices = dictionary[column.choices]
        shown = "、".join(choices[:_SHOWN_CHOICES])
        if len(choices) <= _SHOWN_CHOICES:
            return shown
        return str(_("%(choices)s 等 %(count)s 项（见下拉列表）") % {"choices": shown, "count": len(choices)})
    if column.kind is Kind.DATE:
        return str(_("日期，如 2026-11-22；只知道月份时可写 2026-11"))
    if column.length:
        return str(_("文本，%(length)s 个字符") % {"length": column.length})
    return str(_("数字") if column.kind is Kind.NUMBER else _("文本"))
