"""A roster thrown together by chance in the divisions of the world, with every edge that counting has."""

from datetime import date, timedelta
from random import Random

from portal.core.territory.models import Division
from tests import factories
from tests import world as w

PLACES = (w.SPRING, w.SUMMER, w.AUTUMN, w.UNKNOWN, w.SNOW, w.FAR, w.VILLAGE)
LEVELS = ("assistant", "social_worker", "senior", "local")
EXIT_REASONS = (
    "no_certificate", "failed_assessment", "resignation", "retirement", "transfer_up", "not_reelected", "discipline",
    "death", "contract_ended", "other",
)  # fmt: skip
WORDS = (
    ("", ""), ("高中", ""), ("大专", ""), ("高职", ""), ("大学本科", "学士"), ("大学", ""), ("研究生", "硕士"), ("博士研究生", "博士"), ("", "学士"),
)  # fmt: skip
POLITICS = ("", "群众", "中共党员", "中共预备党员", "共青团员", "民革党员")


class Chance:
    """Makes the roster around the day `on`; the same seed gives the same."""

    def __init__(self, seed: int, on: date) -> None:
        self.pick, self.on = Random(seed), on

    def day(self, before: int = 900, after: int = 60) -> date:
        """A day around the day asked for; that day itself and its neighbours are drawn often."""
        if self.pick.random() < 0.25:
            return self.on + timedelta(days=self.pick.choice((-1, 0, 1)))
        return self.on + timedelta(days=self.pick.randint(-before, after))

    def period(self, **limits: int) -> dict[str, date | None]:
        start = self.day(**limits)
        end = self.pick.choice(
            (None, None, start, start + timedelta(days=self.pick.randint(1, 1200)), self.on, self.on)
        )
        return {"valid_from": start, "valid_to": None if end is None else max(start, end)}

    def fill(self, people: int) -> None:
        self._rules()
        for code in PLACES[:-1]:
            self._community(code)
        classes = [
            factories.training_class(
                "960101", self.day(400, 30), level=self.pick.choice(("city", "district", "street"))
            )
            for _ in range(6)
        ]
        grids = [
            factories.grid(code, f"网格{n}", **self.period(), **self._size()) for code in PLACES[:-1] for n in (1, 2)
        ]
        for number in range(people):
            self._person(number, classes, grids)

    def _size(self) -> dict[str, int | None]:
        return {"households": self.pick.choice((None, 300)), "micro_grids": self.pick.choice((None, 0, 4))}

    def _rules(self) -> None:
        factories.rule("staffing.young", {"age": 40}, w.STREET)
        factories.rule(
            "staffing.counted",
            {"age_from": 18, "male_until": 60, "female_until": 55, "service_agreement": True},
            "9601",
        )
        factories.rule("staffing.excluded_statuses", {"statuses": ["seconded", "sick"]}, w.NEIGHBOUR)
        factories.rule("certificate.accepted", {"levels": ["assistant", "social_worker", "senior"]}, w.SNOW)
        lapses = {"first_months": 12, "years": 3, "window_months": 3, "hours_assistant": 72, "hours_other": 90}
        factories.rule("certificate.registration", {**lapses, "degree_hours": 90, "lapsed_counts": False}, w.STREET)
        amounts = [{"grade": grade, "amount": None if grade == 7 else 2000 + 100 * grade} for grade in range(1, 15)]
        factories.rule("pay.grade_amounts", {"rows": amounts}, "960101")
        posts = [("secretary_chair", 4600), ("deputy", None), ("member", 3400)]
        rows = [{"post": post, "amount": amount, "raise": None} for post, amount in posts]
        factories.rule("pay.post_amounts", {"rows": rows}, w.CITY)
        for code, highest, registered in ((w.STREET, True, True), (w.SNOW, False, False), ("97", True, False)):
            rows = [
                {"level": level, "amount": amount}
                for level, amount in (("assistant", 60), ("social_worker", 120), ("senior", None))
            ]
            value = {"rows": rows, "least": None, "most": None, "highest_only": highest, "registered_only": registered}
            factories.rule("pay.certificate_allowance", value, code)

    def _community(self, code: str) -> None:
        for kind in ("committee", "staff"):
            if self.pick.random() < 0.7:
                factories.establishment(code, kind, self.pick.randint(0, 4), **self._held())
        for body in ("party", "committee"):
            if self.pick.random() < 0.8:
                start = self.day(2000, 30)
                end = start + timedelta(days=self.pick.choice((0, 400, 1500, 1826, (self.on - start).days + 45)))
                factories.term(
                    code,
                    body,
                    elected_on=start,
                    valid_from=start,
                    valid_to=self.pick.choice((None, end, self.on) if start < self.on else (None, end)),
                )

    def _held(self) -> dict[str, date | None]:
        start = self.day()
        return {"valid_from": start, "valid_to": self.pick.choice((None, start + timedelta(days=500), start))}

    def _person(self, number: int, classes: list, grids: list) -> None:
        pick = self.pick
        age = timedelta(days=365 * pick.choice((17, 18, 30, 35, 40, 45, 50, 55, 58, 60, 63)) + pick.randint(-400, 400))
        birth = pick.choice(
            (
                self.on - age,
                date(self.on.year - 36, self.on.month, min(self.on.day, 28)),
                date(1992, 2, 29),
                date(1988, 2, 29),
            )
        )
        education, degree = pick.choice(WORDS)
        hired = pick.choice((None, self.day(4000), self.day(400)))
        person = factories.person(
            f"甲{number}", sex=pick.choice(("male", "female")), birth=birth, hired_on=hired, education=education,
            degree=degree, political_status=pick.choice(POLITICS),
        )  # fmt: skip
        for code in pick.sample(PLACES, pick.choice((0, 1, 1, 1, 2, 3))):
            self._post(person, code)
        self._papers(person)
        if hired is not None and pick.random() < 0.4:
            self._exit(person, hired)
        for held in pick.sample(classes, pick.choice((0, 0, 1, 2))):
            factories.enrolment(held, person, pick.choice(PLACES), attended=pick.choice((True, True, False, None)))
        for grid in pick.sample(grids, pick.choice((0, 0, 0, 1, 2))):
            factories.grid_post(
                person, grid, pick.choice(("chief", "full_time", "part_time", "instructor")), **self.period()
            )

    def _post(self, person, code: str) -> None:
        pick = self.pick
        for body in pick.sample(("party", "committee", "station", "centre"), pick.choice((1, 1, 2))):
            factories.appointment(
                person, code, body=body, title=f"{body}职务", tier=pick.choice((1, 2, 3)), grade=pick.choice((None, 3, 7, 12)),
                entry=pick.choice(("elected", "appointed", "hired")), full_time=pick.random() < 0.85, managed=pick.random() < 0.85,
                grid_worker=pick.random() < 0.3, **self.period(),
            )  # fmt: skip

    def _papers(self, person) -> None:
        pick = self.pick
        if pick.random() < 0.75:
            first = self.period(before=1500)
            kinds = {
                "kind": pick.choice(("labour", "labour", "service")),
                "party_kind": pick.choice(("", "street", "office", "centre", "other")),
            }
            near = first["valid_from"] < self.on and pick.random() < 0.5
            if near:
                first["valid_to"] = self.on + timedelta(days=pick.choice((1, 30, 31, 32, 60, 61, 91, 92, 200)))
            factories.contract(person, **kinds, **first)
            if near and pick.random() < 0.4:
                end = pick.choice((None, first["valid_to"]))
                factories.contract(person, valid_from=first["valid_to"], valid_to=end)
        for level in pick.sample(LEVELS, pick.choice((0, 0, 1, 1, 2))):
            held = factories.certificate(person, level, self.day(1500))
            if level != "local" and pick.random() < 0.5:
                start = held.obtained_on + timedelta(days=pick.randint(0, 500))
                factories.registration(
                    held,
                    start,
                    valid_to=pick.choice(
                        (
                            start + timedelta(days=300),
                            self.on + timedelta(days=1) if start <= self.on else start + timedelta(days=9),
                        )
                    ),
                )
        for kind in pick.sample(("maternity", "sick", "seconded", "institution"), pick.choice((0, 0, 0, 1, 2))):
            factories.status(person, kind, **self.period())
        if pick.random() < 0.4:
            factories.grade(person, pick.choice((2, 7, 14)), **self.period())

    def _exit(self, person, hired: date) -> None:
        left = max(hired, self.day(380, 20))
        Exit = person.exits.model  # noqa: N806
        codes = list(person.appointments.values_list("division_id", flat=True)) or PLACES
        Exit.objects.create(
            person=person, division_id=self.pick.choice((*codes, *PLACES[:1])), left_on=left, reason=self.pick.choice(EXIT_REASONS),
            hired_on=self.pick.choice((hired, None)), taken_back=self.pick.random() < 0.2,
        )  # fmt: skip
        if self.pick.random() < 0.5:
            person.hired_on = left + timedelta(days=self.pick.randint(1, 500))
            person.save()


def divisions() -> None:
    """The divisions of the world, without anybody in them."""
    w.divisions()
    assert Division.objects.filter(code__in=PLACES).count() == len(PLACES)
