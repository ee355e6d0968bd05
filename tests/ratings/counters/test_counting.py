"""Every counter of service records against a slow count in Python by the pure rules, on records thrown together by chance."""

from datetime import date

import pytest
from django.db import connection, transaction

from portal.core.indicators.counting import Scope
from portal.core.lib.clock import today
from portal.core.lib.codes import LENGTHS
from ratings.actions.tallies import refresh_tallies
from ratings.counters import BOOK
from ratings.models import Tally
from tests.ratings.counters.chance import Chance
from tests.ratings.counters.oracle import Oracle
from tests.workforce.counters.chance import divisions
from workforce.actions.tallies import differences, recount

pytestmark = pytest.mark.django_db


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
                mine[name] = mine.get(name, 0) + number
    return {code: {name: number for name, number in numbers.items() if number} for code, numbers in summed.items()}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("on", [date(2026, 11, 23), date(2024, 2, 29), date(2025, 7, 1)])
def test_counters_are_what_a_slow_count_by_the_pure_rules_finds(seed, on):
    divisions()
    Chance(seed, on).fill()
    assert counted(on) == expected(on)


@pytest.mark.parametrize("seed", range(2))
def test_scopes_count_alike_and_a_refresh_of_every_community_changes_nothing(seed):
    divisions()
    Chance(seed, today()).fill()
    recount()
    assert counted(today(), Scope.RANGE) == counted(today())
    before = list(Tally.objects.order_by("pk").values_list("pk", *BOOK.names))
    assert {code for code, *_numbers in before} == set(counted(today()))
    refresh_tallies(code for code, *_rest in before if len(code) == 12)
    assert list(Tally.objects.order_by("pk").values_list("pk", *BOOK.names)) == before
    Tally.objects.all().update(**{name: 0 for name in BOOK.names})
    assert differences()
    refresh_tallies(code for code, *_rest in before if len(code) == 12)
    assert differences() == []


@pytest.mark.parametrize("seed", range(2))
def test_rows_behind_a_number_are_as_many_as_the_number(seed):
    divisions()
    Chance(seed, today()).fill()
    whole = counted(today())
    for name, counter in BOOK.counters.items():
        behind = rows(f"WITH {BOOK.rows_behind(name)} SELECT code, id::text, amount FROM behind", today())
        assert len({(code, row) for code, row, _amount in behind}) == len(behind), name
        number = sum(whole.get(province, {}).get(name, 0) for province in ("96", "97"))
        assert sum(amount for *_row, amount in behind) == number, name
        assert counter.add or len(behind) == number, name


@pytest.mark.parametrize("seed", range(2))
def test_tallies_are_exact_after_every_record(seed):
    divisions()
    recount()
    chance = Chance(seed, today())
    for number in range(4):
        for code in ("960101001001", "960101001200", "970101001001"):
            chance.some(code, number)
            refresh_tallies([code])
            assert differences() == []


def test_chance_gives_every_counter_something_to_count():
    divisions()
    seen: set[str] = set()
    for seed, rounds in ((0, 5), (1, 5), (2, 5), *((seed, 1) for seed in range(3, 9))):
        with transaction.atomic():
            Chance(seed, today()).fill(rounds)
            seen |= {name for numbers in counted(today()).values() for name in numbers}
            transaction.set_rollback(True)
    assert set(BOOK.names) - seen == set()
