"""Which rule applies where and when: nearest ancestor, day by day, the kind's default last."""

from datetime import date

import pytest
from django.db import connection

from portal.core.policy.kinds import ELIGIBILITY, POPULATION_AGE, STAFFING
from portal.core.policy.models import PolicyRule
from portal.core.policy.queries import RULES_CTE, nearest_rule, rule_for, rules_of
from tests import factories
from tests import world as w

DAY = date(2026, 6, 1)
pytestmark = pytest.mark.django_db


def heads(code: str, on: date = DAY) -> int | None:
    value = rule_for(STAFFING, code, on).value
    return value and value["heads"]


def test_rule_of_nearest_ancestor_wins(world):
    factories.staffing_rule("960101", heads=20)
    factories.staffing_rule("960101001", heads=22)
    assert [heads(code) for code in (w.CITY, "9601", w.DISTRICT, w.STREET, w.SPRING, w.AUTUMN, w.SNOW)] == [
        18,
        18,
        20,
        22,
        22,
        20,
        18,
    ]


def test_rule_of_the_country_applies_where_no_other_does(world):
    factories.staffing_rule("", heads=15)
    assert [heads(code) for code in ("", "97", w.FAR, w.CITY, w.SPRING)] == [15, 15, 15, 18, 18]


def test_rule_nobody_set_is_not_in_force(world):
    rule = rule_for(STAFFING, w.FAR, DAY)
    assert (rule.value, rule.rule, rule.words, rule.source) == (None, None, "未生效", "")


def test_kind_with_a_default_applies_without_a_rule(world):
    rule = rule_for(POPULATION_AGE, w.FAR, DAY)
    assert (rule.value, rule.rule, rule.source) == ({"months": 12}, None, "系统默认")


def test_rule_starts_on_its_first_day_and_ends_before_valid_to(world):
    factories.staffing_rule("97", heads=18, since=date(2026, 3, 1), valid_to=date(2026, 5, 1))
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 4, 30), date(2026, 5, 1))
    assert [heads(w.FAR, day) for day in days] == [None, 18, 18, None]


def test_earlier_days_keep_the_earlier_rule(world):
    PolicyRule.objects.update(valid_to=date(2027, 1, 1))
    factories.staffing_rule(w.CITY, heads=20, since=date(2027, 1, 1))
    assert [heads(w.SPRING, day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [18, 20]


def test_code_that_only_looks_like_an_ancestor_lends_no_rule(world):
    factories.staffing_rule("9701", heads=30)
    assert heads("970101") == 30
    assert heads("97") is None


def test_all_rules_of_a_division_cost_one_query(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        rules = rules_of(w.SPRING, DAY)
    assert rules[STAFFING.key].source == "示例文件〔2022〕1号 第一条"
    assert rules[ELIGIBILITY.key].value == ELIGIBILITY.default


def test_rule_in_words_and_source(world):
    rule = rule_for(STAFFING, w.SPRING, DAY)
    assert (rule.words, rule.source) == ("每 10,000 名城镇常住人口不少于 18 人", "示例文件〔2022〕1号 第一条")


def test_sql_and_python_agree_for_every_division(world):
    factories.staffing_rule("", heads=15)
    factories.staffing_rule("960101001", heads=22, since=date(2026, 6, 1), valid_to=date(2026, 6, 2))
    factories.staffing_rule("9701", heads=30, since=date(2026, 6, 2))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH {RULES_CTE} SELECT d.code, (r.value->>'heads')::int FROM core_division d
            {nearest_rule(STAFFING, "d.code", "r")}""",
            {"on": DAY},
        )
        found = dict(cursor.fetchall())
    assert found == {code: heads(code) for code in world.divisions}
    assert set(found.values()) == {15, 18, 22}
