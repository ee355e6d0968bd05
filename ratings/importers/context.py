"""What the rows of a flat sheet name: grids, households and shops, workers. Loaded once for the whole sheet."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from portal.core.lib.clock import today
from portal.core.lib.dated import in_force
from portal.core.lib.workdays import Specials
from portal.core.policy.kinds import REQUESTS
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.workdays.queries import specials
from ratings.importers.flat import Flat, FlatRow
from ratings.models import Premises
from workforce.models import Appointment, Grid, Person


class Context:
    """Looks names up in the communities of a division; notes on the row what is not there."""

    def __init__(self, division: Division) -> None:
        self._under = division.code
        self.today = today()

    @cached_property
    def _grids(self) -> dict[tuple[str, str], int]:
        rows = Grid.objects.under(self._under).in_force(self.today).values_list("division_id", "name", "id")
        return {(code, name): pk for code, name, pk in rows}

    @cached_property
    def _premises(self) -> dict[tuple[str, str, str], tuple[int, date]]:
        rows = Premises.objects.under(self._under).order_by("valid_from")
        found = rows.values_list("division_id", "kind", "label", "id", "valid_from")
        return {(code, kind, label): (pk, since) for code, kind, label, pk, since in found}

    @cached_property
    def _workers(self) -> dict[tuple[str, str], list[tuple[Any, date, date | None]]]:
        found = defaultdict(list)
        rows = Appointment.objects.under(self._under).select_related("person").order_by("id")
        for post in rows.only("division_id", "person__name", "valid_from", "valid_to"):
            found[post.division_id, post.person.name].append((post.person_id, post.valid_from, post.valid_to))
        return found

    @cached_property
    def calendar(self) -> Specials:
        return specials()

    @cached_property
    def request_days(self) -> dict[str, int]:
        """Working days to answer, by kind of request."""
        return rule_for(REQUESTS, self._under, self.today).value

    def grid(self, row: FlatRow, name: str) -> int | None:
        pk = self._grids.get((row.code, name))
        if pk is None:
            row.error("grid_unknown", "grid", name=name)
        return pk

    def name_of(self, kind: str, pk: Any) -> str | None:
        """The name of a grid or worker on record, for the preview."""
        if pk is None:
            return None
        if kind == "grid":
            return Grid.objects.filter(pk=pk).values_list("name", flat=True).first()
        return Person.objects.filter(pk=pk).values_list("name", flat=True).first()

    def premises(self, row: FlatRow, kind: str, label: str, key: str, on: date | None) -> int | None:
        """The household or shop of that name; one that was not there yet on the day is an error."""
        pk, since = self._premises.get((row.code, kind, label), (None, None))
        if pk is None:
            row.error("premises_unknown", key, name=label)
        elif on is not None and since is not None and on < since:
            row.error("not_there_yet", key, name=label, since=since)
        return pk

    def worker(self, row: FlatRow, name: str, on: date | None) -> Any:
        """Who of that name was in post in the community on the day."""
        posts = self._workers.get((row.code, name), [])
        found = {person for person, start, end in posts if on is None or in_force(start, end, on)}
        if len(found) != 1:
            row.error("worker_several" if found else "worker_unknown", "worker", name=name)
            return None
        return next(iter(found))


def existing(flat: Flat, codes: Iterable[str]) -> dict[tuple, dict[str, Any]]:
    """The records that are there, by community and key; of several periods of a key the latest."""
    names = ("id", "division_id", *flat.attributes)
    rows = flat.model.objects.filter(division_id__in=list(codes), **flat.counted)
    rows = rows.order_by(*(("valid_from",) if flat.dated else ()), "id")
    return {(row["division_id"], *(row[name] for name in flat.key)): row for row in rows.values(*names)}
