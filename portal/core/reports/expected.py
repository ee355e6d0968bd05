"""Which reports are expected of whom, and by when: offices, what they make, the rule that sets the day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Min, Q
from django.utils import timezone

from portal.core.accounts.models import Grant
from portal.core.accounts.roles import Perm, roles_with
from portal.core.lib.codes import ancestors
from portal.core.lib.dated import ONE_DAY
from portal.core.lib.scope import union
from portal.core.lib.workdays import Specials
from portal.core.policy.kinds import REPORT_DUE
from portal.core.policy.models import PolicyRule
from portal.core.reports.cadence import Cadence, Period, due_day, ended_between
from portal.core.reports.declare import Kinds, ReportKind
from portal.core.reports.models import ReportSubscription
from portal.core.workdays.queries import specials

LOOK_BACK = timedelta(days=400)
"""Reports of periods that ended longer ago are not expected any more: whoever wants one makes it by hand."""


@dataclass(frozen=True)
class Office:
    """A division whose staff sign reports. `since` is the day from which the defaults count for it."""

    code: str
    name: str
    level: int
    since: date


@dataclass(frozen=True)
class Expected:
    """A report that an office owes: of a kind, for a period."""

    kind: ReportKind
    code: str
    name: str
    period: Period


def offices(codes: Iterable[str] = ("",), *, exact: bool = False) -> list[Office]:
    """Divisions in the subtrees of `codes` (`exact`: these alone) that somebody may sign for, by code.

    The country itself makes no reports.
    """
    codes = list(codes)
    condition = Q(division__in=codes) if exact else union("division_id", codes)
    if condition is None:
        return []
    held = Grant.objects.filter(
        condition, role__in=roles_with(Perm.SIGN_REPORTS), user__is_active=True, division__isnull=False
    )
    rows = held.values_list("division_id", "division__label", "division__level").annotate(since=Min("granted_at"))
    return [
        Office(code, label, level, timezone.localdate(since))
        for code, label, level, since in rows.order_by("division_id")
    ]


def kinds_of(office: Office, kinds: Kinds, lines: dict[tuple[str, str], ReportSubscription]) -> dict[str, date]:
    """Which kinds an office makes, and from when; `lines` as `subscriptions` gives them."""
    found = {}
    for kind in kinds.values():
        line = lines.get((office.code, kind.key))
        if line.on if line else office.level in kind.levels:
            found[kind.key] = line.since if line else office.since
    return found


def subscriptions(codes: Iterable[str]) -> dict[tuple[str, str], ReportSubscription]:
    """What offices have chosen for themselves, by (division, kind)."""
    found = ReportSubscription.objects.filter(division__in=list(codes))
    return {(line.division_id, line.kind): line for line in found}


def expected(kinds: Kinds, on: date, codes: Iterable[str] = ("",), *, exact: bool = False) -> Iterator[Expected]:
    """Every report of a period that is over on the day `on`, office by office, oldest period first. Two queries."""
    found = offices(codes, exact=exact)
    lines = subscriptions(office.code for office in found)
    for office in found:
        for key, since in kinds_of(office, kinds, lines).items():
            first = max(since, on - LOOK_BACK)
            for period in ended_between(kinds[key].cadence, first, on - ONE_DAY):
                yield Expected(kinds[key], office.code, office.name, period)


class DueDays:
    """The days by which reports are due, for many at once: the rules and the calendar are read once."""

    @cached_property
    def _rules(self) -> dict[str, list[PolicyRule]]:
        found: dict[str, list[PolicyRule]] = {}
        for rule in PolicyRule.objects.filter(kind=REPORT_DUE.key):
            found.setdefault(rule.division_id or "", []).append(rule)
        return found

    @cached_property
    def _specials(self) -> Specials:
        return specials()

    def working_days(self, code: str, cadence: Cadence, on: date) -> int:
        """The nearest rule in force on the last day of the period, else the default."""
        for scope in (code, *ancestors(code), ""):
            for rule in self._rules.get(scope, ()):
                if rule.valid_from <= on and (rule.valid_to is None or on < rule.valid_to):
                    return rule.value[cadence]
        return REPORT_DUE.default[cadence]

    def of(self, code: str, period: Period) -> date:
        return due_day(period, self.working_days(code, period.cadence, period.ends_on), self._specials)
