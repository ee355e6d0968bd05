"""Reads of households and shops."""

from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from portal.core.accounts.roles import Perm
from ratings.models import Premises, Visit
from ratings.queries.coverage import Period, met_in


def standing(user, perm: str = Perm.VIEW_SERVICE) -> QuerySet:
    """Households and shops in the user's territory, those taken back left out."""
    return Premises.objects.for_user(user, perm).exclude(valid_to=F("valid_from"))


def searched(rows: QuerySet, q: str) -> QuerySet:
    """Rows whose label contains every word of `q`: "3号楼 101" finds 3号楼2门101."""
    for word in q.replace("\x00", "").split()[:5]:
        rows = rows.filter(label__icontains=word)
    return rows


def last_met() -> Subquery:
    """The day on which somebody was last met at the premises."""
    visits = Visit.objects.filter(premises=OuterRef("pk"), outcome="met", taken_back=False)
    return Subquery(visits.order_by("-visited_on", "-pk").values("visited_on")[:1])


def listed(user, code: str, on: date, period: Period, *, q: str = "", kind: str = "", show: str = "") -> QuerySet:
    """Households and shops under a place on the day. `show`: visited or waiting in the period, later, or gone by the day."""
    rows = standing(user).under(code)
    here = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
    if show == "gone":
        here = rows.filter(valid_to__lte=on)
    elif show == "later":
        here = here.filter(~met_in(period, on), valid_from__gte=period.first)
    elif show:
        met = met_in(period, on)
        here = here.filter(met) if show == "visited" else here.filter(~met, valid_from__lt=period.first)
    if kind:
        here = here.filter(kind=kind)
    found = searched(here, q).select_related("division", "grid")
    return found.order_by("division_id", "kind", "label", "pk")


def with_last_met(rows: QuerySet) -> QuerySet:
    return rows.annotate(met_on=last_met())
