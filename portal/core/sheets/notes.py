"""Cell comments of a worksheet: the texts in one part, the little windows they are shown in another.

Comments that stand there already stay; those of an earlier check of ours go. Where both are on one cell, ours comes
first in the same comment.
"""

import re
from collections.abc import Iterator

from portal.core.sheets.columns import letter_of
from portal.core.sheets.marks import AUTHOR, ERROR_SIGN, WARNING_SIGN, Mark, Marks
from portal.core.sheets.opc import COMMENTS_TYPE, Parts, Unpatchable, attribute, plain_text

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_COMMENT = re.compile(r"<comment\b([^>]*)>(.*?)</comment>", re.DOTALL)
_TEXT = re.compile(r"<text\b[^>]*>(.*?)</text>", re.DOTALL)
# What an earlier check put before the comment of somebody else, up to the empty line.
_OUR_PART = re.compile(
    rf"(\A(?:<r>)?(?:<rPr>.*?</rPr>)?<t\b[^>]*>)[{ERROR_SIGN}{WARNING_SIGN}] .*?(?:\n|&#10;){{2}}", re.DOTALL
)
_EMPTY_RUN = re.compile(r"\A<r>(?:<rPr>(?:(?!</rPr>).)*</rPr>)?<t\b[^>]*></t></r>", re.DOTALL)
_AUTHOR_TAG = re.compile(r"<author\b[^>]*/>|<author\b[^>]*>(.*?)</author>", re.DOTALL)
_PREFIX = re.compile(r'xmlns:(\w+)="urn:schemas-microsoft-com:(vml|office:office|office:excel)"')
_SHAPE = re.compile(r"<(\w+):shape\b.*?</\1:shape>", re.DOTALL)
_SHAPE_TYPE_TAG = re.compile(r"<\w+:shapetype\b")
_KINDS = {"vml": "v", "office:office": "o", "office:excel": "x"}
_LOOK = '<rPr><sz val="9"/><color indexed="81"/><rFont val="Microsoft YaHei"/><family val="2"/></rPr>'
# Windows are numbered in blocks of 1,024 that a drawing names; ours lie far above those of other programs.
_BLOCK, _FIRST_BLOCK = 1024, 500
_BLOCKS = re.compile(r'(idmap\b[^>]*\bdata=")([\d,]*)"')
_COLOURS = {True: "#fdecea", False: "#fff9e5"}

_VML_HEAD = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    "</o:shapelayout>"
)
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE_XML = (
    '<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;width:300pt;height:%dpt;visibility:hidden" '
    'fillcolor="%s" o:insetmode="auto"><v:textbox/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>%d, 15, %d, 2, %d, 15, %d, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row>"
    "<x:Column>%d</x:Column></x:ClientData></v:shape>"
)


def write_notes(parts: Parts, sheet: str, marks: Marks, drawing: str) -> str:
    """Puts comments on the marked cells of a worksheet part.

    `drawing` is the id by which the sheet names its drawing of windows, empty where it has none; the answer is the id
    of a new one that the sheet has to name, empty where it keeps the old.
    """
    relations = parts.relations(sheet)
    comments = next((part for kind, part in relations.values() if kind == "comments"), "")
    kept, authors = _kept(parts.text(comments)) if comments else ({}, [])
    if not comments:
        comments = parts.free("xl/commentsMark%s.xml")
        parts.declare(comments, COMMENTS_TYPE)
        parts.relate(sheet, "comments", comments)
    parts.streams[comments] = _comments(marks, kept, authors)
    return _windows(parts, sheet, marks, set(kept), relations.get(drawing, ("", ""))[1])


def _kept(text: str) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """The comments of others by cell, as (attributes, text with its marks), and all authors, as written."""
    if "<commentList" not in text:
        raise Unpatchable("comments")
    authors = [found[1] or "" for found in _AUTHOR_TAG.finditer(text)]
    ours = {str(number) for number, author in enumerate(authors) if author == AUTHOR}
    found = {}
    for comment in _COMMENT.finditer(text):
        tag = f"<comment{comment[1]}>"
        words = _TEXT.search(comment[2])
        if attribute(tag, "authorId") not in ours and words:
            found[attribute(tag, "ref")] = (
                attribute(tag, "authorId"),
                _EMPTY_RUN.sub("", _OUR_PART.sub(r"\1", words[1], 1)),
            )
    return found, authors


