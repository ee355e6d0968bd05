"""Reads of forms that proposers were asked to fill in, and the rates made of them, per unit and class (domain §2.2)."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from portal.core.accounts.roles import Perm
from proposals.enums import ResultClass, Satisfaction, Stage
from proposals.models import Feedback, Handling, HandlingUnit
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


# What the forms of a list have in common, by the name that it has in addresses.
SAID = {
    "asked": Q(),
    "returned": Q(returned_at__isnull=False),
    "satisfied": Q(result=Satisfaction.SATISFIED),
    "basic": Q(result=Satisfaction.BASIC),
    "dissatisfied": Q(result=Satisfaction.DISSATISFIED),
    "content": Q(result__in=(Satisfaction.SATISFIED, Satisfaction.BASIC)),
}
NO_CLASS = "none"


@dataclass(frozen=True, slots=True)
class Line:
    """Rates of one unit and class; of all units where `unit` is None, of all classes where `result` is."""

    unit: int | None
    name: str
    place: str
    result: str | None
    returns: Returns


def _counted(
    user, code: str, *, year: int | None = None, session: int | None = None, unit: int | None = None, result: str = ""
) -> QuerySet[Feedback]:
    """The forms that rates are made of: of each proposer of an answer that the user may see, that of the last round."""
    handlings = Handling.objects.for_user(user, Perm.VIEW_PROPOSALS).under(code)
    for name, value in (("assigned_on__year", year), ("proposal__session", session), ("unit", unit)):
        if value:
            handlings = handlings.filter(**{name: value})
    if result:
        handlings = handlings.filter(result="" if result == NO_CLASS else result)
    last = Window(RowNumber(), partition_by=[F("handling_id"), F("proposer_id")], order_by=F("round").desc())
    rows = Feedback.objects.filter(handling__in=handlings).annotate(place=last).filter(place=1)
    return Feedback.objects.filter(pk__in=rows.values("pk"))


def lines(user, code: str = "", **asked) -> list[Line]:
    """Counts by unit and class of the answers that the user may see; of each proposer the last round counts.

    `asked`: `year` of the assignment, `session`, `unit`, and `result`, the class (`NO_CLASS` for none).
    """
    numbers = {name: Count("pk", filter=SAID[name]) for name in ("asked", "satisfied", "basic", "dissatisfied")}
    unit = "handling__unit"
    found = (
        _counted(user, code, **asked)
        .order_by()
        .values_list(f"{unit}__division_id", f"{unit}__short", unit, f"{unit}__division__label", "handling__result")
    )
    return [
        Line(pk, name, place, result, Returns(*counts))
        for _code, name, pk, place, result, *counts in sorted(found.annotate(**numbers))
    ]


def listed(user, code: str = "", *, said: str, **asked) -> QuerySet[Feedback]:
    """The forms that a number of the rates counts, the latest sent first."""
    found = _counted(user, code, **asked).filter(SAID[said])
    near = ("handling__proposal__session", "handling__unit__division", "proposer")
    return found.select_related(*near).order_by("-asked_on", "-handling_id", "proposer__position")


def units_asked(user, code: str = "") -> QuerySet[HandlingUnit]:
    """Units on whose answers the user may see what was said, by place and name."""
    handlings = Handling.objects.for_user(user, Perm.VIEW_PROPOSALS).under(code).filter(feedback__isnull=False)
    found = HandlingUnit.objects.filter(pk__in=handlings.values("unit"))
    return found.select_related("division").order_by("division_id", "short", "pk")


def by_unit(found: list[Line]) -> list[Line]:
    """The same of each unit, all classes together."""
    made: dict[int | None, Line] = {}
    for line in found:
        before = made[line.unit].returns if line.unit in made else Returns()
        made[line.unit] = replace(line, result=None, returns=before + line.returns)
    return list(made.values())


def by_class(found: list[Line]) -> list[Line]:
    """The same of each class, all units together, in the order of classes; answers without class last."""
    made: dict[str | None, Returns] = {}
    for line in found:
        made[line.result] = made.get(line.result, Returns()) + line.returns
    return [Line(None, "", "", key, made[key]) for key in (*ResultClass.values, "") if key in made]
