"""A scheme tried on last year's data before it is used: who would move, and by which items. Writes nothing."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from portal.core.indicators.declare import Indicator
from portal.core.lib.codes import Level, code_range
from portal.core.territory.models import Division
from ratings.enums import ItemKind, UnitKind
from ratings.models import Incident, ItemScore, RatingCycle, RatingScheme, SchemeItem, UnitRating
from ratings.queries.scoring import Readings, automatic_points, bands_of
from ratings.scoring import Event, band, events_sum, in_force, two_places, vetoed

REASONS = 3
ADDED = Decimal(0)


@dataclass(frozen=True)
class Part:
    """What an item came to last year and comes to under the trial, in points of the total."""

    label: str
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal:
        return (self.after or ADDED) - (self.before or ADDED)


@dataclass(frozen=True)
class Tried:
    """A unit under the trial; grades are None where there was none last year, or where a score is missing."""

    division: Division
    before: int | None
    after: int | None
    total_before: Decimal | None
    total_after: Decimal | None
    parts: tuple[Part, ...] = field(repr=False, default=())

    @property
    def move(self) -> str:
        if self.before is None or self.after is None:
            return "unknown"
        return "up" if self.after > self.before else "down" if self.after < self.before else "same"

    @property
    def reasons(self) -> list[Part]:
        """The items with the largest differences, the largest first."""
        changed = [one for one in self.parts if one.difference]
        return sorted(changed, key=lambda one: (-abs(one.difference), one.label))[:REASONS]


@dataclass(frozen=True)
class Trial:
    """All units under the scheme's division. `untried` are items by hand that last year's scheme did not have.

    Their points are left out, and what the others came to is taken for 100.
    """

    scheme: RatingScheme
    cycle: RatingCycle | None
    on: date
    rows: list[Tried]
    untried: list[SchemeItem]
    tried_points: Decimal

    @cached_property
    def moves(self) -> dict[str, int]:
        found = Counter(one.move for one in self.rows)
        return {key: found[key] for key in ("up", "down", "same", "unknown")}

    def grades(self, which: str) -> dict[int, int]:
        """Units by grade, `before` or `after`."""
        return dict(Counter(getattr(one, which) for one in self.rows if getattr(one, which) is not None))


def last_cycle(scheme: RatingScheme) -> RatingCycle | None:
    """The latest cycle of an earlier year that rated units of this kind under the scheme's division."""
    low, high = code_range(scheme.division_id)
    units = UnitRating.objects.filter(
        division_id__gte=low, division_id__lt=high, unit_kind=scheme.unit_kind, year__lt=scheme.year
    )
    latest = units.order_by("-year", "-cycle_id").select_related("cycle").first()
    return latest.cycle if latest else None


def try_scheme(scheme: RatingScheme, indicators: Mapping[str, Indicator], under: str = "") -> Trial:
    """Tries a scheme on the last cycle: automatic items on its reference day, items by hand where the labels agree.

    Without an earlier cycle only automatic items can be tried, on the last day of the year before. `under` narrows the
    units. Raises TooManyRows where the figures of that day cannot be had.
    """
    cycle = last_cycle(scheme)
    on = cycle.reference_on if cycle else date(scheme.year - 1, 12, 31)
    return _Sum(scheme, cycle, on, under or scheme.division_id, indicators).trial()


