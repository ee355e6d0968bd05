"""The trigger of tables that are filled in bulk: who acts stands in every history row, read once for the statement."""

from datetime import date

import pghistory
import pytest
from django.db import connection

from tests import factories
from workforce.models import Appointment, Certificate, Contract, GradeRecord, Person, Registration

BULK = (Appointment, Certificate, Contract, GradeRecord, Person, Registration)
CONTEXT = "COALESCE(NULLIF(CURRENT_SETTING("


@pytest.mark.parametrize("model", BULK)
def test_insert_trigger_reads_the_context_once(db, model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_insert_insert%%'",
            [model._meta.db_table],
        )
        [(text,)] = cursor.fetchall()
    assert text.count(CONTEXT) == text.count(f"(SELECT {CONTEXT}") == 2


def test_every_row_of_a_statement_says_who_acted_in_it(db):
    person, day = factories.person(), date(2026, 1, 1)
    for user, levels in (("first", ("assistant", "social_worker")), ("second", ("senior", "local"))):
        with pghistory.context(user=user, act="registers"):
            Certificate.objects.bulk_create(Certificate(person=person, level=one, obtained_on=day) for one in levels)
    events = list(Certificate.pgh_event_model.objects.order_by("pgh_id"))
    assert [(event.level, event.pgh_context["user"]) for event in events] == [
        ("assistant", "first"),
        ("social_worker", "first"),
        ("senior", "second"),
        ("local", "second"),
    ]
    keys = [event.pgh_context_id for event in events]
    assert keys[0] == keys[1] != keys[2] == keys[3] and None not in keys