def _comments(marks: Marks, kept: dict[str, tuple[str, str]], authors: list[str]) -> Iterator[str]:
    listed = authors if AUTHOR in authors else [*authors, AUTHOR]
    yield f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments xmlns="{_MAIN}"><authors>'
    yield "".join(f"<author>{author}</author>" for author in listed)
    yield "</authors><commentList>"
    left = dict(kept)
    for row, position, mark in _cells(marks):
        cell = f"{letter_of(position)}{row}"
        author, rest = left.pop(cell, (str(listed.index(AUTHOR)), ""))
        if rest and rest.lstrip().startswith("<t"):
            rest = f"<r>{rest}</r>"
        text = plain_text(mark.text) + ("\n\n" if rest else "")
        yield f'<comment ref="{cell}" authorId="{author}"><text><r>{_LOOK}<t xml:space="preserve">{text}</t></r>{rest}'
        yield "</text></comment>"
    for cell, (author, rest) in left.items():
        yield f'<comment ref="{cell}" authorId="{author}"><text>{rest}</text></comment>'
    yield "</commentList></comments>"


def _cells(marks: Marks) -> Iterator[tuple[int, int, Mark]]:
    for row in sorted(marks):
        for position in sorted(marks[row]):
            yield row, position, marks[row][position]


def _windows(parts: Parts, sheet: str, marks: Marks, kept: set[str], old: str) -> str:
    """Draws a window for every comment of ours; the answer is the id of a new drawing."""
    if old:
        text = parts.text(old)
        end = text.rfind("</xml>")
        if end < 0 or not _SHAPE_TYPE_TAG.search(text):
            raise Unpatchable(old)
        text, names = _with_prefixes(text[:end])
        text = _SHAPE.sub(lambda found: found[0] if _still_needed(found[0], kept) else "", text)
        parts.streams[old] = _drawing(text, names, marks, kept)
        return ""
    name = parts.free("xl/drawings/vmlDrawingMark%s.vml")
    parts.declare_vml()
    parts.streams[name] = _drawing(_VML_HEAD + _SHAPE_TYPE, {"v": "v", "o": "o", "x": "x"}, marks, kept)
    return parts.relate(sheet, "vmlDrawing", name)


def _with_prefixes(text: str) -> tuple[str, dict[str, str]]:
    """The drawing with prefixes for the three namespaces at its root, and these; some writers declare them inside only."""
    root = text.index("<xml")
    end = text.index(">", root)
    names = {_KINDS[kind]: prefix for prefix, kind in _PREFIX.findall(text[root:end])}
    added = ""
    for kind, short in _KINDS.items():
        if short not in names:
            names[short] = f"mark{short}"
            added += f' xmlns:mark{short}="urn:schemas-microsoft-com:{kind}"'
    return text[:end] + added + text[end:], names


def _drawing(head: str, names: dict[str, str], marks: Marks, kept: set[str]) -> Iterator[str]:
    """The drawing from its head on; `names` are the prefixes that it gives the three namespaces."""
    count = sum(map(len, marks.values()))
    blocks = [str(_FIRST_BLOCK + number) for number in range(count // _BLOCK + 1)]
    yield _BLOCKS.sub(lambda found: f'{found[1]}{",".join(dict.fromkeys([*found[2].split(","), *blocks]))}"', head, 1)
    xml = re.sub(r"\b([vox]):", lambda found: f"{names[found[1]]}:", _SHAPE_XML)
    for number, (row, position, mark) in enumerate(_cells(marks), _FIRST_BLOCK * _BLOCK + 1):
        if f"{letter_of(position)}{row}" not in kept:  # else the cell has a window already
            yield xml % _shape(number, row, position, mark)
    yield "</xml>"


def _shape(number: int, row: int, position: int, mark: Mark) -> tuple:
    """What is peculiar to the window of one comment: its number, size, colour and place."""
    lines = sum(1 + len(line) // 24 for line in mark.text.split("\n"))
    top = max(row - 2, 0)
    place = (position + 1, top, position + 5, top + lines + 1, row - 1, position)
    return number, 16 * (lines + 1), _COLOURS[mark.error], *place


def _still_needed(shape: str, kept: set[str]) -> bool:
    """Whether a window belongs to a comment that stays, or is none of a comment at all."""
    if 'ObjectType="Note"' not in shape:
        return True
    row, column = (re.search(rf"<\w+:{name}>(\d+)</", shape) for name in ("Row", "Column"))
    return not (row and column) or f"{letter_of(int(column[1]))}{int(row[1]) + 1}" in kept
