"""The list of reports: those there are and those that are owed, newest period first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from portal.core.accounts.roles import Perm
from portal.core.reports.cadence import Period, Standing, standing
from portal.core.reports.declare import Kinds
from portal.core.reports.expected import LOOK_BACK, DueDays, expected
from portal.core.reports.models import OPEN, Report, ReportState

OWN, BELOW = "own", "below"
# Groups of the list by the word in its address: states of reports, or standings.
STATES = {
    "open": OPEN,
    "draft": (ReportState.DRAFT,),
    "signed": (ReportState.SIGNED,),
    "published": (ReportState.PUBLISHED,),
    "withdrawn": (ReportState.WITHDRAWN,),
}
STANDINGS = {
    "missing": (Standing.MISSING, Standing.EXPECTED),
    "late": (Standing.LATE, Standing.MISSING, Standing.PUBLISHED_LATE),
}


@dataclass(frozen=True)
class Line:
    """A report, or the lack of one that is expected."""

    kind: str
    code: str
    place: str
    period: Period
    due_on: date
    standing: Standing
    report: Report | None = None


@dataclass(frozen=True)
class Listing:
    """What somebody asks of the list. `scope` own: of the place itself, or of the reader's own territories."""

    user: object
    kinds: Kinds
    on: date
    place: str = ""
    scope: str = OWN
    kind: str = ""
    year: int | None = None

    def lines(self) -> list[Line]:
        """Everything, newest period first, then kinds in their order, then places. Five queries, however many lines."""
        order = {key: number for number, key in enumerate(self.kinds)}
        made = list(self._made())
        found = [*made, *self._missing({(line.kind, line.code, line.period.key) for line in made})]
        found.sort(key=lambda line: (-line.period.ends_on.toordinal(), order.get(line.kind, len(order)), line.code))
        return found

    @property
    def own(self) -> list[str]:
        """Codes of the place chosen, or of the reader's territories; none for the whole country."""
        codes = [self.place] if self.place else self.user.territories(Perm.VIEW_REPORTS)
        return [code for code in codes if code]

    def reports(self) -> QuerySet[Report]:
        found = Report.objects.for_user(self.user, Perm.VIEW_REPORTS).under(self.place)
        found = found.filter(division__in=self.own) if self.scope == OWN else found.exclude(division__in=self.own)
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.year:
            return found.filter(ends_on__year=self.year)
        return found.filter(ends_on__gte=self.on - LOOK_BACK)

    def _made(self) -> Iterable[Line]:
        for report in self.reports().select_related("division").defer("content", "remarks"):
            published_on = timezone.localdate(report.published_at) if report.published_at else None
            state = standing(made=True, published_on=published_on, due_on=report.due_on, on=self.on)
            yield Line(
                report.kind, report.division_id, report.division.label, report.span, report.due_on, state, report
            )

    def _missing(self, made: set[tuple[str, str, str]]) -> Iterable[Line]:
        """What is owed and not among `made`."""
        kinds = {key: kind for key, kind in self.kinds.items() if self.kind in ("", key)}
        reach = [code for code in self._reach() if self.scope == BELOW or code]
        due_days, own = DueDays(), set(self.own)
        for one in expected(kinds, self.on, reach, exact=self.scope == OWN):
            mine = (self.scope == OWN or one.code not in own) and self.year in (None, one.period.ends_on.year)
            if mine and (one.kind.key, one.code, one.period.key) not in made:
                due_on = due_days.of(one.code, one.period)
                state = standing(made=False, published_on=None, due_on=due_on, on=self.on)
                yield Line(one.kind.key, one.code, one.name, one.period, due_on, state)

    def _reach(self) -> list[str]:
        held = self.user.territories(Perm.VIEW_REPORTS)
        if not self.place:
            return held
        return [self.place] if self.user.can(Perm.VIEW_REPORTS, self.place) else []


def in_group(lines: Iterable[Line], group: str) -> list[Line]:
    """The lines of one group; all of them for no group."""
    if group in STANDINGS:
        return [line for line in lines if line.standing in STANDINGS[group]]
    if group in STATES:
        return [line for line in lines if line.report is not None and line.report.state in STATES[group]]
    return list(lines)
