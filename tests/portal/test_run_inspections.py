import json

import pytest

from portal.core.findings.models import Finding
from portal.registry import INSPECTIONS
from tests import factories
from tests import world as w
from workforce.actions.tallies import recount

pytestmark = pytest.mark.django_db
SHORT = {w.CITY, w.DISTRICT, w.STREET, w.SPRING, w.AUTUMN, "960102", "960102001", w.SNOW}


def counts(result) -> dict:
    return {key: value for key, value in json.loads(result.out)["staffing"].items() if key != "seconds"}


def test_run_inspections_opens_then_refreshes_then_resolves(world, run_command):
    assert counts(run_command("run_inspections", "staffing", "--json")) == {
        "subjects": 10,
        "opened": 8,
        "refreshed": 0,
        "resolved": 0,
    }
    assert set(Finding.objects.filter(kind="staffing").values_list("division", flat=True)) == SHORT
    again = counts(run_command("run_inspections", "--json"))
    assert (again["opened"], again["refreshed"], again["resolved"]) == (0, 8, 0)
    for name in ("新甲", "新乙"):
        factories.worker(name, w.SNOW)
    recount()
    mended = counts(run_command("run_inspections", "staffing", "staffing", "--json"))
    assert (mended["opened"], mended["refreshed"], mended["resolved"]) == (0, 5, 3)
    active = Finding.objects.active().filter(kind="staffing")
    assert set(active.values_list("division", flat=True)) == SHORT - {"960102", "960102001", w.SNOW}


def test_run_inspections_looks_at_another_day(world, run_command):
    assert counts(run_command("run_inspections", "staffing", "--on", "2021-01-01", "--json"))["subjects"] == 0
    assert not Finding.objects.exists()


def test_run_inspections_says_in_words_what_it_did(world, run_command):
    assert run_command("run_inspections").out.startswith("staffing: 10 seen, 8 opened, 0 refreshed, 0 resolved, ")


def test_unknown_inspection_is_wrong_usage(run_command):
    result = run_command("run_inspections", "staffing", "nonsense")
    known = ", ".join(INSPECTIONS)
    assert (result.code, result.err) == (2, f"There is no inspection nonsense; there is {known}.\n")


@pytest.mark.parametrize("day", ["2026-13-01", "today", "2026年1月1日"])
def test_day_of_another_form_is_wrong_usage(run_command, day):
    result = run_command("run_inspections", "--on", day)
    assert result.code == 2
    assert f"'{day}' is not a day; write it as 2026-11-22" in result.err
