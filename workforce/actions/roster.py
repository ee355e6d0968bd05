"""Writes a whole checked sheet to the roster: set-based, so that a hundred thousand rows take seconds.

The sections of the plan go by COPY into temporary tables and from there by INSERT and UPDATE, which carry the history's
context.
"""

from typing import Any

from django.db import connection

from portal.core.audit.actions import action, record
from portal.core.lib.bulk import count_for_planner, plan_anew
from portal.core.sheets.importer import Part
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.staging import stage
from workforce.actions.grades_roster import follow_staged
from workforce.actions.plan_text import SECTIONS
from workforce.actions.roster_exits import move_exits, write_exits
from workforce.actions.tallies import refresh_tallies
from workforce.queries.figured import communities_sql

_TEXTS = ("name", "sex", "birth_date", "ethnicity", "political_status", "education", "degree", "major")
_SERVICE = ("hired_on", "left_on", "leaving_reason")
_POST = ("division_id", "body", "title", "tier", "grade", "entry", "full_time", "managed", "grid_worker")
_PERIOD = ("valid_from", "valid_to")
_CERTIFICATE = ("level", "number", "obtained_on")
_STAGED = "SELECT id FROM roster_person UNION SELECT person_id FROM roster_appointment"
_PERSON_COLUMNS = (*_TEXTS, *_SERVICE, "name_pinyin", "name_initials")


@action
def apply_roster(*, part: Part, batch: ImportBatch, by) -> None:
    """Writes the plan of a checked sheet, given section by section, and brings the tallies up to date; all or nothing.

    Raises IntegrityError when the roster has come to contradict the plan since it was made.
    """
    with connection.cursor() as cursor:
        rows = {section: stage(cursor, f"roster_{section}", SECTIONS[section], part(section)) for section in SECTIONS}
        changed = {section for section in SECTIONS if section != "community" and _corrects(cursor, section)}
        _write_people(cursor, "person" in changed)
        count_for_planner(cursor, "workforce_person", rows["person"])
        _write_dated(cursor, "appointment", (*_POST, *_PERIOD), "appointment" in changed)
        count_for_planner(cursor, "workforce_appointment", rows["appointment"])
        _write_contracts(cursor, "contract" in changed)
        write_exits(cursor)
        _write_certificates(cursor, "certificate" in changed)
        count_for_planner(cursor, "workforce_certificate", rows["certificate"])
        _write_registrations(cursor, "registration" in changed)
        cursor.execute(f"SELECT code FROM roster_community UNION {communities_sql(_STAGED)}")
        communities = {code for (code,) in cursor.fetchall()}
    follow_staged()
    refresh_tallies(communities)
    _check_references()
    record("import_applied", by=by, subject=batch.pk, division=batch.division_id, file=batch.filename, **batch.counts)


def _corrects(cursor: Any, section: str) -> bool:
    """Whether a section holds rows on record, which are to be updated."""
    known = "NOT new" if section == "person" else "id IS NOT NULL"
    cursor.execute(f"SELECT EXISTS (SELECT 1 FROM roster_{section} WHERE {known})")
    found = cursor.fetchone()[0]
    if found:
        cursor.execute(f"ANALYZE roster_{section}")
    return found


def _check_references() -> None:
    """Foreign keys are checked here and not at the commit, by plans that know how many people there are."""
    with connection.cursor() as cursor:
        plan_anew(cursor)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _write_people(cursor: Any, changed: bool) -> None:
    """New people in full; known ones as they shall be, their version counted up whatever of theirs changes."""
    if changed:
        move_exits(cursor)
    names = ", ".join(_PERSON_COLUMNS)
    cursor.execute(
        f"""INSERT INTO workforce_person (id, id_number, id_number_index, phone, version, {names})
        SELECT id, id_number, id_number_index, phone, 1, {names} FROM roster_person WHERE new ORDER BY id"""
    )
    if not changed:
        return
    given = ", ".join(f"{name} = s.{name}" for name in _PERSON_COLUMNS)
    plan_anew(cursor)
    cursor.execute(
        f"""UPDATE workforce_person p SET {given}, phone = coalesce(s.phone, p.phone), version = p.version + 1
        FROM roster_person s WHERE p.id = s.id AND NOT s.new"""
    )


def _write_dated(cursor: Any, noun: str, columns: tuple[str, ...], changed: bool) -> None:
    """Corrects and adds rows that must not overlap in time.

    The constraint looks at one row after another, so where several periods of a person move at once they are first cut
    down to what stays of them.
    """
    table, staged = f"workforce_{noun}", f"roster_{noun}"
    if changed:
        plan_anew(cursor)
        cursor.execute(
            f"""UPDATE {table} t
            SET valid_from = greatest(t.valid_from, s.valid_from), valid_to = least(t.valid_to, s.valid_to)
            FROM {staged} s
            WHERE t.id = s.id AND (t.valid_from, t.valid_to) IS DISTINCT FROM (s.valid_from, s.valid_to)
              AND EXISTS (SELECT 1 FROM {staged} o WHERE o.person_id = s.person_id AND o.id IS DISTINCT FROM s.id)"""
        )
        given = ", ".join(f"{name} = s.{name}" for name in columns)
        plan_anew(cursor)
        cursor.execute(f"UPDATE {table} t SET {given} FROM {staged} s WHERE t.id = s.id")
    names = ", ".join(("person_id", *columns))
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {staged} WHERE id IS NULL")


def _write_contracts(cursor: Any, changed: bool) -> None:
    """The sheet names the party; its kind follows from the name where nobody has chosen one."""
    if changed:
        cursor.execute(
            """UPDATE roster_contract s SET party_kind = t.party_kind
            FROM workforce_contract t WHERE t.id = s.id AND t.party_kind <> ''"""
        )
    _write_dated(cursor, "contract", ("kind", "party", "party_kind", *_PERIOD), changed)


def _write_certificates(cursor: Any, changed: bool) -> None:
    if changed:
        given = ", ".join(f"{name} = s.{name}" for name in _CERTIFICATE[1:])
        plan_anew(cursor)
        cursor.execute(f"UPDATE workforce_certificate t SET {given} FROM roster_certificate s WHERE t.id = s.id")
    names = ", ".join(("person_id", *_CERTIFICATE))
    cursor.execute(
        f"""INSERT INTO workforce_certificate ({names})
        SELECT {names} FROM roster_certificate WHERE id IS NULL"""
    )


def _write_registrations(cursor: Any, changed: bool) -> None:
    """After the certificates, for a new registration may belong to a new certificate."""
    if changed:
        plan_anew(cursor)
        cursor.execute(
            """UPDATE workforce_registration t SET registered_on = s.registered_on, valid_to = s.valid_to
            FROM roster_registration s WHERE t.id = s.id"""
        )
    cursor.execute(
        """INSERT INTO workforce_registration (certificate_id, person_id, registered_on, valid_to, number)
        SELECT c.id, s.person_id, s.registered_on, s.valid_to, '' FROM roster_registration s
        JOIN workforce_certificate c ON c.person_id = s.person_id AND c.level = s.level WHERE s.id IS NULL"""
    )
