"""Payroll sheets of a place and month, recomputed from dated records, and what changed since the month before.

Who is in post on the last day of the month is paid for it; nothing is stored, so a past month is what its records say.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from portal.core.accounts.roles import Perm
from workforce.models import StarBonus
from workforce.payroll import (
    Pay,
    Shift,
    Verdict,
    average,
    certificate_part,
    grade_part,
    last_of_month,
    pay_of,
    post_of,
    post_part,
    shift,
    split,
    within,
)
from workforce.queries.pay_people import Worker, workers
from workforce.queries.pay_rules import PayRules
from workforce.queries.star_bonuses import bonuses_of


@dataclass(frozen=True)
class PayLine:
    """One person's month. `verdict` is where the total stands between the bounds, None while it is not whole."""

    worker: Worker
    grade: int | None
    pay: Pay
    basic: Decimal | None
    performance: Decimal | None
    verdict: Verdict | None
    result: str

    @property
    def key(self) -> UUID:
        return self.worker.person.pk


@dataclass(frozen=True)
class PaySheet:
    """The sheet of a place and month; `on` is the last day of the month, on which it is judged."""

    on: date
    lines: list[PayLine]
    rules: PayRules

    @cached_property
    def sums(self) -> dict[str, int | None]:
        """Sums of the amounts given, by part and in all; None where no amount is given."""
        found = {key: self._sum(key) for key in ("grade", "post", "certificate")}
        known = [line.pay.known for line in self.lines if line.pay.known is not None]
        return {**found, "known": sum(known) if known else None}

    def _sum(self, key: str) -> int | None:
        parts = [part.amount for line in self.lines if (part := line.pay.part(key)) and part.amount is not None]
        return sum(parts) if parts else None

    @cached_property
    def missing(self) -> Counter:
        """For how many people each part lacks an amount."""
        return Counter(key for line in self.lines for key in line.pay.missing)

    @cached_property
    def averages(self) -> list[tuple[int, int, Decimal | None]]:
        """By tier: tier, people, and mean of the totals that are whole."""
        found = []
        for tier in sorted({line.worker.post.tier for line in self.lines}):
            mine = [line for line in self.lines if line.worker.post.tier == tier]
            found.append((tier, len(mine), average((1, line.pay.total) for line in mine if line.pay.total is not None)))
        return found

    @property
    def star_year(self) -> int:
        """The rated year whose stars the sheet shows: the one before."""
        return self.on.year - 1

    @cached_property
    def star_bonuses(self) -> dict[UUID, list[StarBonus]]:
        """Shares of the performance bonus by the stars of the year before, of everybody on the sheet."""
        return bonuses_of((line.key for line in self.lines), self.star_year)

    @cached_property
    def outside(self) -> list[PayLine]:
        return [line for line in self.lines if line.verdict not in (None, "within", "unknown")]


@dataclass(frozen=True)
class Changed:
    """What became of one person's pay since the month before; `line` is the last one that there is."""

    line: PayLine
    shift: Shift


def sheet(user, *, under: str, on: date) -> PaySheet:
    """The payroll sheet of a place on the last day of a month, as far as the user's territory goes."""
    rules = PayRules(under, on)
    found = workers(user, Perm.VIEW_PAY, under=under, on=on)
    return PaySheet(on, [pay_line(one, rules, on) for one in found], rules)


def pay_line(worker: Worker, rules: PayRules, on: date) -> PayLine:
    """One person's pay by the rules of the community of the main post."""
    code, grade = worker.code, worker.grade_on(on)
    posts = [kind for post in worker.posts if (kind := post_of(post.body, post.tier)) and not worker.institution]
    pay = pay_of(
        grade_part(rules.grade_amounts(code), grade),
        post_part(rules.post_amounts(code), posts),
        certificate_part(rules.allowance(code), worker.levels(on), sorted(worker.registered)),
    )
    percent, bounds, total = rules.basic_percent(code), rules.bounds(code), pay.total
    basic, performance = (None, None) if total is None or percent is None else split(total, percent)
    approved = worker.approval.amount if worker.approval else None
    verdict = (
        None if total is None or bounds is None else within(total, bounds, tier=worker.post.tier, approved=approved)
    )
    return PayLine(worker, grade, pay, basic, performance, verdict, worker.results.get(on.year - 1, ""))


def month_before(on: date) -> date:
    """The last day of the month before that of `on`."""
    return on.replace(day=1) - timedelta(days=1)


def month_of(year: int, month: int) -> date:
    """The day on which a month's pay is judged."""
    return last_of_month(year, month)


def changes(now: PaySheet, before: PaySheet) -> list[Changed]:
    """Everybody whose pay differs between two months, in the order of the sheets; who came or left is among them."""
    old, new = ({line.key: line for line in one.lines} for one in (before, now))
    found = []
    for key, line in {**old, **new}.items():
        was, now_is = (one[key].pay if key in one else None for one in (old, new))
        if (change := shift(was, now_is)) is not None:
            found.append(Changed(line, change))
    return sorted(found, key=lambda one: (one.line.worker.code, one.line.worker.person.name_pinyin, str(one.line.key)))


def by_division(lines: list[PayLine], length: int) -> dict[str, tuple[int, int | None, int]]:
    """People, sum of the amounts given and people lacking an amount, by the division code cut to `length` digits."""
    found: dict[str, list[PayLine]] = {}
    for line in lines:
        found.setdefault(line.worker.code[:length], []).append(line)
    return {code: _totals(mine) for code, mine in sorted(found.items())}


def _totals(lines: list[PayLine]) -> tuple[int, int | None, int]:
    known = [line.pay.known for line in lines if line.pay.known is not None]
    return len(lines), sum(known) if known else None, sum(1 for line in lines if line.pay.missing)
