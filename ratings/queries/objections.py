"""Reads of objections: those of a territory, those that wait for somebody, and the public's own by receipt."""

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.findings.duties import Duty
from ratings.enums import ObjectionState
from ratings.models import Objection, RatingCycle, UnitRating

PERM = Perm.MANAGE_RATINGS


def objections(user, *, under: str = "") -> QuerySet:
    """Objections to units of the user's territory, with `answers`: whether it is for the user's office to answer.

    The office that runs the cycle answers; one below it reads along.
    """
    units = UnitRating.objects.for_user(user, PERM).under(under)
    own = RatingCycle.objects.for_user(user, PERM).filter(pk=OuterRef("unit__cycle_id"))
    return (
        Objection.objects.filter(unit__in=units)
        .annotate(answers=Exists(own))
        .select_related("unit__cycle__division", "unit__division", "answered_by")
    )


def listed(user, *, under: str, state: str = "", q: str = "") -> QuerySet:
    """Objections as the list shows them: those that wait first, by the day they are due."""
    found = objections(user, under=under)
    if state in ObjectionState.values:
        found = found.filter(state=state)
    if q := q.strip().replace("\x00", ""):
        found = found.filter(Q(unit__division__label__contains=q) | Q(receipt__iexact=q))
    return found.order_by("answered_on", "due_on", "received_at", "pk")


def waiting(user) -> QuerySet:
    """What waits for an answer by the user's office and by this user: not whoever scored the unit."""
    found = objections(user).filter(state=ObjectionState.RECEIVED, answers=True)
    return found.exclude(unit__district_by=user.pk)


def duties(user) -> list[Duty]:
    """Objections that wait for the user's answer, as a row of the first page."""
    if not user.can(PERM):
        return []
    facts = waiting(user).aggregate(count=Count("pk"), due_on=Min("due_on"))
    if not facts["count"]:
        return []
    url = reverse("objections") + "?state=received"
    return [Duty(_("星级公示的异议待答复"), facts["count"], url, due_on=facts["due_on"], button=_("去答复"))]


def by_receipt(receipt: str) -> Objection | None:
    """The objection with a receipt number, however its signs are typed; None where there is none."""
    signs = "".join(sign for sign in receipt.upper() if sign.isalnum())[:16]
    number = "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))
    if not number.isascii():
        return None
    return Objection.objects.filter(receipt=number).select_related("unit__division", "unit__cycle").first()
