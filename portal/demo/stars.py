"""Star ratings of the demonstration: last year's, decided for the whole city, and this year's, district by district.

Grades, points and documents are invented; nobody has rated any of these communities.
"""

from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from portal.core.accounts.models import User
from portal.core.audit.actions import action
from portal.core.lib.clock import zone
from portal.core.lib.workdays import add_workdays
from portal.core.territory.models import Division
from portal.core.workdays.queries import calendar_from
from portal.demo import stars_sql
from portal.demo.plan import SHOWCASE
from portal.registry import INDICATORS
from ratings.actions.consequences import raise_consequences
from ratings.actions.cycles import first_deadlines
from ratings.actions.scoring import score_automatically
from ratings.enums import ItemKind, Stage, UnitKind
from ratings.models import DepartmentOpinion, RatingCycle, RatingScheme, SchemeItem, StarGrade, UnitRating

CITY = SHOWCASE[:2]
DISTRICT = SHOWCASE[:6]
BANDS = [{"grade": 5, "least": 90}, {"grade": 4, "least": 80}, {"grade": 3, "least": 70}]
_SHARE = [{"least": 90, "percent": 100}, {"least": 70, "percent": 80}, {"least": 40, "percent": 50}]
# Group, item, points, whether files are asked for, and of communities the figure that it is scored from.
_ITEMS = (
    ("党的建设", "组织生活和党员教育", 15, True, ""),
    ("党的建设", "“两委”班子运行", 10, False, ""),
    ("自治", "居（村）民会议和议事协商", 15, True, ""),
    ("自治", "居（村）务公开", 10, False, ""),
    ("服务", "走访联系群众", 15, False, ""),
    ("服务", "公共服务和阵地建设", 10, True, ""),
    ("平安", "矛盾纠纷调解和安全", 10, False, ""),
    ("队伍", "持证率", 8, False, "certified_share"),
    ("队伍", "全员轮训", 7, False, "training_rotation"),
)
_EVENTS = (
    (ItemKind.BONUS, "受到市级以上表彰", 2, 4),
    (ItemKind.PENALTY, "被区级以上通报批评", 2, 6),
    (ItemKind.VETO, "发生重大安全责任事故", 0, None),
)
# How this year's stand: days since the opening, stage of the cycle, how far its units are at least and at most.
_COURSES = (
    (12, Stage.SELF, 0, 2),
    (54, Stage.JOINT, 3, 3),
    (64, Stage.CALIBRATION, 3, 3),
    (75, Stage.NOTICE, 3, 3),
    (25, Stage.SELF, 0, 1),
    (10, Stage.SELF, 0, 0),
)


@action
def fill(*, day: date, by) -> None:
    """Enters schemes, results and cycles; call it once, when the accounts are there and the figures are counted."""
    names = ("city-admin", "district-staff", "street-admin", "community")
    city, district, street, community = (User.objects.get(username=name) for name in names)
    who = {"self_by": community.pk, "street_by": street.pk, "district_by": district.pk, "decided_by": city.pk}
    year = day.year - 1 if day >= date(day.year, 4, 1) else day.year - 2
    schemes = {one: _schemes(one, district, city, figures=one > year) for one in (year, year + 1)}
    _decided(year, schemes[year], who)
    results = StarGrade.objects.filter(year=year, division__in=Division.objects.under(DISTRICT))
    raise_consequences(results.values_list("pk", flat=True), by=city)
    _running(year + 1, schemes[year + 1], who, day, city)


def _schemes(year: int, maker: User, approver: User, *, figures: bool) -> dict[str, int]:
    """The schemes of a year, by the kind of unit; without `figures` all items are scored by hand."""
    made = {}
    for kind in UnitKind:
        scheme = RatingScheme.objects.create(
            division_id=CITY,
            year=year,
            unit_kind=kind,
            name=f"{year} 年{kind.label}星级评定方案（演示）",
            document="演示评定办法（虚构）",
            bands=BANDS,
            state="in_use",
            entered_by=maker,
            approved_by=approver,
        )
        SchemeItem.objects.bulk_create(_items(scheme, kind, figures))
        made[str(kind)] = scheme.pk
    return made


def _items(scheme: RatingScheme, kind: str, figures: bool) -> list[SchemeItem]:
    """Figures of the roster judge communities only: villages keep none here, their items are all scored by hand."""
    found = []
    for group, label, points, evidence, figure in _ITEMS:
        indicator = figure if figures and kind == UnitKind.COMMUNITY else ""
        steps = _SHARE if indicator else []
        about = {"group": group, "label": label, "points": points, "evidence": evidence}
        found.append(SchemeItem(scheme=scheme, order=len(found) + 1, indicator=indicator, steps=steps, **about))
    for event, label, points, cap in _EVENTS:
        about = {"label": label, "kind": event, "points": points, "cap": cap}
        found.append(SchemeItem(scheme=scheme, order=len(found) + 1, **about))
    return found


