"""Foreign keys to people refuse a deletion at once (docs/adr/0020)."""

import pytest
from django.db import IntegrityError, connection, transaction

from workforce.models import Person

TABLES = ["workforce_person", "workforce_appointment", "workforce_certificate"]
SLOW = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
WHERE contype = 'f' AND confrelid = ANY(%s::regclass[])
  AND NOT (confdeltype = 'r' AND condeferrable AND condeferred AND convalidated)"""


def test_every_foreign_key_to_people_restricts(db):
    with connection.cursor() as cursor:
        cursor.execute(SLOW, [TABLES])
        assert cursor.fetchall() == []


def test_person_with_a_post_is_not_deleted(world):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM workforce_person WHERE id = %s", [world.people["钱风"].pk])
    assert Person.objects.filter(name="钱风").exists()
