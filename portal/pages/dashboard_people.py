"""Who the community workers of a division are: age, sex, schooling, tiers, certificates, Party membership, as charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.core.indicators.figures import Figure
from portal.core.indicators.parts import NUMERATOR, REST
from portal.core.sheets.writing import Sheet
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.core.web.charts import Chart, Kind, Role, Series
from portal.pages.dashboard_tables import figures_of
from portal.pages.indicator_links import figure_url
from portal.registry import COMPOSITIONS

SHOWN = ("age", "schooling", "certificates", "tenure", "tiers", "bodies", "contracts", "sex")
PARTY, WORKERS = "cpc_share", "workers"
# Denominators that leave out people of whom nothing is registered.
OF_THE_KNOWN = {"schooling_known", "politics_known", "tenure_known"}


@dataclass(frozen=True)
class Part:
    """One part of a whole: how many, what share, and where its rows are listed."""

    label: str | Promise
    count: int | None
    share: Decimal | None
    url: str


def context(request: HttpRequest, division: Division) -> dict:
    return {"charts": charts(request, division, keep.day_of(request))}


def sheets(request: HttpRequest, division: Division) -> list[Sheet]:
    return [chart.sheet for chart in charts(request, division, keep.day_of(request))]


def charts(request: HttpRequest, division: Division, on: date) -> list[Chart]:
    """One chart per composition; none where nobody is in post. One statement for all of them."""
    keys = [part for key in SHOWN for part in COMPOSITIONS[key].parts]
    figures = figures_of(dict.fromkeys([*keys, PARTY, WORKERS]), division.code, on)
    if not figures or not figures[WORKERS].numerator:
        return []
    found = []
    for key in SHOWN:
        shares = [figures[part] for part in COMPOSITIONS[key].parts]
        parts = [_part(request, figure) for figure in shares]
        found.append(_chart(division, on, key, COMPOSITIONS[key].label, parts, _unknown(figures, shares[0])))
    party = _chart(
        division, on, "party", _("党员构成"), _party(request, figures[PARTY]), _unknown(figures, figures[PARTY])
    )
    return [*found, party]


def _part(request: HttpRequest, figure: Figure) -> Part:
    one = figure.indicator
    label = one.book.counters[one.numerator].label
    return Part(label, figure.numerator, figure.value, figure_url(request, one.key, NUMERATOR, figure.code))


def _party(request: HttpRequest, figure: Figure) -> list[Part]:
    """Members and others among those whose political status is known."""
    rest = Decimal(100) - figure.value if figure.value is not None else None
    others = (figure.denominator or 0) - (figure.numerator or 0)
    return [_part(request, figure), Part(_("非中共党员"), others, rest, figure_url(request, PARTY, REST, figure.code))]


def _unknown(figures: dict[str, Figure], share: Figure) -> str:
    """How many are in no part because nothing is registered of them; only where the parts are of all workers."""
    missing = (figures[WORKERS].numerator or 0) - (share.denominator or 0)
    if missing <= 0 or share.indicator.denominator not in OF_THE_KNOWN:
        return ""
    return ngettext("%(n)s 人没有登记，不在其中。", "%(n)s 人没有登记，不在其中。", missing) % {
        "n": formats.number(missing)
    }


def _chart(division: Division, on: date, key: str, label: str | Promise, parts: Sequence[Part], note: str) -> Chart:
    return Chart(
        key=f"people-{key}",
        title=label,
        kind=Kind.ROWS,
        axis=pgettext("axis", "类别"),
        categories=[part.label for part in parts],
        unit=_("人"),
        place=division.label,
        day=on,
        note=note,
        small=True,
        series=[
            Series(_("人数"), [part.count for part in parts], urls=[part.url for part in parts]),
            Series(_("占比"), [part.share for part in parts], Role.TABLE, unit="%", decimals=1),
        ],
    )
