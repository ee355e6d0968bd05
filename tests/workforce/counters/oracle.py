"""The counters of a day, counted slowly in Python from the records: what the SQL is held against."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from portal.core.lib.dated import add_months, in_force
from portal.core.policy.kinds import (
    CERTIFICATES,
    ELIGIBILITY,
    EXCLUDED_STATUSES,
    REGISTRATION,
    YOUNG_AGE,
)
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from workforce import payroll
from workforce.counters.exits import GROUPS
from workforce.ladder import LEVELS, degree_of
from workforce.models import (
    Appointment,
    Enrolment,
    Establishment,
    Exit,
    GradeRecord,
    Grid,
    GridPost,
    Person,
    SpecialStatus,
    Term,
)
from workforce.queries.pay_rules import PayRules

DEGREES = ("college", "bachelor", "master", "doctor")
TIERS = {1: "principal", 2: "deputy", 3: "staff"}


def years(day: date, on: date) -> int:
    """Completed years; who was born on 29 February is a year older on 1 March."""
    return on.year - day.year - ((on.month, on.day) < (day.month, day.day))


class Oracle:
    """Counters by community for the day `on`."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.found: dict[str, Counter] = defaultdict(Counter)
        self.urban = set(Division.objects.filter(level=5, urban=True).values_list("code", flat=True))
        self.people = {one.pk: one for one in Person.objects.all()}
        self.posts = defaultdict(list)
        for post in Appointment.objects.order_by("id"):
            if self._now(post):
                self.posts[post.person_id].append(post)
        self.statuses = defaultdict(set)
        for one in SpecialStatus.objects.all():
            if self._now(one):
                self.statuses[one.person_id].add(one.kind)
        for count in (self._heads, self._committees, self._grids, self._positions, self._exits, self._training):
            count()

    def _now(self, row) -> bool:
        return in_force(row.valid_from, row.valid_to, self.on)

    def _rule(self, kind, code: str):
        return rule_for(kind, code, self.on).value

    def _add(self, code: str, name: str, amount: int = 1) -> None:
        self.found[code][name] += amount

    # Heads ------------------------------------------------------------------------------------------------------------

    def _contract(self, person: Person):
        return next((one for one in person.contracts.all() if self._now(one)), None)

    def _reason(self, post: Appointment, person: Person) -> str | None:
        rule = self._rule(ELIGIBILITY, post.division_id)
        contract = self._contract(person)
        elected = post.entry == "elected" and post.body in ("party", "committee")
        engaged = contract is not None and (contract.kind == "labour" or rule["service_agreement"])
        age = years(person.birth_date, self.on)
        until = rule["male_until"] if person.sex == "male" else rule["female_until"]
        excluded = set(self._rule(EXCLUDED_STATUSES, post.division_id)["statuses"])
        checks = (
            ("village", post.division_id not in self.urban),
            ("part_time", not post.full_time),
            ("not_managed", not post.managed),
            ("no_contract", not elected and not engaged),
            ("age", not rule["age_from"] <= age < until),
            ("status", bool(excluded & self.statuses[person.pk])),
        )
        return next((name for name, failed in checks if failed), None)

    def _heads(self) -> None:
        for key, posts in self.posts.items():
            person = self.people[key]
            judged = [(self._reason(post, person), post) for post in posts]
            reason, main = min(judged, key=lambda one: (one[0] is not None, one[1].tier, one[1].valid_from, one[1].pk))
            self._add(main.division_id, "in_post")
            if reason:
                self._add(main.division_id, f"uncounted_{reason}")
            if reason != "village":
                self._in_community(person, main, posts, reason)

    def _in_community(self, person: Person, main: Appointment, posts: list, reason: str | None) -> None:
        code = main.division_id
        self._add(code, "in_community")
        if self._trained(person):
            self._add(code, "trained_in_post")
        if reason not in ("part_time", "not_managed"):
            self._employed(person, code, posts)
        if reason is None:
            for name, amount in self._facts(person, main, posts).items():
                self._add(code, name, amount)

    def _employed(self, person: Person, code: str, posts: list) -> None:
        self._add(code, "employed")
        contract = self._contract(person)
        if contract is None:
            self._add(code, "contract_none")
            offices = [one for one in posts if one.entry == "elected" and one.body in ("party", "committee")]
            if not any(one.full_time and one.managed and one.division_id in self.urban for one in offices):
                self._add(code, "contract_missing")
            return
        self._add(code, f"contract_{contract.kind}")
        self._add(code, f"employer_{contract.party_kind or 'unknown'}")
        later = [o for o in person.contracts.all() if contract.valid_to and o.valid_from >= contract.valid_to]
        if contract.valid_to and not any(one.valid_to != one.valid_from for one in later):
            left = (contract.valid_to - timedelta(days=1) - self.on).days
            for days in (30, 60, 90):
                if left <= days:
                    self._add(code, f"contract_ends_{days}")

    def _facts(self, person: Person, main: Appointment, posts: list) -> dict[str, int]:
        facts = Counter(workers=1)
        age = years(person.birth_date, self.on)
        young = self._rule(YOUNG_AGE, main.division_id)["age"]
        facts["age_sum"] = age
        facts[
            "young" if age <= young else "aged_to_45" if age <= 45 else "aged_46_55" if age <= 55 else "aged_over_55"
        ] = 1
        facts["women" if person.sex == "female" else "men"] = 1
        facts.update(self._schooling(person))
        facts["politics_known"] = person.political_status != ""
        facts["cpc_members"] = person.political_status in ("中共党员", "中共预备党员")
        facts[f"tier_{TIERS[main.tier]}"] = facts[f"body_{main.body}"] = 1
        facts["grid_workers"] = any(one.grid_worker for one in posts)
        facts.update(self._tenure(person))
        facts.update(self._certified(person, main.division_id))
        facts.update(self._ladder(person, main, posts))
        return facts

    def _schooling(self, person: Person) -> dict[str, int]:
        degree = degree_of(person.education, person.degree)
        if not degree:
            return {"schooling_below": 1, "schooling_known": 1} if person.education else {"schooling_unknown": 1}
        found = {f"schooling_{degree}": 1, "schooling_known": 1, "college_up": 1}
        return found | ({"bachelor_up": 1} if DEGREES.index(degree) > 0 else {})

    def _tenure(self, person: Person) -> dict[str, int]:
        hired = person.hired_on
        if hired is not None and hired > self.on:
            served = [
                one for one in person.exits.all() if not one.taken_back and one.hired_on and one.left_on >= self.on
            ]
            hired = max((one.hired_on for one in served if one.hired_on <= self.on), default=None)
        if hired is None:
            return {"tenure_unknown": 1}
        full = years(hired, self.on)
        band = next(
            name
            for least, name in ((10, "10_up"), (5, "5_10"), (3, "3_5"), (1, "1_3"), (0, "under_1"))
            if full >= least
        )
        found = {f"tenure_{band}": 1, "tenure_known": 1, "tenure_sum": full}
        if add_months(self.on, -12) < hired:
            found["joined_12m"] = 1
        if hired.year == self.on.year:
            found["joined_year"] = 1
        return found

    def _certified(self, person: Person, code: str) -> dict[str, int]:
        accepted = (self._rule(CERTIFICATES, code) or {"levels": LEVELS})["levels"]
        rule = self._rule(REGISTRATION, code)
        held = [
            one.level
            for one in person.certificates.all()
            if one.obtained_on <= self.on
            and one.level in accepted
            and (rule["lapsed_counts"] or not self._lapsed(one, rule))
        ]
        if not held:
            return {"uncertified": 1}
        best = max(held, key=LEVELS.index)
        return {"certified": 1, f"certified_{best}": 1} | ({} if best == "local" else {"certified_national": 1})

    def _lapsed(self, certificate, rule: dict) -> bool:
        known = [one for one in certificate.registrations.all() if one.registered_on <= self.on]
        if known:
            return not any(one.valid_to > self.on for one in known)
        return add_months(certificate.obtained_on, rule["first_months"]) < self.on

    def _ladder(self, person: Person, main: Appointment, posts: list) -> dict[str, int]:
        record = next((one for one in GradeRecord.objects.filter(person=person) if self._now(one)), None)
        grade, tier, found = record.grade if record else main.grade, TIERS[main.tier], {}
        if grade is not None:
            found |= {"graded": 1, f"graded_{tier}": 1, "grade_sum": grade, f"grade_sum_{tier}": grade}
        pay = self._pay(person, main.division_id, grade, posts)
        if pay is not None:
            found |= {"paid": 1, f"paid_{tier}": 1, "pay_sum": pay, f"pay_sum_{tier}": pay}
        return found

    def _pay(self, person: Person, code: str, grade: int | None, posts: list) -> int | None:
        rules = PayRules("", self.on)
        held = [post for post in posts if post.full_time and post.managed]
        offices = [] if "institution" in self.statuses[person.pk] else [payroll.post_of(p.body, p.tier) for p in held]
        levels = [one.level for one in person.certificates.all() if one.obtained_on <= self.on]
        registered = [
            one.certificate.level for one in person.registrations.all() if one.registered_on <= self.on < one.valid_to
        ]
        return payroll.pay_of(
            payroll.grade_part(rules.grade_amounts(code), grade),
            payroll.post_part(rules.post_amounts(code), [one for one in offices if one]),
            payroll.certificate_part(rules.allowance(code), levels, registered),
        ).total

    # Committees and terms ---------------------------------------------------------------------------------------------

    def _committees(self) -> None:
        seats: dict[str, dict] = {code: defaultdict(list) for code in self.urban}
        for key, posts in self.posts.items():
            for post in posts:
                if post.body in ("party", "committee") and post.division_id in self.urban:
                    seats[post.division_id][key].append(post)
        for code, members in seats.items():
            self._led(code, members)
            for key, posts in members.items():
                self._member(code, self.people[key], posts)
        for code in self.urban:
            for body in ("party", "committee"):
                self._term(code, body)

    def _led(self, code: str, members: dict) -> None:
        self._add(code, "communities")
        heads = {
            body: {k for k, p in members.items() if any(o.body == body and o.tier == 1 for o in p)}
            for body in ("party", "committee")
        }
        formed = any(one.body == "committee" for posts in members.values() for one in posts)
        if members:
            self._add(code, "seated")
            self._add(code, "without_secretary", int(not heads["party"]))
            self._add(code, "without_chair", int(not heads["committee"]))
        if formed:
            self._add(code, "formed")
            both = heads["party"] & heads["committee"]
            self._add(code, "one_shoulder", int(bool(both)))
            self._add(code, "apart", int(bool(heads["party"] and heads["committee"] and not both)))

    def _member(self, code: str, person: Person, posts: list) -> None:
        bodies = {one.body for one in posts}
        heads = {one.body for one in posts if one.tier == 1}
        age = years(person.birth_date, self.on)
        known = bool(person.education or person.degree and degree_of("", person.degree))
        facts = {
            "women": person.sex == "female",
            "young": age <= self._rule(YOUNG_AGE, code)["age"],
            "college": bool(degree_of(person.education, person.degree)),
            "schooling_known": known,
            "age_sum": age,
        }
        names = {
            "": 1,
            "_party": "party" in bodies,
            "_committee": "committee" in bodies,
            "_both": len(bodies) == 2,
            "_party_only": bodies == {"party"},
            "_committee_only": bodies == {"committee"},
            "_full_time": any(one.full_time for one in posts),
            "_cpc": person.political_status in ("中共党员", "中共预备党员"),
            **{f"_{name}": value for name, value in facts.items()},
        }
        for name, value in names.items():
            self._add(code, f"members{name}", int(value))
        if "party" in heads:
            self._add(code, "secretaries")
            for name, value in facts.items():
                self._add(code, f"secretaries_{name}", int(value))
        if "committee" in heads:
            self._add(code, "chairs")
            self._add(code, "chairs_women", int(person.sex == "female"))

    def _term(self, code: str, body: str) -> None:
        begun = [
            t
            for t in Term.objects.filter(division=code, body=body, valid_from__lte=self.on)
            if t.valid_to != t.valid_from
        ]
        if begun:
            due = max(begun, key=lambda one: one.valid_from).valid_to
            self._add(code, "terms")
            self._add(code, "terms_ended", int(due is not None and due <= self.on))
            self._add(code, "terms_due_90", int(due is not None and self.on < due <= self.on + timedelta(days=90)))

    # Grids, positions, exits, training --------------------------------------------------------------------------------

    def _grids(self) -> None:
        posts = [one for one in GridPost.objects.select_related("grid") if self._now(one)]
        for grid in filter(self._now, Grid.objects.all()):
            roles = {one.role for one in posts if one.grid_id == grid.pk}
            self._add(grid.division_id, "grids")
            self._add(grid.division_id, "micro_grids", grid.micro_grids or 0)
            self._add(grid.division_id, "grid_households", grid.households or 0)
            for name, role in (("chief", "chief"), ("full_time", "full_time"), ("instructor", "instructor")):
                self._add(grid.division_id, f"grids_without_{name}", int(role not in roles))
        team = defaultdict(set)
        for one in posts:
            if self._now(one.grid):
                team[one.division_id, one.person_id].add(one.role)
        plural = {"chief": "chiefs", "full_time": "full_time", "part_time": "part_time", "instructor": "instructors"}
        for (code, key), roles in team.items():
            self._add(code, "grid_people")
            self._add(code, "grid_doubling", int(bool(self.posts.get(key))))
            for role in roles:
                self._add(code, f"grid_{plural[role]}")

    def _positions(self) -> None:
        for one in filter(self._now, Establishment.objects.all()):
            bodies = ("party", "committee") if one.worker_class == "committee" else ("station", "centre")
            taken = sum(
                any(p.division_id == one.division_id and p.body in bodies and p.full_time and p.managed for p in posts)
                for posts in self.posts.values()
            )
            self._add(one.division_id, f"posts_recorded_{one.worker_class}")
            sums = {"established": one.posts, "taken": taken}
            sums |= {"vacant": max(one.posts - taken, 0), "over": max(taken - one.posts, 0)}
            for name, value in sums.items():
                self._add(one.division_id, f"posts_{name}", value)
                self._add(one.division_id, f"posts_{name}_{one.worker_class}", value)

    def _exits(self) -> None:
        group = {reason: name for name, _label, reasons in GROUPS for reason in reasons}
        begin = add_months(self.on, -12)
        for one in Exit.objects.filter(taken_back=False, left_on__lte=self.on, left_on__gt=begin):
            posts = Appointment.objects.filter(
                person=one.person_id,
                division=one.division_id,
                full_time=True,
                managed=True,
                valid_from__lte=one.left_on,
            )
            if one.division_id not in self.urban or not any(p.valid_to != p.valid_from for p in posts):
                continue
            self._add(one.division_id, "exits_12m")
            self._add(one.division_id, f"exits_12m_{group[one.reason]}")
            self._add(
                one.division_id, "exits_12m_new", int(one.hired_on is not None and begin < one.hired_on <= self.on)
            )
            if one.left_on.year == self.on.year:
                self._add(one.division_id, "exits_year")
                self._add(one.division_id, f"exits_year_{group[one.reason]}")

    def _attended(self) -> list[Enrolment]:
        rows = Enrolment.objects.filter(
            attended=True, training_class__starts_on__year=self.on.year, training_class__starts_on__lte=self.on
        )
        return list(rows.select_related("training_class"))

    def _trained(self, person: Person) -> bool:
        return any(one.person_id == person.pk for one in self._attended())

    def _training(self) -> None:
        mine = defaultdict(list)
        for one in self._attended():
            self._add(one.division_id, "training_times")
            self._add(one.division_id, f"training_times_{one.training_class.level}")
            mine[one.person_id].append(one)
        for rows in mine.values():
            code = max(rows, key=lambda one: (one.training_class.starts_on, one.pk)).division_id
            self._add(code, "trained")
            for level in {one.training_class.level for one in rows}:
                self._add(code, f"trained_{level}")
