"""The people of one community on a day: their posts, and whether and where each counts as a head."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import code_range
from portal.core.policy.queries import RULES_CTE
from workforce.counters.headcount import heads_ctes
from workforce.models import Appointment


@dataclass(frozen=True)
class Head:
    """Where a person counts: `reason` (`NotCounted`) says why not at all, None means counted in `division_id`."""

    division_id: str
    reason: str | None
    certified: bool


def heads_in(code: str, on: date) -> dict[UUID, Head]:
    """Everybody with a post in the community `code` on a day, by person; people may count elsewhere."""
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {RULES_CTE}, {heads_ctes()} SELECT person_id, division_id, reason, certified FROM heads",
            {"on": on, "low": low, "high": high},
        )
        return {person: Head(*rest) for person, *rest in cursor.fetchall()}


def posts_in(user, code: str, on: date) -> list[Appointment]:
    """Posts of a community in force on a day, senior first, as far as the user may see the roster."""
    posts = Appointment.objects.for_user(user, Perm.VIEW_ROSTER).under(code).in_force(on).select_related("person")
    return list(posts.order_by("tier", "body", "person__name_pinyin", "valid_from", "id"))
