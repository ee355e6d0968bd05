"""Reads of the duty rota: a week, a day, and what a month comes to (domain §1.H2 to H4)."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Sum

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import add_months
from ratings.enums import ShiftWork
from ratings.models import Shift
from ratings.norms import presence_needed, split_met
from ratings.queries.people import in_post
from workforce.models import Person

IN_GRIDS = (ShiftWork.GRID, ShiftWork.VISIT)
# The three buckets of 三三分段; rounds and visits are both work in the grids.
SPLIT = {"duty": (ShiftWork.DUTY,), "grids": IN_GRIDS, "project": (ShiftWork.PROJECT,)}
WEEK = 7


def week_of(on: date) -> list[date]:
    """Monday to Sunday of the week that holds the day."""
    monday = on - timedelta(days=on.weekday())
    return [monday + timedelta(days=number) for number in range(WEEK)]


def asked_day(text: str, on: date) -> date:
    """The day that an address names; `on` for anything odd."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return on


def asked_month(text: str, on: date) -> date:
    """The first day of the month that an address names as YYYY-MM; of that of `on` for anything odd."""
    return asked_day(f"{text}-01", on.replace(day=1))


def month_of(first: date) -> tuple[date, date]:
    """First and last day of a month."""
    return first, add_months(first, 1) - timedelta(days=1)


def rows_of(user, code: str, first: date, last: date) -> QuerySet:
    """Rows of the rota under a place from `first` to `last`."""
    rows = Shift.objects.for_user(user, Perm.VIEW_SERVICE).under(code).filter(on__range=(first, last))
    return rows.select_related("person", "division").order_by(
        "on", "division_id", "person__name_pinyin", "person_id", "work"
    )


def rota_seal(code: str, first: date, last: date) -> str:
    """A mark of everything on the rota of a community in these days: it differs as soon as anything differs."""
    rows = Shift.objects.filter(division_id=code, on__range=(first, last)).order_by("person_id", "on", "work")
    digest = hashlib.sha256()
    for person, on, work, hours in rows.values_list("person_id", "on", "work", "hours"):
        digest.update(f"{person} {on} {work} {hours:.1f}\n".encode())
    return digest.hexdigest()[:32]


@dataclass
class Line:
    """One worker's days: hours by work on each of them."""

    person: Person
    days: dict[date, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))


def lines_of(user, code: str, days: list[date]) -> list[Line]:
    """Everybody in post in the community on any of the days, and whoever stands on its rota though no longer in post."""
    lines = {person.pk: Line(person) for person in in_post(code, days[0], days[-1])}
    for row in rows_of(user, code, days[0], days[-1]):
        lines.setdefault(row.person_id, Line(row.person)).days[row.on][row.work] = row.hours
    return list(lines.values())


@dataclass(frozen=True)
class Presence:
    """Of those `scheduled` on a day `out` are in the grids; `needed` of them should be, None without a rule (domain §1.H2)."""

    on: date
    scheduled: int
    out: int
    needed: int | None

    @property
    def met(self) -> bool | None:
        """None where no rule is in force or nobody is scheduled."""
        return None if self.needed is None or not self.scheduled else self.out >= self.needed


def presence_of(lines: list[Line], days: list[date], percent: int | None) -> list[Presence]:
    """For each day: at least ceil(percent x scheduled) workers in the grids; 7 scheduled at 50 % need 4."""
    found = []
    for day in days:
        parts = [{work: hours for work, hours in line.days.get(day, {}).items() if hours} for line in lines]
        scheduled = sum(1 for one in parts if one)
        out = sum(1 for one in parts if any(work in one for work in IN_GRIDS))
        needed = None if percent is None else presence_needed(scheduled, percent)
        found.append(Presence(day, scheduled, out, needed))
    return found


@dataclass(frozen=True)
class Month:
    """A worker's hours of a month by work; `person` None is everybody together."""

    person: Person | None
    hours: dict[str, Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.hours.values(), Decimal(0))

    def share(self, works: tuple[str, ...]) -> Decimal | None:
        """Per cent of the hours that went into `works`; None without any hours."""
        part = sum((self.hours.get(work, Decimal(0)) for work in works), Decimal(0))
        return part * 100 / self.total if self.total else None

    @property
    def visiting(self) -> Decimal | None:
        """Per cent of the hours that are visits (domain §1.H3)."""
        return self.share((ShiftWork.VISIT,))

    def split_met(self, parts: int, tolerance: int) -> bool | None:
        """Whether each of the three took its even share of the hours, give or take `tolerance` points (domain §1.H4)."""
        hours = {
            name: sum((self.hours.get(work, Decimal(0)) for work in works), Decimal(0)) for name, works in SPLIT.items()
        }
        return split_met(hours, self.total, tolerance, parts)

    @property
    def split(self) -> dict[str, Decimal | None]:
        """Per cent on duty, in the grids and leading projects (domain §1.H4)."""
        return {name: self.share(works) for name, works in SPLIT.items()}


def months_of(user, code: str, first: date, last: date) -> list[Month]:
    """The hours of each worker under a place from `first` to `last`, by name, then of all together."""
    rows = Shift.objects.for_user(user, Perm.VIEW_SERVICE).under(code).filter(on__range=(first, last))
    hours: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    for person, work, sum_ in (
        rows.exclude(work=ShiftWork.REST).values_list("person_id", "work").annotate(s=Sum("hours"))
    ):
        hours[person][work] = sum_
    people = Person.objects.filter(pk__in=hours).order_by("name_pinyin", "pk")
    found = [Month(person, hours[person.pk]) for person in people]
    whole: dict[str, Decimal] = defaultdict(Decimal)
    for one in found:
        for work, value in one.hours.items():
            whole[work] += value
    return [*found, Month(None, dict(whole))] if found else []
