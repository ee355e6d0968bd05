"""A rating at work for tests: schemes in use in 东区, a cycle of 2026 over its five units, and who works in it."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from portal.core.accounts.models import User
from portal.core.lib.clock import today
from ratings.actions import calibration, cycles, units
from ratings.actions.units import UnitPoints
from ratings.models import ItemScore, RatingCycle, RatingScheme, SchemeItem, UnitRating
from tests import factories
from tests import world as w

BANDS = [{"grade": 5, "least": "90"}, {"grade": 4, "least": "80"}, {"grade": 3, "least": "70"}]
REFERENCE = date(2026, 10, 31)


def _user(name: str, *grants: tuple[str, str], division: str = "") -> User:
    return User.objects.filter(username=name).first() or factories.user(name, *grants, division=division)


def scheme(kind: str = "community", division: str = w.DISTRICT, year: int = 2026, **fields) -> RatingScheme:
    """A scheme in use: two items by hand of 60 and 40 points, a bonus of 2, a penalty of 5, a veto."""
    made = RatingScheme.objects.create(
        division_id=division, year=year, unit_kind=kind, name=f"{year} {kind}", bands=BANDS, state="in_use",
        entered_by=_user("scheme_maker"), approved_by=_user("scheme_approver"), **fields,
    )  # fmt: skip
    rows = (("组织建设", "score", 60), ("居民满意", "score", 40), ("获得表彰", "bonus", 2), ("通报批评", "penalty", 5))
    for order, (label, item_kind, points) in enumerate(rows, start=1):
        SchemeItem.objects.create(scheme=made, order=order, label=label, kind=item_kind, points=points)
    SchemeItem.objects.create(scheme=made, order=9, label="重大责任事故", kind="veto")
    return made


def second(role: str, code: str) -> User:
    """Another user of the role at the place."""
    return _user(f"{role}2", (role, code), division=code)


def opened(world, division: str = w.DISTRICT, **fields) -> RatingCycle:
    """A cycle of 2026 with schemes for communities and villages, opened by the district (or the city for the city)."""
    for kind in ("community", "village"):
        if not RatingScheme.objects.filter(unit_kind=kind, state="in_use", division=division).exists():
            scheme(kind, division)
    by = world.users.city if division == w.CITY else world.users.district
    about = {"year": 2026, "name": "2026 年度星级评定", "reference_on": REFERENCE} | fields
    return cycles.open_cycle(division=world.divisions[division], by=by, **about)


def unit_of(cycle: RatingCycle, code: str) -> UnitRating:
    return cycle.units.get(division_id=code)


def items(unit: UnitRating) -> list[SchemeItem]:
    """The items by hand."""
    return list(unit.scheme.items.filter(kind="score"))


def item(unit: UnitRating, kind: str) -> SchemeItem:
    return unit.scheme.items.get(kind=kind)


def points(unit: UnitRating, *values) -> UnitPoints:
    """A row of the sheet with points in the order of the items."""
    given = [None if value is None else Decimal(str(value)) for value in values]
    return UnitPoints(unit.pk, unit.version, dict(zip((one.pk for one in items(unit)), given, strict=True)))


def handed_in(unit: UnitRating, stage: str, by, *values) -> UnitRating:
    """Scores a unit at a stage and hands it on."""
    units.save_sheet(cycle=unit.cycle, stage=stage, rows=[points(unit, *values)], submit=True, by=by)
    unit.refresh_from_db()
    return unit


def checked(unit: UnitRating, world, *values) -> UnitRating:
    """A unit scored alike at all three stages by three people."""
    values = values or (55, 35)
    for stage, role, digits in (("self", "community", 12), ("street", "street", 9), ("district", "district", 6)):
        code = unit.division_id[:digits]
        handed_in(unit, stage, _user(f"{role}-{code}", (role, code), division=code), *values)
    return unit


def all_checked(cycle: RatingCycle, *values) -> None:
    """All units scored by the statement: for tests of what comes afterwards."""
    people = {stage: _user(f"all-{stage}") for stage in ("self", "street", "district")}
    values = values or (55, 35)
    rows = [
        ItemScore(unit=unit, item=one, self_points=value, street_points=value, district_points=value)
        for unit in cycle.units.all()
        for one, value in zip(items(unit), values, strict=True)
    ]
    ItemScore.objects.bulk_create(rows)
    moment = timezone.now()
    cycle.units.update(
        stage="joint", self_by=people["self"], street_by=people["street"], district_by=people["district"],
        self_at=moment, street_at=moment, district_at=moment,
    )  # fmt: skip


def in_calibration(world, *values) -> RatingCycle:
    """A cycle whose units are all scored alike, in the calibration session."""
    cycle = opened(world)
    all_checked(cycle, *values)
    cycles.begin_joint(cycle=cycle, by=world.users.district)
    said = {"department": "区卫健委", "stand": "agrees", "words": "", "given_on": today()}
    calibration.add_opinion(cycle=cycle, fields=said, by=world.users.district)
    return cycles.begin_calibration(cycle=cycle, by=world.users.district)
