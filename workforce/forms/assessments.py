"""Forms of the yearly assessment: a scheme with its rows, and the scoring sheet."""

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from portal.core.lib.text import clean
from workforce.actions.assessments import Scored
from workforce.appraisal import Demands, Indicator, faults
from workforce.enums import AssessmentGrade, RankGroup
from workforce.forms.fields import TextField
from workforce.forms.judged import HouseForm
from workforce.models import Assessment, AssessmentScheme

LINES = (("community", _L("社区工作")), ("grid", _L("网格工作")))
FREE_ROWS = 8
FIXED = {"certificate": _L("持证情况"), "satisfaction": _L("居民满意度")}
BANDS = ((AssessmentGrade.EXCELLENT, 90), (AssessmentGrade.QUALIFIED, 75), (AssessmentGrade.BASIC, 60))
SENTENCES = {
    "no_indicators": _L("请至少填一项社区工作指标和权重。"),
    "weights": _L("社区工作各项指标的权重合计应为 100%，现为 %(community)s%。"),
    "grid_weights": _L("网格工作各项指标的权重合计应为 100%，现为 %(grid)s%。"),
    "no_grid_line": _L("有网格工作指标的，网格工作占比应大于 0；没有网格工作指标的，占比应为 0。"),
    "grid_percent": _L("按本地政策，社区工作占比不低于 %(least)s%，网格工作占比最高为 %(most)s%。"),
    "certificate": _L("按本地政策，考核指标应包含持证情况，请填写它的权重。"),
    "satisfaction": _L("按本地政策，考核指标应包含居民满意度，请填写它的权重。"),
}


def _weight(label) -> forms.IntegerField:
    attrs = {"inputmode": "numeric", "class": "short", "autocomplete": "off"}
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=100, widget=forms.TextInput(attrs=attrs)
    )


