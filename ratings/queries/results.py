"""Reads of decided grades: in force on a day, of a year, over the years, and counted so that the counts add up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.findings.duties import Duty
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.territory.queries import shown_children
from ratings.enums import Change, DraftState, ResultCause, Star, UnitKind
from ratings.models import StarDraft, StarGrade

STARS = {"five": Star.FIVE, "four": Star.FOUR, "three": Star.THREE, "none": Star.NONE}


@dataclass(frozen=True)
class Counts:
    """Units rated in a year, by grade and by change: both add up to `rated`."""

    rated: int = 0
    five: int = 0
    four: int = 0
    three: int = 0
    none: int = 0
    up: int = 0
    down: int = 0
    same: int = 0
    new: int = 0


_BY_GRADE = {name: Count("id", filter=Q(grade=grade)) for name, grade in STARS.items()}
_COUNTED = _BY_GRADE | {change.value: Count("id", filter=Q(change=change)) for change in Change}


def current_grades(year: int, codes: Iterable[str]) -> dict[str, StarGrade]:
    """The result of a year as it stands now, by code; units without one are left out."""
    return {one.division_id: one for one in StarGrade.objects.filter(current=True, year=year, division__in=codes)}


def grade_on(code: str, on: date) -> StarGrade | None:
    """What a unit counted as on a day: the last version in effect of the latest year that had taken effect by then.

    None before its first result. A removal counts from its own day on, the version before it until then.
    """
    return StarGrade.objects.filter(division=code, effective_from__lte=on).order_by("-year", "-number").first()


def grades_on(codes: Iterable[str], on: date) -> dict[str, StarGrade]:
    """`grade_on` of many units with one query."""
    found = StarGrade.objects.filter(division__in=codes, effective_from__lte=on)
    return {one.division_id: one for one in found.order_by("division_id", "year", "number")}


def history(code: str) -> list[StarGrade]:
    """Every version of every year of a unit, the latest first, with who prepared and who decided it."""
    found = StarGrade.objects.filter(division=code).select_related("prepared_by", "decided_by", "unit")
    return list(found.order_by("-year", "-number"))


def results(user, *, under: str, year: int) -> QuerySet:
    """The results of a year under a place, as far as the user sees."""
    return StarGrade.objects.for_user(user, Perm.VIEW_RATINGS).under(under).filter(year=year, current=True)


def counts(year: int, code: str, user) -> Counts:
    """The units under a place in a year, by grade and by change."""
    return counted(results(user, under=code, year=year))


def counted(found: QuerySet) -> Counts:
    return Counts(**found.aggregate(rated=Count("id"), **_COUNTED))


def graded(units: QuerySet) -> Counts:
    """Units of a cycle by the grade they have now; what changed is known only once it is decided."""
    return Counts(**units.order_by().aggregate(rated=Count("id"), **_BY_GRADE))


def counts_below(user, *, division: Division | None, year: int, on: date) -> list[tuple[Division, Counts]]:
    """The same for every place one step below, those without a rated unit too; none below a street's communities."""
    if division is None:
        places = list(Division.objects.filter(level=Level.PROVINCE).in_force(on).order_by("code"))
    elif division.level >= Level.STREET:
        return []
    else:
        places = list(shown_children(division, on).order_by("code"))
    rows = results(user, under=division.code if division else "", year=year)
    made: dict[str, Counts] = {}
    for length in {len(place.code) for place in places}:
        grouped = rows.order_by().values(place=Left("division_id", length)).annotate(rated=Count("id"), **_COUNTED)
        made |= {row.pop("place"): Counts(**row) for row in grouped}
    return [(place, made.get(place.code, Counts())) for place in places]


def latest_year(user, under: str = "") -> int | None:
    """The last year that has results under a place."""
    found = StarGrade.objects.for_user(user, Perm.VIEW_RATINGS).under(under)
    return found.aggregate(year=Max("year"))["year"]


def years(user, under: str = "") -> list[int]:
    """Years that have results under a place, the latest first."""
    found = StarGrade.objects.for_user(user, Perm.VIEW_RATINGS).under(under)
    return list(found.order_by("-year").values_list("year", flat=True).distinct())


def listed(
    user, *, under: str, year: int, grade: str = "", change: str = "", kind: str = "", cause: str = "", q: str = ""
) -> QuerySet:
    """The results of a year as the list shows them, in the order of codes."""
    found = results(user, under=under, year=year).select_related("division")
    if grade in STARS:
        found = found.filter(grade=STARS[grade])
    if change in Change.values:
        found = found.filter(change=change)
    if kind in UnitKind.values:
        found = found.filter(unit_kind=kind)
    if cause in ResultCause.values:
        found = found.filter(cause=cause)
    if q := q.strip().replace("\x00", ""):
        found = found.filter(Q(division__label__contains=q) | Q(division__initials__startswith=q.lower()))
    return found.order_by("division_id")


def waiting_draft(code: str) -> StarDraft | None:
    """The removal or correction of a unit's result that waits for a decision."""
    found = StarDraft.objects.filter(division=code, state=DraftState.PREPARED)
    return found.select_related("replaces", "prepared_by", "division").first()


def duties(user) -> list[Duty]:
    """Prepared removals and corrections that wait for the user's decision, as a row of the first page."""
    if not user.can(Perm.DECIDE_RATINGS):
        return []
    waiting = StarDraft.objects.for_user(user, Perm.DECIDE_RATINGS).filter(state=DraftState.PREPARED)
    found = list(waiting.exclude(prepared_by=user.pk).select_related("division").order_by("pk"))
    return [
        Duty(
            label=_("%(cause)s待决定") % {"cause": one.get_cause_display()},
            count=1,
            url=reverse("star_draft", args=[one.pk]),
            who=one.division.label,
            button=_("去决定"),
        )
        for one in found
    ]
