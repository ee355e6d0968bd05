"""Writes of grids and their teams (domain §1.A5). A grid post alone makes nobody a head of the staffing ratio."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from portal.core.lib.dated import end_of
from portal.core.territory.models import Division
from workforce.actions import records
from workforce.actions.people import person_for, refuse_elsewhere
from workforce.actions.tallies import refresh_tallies
from workforce.actions.versions import claim
from workforce.models import Grid, GridPost, Person


def _same_name() -> str:
    return _("这个社区已有同名的网格。请改用其他名称，或先撤销原来的网格。")


def _same_role() -> str:
    return _("此人在这个网格已担任同一职务，时间重叠。")


@action
def add_grid(*, division: Division, by, **fields) -> Grid:
    """Sets up a grid: name, households, micro_grids, valid_from, valid_to. Raises ValidationError on a second name."""
    grid = records.enter(Grid, {"division": division, **fields}, overlap=_same_name(), field="name")
    refresh_tallies([division.pk])
    return grid


@action
def change_grid(*, grid: Grid, by, **fields) -> Grid:
    """Corrects a grid. Raises ValidationError on a second name."""
    records.change(grid, fields, overlap=_same_name(), field="name")
    refresh_tallies([grid.division_id])
    return grid


@action
def end_grid(*, grid: Grid, last_day: date, by) -> Grid:
    """Ends a grid and, with it, the posts of its team that last longer; the form names them before.

    Raises ValidationError where the grid or a post of its team begins only after the last day.
    """
    lasting = grid.posts.exclude(valid_to__lte=end_of(last_day))
    if lasting.filter(valid_from__gt=last_day).exists():
        raise ValidationError({"last_day": _("这个网格有人在该日期之后才任职，请先更正其任职起始。")})
    records.close(grid, last_day)
    lasting.update(valid_to=end_of(last_day))
    refresh_tallies([grid.division_id])
    return grid


@action
def add_grid_post(*, grid: Grid, person: Person, version: int, by, **fields) -> GridPost:
    """Puts a person on record into a grid's team: role, valid_from, valid_to. Raises `Stale` or ValidationError, also for
    somebody who serves in another street."""
    claim(person, version)
    return _post(grid, person, fields, by)


@action
def enter_grid_worker(*, grid: Grid, person: dict, by, **fields) -> GridPost:
    """Puts somebody into a team by ID number: the person on record, or a new one who is only a grid worker.

    Raises ValidationError as `person_for` does, and for somebody who serves in another street.
    """
    found = person_for(person, by)
    claim(found, found.version)
    return _post(grid, found, fields, by)


def _post(grid: Grid, person: Person, fields: dict, by) -> GridPost:
    refuse_elsewhere(person, fields, by)
    if fields["valid_from"] < grid.valid_from:
        raise ValidationError(
            {"valid_from": _("网格于 %(day)s 设立，任职不能早于这一天。") % {"day": grid.valid_from.isoformat()}}
        )
    given = {"grid": grid, "division_id": grid.division_id, "person": person, **fields}
    post = records.enter(GridPost, given, overlap=_same_role())
    refresh_tallies([grid.division_id])
    return post


@action
def change_grid_post(*, record: GridPost, version: int, by, **fields) -> GridPost:
    """Corrects a grid post; one that was over is reopened for nobody who serves in another street.

    Raises `Stale` or ValidationError.
    """
    claim(record.person, version)
    if record.valid_to is not None and record.valid_to <= today():
        refuse_elsewhere(record.person, fields, by)
    records.change(record, fields, overlap=_same_role())
    refresh_tallies([record.division_id])
    return record


@action
def end_grid_post(*, record: GridPost, version: int, last_day: date, by) -> GridPost:
    """Ends a grid post; other posts and the contract stay. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    records.close(record, last_day)
    refresh_tallies([record.division_id])
    return record


@action
def take_back_grid_post(*, record: GridPost, version: int, by) -> GridPost:
    """Takes back a grid post that was entered by mistake. Raises `Stale` or ValidationError."""
    claim(record.person, version)
    records.withdraw(record)
    refresh_tallies([record.division_id])
    return record
