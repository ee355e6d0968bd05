"""Reads of forms that proposers were asked to fill in, and the rates made of them, per unit and class (domain §2.2)."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from portal.core.accounts.roles import Perm
from proposals.enums import ResultClass, Satisfaction, Stage
from proposals.models import Feedback, Handling
from proposals.satisfaction import Returns
from proposals.stages import CONSULTATION, REHANDLING, SENT, WRITING

# Another signer's form of an answer that is being written again, or talked over, is still welcome.
_AGAIN = frozenset({*WRITING, REHANDLING, CONSULTATION, Stage.SIGNED, Stage.SENT})


def digest_of(token: str) -> str:
    """What is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_token(token: str) -> Feedback | None:
    """The form that a link leads to; None for any other token, and for what cannot be one."""
    if not 20 <= len(token) <= 100:
        return None
    rows = Feedback.objects.select_related("handling__proposal__session", "handling__unit", "proposer")
    return rows.filter(token_hash=digest_of(token)).first()


def wanted(feedback: Feedback, handling: Handling) -> bool:
    """Whether what a form says can still lead to something: the case waits for it, or is being answered again."""
    if feedback.returned_at is not None:
        return False
    if feedback.round == handling.round:
        return handling.stage in (SENT, CONSULTATION)
    return feedback.round < handling.round and handling.stage in _AGAIN


def still_asked(feedback: Feedback, handling: Handling, on: date) -> bool:
    """Whether the link of a form works on a day: not used, not expired, and still wanted."""
    return on <= feedback.expires_on and wanted(feedback, handling)


def forms_of(handling: Handling) -> list[Feedback]:
    """Every form of a handling, the latest round first, signers in their order."""
    rows = Feedback.objects.filter(handling=handling).select_related("proposer", "entered_by")
    return list(rows.order_by("-round", "proposer__position"))


def seen(user, perm: str = Perm.VIEW_PROPOSALS) -> QuerySet[Feedback]:
    """Forms of the cases that the user may see."""
    cases = Handling.objects.for_user(user, perm)
    rows = Feedback.objects.filter(handling__in=cases)
    return rows.select_related("handling__proposal__session", "handling__unit", "proposer")


@dataclass(frozen=True, slots=True)
class Line:
    """Rates of one unit and class."""

    unit: str
    result: str
    returns: Returns


def lines(user, code: str = "", *, year: int | None = None, session: int | None = None) -> list[Line]:
    """Counts by unit and class of the answers that the user may see; of each proposer the last round counts.

    `year` is that of the assignment.
    """
    handlings = Handling.objects.for_user(user, Perm.VIEW_PROPOSALS).under(code)
    if year:
        handlings = handlings.filter(assigned_on__year=year)
    if session:
        handlings = handlings.filter(proposal__session=session)
    last = Window(RowNumber(), partition_by=[F("handling_id"), F("proposer_id")], order_by=F("round").desc())
    rows = Feedback.objects.filter(handling__in=handlings).annotate(place=last).filter(place=1)
    counted = Feedback.objects.filter(pk__in=rows.values("pk")).order_by()
    found = counted.values_list("handling__unit__short", "handling__unit__division_id", "handling__result").annotate(
        asked=Count("pk"),
        satisfied=Count("pk", filter=Q(result=Satisfaction.SATISFIED)),
        basic=Count("pk", filter=Q(result=Satisfaction.BASIC)),
        dissatisfied=Count("pk", filter=Q(result=Satisfaction.DISSATISFIED)),
    )
    ordered = sorted(found, key=lambda row: (row[1], row[0], row[2]))
    return [Line(unit, result, Returns(*counts)) for unit, _division, result, *counts in ordered]


def by_unit(found: list[Line]) -> list[tuple[str, Returns]]:
    """The same of each unit, all classes together."""
    made: dict[str, Returns] = {}
    for line in found:
        made[line.unit] = made.get(line.unit, Returns()) + line.returns
    return list(made.items())


def by_class(found: list[Line]) -> list[tuple[str, Returns]]:
    """The same of each class, all units together, in the order of classes; answers without class last."""
    made: dict[str, Returns] = {}
    for line in found:
        made[line.result] = made.get(line.result, Returns()) + line.returns
    return [(key, made[key]) for key in (*ResultClass.values, "") if key in made]