class _Sum:
    """The trial while it is reckoned."""

    def __init__(self, scheme, cycle, on, under, indicators) -> None:
        self.scheme, self.cycle, self.on = scheme, cycle, on
        self.low, self.high = code_range(under)
        self.units = self._units()
        self.divisions = self._divisions()
        items = list(scheme.items.all())
        self.events_items = {one.label: one for one in items if one.kind != ItemKind.SCORE}
        scored = [one for one in items if one.kind == ItemKind.SCORE]
        self.automatic = [one for one in scored if one.indicator in indicators]
        old = self._old_items()
        self.by_hand = [one for one in scored if not one.automatic and one.label in old]
        self.untried = [one for one in scored if one not in self.automatic and one not in self.by_hand]
        tried = [*self.automatic, *self.by_hand]
        self.tried_points = sum((one.points for one in tried), Decimal(0))
        self.scale = Fraction(100) / Fraction(self.tried_points) if self.tried_points else Fraction(0)
        used = [indicators[one.indicator] for one in self.automatic]
        self.readings = Readings(used, under, on)
        self.bands = bands_of(scheme)
        self.scores, self.incidents = self._scores(), self._incidents()

    def _units(self) -> dict[str, UnitRating]:
        if self.cycle is None:
            return {}
        units = self.cycle.units.filter(
            division_id__gte=self.low, division_id__lt=self.high, unit_kind=self.scheme.unit_kind, left_out_because=""
        )
        return {one.division_id: one for one in units}

    def _divisions(self) -> list[Division]:
        kind = {"kind__startswith": "residents" if self.scheme.unit_kind == UnitKind.COMMUNITY else "villagers"}
        found = Division.objects.filter(level=Level.COMMUNITY, code__gte=self.low, code__lt=self.high)
        chosen = found.filter(code__in=self.units) if self.cycle else found.in_force(self.on).filter(**kind)
        return list(chosen.select_related("parent").order_by("code"))

    def _old_items(self) -> dict[str, SchemeItem]:
        """Items by hand and automatic of the schemes that rated the units last year, by label."""
        items = SchemeItem.objects.filter(scheme__in={one.scheme_id for one in self.units.values()})
        self.old_items = {one.pk: one for one in items}
        return {one.label: one for one in items if one.kind == ItemKind.SCORE}

    def _scores(self) -> dict[int, dict[str, tuple[SchemeItem, Decimal | None]]]:
        found: dict[int, dict] = defaultdict(dict)
        columns = ("unit_id", "item_id", "auto_points", "self_points", "street_points", "district_points")
        rows = ItemScore.objects.filter(unit__in=[one.pk for one in self.units.values()]).only(*columns)
        for score in rows.iterator(chunk_size=5000):
            item = self.old_items[score.item_id]
            found[score.unit_id][item.label] = (item, in_force(score))
        return found

    def _incidents(self) -> dict[int, list[SchemeItem]]:
        found: dict[int, list] = defaultdict(list)
        counted = Incident.objects.filter(confirmed_by__isnull=False, taken_back=False)
        for unit, item in counted.filter(unit__in=[u.pk for u in self.units.values()]).values_list(
            "unit_id", "item_id"
        ):
            found[unit].append(self.old_items[item])
        return found

    def trial(self) -> Trial:
        rows = [self._tried(one) for one in self.divisions]
        return Trial(self.scheme, self.cycle, self.on, rows, self.untried, self.tried_points)

    def _tried(self, division: Division) -> Tried:
        unit = self.units.get(division.code)
        scores = self.scores[unit.pk] if unit else {}
        happened = self.incidents.get(unit.pk, []) if unit else []
        points = {one.label: self._automatic(one, division.code) for one in self.automatic}
        given = {one.label: self._carried(one, scores.get(one.label)) for one in self.by_hand}
        events = [self._event(self.events_items[one.label]) for one in happened if one.label in self.events_items]
        total = None
        if self.tried_points and None not in given.values():
            exact = sum(points.values(), Fraction(0)) + sum(given.values(), Fraction(0)) + Fraction(events_sum(events))
            total = max(two_places(exact), Decimal("0.00"))
        after = 0 if vetoed(events) else None if total is None else band(total, self.bands)
        before = None if unit is None else unit.provisional if unit.grade is None else unit.grade
        parts = self._parts(scores, happened, {**points, **given}, events)
        return Tried(division, before, after, unit.total if unit else None, total, parts)

    def _automatic(self, item: SchemeItem, code: str) -> Fraction:
        """Points in the total; a figure without value gives none."""
        return Fraction(automatic_points(item, self.readings.of(code, item.indicator)) or 0) * self.scale

    def _carried(self, item: SchemeItem, old: tuple[SchemeItem, Decimal | None] | None) -> Fraction | None:
        """Last year's points as a share of what the item gives now; None where nobody scored it."""
        if old is None or old[1] is None or not old[0].points:
            return None
        return Fraction(old[1]) / Fraction(old[0].points) * Fraction(item.points) * self.scale

    @staticmethod
    def _event(item: SchemeItem) -> Event:
        return Event(item.label, item.kind, item.points, item.cap)

    def _parts(self, scores, happened, points, events) -> tuple[Part, ...]:
        before = {label: given for label, (_item, given) in scores.items()}
        after = {label: None if one is None else two_places(one) for label, one in points.items()}
        for one in {item.label: item for item in happened}.values():
            before[one.label] = events_sum(self._event(item) for item in happened if item.label == one.label)
        for label in {event.item for event in events}:
            after[label] = events_sum(event for event in events if event.item == label)
        labels = [*after, *(label for label in before if label not in after)]
        return tuple(Part(label, before.get(label), after.get(label)) for label in labels)
