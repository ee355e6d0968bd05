"""What a kind of report is, declared once: how often, which sections, which figures, which sentences.

A figure is named by its declaration (`portal.core.indicators.declare`), so a report can hold no number of its own making.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.findings.inspection import Inspection
from portal.core.indicators.declare import Better, Indicator
from portal.core.reports.cadence import Cadence


class Series(models.TextChoices):
    """The two rounds of reports that the sources know (domain §1.K)."""

    DISPATCH = "dispatch", _("调度考评")
    TRACKING = "tracking", _("任务跟踪")


@dataclass(frozen=True, kw_only=True)
class FigureSection:
    """Figures of the place against the period before, the year before and the target, and of the divisions one step down.

    `own` are the lines of the first table, `below` the columns of the second, which is ordered by `ranked` where one is
    named. `says` are the sentences on top: Chinese, as the document is; {key} is the figure with its unit, {key:previous}
    and {key:year} how it moved, {key:target} how it stands against its target, {key:short} what is lacking, {place} and
    {on} the place and the last day of the period.
    """

    key: str
    title: str | Promise
    own: tuple[Indicator, ...]
    below: tuple[Indicator, ...] = ()
    ranked: Indicator | None = None
    says: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.ranked is not None and (self.ranked not in self.below or self.ranked.better == Better.NEITHER):
            raise ValueError(f"{self.key}: {self.ranked.key} cannot be ranked: not a column, or it has no better side.")

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(dict.fromkeys((*self.own, *self.below)))

    @classmethod
    def of(
        cls, catalogue: Mapping[str, Indicator], key: str, title: str | Promise, *, own: str, below: str = "",
        ranked: str = "", says: tuple[str, ...] = (),
    ) -> "FigureSection":  # fmt: skip
        """A section by the keys of its figures in a catalogue, parted by spaces."""
        mine, columns = (tuple(catalogue[one] for one in keys.split()) for keys in (own, below))
        best = catalogue[ranked] if ranked else None
        return cls(key=key, title=title, own=mine, below=columns, ranked=best, says=says)


@dataclass(frozen=True, kw_only=True)
class FindingSection:
    """Findings by kind and by place: how many stood, were opened and resolved in the period, are overdue at its end."""

    key: str = "findings"
    title: str | Promise = _("预警处置")
    inspections: Mapping[str, Inspection] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class DueSection:
    """What falls due in the period that follows: findings by kind, and the targets not reached yet of `targets`."""

    key: str = "due"
    title: str | Promise = _("下期到期事项")
    inspections: Mapping[str, Inspection] = field(repr=False)
    targets: tuple[Indicator, ...] = ()


Section = FigureSection | FindingSection | DueSection


@dataclass(frozen=True, kw_only=True)
class ReportKind:
    """A report that is made again and again. `levels` are those of the divisions that make it unless they say otherwise.

    `title` is that of the document, with {place}.
    """

    key: str
    label: str | Promise
    title: str
    cadence: Cadence
    series: Series
    sections: tuple[Section, ...]
    levels: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if closed := [indicator.key for indicator in self.indicators if indicator.perm]:
            raise ValueError(f"{self.key}: not every reader of reports may see {', '.join(closed)}.")

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every figure of the report, each once."""
        named = [
            indicator
            for section in self.sections
            for indicator in (
                section.indicators if isinstance(section, FigureSection) else getattr(section, "targets", ())
            )
        ]
        return tuple(dict.fromkeys(named))


Kinds = Mapping[str, ReportKind]


def kind_label(key: str, kinds: Kinds) -> str:
    """What a kind is called; one that is no longer declared goes by its key."""
    return str(kinds[key].label) if key in kinds else key
