"""A figure's words: what is no data, not in force, not applicable, met; judged before rounding."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from portal.core.indicators.counting import Book, Counter, Family, RowKind
from portal.core.indicators.declare import POPULATION, Better, Indicator, Target, Topic, Unit
from portal.core.indicators.figures import Figure, Met, Place, Population, Rule, State
from portal.core.policy.kinds import SHARE_TARGET, STAFFING

BOOK = Book(
    "sample",
    "sample_tally",
    "sample_snapshot",
    (
        Family(
            name="people",
            row=RowKind.PERSON,
            rows=lambda scope: "SELECT 1",
            counters=(Counter(name="heads", label="人数"), Counter(name="holders", label="持证", when="r.holds")),
        ),
    ),
    lambda scope: "nothing AS (SELECT 1)",
)
TOWN = Place("960101", "东区", 3, "district", True)
DAY = date(2026, 6, 30)
TARGET = Target(kind=SHARE_TARGET, of=lambda v: Fraction(v["percent"]), due=lambda v: date.fromisoformat(v["due"]))
SIXTY = Rule({"percent": 60, "due": "2026-12-31"}, "某文件", "第三条")


def share(**changes) -> Indicator:
    declared = {
        "key": "share",
        "label": "持证率",
        "topic": Topic.CERTIFICATES,
        "unit": Unit.PERCENT,
        "book": BOOK,
        "numerator": "holders",
        "denominator": "heads",
        "formula": "持证 ÷ 人数",
        "target": TARGET,
        "better": Better.HIGHER,
    }
    return Indicator(**declared | changes)


def ratio(**changes) -> Indicator:
    target = Target(kind=STAFFING, of=lambda v: Fraction(v["heads"] * 10_000, v["per"]))
    return share(
        key="ratio",
        unit=Unit.PER_10K,
        numerator="heads",
        denominator=POPULATION,
        target=target,
        decimals=2,
        floor=True,
        **changes,
    )


def test_share_has_value_and_is_missed():
    figure = Figure(share(), TOWN, DAY, 3, 6, rule=SIXTY)
    assert (figure.state, figure.value, figure.met) == (State.VALUE, Decimal("50.0"), Met.MISSED)
    assert (figure.due, figure.rule.source, figure.shortfall) == (date(2026, 12, 31), "某文件 第三条", 1)
    assert figure.text == "50.0%"


def test_target_reached_exactly_is_met():
    assert Figure(share(), TOWN, DAY, 6, 10, rule=SIXTY).met == Met.MET


def test_what_prints_as_the_target_and_is_below_it_is_missed():
    figure = Figure(share(), TOWN, DAY, 5999, 10_000, rule=SIXTY)
    assert (figure.value, figure.met, figure.shortfall) == (Decimal("60.0"), Met.MISSED, 1)


def test_nobody_to_divide_by_is_no_data_and_not_zero():
    figure = Figure(share(), TOWN, DAY, 0, 0, rule=SIXTY)
    assert (figure.state, figure.value, figure.met, figure.text) == (State.NO_DATA, None, Met.NO_DATA, "无数据")


def test_share_without_rule_has_a_value_and_its_target_is_not_in_force():
    figure = Figure(share(), TOWN, DAY, 0, 6)
    assert (figure.state, figure.value, figure.met) == (State.VALUE, Decimal("0.0"), Met.NOT_IN_FORCE)


def test_village_is_not_applicable_where_the_figure_is_urban():
    village = Place("960101003", "河村", 5, "villagers", False)
    assert Figure(share(), village, DAY, 1, 2, rule=SIXTY).state == State.NOT_APPLICABLE
    assert Figure(share(urban=False), village, DAY, 1, 2, rule=SIXTY).state == State.VALUE


def test_count_that_needs_records_has_no_data_without_any():
    counted = share(denominator="", unit=Unit.PERSONS, target=None, known="heads")
    assert Figure(counted, TOWN, DAY, 0, None, known=False).state == State.NO_DATA
    assert Figure(counted, TOWN, DAY, 0, None, known=True).text == "0 人"


def test_ratio_without_population_has_no_data():
    assert Figure(ratio(), TOWN, DAY, 5, None, rule=Rule({"heads": 18, "per": 10_000})).state == State.NO_DATA


@pytest.mark.parametrize(("residents", "met"), [(10_000, Met.MET), (10_001, Met.MISSED), (9_999, Met.MET)])
def test_ratio_is_judged_on_integers(residents, met):
    population = Population(residents, "ledger", DAY, True)
    figure = Figure(ratio(), TOWN, DAY, 18, residents, Rule({"heads": 18, "per": 10_000}), population)
    assert figure.met == met


def test_ratio_that_would_round_to_the_standard_is_cut_off_below_it():
    population = Population(10_000_000, "ledger", DAY, True)
    rule = Rule({"heads": 18, "per": 10_000})
    figure = Figure(ratio(), TOWN, DAY, 17_996, 10_000_000, rule, population)
    assert (figure.value, figure.met) == (Decimal("17.99"), Met.MISSED)


def test_number_that_the_rule_alone_gives_is_not_in_force_without_it():
    required = share(numerator="", sql="{population} * 18", denominator="", unit=Unit.PERSONS)
    population = Population(100, "ledger", DAY, True)
    assert Figure(required, TOWN, DAY, None, None, population=population).state == State.NOT_IN_FORCE


def test_lower_is_better_is_judged_the_other_way_round():
    target = Target(kind=SHARE_TARGET, of=lambda v: Fraction(v["percent"]), at_least=False)
    figure = Figure(share(target=target, better=Better.LOWER), TOWN, DAY, 6, 10, rule=SIXTY)
    assert (figure.met, figure.shortfall) == (Met.MET, None)


def test_undeclared_counter_is_refused_when_the_figure_is_declared():
    with pytest.raises(ValueError, match="ghosts"):
        share(numerator="ghosts")


def test_counter_declared_twice_is_refused():
    (family,) = BOOK.families
    with pytest.raises(ValueError, match="heads"):
        Book("sample", "t", "s", (family, family), BOOK.shared)
