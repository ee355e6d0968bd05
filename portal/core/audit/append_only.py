"""PostgreSQL itself keeps the audit trail append-only, against the very role that the portal connects with.

Three fences: triggers refuse UPDATE and DELETE (declared on the models), the role holds neither privilege, and a
trigger refuses TRUNCATE. The privilege TRUNCATE stays, because PostgreSQL before version 17 grants the lock that
`sealing.seal_pending` takes only to holders of one of the three. A database called test_... may be truncated: that is
how Django hands every test an empty database, and no server's database may be called so.

What was told to others (`_TOLD`) has the same trigger and gets the same fences. History tables get their small index by
day here as well, since their models are made by pghistory.
"""

from django.db import DEFAULT_DB_ALIAS, connections

from portal.core.audit.models import AuditEvent, AuditSeal
from portal.core.audit.sealing import sealed_tables

_FUNCTION = r"""
CREATE OR REPLACE FUNCTION core_audit_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_database() NOT LIKE 'test\_%' THEN
        RAISE EXCEPTION 'The audit trail is append-only: % cannot be truncated.', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$"""

_FENCE = """
REVOKE UPDATE, DELETE ON {table} FROM CURRENT_USER;
CREATE OR REPLACE TRIGGER core_audit_keep BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION core_audit_keep()"""

_BY_DAY = "CREATE INDEX IF NOT EXISTS {name} ON {table} USING brin (pgh_created_at) WITH (autosummarize = on)"

_OPEN = """
SELECT c.relname FROM pg_class c
WHERE c.relname = ANY(%s) AND pg_table_is_visible(c.oid) AND (
    EXISTS (SELECT 1 FROM aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
            WHERE a.privilege_type IN ('UPDATE', 'DELETE'))
    OR NOT EXISTS (SELECT 1 FROM pg_trigger t
                   WHERE t.tgrelid = c.oid AND t.tgname = 'core_audit_keep' AND t.tgenabled = 'O'))
ORDER BY c.relname"""

# Published figures. A table here has no foreign keys in the database: checking one takes a lock that the fence refuses.
_TOLD = ("core_publication",)
_WITHOUT_HISTORY = {AuditEvent._meta.db_table, AuditSeal._meta.db_table, *_TOLD}


def _names() -> list[str]:
    return [*(table.name for table in sealed_tables()), AuditSeal._meta.db_table, *_TOLD]


def protect(apps=None, schema_editor=None) -> None:
    """Puts up the second and third fence around every audit table that exists; running it again changes nothing.

    Has the form of a migration's RunPython: it is the last operation of every migration that makes a history table.
    """
    connection = schema_editor.connection if schema_editor else connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        cursor.execute(_FUNCTION)
        for table in _names():
            if table in there:
                quoted = connection.ops.quote_name(table)
                cursor.execute(_FENCE.format(table=quoted))
                if table not in _WITHOUT_HISTORY:
                    cursor.execute(_BY_DAY.format(table=quoted, name=connection.ops.quote_name(f"{table}_by_day")))


def unprotected() -> list[str]:
    """Audit tables that somebody may update or delete from, or truncate; the answer must be empty."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_OPEN, [_names()])
        return [name for (name,) in cursor.fetchall()]
