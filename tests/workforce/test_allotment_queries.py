"""The allotment engine in SQL: it agrees with the pure rule on whatever data, on any day."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db import connection

from portal.core.policy.models import PolicyRule
from tests import factories
from tests import world as w
from workforce.actions.tallies import recount
from workforce.queries.allotment import allotment_of, allotment_sql

FOUR_PLUS_N = {"base": 4, "households_per": 300, "rounding": "nearest", "least": 0}
TAIYUAN = {
    "rows": [{"households_from": at, "heads": n} for at, n in ((0, 3), (2000, 4), (3000, 5), (4000, 6), (5000, 6))],
    "further_households": 500,
    "further_heads": 1,
}


def rule(kind: str, value: dict, division: str = w.CITY, since: date = date(2018, 1, 1), until: date | None = None):
    return PolicyRule.objects.create(
        kind=kind, division_id=division or None, valid_from=since, valid_to=until, value=value,
        document="示例职数文件", article="第二条", entered_by="test",
    )  # fmt: skip


def in_sql(on: date) -> dict[str, tuple]:
    sql, parameters = allotment_sql(on, "SELECT code, allotted, certainty, binding, by_allotment FROM allotted")
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return {code: rest for code, *rest in cursor.fetchall()}


def test_ratio_alone_is_the_staffing_standard(world):
    found = allotment_of(w.SPRING, world.today)
    assert (found.result.heads, found.result.binding, found.gap, found.workers) == (6, ("per_population",), 4, 2)
    assert found.rules["per_population"].source == "示例文件〔2022〕1号 第一条"


def test_four_plus_n_binds_where_it_gives_more(world):
    rule("staffing.allotment", FOUR_PLUS_N)
    found = allotment_of(w.SPRING, world.today)
    assert [(r.engine, r.heads) for r in found.result.results] == [("per_population", 6), ("allotment", 7)]
    assert (found.households, found.result.heads, found.result.binding, found.gap) == (1000, 7, ("allotment",), 5)
    assert found.rules["allotment"].source == "示例职数文件 第二条"
    assert (found.break_even, allotment_of(w.SUMMER, world.today).break_even) == (1936, 1931)


def test_nearest_rule_wins_and_a_cap_binds(world):
    rule("staffing.allotment", FOUR_PLUS_N)
    rule("staffing.allotment", {**FOUR_PLUS_N, "base": 2}, division=w.SUMMER)
    rule("staffing.cap", {"heads": 5}, division=w.STREET)
    assert in_sql(world.today)[w.SPRING] == [5, "exact", ["cap"], 7]
    assert in_sql(world.today)[w.SUMMER] == [3, "exact", ["allotment"], 3]
    assert allotment_of(w.SPRING, world.today).rules["cap"].value == {"heads": 5}


def test_households_missing_is_no_data_of_that_engine(world):
    rule("staffing.allotment", FOUR_PLUS_N)
    factories.population(w.UNKNOWN, 900, world.today)
    recount()
    found = allotment_of(w.UNKNOWN, world.today)
    assert [(r.engine, r.heads, r.missing) for r in found.result.results] == [
        ("per_population", 2, ""),
        ("allotment", None, "households"),
    ]
    assert (found.result.heads, found.result.certainty, found.break_even) == (2, "least", None)
    assert allotment_of(w.FAR, world.today).result.heads is None


def test_latest_record_that_tells_households_is_taken(world):
    """A newer population without households does not hide them."""
    rule("staffing.allotment", FOUR_PLUS_N)
    factories.population(w.SPRING, 3100, world.today - timedelta(days=1), basis="actual")
    factories.population(w.SPRING, 3200, world.today - timedelta(days=400), households=9999)
    recount()
    assert allotment_of(w.SPRING, world.today).households == 1000


def test_past_day_answers_as_it_was(world):
    since = world.today - timedelta(days=10)
    rule("staffing.allotment", FOUR_PLUS_N, since=since)
    assert allotment_of(w.SPRING, since).result.heads == 7
    before = allotment_of(w.SPRING, since - timedelta(days=1))
    assert (before.result.heads, before.result.binding) == (6, ("per_population",))
    assert allotment_of(w.SPRING, date(2020, 1, 1)).result.results == ()


def test_villages_have_no_allotment(world):
    rule("staffing.allotment", FOUR_PLUS_N, division="")
    assert allotment_of(w.VILLAGE, world.today) is None
    assert w.VILLAGE not in in_sql(world.today)


@pytest.mark.parametrize("seed", range(12))
def test_sql_agrees_with_the_pure_rule_on_random_data(world, seed):
    random = Random(seed)
    codes = [w.SPRING, w.SUMMER, w.AUTUMN, w.UNKNOWN, w.SAME_NAME, w.SNOW, w.FAR]
    for scope in random.sample(["", w.CITY, w.DISTRICT, w.STREET, *codes], 6):
        brackets = sorted(random.sample(range(0, 6000), random.randint(1, 5)))
        for kind, value in (
            ("staffing.allotment", {
                "base": random.randint(0, 6), "households_per": random.randint(1, 500),
                "rounding": random.choice(["nearest", "ceil", "floor"]), "least": random.randint(0, 5),
            }),
            ("staffing.brackets", {
                "rows": [{"households_from": at, "heads": random.randint(0, 20)} for at in brackets],
                "further_households": random.randint(1, 900), "further_heads": random.randint(0, 3),
            }),
            ("staffing.cap", {"heads": random.randint(1, 25)}),
            ("staffing.combination", {"choose": random.choice(["largest", "smallest"])}),
        ):  # fmt: skip
            if random.random() < 0.6:
                rule(kind, value, division=scope)
    for code in codes:
        for days in random.sample(range(1, 900), random.randint(0, 3)):
            households = random.choice([None, random.randint(0, 9000)])
            on = world.today - timedelta(days=days)
            factories.population(code, random.randint(1, 20_000), on, basis="actual", households=households)
    recount()
    for day in (world.today, world.today - timedelta(days=random.randint(1, 500))):
        rows = in_sql(day)
        assert set(rows) == set(codes)
        for code, (heads, certainty, binding, _fixed) in rows.items():
            result = allotment_of(code, day).result
            assert (heads, certainty, tuple(binding)) == (result.heads, result.certainty, result.binding)