def _decided(year: int, schemes: dict[str, int], who: dict[str, int]) -> None:
    """One cycle of the whole city, decided and filed, and the results of two years."""
    after = year + 1
    cycle = RatingCycle.objects.create(
        division_id=CITY, year=year, name=f"{year} 年度村（社区）星级评定（演示）", reference_on=date(year, 12, 31),
        stage=Stage.FILED, opened_on=date(year, 12, 1), self_due=date(year, 12, 16), street_due=date(year, 12, 31),
        district_due=date(after, 1, 20), joint_due=date(after, 1, 30), calibration_due=date(after, 2, 9),
        decision_due=date(after, 3, 26), notice_from=date(after, 2, 10), notice_until=date(after, 2, 24),
        decision_number=f"演示认定〔{after}〕1号", decided_on=date(after, 2, 27), filing_number=f"演示备〔{after}〕1号",
        filed_on=date(after, 3, 10), opened_by_id=who["district_by"], calibrated_by_id=who["district_by"],
        decided_by_id=who["decided_by"],
    )  # fmt: skip
    given = {**who, **schemes, "cycle": cycle.pk, "year": year, "city": f"{CITY}%", "decided_on": cycle.decided_on}
    days = (cycle.self_due, cycle.street_due, cycle.district_due)
    for name, on in zip(("self_at", "street_at", "district_at"), days, strict=True):
        given[name] = datetime.combine(on, time(10), tzinfo=zone())
    with connection.cursor() as cursor:
        cursor.execute(stars_sql.UNITS_DECIDED, given)
        cursor.execute(stars_sql.SCORES_DECIDED, given)
        cursor.execute(stars_sql.RESULTS, given)
        cursor.execute("ANALYZE ratings_unitrating, ratings_stargrade")


def _running(year: int, schemes: dict[str, int], who: dict[str, int], day: date, city: User) -> None:
    """This year's, district by district: the first few far on, the rest just opened."""
    districts = Division.objects.under(CITY).filter(level=3, formal=False).order_by("code")
    cycles = []
    for place, division in enumerate(districts):
        ago, stage, least, most = _COURSES[min(place, len(_COURSES) - 1)]
        cycle = _opened(division, year, day - timedelta(days=ago), stage, who, day)
        given = {
            **who,
            **schemes,
            "cycle": cycle.pk,
            "year": year,
            "place": f"{division.pk}%",
            "least": least,
            "most": most,
        }
        with connection.cursor() as cursor:
            cursor.execute(stars_sql.UNITS_OPEN, given)
        cycles.append((cycle, stage))
    with connection.cursor() as cursor:
        cursor.execute(stars_sql.SCORES, {"cycles": [cycle.pk for cycle, _stage in cycles]})
    for cycle, stage in cycles:
        if stage in (Stage.JOINT, Stage.CALIBRATION, Stage.NOTICE):
            _judge(cycle, stage, day, city)


def _opened(division: Division, year: int, on: date, stage: str, who: dict[str, int], day: date) -> RatingCycle:
    """A cycle at its stage; one under notice is calibrated until its grades are there."""
    dues = {f"{name}_due": due for name, due in first_deadlines(division.pk, on).items()}
    reached = Stage.CALIBRATION if stage == Stage.NOTICE else stage
    return RatingCycle.objects.create(
        division=division,
        year=year,
        name=f"{year} 年度{division.label}村（社区）星级评定（演示）",
        reference_on=day,
        stage=reached,
        opened_on=on,
        opened_by_id=who["district_by"],
        calibrated_by_id=who["district_by"] if reached == Stage.CALIBRATION else None,
        **dues,
    )


def _judge(cycle: RatingCycle, stage: str, day: date, city: User) -> None:
    """Points from figures and opinions; from the calibration on the grades, and the days of the notice."""
    score_automatically(cycle=cycle, indicators=INDICATORS, by=city)
    for department in ("演示区委组织部", "演示区公安分局"):
        DepartmentOpinion.objects.create(
            cycle=cycle, department=department, stand="agrees", given_on=day, entered_by=cycle.opened_by
        )
    if stage == Stage.JOINT:
        return
    units = UnitRating.objects.filter(cycle=cycle)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ratings_unitrating SET grade = provisional WHERE cycle_id = %s", [cycle.pk])
    if stage == Stage.NOTICE and not units.filter(grade=None).exists():
        until = add_workdays(day, 5, calendar_from(day))
        notice = {"notice_from": day, "notice_until": until, "show_scores": True}
        RatingCycle.objects.filter(pk=cycle.pk).update(stage=Stage.NOTICE, scored_at=timezone.now(), **notice)
