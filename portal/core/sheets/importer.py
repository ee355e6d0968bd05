"""What a kind of sheet brings to the import machinery: how to judge a file and how to write what was judged.

The machinery (`actions.py`) knows batches, progress and files; it never knows what the rows mean. The site lists the
kinds in `portal/registry.py` and hands one in.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.functional import Promise

from portal.core.accounts.roles import Perm
from portal.core.sheets.columns import Column
from portal.core.sheets.errors import SheetError
from portal.core.sheets.undo import Undo


class Progress(Protocol):
    """Where the judging is; called freely, written to the database about once a second."""

    def __call__(self, phase: str, done: int = 0, total: int = 0) -> None: ...


def no_progress(phase: str, done: int = 0, total: int = 0) -> None:
    """For callers without an audience."""


class Unusable(Exception):
    """No row of the sheet can be judged, for all these reasons."""

    def __init__(self, errors: Sequence[SheetError]) -> None:
        super().__init__(*errors)
        self.errors = list(errors)


@dataclass(slots=True)
class JudgedRow:
    """What was found for one row; `number` is 0 for a record that no row of the sheet names."""

    number: int
    status: str
    label: str = ""
    division: str = ""
    errors: list[dict] = field(default_factory=list)
    warnings: list[dict] = field(default_factory=list)
    changes: list[dict] = field(default_factory=list)


@dataclass(slots=True)
class Judgement:
    """The whole check of a file.

    `plan` is what would be written, as named parts of COPY text that the importer's `apply` reads again; `basis` is the
    fingerprint of what the check read from the database.
    """

    rows: Sequence[JudgedRow]
    counts: dict[str, Any]
    plan: Mapping[str, Sequence[bytes]]
    basis: str


Part = Callable[[str], Iterable[bytes]]
"""A part of a plan by its name, in pieces."""


@dataclass(frozen=True)
class Importer:
    """A kind of sheet. `parts` are those of its plans, `undo` takes back what they wrote.

    `judge(grid, batch=, lock=, progress=)` raises `Unusable` or SheetError where no row can be judged; with `lock` it
    holds what it read. `basis(batch=, part=)` takes the fingerprint anew and holds what it is taken of. `apply(part=,
    batch=, by=)` writes. Both work inside the caller's transaction. `lists` and `notes` are of the blank sheet.
    """

    kind: str
    label: str | Promise
    perm: Perm
    columns: Sequence[Column]
    parts: Sequence[str]
    judge: Callable[..., Judgement]
    basis: Callable[..., str]
    apply: Callable[..., None]
    sentence: Callable[[str, dict], str]
    heading: Callable[[str], str]
    show: Callable[[str, Any], str]
    summary: Callable[[dict], str]
    undo: Undo
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notes: Sequence[str | Promise] = ()
