"""What was found for the rows of a sheet, as it is kept for the preview: COPY text, and its fingerprint."""

import hashlib
import json
from collections.abc import Iterator, Sequence

from portal.core.lib.bulk import copy_text
from portal.core.sheets.importer import JudgedRow
from portal.core.sheets.models import ImportBatch

ROW_COLUMNS = "batch_id, number, status, label, division, errors, warnings, changes"

_BLOCK = 500
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Outcome:
    """The rows as COPY text for `ROW_COLUMNS`, in pieces; `digest` is the fingerprint of all that the reader is shown,
    once they have been gone through."""

    def __init__(self, batch: ImportBatch, rows: Sequence[JudgedRow]) -> None:
        self._key, self._rows = str(batch.pk), rows
        self._digest = hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        changes = _Changes()
        for at in range(0, len(self._rows), _BLOCK):
            piece = "".join([self._line(row, changes) for row in self._rows[at : at + _BLOCK]]).encode()
            self._digest.update(piece)
            yield piece

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def _line(self, row: JudgedRow, changes: "_Changes") -> str:
        head = f"{self._key}\t{row.number}\t{row.status!s}\t{copy_text(row.label)}\t{row.division}"
        return f"{head}\t{_listed(row.errors)}\t{_listed(row.warnings)}\t{changes.listed(row.changes)}\n"


def fingerprint(batch: ImportBatch, rows: Sequence[JudgedRow]) -> str:
    """The fingerprint alone."""
    outcome = Outcome(batch, rows)
    for _piece in outcome:
        pass
    return outcome.digest


def _listed(issues: list[dict]) -> str:
    return copy_text(_json(issues)) if issues else "[]"


class _Changes:
    """Lists of differences as text. Equal differences are often one object, whose text is then made once."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def listed(self, changes: list[dict]) -> str:
        return f"[{','.join([self._texts.get(id(one)) or self._text(one) for one in changes])}]"

    def _text(self, change: dict) -> str:
        text = self._texts[id(change)] = copy_text(_json(change))
        return text
