"""The names under which columns go: their own, their usual other ones, and what an office has said of its own."""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence

from portal.core.lib.text import fold
from portal.core.sheets.columns import Column

IGNORED = "-"  # stands for the key of a header that is not to be read
LONGEST_HEADER = 60

_MARKS = re.compile(r"[*★☆※:;,.。、]+|\(必填\)|\[必填\]|必填")
_BRACKETS = re.compile(r"[(\[【〔〈].*?[)\]】〕〉]")
_SIMILAR = 0.5


def header_key(header: str) -> str:
    """A header as an office's word on it is remembered."""
    return fold(header)[:LONGEST_HEADER]


class Names:
    """The folded names under which columns are known."""

    def __init__(self, columns: Sequence[Column], ignored: Collection[str], mapping: Mapping[str, str]) -> None:
        self.columns = columns
        self.known = {fold(name): column.key for column in columns for name in (column.header, *column.aliases)}
        self.ignored = {fold(name) for name in ignored}
        keys = {column.key for column in columns}
        self.mapping = {header: key or IGNORED for header, key in mapping.items() if key in keys or not key}

    def key_of(self, header: str) -> str:
        """The column a header names; "" for none, IGNORED for one that is not to be read."""
        folded = fold(header)
        bare = _MARKS.sub("", folded)
        for form in (folded, bare, _BRACKETS.sub("", bare)):
            if form in self.known:
                return self.known[form]
            if form in self.ignored:
                return IGNORED
        return self.mapping.get(header_key(header), "")

    def similar(self, header: str) -> str:
        """The printed name of the column nearest to a header; "" when none is near."""
        bare = _BRACKETS.sub("", _MARKS.sub("", fold(header)))
        close = difflib.get_close_matches(bare, self.known, n=1, cutoff=_SIMILAR)
        if not close:
            return ""
        return next(column.header for column in self.columns if column.key == self.known[close[0]])
