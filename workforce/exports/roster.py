"""The roster as a sheet: the columns of the import, so that what goes out in clear can come back in unchanged.

Where it is not asked for in clear, numbers are masked and birth dates left out (a masked number and a birth date are
the whole number); why somebody left stands there for those alone who may read it on the person's page.
"""

from collections.abc import Iterator
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import IO, Any

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import last_day
from portal.core.lib.identity import mask, mask_phone
from portal.core.sheets.exporting import Asked, Export, Found, filter_words, note_taken
from portal.core.sheets.reading import DATA_SHEET
from portal.core.sheets.writing import Sheet, write_xlsx
from portal.core.territory.models import Division
from workforce.exports.people import CHUNK, chunks
from workforce.forms.listing import SORTS, RosterFilter
from workforce.importers.columns import CERTIFICATE, COLUMNS, CONTRACT, NO_CONTRACT, PRINTED
from workforce.models import Appointment, Person
from workforce.queries.people import posts_listed
from workforce.queries.roster_papers import certificates_held, contracts_held

# As the roster is kept on paper, where the address asks for no order.
_ORDER = ("division_id", "tier", "person__name_pinyin", "person_id", "valid_from", "id")
# Columns as the database has them, and what their values are printed by; the other columns stand as they are.
_FIELDS = {
    "code": "division_id",
    "community": "division__label",
    **{key: key for key in ("title", "grade", "valid_from", "valid_to", "tier", "body", "entry")},
    **{key: key for key in ("full_time", "managed", "grid_worker")},
    **{key: f"person__{key}" for key in ("name", "sex", "id_number", "phone", "birth_date", "ethnicity")},
    **{key: f"person__{key}" for key in ("political_status", "education", "degree", "major")},
    **{key: f"person__{key}" for key in ("hired_on", "left_on", "leaving_reason")},
}
_PRINTS = {
    "tier": PRINTED["岗位层级"].__getitem__,
    "body": PRINTED["任职机构"].__getitem__,
    "entry": PRINTED["任职方式"].__getitem__,
    "sex": PRINTED["性别"].__getitem__,
    **dict.fromkeys(("full_time", "managed", "grid_worker"), PRINTED["是否"].__getitem__),
    "valid_to": last_day,
}
_REASON = list(_FIELDS).index("leaving_reason")
_KEYS = [*_FIELDS, *CONTRACT, *CERTIFICATE]
_in_order = itemgetter(*(_KEYS.index(column.key) for column in COLUMNS))
_WITHOUT_CONTRACT = (PRINTED["合同类型"][NO_CONTRACT], None, None, None)
_WITHOUT_CERTIFICATE = (None, None, None, None)


def find(asked: Asked) -> Found:
    """Posts as the list shows them, under its filters; whoever wants clear numbers gets those of the export's territory."""
    form = RosterFilter(asked.params)
    sort = asked.params.get("sort", "")
    sorted_by = sort if sort.removeprefix("-") in SORTS else ""
    posts = posts_listed(asked.user, under=asked.under, on=asked.on, sort=sorted_by or "name", **form.asked())
    if not sorted_by:
        posts = posts.order_by(*_ORDER)
    if asked.clear:
        posts = posts.for_user(asked.user, Perm.EXPORT_ROSTER)
    found = rows(posts, asked.on, user=asked.user, clear=asked.clear)
    return Found(posts.count(), found, filters=filter_words(form))


ROSTER = Export(
    key="roster",
    label=gettext_lazy("名册"),
    perm=Perm.VIEW_ROSTER,
    page="roster",
    columns=COLUMNS,
    find=find,
    personal=True,
    offers_clear=True,
    sheet=DATA_SHEET,
)


def roster_to_xlsx(target: str | Path | IO[bytes], *, division: Division, on: date) -> int:
    """Writes the posts in force on a day, numbers in clear, for the portal itself (a command); returns their number."""
    posts = Appointment.objects.under(division.code).in_force(on).order_by(*_ORDER)
    asked = Asked(user=None, on=on, params={}, place=division, clear=True)
    note_taken(ROSTER.key, asked, posts.count(), form="xlsx", personal=True)
    return write_xlsx(target, [Sheet(DATA_SHEET, COLUMNS, rows(posts, on, user=None, clear=True))])


def rows(posts, on: date, *, user, clear: bool, more: tuple[str, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The posts as rows of the sheet for a reader; a chunk of them at a time with the papers of its people.

    `more` names fields of the post whose values stand before the cells of each row.
    """
    prints = _PRINTS if clear else {**_PRINTS, **_MASKS}
    printed = [(position, prints[key]) for position, key in enumerate(_FIELDS) if key in prints]
    found = posts.annotate(who=Cast("person_id", TextField())).values_list(*_FIELDS.values(), "who", *more)
    who = len(_FIELDS)
    for chunk in chunks(found.iterator(chunk_size=CHUNK)):
        people = {values[who] for values in chunk}
        contracts, certificates = contracts_held(people, on), certificates_held(people, on)
        unexplained = set() if clear else _unexplained({values[who] for values in chunk if values[_REASON]}, user)
        for values in chunk:
            cells = list(values[:who])
            if values[who] in unexplained:
                cells[_REASON] = None
            for position, word in printed:
                cells[position] = word(cells[position])
            cells += _contract(contracts.get(values[who])) + _certificate(certificates.get(values[who]))
            yield values[who + 1 :] + _in_order(cells)


def _unexplained(left: set[str], user) -> set[str]:
    """Those of the people who left whose reasons the reader may not see."""
    if not left:
        return left
    seen = Person.objects.for_user(user, Perm.REVEAL_PERSONAL).filter(pk__in=left)
    return left - {str(pk) for pk in seen.values_list("pk", flat=True)}


def _masked_phone(phone: str | None) -> str:
    return mask_phone(phone) if phone else ""


def _left_out(_value: object) -> None:
    return None


_MASKS = {"id_number": mask, "phone": _masked_phone, "birth_date": _left_out}


def _contract(held: tuple | None) -> tuple:
    if held is None:
        return _WITHOUT_CONTRACT
    kind, party, starts, ends = held
    return PRINTED["合同类型"][kind], party, starts, last_day(ends)


def _certificate(held: tuple | None) -> tuple:
    return _WITHOUT_CERTIFICATE if held is None else (PRINTED["证书等级"][held[0]], *held[1:])
