"""Reads of visits, newest first."""

from datetime import date

from django.db.models import Q, QuerySet

from portal.core.accounts.roles import Perm
from ratings.models import Visit


def listed(
    user,
    code: str,
    *,
    first: date,
    last: date,
    q: str = "",
    kind: str = "",
    outcome: str = "",
    show: str = "",
) -> QuerySet:
    """Visits under a place from `first` to `last`; those taken back only where `show` is taken_back."""
    rows = Visit.objects.for_user(user, Perm.VIEW_SERVICE).under(code).filter(visited_on__range=(first, last))
    rows = rows.filter(taken_back=show == "taken_back")
    if outcome:
        rows = rows.filter(outcome=outcome)
    if kind:
        rows = rows.filter(premises__kind=kind)
    for word in q.replace("\x00", "").split()[:5]:
        rows = rows.filter(Q(premises__label__icontains=word) | Q(note__icontains=word) | Q(worker__name=word))
    return rows.select_related("premises", "division", "worker").order_by("-visited_on", "-pk")


def of_premises(user, premises) -> QuerySet:
    """Every visit to one household or shop, those taken back too."""
    rows = Visit.objects.for_user(user, Perm.VIEW_SERVICE).filter(premises=premises)
    return rows.select_related("worker").order_by("-visited_on", "-pk")
