"""The roster as a sheet: the columns of the import, so that what goes out can come back in unchanged."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.db.models import Prefetch

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import record
from portal.core.lib.dated import in_force, last_day
from portal.core.lib.identity import mask, mask_phone
from portal.core.sheets.reading import DATA_SHEET
from portal.core.sheets.writing import Sheet, csv_lines, write_xlsx
from portal.core.territory.models import Division
from workforce.importers.columns import COLUMNS, NO_CONTRACT, PRINTED
from workforce.models import Appointment, Certificate, Contract, Person, Registration

_CHUNK = 2000
_BEST_FIRST = ("senior", "social_worker", "assistant", "local")


def roster_to_xlsx(target: str | Path | IO[bytes], *, division: Division, on: date, by) -> int:
    """Writes the posts in force on a day as xlsx; returns their number. `by=None` is the portal itself (a command)."""
    posts, clear = _posts(division, on, by)
    return write_xlsx(target, [Sheet(DATA_SHEET, COLUMNS, _rows(posts, on, clear))])


def roster_to_csv(*, division: Division, on: date, by) -> Iterator[str]:
    """The same as pieces of CSV text, for a streamed answer."""
    posts, clear = _posts(division, on, by)
    return csv_lines(_with_header(posts, on, clear))


def _posts(division: Division, on: date, by):
    """The posts to export, and whether ID numbers and telephones go out in clear; the export is put on record."""
    posts = Appointment.objects.all() if by is None else Appointment.objects.for_user(by, Perm.VIEW_ROSTER)
    posts = posts.under(division.code).in_force(on)
    clear = by is None or by.can(Perm.EXPORT_ROSTER, division.code)
    record(
        "roster_exported", by=by, subject=division.code, division=division.code, rows=posts.count(), on=on, clear=clear
    )
    return posts, clear


def _with_header(posts, on: date, clear: bool) -> Iterator[list[Any]]:
    yield [column.header for column in COLUMNS]
    yield from _rows(posts, on, clear)


def _rows(posts, on: date, clear: bool) -> Iterator[list[Any]]:
    found = (
        posts.select_related("person", "division")
        .prefetch_related(
            Prefetch("person__contracts", Contract.objects.filter(valid_from__lte=on).order_by("valid_from")),
            Prefetch("person__certificates", Certificate.objects.filter(obtained_on__lte=on)),
            Prefetch(
                "person__registrations", Registration.objects.filter(registered_on__lte=on).order_by("registered_on")
            ),
        )
        .order_by("division_id", "tier", "person__name_pinyin", "person_id", "valid_from", "id")
    )
    for post in found.iterator(chunk_size=_CHUNK):
        cells = _cells(post, on, clear)
        yield [cells.get(column.key, "") for column in COLUMNS]


def _cells(post: Appointment, on: date, clear: bool) -> dict[str, Any]:
    person = post.person
    cells = {
        "code": post.division_id,
        "community": post.division.label,
        "name": person.name,
        "id_number": str(person.id_number) if clear else mask(person.id_number),
        "phone": _phone(person.phone, clear),
        "title": post.title,
        "grade": post.grade,
        "valid_from": post.valid_from,
        "valid_to": last_day(post.valid_to),
    }
    for key in ("birth_date", "ethnicity", "political_status", "education", "degree", "major"):
        cells[key] = getattr(person, key)
    for key in ("hired_on", "left_on", "leaving_reason"):
        cells[key] = getattr(person, key)
    for key, choices, value in (
        ("sex", "性别", person.sex),
        ("tier", "岗位层级", post.tier),
        ("body", "任职机构", post.body),
        ("entry", "任职方式", post.entry),
        ("full_time", "是否", post.full_time),
        ("managed", "是否", post.managed),
        ("grid_worker", "是否", post.grid_worker),
    ):
        cells[key] = PRINTED[choices][value]
    return cells | _contract(person.contracts.all(), on) | _certificate(person)


def _phone(phone: str | None, clear: bool) -> str:
    if not phone:
        return ""
    return str(phone) if clear else mask_phone(phone)


def _contract(contracts, on: date) -> dict[str, Any]:
    """The contract in force on the day, else the latest begun before it."""
    held = list(contracts)
    if not held:
        return {"contract_kind": PRINTED["合同类型"][NO_CONTRACT]}
    one = next((one for one in held if in_force(one.valid_from, one.valid_to, on)), held[-1])
    return {
        "party": one.party,
        "contract_kind": PRINTED["合同类型"][one.kind],
        "contract_from": one.valid_from,
        "contract_to": last_day(one.valid_to),
    }


def _certificate(person: Person) -> dict[str, Any]:
    """The best certificate held on the day, with the day of its latest registration by then."""
    best = min(person.certificates.all(), key=lambda one: _BEST_FIRST.index(one.level), default=None)
    if best is None:
        return {}
    registered = [one.registered_on for one in person.registrations.all() if one.certificate_id == best.pk]
    return {
        "level": PRINTED["证书等级"][best.level],
        "number": best.number,
        "obtained_on": best.obtained_on,
        "registered_on": registered[-1] if registered else None,
    }