class SchemeForm(HouseForm):
    """A scheme: name, year, rows of indicators with weights, the grid line's share, and the grades' lowest totals."""

    year = forms.IntegerField(
        label=_L("年度"), min_value=2000, max_value=2100, widget=forms.TextInput(attrs={"class": "short"})
    )
    name = TextField(label=_L("方案名称"), max_length=100)
    group = forms.ChoiceField(label=_L("排名范围"), choices=RankGroup.choices)
    grid_percent = forms.IntegerField(
        label=_L("网格工作占比（%）"), min_value=0, max_value=100, initial=0, widget=forms.TextInput(attrs={"class": "short"}),
        help_text=_L("只用于兼任网格员的人；其他人只计社区工作。没有网格工作指标时填 0。"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, data=None, *, demands: Demands, group: str = "", scheme: AssessmentScheme | None = None) -> None:
        self.demands, self.scheme = demands, scheme
        super().__init__(data, initial=_initial(scheme) if scheme else {"year": today().year, "group": group})
        for key, label in FIXED.items():
            self.fields[f"weight_{key}"] = _weight(_("%(label)s的权重（%%）") % {"label": label})
        for number in range(1, FREE_ROWS + 1):
            self.fields[f"label_{number}"] = TextField(
                label=_("指标 %(n)s") % {"n": number}, max_length=60, required=False
            )
            self.fields[f"line_{number}"] = forms.ChoiceField(label=_("属于"), choices=LINES, required=False)
            self.fields[f"weight_{number}"] = _weight(_("权重（%）"))
        for grade, least in BANDS:
            label = _("“%(grade)s”不低于（分）") % {"grade": grade.label}
            self.fields[f"least_{grade}"] = forms.DecimalField(
                label=label, min_value=0, max_value=100, decimal_places=2, initial=least,
                widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal"}),
            )  # fmt: skip

    def rows(self) -> list[dict]:
        """The rows of indicators as the page draws them."""
        fixed = [{"title": label, "weight": self[f"weight_{key}"]} for key, label in FIXED.items()]
        numbers = range(1, FREE_ROWS + 1)
        return fixed + [
            {"label": self[f"label_{n}"], "line": self[f"line_{n}"], "weight": self[f"weight_{n}"]} for n in numbers
        ]

    def general(self) -> list:
        return [self[key] for key in ("year", "name", "group")]

    def rest(self) -> list:
        return [self["grid_percent"], *(self[f"least_{grade}"] for grade, _least in BANDS)]

    def clean(self):
        values = super().clean()
        if self.errors:
            return values
        found = self.indicators()
        for key in faults(
            [Indicator(one["key"], one["line"], one["weight"]) for one in found], values["grid_percent"], self.demands
        ):
            self.add_error(
                "grid_percent" if key in ("grid_percent", "no_grid_line") else None, self._sentence(key, found)
            )
        bounds = [values[f"least_{grade}"] for grade, _least in BANDS]
        if bounds != sorted(bounds, reverse=True) or len(set(bounds)) < len(bounds):
            self.add_error(None, _("各等次的最低分应从高到低，且不能相同。"))
        return values

    def _sentence(self, key: str, found: list[dict]) -> str:
        sums = {line: sum(one["weight"] for one in found if one["line"] == line) for line, _label in LINES}
        least = self.demands.community_least or 0
        words = str(SENTENCES[key])
        for name, value in {**sums, "least": least, "most": 100 - least}.items():
            words = words.replace(f"%({name})s", str(value))
        return words

    def indicators(self) -> list[dict]:
        """The rows that were filled in; a row needs both words and a weight."""
        given, found = self.cleaned_data, []
        for key, label in FIXED.items():
            if given.get(f"weight_{key}"):
                found.append({"key": key, "label": str(label), "line": "community", "weight": given[f"weight_{key}"]})
        for number in range(1, FREE_ROWS + 1):
            label, weight = given.get(f"label_{number}"), given.get(f"weight_{number}")
            if bool(label) != bool(weight):
                self.add_error(f"weight_{number}" if label else f"label_{number}", _("指标名称和权重要一起填写。"))
            elif label:
                line = given.get(f"line_{number}") or "community"
                found.append({"key": f"i{number}", "label": label, "line": line, "weight": weight})
        return found

    def asked(self) -> dict:
        """The scheme's fields."""
        given = self.cleaned_data
        bands = [{"grade": str(grade), "least": str(given[f"least_{grade}"])} for grade, _least in BANDS]
        bands.append({"grade": str(AssessmentGrade.FAILED), "least": "0"})
        kept = {key: given[key] for key in ("year", "name", "group", "grid_percent")}
        return {**kept, "indicators": self.indicators(), "bands": bands}


def _initial(scheme: AssessmentScheme) -> dict:
    found = {key: getattr(scheme, key) for key in ("year", "name", "group", "grid_percent", "version")}
    for one in scheme.indicators:
        name = one["key"].removeprefix("i") if one["key"] not in FIXED else one["key"]
        found |= {f"weight_{name}": one["weight"], f"label_{name}": one["label"], f"line_{name}": one["line"]}
    return found | {f"least_{one['grade']}": one["least"] for one in scheme.bands}


class ActForm(HouseForm):
    """Nothing but the version that the reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)


class ScoreSheet:
    """The scoring sheet as typed: one row per person, one cell per indicator; errors stand in their cells."""

    def __init__(self, scheme: AssessmentScheme, rows: list[Assessment], data: QueryDict | None = None) -> None:
        self.scheme, self.data, self.errors = scheme, data, []
        self.lines = [self._line(row) for row in rows]

    def _line(self, row: Assessment) -> dict:
        keys = [one for one in self.scheme.indicators if one["line"] == "community" or row.grid_worker]
        cells = {one["key"]: self._cell(row, one) for one in keys}
        version = self.data.get(f"v-{row.pk}", "") if self.data is not None else row.version
        ordered = [cells.get(one["key"]) for one in self.scheme.indicators]
        return {"row": row, "cells": ordered, "filled": cells, "version": version, "version_name": f"v-{row.pk}"}

    def _cell(self, row: Assessment, indicator: dict) -> dict:
        name = f"s-{row.pk}-{indicator['key']}"
        typed = self.data.get(name, "") if self.data is not None else row.scores.get(indicator["key"], "")
        cell = {"name": name, "value": typed, "error": "", "label": f"{row.person.name} {indicator['label']}"}
        try:
            cell["score"] = parse_score(typed)
        except ValidationError as error:
            cell["error"] = error.messages[0]
            self.errors.append({"href": f"#{name}", "text": f"{cell['label']}：{cell['error']}"})
        return cell

    def is_valid(self) -> bool:
        return self.data is not None and not self.errors

    def show_stored(self) -> None:
        """After somebody else has saved: shows what is stored beside what was typed; sent again, it counts as seen."""
        for line in self.lines:
            if str(line["version"]) != str(line["row"].version):
                line["version"] = line["row"].version
                for key, cell in line["filled"].items():
                    cell["stored"] = line["row"].scores.get(key, _("未打分"))

    def scored(self) -> list[Scored]:
        """What the action writes: the rows of the sheet with the versions that the reader has seen."""
        found = []
        for line in self.lines:
            scores = {key: cell["score"] for key, cell in line["filled"].items() if cell["score"] is not None}
            version = int(line["version"]) if str(line["version"]).isdecimal() else 0
            found.append(Scored(line["row"].pk, version, scores))
        return found


def parse_score(text: str) -> str | None:
    """A score from 0 to 100 with at most two decimals, as stored; None where nothing is typed."""
    text = clean(text)
    if not text:
        return None
    wrong = ValidationError(_("得分应为 0 到 100，最多两位小数。"))
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise wrong from None
    if not value.is_finite() or not 0 <= value <= 100 or value != value.quantize(Decimal("0.01")):
        raise wrong
    return f"{value.normalize():f}"
