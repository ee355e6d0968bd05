"""Service records and stars thrown together by chance in the divisions of the world, with every edge that counting has."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from ratings.enums import ORGANISATIONS, FeatureKind, VisitOutcome
from ratings.models import (
    Deliberation,
    Facility,
    Feature,
    Need,
    PointEntry,
    Premises,
    Project,
    ProjectNeed,
    ServiceRequest,
    Shift,
    StarGrade,
    Visit,
)
from tests import factories
from tests import world as w

PLACES = (w.SPRING, w.SUMMER, w.VILLAGE, w.SNOW, w.FAR)


class Chance:
    """Makes the records around the day `on`; the same seed gives the same."""

    def __init__(self, seed: int, on: date) -> None:
        self.pick, self.on = Random(seed), on
        # Where everybody is visited on the day, whatever else happens.
        self.diligent = {code for code in PLACES if self.pick.random() < 0.3}
        self.users = [factories.user(f"chance{number}") for number in (1, 2)]

    def day(self, before: int = 500, after: int = 40) -> date:
        """A day around the day asked for; that day, its neighbours and the ends of periods are drawn often."""
        edges = (
            self.on, self.on - timedelta(days=1), self.on + timedelta(days=1), date(self.on.year, 1, 1),
            date(self.on.year, 6, 30), date(self.on.year, 7, 1), date(self.on.year - 1, 12, 31), self.on.replace(day=1),
        )  # fmt: skip
        if self.pick.random() < 0.4:
            return self.pick.choice(edges)
        return self.on + timedelta(days=self.pick.randint(-before, after))

    def later(self, start: date, most: int = 60) -> date:
        return start + timedelta(days=self.pick.choice((0, 1, self.pick.randint(0, most))))

    def period(self) -> dict[str, date | None]:
        start = self.day()
        end = self.pick.choice((None, None, None, start, self.on, self.later(start, 400)))
        return {"valid_from": start, "valid_to": None if end is None else max(start, end)}

    def fill(self, rounds: int = 6) -> None:
        self.rules()
        for code in PLACES:
            for number in range(rounds):
                self.some(code, number)

    def rules(self) -> None:
        months = self.pick.choice((None, 1, 3, 6, 12))
        if months:
            factories.rule("service.visits", {"months": months, "percent": 100}, w.CITY)
        if self.pick.random() < 0.7:
            needs = {"needs": self.pick.randint(0, 4), "projects": self.pick.randint(0, 2)}
            factories.rule("service.needs", needs, w.DISTRICT)
        if self.pick.random() < 0.7:
            percents = {"staff_percent": self.pick.choice((30, 50, 67)), "time_percent": 50}
            factories.rule("service.grid_presence", percents, w.CITY)
        if self.pick.random() < 0.5:
            factories.rule("service.organisations", {"kinds": ["mediation", "veterans"]}, w.STREET)

    def some(self, code: str, number: int) -> None:
        """One more record of every sort in a community."""
        for make in (
            self.premises,
            self.request,
            self.need,
            self.facility,
            self.features,
            self.shifts,
            self.deliberation,
        ):
            make(code, number)
        if self.pick.random() < 0.5:
            self.points(code, number)
        if number < 3 and self.pick.random() < 0.8:
            self.star(code, number)

    def premises(self, code: str, number: int) -> None:
        one = Premises.objects.create(
            division_id=code, kind=self.pick.choice(("household", "shop")), label=f"{number}号", **self.period()
        )
        if code in self.diligent:
            Visit.objects.create(division_id=code, premises=one, visited_on=self.on)
        for _ in range(self.pick.randint(0, 3)):
            Visit.objects.create(
                division_id=code, premises=one, visited_on=self.day(200),
                outcome=self.pick.choice(("met", "met", *VisitOutcome.values)), taken_back=self.pick.random() < 0.1,
            )  # fmt: skip

    def request(self, code: str, number: int) -> None:
        received = self.day()
        state = self.pick.choice(("open", "passed", "answered", "answered", "answered", "withdrawn"))
        answered = self.later(received) if state == "answered" else None
        verdict = self.pick.choice(("", "satisfied", "basic", "dissatisfied")) if answered else ""
        ServiceRequest.objects.create(
            division_id=code, kind=self.pick.choice(("appeal", "window", "errand")), channel="visit", title=f"事项{number}",
            received_on=received, due_on=self.later(received), state=state, answered_on=answered, verdict=verdict,
            verdict_on=self.pick.choice((None, self.later(answered))) if verdict else None,
        )  # fmt: skip

    def need(self, code: str, number: int) -> None:
        needs = [
            Need.objects.create(
                division_id=code, title=f"需求{number}", channel=self.pick.choice(("visit", "organisation", "resident")),
                found_on=self.day(), taken_back=self.pick.random() < 0.1,
            )
            for _ in range(self.pick.randint(0, 2))
        ]  # fmt: skip
        state = self.pick.choice(("proposed", "approved", "finished", "dropped"))
        proposed = self.day()
        approved = self.later(proposed) if state in ("approved", "finished") else None
        one = Project.objects.create(
            division_id=code, name=f"项目{number}", proposed_on=proposed, approved_on=approved, state=state,
            finished_on=self.later(approved) if state == "finished" else None,
        )  # fmt: skip
        others = list(Need.objects.filter(division=code))
        for need in {*needs, *self.pick.sample(others, min(len(others), self.pick.randint(0, 2)))}:
            ProjectNeed.objects.create(project=one, need=need)

    def facility(self, code: str, number: int) -> None:
        area = Decimal(self.pick.randint(1, 100_000)) / 100
        public = self.pick.choice((None, Decimal(0), area, (area * 7 / 10).quantize(Decimal("0.01"))))
        Facility.objects.create(
            division_id=code, name=f"设施{number}", kind=self.pick.choice(("centre", "complex", "station")), area=area,
            public_area=public, rated=self.pick.choice(("", "五星级")), **self.period(),
        )  # fmt: skip

    def features(self, code: str, number: int) -> None:
        if number:
            return
        kinds = {*self.pick.sample(FeatureKind.values, self.pick.randint(0, 12))}
        kinds |= {*ORGANISATIONS} if self.pick.random() < 0.4 else set()
        for kind in kinds:
            Feature.objects.create(division_id=code, kind=kind, **self.period())

    def shifts(self, code: str, number: int) -> None:
        person = factories.person(f"某{number}{code[-3:]}")
        for back in self.pick.sample(range(40), 4):
            day = self.on + timedelta(days=2 - back)
            for work in self.pick.sample(("duty", "grid", "visit", "project", "other", "rest"), 2):
                hours = "0" if work == "rest" else self.pick.choice(("0", "2.5", "4", "8"))
                Shift.objects.create(division_id=code, person=person, on=day, work=work, hours=hours)

    def deliberation(self, code: str, number: int) -> None:
        planned = self.day()
        state = self.pick.choice(("planned", "held", "done", "done", "dropped"))
        held = self.later(planned) if state in ("held", "done") else None
        Deliberation.objects.create(
            division_id=code, topic=f"议题{number}", level=self.pick.choice(("big", "small", "micro")), planned_on=planned,
            held_on=held, follow_up_due=self.pick.choice((None, self.later(planned))), state=state,
            followed_up_on=self.later(held) if state == "done" else None,
        )  # fmt: skip

    def points(self, code: str, number: int) -> None:
        household = factories.premises(code, f"积分{number}", valid_from=date(2020, 1, 1))
        rule = factories.point_rule(code, f"行为{number}")
        state = self.pick.choice(("entered", "confirmed", "rejected"))
        PointEntry.objects.create(
            division_id=code, premises=household, rule=rule, points=5, on=self.day(), state=state,
            entered_by=self.users[0], reviewed_by=None if state == "entered" else self.users[1],
        )  # fmt: skip

    def star(self, code: str, number: int) -> None:
        """A grade of one of the last years; some are removed or corrected later."""
        year = self.on.year - 3 + number
        decided = date(year + 1, self.pick.randint(1, 12), self.pick.randint(1, 28))
        versions = self.pick.choice((1, 1, 2))
        for version in range(1, versions + 1):
            StarGrade.objects.create(
                division_id=code, year=year, number=version, unit_kind="community", grade=self.pick.choice((5, 4, 3, 0)),
                change=self.pick.choice(("up", "down", "same", "new")), cause="cycle" if version == 1 else "removal",
                event="" if version == 1 else "事件", decision_number="1号", decided_on=decided, current=version == versions,
                effective_from=self.later(decided), prepared_by=self.users[0], decided_by=self.users[1],
            )  # fmt: skip
            decided = self.later(decided, 90)
