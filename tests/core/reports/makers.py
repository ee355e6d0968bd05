"""Small kinds of report for tests, over two figures of the world that can be counted by hand, and reports of them."""

from datetime import date

from portal.core.reports.actions import make_report
from portal.core.reports.cadence import Cadence, just_ended
from portal.core.reports.declare import DueSection, FigureSection, FindingSection, ReportKind, Series
from portal.registry import INDICATORS
from tests import world as w
from tests.core.findings.makers import inspection

WORKERS, RATIO, SHARE = (INDICATORS[key] for key in ("workers", "staffing_ratio", "certified_share"))
CHECKS = {"sample": inspection()}
STAFFING = FigureSection(
    key="staffing",
    title="人员配备",
    own=(WORKERS, RATIO, SHARE),
    below=(WORKERS, SHARE),
    ranked=SHARE,
    says=("截至{on}，{place}在岗 {workers}，{workers:previous}；{staffing_ratio}，{staffing_ratio:target}。",),
)
FINDINGS, DUE = FindingSection(inspections=CHECKS), DueSection(inspections=CHECKS, targets=(SHARE,))


def kind(key: str = "sample_month", cadence: Cadence = Cadence.MONTH, **more) -> ReportKind:
    """A kind with every sort of section."""
    return ReportKind(
        key=key,
        label="样报",
        title="{place}样报",
        cadence=cadence,
        series=Series.TRACKING,
        **{"sections": (STAFFING, FINDINGS, DUE), **more},
    )


MONTHLY = kind()


def draft(world, code: str = w.DISTRICT, of: ReportKind = MONTHLY, by=None):
    """The report of the last period that is over."""
    return make_report(kind=of, division=world.divisions[code], period=just_ended(of.cadence, world.today), by=by)


def last_day(world, cadence: Cadence = Cadence.MONTH) -> date:
    return just_ended(cadence, world.today).ends_on
