"""Reads of the working calendar, in the form that the pure rules of lib/workdays.py take."""

from datetime import date

from portal.core.lib.workdays import Special, Specials
from portal.core.workdays.models import CalendarDay


def specials(since: int | None = None) -> dict[date, Special]:
    """The named days of all years, or of those from the year `since` on; one query."""
    days = CalendarDay.objects.all() if since is None else CalendarDay.objects.filter(day__year__gte=since)
    return {day: Special(works, name) for day, works, name in days.values_list("day", "is_workday", "name")}


def calendar_from(day: date) -> Specials:
    """What is needed to count forward from a day."""
    return specials(day.year)
