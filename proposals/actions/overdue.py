"""What the days do to deadlines: each that passes undone is dated to the day it fell due, once."""

from datetime import date

from django.db import connection

from portal.core.audit.actions import action
from proposals.queries.overdue import OVERDUE

_DATE = f"""
UPDATE proposals_deadline d SET overdue_on = d.due_on + 1
FROM ({OVERDUE}) late WHERE late.id = d.id AND d.overdue_on IS NULL"""


def date_overdue(*, on: date) -> int:
    """The nightly job's call of `date_deadlines`."""
    return date_deadlines(on=on, by=None)


@action
def date_deadlines(*, on: date, by) -> int:
    """Writes into each deadline that is overdue on a day since when it is, and returns how many were new.

    Twice, late or in parallel gives the same days: they hang on the last day alone.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('proposals.overdue'))")
        cursor.execute(_DATE, {"on": on})
        return cursor.rowcount
