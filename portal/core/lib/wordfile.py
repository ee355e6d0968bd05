"""What every Word file of the portal is made with: fonts for all scripts, exact lines, fields, the same bytes every time."""

import io
import re
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

_EPOCH = (1980, 1, 1, 0, 0, 0)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_THEME = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def safe(text: str) -> str:
    """A text as XML can hold it."""
    return _NOT_XML.sub("", text)


def name_font(properties, name: str) -> None:
    """Names one font for every script, the theme's own put aside; `properties` are those of a run or of a style."""
    fonts = properties.get_or_add_rFonts()
    for theme in _THEME:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


def style_font(style, name: str, size: Pt) -> None:
    style.font.name, style.font.size = name, size
    name_font(style.element.get_or_add_rPr(), name)


def style_lines(style, align: WD_ALIGN_PARAGRAPH, line: Pt | None) -> None:
    """Aligned so, lines of exactly that pitch (None: as high as the font), nothing before or after."""
    layout = style.paragraph_format
    layout.alignment, layout.space_before, layout.space_after = align, Pt(0), Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.SINGLE if line is None else WD_LINE_SPACING.EXACTLY
    if line is not None:
        layout.line_spacing = line


def indent(properties, size: Pt, **characters: float) -> None:
    """Indents by characters, as Word's own Chinese layout has it: firstLine, left, right, hanging."""
    made = properties.get_or_add_ind()
    for side, count in characters.items():
        made.set(qn(f"w:{side}Chars"), str(round(100 * count)))
        made.set(qn(f"w:{side}"), str(round(count * size.pt * 20)))


def add_field(run, code: str) -> None:
    """A field such as PAGE, which Word fills in."""
    for kind in ("begin", None, "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.set(qn("xml:space"), "preserve")
            element.text = f" {code} "
        run.append(element)


def set_properties(document: WordDocument, *, title: str, subject: str, author: str, at: datetime) -> None:
    """The document's properties, none of them from the clock or the machine."""
    properties = document.core_properties
    properties.title, properties.subject = safe(title), safe(subject)
    properties.author = properties.last_modified_by = safe(author)
    properties.keywords = properties.comments = properties.category = ""
    properties.language, properties.revision = "zh-CN", 1
    properties.created = properties.modified = at.replace(tzinfo=None, microsecond=0)


def packed(document: WordDocument) -> bytes:
    """The package with a fixed time on every part, so that the same document is the same bytes."""
    given, out = io.BytesIO(), io.BytesIO()
    document.save(given)
    with ZipFile(given) as parts, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name in parts.namelist():
            made.writestr(ZipInfo(name, _EPOCH), parts.read(name), ZIP_DEFLATED)
    return out.getvalue()
