"""Whatever is done to the roster, in whatever order: tallies are exact at the end of every act."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.core.lib.clock import today
from portal.core.territory.loading import load_divisions
from portal.core.territory.models import Division, FiguresDay
from tests import factories
from tests import world as w
from tests.workforce.counters.chance import EXIT_REASONS, PLACES, WORDS, Chance, divisions
from workforce.actions import (
    certificates,
    committees,
    contracts,
    establishment,
    exits,
    grades,
    grids,
    moves,
    people,
    rules,
    statuses,
    training,
)
from workforce.actions.tallies import differences, recount, roll_figures
from workforce.models import (
    Appointment,
    Certificate,
    Contract,
    Enrolment,
    Exit,
    GradeRecord,
    Grid,
    GridPost,
    Person,
    PostApplication,
    Registration,
    SpecialStatus,
    Term,
    TrainingClass,
)

pytestmark = pytest.mark.django_db
COMMUNITIES = PLACES[:-1]


class Anybody:
    """May do everything everywhere."""

    pk = None

    def get_username(self) -> str:
        return "test"

    def can(self, perm: str, code: str | None = None) -> bool:
        return True

    def territories(self, perm: str) -> list[str]:
        return [""]


BY = Anybody()


class Acts:
    """One method for each act, with arguments drawn by chance; an act may be refused."""

    def __init__(self, seed: int) -> None:
        self.pick, self.chance = Random(seed), Chance(seed, today())

    def every(self) -> list[Callable[[], None]]:
        return [
            getattr(self, name) for name in sorted(vars(Acts)) if name not in ("every",) and not name.startswith("_")
        ]

    def _some(self, rows):
        """One of the rows; refused where there is none."""
        found = list(rows.order_by("pk").values_list("pk", flat=True))
        if not found:
            raise ValidationError("none")
        return rows.get(pk=self.pick.choice(found))

    def _person(self) -> Person:
        return self._some(Person.objects.filter(appointments__isnull=False).distinct())

    def _of(self, person: Person) -> dict:
        return {"person": person, "version": person.version, "by": BY}

    def _version(self, record) -> dict:
        return {"record": record, "version": record.person.version, "by": BY}

    def _day(self) -> date:
        return self.chance.day(400, 20)

    def _past(self) -> date:
        return min(self._day(), today())

    def _place(self) -> Division:
        return Division.objects.get(pk=self.pick.choice(COMMUNITIES))

    def _post(self) -> dict:
        return {
            "body": self.pick.choice(("party", "committee", "station")),
            "title": self.pick.choice(("职务一", "职务二")),
            "tier": self.pick.choice((1, 2, 3)),
            "grade": self.pick.choice((None, 4, 9)),
            "entry": self.pick.choice(("elected", "hired")),
            "full_time": self.pick.random() < 0.8,
            "managed": self.pick.random() < 0.8,
            "grid_worker": self.pick.random() < 0.3,
        }

    def _fields(self, number: str, birth: date, sex: str) -> dict:
        education, degree = self.pick.choice(WORDS)
        texts = {"ethnicity": "汉族", "political_status": self.pick.choice(("中共党员", "群众", "")), "major": ""}
        return {
            "name": "乙一", "id_number": number, "sex": sex, "birth_date": birth, "education": education,
            "degree": degree, "phone": "10000000002", "hired_on": self._past(), **texts,
        }  # fmt: skip

    def add_worker(self) -> None:
        birth = date(self.pick.choice((1965, 1990, 1991)), 2, 28)
        fields = self._fields(factories.id_number("female", birth), birth, "female")
        post = {**self._post(), "division": self._place(), "valid_from": self._day(), "valid_to": None}
        contract = {"kind": "labour", "party": "某街道", "valid_from": self._day(), "valid_to": None}
        certificate = {"level": "assistant", "number": "", "obtained_on": self._past(), "registered_on": self._past()}
        people.add_worker(person=fields, post=post, contract=contract, certificate=certificate, by=BY)

    def add_post(self) -> None:
        post = {**self._post(), "division": self._place(), "valid_from": self._day(), "valid_to": None}
        people.add_post(**self._of(self._person()), post=post)

    def change_worker(self) -> None:
        post = self._some(Appointment.objects.all())
        one = post.person
        fields = self._fields(
            one.id_number, date(self.pick.choice((1964, 1980, 1999)), 1, 1), self.pick.choice(("male", "female"))
        )
        ends = {"valid_from": post.valid_from, "valid_to": post.valid_to}
        changed = {**self._post(), "division": self._place(), **ends}
        on = self.pick.choice((None, today()))
        people.change_worker(appointment=post, version=one.version, person=fields, post=changed, changed_on=on, by=BY)

    def end_post(self) -> None:
        post = self._some(Appointment.objects.all())
        people.end_post(appointment=post, version=post.person.version, last_day=self._day(), by=BY)

    def take_back_post(self) -> None:
        post = self._some(Appointment.objects.all())
        people.take_back_post(appointment=post, version=post.person.version, by=BY)

    def move_worker(self) -> None:
        person = self._person()
        ends = list(person.appointments.in_force(today()))
        moves.move_worker(
            **self._of(person), ends=ends, division=self._place(), effective_on=today(), post=self._post()
        )

    def leave(self) -> None:
        exits.leave(**self._of(self._person()), last_day=self._past(), reason=self.pick.choice(EXIT_REASONS))

    def end_relations(self) -> None:
        person = self._person()
        relations = [*person.appointments.in_force(today()), *person.contracts.in_force(today())][:2]
        exits.end_relations(**self._of(person), last_day=self._past(), relations=relations)

    def change_exit(self) -> None:
        record = self._some(Exit.objects.all())
        exits.change_exit(**self._version(record), left_on=self._past(), reason=self.pick.choice(EXIT_REASONS))

    def take_back_exit(self) -> None:
        exits.take_back_exit(**self._version(self._some(Exit.objects.all())))

    def add_status(self) -> None:
        kind = self.pick.choice(("seconded", "sick", "institution", "maternity"))
        statuses.add_status(**self._of(self._person()), kind=kind, **self.chance.period(), note="")

    def change_status(self) -> None:
        statuses.change_status(**self._version(self._some(SpecialStatus.objects.all())), **self.chance.period())

    def end_status(self) -> None:
        statuses.end_status(**self._version(self._some(SpecialStatus.objects.all())), last_day=self._day())

    def take_back_status(self) -> None:
        statuses.take_back_status(**self._version(self._some(SpecialStatus.objects.all())))

    def _contract(self) -> dict:
        party = self.pick.choice(("某街道", "某事务所", ""))
        return {"kind": self.pick.choice(("labour", "service")), "number": "", "party": party, **self.chance.period()}

    def add_contract(self) -> None:
        contracts.add_contract(**self._of(self._person()), **self._contract())

    def change_contract(self) -> None:
        contracts.change_contract(**self._version(self._some(Contract.objects.all())), **self._contract())

    def renew_contract(self) -> None:
        record = self._some(Contract.objects.filter(valid_to__isnull=False))
        given = {"kind": record.kind, "number": "", "party": record.party, "valid_to": None}
        contracts.renew_contract(**self._version(record), **given)

    def end_contract(self) -> None:
        contracts.end_contract(**self._version(self._some(Contract.objects.all())), last_day=self._day())

    def take_back_contract(self) -> None:
        contracts.take_back_contract(**self._version(self._some(Contract.objects.all())))

    def add_certificate(self) -> None:
        level = self.pick.choice(("assistant", "social_worker", "senior", "local"))
        certificates.add_certificate(
            **self._of(self._person()), level=level, number="", obtained_on=self._past(), issued_on=None
        )

    def change_certificate(self) -> None:
        record = self._some(Certificate.objects.all())
        level = self.pick.choice(("assistant", "social_worker", "senior", "local"))
        certificates.change_certificate(**self._version(record), level=level, obtained_on=self._past())

    def add_registration(self) -> None:
        record = self._some(Certificate.objects.all())
        given = {"registered_on": self._past(), "until": None, "number": ""}
        certificates.add_registration(certificate=record, version=record.person.version, **given, by=BY)

    def change_registration(self) -> None:
        given = {"registered_on": self._past(), "until": None, "number": ""}
        certificates.change_registration(**self._version(self._some(Registration.objects.all())), **given)

    def set_grade(self) -> None:
        given = {"tier": 3, "grade": self.pick.randint(1, 12), "reason": "years", "evidence": ""}
        grades.set_grade(**self._of(self._person()), valid_from=self._past(), **given)

    def correct_grade(self) -> None:
        record = self._some(GradeRecord.objects.all())
        given = {"tier": 2, "grade": self.pick.randint(1, 12), "valid_from": self._past(), "evidence": ""}
        grades.correct_grade(**self._version(record), **given)

    def take_back_grade(self) -> None:
        grades.take_back_grade(**self._version(self._some(GradeRecord.objects.all())))

    def add_grid(self) -> None:
        given = {"name": f"新网格{self.pick.random()}", "households": 200, "micro_grids": 3, **self.chance.period()}
        grids.add_grid(division=self._place(), by=BY, **given)

    def change_grid(self) -> None:
        grids.change_grid(
            grid=self._some(Grid.objects.all()), by=BY, households=self.pick.randint(0, 500), **self.chance.period()
        )

    def end_grid(self) -> None:
        grids.end_grid(grid=self._some(Grid.objects.all()), last_day=self._day(), by=BY)

    def add_grid_post(self) -> None:
        role = self.pick.choice(("chief", "full_time", "part_time", "instructor"))
        grids.add_grid_post(
            grid=self._some(Grid.objects.all()), **self._of(self._person()), role=role, **self.chance.period()
        )

    def enter_grid_worker(self) -> None:
        birth = date(1993, 3, 3)
        fields = self._fields(factories.id_number("male", birth), birth, "male")
        given = {"role": "full_time", "valid_from": self._day(), "valid_to": None}
        grids.enter_grid_worker(grid=self._some(Grid.objects.all()), person=fields, by=BY, **given)

    def change_grid_post(self) -> None:
        grids.change_grid_post(
            **self._version(self._some(GridPost.objects.all())), role="part_time", **self.chance.period()
        )

    def end_grid_post(self) -> None:
        grids.end_grid_post(**self._version(self._some(GridPost.objects.all())), last_day=self._day())

    def take_back_grid_post(self) -> None:
        grids.take_back_grid_post(**self._version(self._some(GridPost.objects.all())))

    def _term(self) -> dict:
        start = self._past()
        return {
            "elected_on": start,
            "valid_from": start,
            "valid_to": start + timedelta(days=self.pick.choice((90, 400, 1826))),
            "form": "branch",
        }

    def record_term(self) -> None:
        body = self.pick.choice(("party", "committee"))
        committees.record_term(division=self._place(), body=body, **self._term(), by=BY)

    def change_term(self) -> None:
        term = self._some(Term.objects.all())
        committees.change_term(term=term, version=term.version, by=BY, **self._term())

    def set_establishment(self) -> None:
        kind = self.pick.choice(("committee", "staff"))
        given = {"posts": self.pick.randint(0, 9), "starts_on": self._day(), "document": "示例"}
        establishment.set_establishment(division=self._place(), worker_class=kind, by=BY, **given)

    def apply_and_approve(self) -> None:
        given = {"worker_class": "staff", "posts": 3, "starts_on": today(), "reason": "增加"}
        establishment.apply_for_posts(division=self._place(), by=BY, **given)
        row = PostApplication.objects.latest("pk")
        establishment.approve_application(application=row, version=row.version, posts=2, reason="", document="", by=BY)

    def approve_exception(self) -> None:
        post = self._some(Appointment.objects.in_force(today()).filter(full_time=True, quota_exception__isnull=True))
        given = {"starts_on": today(), "reason": "安置", "document": ""}
        establishment.approve_exception(appointment=post, version=post.person.version, by=BY, **given)

    def change_class(self) -> None:
        row = self._some(TrainingClass.objects.all())
        start, level = self._day(), self.pick.choice(("city", "district", "street"))
        training.change_class(
            training_class=row, version=row.version, by=BY, level=level, starts_on=start, ends_on=start
        )

    def enrol_and_mark(self) -> None:
        row = self._some(TrainingClass.objects.all())
        training.enrol(training_class=row, people=[self._person().pk, self._person().pk], by=BY)
        came = self.pick.choice((True, False, None))
        marks = [
            training.Mark(one, came, Decimal(8) if came else None, "")
            for one in Enrolment.objects.filter(training_class=row).values_list("pk", flat=True)[:5]
        ]
        training.mark(training_class=row, marks=marks, by=BY)

    def enter_rule(self) -> None:
        kind, value = self.pick.choice(
            (
                ("staffing.young", {"age": self.pick.randint(25, 45)}),
                ("staffing.counted", {"age_from": 20, "male_until": 60, "female_until": 50, "service_agreement": True}),
                ("certificate.accepted", {"levels": ["assistant"]}),
                (
                    "certificate.deadline",
                    {"months": 12, "starts_on": "2018-01-01", "restart_after_months": 6, "judged_by": "obtained"},
                ),
                ("pay.grade_amounts", {"rows": [{"grade": n, "amount": 100 * n} for n in range(1, 19)]}),
            )
        )
        place = Division.objects.get(pk=self.pick.choice((w.STREET, w.DISTRICT, w.CITY, w.SNOW)))
        rules.enter_rule(
            kind=kind, division=place, valid_from=today(), last_day=None, value=value, document="示例", article="",
            seen=rules.seen_rules(kind, place), by=BY,
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_tallies_are_exact_after_every_act(seed):
    divisions()
    Chance(seed, today()).fill(25)
    recount()
    acts = Acts(seed)
    done: set[str] = set()
    for act in 2 * acts.every() + acts.pick.sample(acts.every(), 20):
        for _attempt in range(4):
            try:
                with transaction.atomic():
                    act()
            except (ValidationError, IntegrityError):  # refused, by a sentence or by the database
                continue
            done.add(act.__name__)
            assert differences() == [], act.__name__
            break
    assert len(done) > 30, sorted({act.__name__ for act in acts.every()} - done)


def test_a_changed_tree_is_counted_anew():
    divisions()
    Chance(1, today()).fill(25)
    recount()
    names = dict(Division.objects.filter(code__startswith="96").exclude(code=w.SNOW).values_list("code", "name"))
    load_divisions(names, under="96", on=today())
    assert not FiguresDay.objects.exists()
    assert roll_figures()
    assert differences() == []
