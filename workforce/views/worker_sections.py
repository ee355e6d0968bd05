"""The parts of a person's page, in the order of its jump list; a new part is a function and a line in `SECTIONS`.

A part is `function(request, person, on) -> dict | None`: `key` (its anchor), `title` and `template`, and whatever the
template needs, which finds the dict as `section`; `side` puts it into the narrow column, `actions` are buttons of its
head (label, url). None leaves the part out. `worker_rights.may_change` says whether the reader may enter and correct.
"""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest

from workforce.models import Person
from workforce.views import worker_certificates, worker_parts, worker_pay, worker_timeline

Section = Callable[[HttpRequest, Person, date], dict | None]

SECTIONS: tuple[Section, ...] = (
    worker_certificates.clocks,
    worker_parts.posts,
    worker_parts.contracts,
    worker_certificates.certificates,
    worker_pay.grades,
    worker_pay.pay,
    worker_parts.statuses,
    worker_parts.grids,
    worker_parts.training,
    worker_parts.honours,
    worker_parts.exits,
    worker_timeline.timeline,
    worker_parts.facts,
)


def sections_of(request: HttpRequest, person: Person, on: date) -> list[dict]:
    """The parts that have something to say about the person."""
    return [section for make in SECTIONS if (section := make(request, person, on)) is not None]
