"""Writes of the floor's territory: populations."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.audit.actions import action
from portal.core.lib.clock import today
from portal.core.territory.models import Division, Population
from portal.core.territory.totals import refresh_totals


@action
def record_population(
    *, division: Division, on: date, basis: str, value: int, households: int | None = None, source: str, by
) -> Population:
    """Enters a population, or corrects the one of the same division, basis and reference date.

    Raises ValidationError for a date in the future or a population that is not positive.
    """
    if on > today():
        raise ValidationError({"on": _("时点不能晚于今天。")})
    population, _created = Population.objects.update_or_create(
        division=division, basis=basis, on=on, defaults={"value": value, "households": households, "source": source}
    )
    refresh_totals(division.code)
    return population


@action
def load_populations(*, rows: list[Population], by) -> int:
    """Enters or corrects many populations at once (csv of contract.md); returns their number."""
    Population.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["division", "basis", "on"],
        update_fields=["value", "households", "source"],
        batch_size=5000,
    )
    for province in sorted({row.division_id[:2] for row in rows}):
        refresh_totals(province)
    return len(rows)
