"""Training, assessment, directed recruitment and honours of the demonstration: invented."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from portal.core.lib.bulk import insert_rows
from portal.core.territory.models import Division
from portal.demo.plan import SHOWCASE
from workforce.models import (
    Assessment,
    AssessmentScheme,
    Award,
    DirectedRecruitment,
    Enrolment,
    Nomination,
    TrainingClass,
)

MISSING = 0.12  # share of people who missed this year's rotation, in the streets that have not finished it
UNFINISHED = 0.35  # share of those streets
IDLE = ("120106", "120118")  # districts that offered one of the groups no post last year
INDICATORS = [
    {"key": "duty", "label": "履职情况", "line": "community", "weight": 50},
    {"key": "satisfaction", "label": "居民满意度", "line": "community", "weight": 30},
    {"key": "certificate", "label": "持证情况", "line": "community", "weight": 20},
    {"key": "patrol", "label": "网格巡查走访", "line": "grid", "weight": 60},
    {"key": "events", "label": "事件处置", "line": "grid", "weight": 40},
]
BANDS = [
    {"grade": "excellent", "least": 90},
    {"grade": "qualified", "least": 75},
    {"grade": "basic", "least": 60},
    {"grade": "failed", "least": 0},
]


def fill(*, posts: Sequence, day: date, random: Random) -> None:
    """Everything of this file; `posts` as working_life makes them."""
    _training(posts, day, random)
    _assessments([post for post in posts if post.code.startswith(SHOWCASE[:6])], day, random)
    _careers(day, random)
    _honours([post for post in posts if post.code.startswith(SHOWCASE[:6])], day)


def _training(posts: Sequence, day: date, random: Random) -> None:
    districts = Division.objects.filter(level=3, code__in={post.code[:6] for post in posts}).order_by("code")
    begin = date(day.year, 1, 1)
    for district in districts:
        name, people = district.label, [post for post in posts if post.code.startswith(district.code)]
        rotation = _class(district.code, "district", "rotation", f"{name}社区工作者全员轮训", name, begin, 90, 24)
        skills = _class(district.code, "district", "skills", f"{name}社会工作实务班", name, begin, 150, 16)
        if rotation.ends_on > day:
            continue
        streets = sorted({post.code[:9] for post in people})
        behind = set(random.sample(streets, round(len(streets) * UNFINISHED)))
        trained = [post for post in people if post.code[:9] not in behind or random.random() >= MISSING]
        _enrol(rotation, trained)
        if skills.ends_on <= day:
            _enrol(skills, random.sample(people, len(people) // 20))
    city = _class("12", "city", "demonstration", "“一肩挑”负责人示范培训班", "演示市民政局", begin, 120, 32)
    if city.ends_on <= day:
        heads = [post for post in posts if post.tier == 1]
        _enrol(city, random.sample(heads, len(heads) // 10))


def _class(code: str, level: str, kind: str, title: str, by: str, begin: date, after: int, hours: int) -> TrainingClass:
    start = begin + timedelta(days=after)
    return TrainingClass.objects.create(
        division_id=code,
        level=level,
        kind=kind,
        title=f"{title}（演示）",
        topic="党建引领基层治理",
        organiser=by,
        starts_on=start,
        ends_on=start + timedelta(days=hours // 8),
        hours=hours,
    )


def _enrol(training: TrainingClass, posts: Sequence) -> None:
    def rows() -> Iterator[tuple]:
        for post in posts:
            yield (training.pk, post.person, post.code, True, training.hours, "passed")

    insert_rows(Enrolment, ("training_class_id", "person_id", "division_id", "attended", "hours", "result"), rows())


def _assessments(posts: Sequence, day: date, random: Random) -> None:
    """Last year's results of one district, archived, and this year's scheme, open and scored in part of its streets."""
    before, now = _scheme(SHOWCASE[:6], day.year - 1, "closed"), _scheme(SHOWCASE[:6], day.year, "open")
    columns = (
        "scheme_id", "person_id", "division_id", "grid_worker", "scores", "community", "grid", "total", "grade",
        "version",
    )  # fmt: skip
    assessed = [post for post in posts if post.start <= date(day.year - 1, 6, 30)]
    insert_rows(Assessment, columns, (_scored(before, post, random) for post in assessed))
    # Of its own, so that what is invented after it stays as it was.
    dice = Random(day.year)
    finished = {code for code in {post.code[:9] for post in posts} if code[8] in "24"}
    rows = ((_scored if post.code[:9] in finished else _unscored)(now, post, dice) for post in posts)
    insert_rows(Assessment, columns, rows)


def _scored(scheme: AssessmentScheme, post, random: Random) -> tuple:
    keys = [one["key"] for one in INDICATORS if post.grid_worker or one["line"] == "community"]
    scores = {key: min(100, max(30, round(random.gauss(84, 7)))) for key in keys}
    community, grid = _line(scores, "community"), _line(scores, "grid") if post.grid_worker else None
    total = community if grid is None else (community * 70 + grid * 30) / 100
    total = total.quantize(Decimal("0.01"))
    grade = next(band["grade"] for band in BANDS if total >= band["least"])
    return (scheme.pk, post.person, post.code, post.grid_worker, json.dumps(scores), community, grid, total, grade, 1)


def _unscored(scheme: AssessmentScheme, post, _random: Random) -> tuple:
    return (scheme.pk, post.person, post.code, post.grid_worker, "{}", None, None, None, "", 1)


def _line(scores: dict[str, int], line: str) -> Decimal:
    weighted = sum(scores[one["key"]] * one["weight"] for one in INDICATORS if one["line"] == line)
    return (Decimal(weighted) / 100).quantize(Decimal("0.01"))


def _scheme(code: str, year: int, state: str) -> AssessmentScheme:
    return AssessmentScheme.objects.create(
        division_id=code,
        year=year,
        name="社区工作者年度考核（演示）",
        indicators=INDICATORS,
        grid_percent=30,
        bands=BANDS,
        state=state,
    )


def _careers(day: date, random: Random) -> None:
    columns = ("division_id", "year", "kind", "group", "posts", "applicants", "hired", "document", "version")
    rows = []
    for code in Division.objects.filter(level=3, formal=False).order_by("code").values_list("code", flat=True):
        for year in (day.year - 1, day.year):
            for group in ("heads", "workers"):
                posts = 0 if code in IDLE and group == "heads" and year < day.year else random.randint(1, 4)
                over = year < day.year
                asked, hired = (posts * random.randint(3, 9), posts) if over else (None, None)
                rows.append((code, year, "civil_service", group, posts, asked, hired, "演示公告", 1))
                rows.append((code, year, "institution", group, posts, asked, hired, "演示公告", 1))
    insert_rows(DirectedRecruitment, columns, rows)


def _honours(posts: Sequence, day: date) -> None:
    award = Award.objects.create(
        division_id=SHOWCASE[:6], name="最美社区工作者（演示）", level="city", year=day.year, quota=3
    )
    stages = ("recommended", "selected", "nominated")
    for post, stage in zip([post for post in posts if post.tier == 1], stages, strict=False):
        Nomination.objects.create(
            award=award, person_id=post.person, division_id=post.code, stage=stage, decided_on=day, reason="演示事迹"
        )
