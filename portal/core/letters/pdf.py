"""A letter as PDF (PDF/A-2a and PDF/UA-1: tagged, searchable, kept for good) and as pictures of its pages.

Set by typst inside this process: tens of milliseconds a letter and nothing to install but a Chinese font. The paper's
text goes in as data, so nothing in it can become markup. The same paper and fonts give the same bytes.
"""

import json
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path

import typst
from django.utils.translation import gettext as _

from portal.core.letters import measures
from portal.core.letters.fitting import Fit, fitted
from portal.core.letters.fonts import NoChineseFont, fonts, stacks
from portal.core.letters.paper import (
    Annex,
    Paper,
    Style,
    annex_mark,
    annex_title,
    attachment_lines,
    chinese_day,
    copies_line,
    issuers,
    note_line,
    numbered,
    printable,
    signatures,
)
from portal.core.letters.titles import title_lines

_LAYOUT = Path(__file__).with_name("layout")
_STANDARDS = ["a-2a", "ua-1"]
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


class CannotShow(Exception):
    """A letter holds a character that no font of this machine has; the sentence names it."""


def pdf(paper: Paper) -> bytes:
    """The letter as PDF. NoChineseFont where the machine has none, CannotShow where a character is in no font."""
    made = _compiled(paper, format="pdf", pdf_standards=_STANDARDS, timestamp=_moment(paper))
    return made if isinstance(made, bytes) else b"".join(made)


def png_pages(paper: Paper, dpi: int = 96) -> list[bytes]:
    """The letter's pages as pictures. NoChineseFont as `pdf`; a character in no font shows as an empty box."""
    made = _compiled(paper, format="png", ppi=float(dpi))
    return [made] if isinstance(made, bytes) else list(made)


def _compiled(paper: Paper, **wanted):
    named = json.dumps(stacks())
    try:
        return _compiler(paper, named, _fit(paper, named)).compile(**wanted)
    except typst.TypstError as error:
        if "could not be displayed" in error.message:
            raise CannotShow(_unshown(error.message)) from error
        raise


def _compiler(paper: Paper, named: str, fit: Fit) -> typst.Compiler:
    # One compiler per call: it may not be used by two threads, and costs a tenth of a millisecond. What was laid out to see
    # how a letter fits is remembered by typst itself and not laid out twice.
    inputs = {"paper": _content(paper, fit), "measures": _measures(paper, fit), "fonts": named}
    return typst.Compiler(
        _LAYOUT / "letter.typ", root=_LAYOUT, font_paths=fonts(), ignore_system_fonts=True, sys_inputs=inputs
    )


def fit_of(paper: Paper) -> Fit:
    """How the letter is set, so that the Word file is set the same; the usual way where the machine has no Chinese font."""
    try:
        return _fit(paper, json.dumps(stacks()))
    except NoChineseFont:
        return Fit()


@lru_cache(maxsize=32)
def _fit(paper: Paper, named: str) -> Fit:
    def pages(fit: Fit) -> dict[str, int]:
        return dict(json.loads(_compiler(paper, named, fit).query("<ends>", field="value")))

    return fitted(pages, both_sides=paper.both_sides and paper.style == Style.FILE)


def _unshown(message: str) -> str:
    shown = message.split('"')[1] if '"' in message else message
    return _(
        "服务器的字体中没有“%(text)s”，无法生成 PDF，Word 文档不受影响。请改用通用字，"
        "或者把含有这个字的字体文件放进 LETTER_FONT_DIR 所指的文件夹，然后重新启动平台。"
    ) % {"text": shown}


def _moment(paper: Paper) -> datetime:
    return datetime.combine(paper.dated, time(), UTC) if paper.dated else _UNDATED


def _measures(paper: Paper, fit: Fit) -> str:
    named = {name.lower(): value for name, value in vars(measures).items() if isinstance(value, int | float)}
    names = issuers(paper)
    size = (
        measures.joint_size(names, paper.style) if len(names) > 1 else measures.issuer_size(paper.issuer, paper.style)
    )
    return json.dumps(named | {"red": measures.RED, "issuer": size, "line": fit.line})


def _content(paper: Paper, fit: Fit) -> str:
    """The paper as the layout prints it: every text made up, nothing left to decide."""
    dated = chinese_day(paper.dated) if paper.dated else ""
    joint = measures.joint_places(signatures(paper), dated, sealed=paper.sealed) if paper.joint else ()
    content = {
        "carry": fit.carry,
        "apart": fit.apart,
        "unnumbered_after": fit.unnumbered_after,
        "style": paper.style,
        "title": title_lines(paper.title),
        "author": paper.signature or paper.issuer,
        "issuer": paper.issuer,
        "issuers": issuers(paper),
        "number": paper.number,
        "class_mark": paper.class_mark,
        "addressee": paper.addressee.rstrip("：:"),
        "blocks": _blocks(paper),
        "annexes": [
            {"mark": annex_mark(paper, one), "title": title_lines(annex_title(paper, one)), "blocks": _blocks(one)}
            for one in paper.annexes
        ],
        "attachments": attachment_lines(paper),
        "ordinal": measures.ordinal_width(len(paper.attachments)),
        "contact": paper.contact.lines() if paper.contact else (),
        "contact_first": paper.contact_first,
        "signature": paper.signature,
        "joint": joint,
        "dated": dated,
        "sealed": paper.sealed,
        "indents": measures.closing_indents(paper.signature, dated, sealed=paper.sealed)
        if not joint
        else (0.0, joint[-1][-1][0] - measures.width_of(dated) / 2),
        "note": note_line(paper),
        "copies": copies_line(paper),
        "print_office": paper.print_office,
        "printed": f"{chinese_day(paper.printed_on)}印发" if paper.printed_on else "",
        "print_copies": f"（共印{paper.print_copies}份）" if paper.print_copies else "",
        "stamp": paper.stamp,
    }
    return printable(json.dumps(content, ensure_ascii=False))


def _blocks(paper: Paper | Annex) -> list[dict]:
    """Headings, tables, and one paragraph for every line of text."""
    made: list[dict] = []
    for block, number, depth in numbered(paper):
        plain = {"level": block.kind.level, "depth": depth, "number": number, "table": None}
        if block.table:
            table = {name: getattr(block.table, name) for name in ("rows", "header_rows", "widths", "caption")}
            made.append(plain | {"text": "", "follows": "", "table": table})
        elif block.kind.level:
            made.append(plain | {"text": block.text, "follows": block.follows})
        else:
            lines = (line.strip() for line in block.text.splitlines())
            made += [plain | {"text": line, "follows": ""} for line in lines if line]
    return made
