"""A slow forecast: one person after the other, with nothing of the portal's SQL. And people made at random for it."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.core.lib.dated import add_months, add_years
from tests import factories
from tests import world as w
from workforce.forecast import RetirementRule, leaving_day, retirement_date
from workforce.models import Appointment, Certificate, Contract, Exit, Person, SpecialStatus

PLACES = (w.SPRING, w.SUMMER, w.VILLAGE, w.AUTUMN, w.UNKNOWN, w.SAME_NAME, w.SNOW, w.FAR)
COUNTED_AGES = {"male": 63, "female": 58}


def people_at_random(seed: int, on: date, count: int = 60) -> None:
    """People of all sorts: posts that ended, begin or overlap, contracts with and without another one, exits."""
    chance = random.Random(seed)
    for number in range(count):
        sex = chance.choice(["male", "female"])
        birth = on - timedelta(days=chance.randint(365 * 20, 365 * 64))
        if chance.random() < 0.1:
            birth = date(birth.year - birth.year % 4, 2, 29)
        person = factories.person(f"随机{number}", number=f"999999R{seed:03}{number:05}", sex=sex, birth=birth)
        for post in range(chance.choice([1, 1, 1, 2])):
            _post(chance, person, on, post)
        _contracts(chance, person, on)
        for level in chance.sample(["assistant", "social_worker", "local"], chance.choice([0, 0, 1, 1, 2])):
            factories.certificate(person, level, on - timedelta(days=chance.randint(-60, 900)))
        if chance.random() < 0.1:
            factories.status(person, chance.choice(["seconded", "maternity"]), valid_from=_day(chance, on))
        if chance.random() < 0.3:
            Exit.objects.create(
                person=person, division_id=w.SPRING, left_on=_day(chance, on), taken_back=chance.random() < 0.3,
                reason=chance.choice(["retirement", "resignation"]),
            )  # fmt: skip


def _day(chance: random.Random, on: date) -> date:
    return on + timedelta(days=chance.randint(-700, 200))


def _period(chance: random.Random, on: date, *, open_ended: float) -> tuple[date, date | None]:
    start = _day(chance, on) - timedelta(days=200)
    if chance.random() < open_ended:
        return start, None
    return start, start + timedelta(days=chance.randint(0, 1200))


def _post(chance: random.Random, person: Person, on: date, number: int) -> None:
    start, end = _period(chance, on, open_ended=0.6)
    factories.appointment(
        person, chance.choice(PLACES), title=f"岗位{number}", tier=chance.choice([1, 2, 3, 3, 3]),
        body=chance.choice(["station", "station", "party", "committee"]), entry=chance.choice(["hired", "hired", "elected"]),
        full_time=chance.random() < 0.9, managed=chance.random() < 0.95, valid_from=start, valid_to=end,
    )  # fmt: skip


def _contracts(chance: random.Random, person: Person, on: date) -> None:
    start = _day(chance, on) - timedelta(days=300)
    for _number in range(chance.choice([0, 1, 1, 2, 3])):
        end = None if chance.random() < 0.2 else start + timedelta(days=chance.randint(0, 900))
        factories.contract(
            person, kind=chance.choice(["labour", "labour", "labour", "service"]), valid_from=start, valid_to=end,
            party_kind=chance.choice(["", "street", "office"]),
        )  # fmt: skip
        if end is None:
            return
        start = end + timedelta(days=chance.choice([0, 0, 30]))


@dataclass
class Head:
    """Where somebody in post is counted on a day, or why not."""

    code: str
    tier: int
    counted: bool
    certified: bool


def _in_force(row, on: date) -> bool:
    return row.valid_from <= on and (row.valid_to is None or on < row.valid_to)


@dataclass
class Slow:
    """Everything on record, in lists; `rule` the retirement ages, None where none are set."""

    rule: RetirementRule | None
    ages: dict[str, int] = field(default_factory=lambda: COUNTED_AGES)
    people: list[Person] = field(default_factory=lambda: list(Person.objects.all()))
    posts: list[Appointment] = field(default_factory=lambda: list(Appointment.objects.select_related("division")))
    contracts: list[Contract] = field(default_factory=lambda: list(Contract.objects.all()))
    certificates: list[Certificate] = field(default_factory=lambda: list(Certificate.objects.all()))
    statuses: list[SpecialStatus] = field(default_factory=lambda: list(SpecialStatus.objects.all()))
    exits: list[Exit] = field(default_factory=lambda: list(Exit.objects.filter(taken_back=False)))

    def posts_on(self, person: Person, on: date) -> list[Appointment]:
        return [post for post in self.posts if post.person_id == person.pk and _in_force(post, on)]

    def head(self, person: Person, on: date) -> Head | None:
        """Where the person stands on a day; None without a post."""
        found = sorted(
            (not self._counts(person, post, on), post.tier, post.valid_from, post.pk, post.division_id)
            for post in self.posts_on(person, on)
        )
        if not found:
            return None
        out, tier, _since, _key, code = found[0]
        certified = any(c.person_id == person.pk and c.obtained_on <= on for c in self.certificates)
        return Head(code, tier, not out, certified)

    def _counts(self, person: Person, post: Appointment, on: date) -> bool:
        labour = any(c.person_id == person.pk and c.kind == "labour" and _in_force(c, on) for c in self.contracts)
        elected = post.entry == "elected" and post.body in ("party", "committee")
        of_age = add_years(on, -self.ages[person.sex]) < person.birth_date <= add_years(on, -16)
        away = any(s.person_id == person.pk and s.kind == "seconded" and _in_force(s, on) for s in self.statuses)
        return post.division.urban and post.full_time and post.managed and (elected or labour) and of_age and not away

    def heads(self, code: str, on: date) -> dict:
        """The heads under a division by person."""
        found = {person: self.head(person, on) for person in self.people}
        return {p: head for p, head in found.items() if head and head.counted and head.code.startswith(code)}

    def counted_until(self, person: Person) -> date:
        return add_years(person.birth_date, self.ages[person.sex])

    def retires_on(self, person: Person, tier: int) -> date:
        if self.rule is None:
            return self.counted_until(person)
        return retirement_date(person.birth_date, person.sex, self.rule, tier)

    def leaves_on(self, person: Person, head: Head, on: date) -> date:
        return leaving_day(self.retires_on(person, head.tier), self.counted_until(person), on)

    def gone(self, code: str, on: date) -> dict[Person, bool]:
        """Heads of a year before without any post now, and whether by age."""
        before = add_months(on, -12)
        found = {}
        for person, head in self.heads(code, before).items():
            if not self.posts_on(person, on):
                by_age = self.retires_on(person, head.tier) <= on or self.counted_until(person) <= on
                retired = any(
                    x.person_id == person.pk and x.reason == "retirement" and before < x.left_on <= on
                    for x in self.exits
                )
                found[person] = by_age or retired
        return found

    def joined(self, code: str, on: date) -> set[Person]:
        return {person for person in self.heads(code, on) if not self.posts_on(person, add_months(on, -12))}

    def gained(self, code: str, on: date) -> set[Person]:
        then = {person for person, head in self.heads(code, add_months(on, -12)).items() if head.certified}
        return {person for person, head in self.heads(code, on).items() if head.certified} - then

    def contracts_ending(self, code: str, on: date, since: date, until: date) -> Counter:
        """Last contracts of everybody in post under a division that end from `since` to `until`, by kind of party."""
        found: Counter = Counter()
        for person in self.people:
            head = self.head(person, on)
            real = [c for c in self.contracts if c.person_id == person.pk and c.valid_to != c.valid_from]
            last = max(real, key=lambda c: c.valid_from, default=None)
            ends = None if last is None or last.valid_to is None else last.valid_to - timedelta(days=1)
            if head and head.code.startswith(code) and ends is not None and since <= ends <= until:
                found[last.party_kind] += 1
        return found
