"""The wall: `.for_user(user, perm)` is the only door to rows that belong to a division.

`user` is anything with `territories(perm) -> list of division codes` ('' = the whole country); no grant, no rows.
"""

from typing import Self

from django.db import models
from django.db.models import Q

from portal.core.lib.codes import code_range


def subtree(field: str, code: str) -> Q:
    """Rows whose division code in `field` lies in the subtree of `code`."""
    low, high = code_range(code)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high}) if code else Q()


def union(field: str, codes: list[str]) -> Q | None:
    """Rows in any of the subtrees; None when there is no subtree at all."""
    if not codes:
        return None
    if "" in codes:
        return Q()
    condition = Q()
    for code in codes:
        condition |= subtree(field, code)
    return condition


class ScopedQuerySet(models.QuerySet):
    """Base of every queryset whose rows belong to a division."""

    division_field = "division_id"

    def for_user(self, user, perm: str) -> Self:
        condition = union(self.division_field, user.territories(perm))
        return self.none() if condition is None else self.filter(condition)

    def under(self, code: str) -> Self:
        """Rows in the subtree of `code`, narrowing only: it never widens what `.for_user` gave."""
        return self.filter(subtree(self.division_field, code))
