"""Present and proposed grades of people in post, and the history of one person's grades."""

from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from portal.core.accounts.roles import Perm
from portal.core.policy.kinds import CERTIFICATE_STEPS, EDUCATION_CREDIT, LADDER
from portal.core.policy.queries import RuleInForce
from workforce.enums import GradeReason
from workforce.ladder import (
    Derivation,
    Kept,
    Ladder,
    Line,
    Service,
    certificate_line,
    credited_years,
    full_on,
    full_years,
    propose,
)
from workforce.models import GradeRecord, Person
from workforce.queries.pay_people import Worker, workers
from workforce.queries.pay_rules import PayRules


@dataclass(frozen=True)
class Proposal:
    """What the rules give one person on a day beside what stands on record. `due_since`: when the years were full."""

    worker: Worker
    tier: int
    present: int | None
    recorded_tier: int | None
    derivation: Derivation
    served: Service
    due_since: date | None
    next_on: date | None

    @property
    def grade(self) -> int:
        return self.derivation.grade

    @property
    def difference(self) -> int | None:
        """Grades that the rules give beyond the present one; None where no grade is on record."""
        return None if self.present is None else self.grade - self.present

    @property
    def differs(self) -> bool:
        """Whether something would change: the grade, or the tier that it was given for."""
        return self.present != self.grade or self.recorded_tier not in (None, self.tier)

    @property
    def reason(self) -> str:
        """The reason under which the proposal would go on record, by what speaks for it first."""
        if self.present is None:
            return GradeReason.ENTRY
        if self.recorded_tier not in (None, self.tier):
            return GradeReason.TIER
        last = self.worker.records[-1] if self.worker.records else None
        certified = last and any(one.obtained_on > last.valid_from for one in self.worker.certificates)
        has_line = any(line.what == "certificate" and line.amount for line in self.derivation.lines)
        return GradeReason.CERTIFICATE if certified and has_line else GradeReason.YEARS

    def as_json(self) -> list[dict]:
        """The derivation as it is kept with the grade record."""
        return [asdict(line) for line in self.derivation.lines]


def proposals(
    user, *, under: str, on: date, people: list[UUID] | None = None, perm: Perm = Perm.VIEW_PAY
) -> list[Proposal]:
    """Present and proposed grades of everybody in post under a place on a day, by community and name."""
    rules = PayRules(under, on)
    return [proposal(one, rules, on) for one in workers(user, perm, under=under, on=on, people=people)]


def proposal(worker: Worker, rules: PayRules, on: date) -> Proposal:
    """The grade that the rules of the community where somebody works give on a day."""
    code, tier, record = worker.code, worker.post.tier, worker.record_on(on)
    ladder, schooling, left_out = rules.ladder(code), rules.schooling(code), rules.not_counted(code)
    served, certificate = worker.served(left_out, on), _certificate(worker, rules, on)
    changed = _tier_change(worker, on) if ladder.on_tier_change == "keep" else None
    kept, since_change = _kept(worker, rules, on, *changed) if changed else (None, None)
    found = propose(ladder, tier, served, degree=worker.degree, schooling=schooling, certificate=certificate, kept=kept)
    clock, credit = since_change or served, 0 if kept else credited_years(schooling, worker.degree)
    reached, following = _steps(ladder, tier, clock, credit, found, capped=kept is None)
    days = [full_on(clock, reached), _certified_on(worker, certificate)]
    return Proposal(
        worker,
        tier,
        worker.grade_on(on),
        record.tier if record else None,
        found,
        served,
        max((day for day in days if day), default=None),
        None if found.grade >= ladder.ranges[tier][1] else full_on(clock, following),
    )


def _steps(
    ladder: Ladder, tier: int, clock: Service, credit: int, found: Derivation, *, capped: bool
) -> tuple[int, int]:
    """Counted years that the grade needed, and those of the next step; steps beyond the tier's range need none."""
    low, high = ladder.ranges[tier]
    step, taken = ladder.years_per_step, (clock.years + credit) // ladder.years_per_step
    extra = sum(line.amount or 0 for line in found.lines if line.what in ("schooling", "certificate"))
    needed = max(min(taken, high - low - extra), 0) if capped else taken
    return max(needed * step - credit, 0), (taken + 1) * step - credit


def _certified_on(worker: Worker, line: Line | None) -> date | None:
    """Since when the certificate of the line gives its grades; None where it gives none."""
    if line is None or not line.amount:
        return None
    level = line.facts["level"]
    if line.facts.get("appointed"):
        return max(one.valid_from for one in worker.appointed if one.level == level)
    return next(one.obtained_on for one in worker.certificates if one.level == level)


def _certificate(worker: Worker, rules: PayRules, on: date) -> Line | None:
    return certificate_line(rules.certificate_steps(worker.code), worker.levels(on), worker.appointed_levels(on))


def _tier_change(worker: Worker, on: date) -> tuple[int, date] | None:
    """The last grade of another tier, and the day on which the present tier followed; None without one."""
    last = next((one for one in reversed(worker.records) if one.tier != worker.post.tier), None)
    if last is None:
        return None
    return last.grade, last.valid_to if last.valid_to and last.valid_to <= on else worker.post.valid_from


def _kept(worker: Worker, rules: PayRules, on: date, grade: int, since: date) -> tuple[Kept, Service]:
    """The grade brought from another tier, with the years and certificate grades that came after the change."""
    years, out = full_years(since, on, worker.years_out(rules.not_counted(worker.code), on))
    now, then = _certificate(worker, rules, on), _certificate(worker, rules, since)
    gained = ((now.amount or 0) if now else 0) - ((then.amount or 0) if then else 0)
    return Kept(grade, years, max(gained, 0)), Service(since, years, out)


def rules_used(rules: PayRules, code: str) -> dict[str, RuleInForce]:
    """The rules that a derivation rests on, by key, for their sources."""
    return {kind.key: rules.rule(kind, code) for kind in (LADDER, EDUCATION_CREDIT, CERTIFICATE_STEPS)}


def grade_history(user, person: Person, perm: Perm = Perm.VIEW_ROSTER) -> list[GradeRecord]:
    """The grades of a person, the latest first; records taken back are left out."""
    rows = GradeRecord.objects.for_user(user, perm).filter(person=person).order_by("-valid_from", "-id")
    return [row for row in rows if row.valid_to != row.valid_from]
