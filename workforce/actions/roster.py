"""Writes a whole checked sheet to the roster: set-based, so that twenty thousand rows take seconds.

Rows go by COPY into temporary tables and from there by INSERT and UPDATE, which carry the history's context.
"""

from typing import Any

from django.db import connection

from portal.core.audit.actions import action, record
from portal.core.lib.bulk import plan_anew
from portal.core.lib.fields import seal_text
from portal.core.lib.text import name_initials, pinyin_key
from portal.core.sheets.models import ImportBatch
from portal.core.sheets.staging import stage
from workforce.actions.grades_roster import follow_roster
from workforce.actions.parties import kind_sql
from workforce.actions.plan import RosterPlan
from workforce.actions.roster_exits import move_exits, write_exits
from workforce.actions.tallies import refresh_tallies
from workforce.models import Person

_TEXTS = ("name", "sex", "birth_date", "ethnicity", "political_status", "education", "degree", "major")
_SERVICE = ("hired_on", "left_on", "leaving_reason")
_POST = ("division", "body", "title", "tier", "grade", "entry", "full_time", "managed", "grid_worker")
_PERIOD = ("valid_from", "valid_to")
_CONTRACT = ("kind", "party")
_CERTIFICATE = ("level", "number", "obtained_on")

_STAGE_PERSON = """
    id uuid, new boolean, id_number bytea, id_number_index bytea, phone bytea, name_pinyin text, name_initials text,
    name text, sex text, birth_date date, ethnicity text, political_status text, education text, degree text,
    major text, hired_on date, left_on date, leaving_reason text"""
_STAGE_POST = """
    id bigint, person_id uuid, division_id varchar(12) COLLATE "C", body text, title text, tier smallint,
    grade smallint, entry text, full_time boolean, managed boolean, grid_worker boolean, valid_from date, valid_to date"""
_STAGE_CONTRACT = "id bigint, person_id uuid, kind text, party text, valid_from date, valid_to date"
_STAGE_CERTIFICATE = "id bigint, person_id uuid, level text, number text, obtained_on date"
_STAGE_REGISTRATION = "id bigint, person_id uuid, level text, registered_on date, valid_to date"

_PERSON_COLUMNS = (*_TEXTS, *_SERVICE, "name_pinyin", "name_initials")
_POST_COLUMNS = ("division_id", *_POST[1:], *_PERIOD)
# The sheet names the party; its kind follows from the name where nobody has chosen one.
_PARTY_KINDS = f"""
UPDATE workforce_contract k SET party_kind = {kind_sql("k.party")}
FROM (SELECT DISTINCT person_id FROM roster_contract) s
WHERE k.person_id = s.person_id AND k.party_kind = '' AND k.party <> ''"""


@action
def apply_roster(*, plan: RosterPlan, batch: ImportBatch, by) -> None:
    """Writes the plan of a checked sheet and brings the tallies up to date; all of it or nothing.

    Raises IntegrityError when the roster has come to contradict the plan since it was made.
    """
    with connection.cursor() as cursor:
        _write_people(cursor, plan)
        _write_dated(cursor, "appointment", _STAGE_POST, _POST_COLUMNS, _post_rows(plan))
        _write_dated(cursor, "contract", _STAGE_CONTRACT, (*_CONTRACT, *_PERIOD), _contract_rows(plan))
        plan_anew(cursor)
        cursor.execute(_PARTY_KINDS)
        write_exits(cursor)
        _write_certificates(cursor, plan)
        _write_registrations(cursor, plan)
    refresh_tallies(plan.communities)
    follow_roster({post.person for post in plan.posts})
    record("import_applied", by=by, subject=batch.pk, division=batch.division_id, file=batch.filename, **batch.counts)


