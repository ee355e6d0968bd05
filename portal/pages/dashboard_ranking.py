"""The divisions under one in order: by gap, by heads per 10,000 residents, by certified share; the worst or the best first."""

from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.core.sheets.columns import Column
from portal.core.sheets.columns import Kind as CellKind
from portal.core.sheets.writing import Sheet
from portal.core.territory.models import Division
from portal.core.web import formats, keep
from portal.pages.dashboard_tiles import query_of, tile_words
from portal.pages.sentences import mixed_bases
from portal.pages.staffing_table import part_of
from workforce.enums import StaffingStatus
from workforce.queries.staffing import Staffing

RANKED = 10


@dataclass(frozen=True)
class Order:
    """What divisions are ranked by: the worst first, as an order of `StaffingQuery`."""

    key: str
    label: str | Promise
    worst: str
    per_resident: bool = True

    def value(self, row: Staffing) -> Decimal | int | None:
        return {"gap": row.gap, "ratio": row.ratio, "certified_share": row.certified_share}[self.key]


ORDERS = {
    order.key: order
    for order in (
        Order("gap", pgettext_lazy("staffing", "缺口"), "-gap"),
        Order("ratio", gettext_lazy("每万人"), "ratio"),
        Order("certified_share", gettext_lazy("持证率"), "certified_share", per_resident=False),
    )
}


class OrderForm(forms.Form):
    """The order and its direction; anything odd is left out."""

    sort = forms.ChoiceField(required=False, choices=[(key, key) for key in ORDERS])
    best = forms.BooleanField(required=False)

    def asked(self) -> tuple[Order, bool]:
        self.is_valid()
        return ORDERS[self.cleaned_data.get("sort") or "gap"], bool(self.cleaned_data.get("best"))


def context(request: HttpRequest, division: Division) -> dict:
    """The first divisions one step below by one of the orders; equal values share a rank. One query."""
    order, best = OrderForm(request.GET).asked()
    ranked = ranks(request, division, order, best=best)
    known = [line for line in ranked if line["value"] is not None]
    return {
        "lines": known[:RANKED],
        "ranked": len(known),
        "more": len(known) - RANKED,
        "unknown": len(ranked) - len(known),
        "order": order,
        "mixed": mixed_bases(line["row"].basis for line in known) if order.per_resident else "",
        "orders": _orders(request, division, order, best=best),
        "best": best,
        "turned": keep.page_url(
            request, "division_panel", division.code, "ranking", sort=order.key, best=None if best else 1
        ),
        "table_url": keep.page_url(request, "division", division.code, sort=order.worst) + "#children",
    }


def ranks(request: HttpRequest, division: Division, order: Order, *, best: bool = False) -> list[dict]:
    """All divisions one step below in an order, those without a value last and without a rank."""
    way = order.worst if not best else order.worst.removeprefix("-") if order.worst[0] == "-" else f"-{order.worst}"
    found: list[dict] = []
    for row in query_of(request, division, parent=division.code).rows(way):
        value = order.value(row)
        same = found and value is not None and found[-1]["value"] == value
        rank = found[-1]["rank"] if same else len(found) + 1
        found.append(
            {
                "row": row,
                "value": value,
                "rank": rank if value is not None else None,
                "url": keep.page_url(request, "division", row.code),
                "text": _value_text(order, row),
                "part": _bar_part(order, row),
                "tone": "short" if _lacks(order, row) else "good",
            }
        )
    return found


def _value_text(order: Order, row: Staffing) -> str:
    if order.key == "gap":
        return tile_words(row)
    if order.key == "ratio":
        return formats.number(row.ratio, 2) or ""
    return formats.percent(part_of(row.certified, row.workers)) or ""


def _bar_part(order: Order, row: Staffing) -> tuple[int, int]:
    """Part and whole of the bar: heads of those required, or the certified of all heads."""
    return (row.certified, row.workers) if order.key == "certified_share" else (row.workers, row.required or 0)


def _lacks(order: Order, row: Staffing) -> bool:
    return order.key != "certified_share" and row.status == StaffingStatus.SHORT


def _orders(request: HttpRequest, division: Division, current: Order, *, best: bool) -> list[dict]:
    return [
        {
            "label": order.label,
            "url": keep.page_url(
                request, "division_panel", division.code, "ranking", sort=order.key, best=1 if best else None
            ),
            "current": order is current,
        }
        for order in ORDERS.values()
    ]


def sheets(request: HttpRequest, division: Division) -> list[Sheet]:
    """The ranking by each of the orders, whole."""
    sheets = []
    for order in ORDERS.values():
        lines = ranks(request, division, order)
        value = Column("value", str(order.label), kind=CellKind.NUMBER)
        cells = [[line["rank"], line["row"].code, line["row"].name, line["value"]] for line in lines]
        columns = [Column("rank", _("名次"), kind=CellKind.NUMBER), Column("code", _("区划代码"), width=14)]
        columns += [Column("name", _("区划"), width=24), value]
        sheets.append(Sheet(_("排名 %(by)s") % {"by": order.label}, columns, cells))
    return sheets
