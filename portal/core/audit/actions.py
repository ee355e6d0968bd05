"""How every write is made: `@action` opens the transaction and names the actor in the history of every row changed."""

import functools
from collections.abc import Callable

import pghistory
from django.db import transaction

from portal.core.audit.models import AuditEvent, Outcome
from portal.core.audit.origin import origin
from portal.core.lib import replica

SYSTEM = "system"


def name_of(by) -> str:
    """User name for the audit trail; None is the portal itself (nightly runs)."""
    return by.get_username() if by is not None else SYSTEM


def signature_of(by) -> str:
    """What stands under a paper: the name of the person, of an account without one that of the account."""
    return str(by)[:60] if by is not None else SYSTEM


def action(function: Callable) -> Callable:
    """Makes a keyword-only function with `by=` one atomic act whose row history carries actor, act, address, request."""

    @functools.wraps(function)
    def acted(*, by, **arguments):
        with (
            transaction.atomic(),
            pghistory.context(user=name_of(by), act=function.__name__, **origin()),
        ):
            replica.wrote(by.pk if by is not None else None)
            return function(by=by, **arguments)

    return acted


def record(
    act: str,
    *,
    by,
    subject: object = "",
    division: str = "",
    reason: str = "",
    outcome: str = Outcome.DONE,
    **detail,
) -> AuditEvent:
    """Writes one event; `subject` is kept as text, `detail` as JSON without personal data."""
    return AuditEvent.objects.create(
        act=act,
        actor=name_of(by),
        subject=str(subject)[:200],
        division=division or "",
        reason=reason[:500],
        outcome=outcome,
        detail=detail,
        **origin(),
    )
