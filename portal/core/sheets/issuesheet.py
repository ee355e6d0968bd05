"""The first sheet of an annotated workbook: how many problems of each kind, then every one with a link to its cell."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext as _

from portal.core.sheets.columns import letter_of
from portal.core.sheets.marks import ERROR_SIGN, WARNING_SIGN
from portal.core.sheets.opc import plain_text
from portal.core.sheets.reports import Issue
from portal.core.sheets.restyle import Styles
from portal.core.sheets.writing import safe_text

TITLE = "问题汇总"  # the sheet of this name is never read as a roster
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WIDTHS = (12, 10, 14, 18, 24, 26, 80)
_MOST_LINKS = 65_000  # a sheet may hold 65,530


class IssueSheet:
    """Writes the worksheet in pieces; the issues are taken one by one."""

    def __init__(self, styles: Styles, sheet: str, kinds: Counter[tuple[bool, str]]) -> None:
        self._styles, self._kinds = styles, kinds
        self._target = "'{}'!".format(sheet.replace("'", "''"))
        self._marked = {error: styles.marked(styles.wrapped, error) for error in (True, False)}
        self._row = 0
        self._links: list[str] = []

    def pieces(self, issues: Iterable[Issue]) -> Iterator[bytes]:
        columns = "".join(
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(_WIDTHS, 1)
        )
        yield (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}"><sheetViews>'
            f'<sheetView tabSelected="1" workbookViewId="0"/></sheetViews><cols>{columns}</cols><sheetData>'
        ).encode()
        yield from self._summary()
        yield self._line(
            [_("位置"), _("类别"), _("姓名"), _("列"), _("表中内容"), _("问题"), _("说明与改法")], bold=True
        )
        for issue in issues:
            yield self._issue(issue)
        yield b"</sheetData>"
        if self._links:
            yield f"<hyperlinks>{''.join(self._links)}</hyperlinks>".encode()
        yield b"</worksheet>"

    def _summary(self) -> Iterator[bytes]:
        totals = {error: sum(count for key, count in self._kinds.items() if key[0] is error) for error in (True, False)}
        told = _(
            "共 %(errors)s 处错误、%(warnings)s 处提示。在原表中改正后，可以直接上传这个文件：本表和单元格批注不会被读取。"
        )
        yield self._line([TITLE], bold=True)
        yield self._line([told % {"errors": totals[True], "warnings": totals[False]}], plain=True)
        self._row += 1
        yield self._line([_("类别"), _("处数"), _("问题")], bold=True)
        for (error, kind), count in sorted(self._kinds.items(), key=lambda item: (not item[0][0], -item[1])):
            yield self._line([level(error), count, kind], mark=error, plain=True)
        self._row += 1

    def _issue(self, issue: Issue) -> bytes:
        place = ""
        if issue.row:
            place = f"{letter_of(max(issue.position, 0))}{issue.row}"
            if len(self._links) < _MOST_LINKS:
                target = quoteattr(self._target + place)
                self._links.append(f'<hyperlink ref="A{self._row + 1}" location={target} display="{place}"/>')
        cells = [place, level(issue.error), issue.label, issue.column, issue.cell, issue.kind, issue.text]
        return self._line(cells, mark=issue.error, link=bool(place))

    def _line(
        self, cells: list[Any], *, bold: bool = False, plain: bool = False, link: bool = False, mark: bool | None = None
    ) -> bytes:
        self._row += 1
        looks = [self._styles.bold if bold else 0 if plain else self._styles.wrapped] * len(cells)
        if link:
            looks[0] = self._styles.link
        if mark is not None:
            looks[0 if plain else 1] = self._marked[mark]
        written = (
            _cell(f"{letter_of(at)}{self._row}", *pair) for at, pair in enumerate(zip(cells, looks, strict=True))
        )
        return f'<row r="{self._row}">{"".join(written)}</row>'.encode()


def level(error: bool) -> str:
    """The word and the sign of an error or a warning."""
    return f"{ERROR_SIGN} {_('错误')}" if error else f"{WARNING_SIGN} {_('提示')}"


def _cell(place: str, value: Any, style: int) -> str:
    if value == "":
        return ""
    if isinstance(value, int):
        return f'<c r="{place}" s="{style}"><v>{value}</v></c>'
    text = plain_text(safe_text(str(value)))
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
