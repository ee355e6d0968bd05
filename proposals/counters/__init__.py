"""Every counter of proposals, promises and the task ledger (see `portal.core.indicators.counting`).

Their rows belong to the office that answers, of whatever level: a city has cases of its own beside those of its districts.
"""

from django.utils.translation import pgettext_lazy

from portal.core.indicators.counting import Book
from proposals.counters.answers import ANSWERS
from proposals.counters.feedback import FEEDBACK
from proposals.counters.intake import INTAKE
from proposals.counters.ledger import COMMITMENTS, TASKS
from proposals.counters.words import shared

BOOK = Book(
    "proposals",
    "proposals_tally",
    "proposals_snapshot",
    (INTAKE, ANSWERS, FEEDBACK, COMMITMENTS, TASKS),
    shared,
    size="proposals",
    size_unit=pgettext_lazy("unit", "件"),
    offices=True,
)
