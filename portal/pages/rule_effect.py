"""What a rule would change: it is entered, the figures are read, and everything is taken back."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.web import formats
from portal.pages.sentences import standard
from workforce.actions.rules import enter_rule
from workforce.enums import StaffingStatus
from workforce.queries.overview import Overview, overview_of
from workforce.queries.staffing import Staffing, StaffingQuery


@dataclass(frozen=True)
class Effect:
    """Figures of a place on a day without and with a rule, as lines of a table."""

    day: date
    lines: list[dict]

    @property
    def changes(self) -> bool:
        return any(line["before"] != line["after"] for line in self.lines)


def effect_of(entries: dict, place: Division | None, by) -> Effect | None:
    """The effect of a rule on its own place. Raises ValidationError as entering it would. None for the whole country.

    The rule is really entered, so that every kind shows its exact effect, and the transaction is taken back.
    """
    day = _day(entries["valid_from"], entries["last_day"])
    before = _figures(place, day) if place else None
    with transaction.atomic():
        enter_rule(**entries, by=by)
        after = _figures(place, day) if place else None
        transaction.set_rollback(True)
    return Effect(day, _lines(before, after)) if before and after else None


def _day(start: date, last: date | None) -> date:
    """The first day, from today on, on which the rule holds; of a rule that is over already, its last day."""
    day = max(start, today())
    return day if last is None else min(day, last)


def _figures(place: Division, day: date) -> tuple[Staffing, Overview] | None:
    own = StaffingQuery(territories=(place.code,), on=day, under=place.code, codes=(place.code,)).rows()
    if not own:
        return None
    if place.level == Level.COMMUNITY:
        return own[0], Overview({})
    below = StaffingQuery(territories=(place.code,), on=day, under=place.code, parent=place.code)
    return own[0], overview_of(below)[""]


def _lines(before: tuple[Staffing, Overview], after: tuple[Staffing, Overview]) -> list[dict]:
    told = [dict(_told(*figures)) for figures in (before, after)]
    return [{"label": label, "before": told[0][label], "after": told[1].get(label)} for label in told[0]]


def _told(figure: Staffing, below: Overview) -> list[tuple[str, str]]:
    """The figure in words, line by line; what cannot be told says why."""
    missing = str(StaffingStatus(figure.status).label)

    def people(value: int | None) -> str:
        return missing if value is None else _("%(n)s 人") % {"n": formats.number(value)}

    gap = figure.gap
    surplus = gap is not None and gap < 0
    lines = [
        (_("标准（每万人）"), people(standard(figure))),
        (
            _("采用的人口"),
            _("%(basis)s %(n)s 人") % {"basis": figure.basis_label, "n": formats.number(figure.population)},
        )
        if figure.population
        else (_("采用的人口"), missing),
        (_("应配"), people(figure.required)),
        (_("在岗"), people(figure.workers)),
        (_("缺口"), _("多 %(n)s 人") % {"n": formats.number(-gap)} if surplus else people(gap)),
    ]
    if below.judged:
        met = below.statuses.get(StaffingStatus.MET, 0)
        words = _("%(judged)s 个中 %(met)s 个") % {"judged": formats.number(below.judged), "met": formats.number(met)}
        lines.append((_("下级达标"), words))
    return lines
