"""Reads of findings: the inbox of a reader, whose each one is, and what became of it."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Max, Q, QuerySet, Value, Window
from django.db.models.functions import Left, RowNumber

from portal.core.accounts.roles import Perm
from portal.core.findings.models import Finding, InspectionRun, RunState, State, acting_level
from portal.core.lib.clock import today
from portal.core.lib.scope import subtree, union

MANY = 1000
"""Findings that a page reads and sorts without anybody noticing; more are read in order, off an index."""


def standing_on(findings: QuerySet, on: date) -> QuerySet:
    """Findings that were known and not yet resolved on a day."""
    return findings.filter(Q(resolved_on__isnull=True) | Q(resolved_on__gt=on), opened_on__lte=on)


def held_by(user) -> Q:
    """Findings that the user's own level holds in the user's territories; nothing for those who handle none."""
    mine = Q(pk__in=[])
    for territory in user.territories(Perm.HANDLE_FINDINGS):
        mine |= subtree("division_id", territory) & Q(held_level=acting_level(territory))
    return mine


def in_reach_of(user) -> Q:
    """Findings that the user may act on: held by the user's level or by one below it."""
    reach = Q(pk__in=[])
    for territory in user.territories(Perm.HANDLE_FINDINGS):
        reach |= subtree("division_id", territory) & Q(held_level__gte=acting_level(territory))
    return reach


def may_act(user, finding: Finding) -> bool:
    """Whether the user may act on a finding: one that went up is for the level it went to, or for those above."""
    return any(
        finding.division_id.startswith(territory) and finding.held_level >= acting_level(territory)
        for territory in user.territories(Perm.HANDLE_FINDINGS)
    )


def handed_up_from(user) -> Q:
    """Findings of the user's territories that a level above the user's now holds."""
    above = Q(pk__in=[])
    for territory in user.territories(Perm.HANDLE_FINDINGS):
        above |= subtree("division_id", territory) & Q(held_level__lt=acting_level(territory))
    return above


def waiting_for(user) -> QuerySet:
    """Open findings that wait for this user: the count on the flag. Readers who handle none see those of their place."""
    found = Finding.objects.for_user(user, Perm.VIEW_FINDINGS).filter(state=State.OPEN)
    return found.filter(held_by(user)) if user.can(Perm.HANDLE_FINDINGS) else found


def counts_under(findings: QuerySet, codes: Iterable[str]) -> dict[str, int]:
    """How many of the findings lie at or under each of the divisions `codes`; one query."""
    counts = dict.fromkeys(codes, 0)
    if not counts:
        return {}
    lengths = {len(code) for code in counts}
    found = findings.filter(union("division_id", list(counts))).order_by()
    places = found.annotate(place=Left("division_id", Value(max(lengths)))).values_list("place")
    for place, count in places.annotate(count=Count("id")):
        for length in lengths:
            if place[:length] in counts and len(place) >= length:
                counts[place[:length]] += count
    return counts


def firsts(found: QuerySet, by: str, order: Iterable, few: Q, many: list[Q], upto: int, after: int = 0) -> list:
    """Findings `after` to `upto` of every part of some findings; `by` names what tells the parts, `order` their order.

    `few` holds the parts that a sort bears; each of `many` is read off the index of the order, which would find nothing
    for long where there are few.
    """
    place = Window(RowNumber(), partition_by=by, order_by=order)

    def ranked(findings: QuerySet) -> list:
        return list(findings.annotate(place=place).filter(place__gt=after, place__lte=upto).order_by(by, "place"))

    rows = ranked(found.filter(few)) if few else []
    if many:
        first, *others = (found.filter(part).order_by(*order).values("pk")[:upto] for part in many)
        rows += ranked(found.filter(pk__in=first.union(*others, all=True)))
    return rows


def last_looks(kinds: Iterable[str]) -> dict[str, date]:
    """The day of the last look that findings of each kind stand for; one query."""
    runs = InspectionRun.objects.filter(key__in=set(kinds), state=RunState.DONE, on__lte=today())
    return dict(runs.order_by("key").values_list("key").annotate(last=Max("on")))


def looked_by(day: date) -> bool:
    """Whether anything had been looked for by a day; before the first look, no findings does not mean no problems."""
    runs = InspectionRun.objects.filter(state=RunState.DONE, on__lte=day)
    return runs.exists() or Finding.objects.filter(opened_on__lte=day).exists()


def history_of(finding: Finding) -> list:
    """What happened to a finding after it was opened, oldest first; every event carries who and when."""
    return list(Finding.pgh_event_model.objects.filter(pgh_obj_id=finding.pk).order_by("pgh_id"))


def earlier_than(finding: Finding) -> QuerySet:
    """Findings of the same kind about the same subject that came before, latest first; all resolved, as one stands at a time."""
    same = Finding.objects.filter(kind=finding.kind, subject=finding.subject, state=State.RESOLVED)
    return same.filter(id__lt=finding.pk).order_by("-id")


def sees_all(user) -> bool:
    """Whether there is no finding outside the user's territory, so that a count over all tells the user nothing new."""
    condition = union("division_id", user.territories(Perm.VIEW_FINDINGS))
    return condition is not None and not Finding.objects.exclude(condition).exists()
