"""Domain §1.C2 to C4, §1.N and §2.5: examples of the sources, edges, and property tests against a second way."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workforce.ladder import LEVELS
from workforce.payroll import (
    POSTS,
    Allowance,
    Bounds,
    Part,
    Pay,
    average,
    before_raise,
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

CHAOYANG = {"secretary_chair": 4600, "deputy": 3800, "member": 3400}
CHAOYANG_CERTIFICATES = Allowance({"assistant": 60, "social_worker": 120})
TAIZHOU = Allowance({"assistant": None, "social_worker": None, "senior": None}, least=300, most=600)
TWELVE_LEVELS = {level: 50 + (level - 1) * 60 for level in range(1, 13)}


class TestChaoyang:
    @pytest.mark.parametrize(
        ("post", "raised_by", "before", "percent"),
        [("secretary_chair", 600, 4000, "15.0"), ("deputy", 400, 3400, "11.8"), ("member", 300, 3100, "9.7")],
    )
    def test_raise_and_its_percentage(self, post, raised_by, before, percent):
        assert before_raise(CHAOYANG[post], raised_by) == (before, Decimal(percent))

    def test_raise_from_nothing_has_no_percentage(self):
        assert before_raise(300, 300) == (0, None)

    def test_stated_average_of_3643(self):
        deputies = 391
        members = 1641 - 202 - deputies
        assert average([(202, 4600), (deputies, 3800), (members, 3400)]) == Decimal("3643.02")
        assert Fraction(3643 * 1641 - 202 * 4600 - (1641 - 202) * 3400, 400) == Fraction("390.9075")

    def test_two_posts_are_paid_once_at_the_highest(self):
        part = post_part(CHAOYANG, ["member", "secretary_chair"])
        assert part == Part("post", 4600, {"post": "secretary_chair"})
        assert part.rule == "pay.post_amounts"

    def test_highest_is_by_amount(self):
        assert post_part({"deputy": 100, "member": 200}, ["deputy", "member"]).amount == 200

    def test_amount_not_given_leaves_the_most_senior_post_open(self):
        assert post_part({"secretary_chair": None, "member": 3400}, POSTS) == Part(
            "post", None, {"post": "secretary_chair"}
        )

    @pytest.mark.parametrize(("amounts", "posts"), [(None, ["member"]), (CHAOYANG, []), ({"deputy": 1}, ["member"])])
    def test_no_claim_gives_no_part(self, amounts, posts):
        assert post_part(amounts, posts) is None

    @pytest.mark.parametrize(
        ("body", "tier", "post"),
        [("party", 1, "secretary_chair"), ("committee", 2, "deputy"), ("committee", 3, "member"), ("station", 1, None)],
    )
    def test_kind_of_post(self, body, tier, post):
        assert post_of(body, tier) == post


class TestGradePart:
    def test_level_twelve_is_710(self):
        assert grade_part(TWELVE_LEVELS, 12) == Part("grade", 710, {"grade": 12})
        assert grade_part(TWELVE_LEVELS, 1).amount == 50

    def test_without_a_rule_no_part(self):
        assert grade_part(None, 12) is None

    @pytest.mark.parametrize("grade", [None, 13, 3])
    def test_amount_not_given(self, grade):
        assert grade_part({**TWELVE_LEVELS, 3: None}, grade).amount is None


class TestCertificatePart:
    def test_highest_only(self):
        part = certificate_part(CHAOYANG_CERTIFICATES, ["assistant", "social_worker"], [])
        assert part == Part("certificate", 120, {"level": "social_worker", "certificates": 1})

    def test_sum_where_the_rule_says_so(self):
        rule = Allowance(CHAOYANG_CERTIFICATES.amounts, highest_only=False)
        part = certificate_part(rule, ["assistant", "social_worker", "local"], [])
        assert (part.amount, part.facts["certificates"]) == (180, 2)

    def test_registered_only(self):
        shandong = Allowance({"assistant": 100, "social_worker": 200, "senior": 300}, registered_only=True)
        assert certificate_part(shandong, ["senior", "assistant"], ["assistant"]).amount == 100
        assert certificate_part(shandong, ["senior"], []) is None

    def test_a_range_is_no_amount(self):
        part = certificate_part(TAIZHOU, ["assistant"], [])
        assert part.amount is None
        assert part.facts == {"level": "assistant", "certificates": 1, "least": 300, "most": 600}

    def test_a_range_with_one_end(self):
        part = certificate_part(Allowance({"senior": None}, least=100), ["senior"], [])
        assert (part.facts["least"], part.facts["most"]) == (100, "")

    def test_sum_with_an_amount_not_given_is_not_given(self):
        rule = Allowance({"assistant": 60, "senior": None}, highest_only=False)
        assert certificate_part(rule, ["assistant", "senior"], []).amount is None

    @pytest.mark.parametrize(("rule", "held"), [(None, ["senior"]), (CHAOYANG_CERTIFICATES, []), (TAIZHOU, ["local"])])
    def test_no_claim_gives_no_part(self, rule, held):
        assert certificate_part(rule, held, []) is None


class TestPay:
    def test_sum_of_the_parts(self):
        pay = pay_of(Part("grade", 710), None, Part("certificate", 60))
        assert (pay.total, pay.known, pay.missing) == (770, 770, ())
        assert (pay.part("grade").amount, pay.part("post")) == (710, None)

    def test_missing_part_is_named_and_never_zero(self):
        pay = pay_of(Part("grade", None), Part("post", 4600))
        assert (pay.total, pay.known, pay.missing) == (None, 4600, ("grade",))

    def test_nothing_known(self):
        assert (pay_of(Part("grade", None)).known, pay_of().known, pay_of().total) == (None, None, None)


@pytest.mark.parametrize(
    ("total", "percent", "basic", "performance"),
    [(4690, 70, "3283.00", "1407.00"), (3401, 80, "2720.80", "680.20"), (1, 33, "0.33", "0.67"), (0, 70, "0", "0")],
)
def test_split(total, percent, basic, performance):
    assert split(total, percent) == (Decimal(basic), Decimal(performance))


class TestBounds:
    bounds = Bounds(start=4000, cap=7000, exceptional_cap=9000)

    @pytest.mark.parametrize(
        ("total", "tier", "approved", "verdict"),
        [
            (3999, 3, None, "below"),
            (4000, 3, None, "within"),
            (7000, 3, None, "within"),
            (7001, 1, None, "above_cap"),
            (7001, 1, 7000, "above_cap"),
            (7001, 1, 7001, "within"),
            (7001, 2, 7001, "above_cap"),
            (9000, 1, 9000, "within"),
            (9001, 1, 9999, "above_exceptional"),
        ],
    )
    def test_where_a_total_stands(self, total, tier, approved, verdict):
        assert within(total, self.bounds, tier=tier, approved=approved) == verdict

    def test_bounds_not_given_judge_nothing(self):
        assert within(1, Bounds(), tier=3) == "unknown"
        assert within(1, Bounds(cap=2), tier=3) == "within"
        assert within(10**9, Bounds(start=1), tier=3) == "within"


class TestShift:
    lower, higher = pay_of(Part("grade", 650), Part("certificate", 60)), pay_of(Part("grade", 710))

    def test_nothing_changed(self):
        assert shift(self.lower, self.lower) is None
        assert shift(None, None) is None

    def test_new_and_left(self):
        new, left = shift(None, self.higher), shift(self.lower, None)
        assert (new.kind, new.difference) == ("new", 710)
        assert (left.kind, left.difference) == ("left", -710)
        assert [before.key for before, _now in left.parts] == ["grade", "certificate"]

    def test_changed_part_by_part(self):
        found = shift(self.lower, self.higher)
        assert (found.kind, found.difference) == ("changed", 0)
        assert found.parts == ((Part("grade", 650), Part("grade", 710)), (Part("certificate", 60), None))

    def test_grade_without_an_amount_still_shows(self):
        found = shift(pay_of(grade_part({}, 3)), pay_of(grade_part({}, 4)))
        assert (found.kind, found.difference, len(found.parts)) == ("changed", 0, 1)


def test_last_of_month():
    assert last_of_month(2024, 2) == date(2024, 2, 29)
    assert last_of_month(2026, 11) == date(2026, 11, 30)


def test_average_of_nobody():
    assert average([]) is None
    assert average([(0, 100)]) is None


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 20_000)), max_size=6))
def test_average_against_everybody_in_a_row(pairs):
    everybody = [amount for number, amount in pairs for _person in range(number)]
    mean = Fraction(sum(everybody), len(everybody)) if everybody else None
    assert average(pairs) == (None if mean is None else Decimal(floor(mean * 100 + Fraction(1, 2))) / 100)


@given(st.integers(0, 10**7), st.integers(0, 100))
def test_split_adds_up(total, percent):
    basic, performance = split(total, percent)
    assert basic + performance == total
    assert basic == Decimal(floor(Fraction(total * percent) + Fraction(1, 2))) / 100


@given(
    st.dictionaries(st.sampled_from(LEVELS), st.none() | st.integers(0, 900)),
    st.lists(st.sampled_from(LEVELS), max_size=5),
    st.lists(st.sampled_from(LEVELS), max_size=5),
    st.booleans(),
    st.booleans(),
)
def test_certificate_part_against_a_table_read_from_the_top(amounts, held, registered, highest_only, registered_only):
    found, seen = [], False
    for level in ("senior", "social_worker", "assistant", "local"):
        claim = level in held and level in amounts and (level in registered or not registered_only)
        if claim and not (highest_only and seen):
            found.append(amounts[level])
            seen = True
    part = certificate_part(Allowance(amounts, highest_only, registered_only), held, registered)
    if not found:
        assert part is None
    else:
        assert part.amount == (None if None in found else sum(found))


@given(st.lists(st.builds(Part, st.sampled_from(["grade", "post"]), st.none() | st.integers(0, 9000)), max_size=3))
def test_pay_is_whole_or_says_what_is_missing(parts):
    pay = Pay(tuple(parts))
    assert (pay.total is None) == (not parts or any(part.amount is None for part in parts))
    assert (pay.known or 0) == sum(part.amount or 0 for part in parts)
    assert len(pay.missing) == sum(part.amount is None for part in parts)


@given(
    st.integers(0, 200),
    st.builds(Bounds, *[st.none() | st.integers(0, 200)] * 3),
    st.integers(1, 3),
    st.none() | st.integers(0, 200),
)
def test_bounds_against_intervals(total, bounds, tier, approved):
    """Oracle: the interval of allowed amounts."""
    ceilings = [one for one in (bounds.exceptional_cap,) if one is not None]
    if bounds.cap is not None:
        ceilings.append(max(bounds.cap, approved or 0) if tier == 1 else bounds.cap)
    allowed = range(bounds.start or 0, min(ceilings, default=10**9) + 1)
    verdict = within(total, bounds, tier=tier, approved=approved)
    if bounds == Bounds():
        assert verdict == "unknown"
    else:
        assert (verdict == "within") == (total in allowed)
