"""Empties the database after a test that wrote for good, in a hundredth of the time that Django's `flush` takes.

`flush` truncates every table, which makes a few new files for each of them and needs them all to itself: a page or a
worker that is not quite done then waits for it in a circle. The administrator of the embedded server deletes rows
instead, past triggers and foreign keys, and only in tables that ever held any. Permissions and content types stay, as
the migrations made them. On a server of somebody else's choice, where there is no administrator, it is `flush`.
"""

import contextlib
import os
import time

import psycopg2
from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.test import TransactionTestCase

from portal.embedded.postgres import ADMIN, Postgres

STAYING = ["django_migrations", "django_content_type", "auth_permission"]
# So long somebody else's row may hold this up.
LOCK_SECONDS = 20
_FILLED = """
SELECT string_agg(format('DELETE FROM %%I', relname), ';') FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 AND relname <> ALL(%s)"""

_flush = TransactionTestCase._fixture_teardown


def empty(case: TransactionTestCase) -> None:
    """Takes the place of `TransactionTestCase._fixture_teardown`."""
    if os.environ.get("DATABASE_URL"):
        _patiently(lambda: _flush(case), CommandError)
    else:
        _patiently(_delete, psycopg2.OperationalError)


def _patiently(act, error: type[Exception]) -> None:
    """Who is not done when a test ends may stand in the way for a moment."""
    for seconds in (0.5, 1, 2, 4):
        try:
            return act()
        except error:
            time.sleep(seconds)
    return act()


def _delete() -> None:
    name = connection.settings_dict["NAME"]
    server = Postgres(settings.DATA_DIR)
    with (
        contextlib.closing(server._connect(ADMIN, name, "database_admin_password")) as administrator,
        administrator,
        administrator.cursor() as cursor,
    ):
        cursor.execute(f"SET session_replication_role = replica; SET lock_timeout = '{LOCK_SECONDS}s'")
        cursor.execute(_FILLED, [STAYING])
        cursor.execute(cursor.fetchone()[0] or "SELECT")
