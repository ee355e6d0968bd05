"""Which record a row means, and in what it differs from it."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from portal.core.lib.dated import last_day, overlaps
from portal.core.lib.identity import mask, mask_phone
from workforce.importers.rows import plain

_ENDS = {"valid_to"}


class Dated(Protocol):
    """Anything recorded over [valid_from, valid_to)."""

    valid_from: date
    valid_to: date | None


Record = TypeVar("Record", bound=Dated)


def pick(records: Iterable[Record], start: date, end: date | None) -> Record | None:
    """The record meant by a period: the one that starts the same day, else the latest that shares a day with it."""
    shared = [record for record in records if overlaps(record.valid_from, record.valid_to, start, end)]
    same = [record for record in shared if record.valid_from == start]
    return (same or shared or [None])[-1]


def clashing(records: Iterable[Record], start: date, end: date | None) -> Record | None:
    """A record that shares a day with the period."""
    return next((record for record in records if overlaps(record.valid_from, record.valid_to, start, end)), None)


@lru_cache(maxsize=65536)
def change(key: str, old: Any, new: Any, of: str = "") -> dict:
    """One difference as stored: JSON values, numbers of persons masked; `of` names the post of somebody's several.

    The same difference is one object however many rows have it, so it must not be altered.
    """
    told = {"key": key, "old": _stored(key, old), "new": _stored(key, new)}
    return {**told, "of": of} if of else told


def differences(keys: Iterable[tuple[str, str]], old: Any, new: Any) -> list[dict]:
    """Differences of two records of one type, as (attribute, column key) pairs; exclusive ends are told as last days."""
    if old == new:
        return []
    found = []
    for attribute, key in keys:
        before, after = getattr(old, attribute), getattr(new, attribute)
        if before != after:
            if attribute in _ENDS:
                before, after = last_day(before), last_day(after)
            found.append(change(key, before, after))
    return found


def _stored(key: str, value: Any) -> Any:
    if value is None or value == "":
        return None
    if key == "id_number":
        return mask(value)
    return mask_phone(value) if key == "phone" else plain(value)
