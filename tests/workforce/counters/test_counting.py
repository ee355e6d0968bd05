"""Every counter against a slow count in Python, on rosters thrown together by chance, and against the rows behind it."""

from datetime import date

import pytest
from django.db import connection, transaction

from portal.core.indicators.counting import Scope
from portal.core.lib.clock import today
from portal.core.lib.codes import LENGTHS
from tests.workforce.counters.chance import Chance, divisions
from tests.workforce.counters.oracle import Oracle
from workforce.actions.tallies import differences, recount, refresh_tallies
from workforce.counters import BOOK
from workforce.models import Tally

pytestmark = pytest.mark.django_db
# Certificate clocks have rules and an oracle of their own (`test_clocks`, `test_certificate_inspections`).
CLOCKS = {counter.name for family in BOOK.families if family.name == "clocks" for counter in family.counters}


def rows(sql: str, on: date) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"on": on, "low": "", "high": ":"})
        return cursor.fetchall()


def counted(on: date, scope: Scope = Scope.EVERYWHERE) -> dict[str, dict[str, int]]:
    """Counters that are not 0, by division."""
    found = {}
    for code, *numbers in rows(f"WITH {BOOK.recounted(scope)} SELECT * FROM tallies", on):
        found[code] = {name: number for name, number in zip(BOOK.names, numbers, strict=True) if number}
    return {code: numbers for code, numbers in found.items() if numbers}


def expected(on: date) -> dict[str, dict[str, int]]:
    summed: dict[str, dict[str, int]] = {}
    for code, numbers in Oracle(on).found.items():
        for above in (code[:length] for length in LENGTHS):
            mine = summed.setdefault(above, {})
            for name, number in numbers.items():
                mine[name] = mine.get(name, 0) + int(number)
    return {code: found for code, numbers in summed.items() if (found := {n: v for n, v in numbers.items() if v})}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("on", [date(2026, 11, 23), date(2024, 2, 29), date(2025, 2, 28)])
def test_counters_are_what_a_slow_count_finds(seed, on):
    divisions()
    Chance(seed, on).fill(45)
    found = {code: {n: v for n, v in numbers.items() if n not in CLOCKS} for code, numbers in counted(on).items()}
    wanted = expected(on)
    assert {code: found.get(code, {}) for code in wanted} == wanted
    assert set(found) == set(wanted)


@pytest.mark.parametrize("seed", range(4))
def test_scopes_count_alike_and_a_refresh_of_every_community_changes_nothing(seed):
    divisions()
    Chance(seed, today()).fill(45)
    recount()
    assert counted(today(), Scope.RANGE) == counted(today())
    before = list(Tally.objects.order_by("pk").values_list("pk", *BOOK.names))
    refresh_tallies(code for code, *_rest in before if len(code) == 12)
    assert list(Tally.objects.order_by("pk").values_list("pk", *BOOK.names)) == before
    Tally.objects.all().update(**{name: 0 for name in BOOK.names})
    refresh_tallies(code for code, *_rest in before if len(code) == 12)
    assert differences() == []


@pytest.mark.parametrize("seed", range(3))
def test_rows_behind_a_number_are_as_many_as_the_number(seed):
    divisions()
    Chance(seed, today()).fill(60)
    whole = counted(today())
    for name, counter in BOOK.counters.items():
        behind = rows(f"WITH {BOOK.rows_behind(name)} SELECT code, id::text, amount FROM behind", today())
        assert len({(code, row) for code, row, _amount in behind}) == len(behind), name
        number = sum(whole.get(province, {}).get(name, 0) for province in ("96", "97"))
        assert sum(amount for *_row, amount in behind) == number, name
        assert counter.add or len(behind) == number, name


def test_chance_gives_nearly_every_counter_something_to_count():
    divisions()
    seen = set()
    for seed, people in ((1, 30), (2, 60), (3, 350)):
        with transaction.atomic():
            Chance(seed, today()).fill(people)
            seen |= {name for numbers in counted(today()).values() for name in numbers}
            transaction.set_rollback(True)
    missing = set(BOOK.names) - seen - CLOCKS
    assert len(missing) <= 10, missing


def test_no_index_is_asked_for_all_pairs_of_many_communities():
    """One condition on the codes reaches an index once: with two of them, 500 communities were looked up 250,000 times."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            f"EXPLAIN WITH {BOOK.counted(Scope.CODES)} SELECT * FROM counts", {"on": today(), "codes": ["1", "2"]}
        )
        conditions = [line for (line,) in cursor.fetchall() if "Index Cond" in line]
    assert any("= ANY" in condition for condition in conditions)
    assert [condition for condition in conditions if condition.count("= ANY") > 1] == []
