"""Somebody of whom the row tells just what the roster holds: most of a later roster, so not compared field by field.

Whatever is not plainly the same is left to `Comparison.take`, which says of the rest that nothing changes; a test holds
the two against each other.
"""

from typing import Any

from portal.core.lib.dated import end_of
from workforce.actions.plan import PostWrite
from workforce.importers.columns import NO_CONTRACT
from workforce.importers.known import Known
from workforce.importers.people import Human

_POST = ("body", "title", "tier", "grade", "entry", "full_time", "managed", "grid_worker", "valid_from")
_CERTIFICATE = ("number", "obtained_on")


def unchanged(human: Human, known: Known) -> PostWrite | None:
    """The recorded post of somebody in service with one row and one post, where nothing changes; None where a closer
    look is needed."""
    if len(human.rows) > 1 or len(known.posts) != 1 or not known.inside or known.values["left_on"]:
        return None
    row, post, recorded = human.rows[0], known.posts[0], known.values
    for key, value in human.values.items():
        if value != recorded[key]:
            return None
    same = row.code == post.division and _is_post(row.values, post)
    return post if same and _is_contract(row.values, known) and _is_certificate(row.values, known) else None


def _agrees(values: dict[str, Any], keys: tuple[str, ...], record: Any) -> bool:
    """Whether the filled cells among `keys` say what the record says."""
    return all(values[key] == getattr(record, key) for key in keys if key in values)


def _is_post(values: dict[str, Any], post: PostWrite) -> bool:
    return end_of(values.get("valid_to")) == post.valid_to and _agrees(values, _POST, post)


def _is_contract(values: dict[str, Any], known: Known) -> bool:
    kind = values.get("contract_kind")
    if kind is None:
        return True
    if kind == NO_CONTRACT or len(known.contracts) != 1:
        return False
    one = known.contracts[0]
    period = values["contract_from"], end_of(values.get("contract_to"))
    return (kind, *period) == (one.kind, one.valid_from, one.valid_to) and values.get("party", one.party) == one.party


def _is_certificate(values: dict[str, Any], known: Known) -> bool:
    level = values.get("level")
    if level is None:
        return True
    held, day = known.certificates.get(level), values.get("registered_on")
    if held is None or not _agrees(values, _CERTIFICATE, held):
        return False
    return day is None or any(one.registered_on == day for one in known.registrations.get(level, ()))
