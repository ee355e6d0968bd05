"""Every counter of service records and stars (see `portal.core.indicators.counting`)."""

from django.utils.translation import pgettext_lazy

from portal.core.indicators.counting import Book
from ratings.counters.deliberations import DELIBERATIONS
from ratings.counters.facilities import FACILITIES
from ratings.counters.needs import NEEDS, PROJECTS
from ratings.counters.requests import REQUESTS
from ratings.counters.shifts import DAYS, PRESENCE, SHIFTS
from ratings.counters.stars import STARS
from ratings.counters.units import UNITS
from ratings.counters.visits import VISITS
from ratings.counters.words import shared

BOOK = Book(
    "ratings",
    "ratings_tally",
    "ratings_snapshot",
    (UNITS, VISITS, REQUESTS, NEEDS, PROJECTS, FACILITIES, SHIFTS, PRESENCE, DAYS, DELIBERATIONS, STARS),
    shared,
    size="premises",
    size_unit=pgettext_lazy("unit", "户"),
)
