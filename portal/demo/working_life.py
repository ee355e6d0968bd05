"""The rest of a working life in the demonstration: terms, positions, grids, registrations, training, assessment, careers.

Made from the roster that is in the database, so that an older demonstration gains it on upgrade. All of it is invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db.models import Count

from portal.core.audit.actions import action
from portal.core.lib.bulk import insert_rows
from portal.core.lib.dated import add_months, add_years
from portal.core.territory.models import Division, Population
from portal.demo import schooling
from portal.demo.plan import SHOWCASE
from workforce.enums import PartyForm
from workforce.models import (
    Appointment,
    Certificate,
    ContinuingEducation,
    Establishment,
    Exit,
    GradeRecord,
    Grid,
    GridPost,
    Person,
    PostApplication,
    Registration,
    SpecialStatus,
    Term,
)
from workforce.quota import required_heads

CONTROLLED = SHOWCASE[:6]  # the district whose positions are controlled
DOCUMENT = "演示文件〔2024〕1号"
REGISTERED, LAPSED, FEW_HOURS = 0.97, 0.01, 0.02
STATUSES = (("maternity", 158, 0.012), ("sick", 120, 0.003), ("seconded", 365, 0.004), ("military", 730, 0.001))
HOUSEHOLDS_PER_GRID = 450


@dataclass(frozen=True)
class Post:
    """What the rest is made from: one post in force, senior first per person."""

    person: object
    code: str
    body: str
    tier: int
    grade: int | None
    start: date
    hired: date | None
    full_time: bool
    managed: bool
    grid_worker: bool


@action
def fill(*, day: date, by) -> None:
    """Enters everything beyond the roster; call it once."""
    random = Random("working life")
    posts = list(_posts(day))
    communities = sorted({post.code for post in posts})
    insert_rows(Term, _TERM, list(_terms(communities, day, random)))
    insert_rows(GradeRecord, _GRADE, list(_grades(posts)))
    insert_rows(Exit, _EXIT, list(_exits()))
    _register(day, random)
    insert_rows(SpecialStatus, _STATUS, _statuses(posts, day, random))
    _grids(posts, day, random)
    _positions(posts, day)
    schooling.fill(posts=posts, day=day, random=random)


def _posts(day: date) -> Iterator[Post]:
    """The most senior post of everybody in post in a community."""
    rows = (
        Appointment.objects.in_force(day)
        .filter(division__urban=True)
        .order_by("person_id", "tier", "valid_from", "id")
        .distinct("person_id")
        .values_list(
            "person_id", "division_id", "body", "tier", "grade", "valid_from", "person__hired_on", "full_time",
            "managed", "grid_worker",
        )
    )  # fmt: skip
    return (Post(*row) for row in rows)


_TERM = ("division_id", "body", "number", "form", "elected_on", "valid_from", "valid_to", "seats", "version")


def _terms(communities: list[str], day: date, random: Random) -> Iterator[tuple]:
    """The last three terms of both committees; in a few places the election is overdue."""
    start = date(day.year - 3, 3, 1)
    party = Appointment.objects.in_force(day).filter(body="party").order_by()
    members = dict(party.values_list("division_id").annotate(count=Count("person", distinct=True)))
    for code in communities:
        late = random.random() < 0.015
        began = add_years(start, -2) - timedelta(days=60) if late else start
        form = _form(members.get(code, 0), random)
        for body in ("party", "committee"):
            shape = form if body == "party" else ""
            before = add_years(began, -5)
            earlier = add_years(before, -3)
            yield (code, body, 9, shape, earlier, earlier, before, 7, 1)
            yield (code, body, 10, shape, before, before, began, 7, 1)
            yield (code, body, 11, shape, began, began, add_years(began, 5), 7, 1)


def _form(members: int, random: Random) -> str:
    """The form that fits the number of members, but for a few places."""
    if members < 5 and random.random() < 0.97:
        return PartyForm.BRANCH
    return PartyForm.COMMITTEE if random.random() < 0.3 else PartyForm.GENERAL_BRANCH


_GRADE = ("person_id", "tier", "grade", "valid_from", "valid_to", "reason", "evidence", "derivation")


def _grades(posts: list[Post]) -> Iterator[tuple]:
    held = set(GradeRecord.objects.values_list("person_id", flat=True))
    for post in posts:
        if post.grade is not None and post.person not in held:
            yield (post.person, post.tier, post.grade, post.start, None, "roster", "", "[]")


_EXIT = ("person_id", "division_id", "hired_on", "left_on", "reason", "note", "taken_back")
_REASONS = {
    "辞职": "resignation",
    "退休": "retirement",
    "换届未连任": "not_reelected",
    "考核不合格": "failed_assessment",
    "考录、选聘到机关事业单位或国有企业": "transfer_up",
    "合同期满": "contract_ended",
}


def _exits() -> Iterator[tuple]:
    known = set(Exit.objects.values_list("person_id", flat=True))
    for person in Person.objects.filter(left_on__isnull=False).prefetch_related("appointments"):
        if person.pk not in known:
            unit = max(person.appointments.all(), key=lambda post: post.valid_from).division_id
            reason = _REASONS.get(person.leaving_reason, "other")
            yield (person.pk, unit, person.hired_on, person.left_on, reason, "", False)


def _register(day: date, random: Random) -> None:
    """Registrations every three years with the hours they need; some have lapsed or were never made."""
    registrations, hours = [], []
    done = set(Registration.objects.values_list("certificate_id", flat=True))
    certificates = Certificate.objects.exclude(level="local").order_by("person_id", "id")
    for certificate in certificates.iterator():
        if certificate.pk in done or random.random() >= REGISTERED:
            continue
        at = certificate.obtained_on + timedelta(days=random.randint(20, 300))
        while at <= day:
            ends = add_years(at, 3) + timedelta(days=1)
            registrations.append((certificate.pk, certificate.person_id, at, ends, ""))
            hours += _hours(certificate, at, min(ends, day), random)
            if random.random() < LAPSED:
                break
            at = add_years(at, 3) - timedelta(days=random.randint(5, 80))
    insert_rows(Registration, ("certificate_id", "person_id", "registered_on", "valid_to", "number"), registrations)
    columns = ("person_id", "done_on", "hours", "kind", "title", "provider")
    insert_rows(ContinuingEducation, columns, hours)


def _hours(certificate: Certificate, start: date, end: date, random: Random) -> Iterator[tuple]:
    """About thirty hours a year, now and then too few."""
    yearly = 18 if random.random() < FEW_HOURS else 32
    at = add_months(start, 8)
    while at < end:
        yield (certificate.person_id, at, yearly, "course", "社会工作继续教育（演示）", "演示社会工作协会")
        at = add_months(at, 12)


_STATUS = ("person_id", "kind", "valid_from", "valid_to", "note")


def _statuses(posts: list[Post], day: date, random: Random) -> Iterator[tuple]:
    for post in posts:
        for kind, days, share in STATUSES:
            if random.random() < share and not post.code.startswith(SHOWCASE):
                start = day - timedelta(days=random.randint(0, days - 10))
                yield (post.person, kind, start, start + timedelta(days=days), "演示")
                break


def _grids(posts: list[Post], day: date, random: Random) -> None:
    """Grids of the controlled district, their teams made of community workers who double as grid workers."""
    since = date(day.year - 2, 1, 1)
    households = _households(CONTROLLED)
    columns = ("division_id", "name", "households", "micro_grids", "valid_from", "valid_to")
    rows = []
    for code, count in sorted(households.items()):
        grids = max(1, round(count / HOUSEHOLDS_PER_GRID))
        rows += [(code, f"第{number}网格", count // grids, 5, since, None) for number in range(1, grids + 1)]
    insert_rows(Grid, columns, rows)
    staff: dict[str, list] = {}
    for post in posts:
        if post.body == "station":
            staff.setdefault(post.code, []).append(post.person)
    columns = ("grid_id", "division_id", "person_id", "role", "valid_from", "valid_to")
    insert_rows(GridPost, columns, list(_teams(staff, since, random)))


def _teams(staff: dict[str, list], since: date, random: Random) -> Iterator[tuple]:
    for grid, code in Grid.objects.under(CONTROLLED).order_by("division_id", "id").values_list("id", "division_id"):
        people = staff.get(code, [])
        team = random.sample(people, min(len(people), 3))
        roles = ["chief", "full_time", "instructor"] if random.random() < 0.93 else ["chief", "full_time"]
        for person, role in zip(team, roles, strict=False):
            yield (grid, code, person, role, since, None)


def _positions(posts: list[Post], day: date) -> None:
    """Approved positions of the controlled district, and one application that waits for an answer."""
    since = date(day.year - 1, 1, 1)
    held: dict[tuple[str, str], int] = {}
    for post in posts:
        if post.code.startswith(CONTROLLED) and post.full_time and post.managed:
            key = (post.code, "committee" if post.body in ("party", "committee") else "staff")
            held[key] = held.get(key, 0) + 1
    rows = []
    for code, population in _populations(CONTROLLED).items():
        committee = max(6, held.get((code, "committee"), 0))
        wanted = required_heads(population, 18, 10_000) - committee
        staff = max(held.get((code, "staff"), 0), wanted, 1)
        rows += [(code, "committee", committee, since, None, DOCUMENT), (code, "staff", staff, since, None, DOCUMENT)]
    columns = ("division_id", "worker_class", "posts", "valid_from", "valid_to", "document")
    insert_rows(Establishment, columns, rows)
    asking = Division.objects.under(SHOWCASE).filter(level=5, urban=True).order_by("-code").first()
    PostApplication.objects.create(
        division=asking,
        worker_class="staff",
        posts=2,
        starts_on=add_months(day, 1),
        reason="新交付住宅小区入住，服务户数增加（演示）",
        applied_by="street-admin",
    )


def _populations(under: str) -> dict[str, int]:
    """The latest population of every community."""
    rows = Population.objects.filter(division__in=Division.objects.under(under).filter(level=5, urban=True))
    return dict(rows.order_by("division_id", "on").values_list("division_id", "value"))


def _households(under: str) -> dict[str, int]:
    rows = Population.objects.filter(division__in=Division.objects.under(under).filter(level=5, urban=True))
    found = rows.exclude(households=None).order_by("division_id", "on").values_list("division_id", "households")
    return dict(found)
