"""Every counter of the roster: what the tallies hold, what the figures are made of (see `portal.core.indicators.counting`)."""

from portal.core.indicators.counting import Book
from workforce.counters.clocks import CLOCKS
from workforce.counters.committees import COMMITTEES, MEMBERS, TERMS
from workforce.counters.exits import EXITS
from workforce.counters.grids import GRID_PEOPLE, GRIDS
from workforce.counters.heads import EVERYBODY, HEADS
from workforce.counters.limits import shared
from workforce.counters.positions import POSITIONS
from workforce.counters.training import ENROLMENTS, TRAINEES

BOOK = Book(
    "workforce",
    "workforce_tally",
    "workforce_snapshot",
    (HEADS, EVERYBODY, CLOCKS, MEMBERS, COMMITTEES, TERMS, GRIDS, GRID_PEOPLE, POSITIONS, EXITS, ENROLMENTS, TRAINEES),
    shared,
    size="in_post",
)
