"""What a page or a sheet of the forecast stands on: figures of the place and below, the form, the forecast itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from portal.core.accounts.roles import Perm
from portal.core.indicators.days import PEOPLE_AT_MOST, TooManyRows, people_under
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from portal.core.territory.queries import shown_children
from portal.pages.forecast_form import AssumptionsForm
from workforce.counters import BOOK
from workforce.queries.forecast import Forecast
from workforce.queries.staffing import Staffing, StaffingQuery

# The largest province has fewer; the page says that it counts them, which takes seconds.
MOST_PEOPLE = 500_000


def crowded(code: str) -> bool:
    """Whether there are too many people under a place, by today's tallies, for looking at every one."""
    return people_under(BOOK, code) > MOST_PEOPLE


@dataclass
class ForecastData:
    """One forecast as a user asks for it; `params` are those of the address."""

    user: Any
    place: Division
    on: date
    params: Mapping[str, str]

    @cached_property
    def form(self) -> AssumptionsForm:
        return AssumptionsForm(self.params, self.on)

    @cached_property
    def smaller(self) -> list[Division]:
        """The divisions one step below."""
        return list(shown_children(self.place, self.on).order_by("code"))

    @cached_property
    def _figures(self) -> dict[str, Staffing] | None:
        """The place and what is below by code; None where there are too many people to count."""
        query = StaffingQuery(
            territories=tuple(self.user.territories(Perm.VIEW_STAFFING)),
            on=self.on,
            under=self.place.code,
            codes=(self.place.code, *(one.code for one in self.smaller)),
        )
        try:
            return {row.code: row for row in query.rows()}
        except TooManyRows:
            return None

    @property
    def own(self) -> Staffing | None:
        """The figure of the place; None where it does not exist on the day."""
        return (self._figures or {}).get(self.place.code)

    @property
    def most(self) -> int:
        """How many people a forecast looks at; of another day their figures have to be counted first."""
        return MOST_PEOPLE if self.on == today() else PEOPLE_AT_MOST

    @property
    def large(self) -> bool:
        """Whether a forecast, which looks at every person, would look at too many."""
        return self._figures is None or (self.own is not None and self.own.in_post > self.most)

    @cached_property
    def forecast(self) -> Forecast | None:
        """None where there is nothing to forecast from: no such place on the day, assumptions that do not hold."""
        if self.large or self.own is None or not self.own.urban or not self.form.is_valid():
            return None
        below = [row for code, row in self._figures.items() if code != self.place.code]
        return Forecast(self.on, self.form.assumed(), self.own, below)
