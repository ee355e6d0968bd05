"""Position control: nobody takes a position that is not established, on any day of the appointment (domain §1.B3 总量调控).

Checked after writing and under a lock on the community that lasts to the end of the transaction, so that whoever comes
second counts what the first has written.
"""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from portal.core.policy.kinds import POSITION_CONTROL
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from workforce.committee import Excess, Period, first_excess, gained
from workforce.enums import WorkerClass
from workforce.queries.establishment import held_by, steps_of, taken_in

Held = dict[tuple[str, str], list[Period]]


class OverQuota(ValidationError):
    """An appointment beyond the established positions; the sentence says from when and how to go on."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__({field: sentence} if field else sentence)


_SHARED = "SELECT pg_advisory_xact_lock_shared(hashtext('workforce.positions'), 0)"
_WHOLE = "SELECT pg_advisory_xact_lock(hashtext('workforce.positions'), 0)"
_ONE = "SELECT pg_advisory_xact_lock(hashtext('workforce.positions'), hashtext(%s))"
# A sheet of a whole city touches more communities than the database has room for locks: it takes one for all.
LOCKED_SINGLY = 500


def lock_positions(codes: Iterable[str]) -> None:
    """Holds the positions of the communities, in code order, to the end of the transaction."""
    wanted = sorted(set(codes))
    with connection.cursor() as cursor:
        if len(wanted) > LOCKED_SINGLY:
            cursor.execute(_WHOLE)
            return
        if wanted:
            cursor.execute(_SHARED)
        for code in wanted:
            cursor.execute(_ONE, [code])


def guard_positions(person_id: UUID, before: Held, field: str = "") -> list[str]:
    """Checks the positions that a person takes now and did not take `before`, each on its own days.

    Raises `OverQuota`, for the form's `field`, where the rule enforces the quota; returns sentences where it only warns. A position held by a
    recorded exception was judged when that was given.
    """
    now = held_by(person_id, excepted=False)
    more = {key: periods for key, after in now.items() if (periods := gained(before.get(key, []), after))}
    lock_positions(code for code, _class in more)
    notes = []
    for (code, worker_class), periods in sorted(more.items()):
        for start, end in periods:
            mode = rule_for(POSITION_CONTROL, code, start).value["mode"]
            excess = _excess(code, worker_class, start, end) if mode != "off" else None
            if excess and mode == "enforce":
                raise OverQuota(refusal(_label(code), worker_class, excess), field)
            if excess:
                notes.append(warning(_label(code), worker_class, excess))
    return notes


def _excess(code: str, worker_class: str, start, end) -> Excess | None:
    steps = steps_of(code, worker_class)
    return first_excess(taken_in(code, worker_class), steps, start, end) if steps else None


def _label(code: str) -> str:
    return Division.objects.values_list("label", flat=True).get(pk=code)


def _words(place: str, worker_class: str, excess: Excess) -> dict:
    return {
        "place": place,
        "kind": WorkerClass(worker_class).label,
        "day": excess.on.isoformat(),
        "taken": excess.taken,
        "posts": excess.posts,
    }


def warning(place: str, worker_class: str, excess: Excess) -> str:
    """That, from when and by how much a quota is exceeded; appointments that start later are counted when they do."""
    return _("%(place)s“%(kind)s”核定员额 %(posts)s 人，%(day)s 起将有 %(taken)s 人占用，超出员额。") % _words(
        place, worker_class, excess
    )


def refusal(place: str, worker_class: str, excess: Excess) -> str:
    """The same with the two ways on."""
    ways = _("请先申请员额；确需超员额任用的，先按未纳入管理登记，再由区里按例外批准纳入。")
    return f"{warning(place, worker_class, excess)}{ways}"
