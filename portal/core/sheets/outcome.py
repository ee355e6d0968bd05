"""What was found for the rows of a sheet, as it is kept for the preview: COPY text, and its fingerprint."""

import hashlib
import json
from collections.abc import Sequence

from portal.core.lib.bulk import copy_text
from portal.core.sheets.importer import JudgedRow
from portal.core.sheets.models import ImportBatch

ROW_COLUMNS = "batch_id, number, status, label, division, errors, warnings, changes"


def row_lines(batch: ImportBatch, rows: Sequence[JudgedRow]) -> tuple[list[bytes], str]:
    """The rows as COPY text for `ROW_COLUMNS`, and the fingerprint of all that the reader is shown."""
    digest, lines, changed, key = hashlib.sha256(), [], _Changes(), str(batch.pk)
    for row in rows:
        line = "\t".join(
            (
                key,
                str(row.number),
                str(row.status),
                copy_text(row.label),
                row.division,
                _listed(row.errors),
                _listed(row.warnings),
                changed.listed(row.changes),
            )
        )
        lines.append(f"{line}\n".encode())
        digest.update(lines[-1])
    return lines, digest.hexdigest()


def _listed(issues: list[dict]) -> str:
    return copy_text(json.dumps(issues, ensure_ascii=False)) if issues else "[]"


class _Changes:
    """Lists of differences as text. Equal differences are often one object, whose text is then made once."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}

    def listed(self, changes: list[dict]) -> str:
        return f"[{','.join([self._texts.get(id(one)) or self._text(one) for one in changes])}]"

    def _text(self, change: dict) -> str:
        text = self._texts[id(change)] = copy_text(json.dumps(change, ensure_ascii=False))
        return text
