"""Acts on many parts that somebody chose from a list: what can be done is done, and what cannot is told with its reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import action
from proposals.actions import course
from proposals.actions.reminders import remind
from proposals.actions.tallies import refresh_tallies
from proposals.models import Handling
from workforce.actions.versions import Stale

MOST = 500
"""Parts of one act; a page shows fifty."""

Chosen = Iterable[tuple[int, int]]
"""Keys of parts, each with the version that was seen."""


@dataclass(frozen=True)
class Done:
    """How many parts were acted on, and a sentence about each that was not."""

    count: int
    refused: list[str]


@action
def remind_units(*, chosen: Chosen, words: str, by) -> Done:
    """Reminds the units of the chosen parts of what each owes next, with the same words. Parts out of reach are left out."""
    return _each(chosen, by, Perm.MANAGE_PROPOSALS, lambda part, version: remind(part, version, words, by))


@action
def close_unanswered_cases(*, chosen: Chosen, by) -> Done:
    """Closes the chosen cases whose time for the proposers' opinion is over; what did not come back is not satisfied.

    A person decides it, not the night: no source lets an answer be closed without one, and a form on paper that comes
    late can no longer be entered afterwards.
    """
    codes: set[str] = set()

    def close(part: Handling, version: int) -> None:
        held = course.claim(part.pk, version, by, Perm.HANDLE_PROPOSALS)
        course.move(held, "close_unanswered", by=by)
        codes.add(held.division_id)

    done = _each(chosen, by, Perm.HANDLE_PROPOSALS, close)
    refresh_tallies(codes)
    return done


def _each(chosen: Chosen, by, perm: Perm, act: Callable[[Handling, int], object]) -> Done:
    """Acts on one part after the other in the order of keys, as everybody does, so that nobody waits in a ring."""
    seen = dict(list(chosen)[:MOST])
    parts = Handling.objects.for_user(by, perm).filter(pk__in=seen).select_related("proposal", "unit")
    count, refused = 0, []
    for part in parts.order_by("proposal_id", "pk"):
        try:
            with transaction.atomic():
                act(part, seen[part.pk])
        except (ValidationError, Stale) as error:
            words = {"case": part.proposal, "unit": part.unit.short, "why": _said(error)}
            refused.append(_("%(case)s（%(unit)s）：%(why)s") % words)
        else:
            count += 1
    return Done(count, refused)


def _said(error: ValidationError | Stale) -> str:
    return "".join(error.messages) if isinstance(error, ValidationError) else str(error)