def _write_people(cursor: Any, plan: RosterPlan) -> None:
    """New people in full; known ones as they shall be, their version counted up whatever of theirs changes."""
    stage(cursor, "roster_person", _STAGE_PERSON, _person_rows(plan))
    move_exits(cursor)
    names = ", ".join(_PERSON_COLUMNS)
    cursor.execute(
        f"""INSERT INTO workforce_person (id, id_number, id_number_index, phone, version, {names})
        SELECT id, id_number, id_number_index, phone, 1, {names} FROM roster_person WHERE new ORDER BY id"""
    )
    given = ", ".join(f"{name} = s.{name}" for name in _PERSON_COLUMNS)
    plan_anew(cursor)
    cursor.execute(
        f"""UPDATE workforce_person p SET {given}, phone = coalesce(s.phone, p.phone), version = p.version + 1
        FROM roster_person s WHERE p.id = s.id AND NOT s.new"""
    )


def _person_rows(plan: RosterPlan):
    number_aad = Person._meta.get_field("id_number").aad
    phone_aad = Person._meta.get_field("phone").aad
    for person in plan.people:
        fields = person.fields
        yield (
            person.id,
            person.new,
            seal_text(number_aad, person.number) if person.new else None,
            person.index,
            seal_text(phone_aad, fields["phone"]) if fields["phone"] else None,
            pinyin_key(fields["name"]),
            name_initials(fields["name"]),
            *(fields[name] for name in (*_TEXTS, *_SERVICE)),
        )


def _post_rows(plan: RosterPlan):
    for post in plan.posts:
        yield (post.id, post.person, *(getattr(post, name) for name in (*_POST, *_PERIOD)))


def _contract_rows(plan: RosterPlan):
    for contract in plan.contracts:
        yield (contract.id, contract.person, *(getattr(contract, name) for name in (*_CONTRACT, *_PERIOD)))


def _write_dated(cursor: Any, noun: str, definition: str, columns: tuple[str, ...], rows) -> None:
    """Corrects and adds rows that must not overlap in time.

    The constraint looks at one row after another, so where several periods of a person move at once they are first cut
    down to what stays of them.
    """
    table, staged = f"workforce_{noun}", f"roster_{noun}"
    stage(cursor, staged, definition, rows)
    plan_anew(cursor)
    cursor.execute(
        f"""UPDATE {table} t SET valid_from = greatest(t.valid_from, s.valid_from), valid_to = least(t.valid_to, s.valid_to)
        FROM {staged} s
        WHERE t.id = s.id AND (t.valid_from, t.valid_to) IS DISTINCT FROM (s.valid_from, s.valid_to)
          AND EXISTS (SELECT 1 FROM {staged} o WHERE o.person_id = s.person_id AND o.id IS DISTINCT FROM s.id)"""
    )
    given = ", ".join(f"{name} = s.{name}" for name in columns)
    plan_anew(cursor)
    cursor.execute(f"UPDATE {table} t SET {given} FROM {staged} s WHERE t.id = s.id")
    names = ", ".join(("person_id", *columns))
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM {staged} WHERE id IS NULL")


def _write_certificates(cursor: Any, plan: RosterPlan) -> None:
    rows = ((one.id, one.person, *(getattr(one, name) for name in _CERTIFICATE)) for one in plan.certificates)
    stage(cursor, "roster_certificate", _STAGE_CERTIFICATE, rows)
    given = ", ".join(f"{name} = s.{name}" for name in _CERTIFICATE[1:])
    plan_anew(cursor)
    cursor.execute(f"UPDATE workforce_certificate t SET {given} FROM roster_certificate s WHERE t.id = s.id")
    names = ", ".join(("person_id", *_CERTIFICATE))
    cursor.execute(
        f"""INSERT INTO workforce_certificate ({names})
        SELECT {names} FROM roster_certificate WHERE id IS NULL"""
    )


def _write_registrations(cursor: Any, plan: RosterPlan) -> None:
    """After the certificates, for a new registration may belong to a new certificate."""
    rows = ((one.id, one.person, one.level, one.registered_on, one.valid_to) for one in plan.registrations)
    stage(cursor, "roster_registration", _STAGE_REGISTRATION, rows)
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
