"""Pay grades of the three post tiers 三岗十八级: the grade that the rules give a person, line by line (domain §1.C1, §2.5).

    grade = lowest of the tier + whole steps of counted years + schooling + certificate, held within the tier's range

Ranges, step length and credits are rules of a place and come as parameters. The amounts of a derivation's lines always
add up to its grade; words are made by the page that shows them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Literal

from portal.core.lib.dated import add_years

What = Literal["lowest", "kept", "years", "schooling", "certificate", "raised", "capped"]
Facts = Mapping[str, int | str | bool | tuple[int, ...]]
Period = tuple[date, date | None]

# Keys of the rules that the lines of a derivation rest on.
LADDER, SCHOOLING, CERTIFICATE = "pay.ladder", "pay.education_credit", "pay.certificate_steps"
# Lowest first: of several certificates the highest one counts.
LEVELS = ("local", "assistant", "social_worker", "senior")


@dataclass(frozen=True)
class Ladder:
    """The rule of a place: the grades of each tier (1 principal, 2 deputy, 3 staff), inclusive, and years to a step."""

    ranges: Mapping[int, tuple[int, int]]
    years_per_step: int
    on_tier_change: Literal["recompute", "keep"] = "recompute"

    def holds(self, tier: int, grade: int) -> bool:
        """Whether `grade` lies in the range of `tier`."""
        low, high = self.ranges[tier]
        return low <= grade <= high


@dataclass(frozen=True)
class Schooling:
    """What schooling adds: grades themselves, or years that count like years of service."""

    steps: Mapping[str, int]
    counted_as: Literal["grades", "years"] = "grades"


# The words of a roster that name a degree, the highest first; 专科 before 大学, which stands for a bachelor's alone.
DEGREE_WORDS: tuple[tuple[str, str], ...] = (
    ("博士", "doctor"),
    ("硕士", "master"),
    ("研究生", "master"),
    ("本科", "bachelor"),
    ("学士", "bachelor"),
    ("专科", "college"),
    ("大专", "college"),
    ("高职", "college"),
    ("大学", "bachelor"),
)


def degree_of(education: str, degree: str) -> str:
    """The highest degree or schooling that the two roster columns name: college to doctor; empty below."""
    return next((key for word, key in DEGREE_WORDS if word in education or word in degree), "")


@dataclass(frozen=True)
class CertificateSteps:
    """Grades that a certificate adds by level; None where the rule names none for the level.

    `needs_appointment`: not the certificate but the appointment at its level gives the grades (domain §1.C4).
    """

    steps: Mapping[str, int | None]
    needs_appointment: bool = False


@dataclass(frozen=True)
class Service:
    """Continuous years on a day: `since` when, years counted in full, and the calendar years left out."""

    since: date | None
    years: int
    left_out: tuple[int, ...] = ()


@dataclass(frozen=True)
class Kept:
    """The grade somebody brought from another tier, with what has grown since: counted years and certificate grades."""

    grade: int
    years: int
    certificate: int = 0


@dataclass(frozen=True)
class Line:
    """One line of a derivation; `amount` None where the rule exists but names no number. `source`: key of the rule."""

    what: What
    amount: int | None
    source: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Derivation:
    """A proposed grade with the lines it is the sum of; not `complete` where a rule names no number."""

    grade: int
    lines: tuple[Line, ...]

    @property
    def complete(self) -> bool:
        return all(line.amount is not None for line in self.lines)


def continuous_since(periods: Iterable[Period], on: date) -> date | None:
    """Since when somebody in service on a day has been so without a day's break; None when not in service then.

    `periods` are half-open and may overlap, in any order: leaving on one day and starting on the next is no break.
    """
    since: date | None = None
    reached: date | None = None
    for start, end in sorted((start, end or date.max) for start, end in periods if start <= on):
        if reached is None or start > reached:
            since, reached = start, end
        else:
            reached = max(reached, end)
    return since if reached is not None and on < reached else None


def full_years(since: date, on: date, left_out: Iterable[int] = ()) -> tuple[int, tuple[int, ...]]:
    """Years completed from `since` to the day `on` without the calendar years `left_out`, and those that mattered.

    A year left out stops the clock from its first day to its last: what was begun before goes on after it.
    """
    out = sorted({year for year in left_out if since.year <= year <= on.year})
    start = _first_counted(since, out)
    end = date(on.year, 1, 1) if on.year in out else on
    paused = sum(1 for year in out if start.year < year < on.year)
    years = next(n for n in count() if add_years(start, n + paused + 1) > end)
    return years, tuple(out)


def _first_counted(since: date, left_out: Iterable[int]) -> date:
    """The first day from `since` on that lies in no year left out."""
    start, out = since, set(left_out)
    while start.year in out:
        start = date(start.year + 1, 1, 1)
    return start


def service(periods: Iterable[Period], on: date, left_out: Iterable[int] = ()) -> Service:
    """Continuous service on a day, the years left out by a failed assessment not counted (domain §2.5)."""
    since = continuous_since(periods, on)
    if since is None:
        return Service(None, 0)
    return Service(since, *full_years(since, on, left_out))


def certificate_line(rule: CertificateSteps | None, held: Sequence[str], appointed: Sequence[str] = ()) -> Line | None:
    """The line of the highest level that the rule names; None without a rule or such a certificate.

    Where an appointment is needed and missing the line stays, with nothing added, so that the reader sees why.
    """
    named = [level for level in held if rule is not None and level in rule.steps]
    if rule is None or not named:
        return None
    if not rule.needs_appointment:
        level = max(named, key=LEVELS.index)
        return Line("certificate", rule.steps[level], CERTIFICATE, {"level": level})
    given = [level for level in appointed if level in named]
    if not given:
        return Line("certificate", 0, CERTIFICATE, {"level": max(named, key=LEVELS.index), "appointment_missing": True})
    level = max(given, key=LEVELS.index)
    return Line("certificate", rule.steps[level], CERTIFICATE, {"level": level, "appointed": True})


def propose(
    ladder: Ladder,
    tier: int,
    served: Service,
    *,
    degree: str = "",
    schooling: Schooling | None = None,
    certificate: Line | None = None,
    kept: Kept | None = None,
) -> Derivation:
    """The grade that the rules give somebody of `tier`, with its derivation.

    `kept` matters only under the rule "keep": then the grade brought from the other tier is the ground and only what
    came after the change is added; under "recompute" the new tier's own formula holds. Raises KeyError for a tier that
    the ladder does not have.
    """
    low, high = ladder.ranges[tier]
    if kept is not None and ladder.on_tier_change == "keep":
        lines = _brought(ladder, kept)
    else:
        lines = [Line("lowest", low, LADDER, {"tier": tier})]
        lines += _from_service(ladder, served, degree, schooling)
        lines += [certificate] if certificate is not None else []
    total = sum(line.amount or 0 for line in lines)
    if total > high:
        lines.append(Line("capped", high - total, LADDER, {"tier": tier, "high": high}))
    elif total < low:
        lines.append(Line("raised", low - total, LADDER, {"tier": tier, "low": low}))
    return Derivation(min(max(total, low), high), tuple(lines))


def _brought(ladder: Ladder, kept: Kept) -> list[Line]:
    step = ladder.years_per_step
    facts: Facts = {"years": kept.years, "per": step}
    lines = [Line("kept", kept.grade, LADDER), Line("years", kept.years // step, LADDER, facts)]
    if kept.certificate:
        lines.append(Line("certificate", kept.certificate, CERTIFICATE, {"since_change": True}))
    return lines


def _from_service(ladder: Ladder, served: Service, degree: str, schooling: Schooling | None) -> list[Line]:
    credit = credited_years(schooling, degree)
    facts: Facts = {
        "years": served.years,
        "credit": credit,
        "per": ladder.years_per_step,
        "since": served.since.isoformat() if served.since else "",
        "left_out": served.left_out,
    }
    lines = [Line("years", (served.years + credit) // ladder.years_per_step, LADDER, facts)]
    if schooling is not None and schooling.counted_as == "grades" and degree in schooling.steps:
        lines.append(Line("schooling", schooling.steps[degree], SCHOOLING, {"degree": degree}))
    return lines


def credited_years(schooling: Schooling | None, degree: str) -> int:
    """Years that schooling counts for; 0 where it adds grades instead or the rule does not name the degree."""
    if schooling is None or schooling.counted_as == "grades":
        return 0
    return schooling.steps.get(degree, 0)


def full_on(served: Service, years: int) -> date | None:
    """The day on which so many counted years are full, past or to come; None out of service.

    Days to come suppose that every year from now on counts.
    """
    if served.since is None:
        return None
    start = _first_counted(served.since, served.left_out)
    days = (add_years(start, years + paused) for paused in count())
    return next(day for day in days if full_years(served.since, day, served.left_out)[0] >= years)
