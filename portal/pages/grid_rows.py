"""The roster of a place as rows of the grid, and what may be typed into which of its cells.

Cells are texts as a sheet holds them. ID numbers and telephones leave the server masked only, birth dates not at all.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from workforce.exports.roster import rows
from workforce.importers.columns import CERTIFICATE, COLUMNS, CONTRACT
from workforce.models import Appointment

MOST_POSTS = 2000
_ORDER = ("division_id", "tier", "person__name_pinyin", "person_id", "valid_from", "id")

# What makes a recorded post this post of this person: changed on the person's page, never by typing over it.
FIXED = ("code", "community", "id_number", "sex", "birth_date", "body", "title")
# Where an empty cell leaves what is recorded as it is; a cell that nobody changed is therefore not sent on at all.
KEPT = (
    "ethnicity",
    "political_status",
    "education",
    "degree",
    "major",
    "phone",
    "grade",
    "full_time",
    "managed",
    "hired_on",
    "grid_worker",
)
_ABOUT = ("id", "person_id", "person__version")
GROUPS = (CONTRACT, CERTIFICATE)  # sent on whole where one cell of them was changed


def posts_of(user, division: Division) -> QuerySet[Appointment]:
    """Posts in force today that the user may change through the grid of a place."""
    return Appointment.objects.for_user(user, Perm.CHANGE_ROSTER).under(division.code).in_force(today())


def rows_of(user, posts: QuerySet[Appointment]) -> list[dict]:
    """Posts as rows: post, person, its version, and the filled cells as texts by column key; in the order of the roster."""
    found = rows(posts.order_by(*_ORDER), today(), user=user, clear=False, more=_ABOUT)
    return [
        {"post": post, "person": str(person), "version": version, "cells": _filled(cells)}
        for post, person, version, *cells in found
    ]


def _filled(cells: Iterable[object]) -> dict[str, str]:
    texts = {column.key: _text(cell) for column, cell in zip(COLUMNS, cells, strict=True)}
    return {key: text for key, text in texts.items() if text}


def _text(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def sent_on(typed: dict[str, str], now: dict[str, str], id_number: str) -> dict[str, str]:
    """The cells of a recorded post as the check reads them: what tells which post, and what was changed.

    What nobody changed stays empty where empty means "leave it", so that a change which somebody else makes meanwhile
    to another cell of the row is never taken back.
    """
    cells = {key: text for key, text in typed.items() if key not in FIXED}
    for key in KEPT:
        if cells.get(key, "") == now.get(key, ""):
            cells.pop(key, None)
    for group in GROUPS:
        if all(cells.get(key, "") == now.get(key, "") for key in group):
            cells = {key: text for key, text in cells.items() if key not in group}
    return {**cells, "code": now["code"], "body": now["body"], "title": now["title"], "id_number": id_number}
