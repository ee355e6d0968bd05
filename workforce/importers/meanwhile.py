"""Rows typed over a record that somebody else has changed since: they go back to the grid, which shows both versions.

The grid sends the cells of a recorded post as they stood beside those that were typed. Held against a later record
they would take back what was saved in between.
"""

from collections.abc import Mapping

from workforce.importers.rows import Row
from workforce.models import Person


def note_changed(rows: list[Row], versions: Mapping[int, tuple[str, int]]) -> None:
    """Notes an error on every row whose person is no longer in the version that was typed over; one query."""
    if not versions:
        return
    keys = {key for key, _version in versions.values()}
    now = {str(pk): version for pk, version in Person.objects.filter(pk__in=keys).values_list("pk", "version")}
    for row in rows:
        key, version = versions.get(row.number, ("", None))
        if now.get(key) != version:
            row.error("changed_meanwhile", "name")
