import json

import psycopg2
import pytest
from django.conf import settings
from django.db import connection

from portal.core.accounts.actions import change_user, create_user
from portal.core.audit.actions import record
from portal.core.audit.models import AuditEvent, AuditSeal
from portal.core.audit.sealing import Problem, seal_pending, sealed_tables, verify
from portal.core.lib import keyring
from portal.core.models import CalendarDay

EVENTS, SEALS, USERS = "core_auditevent", "core_auditseal", "core_userevent"


@pytest.fixture
def trail(db):
    """Seven events and the history of one account, sealed in runs of three."""
    for number in range(7):
        record("login", by=None, subject=f"用户{number}", division="96")
    user, _password = create_user(username="someone", name="某人", division=None, by=None)
    change_user(user=user, name="某某", department="一科", by=user)
    seal_pending()
    return list(AuditEvent.objects.order_by("id").values_list("id", flat=True))


@pytest.fixture(autouse=True)
def short_runs(monkeypatch):
    monkeypatch.setattr("portal.core.audit.sealing.RUN_ROWS", 3)


def tamper(table: str, sql: str, *parameters) -> None:
    """Does what only the owner of the tables could do: opens the fences and writes."""
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE, DELETE ON {table} TO CURRENT_USER")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)


def found() -> list[tuple]:
    return [(problem.table, problem.row, problem.what) for problem in verify().problems]


def test_every_history_table_is_sealed():
    names = {table.name for table in sealed_tables()}
    assert {EVENTS, USERS, "core_grantevent", "workforce_personevent", "workforce_appointmentevent"} <= names


def test_untouched_trail_has_no_problems(trail):
    seals = AuditSeal.objects.filter(table=EVENTS).order_by("id")
    assert [row_id for seal in seals for row_id in seal.row_ids] == trail
    verified = verify()
    shipped = CalendarDay.pgh_event_model.objects.count()  # entered by a migration
    assert (verified.problems, verified.unsealed, verified.rows) == ([], 0, len(trail) + 2 + shipped)
    assert verified.head == bytes(AuditSeal.objects.latest("id").chain).hex()


def test_sealing_again_seals_nothing(trail):
    assert set(seal_pending().values()) == {0}


def test_rows_not_yet_sealed_are_counted(trail):
    record("login", by=None)
    assert (verify().problems, verify().unsealed) == ([], 1)


@pytest.mark.parametrize("column", ["actor", "subject", "division", "at", "detail", "ip", "outcome"])
def test_altered_row_is_named(trail, column):
    value = {"at": "2020-01-01T00:00Z", "detail": '{"a": 1}'}.get(column, "x")
    tamper(EVENTS, f"UPDATE {EVENTS} SET {column} = %s WHERE id = %s", value, trail[4])
    assert found() == [(EVENTS, trail[4], "altered")]


def test_altered_history_is_named(trail):
    row = connection.cursor()
    row.execute(f"SELECT max(pgh_id) FROM {USERS}")
    (newest,) = row.fetchone()
    tamper(USERS, f'UPDATE {USERS} SET pgh_context = \'{{"user": "other"}}\' WHERE pgh_id = %s', newest)
    assert found() == [(USERS, newest, "altered")]


def test_deleted_row_is_named(trail):
    tamper(EVENTS, f"DELETE FROM {EVENTS} WHERE id IN (%s, %s)", trail[0], trail[6])
    assert found() == [(EVENTS, trail[0], "deleted"), (EVENTS, trail[6], "deleted")]


def test_row_slipped_in_between_is_named(trail):
    tamper(EVENTS, f"DELETE FROM {EVENTS} WHERE id = %s", trail[3])
    AuditEvent.objects.create(id=trail[3], act="login", actor="other")
    AuditEvent.objects.create(id=trail[0] - 1, act="login", actor="other")
    assert found() == [(EVENTS, trail[0] - 1, "inserted"), (EVENTS, trail[3], "altered")]


def test_altered_and_deleted_seals_break_the_chain(trail):
    first, second = AuditSeal.objects.order_by("id")[:2]
    tamper(SEALS, f"UPDATE {SEALS} SET digests = %s WHERE id = %s", b"\0" * 24, first.pk)
    assert (SEALS, first.pk, "chain") in found()
    tamper(SEALS, f"DELETE FROM {SEALS} WHERE id = %s", first.pk)
    assert (SEALS, second.pk, "chain") in found()


def test_seal_forged_without_the_key_breaks_the_chain(trail, settings):
    real = settings.FIELD_KEYS
    record("login", by=None, subject="伪造")
    settings.FIELD_KEYS = keyring.parse("test:another-key-that-an-attacker-might-make-up")
    seal_pending()
    settings.FIELD_KEYS = real
    assert "chain" in {what for _table, _row, what in found()}


def test_cut_off_newest_seal_shows_against_a_kept_head(trail):
    head = verify().head
    newest = AuditSeal.objects.latest("id")
    key = "id" if newest.table == EVENTS else "pgh_id"
    tamper(SEALS, f"DELETE FROM {SEALS} WHERE id = %s", newest.pk)
    tamper(newest.table, f"DELETE FROM {newest.table} WHERE {key} = ANY(%s)", newest.row_ids)
    assert verify().problems == []
    assert verify(head).problems == [Problem(SEALS, None, "head")]


def test_older_key_still_verifies_and_a_lost_key_is_named(trail, settings):
    old = "test:0123456789abcdefghijklmnopqrstuvwxyz"
    settings.FIELD_KEYS = keyring.parse(f"new:another-key-of-at-least-32-letters-zzz,{old}")
    record("login", by=None)
    seal_pending()
    assert found() == []
    settings.FIELD_KEYS = keyring.parse("new:another-key-of-at-least-32-letters-zzz")
    assert {what for _table, _row, what in found()} >= {"key"}


def test_verifying_does_not_depend_on_the_sessions_time_zone(trail):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'Asia/Shanghai'")
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_table_with_an_open_writer_is_left_for_the_next_run(monkeypatch):
    monkeypatch.setattr("portal.core.audit.sealing.LOCK_TIMEOUT", "50ms")
    record("login", by=None, subject="先")
    database = settings.DATABASES["default"]
    other = psycopg2.connect(
        dbname=connection.settings_dict["NAME"], host=database["HOST"], port=database["PORT"],
        user=database["USER"], password=database["PASSWORD"],
    )  # fmt: skip
    try:
        other.cursor().execute(
            "INSERT INTO core_auditevent (at, actor, act, outcome, subject, division, reason, detail, ip, request_id)"
            " VALUES (now(), '', 'login', 'done', '', '', '', '{}', '', '')"
        )
        record("login", by=None, subject="后")
        assert seal_pending()[EVENTS] is None
        other.commit()
    finally:
        other.close()
    assert seal_pending()[EVENTS] == 3
    assert found() == []


def test_command_seals_after_verifying_and_exits_1_on_tampering(trail, run_command):
    record("login", by=None)
    done = run_command("verify_audit", "--json")
    answer = json.loads(done.out)
    assert (done.code, answer["problems"], answer["unsealed"], answer["sealed_now"]) == (0, [], 1, 1)
    assert (answer["busy"], answer["unprotected"]) == ([], [])
    tamper(EVENTS, f"UPDATE {EVENTS} SET actor = 'x' WHERE id = %s", trail[2])
    done = run_command("verify_audit")
    assert done.code == 1
    assert f"core_auditevent row {trail[2]} was altered after it was sealed." in done.err
    assert "core_auditevent can be changed by the database role of the portal" in done.err
