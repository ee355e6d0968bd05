"""Reads of promises: the list of a year, the history of one through all its years, and when it is to be looked at again."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from portal.core.accounts.roles import Perm
from portal.core.audit.models import AuditEvent
from portal.core.lib.dated import add_months
from portal.core.policy.kinds import COMMITMENTS
from portal.core.policy.queries import rule_for
from proposals.enums import CommitmentState
from proposals.models import CaseFile, Commitment, CommitmentStep, Handling, HandlingUnit, LedgerTask
from proposals.queries.ledger import REFUSED, events_of

FINDING = "commitments"


def latest_step(commitment: Commitment) -> CommitmentStep | None:
    """What was noted last about a promise in the ledger of its year."""
    return CommitmentStep.objects.filter(commitment=commitment).order_by("-pk").first()


def chain(commitment: Commitment) -> list[Commitment]:
    """The promise and those of earlier and later years that it goes on from or into, oldest first. One query."""
    found = Commitment.objects.filter(handling=commitment.handling_id).select_related("unit", "confirmed_by")
    rows = {one.pk: one for one in found}
    into = {one.rolled_from_id: one for one in rows.values() if one.rolled_from_id}
    first = rows[commitment.pk]
    while first.rolled_from_id:
        first = rows[first.rolled_from_id]
    years = [first]
    while years[-1].pk in into:
        years.append(into[years[-1].pk])
    return years


def steps_of(years: list[Commitment]) -> list[CommitmentStep]:
    """Everything noted about a promise in all its years, newest first."""
    found = CommitmentStep.objects.filter(commitment__in=years).select_related("commitment", "evidence", "entered_by")
    return list(found.order_by("-pk"))


def refusals_of(years: list[Commitment]) -> list[AuditEvent]:
    """Why a promise that stands on the ledger as a task was not struck off, in all its years, newest first."""
    tasks = list(LedgerTask.objects.filter(commitment__in=years))
    return [one for one in events_of(tasks) if one.act == REFUSED]


def with_evidence(commitment: Commitment) -> bool:
    """Whether a file proves anything about the promise, in whichever of its years."""
    steps = CommitmentStep.objects.filter(commitment__in=chain(commitment), evidence__isnull=False)
    return steps.exclude(evidence__taken_back=True).exists()


def evidence_for(user, pk) -> CaseFile | None:
    """A file of a promise that the user may see; None for any other."""
    seen = Commitment.objects.for_user(user, Perm.VIEW_PROPOSALS)
    return CaseFile.objects.filter(
        pk=pk, taken_back=False, pk__in=CommitmentStep.objects.filter(commitment__in=seen).values("evidence")
    ).first()


def listed(
    user, *, under: str, year: int, on: date, q: str = "", show: str = "", unit: int | None = None, result: str = ""
) -> QuerySet[Commitment]:
    """Promises in the ledger of a year: open ones by their last day, then the others.

    `show`: a state, `late`, or `standing` for all that were not cancelled.

    Each knows its progress as `percent`, the day of its last step as `noted_on`, and whether it is `late`.
    """
    found = Commitment.objects.for_user(user, Perm.VIEW_PROPOSALS).under(under).filter(year=year)
    for word in q.replace("\x00", "").split()[:5]:
        found = found.filter(
            Q(text__icontains=word) | Q(owner__icontains=word) | Q(handling__proposal__number=word)
            | Q(handling__proposal__title__icontains=word)
        )  # fmt: skip
    if show == "late":
        found = found.filter(late(on))
    elif show == "standing":
        found = found.exclude(state=CommitmentState.CANCELLED)
    elif show in CommitmentState.values:
        found = found.filter(state=show)
    if unit:
        found = found.filter(unit=unit)
    if result:
        found = found.filter(result=result)
    steps = CommitmentStep.objects.filter(commitment=OuterRef("pk")).order_by("-pk")
    found = found.annotate(
        ended=Q(ended_on__isnull=False),
        percent=Subquery(steps.values("percent")[:1]),
        noted_on=Subquery(steps.values("on")[:1]),
    )
    return found.select_related("unit", "division", "handling__proposal__session").order_by("ended", "due_on", "pk")


def late(on: date) -> Q:
    """Condition: open past the last day."""
    return Q(state=CommitmentState.OPEN, due_on__lt=on)


@dataclass(frozen=True)
class Counts:
    """Promises of a year: all that were not cancelled, kept, open, of those late, and taken into the next year."""

    all: int
    kept: int
    open: int
    late: int
    rolled: int


def counts(user, *, under: str, year: int, on: date) -> Counts:
    """How the promises of a year stand."""
    found = Commitment.objects.for_user(user, Perm.VIEW_PROPOSALS).under(under).filter(year=year)
    facts = found.order_by().aggregate(
        all=Count("pk", filter=~Q(state=CommitmentState.CANCELLED)),
        kept=Count("pk", filter=Q(state=CommitmentState.KEPT)),
        open=Count("pk", filter=Q(state=CommitmentState.OPEN)),
        late=Count("pk", filter=late(on)),
        rolled=Count("pk", filter=Q(state=CommitmentState.ROLLED)),
    )
    return Counts(**facts)


def units(user, under: str) -> list[HandlingUnit]:
    """Units that have promised something, as far as the user may see it."""
    seen = Commitment.objects.for_user(user, Perm.VIEW_PROPOSALS).under(under)
    return list(HandlingUnit.objects.filter(pk__in=seen.values("unit")).order_by("short", "pk")[:500])


def of_handling(handling: Handling) -> list[Commitment]:
    """Promises of one handling, those of later years after those they go on from."""
    return list(Commitment.objects.filter(handling=handling).select_related("unit").order_by("pk"))


def next_look(commitment: Commitment, on: date) -> date | None:
    """By when an open promise is to be reported on again 回头看, by the rule of the place on the day `on`.

    Counted from its last step, the answer, or the start of its year, whichever is latest. None where nothing is asked.
    """
    noted = CommitmentStep.objects.filter(commitment=commitment).aggregate(on=Max("on"))["on"]
    if commitment.state != CommitmentState.OPEN:
        return None
    rule = rule_for(COMMITMENTS, commitment.division_id, on)
    since = [day for day in (noted, commitment.handling.replied_on, date(commitment.year, 1, 1)) if day]
    return add_months(max(since), rule.value["months"]) if rule.value else None
