"""Counts of a forecast against a slow count in Python, on people made at random and day by day."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from portal.core.lib.dated import add_months
from tests import factories
from tests import world as w
from tests.workforce.forecasting import Slow, people_at_random
from workforce.actions.tallies import recount
from workforce.forecast import elapsed, month_ends, retirement_rule
from workforce.queries.forecast import Assumed, Forecast
from workforce.queries.forecast_people import people_behind
from workforce.queries.staffing import StaffingQuery, staffing_of

D, F = date, Fraction
REFORM = {
    "rows": [
        {"who": "male", "age": 60, "until": 63, "step": 4},
        {"who": "female", "age": 55, "until": 58, "step": 4},
        {"who": "female_other", "age": 50, "until": 55, "step": 2},
    ],
    "starts_on": "2025-01-01",
    "women": "by_tier",
}
TARGET = {"percent": 60, "due": "2028-12-31"}


def forecast(code: str, on: date, **assumed) -> Forecast:
    given = Assumed(**({"months": 24, "target": add_months(on, 13)} | assumed))
    children = StaffingQuery(territories=("",), on=on, under=code, parent=code).rows()
    return Forecast(on, given, staffing_of(code, on), children)


# Against the slow one ------------------------------------------------------------------------------------------------


def check(slow: Slow, code: str, on: date) -> None:
    made = forecast(code, on)
    heads, before = slow.heads(code, on), add_months(on, -12)
    earlier, gone = slow.heads(code, before), slow.gone(code, on)
    start, measured = made.projection.start, made.measured
    assert (start.heads, start.certified) == (len(heads), sum(head.certified for head in heads.values()))
    assert (measured.earlier, measured.earlier_certified) == (
        len(earlier), sum(head.certified for head in earlier.values()),
    )  # fmt: skip
    assert (measured.left, measured.retired) == (
        sum(not age for age in gone.values()), sum(gone.values()),
    )  # fmt: skip
    assert (measured.joined, measured.gained) == (len(slow.joined(code, on)), len(slow.gained(code, on)))
    assert made.past == sum(slow.retires_on(person, head.tier) <= on for person, head in heads.items())
    leaving = {person: slow.leaves_on(person, head, on) for person, head in heads.items()}
    assert [month.last for month in made.months] == month_ends(on, 24)
    for month in made.months:
        those = [person for person, day in leaving.items() if month.first <= day <= month.last]
        assert (month.aged, month.aged_certified) == (len(those), sum(heads[p].certified for p in those))
        assert month.contracts == slow.contracts_ending(code, on, month.first, month.last)
    target = made.assumed.target
    assert made.then.aged == sum(day <= target for day in leaving.values())
    assert made.contracts_by_then == slow.contracts_ending(code, on, on, target)
    for below in made.below:
        mine = [person for person, head in heads.items() if head.code.startswith(below.figure.code)]
        left = [p for p, age in gone.items() if not age and earlier[p].code.startswith(below.figure.code)]
        there = any(head.code.startswith(below.figure.code) for head in earlier.values())
        assert (below.heads, below.aged) == (len(mine), sum(leaving[person] <= target for person in mine))
        assert below.leavers == (len(left) if there else None)
    lists = {
        "ageing": {p for p, day in leaving.items() if on <= day <= target},
        "past": {p for p, head in heads.items() if slow.retires_on(p, head.tier) <= on},
        "left": {p for p, age in gone.items() if not age},
        "joined": slow.joined(code, on),
        "gained": slow.gained(code, on),
    }
    for show, people in lists.items():
        lines, count = people_behind(code, on, show, until=target, limit=None)
        assert ({line.person_id for line in lines}, count) == ({p.pk for p in people}, len(people))
    lines, count = people_behind(code, on, "contracts", until=target, limit=None)
    assert (len(lines), count) == (made.contracts_by_then.total(),) * 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_counts_agree_with_a_slow_count(world, seed):
    people_at_random(seed, world.today)
    factories.rule("staffing.retirement", REFORM, w.CITY)
    recount()
    slow = Slow(retirement_rule(REFORM))
    assert len(slow.heads(w.CITY, world.today)) > 15
    for code in (w.CITY, w.DISTRICT, w.STREET):
        check(slow, code, world.today)


def test_counts_agree_without_retirement_ages_and_on_other_days(world):
    people_at_random(4, world.today)
    recount()
    slow = Slow(None)
    for on in (world.today, D(2026, 2, 28), D(2027, 1, 31)):
        check(slow, w.CITY, on)


def test_counts_agree_where_people_count_less_long_than_they_work(world):
    people_at_random(5, world.today)
    ages = {"male": 60, "female": 52}
    value = {"age_from": 16, "male_until": 60, "female_until": 52, "service_agreement": False}
    factories.rule("staffing.counted", value, w.CITY)
    factories.rule("staffing.retirement", {**REFORM, "women": "female"}, w.CITY)
    recount()
    check(Slow(retirement_rule({**REFORM, "women": "female"}), ages), w.CITY, world.today)


# By hand -------------------------------------------------------------------------------------------------------------


def test_rule_recorded_for_later_is_the_one_that_the_plan_is_for(world):
    on = D(2026, 11, 23)
    factories.rule("staffing.per_population", {"heads": 20, "per": 10_000}, w.DISTRICT, since=D(2027, 7, 1))
    made = forecast(w.DISTRICT, on, target=D(2027, 12, 31), leavers=Decimal(0))
    assert [month.required for month in made.months if month.last in (D(2027, 6, 30), D(2027, 7, 31))] == [54, 60]
    assert (made.required(D(2027, 12, 31)), made.hiring.needed) == (60, 55)
    assert made.staffing_rule(D(2027, 12, 31)).value == {"heads": 20, "per": 10_000}
    # The street above the threshold has its own population: 4,000 at 20 per 10,000.
    assert {one.figure.name: one.hiring.required for one in made.below} == {"一号街道": 8, "二号街道": None}


def test_population_grows_as_assumed_and_hiring_follows(world):
    on = D(2026, 10, 31)
    made = forecast(w.DISTRICT, on, target=D(2027, 10, 31), leavers=Decimal(2), growth=Decimal("1.5"))
    assert made.population(D(2027, 10, 31)) == 30_450
    assert (made.hiring.required, made.hiring.remaining, made.hiring.needed) == (55, 3, 52)
    assert (made.leavers_by_then, made.then.whole_remaining) == (2, 3)
    # Of two leavers a year the street has its part by heads: 4 of 5.
    street = next(one for one in made.below if one.figure.code == w.STREET)
    assert (street.leavers, street.hiring.remaining, street.leavers_by_then) == (F(8, 5), 2, 2)
    assert street.hiring.required == 8  # 4,060 residents


def test_surplus_is_shown_and_hiring_never_negative(world):
    factories.population(w.SNOW, 100, world.today - timedelta(days=1))
    for number in range(3):
        factories.worker(f"冬{number}", w.SNOW)
    recount()
    made = forecast(w.SNOW[:9], world.today, leavers=Decimal(0))
    snow = next(one for one in made.below if one.figure.code == w.SNOW)
    assert (snow.hiring.needed, snow.hiring.surplus) == (0, 2)


def test_no_rule_and_no_population_are_no_numbers(world):
    on = world.today
    made = forecast(w.FAR[:9], on)
    assert (made.required(made.assumed.target), made.hiring.needed, made.months[0].gap) == (None, None, None)
    assert [(one.ruled, one.hiring.needed) for one in made.below] == [(False, None)]
    made = forecast(w.NEIGHBOUR, on)
    assert {one.figure.name: (one.ruled, one.hiring.required) for one in made.below} == {
        "秋叶社区": (True, 3), "同名社区": (True, None),
    }  # fmt: skip


def test_without_anybody_a_year_ago_there_is_no_pace(world):
    made = forecast(w.CITY, D(2024, 6, 1))
    assert made.measured.earlier == 0
    assert (made.pace.leavers, made.pace.hires, made.pace.certificates) == (None, None, None)
    assert (made.leavers_by_then, made.then.certified, made.targets) == (None, None, [])
    given = forecast(w.CITY, D(2024, 6, 1), leavers=Decimal(1), certificates=Decimal("0.5"))
    assert (given.pace.leavers, given.pace.certificates) == (1, F(1, 2))


def test_targets_in_force_and_to_come(world):
    on = D(2026, 10, 31)
    factories.rule("certificate.share_target", TARGET, w.CITY, valid_to=D(2029, 1, 1))
    whole = {"percent": 100, "due": "2030-12-31"}
    factories.rule("certificate.share_target", whole, w.CITY, since=D(2029, 1, 1))
    made = forecast(w.CITY, on, leavers=Decimal(0), hires=Decimal(0), certificates=Decimal("0.25"))
    assert (made.projection.start.heads, made.projection.start.certified) == (6, 3)
    sixty, everybody = made.targets
    # 60 % of 6 heads are 4: one more, a quarter a month.
    assert (sixty.percent, sixty.due, sixty.met, sixty.reached) == (60, D(2028, 12, 31), False, D(2027, 2, 28))
    assert sixty.pace == F(1, 26)
    assert (everybody.reached, everybody.pace) == (D(2027, 10, 31), F(3, 50))
    never = forecast(w.CITY, on, leavers=Decimal(0), hires=Decimal(0), certificates=Decimal(0))
    assert [one.reached for one in never.targets] == [None, None]


def test_target_that_is_met_needs_no_pace_and_one_that_is_past_has_none(world):
    on = D(2026, 10, 31)
    factories.rule("certificate.share_target", {"percent": 50, "due": "2028-12-31"}, w.DISTRICT)
    [met] = forecast(w.DISTRICT, on).targets
    assert (met.met, met.reached, met.pace) == (True, None, None)
    factories.rule("certificate.share_target", {"percent": 70, "due": "2025-12-31"}, w.CITY)
    [past] = forecast(w.CITY, on).targets
    assert (past.met, past.pace) == (False, None)


def test_target_day_inside_a_month_counts_the_days_until_then(world):
    on, target = D(2026, 10, 31), D(2027, 2, 10)
    person = factories.worker("甲", w.SPRING, birth=D(1964, 2, 10))
    factories.worker("乙", w.SPRING, birth=D(1964, 2, 11))
    made = forecast(w.CITY, on, target=target, leavers=Decimal(0))
    assert made.then.aged == 1
    [month] = [month for month in made.months if month.last == D(2027, 2, 28)]
    assert month.aged == 2
    lines, _count = people_behind(w.CITY, on, "ageing", until=target, limit=10)
    assert [(line.person_id, line.day) for line in lines] == [(person.pk, D(2027, 2, 10))]
    assert elapsed(on, target) == 3 + F(10, 28)


def test_contract_that_was_renewed_ends_where_the_new_one_does(world):
    on = D(2026, 10, 31)
    made = factories.person("甲")
    factories.appointment(made, w.SPRING)
    factories.contract(made, valid_from=D(2024, 1, 1), valid_to=D(2027, 1, 1), party_kind="street")
    months = forecast(w.STREET, on).months
    assert [month.last for month in months if month.contracts] == [D(2026, 12, 31)]
    assert months[1].contracts == Counter({"street": 1})
    factories.contract(made, valid_from=D(2027, 1, 1), valid_to=D(2028, 1, 1), party_kind="office")
    assert [(m.last, m.contracts) for m in forecast(w.STREET, on).months if m.contracts] == [
        (D(2027, 12, 31), Counter({"office": 1}))
    ]


def test_people_come_in_pages(world):
    lines, count = people_behind(w.CITY, world.today, "gained", limit=1, offset=0)
    more, again = people_behind(w.CITY, world.today, "gained", limit=1, offset=1)
    assert count == again
    assert {line.person_id for line in lines}.isdisjoint(line.person_id for line in more)
