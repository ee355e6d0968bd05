"""Reads of residents' needs and micro-projects: lists, and how many were found and converted in a year (domain §1.H5)."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from ratings.enums import ProjectState
from ratings.models import Need, Project, ProjectNeed

# Projects in these states turn the needs they serve into converted ones.
CONVERTING = (ProjectState.APPROVED, ProjectState.FINISHED)


def _converted(on: date) -> Exists:
    """Whether a project that was approved by a day serves the need."""
    approved = ProjectNeed.objects.filter(project__state__in=CONVERTING, project__approved_on__lte=on)
    return Exists(approved.filter(need=OuterRef("pk")))


def needs(user, *, under: str, year: int, on: date, q: str = "", channel: str = "", converted: str = "") -> QuerySet:
    """Needs found in a year up to a day under a place, newest first; each knows whether it is `converted` and its projects."""
    found = Need.objects.for_user(user, Perm.VIEW_SERVICE).under(under).filter(taken_back=False, found_on__year=year)
    found = found.filter(found_on__lte=on)
    if q:
        found = found.filter(Q(title__icontains=q) | Q(text__icontains=q))
    if channel:
        found = found.filter(channel=channel)
    found = found.annotate(converted=_converted(on))
    if converted:
        found = found.filter(converted=converted == "yes")
    served = Prefetch("projects", Project.objects.exclude(state=ProjectState.DROPPED).order_by("pk"))
    return found.select_related("division").prefetch_related(served).order_by("-found_on", "-pk")


def projects(user, *, under: str, year: int, q: str = "", state: str = "") -> QuerySet:
    """Projects proposed in a year under a place, newest first; each with the number of its needs as `served`."""
    found = Project.objects.for_user(user, Perm.VIEW_SERVICE).under(under).filter(proposed_on__year=year)
    if q:
        found = found.filter(name__icontains=q)
    if state:
        found = found.filter(state=state)
    found = found.annotate(served=Count("links")).select_related("division", "lead")
    return found.order_by("-proposed_on", "-pk")


def open_needs(division_id: str) -> QuerySet:
    """Needs of a community that a project may serve: those not taken back, the ones without a project first."""
    found = Need.objects.filter(division_id=division_id, taken_back=False)
    return found.annotate(converted=_converted(today())).order_by("converted", "-found_on", "-pk")


def per_community(under: str, year: int, on: date) -> dict[str, tuple[int, int]]:
    """(needs found in the year up to a day, of them converted by then) of every community under a place that found any.

    A need counts once however many projects serve it, by the year in which it was found.
    """
    rows = Need.objects.under(under).filter(taken_back=False, found_on__year=year, found_on__lte=on).order_by()
    rows = rows.annotate(converted=_converted(on)).values("division_id")
    found = rows.annotate(found=Count("pk"), turned=Count("pk", filter=Q(converted=True)))
    return {code: (n, turned) for code, n, turned in found.values_list("division_id", "found", "turned")}
