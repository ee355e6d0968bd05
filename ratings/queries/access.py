"""Reads of item lists and access: what may be asked of a community, applications, refusals (domain §1.I, §2.6b)."""

from datetime import date

from django.db.models import F, Q, QuerySet

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import ancestors
from portal.core.lib.scope import union
from portal.core.territory.models import Division
from ratings.enums import AccessState, ItemList
from ratings.models import AccessApplication, ItemRefusal, ListItem

# What stands on these lists may not be asked of a community; what stands on any other may.
BARRED = (ItemList.BARRED, ItemList.NO_PROOF)
OPEN = (AccessState.APPLIED, AccessState.REVIEWED)


def _seen_from(user, perm: str) -> Q | None:
    """Rows of the user's territory, and of the offices above it whose lists hold there."""
    held = user.territories(perm)
    condition = union("division_id", held)
    above = {code for one in held if one for code in ancestors(one)}
    return None if condition is None else condition | Q(division_id__in=above)


def lists_of(code: str) -> QuerySet:
    """Items whose lists hold for a place: set there or above it."""
    return ListItem.objects.filter(division_id__in=[code, *ancestors(code)]).exclude(valid_to=F("valid_from"))


def items(user, *, code: str, on: date, q: str = "", list: str = "", ended: bool = False) -> QuerySet:
    """Items that hold at a place on a day by list and title; `ended`: those revoked by then instead."""
    condition = _seen_from(user, Perm.VIEW_SERVICE)
    if condition is None:
        return ListItem.objects.none()
    found = ListItem.objects.filter(condition)
    if code:
        found = found.filter(division_id__in=[code, *ancestors(code)])
    found = found.exclude(valid_to=F("valid_from"))
    found = found.filter(valid_to__lte=on) if ended else found.in_force(on)
    if q:
        found = found.filter(Q(title__icontains=q) | Q(department__icontains=q) | Q(basis__icontains=q))
    if list:
        found = found.filter(list=list)
    return found.select_related("division", "application").order_by("list", "division_id", "title", "pk")


def _concerning(division: Division) -> Q:
    return Q(communities=True) if division.urban else Q(villages=True)


def letting_in(division: Division, title: str, on: date) -> ListItem | None:
    """The item that lets a matter into a community on a day; None when no list does."""
    found = lists_of(division.pk).in_force(on).filter(_concerning(division), title__iexact=title)
    return found.exclude(list__in=BARRED).select_related("division").order_by("division_id").first()


def barred(code: str, title: str, on: date) -> ListItem | None:
    """The item of a barring list, of the place or above it, that keeps a matter out on a day."""
    found = lists_of(code).in_force(on).filter(title__iexact=title, list__in=BARRED)
    return found.select_related("division").order_by("division_id").first()


def applications(user, *, under: str = "", state: str = "", q: str = "") -> QuerySet:
    """Applications of the user's territory and of the offices above it: open ones first, by their last day."""
    condition = _seen_from(user, Perm.VIEW_SERVICE)
    if condition is None:
        return AccessApplication.objects.none()
    found = AccessApplication.objects.filter(condition)
    if under:
        found = found.filter(Q(division_id__in=ancestors(under)) | Q(pk__in=AccessApplication.objects.under(under)))
    if state == "open":
        found = found.filter(state__in=OPEN)
    elif state:
        found = found.filter(state=state)
    if q:
        found = found.filter(Q(title__icontains=q) | Q(department__icontains=q))
    found = found.annotate(open=Q(state__in=OPEN)).select_related("division")
    return found.order_by("-open", "due_on", "-applied_on", "pk")


def refusals(user, *, under: str, state: str = "", q: str = "") -> QuerySet:
    """Refused items under a place: those that wait for the street first, the oldest before all others."""
    found = ItemRefusal.objects.for_user(user, Perm.VIEW_SERVICE).under(under)
    if state:
        found = found.filter(replied_on__isnull=state == "waiting")
    if q:
        found = found.filter(Q(title__icontains=q) | Q(department__icontains=q))
    found = found.annotate(waits=Q(replied_on__isnull=True)).select_related("division")
    return found.order_by("-waits", "refused_on", "pk")
