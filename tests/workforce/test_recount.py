import json

import pytest

from tests import factories
from tests import world as w
from workforce.models import Tally

pytestmark = pytest.mark.django_db


def spoil(code: str) -> None:
    Tally.objects.filter(division=code).update(workers=99)


def stored() -> dict[str, int]:
    return dict(Tally.objects.values_list("division", "workers"))


def test_verify_finds_no_difference_in_exact_tallies(world, run_command):
    result = run_command("recount", "--verify", "--json")
    assert (result.code, json.loads(result.out)["differences"]) == (0, [])


def test_verify_lists_differences_changes_nothing_and_exits_1(world, run_command):
    spoil(w.SPRING)
    result = run_command("recount", "--verify", "--json")
    assert result.code == 1
    assert json.loads(result.out)["differences"] == [
        {"code": w.SPRING, "stored": {"workers": 99}, "counted": {"workers": 2}}
    ]
    assert stored()[w.SPRING] == 99
    assert f"{w.SPRING}: stored workers 99, counted workers 2" in run_command("recount", "--verify").out


def test_verify_sees_a_tally_that_is_missing(world, run_command):
    Tally.objects.filter(division=w.SUMMER).delete()
    result = run_command("recount", "--verify", "--under", w.STREET, "--json")
    (found,) = json.loads(result.out)["differences"]
    assert (found["code"], found["stored"]["workers"], found["counted"]["workers"]) == (w.SUMMER, 0, 2)


def test_verify_under_a_division_looks_there_only(world, run_command):
    spoil(w.SNOW)
    spoil(w.AUTUMN)
    assert run_command("recount", "--verify", "--under", w.STREET).code == 0
    assert run_command("recount", "--verify", "--under", "960101000000").code == 1


def test_recount_rebuilds_everything(world, run_command):
    before = stored()
    for code in (w.SPRING, w.STREET, w.CITY, w.FAR):
        spoil(code)
    Tally.objects.filter(division=w.AUTUMN).delete()
    assert json.loads(run_command("recount", "--json").out)["tallies"] == len(before)
    assert stored() == before


def test_recount_under_a_division_mends_it_and_everything_above(world, run_command):
    before = stored()
    for code in (w.SPRING, w.STREET, w.DISTRICT, w.CITY, w.FAR):
        spoil(code)
    assert run_command("recount", "--under", w.STREET).code == 0
    assert stored() == before | {w.FAR: 99}
    assert run_command("recount", "--verify", "--under", w.CITY).code == 0


def test_recount_under_a_division_without_tallies_makes_them(world, run_command):
    factories.worker("新来", w.SNOW)
    assert run_command("recount", "--under", w.SNOW).code == 0
    found = stored()
    assert (found[w.SNOW], found["960102001"], found["960102"], found[w.CITY]) == (1, 2, 2, 7)
    assert run_command("recount", "--verify").code == 0


def test_recount_under_an_unknown_division_is_refused(world, run_command):
    result = run_command("recount", "--under", "12")
    assert (result.code, result.err) == (
        1,
        "There is no division with the code '12'. Load the divisions first, or correct the code.\n",
    )
