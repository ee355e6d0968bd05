"""The divisions under one as tiles, coloured by whether they comply: a map without borders, each tile a link."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import KEY_OF_LEVEL, LEVEL_KEYS, Level
from portal.core.sheets.columns import Column
from portal.core.sheets.columns import Kind as CellKind
from portal.core.sheets.writing import Sheet
from portal.core.territory.models import LEVEL_LABELS, Division
from portal.core.territory.queries import shown_children
from portal.core.web import formats, keep
from portal.pages.staffing_table import divisions_between
from workforce.enums import StaffingStatus
from workforce.queries.staffing import Staffing, StaffingQuery

MOST_TILES = 400
FEW_TILES = 24
NEAR = Decimal("0.9")


@dataclass(frozen=True)
class Look:
    """How a tile looks: its word, its shape and the class of its colour and pattern."""

    key: str
    word: str | Promise
    icon: str


LOOKS = {
    look.key: look
    for look in (
        Look("met", gettext_lazy("达标"), "check-circle-fill"),
        Look("near", gettext_lazy("缺员不到一成"), "exclamation-triangle"),
        Look("short", gettext_lazy("缺员一成以上"), "exclamation-triangle-fill"),
        Look("no_data", gettext_lazy("无数据"), "question-circle"),
        Look("not_in_force", gettext_lazy("未生效"), "dash-circle"),
        Look("not_applicable", gettext_lazy("不适用"), "slash-circle"),
    )
}


class TilesForm(forms.Form):
    """The level of the tiles and how they look; anything odd is left out."""

    level = forms.ChoiceField(required=False, choices=[(key, key) for key in LEVEL_KEYS])
    look = forms.ChoiceField(required=False, choices=[(key, key) for key in LOOKS])

    def asked(self) -> tuple[int | None, str]:
        self.is_valid()
        return LEVEL_KEYS.get(self.cleaned_data.get("level", "")), self.cleaned_data.get("look", "")


def query_of(request: HttpRequest, division: Division, **chosen) -> StaffingQuery:
    territories = tuple(request.user.territories(Perm.VIEW_STAFFING))
    return StaffingQuery(territories=territories, on=keep.day_of(request), under=division.code, **chosen)


def look_of(row: Staffing) -> Look:
    if row.status != StaffingStatus.SHORT:
        return LOOKS[row.status]
    return LOOKS["near" if row.workers >= NEAR * row.required else "short"]


def tile_of(request: HttpRequest, row: Staffing) -> dict:
    return {
        "row": row,
        "look": look_of(row),
        "url": keep.page_url(request, "division", row.code),
        "words": tile_words(row),
    }


def tile_words(row: Staffing) -> str:
    """What a tile says under the name."""
    if row.gap is None:
        return _("在岗 %(n)s 人") % {"n": formats.number(row.workers)}
    if row.gap > 0:
        return _("缺 %(n)s 人") % {"n": formats.number(row.gap)}
    return _("多 %(n)s 人") % {"n": formats.number(-row.gap)} if row.gap else _("不缺人")


def context(request: HttpRequest, division: Division) -> dict:
    """Tiles of the divisions one step below, or of a lower level grouped by what they lie in. Three queries at most."""
    level, chosen_look = TilesForm(request.GET).asked()
    deeper = level is not None and level > division.level + 1
    chosen = {"level": level} if deeper else {"parent": division.code}
    rows = query_of(request, division, **chosen).rows(limit=MOST_TILES + 1)
    if len(rows) > MOST_TILES:
        return {"too_many": MOST_TILES, "levels": _levels(request, division, rows)}
    tiles = [tile_of(request, row) for row in rows]
    shown = [tile for tile in tiles if chosen_look in ("", tile["look"].key)]
    return {
        "groups": _grouped(division, rows, shown) if deeper else [{"label": "", "tiles": shown}],
        "count": len(tiles),
        "shown": len(shown),
        "legend": _legend(request, division, tiles, level, chosen_look),
        "levels": _levels(request, division, rows),
        "dense": len(tiles) > FEW_TILES,
    }


def _legend(request: HttpRequest, division: Division, tiles: list[dict], level: int | None, chosen: str) -> list[dict]:
    """How many tiles look so, each leading to these tiles alone, the chosen one back to all."""
    counts = Counter(tile["look"].key for tile in tiles)
    return [
        {
            "look": look,
            "count": counts[key],
            "current": key == chosen,
            "url": _url(request, division, level, "" if key == chosen else key),
        }
        for key, look in LOOKS.items()
        if counts[key] or key == chosen
    ]


def _grouped(division: Division, rows: list[Staffing], tiles: list[dict]) -> list[dict]:
    """Tiles under the name of the division one step below that they lie in."""
    between = divisions_between(division, rows)
    tops = sorted(code for code in between if not any(code != other and code.startswith(other) for other in between))
    groups = [
        {"label": between[top].label, "tiles": inside}
        for top in tops
        if (inside := [tile for tile in tiles if tile["row"].code.startswith(top)])
    ]
    placed = {tile["row"].code for group in groups for tile in group["tiles"]}
    rest = [tile for tile in tiles if tile["row"].code not in placed]
    return [*groups, *([{"label": _("直属"), "tiles": rest}] if rest else [])]


def _levels(request: HttpRequest, division: Division, rows: list[Staffing]) -> list[dict]:
    """Chips for the level of the tiles: the step below, formal nodes passed over, and everything further down."""
    asked, look = TilesForm(request.GET).asked()
    if asked is None:
        first = min((row.level for row in rows), default=division.level + 1)
    else:
        below = shown_children(division, keep.day_of(request)).order_by("level").values_list("level", flat=True)
        first = below.first() or division.level + 1
    levels = range(first, Level.COMMUNITY + 1)
    return [
        {
            "label": LEVEL_LABELS[level],
            "url": _url(request, division, level if level != first else None, look),
            "current": level == (asked or first),
        }
        for level in levels
        if len(levels) > 1
    ]


def _url(request: HttpRequest, division: Division, level: int | None, look: str) -> str:
    chosen = {"level": KEY_OF_LEVEL[level] if level else None, "look": look}
    return keep.page_url(request, "division_panel", division.code, "tiles", **chosen)


def _sheet_columns() -> list[Column]:
    return [
        Column("code", _("区划代码"), width=14),
        Column("name", _("区划"), width=24),
        Column("state", _("状态"), width=16),
        Column("population", _("人口（人）"), kind=CellKind.NUMBER),
        Column("required", _("应配（人）"), kind=CellKind.NUMBER),
        Column("workers", _("在岗（人）"), kind=CellKind.NUMBER),
        Column("gap", _("缺口（人，负数为多出）"), kind=CellKind.NUMBER, width=16),
        Column("ratio", _("每万人（人）"), kind=CellKind.NUMBER),
    ]


def sheets(request: HttpRequest, division: Division) -> list[Sheet]:
    rows = query_of(request, division, parent=division.code).rows(limit=MOST_TILES)
    cells = [[r.code, r.name, str(look_of(r).word), r.population, r.required, r.workers, r.gap, r.ratio] for r in rows]
    return [Sheet(_("达标分布"), _sheet_columns(), cells)]
