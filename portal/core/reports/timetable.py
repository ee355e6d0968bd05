"""Makes the drafts that are expected and not there: on the first morning after a period ends, or whenever that was missed."""

import logging
from datetime import date

from portal.core.reports.actions import make_report
from portal.core.reports.changing import ReportExists
from portal.core.reports.declare import Kinds
from portal.core.reports.expected import Expected, expected
from portal.core.reports.models import Report
from portal.core.territory.models import Division

log = logging.getLogger(__name__)


class DraftsFailed(Exception):
    """Some drafts could not be made; the others were."""


def missing(kinds: Kinds, on: date) -> list[Expected]:
    """What is expected by the day `on` and has not been made, oldest period first."""
    wanted = list(expected(kinds, on))
    if not wanted:
        return []
    there = Report.objects.filter(ends_on__gte=min(one.period.ends_on for one in wanted))
    made = set(there.values_list("kind", "division_id", "period"))
    left = [one for one in wanted if (one.kind.key, one.code, one.period.key) not in made]
    return sorted(left, key=lambda one: (one.period.ends_on, one.code, one.kind.key))


def make_due(kinds: Kinds, on: date) -> list[Report]:
    """Makes every draft that is missing. Safe to repeat and in parallel; one that fails does not keep the others.

    DraftsFailed at the end names those that could not be made; the next run tries them again.
    """
    made, failed = [], []
    for one in missing(kinds, on):
        division = Division.objects.get(pk=one.code)
        try:
            made.append(make_report(kind=one.kind, division=division, period=one.period, by=None))
        except ReportExists:
            continue
        except Exception:
            log.exception("report %s of %s for %s failed", one.kind.key, one.code, one.period.key)
            failed.append(f"{one.kind.key} {one.code} {one.period.key}")
    if failed:
        raise DraftsFailed("; ".join(failed))
    return made
