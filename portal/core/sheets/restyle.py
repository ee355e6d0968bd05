"""New looks in the style table of a workbook that is not ours: appended, so that every existing cell keeps its own.

Works on the text of xl/styles.xml: rewriting it through an XML library would rename prefixes that other attributes
mention by name, and spreadsheets then call the file damaged.
"""

import re

from portal.core.sheets.opc import Unpatchable

# Filled for errors, hatched for warnings; the first colour of each is odd enough to be known again.
_ERROR_RGB, _WARNING_RGB = "FFF9CDC3", "FFE8B93A"
_FILLS = (
    f'<fill><patternFill patternType="solid"><fgColor rgb="{_ERROR_RGB}"/><bgColor indexed="64"/></patternFill></fill>',
    f'<fill><patternFill patternType="lightUp"><fgColor rgb="{_WARNING_RGB}"/><bgColor rgb="FFFFF9E5"/>'
    "</patternFill></fill>",
)
_FONTS = (
    '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
    '<font><u/><sz val="11"/><color rgb="FF1D4F91"/><name val="Calibri"/><family val="2"/></font>',
)
_XF = re.compile(r"<xf\b[^>]*/>|<xf\b[^>]*>.*?</xf>", re.DOTALL)
_FILL = re.compile(r"<fill\b[^>]*/>|<fill\b[^>]*>.*?</fill>", re.DOTALL)
_FONT = re.compile(r"<font\b[^>]*/>|<font\b[^>]*>.*?</font>", re.DOTALL)
_OPENING = re.compile(r"<xf\b([^>]*?)(/?)>")


class Styles:
    """The style table of a workbook. `marked` gives the number of a style that looks like another one, but marked;
    marks of ours that came back with the file are taken away."""

    def __init__(self, document: bytes) -> None:
        self._text = document.decode("utf-8-sig")
        fills, fonts = _items(self._text, "fills", _FILL), _items(self._text, "fonts", _FONT)
        self._xfs = _items(self._text, "cellXfs", _XF)
        self._old = len(self._xfs)
        ours = {str(at) for at, fill in enumerate(fills) if _ERROR_RGB in fill or _WARNING_RGB in fill}
        self._xfs = [_with_fill(xf, "0") if _attribute(xf, "fillId") in ours else xf for xf in self._xfs]
        self._fill, self._font = len(fills), len(fonts)
        self._marked: dict[tuple[int, bool], int] = {}
        plain = '<xf numFmtId="0" fontId="%s" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">%s</xf>'
        self.bold = self._append(plain % (self._font, '<alignment vertical="top" wrapText="1"/>'))
        self.link = self._append(plain % (self._font + 1, '<alignment vertical="top"/>'))
        self.wrapped = self._append(plain % (0, '<alignment vertical="top" wrapText="1"/>'))

    def marked(self, style: int, error: bool) -> int:
        """The style of a cell with an error or a warning that had `style` before."""
        key = (style if style < self._old else 0, error)
        if key not in self._marked:
            self._marked[key] = self._append(_with_fill(self._xfs[key[0]], str(self._fill + (not error))))
        return self._marked[key]

    def document(self) -> bytes:
        """The table with everything asked for so far."""
        text = _put(self._text, "fills", _FILL, list(_FILLS), append=True)
        text = _put(text, "fonts", _FONT, list(_FONTS), append=True)
        return _put(text, "cellXfs", _XF, self._xfs).encode()

    def _append(self, xf: str) -> int:
        self._xfs.append(xf)
        return len(self._xfs) - 1


def _block(text: str, name: str) -> re.Match[str]:
    found = re.search(rf"<{name}\b([^>]*)>(.*?)</{name}>", text, re.DOTALL)
    if found is None:
        raise Unpatchable(name)
    return found


def _items(text: str, name: str, item: re.Pattern[str]) -> list[str]:
    found = item.findall(_block(text, name)[2])
    if not found:
        raise Unpatchable(name)
    return found


def _put(text: str, name: str, item: re.Pattern[str], items: list[str], append: bool = False) -> str:
    found = _block(text, name)
    if append:
        items = item.findall(found[2]) + items
    rest = re.sub(r'\scount="\d*"', "", found[1])
    return f'{text[: found.start()]}<{name} count="{len(items)}"{rest}>{"".join(items)}</{name}>{text[found.end() :]}'


def _attribute(xf: str, name: str) -> str:
    found = re.search(rf'\b{name}="(\d+)"', _OPENING.match(xf)[1])
    return found[1] if found else ""


def _with_fill(xf: str, fill: str) -> str:
    opening = _OPENING.match(xf)
    rest = re.sub(r'\s(?:fillId|applyFill)="[^"]*"', "", opening[1])
    return f'<xf{rest.rstrip()} fillId="{fill}" applyFill="1"{opening[2]}>{xf[opening.end() :]}'
