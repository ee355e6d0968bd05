"""What a check reads from the database, told by a fingerprint: where it is the same, so is what the check would say.

The fingerprint is taken before anything is read. Whatever changes later makes another one, and the sheet is judged
again. People are told by their `version`, which every change to them and to their posts and papers counts up.
"""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

from portal.core.lib.clock import today
from portal.core.lib.codes import code_range, within
from portal.core.sheets.importer import Part
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.staging import stage
from workforce.actions.positions import lock_positions
from workforce.models import Establishment

# Everybody the check compares with: who bears an ID number of the sheet, and who has a post in the division.
_RELEVANT = """
CREATE TEMP TABLE roster_relevant ON COMMIT DROP AS
SELECT p.id, true AS named FROM workforce_person p JOIN roster_sheet s ON s.id_number_index = p.id_number_index
UNION ALL
SELECT a.person_id, false FROM (
    SELECT DISTINCT person_id FROM workforce_appointment WHERE division_id >= %(low)s AND division_id < %(high)s
) a JOIN workforce_person p ON p.id = a.person_id
WHERE NOT EXISTS (SELECT 1 FROM roster_sheet s WHERE s.id_number_index = p.id_number_index)"""
_LOCK = "SELECT id FROM workforce_person WHERE id IN (SELECT id FROM roster_relevant) ORDER BY id FOR UPDATE"
# Whether somebody came while the positions were waited for.
_CAME = """
SELECT EXISTS (SELECT 1 FROM workforce_appointment a WHERE division_id = ANY(%(held)s)
    AND NOT EXISTS (SELECT 1 FROM roster_relevant r WHERE r.id = a.person_id))"""
_PARTS = (
    """SELECT p.id::text || p.version AS part FROM workforce_person p JOIN roster_relevant USING (id) ORDER BY p.id""",
    "SELECT r::text AS part FROM core_policyrule r ORDER BY id",
    """SELECT concat_ws(',', code, label, level, urban, valid_to) AS part FROM core_division
    WHERE code >= %(near)s AND code < %(beyond)s ORDER BY code""",
    """SELECT e::text AS part FROM workforce_establishment e
    WHERE division_id >= %(low)s AND division_id < %(high)s ORDER BY id""",
    """SELECT q.appointment_id::text AS part FROM workforce_quotaexception q
    JOIN workforce_appointment a ON a.id = q.appointment_id
    WHERE a.division_id >= %(low)s AND a.division_id < %(high)s ORDER BY 1""",
)
_DIGEST = "SELECT encode(sha256(coalesce(string_agg(part, ';'), '')::bytea), 'hex') FROM ({}) parts"


def sheet_text(indexes: Iterable[bytes]) -> list[bytes]:
    """The ID numbers of a sheet, as blind indexes, in COPY text."""
    return ["".join(f"\\\\x{index.hex()}\n" for index in indexes).encode()]


def take_basis(batch: ImportBatch, sheet: Iterable[bytes], *, lock: bool, writes: Iterable[str] = ()) -> str:
    """The fingerprint for a sheet with these ID numbers (of `sheet_text`); needs a transaction.

    Leaves the temporary table `roster_relevant` with the people meant. With `lock` they stay as they are to the end of
    the transaction, and nobody else takes a position in the communities that are written to.
    """
    low, high = code_range(batch.division_id)
    near, beyond = code_range(batch.division_id[:6])
    given: dict[str, Any] = {"low": low, "high": high, "near": near, "beyond": beyond}
    with connection.cursor() as cursor:
        stage(cursor, "roster_sheet", "id_number_index bytea", sheet)
        cursor.execute("ANALYZE roster_sheet; DROP TABLE IF EXISTS pg_temp.roster_relevant")
        cursor.execute(_RELEVANT, given)
        cursor.execute("ANALYZE roster_relevant")
        came = False
        if lock:
            cursor.execute(_LOCK)
            # People first, then positions: as every form does, or the two would wait for each other.
            given["held"] = _limited([code for code in writes if within(code, batch.division_id)])
            lock_positions(given["held"])
            came = _one(cursor, _CAME, given)
        parts = [_one(cursor, _DIGEST.format(part), given) for part in _PARTS]
    parts += ["came"] * came
    parts += [today().isoformat(), json.dumps(batch.options, sort_keys=True)]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()


def _limited(codes: list[str]) -> list[str]:
    """Communities among these where positions have been established."""
    return list(Establishment.objects.filter(division__in=codes).values_list("division_id", flat=True).distinct())


def renewed_basis(*, batch: ImportBatch, part: Part) -> str:
    """The fingerprint of a kept check as it is now, and what it is of held still."""
    return take_basis(batch, part("sheet"), lock=True, writes=b"".join(part("community")).decode().split())


def absent() -> list[str]:
    """People with a post in the division whom the sheet does not name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text FROM roster_relevant WHERE NOT named ORDER BY 1")
        return [pk for (pk,) in cursor.fetchall()]


def _one(cursor: Any, sql: str, given: dict[str, Any]) -> Any:
    cursor.execute(sql, given)
    return cursor.fetchone()[0]
