"""Cycles, units and results for tests, made with the models directly."""

from datetime import date, timedelta

from portal.core.accounts.models import User
from portal.core.lib.clock import now, today
from portal.core.lib.codes import kind_of
from ratings.models import (
    ItemScore,
    Objection,
    RatingCycle,
    RatingScheme,
    SchemeItem,
    StarDraft,
    StarGrade,
    UnitRating,
)
from tests import factories
from tests import world as w

YEAR = 2025
BANDS = [{"grade": 5, "least": 90}, {"grade": 4, "least": 80}, {"grade": 3, "least": 70}]


def officer(name: str, code: str = w.DISTRICT, role: str = "district"):
    """A user of that name who does the work of the office of `code`; the same one each time."""
    return User.objects.filter(username=name).first() or factories.user(name, (role, code))


def scheme(code: str = w.DISTRICT, year: int = YEAR, kind: str = "community") -> RatingScheme:
    found = RatingScheme.objects.filter(division=code, year=year, unit_kind=kind).first()
    return found or RatingScheme.objects.create(
        division_id=code, year=year, unit_kind=kind, name="示例方案", bands=BANDS, state="in_use",
        entered_by=officer("entering"), approved_by=officer("approving"),
    )  # fmt: skip


def cycle(code: str = w.DISTRICT, year: int = YEAR, stage: str = "notice", **fields) -> RatingCycle:
    """A cycle of a district at a stage; its notice stands from yesterday to the day after tomorrow."""
    day = today()
    opened = day - timedelta(days=60)
    due = {name: opened + timedelta(days=40) for name in ("self_due", "street_due", "district_due", "joint_due")}
    given = {"calibration_due": day, "decision_due": day + timedelta(days=30), "calibrated_by": officer("calibrating")}
    if stage in ("notice", "decision", "decided", "filed"):
        given |= {"notice_from": day - timedelta(days=1), "notice_until": day + timedelta(days=2)}
    if stage in ("decided", "filed"):
        given |= {"decided_by": officer("deciding"), "decided_on": day, "decision_number": "示例〔2026〕1号"}
    if stage == "filed":
        given |= {"filing_number": "备〔2026〕1号", "filed_on": day}
    given |= {"opened_by": officer("opening"), "name": f"{year}年度星级评定", "reference_on": date(year, 12, 31)}
    return RatingCycle.objects.create(
        division_id=code, year=year, stage=stage, opened_on=opened, **{**due, **given, **fields}
    )


def unit(of: RatingCycle, code: str = w.SPRING, grade: int | None = 4, **fields) -> UnitRating:
    """A unit scored by everybody, at the stage of its cycle."""
    kind = "village" if kind_of(code).startswith("villagers") else "community"
    given = {
        "stage": of.stage,
        "total": 85,
        "banded": grade,
        "provisional": grade,
        "self_by": officer("self"),
        "street_by": officer("street_checker"),
        "district_by": officer("checker"),
        "district_at": now(),
    }
    return UnitRating.objects.create(
        cycle=of, division_id=code, year=of.year, unit_kind=kind, scheme=scheme(w.DISTRICT, of.year, kind), grade=grade,
        **{**given, **fields},
    )  # fmt: skip


def star(code: str = w.SPRING, grade: int = 4, year: int = YEAR, **fields) -> StarGrade:
    """A decided grade, in effect since the first of March of the next year."""
    day = date(year + 1, 3, 1)
    kind = "village" if kind_of(code).startswith("villagers") else "community"
    given = {
        "unit_kind": kind, "previous": None, "change": "new", "cause": "cycle", "decision_number": f"示例〔{year}〕1号",
        "decided_on": day, "effective_from": day, "prepared_by": officer("calibrating"),
        "decided_by": officer("deciding"), "score": 85,
    }  # fmt: skip
    return StarGrade.objects.create(division_id=code, year=year, grade=grade, **{**given, **fields})


def draft(result: StarGrade, grade: int = 3, cause: str = "removal", **fields) -> StarDraft:
    given = {"event": "发生安全事故", "event_on": today(), "prepared_by": officer("preparing"), "prepared_on": today()}
    return StarDraft.objects.create(
        division_id=result.division_id, replaces=result, cause=cause, grade=grade, **{**given, **fields}
    )


def objection(of: UnitRating, **fields) -> Objection:
    number = f"TEST-TEST-TEST-{Objection.objects.count():04d}"
    given = {"receipt": number, "words": "走访记录与事实不符，请复核。", "due_on": today() + timedelta(days=7)}
    return Objection.objects.create(unit=of, **{**given, **fields})


FIGURE = {"indicator": "visit_coverage_households", "value": "0.912", "numerator": 912, "denominator": 1000}


def held(code: str = w.SPRING) -> UnitRating:
    """A unit of that place under notice in the cycle of its district; the same one each time."""
    found = RatingCycle.objects.filter(division=code[:6], year=YEAR).first() or cycle(code[:6])
    return UnitRating.objects.filter(cycle=found, division=code).first() or unit(found, code)


def starred(code: str = w.SPRING) -> StarGrade:
    """The result of a unit; the same one each time."""
    return StarGrade.objects.filter(division=code, current=True).first() or star(code)


def drafted(code: str = w.SPRING) -> StarDraft:
    """A removal that waits for a decision; the same one each time."""
    return StarDraft.objects.filter(division=code, state="prepared").first() or draft(starred(code))


def scored(code: str = w.SPRING) -> ItemScore:
    """An automatic score of a unit in the cycle of its district; the same one each time."""
    found = ItemScore.objects.filter(unit__division=code).order_by("pk").first()
    if found:
        return found
    rating = held(code)
    item, _made = SchemeItem.objects.get_or_create(
        scheme=rating.scheme, order=1,
        defaults={"label": "入户走访", "points": 10, "indicator": FIGURE["indicator"]},
    )  # fmt: skip
    return ItemScore.objects.create(unit=rating, item=item, auto_points="8.00", figure=FIGURE)
