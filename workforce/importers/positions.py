"""Position control of a whole sheet: rows that would take a position beyond the quota, each on its own days.

Positions are given out in the order of the sheet: where three want two places, the third row is told.
"""

from collections.abc import Callable, Iterable
from datetime import date

from django.db import connection

from portal.core.lib.dated import in_force
from portal.core.policy.kinds import POSITION_CONTROL
from portal.core.policy.models import PolicyRule
from workforce.actions.plan import PostWrite
from workforce.actions.positions import lock_positions
from workforce.committee import Period, Step, Taken, first_excess, gained
from workforce.importers.rows import Row
from workforce.models import Establishment
from workforce.queries.establishment import class_of

Key = tuple[str, str]
_HELD = """
SELECT a.id, a.person_id::text, a.division_id, a.body, a.valid_from, a.valid_to, q.id IS NOT NULL
FROM workforce_appointment a LEFT JOIN workforce_quotaexception q ON q.appointment_id = a.id
WHERE a.full_time AND a.managed AND a.division_id = ANY(%s)"""


def judge_positions(written: list[tuple[Row, PostWrite]], planned: list[PostWrite], *, lock: bool) -> None:
    """Notes on the rows where the posts `written` for them exceed the quota; `planned` is all that would be written.

    With `lock` the positions of the communities are held to the end of the transaction.
    """
    steps = _established({_key(post) for _row, post in written if _takes(post)})
    if not steps:
        return
    if lock:
        lock_positions({code for code, _class in steps})
        steps = _established(set(steps))
    quotas = Quotas(steps, planned)
    ours = {id(post) for post in planned}
    for row, post in sorted(written, key=lambda pair: pair[0].number):
        if id(post) in ours and _takes(post) and _key(post) in steps:
            quotas.admit(row, post)


def _takes(post: PostWrite) -> bool:
    return post.full_time and post.managed


def _key(post: PostWrite) -> Key:
    return post.division, class_of(post.body)


def _established(keys: set[Key]) -> dict[Key, list[Step]]:
    """Establishments of the communities and classes, over time; without those that have none."""
    rows = Establishment.objects.filter(division__in={code for code, _class in keys}).order_by("valid_from")
    found: dict[Key, list[Step]] = {}
    for code, worker_class, *step in rows.values_list("division_id", "worker_class", "posts", "valid_from", "valid_to"):
        if (code, worker_class) in keys:
            found.setdefault((code, worker_class), []).append(Step(*step))
    return found


class Quotas:
    """The positions of the communities as the sheet leaves them, people who gain days in them being let in one by one."""

    def __init__(self, steps: dict[Key, list[Step]], planned: list[PostWrite]) -> None:
        self.steps = steps
        self.mode = _modes()
        self.before: dict[Key, dict[str, list[Period]]] = {}
        self.after: dict[Key, dict[str, list[Period]]] = {}
        self.regular: dict[Key, dict[str, list[Period]]] = {}
        replaced = {post.id for post in planned if post.id is not None}
        excepted = set()
        for pk, person, code, body, start, end, exception in _held({code for code, _class in steps}):
            excepted |= {pk} if exception else set()
            key = code, class_of(body)
            self._put(self.before, key, person, (start, end))
            if pk not in replaced:
                self._hold(key, person, (start, end), exception)
        for post in planned:
            if _takes(post):
                self._hold(_key(post), post.person, (post.valid_from, post.valid_to), post.id in excepted)
        self.gains = {
            (key, person): gained(self.before.get(key, {}).get(person, []), periods)
            for key, people in self.regular.items()
            for person, periods in people.items()
        }
        self.waiting = {pair for pair, periods in self.gains.items() if periods}

    @staticmethod
    def _put(where: dict, key: Key, person: str, period: Period) -> None:
        where.setdefault(key, {}).setdefault(person, []).append(period)

    def _hold(self, key: Key, person: str, period: Period, exception: bool) -> None:
        self._put(self.after, key, person, period)
        if not exception:
            self._put(self.regular, key, person, period)

    def admit(self, row: Row, post: PostWrite) -> None:
        """Lets the person of a row in where there is room on every day gained; else the row is told."""
        key = _key(post)
        if (key, post.person) not in self.waiting:
            return
        mode = self.mode(post.division, post.valid_from)
        self.waiting.discard((key, post.person))
        for start, end in self.gains[key, post.person] if mode != "off" else ():
            excess = first_excess(self._taken(key), self.steps[key], start, end)
            if excess:
                tell = row.error if mode == "enforce" else row.warn
                code = "over_quota" if mode == "enforce" else "over_quota_noted"
                tell(code, "valid_from", day=excess.on, taken=excess.taken, posts=excess.posts)
                if mode == "enforce":
                    self.waiting.add((key, post.person))
                return

    def _taken(self, key: Key) -> list[Taken]:
        """Positions of everybody but those who are still waiting to gain days."""
        found = []
        for person, periods in self.after.get(key, {}).items():
            held = self.before.get(key, {}).get(person, []) if (key, person) in self.waiting else periods
            found += [Taken(person, start, end) for start, end in held]
        return found


def _held(codes: Iterable[str]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [list(codes)])
        return cursor.fetchall()


def _modes() -> Callable[[str, date], str]:
    """How a quota is kept in a community on a day: the nearest rule's word; all rules are read once."""
    rules = list(
        PolicyRule.objects.filter(kind=POSITION_CONTROL.key).values_list(
            "division_id", "valid_from", "valid_to", "value"
        )
    )

    def mode(code: str, on: date) -> str:
        near = [
            (len(scope or ""), value)
            for scope, start, end, value in rules
            if code.startswith(scope or "") and in_force(start, end, on)
        ]
        return max(near, key=lambda pair: pair[0], default=(0, POSITION_CONTROL.default))[1]["mode"]

    return mode
