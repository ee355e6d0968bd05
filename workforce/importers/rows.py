"""One row of a roster sheet on its way through the check."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.core.lib.identity import mask, mask_phone
from portal.core.lib.text import clean
from workforce.importers.columns import BY_KEY, HEADER, PRINTED
from workforce.importers.suggestions import suggested

_LONGEST_CELL = 60


@dataclass(slots=True)
class Row:
    """A row as read: `values` holds the filled cells only, by column key. Ends of periods are last days, as typed.

    `indexes` are the blind indexes of the ID number under every key, the current one first, and `code` is the community
    found; both empty where the row does not say. One that `repeats` tells the post of an earlier row once more, beside a
    further certificate or contract of the person; one of `nobody` has nothing in any column that must be filled.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[dict] = field(default_factory=list)
    warnings: list[dict] = field(default_factory=list)
    changes: list[dict] = field(default_factory=list)
    indexes: list[bytes] = field(default_factory=list)
    code: str = ""
    outside: bool = False
    moved: bool = False
    new: bool = False
    repeats: bool = False
    nobody: bool = False

    @property
    def judged(self) -> bool:
        """Whether the row takes part in the comparison with the roster."""
        return not (self.errors or self.outside)

    def is_wrong(self, key: str) -> bool:
        """Whether an error of this column has been noted."""
        return any(error["key"] == key for error in self.errors)

    def error(self, code: str, key: str, *, cell: object = None, **params: object) -> None:
        self.errors.append(issue(code, key, self._cell(key, cell), params))

    def warn(self, code: str, key: str, *, cell: object = None, **params: object) -> None:
        self.warnings.append(issue(code, key, self._cell(key, cell), params))

    def _cell(self, key: str, cell: object) -> str:
        return shown_cell(key, printed(key, self.values.get(key)) if cell is None else cell)


def issue(code: str, key: str, cell: str, params: dict) -> dict:
    """An error or warning as stored: JSON values only, no ID number or telephone in clear."""
    texts = {name: plain(value) for name, value in params.items()} | suggested(code, key, cell, params)
    header = HEADER.get(key, key)
    return {"key": key, "column": header, "code": code, "params": {"column": header, **texts}, "cell": cell}


def plain(value: object) -> object:
    """A value as JSON holds it."""
    return value.isoformat() if isinstance(value, date) else value


def printed(key: str, value: object) -> object:
    """A value that was read, as the sheet prints it: the word of a choice."""
    choices = BY_KEY[key].choices if key in BY_KEY else ""
    return PRINTED[choices].get(value, value) if choices else value


def shown_cell(key: str, cell: object) -> str:
    """A cell as errors show it; numbers of persons are masked, for the text is stored."""
    if cell is None:
        return ""
    text = clean(str(plain(cell))[: _LONGEST_CELL * 2])
    if len(text) > _LONGEST_CELL:
        text = text[: _LONGEST_CELL - 1] + "…"
    if key == "id_number":
        return mask(text)
    return mask_phone(text) if key == "phone" else text
