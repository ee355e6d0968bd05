"""The invented roster: who works in a community, in which posts, under which contract, with which certificate."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from portal.core.lib.dated import add_months, add_years
from portal.demo.names import People
from portal.demo.plan import Community

YEAR = 365
LEAVING_REASONS = ("辞职", "退休", "换届未连任", "考核不合格", "考录、选聘到机关事业单位或国有企业", "合同期满")
# (body, title, tier, entry, lowest grade): what a community fills first to last; all others work at the station.
HEAD = (("party", "社区党组织书记", 1, "elected", 7), ("committee", "居委会主任", 1, "elected", 7))
VICE_CHAIR = ("committee", "专职副主任", 2, "elected", 4)
COMMITTEE_MEMBER = ("committee", "委员", 3, "elected", 1)
PARTY_MEMBER = ("party", "委员", 3, "elected", 1)
POSTS: tuple[tuple[tuple, ...], ...] = (
    (("party", "专职副书记", 2, "elected", 4),),
    (VICE_CHAIR, PARTY_MEMBER),
    (COMMITTEE_MEMBER, PARTY_MEMBER),
    (VICE_CHAIR,),
    (COMMITTEE_MEMBER, PARTY_MEMBER),
)
REELECTED = 0.7  # share of those elected now and in service then who sat in the term before too
STATION = ("station", "工作人员", 3, "hired", 1)
VILLAGE_HEAD = ("party", "村党组织书记", 1, "elected", 7)
# Why somebody in post is not counted, and how often.
UNCOUNTED = (("part_time", 40), ("not_managed", 20), ("no_contract", 15), ("service", 12), ("lapsed", 8), ("age", 5))
GRADE_OVERDUE = 0.03  # share of people whose last step in the pay ladder was forgotten
# Share of people with a certificate: of those past the two-year deadline, of newcomers, of those not counted.
CERTIFIED, CERTIFIED_NEW, CERTIFIED_OTHERS = 0.985, 0.4, 0.3
# Share of the staff of stations who are near retirement, and the years of age between which they are.
NEAR_RETIREMENT, LAST_YEARS = 0.05, (51, 55)
LEVELS = (("assistant", 62), ("social_worker", 25), ("local", 12), ("senior", 1))
EDUCATION = ((("本科", "学士"), 66), (("大专", ""), 26), (("研究生", "硕士"), 4), (("高中", ""), 4))
MAJORS = (
    "社会工作",
    "行政管理",
    "汉语言文学",
    "法学",
    "会计学",
    "计算机应用",
    "公共事业管理",
    "心理学",
    "思想政治教育",
)


@dataclass
class Worker:
    """One invented person with everything the roster holds of them; tuples are rows without their person."""

    id: uuid.UUID
    name: str
    number: str
    sex: str
    birth: date
    details: tuple[str, ...]  # ethnicity, political status, education, degree, major
    phone: str
    hired_on: date
    left_on: date | None = None
    leaving_reason: str = ""
    posts: list[tuple] = field(default_factory=list)
    contracts: list[tuple] = field(default_factory=list)
    certificates: list[tuple] = field(default_factory=list)


class Roster:
    """Makes the people of one community after another; the same plan and day give the same people."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.term_start = date(day.year - 3, 3, 1)
        self.random = Random("roster")
        self.people = People(self.random)
        self.chance = Random("term before")
        self.ageing = Random("ageing")

    def community(self, community: Community, employer: str) -> Iterator[Worker]:
        """Everybody of one residents' committee: counted, in post but not counted, and those who have left."""
        counted = [self._counted(place, community.code, employer) for place in range(community.workers)]
        self._seat_before(counted, community.code)
        yield from counted
        if self.random.random() < 0.6:
            yield self._uncounted(community.code, employer)
        if self.random.random() < 0.45:
            yield self._leaver(community.code, employer)

    def village(self, code: str) -> Iterator[Worker]:
        """The Party secretary of a village: in post, and never counted."""
        worker = self._person(30, 55)
        self._appoint(worker, code, [VILLAGE_HEAD])
        yield worker

    def _counted(self, place: int, code: str, employer: str) -> Worker:
        if place == 0:
            worker, posts = self._person(32, 52), HEAD
        elif place <= len(POSTS):
            worker, posts = self._person(27, 52), POSTS[place - 1]
        else:
            years = LAST_YEARS if self.ageing.random() < NEAR_RETIREMENT else (22, 50)
            worker, posts = self._person(*years), (STATION,)
        self._appoint(worker, code, posts)
        self._employ(worker, employer)
        self._certify(worker, CERTIFIED if self._served(worker) >= 2 else CERTIFIED_NEW)
        return worker

    def _seat_before(self, workers: list[Worker], code: str) -> None:
        """The committees of the term before, from people in service then: a head where today's is new, and members."""
        headless = bool(workers) and workers[0].posts[0][9] >= self.term_start
        for worker in workers[1:]:
            if worker.hired_on >= add_months(self.term_start, -6):
                continue
            seats = HEAD if headless else self._seats_before(worker)
            headless = False
            start = max(worker.hired_on, add_years(self.term_start, -5))
            for body, title, tier, entry, grade in seats:
                worker.posts.append((code, body, title, tier, grade, entry, True, True, False, start, self.term_start))

    def _seats_before(self, worker: Worker) -> list[tuple]:
        """The seats that somebody was elected to again, or that a worker of the station once had."""
        held = [(body, title, tier, entry, grade) for _, body, title, tier, grade, entry, *_ in worker.posts]
        if held[0][3] == "elected":
            return held if self.chance.random() < REELECTED else []
        return [COMMITTEE_MEMBER, PARTY_MEMBER][: self.chance.choice((0, 0, 1, 2))]

    def _uncounted(self, code: str, employer: str) -> Worker:
        reason = self._one_of(UNCOUNTED)
        worker = self._person(64, 68) if reason == "age" else self._person(24, 50)
        post = ("committee", "委员", 3, "elected", 1) if reason == "part_time" else STATION
        self._appoint(worker, code, [post], full_time=reason != "part_time", managed=reason != "not_managed")
        if reason == "service":
            worker.contracts.append(("service", employer, "office", worker.hired_on, None))
        elif reason == "lapsed":
            lapsed = self.day - timedelta(days=self._days(10, 200))
            if worker.hired_on < lapsed:
                worker.contracts.append(("labour", employer, "office", worker.hired_on, lapsed))
        elif reason != "no_contract":
            self._employ(worker, employer)
        return worker

    def _leaver(self, code: str, employer: str) -> Worker:
        worker = self._person(28, 56, longest=9, shortest=3)
        worker.left_on = self.day - timedelta(days=self._days(5, 2 * YEAR))
        worker.leaving_reason = self.random.choice(LEAVING_REASONS)
        until = worker.left_on + timedelta(days=1)
        self._appoint(worker, code, [STATION], until=until)
        worker.contracts.append(("labour", employer, "office", worker.hired_on, until))
        self._certify(worker, CERTIFIED_OTHERS)
        return worker

    def _person(self, youngest: int, oldest: int, *, longest: int = 14, shortest: int = 0) -> Worker:
        """Somebody of that age today, in service for `shortest` to `longest` years."""
        pick = self.random
        age_days = self._days(youngest * YEAR + 20, oldest * YEAR + 300)
        birth = self.day - timedelta(days=age_days)
        served = self._days(shortest * YEAR, min(longest * YEAR, max(shortest * YEAR + 1, age_days - 21 * YEAR)))
        sex = "female" if pick.random() < 0.72 else "male"
        education, degree = self._one_of(EDUCATION)
        young = age_days < 28 * YEAR
        politics = ((("共青团员" if young else "中共党员"), 60), ("群众", 30), ("中共预备党员", 4))
        ethnicity = self._one_of((("汉族", 95), ("回族", 3), ("满族", 1), ("蒙古族", 1)))
        return Worker(
            id=uuid.UUID(int=pick.getrandbits(128), version=4),
            name=self.people.name(),
            number=self.people.id_number(birth, sex),
            sex=sex,
            birth=birth,
            details=(ethnicity, self._one_of(politics), education, degree, pick.choice(MAJORS)),
            phone=self.people.phone(),
            hired_on=self.day - timedelta(days=served),
        )

    def _appoint(
        self, worker: Worker, code: str, posts, *, until: date | None = None, full_time=True, managed=True
    ) -> None:
        steps = self._served(worker) // 3
        if steps and self.random.random() < GRADE_OVERDUE:
            steps -= 1
        grade = posts[0][4] + steps
        # Some heads have held their office since the term before the last.
        begun = add_years(self.term_start, -8) if posts == HEAD and self.random.random() < 0.5 else self.term_start
        for body, title, tier, entry, _lowest in posts:
            start = max(worker.hired_on, begun) if entry == "elected" else worker.hired_on
            grid = body == "station" and self.random.random() < 0.15
            post = (code, body, title, tier, grade, entry, full_time, managed, grid, start, until)
            worker.posts.append(post)

    def _employ(self, worker: Worker, employer: str) -> None:
        """Three-year labour contracts, each following the one before; only the last two are kept."""
        start = worker.hired_on
        while add_years(start, 3) <= self.day:
            start = add_years(start, 3)
        before = add_months(start, -36)
        if before >= worker.hired_on:
            worker.contracts.append(("labour", employer, "office", before, start))
        worker.contracts.append(("labour", employer, "office", start, add_years(start, 3)))

    def _certify(self, worker: Worker, share: float) -> None:
        """A certificate from one of the yearly examinations, mostly within two years of entry; results come in August."""
        if self.random.random() >= share:
            return
        latest = (worker.left_on or self.day) - timedelta(days=120)
        first = max(worker.birth.year + 22, worker.hired_on.year - 4)
        last = max(first, min(latest.year, add_years(worker.hired_on, 2).year - 1))
        obtained = date(self._days(first, last), 8, 10)
        while obtained > latest:
            obtained = obtained.replace(year=obtained.year - 1)
        serial = f"演示{obtained.year}{self.random.randrange(10**6):06d}"
        worker.certificates.append((self._one_of(LEVELS), serial, obtained))

    def _served(self, worker: Worker) -> int:
        return (self.day - worker.hired_on).days // YEAR

    def _days(self, least: int, most: int) -> int:
        return self.random.randint(least, most)

    def _one_of(self, weighted):
        return self.random.choices([item for item, _ in weighted], [weight for _, weight in weighted])[0]
