"""What the check found, cell by cell: the marks that go into the user's own workbook."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.core.sheets.merged import Downwards
from portal.core.sheets.reports import Issue

AUTHOR = "名册检查"  # of every comment we write, by which it is known again when the workbook comes back
ERROR_SIGN, WARNING_SIGN = "✖", "▲"
_LONGEST = 2_000


@dataclass(slots=True)
class Mark:
    """All that is to be said of one cell; errors first."""

    error: bool = False
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The comment: one line each, told apart by sign and word."""
        wrong = [_("%(sign)s 错误：%(text)s") % {"sign": ERROR_SIGN, "text": text} for text in self.errors]
        doubtful = [_("%(sign)s 提示：%(text)s") % {"sign": WARNING_SIGN, "text": text} for text in self.warnings]
        return "\n".join(wrong + doubtful)[:_LONGEST]


Marks = dict[int, dict[int, Mark]]


def gather(issues: Iterator[Issue]) -> tuple[Marks, Counter[tuple[bool, str]]]:
    """Marks by row number and position in the row, and how many issues of each kind there are."""
    marks: Marks = {}
    kinds: Counter[tuple[bool, str]] = Counter()
    for issue in issues:
        kinds[issue.error, issue.kind or _("表头")] += 1
        if issue.row:
            mark = marks.setdefault(issue.row, {}).setdefault(issue.position, Mark())
            (mark.errors if issue.error else mark.warnings).append(issue.text)
            mark.error = mark.error or issue.error
    return marks, kinds


def lifted(marks: Marks, merged: Downwards) -> Marks:
    """The marks with those of cells that lie under a merged one moved to it, where they can be seen; each text once."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for first in sorted(merged):
        for position, last in merged[first].items():
            spans.setdefault(position, []).append((first, last))
    found: Marks = {}
    for row, cells in sorted(marks.items()):
        for position, mark in cells.items():
            _add(found.setdefault(_shown(row, spans.get(position, [])), {}).setdefault(position, Mark()), mark)
    return found


def _shown(row: int, spans: list[tuple[int, int]]) -> int:
    """The row in which a cell of a row is seen."""
    at = bisect_right(spans, row, key=lambda span: span[0]) - 1
    return spans[at][0] if at >= 0 and row <= spans[at][1] else row


def _add(mark: Mark, other: Mark) -> None:
    mark.error = mark.error or other.error
    mark.errors += [text for text in other.errors if text not in mark.errors]
    mark.warnings += [text for text in other.warnings if text not in mark.warnings]
