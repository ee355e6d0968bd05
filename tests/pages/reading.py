"""What a reader sees of a page: its text without tags, its tables as rows of cells."""

import re
from html import unescape


def text_of(response) -> str:
    """The words of the page with single blanks, scripts and tags left out."""
    return _plain(response.content.decode())


def _plain(html: str) -> str:
    html = re.sub(r"<(script|style|svg|title)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", html))).strip()


def sentence_of(response, identifier: str = "sentence") -> str:
    """The sentence that can be copied, with the line of basis, date and source under it."""
    found = re.search(rf'<div id="{identifier}">(.*?)</div>', response.content.decode(), re.S)
    return _plain(found[1]) if found else ""


def rows_of(response, part: str = "tbody") -> list[list[str]]:
    """The cells of every row in that part of every table of the page."""
    parts = re.findall(rf"<{part}\b.*?</{part}>", response.content.decode(), re.S)
    return [
        [_plain(cell) for cell in re.findall(r"<t[hd]\b[^>]*>(.*?)</t[hd]>", row, re.S)]
        for found in parts
        for row in re.findall(r"<tr\b.*?</tr>", found, re.S)
    ]
