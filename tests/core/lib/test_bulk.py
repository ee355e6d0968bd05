import uuid
from datetime import date

import pghistory
import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from portal.core.lib.bulk import copy_text, insert_rows
from portal.core.territory.models import Population
from tests import world as w

pytestmark = pytest.mark.django_db
COLUMNS = ("division_id", "on", "basis", "value", "households", "source")


def test_rows_arrive_as_they_were_given(world):
    hard = 'a\\b\tc\nd\re\\N "f", \\. 张'
    rows = [
        (w.UNKNOWN, date(2026, 6, 30), "ledger", 5, None, hard),
        (w.SNOW, date(2020, 1, 1), "actual", 2**40, 7, "\\N"),
    ]
    assert insert_rows(Population, COLUMNS, iter(rows)) == 2
    assert set(Population.objects.filter(source__in=[hard, "\\N"]).values_list(*COLUMNS)) == set(rows)


def test_many_rows_stream_in_several_reads(world):
    day = date(2000, 1, 1).toordinal()
    rows = ((w.UNKNOWN, date.fromordinal(day + n), "ledger", n + 1, None, "长" * 190) for n in range(400))
    assert insert_rows(Population, COLUMNS, rows) == 400
    assert sum(Population.objects.filter(division=w.UNKNOWN).values_list("value", flat=True)) == 400 * 401 // 2


def test_history_of_the_rows_carries_the_actor(world):
    with pghistory.context(user="tester", act="bulk"):
        insert_rows(Population, COLUMNS, [(w.UNKNOWN, date(2026, 6, 30), "ledger", 5, None, "x")])
    event = apps.get_model("core", "PopulationEvent").objects.get(division=w.UNKNOWN)
    assert (event.pgh_label, event.pgh_context["user"], event.pgh_context["act"]) == ("insert", "tester", "bulk")


def test_constraints_hold_and_nothing_stays_behind(world):
    before = Population.objects.count()
    rows = [
        (w.UNKNOWN, date(2026, 6, 30), "ledger", 5, None, "x"),
        (w.UNKNOWN, date(2026, 6, 30), "ledger", 6, None, "x"),
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Population, COLUMNS, rows)
    assert Population.objects.count() == before
    assert insert_rows(Population, COLUMNS, rows[:1]) == 1


def test_values_in_copy_text():
    number = uuid.UUID(int=7)
    assert [copy_text(value) for value in (None, True, False, 0, b"\x00\xff", number, date(2026, 1, 2), "\\")] == [
        "\\N",
        "t",
        "f",
        "0",
        "\\\\x00ff",
        str(number),
        "2026-01-02",
        "\\\\",
    ]
