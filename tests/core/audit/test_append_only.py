import pytest
from django.db import DatabaseError, InternalError, ProgrammingError, connection, transaction

from portal.core.audit.actions import record
from portal.core.audit.append_only import protect, unprotected
from portal.core.audit.models import AuditSeal
from portal.core.audit.sealing import sealed_tables

TABLES = sorted([*(table.name for table in sealed_tables()), AuditSeal._meta.db_table])


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_every_audit_table_is_protected(db):
    assert unprotected() == []


@pytest.mark.parametrize("table", TABLES)
def test_role_of_the_portal_can_neither_update_nor_delete(db, table):
    key = "id" if table.startswith("core_audit") else "pgh_id"
    for sql in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            run(sql)


def test_triggers_refuse_even_with_the_privilege(db):
    record("login", by=None)
    run("GRANT UPDATE, DELETE ON core_auditevent TO CURRENT_USER")
    assert unprotected() == ["core_auditevent"]
    for sql in ("UPDATE core_auditevent SET actor = 'x'", "DELETE FROM core_auditevent"):
        with pytest.raises(InternalError, match="append_only"):
            run(sql)
    protect()
    assert unprotected() == []


def test_truncating_is_refused_outside_a_test_database(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('core_audit_keep'::regproc)")
        definition = cursor.fetchone()[0]
        cursor.execute(definition.replace("current_database()", "'portal'::text"))
    with pytest.raises(DatabaseError, match="The audit trail is append-only: core_auditevent cannot be truncated."):
        run("TRUNCATE core_auditevent")
