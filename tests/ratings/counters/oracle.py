"""The counters of service records counted slowly, row by row in Python, by the pure rules of `ratings.norms`."""

from collections import Counter, defaultdict
from datetime import date

from portal.core.policy.kinds import GRID_PRESENCE, NEEDS, ORGANISATIONS, VISITS
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from ratings import norms
from ratings.enums import ORGANISATIONS as SIX
from ratings.models import (
    Deliberation,
    Facility,
    Feature,
    Need,
    PointEntry,
    Premises,
    Project,
    ServiceRequest,
    Shift,
    StarGrade,
)

GRADES = {5: "five", 4: "four", 3: "three", 0: "none"}


class Oracle:
    """`found` holds the counters that are not 0, by community."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.found: dict[str, Counter[str]] = defaultdict(Counter)
        for unit in Division.objects.filter(level=5):
            self._unit(unit)

    def _now(self, row) -> bool:
        return row.valid_from <= self.on and (row.valid_to is None or row.valid_to > self.on)

    def _this_year(self, day: date | None) -> bool:
        return day is not None and day.year == self.on.year and day <= self.on

    def _rule(self, kind) -> dict | None:
        return rule_for(kind, self.code, self.on).value

    def _add(self, *names: str, amount: int = 1) -> None:
        for name in names:
            self.found[self.code][name] += amount

    def _unit(self, unit: Division) -> None:
        self.code, self.urban = unit.code, unit.urban
        self._add("units", "communities" if unit.urban else "villages")
        self._visits()
        self._requests()
        self._needs()
        self._facilities()
        self._features()
        self._shifts()
        self._deliberations()
        self._stars()

    def _visits(self) -> None:
        months = (self._rule(VISITS) or {"months": norms.HALF_YEAR})["months"]
        shares = {}
        for kind in ("household", "shop"):
            rows = [one for one in Premises.objects.filter(division=self.code, kind=kind) if self._now(one)]
            seen = [
                norms.Premises(one.valid_from, one.valid_to, tuple(
                    visit.visited_on for visit in one.visits.all() if visit.outcome == "met" and not visit.taken_back))
                for one in rows
            ]  # fmt: skip
            shares[kind] = norms.visit_coverage(seen, self.on, months)
            self._add("premises", f"{kind}s", amount=len(rows))
            self._add(f"{kind}s_due", amount=shares[kind].whole)
            self._add(f"{kind}s_visited", amount=shares[kind].part)
        due = [share for share in shares.values() if share.whole]
        if due:
            self._add("visits_units")
            self._add("visits_met", amount=int(all(share.reaches(100) for share in due)))

    def _requests(self) -> None:
        for one in ServiceRequest.objects.filter(division=self.code).exclude(state="withdrawn"):
            if not self._this_year(one.received_on):
                continue
            self._add("requests", f"requests_{one.kind}")
            if one.state == "answered" and one.answered_on <= self.on:
                self._add("requests_answered", "requests_judged")
                self._add("requests_on_time", amount=int(one.answered_on <= one.due_on))
                if one.verdict and (one.verdict_on is None or one.verdict_on <= self.on):
                    self._add("requests_rated")
                    self._add("requests_satisfied", amount=int(one.verdict != "dissatisfied"))
            elif one.due_on < self.on:
                self._add("requests_judged", "requests_overdue")

    def _needs(self) -> None:
        needs = [
            one for one in Need.objects.filter(division=self.code, taken_back=False) if self._this_year(one.found_on)
        ]
        projects = Project.objects.prefetch_related("needs")
        approved = [one for one in projects if one.state in ("approved", "finished") and one.approved_on <= self.on]
        turned = norms.converted({one.pk for one in needs}, [{need.pk for need in one.needs.all()} for one in approved])
        self._add("needs_found", amount=len(needs))
        self._add("needs_converted", amount=turned)
        for one in needs:
            self._add(f"needs_{one.channel}")
        if self.urban or needs:
            self._add("needs_units")
            if rule := self._rule(NEEDS):
                self._add("needs_ruled")
                self._add("needs_met", amount=int(norms.needs_met(len(needs), turned, rule["needs"], rule["projects"])))
        for one in projects:
            if one.division_id == self.code and self._this_year(one.proposed_on):
                self._add("projects")
                self._add("projects_approved", amount=int(one in approved))
                self._add("projects_finished", amount=int(one.state == "finished" and one.finished_on <= self.on))

    def _facilities(self) -> None:
        for one in Facility.objects.filter(division=self.code):
            if not self._now(one):
                continue
            self._add("facilities")
            self._add("facility_area", amount=int(one.area * 100))
            if one.public_area is not None:
                self._add("facility_area_split", amount=int(one.area * 100))
                self._add("public_area", amount=int(one.public_area * 100))
            if one.kind == "complex":
                self._add("complexes")
                self._add("complexes_rated", amount=int(bool(one.rated)))

    def _features(self) -> None:
        held = {one.kind for one in Feature.objects.filter(division=self.code) if self._now(one)}
        asked = (self._rule(ORGANISATIONS) or {"kinds": SIX})["kinds"]
        self._add("organisations_complete", amount=int({*map(str, asked)} <= held))
        self._add("all_post", amount=int(self.urban and "all_post" in held))
        self._add("two_halls", amount=int(self.urban and {"online_hall", "parlour"} <= held))
        for name, kind in (("pilots", "pilot"), ("demonstrations", "demonstration"), ("beautiful", "beautiful")):
            self._add(name, amount=int(kind in held))
        points = PointEntry.objects.filter(division=self.code, state="confirmed")
        used = any(self._this_year(one.on) for one in points)
        self._add("points_used", amount=int(used))
        self._add("points_villages", amount=int(used and not self.urban))

    def _shifts(self) -> None:
        names = {"visit": "visit_hours", "duty": "duty_hours", "grid": "patrol_hours", "project": "project_hours"}
        works: dict[tuple, set[str]] = defaultdict(set)
        for one in Shift.objects.filter(division=self.code, hours__gt=0):
            if (one.on.year, one.on.month) != (self.on.year, self.on.month) or one.on > self.on:
                continue
            self._add("worked_hours", amount=int(one.hours * 10))
            if one.work in names:
                self._add(names[one.work], amount=int(one.hours * 10))
            works[one.on, one.person_id].add(one.work)
        days: dict[date, list[bool]] = defaultdict(list)
        for (day, _person), done in works.items():
            days[day].append(bool(done & {"grid", "visit"}))
        self._add("roster_days", amount=len(works))
        self._add("grid_days", amount=sum(map(sum, days.values())))
        if rule := self._rule(GRID_PRESENCE):
            met = sum(norms.presence_met(sum(out), len(out), rule["staff_percent"]) for out in days.values())
            self._add("presence_days", amount=len(days))
            self._add("presence_days_met", amount=met)

    def _deliberations(self) -> None:
        for one in Deliberation.objects.filter(division=self.code, state__in=("held", "done")):
            if not self._this_year(one.held_on):
                continue
            self._add("deliberations", f"deliberations_{one.level}")
            if one.state == "done" and one.followed_up_on <= self.on:
                self._add("deliberations_done", "deliberations_judged")
                in_time = one.follow_up_due is None or one.followed_up_on <= one.follow_up_due
                self._add("deliberations_on_time", amount=int(in_time))
            elif one.follow_up_due and one.follow_up_due < self.on:
                self._add("deliberations_judged", "deliberations_overdue")

    def _stars(self) -> None:
        grades = [
            one for one in StarGrade.objects.filter(division=self.code)
            if one.decided_on <= self.on and one.effective_from <= self.on and one.year >= self.on.year - 2
        ]  # fmt: skip
        if grades:
            one = max(grades, key=lambda grade: (grade.year, grade.number))
            self._add("stars", f"star_{GRADES[one.grade]}", f"star_{one.change}")
