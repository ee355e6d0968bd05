"""The scoring sheet as typed: one row per unit, one cell per item by hand; errors stand in their cells."""

from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.core.lib.text import clean
from ratings import stages
from ratings.actions.units import UnitPoints
from ratings.models import ItemScore, SchemeItem, UnitRating


def parse_points(text: str, most: Decimal) -> Decimal | None:
    """Points from 0 to `most` with at most two decimals; None where nothing is typed."""
    text = clean(text)
    if not text:
        return None
    wrong = ValidationError(_("应为 0 到 %(most)s 分，最多两位小数。") % {"most": plain(most)})
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise wrong from None
    if not value.is_finite() or not 0 <= value <= most or value != value.quantize(Decimal("0.01")):
        raise wrong
    return value


def plain(value: Decimal | None) -> str:
    """A number without trailing zeros; empty for None."""
    return "" if value is None else f"{value.normalize():f}"


class PointSheet:
    """Rows and cells of the sheet, from what is stored or from what was typed."""

    def __init__(
        self, stage: str, items: list[SchemeItem], units: list[UnitRating], data: QueryDict | None = None
    ) -> None:
        self.stage, self.items, self.data, self.errors = stage, items, data, []
        self.before = stages.scorers_before(stage)[-1:] or None
        self.lines = [self._line(unit) for unit in units]

    def _line(self, unit: UnitRating) -> dict:
        scores = {score.item_id: score for score in unit.scores.all()}
        cells = [self._cell(unit, item, scores.get(item.pk)) for item in self.items]
        name = f"v-{unit.pk}"
        version = self.data.get(name, "") if self.data is not None else unit.version
        auto = sum((score.auto_points for score in scores.values() if score.auto_points is not None), Decimal(0))
        given = [cell["points"] for cell in cells if cell["points"] is not None]
        return {
            "unit": unit, "cells": cells, "version": version, "version_name": name, "auto": plain(auto),
            "sum": plain(sum(given, auto)), "whole": len(given) == len(cells), "left": len(cells) - len(given),
        }  # fmt: skip

    def _cell(self, unit: UnitRating, item: SchemeItem, held: ItemScore | None) -> dict:
        name = f"s-{unit.pk}-{item.pk}"
        stored = getattr(held, f"{self.stage}_points", None)
        typed = self.data.get(name, "") if self.data is not None else plain(stored)
        before = getattr(held, f"{self.before[0]}_points", None) if self.before else None
        cell = {
            "name": name, "value": typed, "error": "", "item": item, "most": plain(item.points), "before": plain(before),
            "label": f"{unit.division.label} {item.label}", "points": None, "kept": plain(stored), "stored": None,
        }  # fmt: skip
        try:
            cell["points"] = parse_points(typed, item.points)
        except ValidationError as error:
            cell["error"] = error.messages[0]
            self.errors.append({"href": f"#{name}", "text": f"{cell['label']}：{cell['error']}"})
        return cell

    def is_valid(self) -> bool:
        return self.data is not None and not self.errors

    def show_stored(self) -> None:
        """After somebody else has saved: what is stored stands beside what was typed; sent again, it counts as seen."""
        for line in self.lines:
            if str(line["version"]) != str(line["unit"].version):
                line["version"] = line["unit"].version
                for cell in line["cells"]:
                    cell["stored"] = cell["kept"] or _("未打分")

    def asked(self) -> list[UnitPoints]:
        """What the action writes, with the versions that the reader has seen."""
        found = []
        for line in self.lines:
            version = int(line["version"]) if str(line["version"]).isdecimal() else 0
            points = {cell["item"].pk: cell["points"] for cell in line["cells"]}
            found.append(UnitPoints(line["unit"].pk, version, points))
        return found
