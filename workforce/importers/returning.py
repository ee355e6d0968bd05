"""Somebody whose service has ended and whom a sheet names again: back from a later day on, or a sheet older than the exit.

Whom another office has had, the sheet's office learns no day of.
"""

from datetime import date
from typing import Any

from portal.core.lib.dated import last_day
from workforce.actions.plan import PersonWrite
from workforce.importers.known import Known
from workforce.importers.rows import Row

# What is said instead of a sentence that tells days of another office's record; empty for nothing at all.
_UNTOLD = {
    "returns": "returns_elsewhere",
    "exit_recorded": "exit_elsewhere",
    "hired_before_return": "hired_elsewhere",
    "left_before_hired": "hired_elsewhere",
    "contract_overlap": "contract_elsewhere",
    "contract_before_return": "contract_elsewhere",
    "contract_after_leaving": "contract_elsewhere",
    "contract_none_recorded": "",
}


def serve_again(fields: dict[str, Any], given: dict[str, Any], known: Known, rows: list[Row]) -> None:
    """Sets the service of a person who had left, by the posts that last beyond that day.

    Those that begin later are a new service, with an exit of its own where the sheet tells one. One that begins earlier
    contradicts the exit on record, which only its own page takes back, unless the sheet corrects the last day.
    """
    left, new_left = known.values["left_on"], given.get("left_on")
    beyond = [row for row in rows if _lasts_beyond(row, new_left, left)]
    spanning = [row for row in beyond if row.values["valid_from"] <= left]
    if new_left is None:
        for row in spanning:
            row.error("exit_recorded", "valid_from", left=left)
    fresh = [row for row in beyond if row.values["valid_from"] > left]
    if fresh and (new_left is None or not spanning):
        _begin(fields, given, left, fresh)
    elif new_left not in (None, left) and not known.inside:
        rows[0].error("exit_kept_elsewhere", "left_on")
        fields |= {key: known.values[key] for key in ("left_on", "leaving_reason")}


def _lasts_beyond(row: Row, new_left: date | None, left: date) -> bool:
    ends = [day for day in (row.values.get("valid_to"), new_left) if day is not None]
    return not ends or min(ends) > left


def _begin(fields: dict[str, Any], given: dict[str, Any], left: date, rows: list[Row]) -> None:
    """A service from the first of the posts on, or from the day of hiring that the sheet tells."""
    first = min(rows, key=lambda row: row.values["valid_from"])
    fields["hired_on"] = hired = given.get("hired_on", first.values["valid_from"])
    fields["left_on"], fields["leaving_reason"] = given.get("left_on"), given.get("leaving_reason", "")
    if hired <= left:
        first.error("hired_before_return", "hired_on", left=left)
    else:
        first.warn("returns", "left_on", left=left)


def served_until(person: PersonWrite, known: Known | None) -> date | None:
    """The last day of the service before, for somebody who returns or comes from another office; contracts begin after it."""
    if known is None:
        return None
    left, hired = known.values["left_on"], person.fields["hired_on"]
    if known.inside:
        return left if left is not None and hired is not None and hired > left else None
    ends = [last_day(post.valid_to) for post in known.posts if post.valid_to not in (None, post.valid_from)]
    return max((day for day in (left, *ends) if day is not None), default=None)


def withhold(rows: list[Row]) -> None:
    """Takes what another office has recorded out of all that is said of the rows."""
    for row in rows:
        row.changes = [{**one, "old": None} for one in row.changes]
        row.errors = _without_days(row.errors)
        row.warnings = _without_days(row.warnings)


def _without_days(issues: list[dict]) -> list[dict]:
    said = [(_UNTOLD.get(one["code"]), one) for one in issues]
    return [
        one if code is None else {**one, "code": code, "params": {"column": one["column"]}}
        for code, one in said
        if code != ""
    ]
