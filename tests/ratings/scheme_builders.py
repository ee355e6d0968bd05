"""Schemes, cycles and units for tests of scoring, with as little as their constraints ask."""

from datetime import date
from decimal import Decimal

from ratings.models import ItemScore, RatingCycle, RatingScheme, SchemeItem, UnitRating
from tests import factories
from tests import world as w

BANDS = [{"grade": 5, "least": "90"}, {"grade": 4, "least": "80"}, {"grade": 3, "least": "70"}]
ITEMS = (
    {"label": "民主协商", "points": 60, "evidence": True},
    {"label": "持证率", "points": 40, "indicator": "certified_share", "steps": [{"least": "60", "percent": "100"}]},
)


def scheme(division: str = w.CITY, *, items=ITEMS, state: str = "in_use", **fields) -> RatingScheme:
    """A scheme for communities, in use since another person approved it."""
    names = ("scheme_maker", "scheme_approver")
    maker, approver = (_user(name, division) for name in names)
    given = {"year": 2026, "unit_kind": "community", "name": "社区星级评定方案", "bands": BANDS, **fields}
    if state != "draft":
        given = {"approved_by": approver, **given}
    made = RatingScheme.objects.create(division_id=division, state=state, entered_by=maker, **given)
    SchemeItem.objects.bulk_create(SchemeItem(scheme=made, order=number, **one) for number, one in enumerate(items, 1))
    return made


def _user(name: str, division: str):
    found = factories.User.objects.filter(username=name).first()
    return found or factories.user(name, ("city", w.CITY), division=w.CITY)


def cycle(division: str = w.CITY, *, year: int = 2026, on: date, **fields) -> RatingCycle:
    days = dict.fromkeys(
        ("self_due", "street_due", "district_due", "joint_due", "calibration_due", "decision_due"), date(2030, 1, 1)
    )
    given = {"name": f"{year} 年度星级评定", "reference_on": on, "opened_on": date(2020, 1, 1), **days, **fields}
    return RatingCycle.objects.create(
        division_id=division, year=year, opened_by=_user("cycle_opener", division), **given
    )


def unit(of: RatingCycle, code: str, by: RatingScheme, **fields) -> UnitRating:
    return UnitRating.objects.create(
        cycle=of, division_id=code, year=of.year, unit_kind=by.unit_kind, scheme=by, **fields
    )


def score(of: UnitRating, label: str, **points) -> ItemScore:
    item = of.scheme.items.get(label=label)
    return ItemScore.objects.create(unit=of, item=item, **{k: Decimal(str(v)) for k, v in points.items()})
