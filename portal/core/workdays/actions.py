"""Entering the calendar of a year: the file replaces the years it names, whole."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.workdays.files import NamedDay
from portal.core.workdays.models import CalendarDay


@dataclass
class CalendarChanges:
    """What loading a calendar does, or would do."""

    years: list[int]
    added: list[NamedDay] = field(default_factory=list)
    changed: list[tuple[NamedDay, NamedDay]] = field(default_factory=list)
    removed: list[NamedDay] = field(default_factory=list)
    unchanged: int = 0

    @property
    def any(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def sentence(self) -> str:
        """In one sentence what changes."""
        years = _("、").join(map(str, self.years))
        if not self.any:
            return _("%(years)s 年的日历已是这样，没有变化。") % {"years": years}
        return _(
            "%(years)s 年：新增 %(added)s 天，改动 %(changed)s 天，去掉 %(removed)s 天，不变 %(unchanged)s 天。"
        ) % {
            "years": years,
            "added": len(self.added),
            "changed": len(self.changed),
            "removed": len(self.removed),
            "unchanged": self.unchanged,
        }


def changes_of(days: Iterable[NamedDay]) -> CalendarChanges:
    """What the calendar would become, compared with what it is; writes nothing."""
    wanted = {named.day: named for named in days}
    years = sorted({day.year for day in wanted})
    changes = CalendarChanges(years)
    rows = CalendarDay.objects.filter(day__year__in=years).order_by("day")
    known = {row.day: NamedDay(row.day, row.is_workday, row.name, row.source) for row in rows}
    for day, named in wanted.items():
        if day not in known:
            changes.added.append(named)
        elif known[day] != named:
            changes.changed.append((known[day], named))
        else:
            changes.unchanged += 1
    changes.removed = [known[day] for day in known if day not in wanted]
    return changes


@action
def load_calendar(*, days: list[NamedDay], by) -> CalendarChanges:
    """Makes the years that `days` name exactly as they say; other years stay. Loading the same again changes nothing."""
    changes = changes_of(days)
    CalendarDay.objects.filter(day__in=[named.day for named in changes.removed]).delete()
    written = [*changes.added, *(new for _old, new in changes.changed)]
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=n.day, is_workday=n.is_workday, name=n.name, source=n.source) for n in written],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_workday", "name", "source"],
    )
    return changes
