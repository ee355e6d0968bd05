"""People in post as grades and pay look at them on a day: a fixed number of queries, whatever the number of people.

Only full-time posts under management count. A person is paid once, where the most senior of them is held.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Min
from django.db.models.expressions import RawSQL

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import code_range
from portal.core.lib.dated import end_of
from workforce.enums import SchemeState, SpecialStatusKind
from workforce.ladder import Period, Service, degree_of, service
from workforce.models import (
    Appointment,
    Assessment,
    Certificate,
    Exit,
    GradeRecord,
    PayApproval,
    Person,
    ProfessionalAppointment,
    Registration,
    SpecialStatus,
)
from workforce.queries.people import listed_people

PRIVATE = ("id_number", "id_number_index", "phone")


@dataclass
class Worker:
    """A person with everything that grade and pay follow from, as of the day asked for; `post` is the main one."""

    person: Person
    post: Appointment
    posts: list[Appointment]
    periods: list[Period] = field(default_factory=list)
    records: list[GradeRecord] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)
    registered: set[str] = field(default_factory=set)
    appointed: list[ProfessionalAppointment] = field(default_factory=list)
    institution: bool = False
    results: dict[int, str] = field(default_factory=dict)
    approval: PayApproval | None = None

    @property
    def code(self) -> str:
        return self.post.division_id

    def record_on(self, on: date) -> GradeRecord | None:
        """The grade record in force on a day."""
        return next((one for one in self.records if one.valid_to is None or one.valid_to > on), None)

    def grade_on(self, on: date) -> int | None:
        """The grade on a day: that of the record, else what the roster shows."""
        record = self.record_on(on)
        return record.grade if record else self.post.grade

    @property
    def degree(self) -> str:
        return degree_of(self.person.education, self.person.degree)

    def levels(self, on: date) -> list[str]:
        return [one.level for one in self.certificates if one.obtained_on <= on]

    def appointed_levels(self, on: date) -> list[str]:
        """Levels that the person was appointed at on a day."""
        return [
            one.level for one in self.appointed if one.valid_from <= on and (one.valid_to is None or one.valid_to > on)
        ]

    def years_out(self, grades: frozenset[str], on: date) -> list[int]:
        """Years before that of the day whose assessment ended in one of `grades`: a result takes effect next January."""
        return [year for year, grade in self.results.items() if grade in grades and year < on.year]

    def served(self, grades: frozenset[str], on: date) -> Service:
        """Continuous service on a day; where the days in service leave it out, the main post stands for it."""
        out = self.years_out(grades, on)
        found = service(self.periods, on, out)
        return found if found.since else service([(self.post.valid_from, self.post.valid_to)], on, out)


def workers(user, perm: Perm, *, under: str, on: date, people: Iterable[UUID] | None = None) -> list[Worker]:
    """Everybody whose main post on a day lies under `under` within the user's territory, by community and name.

    `people` narrows to those persons.
    """
    mine = Appointment.objects.for_user(user, perm).under(under).in_force(on).filter(full_time=True, managed=True)
    if people is not None:
        mine = mine.filter(person__in=people)
    held = (
        Appointment.objects.in_force(on)
        .filter(person__in=mine.values("person_id"), full_time=True, managed=True)
        .select_related("person")
        .prefetch_related("division")
        .defer(*(f"person__{name}" for name in PRIVATE))
        .order_by("tier", "valid_from", "id")
    )
    found: dict[UUID, Worker] = {}
    for post in held:
        known = found.setdefault(post.person_id, Worker(post.person, post, []))
        known.posts.append(post)
    inside = _inside(user, perm, under)
    chosen = {key: one for key, one in found.items() if inside(one.code)}
    _load(chosen, on)
    return sorted(chosen.values(), key=lambda one: (one.code, one.person.name_pinyin, str(one.person.pk)))


def _inside(user, perm: Perm, under: str):
    ranges = [code_range(code) for code in user.territories(perm)]
    low, high = code_range(under)
    return lambda code: low <= code < high and any(first <= code < last for first, last in ranges)


def _load(found: dict[UUID, Worker], on: date) -> None:
    ids = listed_people(found)
    for one in GradeRecord.objects.filter(person__in=ids, valid_from__lte=on).order_by("valid_from"):
        if one.valid_to != one.valid_from:
            found[one.person_id].records.append(one)
    for one in Certificate.objects.filter(person__in=ids, obtained_on__lte=on):
        found[one.person_id].certificates.append(one)
    registered = Registration.objects.filter(person__in=ids, registered_on__lte=on, valid_to__gt=on)
    for person, level in registered.values_list("person_id", "certificate__level"):
        found[person].registered.add(level)
    for one in ProfessionalAppointment.objects.filter(person__in=ids, valid_from__lte=on):
        found[one.person_id].appointed.append(one)
    institution = SpecialStatus.objects.filter(person__in=ids, kind=SpecialStatusKind.INSTITUTION).in_force(on)
    for person in institution.values_list("person_id", flat=True):
        found[person].institution = True
    for one in PayApproval.objects.filter(person__in=ids).in_force(on):
        found[one.person_id].approval = one
    _load_results(found, ids)
    _load_periods(found, ids)


def _load_results(found: dict[UUID, Worker], ids: RawSQL) -> None:
    closed = Assessment.objects.filter(person__in=ids, scheme__state=SchemeState.CLOSED).exclude(grade="")
    for person, year, grade in closed.order_by("id").values_list("person_id", "scheme__year", "grade"):
        found[person].results[year] = grade


def _load_periods(found: dict[UUID, Worker], ids: RawSQL) -> None:
    """Days in service: those of earlier services, and from the day of entry, or of the first post where it is unknown."""
    for person, start, end in Exit.objects.filter(person__in=ids, taken_back=False, hired_on__isnull=False).values_list(
        "person_id", "hired_on", "left_on"
    ):
        found[person].periods.append((start, end_of(end)))
    unknown = [key for key, one in found.items() if one.person.hired_on is None]
    firsts: dict[UUID, date] = defaultdict(lambda: date.max)
    posts = Appointment.objects.filter(person__in=unknown).order_by().values("person_id")
    firsts.update(posts.annotate(first=Min("valid_from")).values_list("person_id", "first"))
    for key, one in found.items():
        start = one.person.hired_on or firsts[key]
        one.periods.append((start, end_of(one.person.left_on)))
