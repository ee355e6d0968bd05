"""Reads of findings: the inbox of a reader, and how many are active where."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Left

from portal.core.accounts.roles import Perm
from portal.core.findings.models import Finding
from portal.core.lib.scope import union


def standing_on(findings: QuerySet, on: date) -> QuerySet:
    """Findings that were known and not yet resolved on a day."""
    return findings.filter(Q(resolved_on__isnull=True) | Q(resolved_on__gt=on), opened_on__lte=on)


def active_counts(user, codes: Iterable[str]) -> dict[str, int]:
    """Active findings at or under each of the divisions `codes`, as far as the user may see them."""
    return counts_under(Finding.objects.for_user(user, Perm.VIEW_FINDINGS).active(), codes)


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


def tally_of(findings: QuerySet) -> dict[tuple[str, str, int], int]:
    """How many findings there are by kind, state and level of their division; the source of every filter's count."""
    rows = findings.order_by().values_list("kind", "state", "division__level").annotate(count=Count("id"))
    return {(kind, state, level): count for kind, state, level, count in rows}


def history_of(finding: Finding) -> list:
    """What happened to a finding after it was opened, oldest first; every event carries who and when."""
    return list(Finding.pgh_event_model.objects.filter(pgh_obj_id=finding.pk).order_by("pgh_id"))


def earlier_than(finding: Finding) -> QuerySet:
    """Findings of the same kind about the same subject that came before, latest first."""
    same = Finding.objects.filter(kind=finding.kind, subject=finding.subject, id__lt=finding.pk)
    return same.order_by("-id")
