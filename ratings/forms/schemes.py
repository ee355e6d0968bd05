"""Forms of schemes: head with bands, an item, a copy, and what the pages filter by."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.indicators.declare import Indicator
from portal.core.lib.clock import today
from portal.core.lib.text import clean
from ratings.enums import ItemKind, Star, UnitKind
from ratings.models import RatingScheme, SchemeItem
from ratings.queries.schemes import bound_of, choosable, two
from workforce.forms.fields import TextField
from workforce.forms.judged import HouseForm

GRADES = ((Star.FIVE, 90), (Star.FOUR, 80), (Star.THREE, 70))
SHORT = {"class": "short", "inputmode": "decimal", "autocomplete": "off"}
_STEP = re.compile(r"^(-?\d+(?:\.\d+)?)\s*[:：=\s]\s*(\d+(?:\.\d+)?)\s*[%％]?$")


def _version() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2_147_483_647)


def _year() -> forms.IntegerField:
    return forms.IntegerField(
        label=_L("年度"),
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput(attrs={**SHORT, "inputmode": "numeric"}),
    )


class ActForm(HouseForm):
    """Nothing but the version that the reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)


class SchemeHeadForm(HouseForm):
    """Name, document and bands of a scheme; year and kind of unit only while it is new."""

    year = _year()
    unit_kind = forms.ChoiceField(label=_L("对象"), choices=UnitKind.choices)
    name = TextField(label=_L("方案名称"), max_length=100)
    document = TextField(label=_L("依据文件"), max_length=200, required=False)
    version = _version()

    def __init__(self, data=None, *, scheme: RatingScheme | None = None) -> None:
        self.scheme = scheme
        super().__init__(data, initial=_head(scheme) if scheme else {"year": today().year})
        for star, least in GRADES:
            self.fields[f"least_{star.value}"] = forms.DecimalField(
                label=_("%(star)s不低于（分）") % {"star": star.label}, min_value=0, max_value=100, decimal_places=2,
                initial=least, widget=forms.TextInput(attrs=SHORT),
            )  # fmt: skip
        if scheme is not None:
            del self.fields["year"], self.fields["unit_kind"]

    def clean(self):
        values = super().clean()
        leasts = [values.get(f"least_{star.value}") for star, _least in GRADES]
        if None not in leasts and (sorted(set(leasts), reverse=True) != leasts or leasts[-1] <= 0):
            self.add_error(None, _("星级分数线应从高到低：五星最高不过 100 分，三星大于 0 分，且各不相同。"))
        return values

    def asked(self) -> dict:
        """The scheme's fields."""
        given = self.cleaned_data
        bands = [{"grade": star.value, "least": str(given[f"least_{star.value}"])} for star, _least in GRADES]
        return {key: given[key] for key in ("year", "unit_kind", "name", "document") if key in given} | {"bands": bands}


def _head(scheme: RatingScheme) -> dict:
    found = {"name": scheme.name, "document": scheme.document, "version": scheme.version}
    return found | {f"least_{one['grade']}": one["least"] for one in scheme.bands}


class CopyForm(HouseForm):
    """Year and name of a copy."""

    year = _year()
    name = TextField(label=_L("方案名称"), max_length=100)

    def asked(self) -> dict:
        return {key: self.cleaned_data[key] for key in ("year", "name")}


class StepsField(forms.CharField):
    """Steps as people write them: `95:100, 90:80`; gives pairs of bound and per cent."""

    def to_python(self, value) -> list[tuple[Decimal, Decimal]]:
        text = clean(super().to_python(value))
        parts = [part.strip() for part in re.split(r"[,，;；、\n]", text) if part.strip()]
        found = []
        for part in parts:
            match = _STEP.match(part)
            if match is None:
                raise ValidationError(_("看不懂分档“%(part)s”。请写成“数值:得分百分比”，如 95:100。") % {"part": part})
            found.append(tuple(map(_number, match.groups())))
        if any(percent > 100 for _bound, percent in found):
            raise ValidationError(_("得分百分比应在 0 到 100 之间。"))
        if len({bound for bound, _percent in found}) < len(found):
            raise ValidationError(_("同一个数值只能有一档。"))
        return found


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValidationError(_("“%(text)s”不是数。") % {"text": text}) from error


class SchemeItemForm(HouseForm):
    """One item of a scheme."""

    kind = forms.ChoiceField(label=_L("性质"), choices=ItemKind.choices)
    label = TextField(label=_L("指标"), max_length=100)
    group = TextField(label=_L("类别"), max_length=40, required=False)
    points = forms.DecimalField(
        label=_L("分值"), min_value=0, max_value=100, decimal_places=2, required=False,
        widget=forms.TextInput(attrs=SHORT),
        help_text=_L("评分项为满分；加分、扣分项为每次的分值；一票否决不填。"),
    )  # fmt: skip
    cap = forms.DecimalField(
        label=_L("合计上限"), min_value=0, max_value=100, decimal_places=2, required=False,
        widget=forms.TextInput(attrs=SHORT), help_text=_L("只用于加分、扣分项：多次合计最多计多少分。"),
    )  # fmt: skip
    indicator = forms.ChoiceField(
        label=_L("自动取数指标"), required=False,
        help_text=_L("选了指标的评分项按取数时点的指标值自动得分，不再由人填写。"),
    )  # fmt: skip
    steps = StepsField(
        label=_L("分档"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_L("如 95:100, 90:80, 80:60，表示 95 以上得满分、90 以上得 80%。越低越好的指标写上限。不填则达到规定标准得满分。"),
    )  # fmt: skip
    standard = TextField(label=_L("评分标准"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.BooleanField(label=_L("须附佐证"), required=False)
    order = forms.IntegerField(
        label=_L("次序"), min_value=1, max_value=200, required=False, widget=forms.TextInput(attrs=SHORT),
        help_text=_L("不填则排在最后。"),
    )  # fmt: skip
    version = _version()

    def __init__(
        self,
        data=None,
        *,
        scheme: RatingScheme,
        indicators: Mapping[str, Indicator],
        item: SchemeItem | None = None,
    ) -> None:
        self.offered = choosable(indicators, scheme.unit_kind)
        super().__init__(data, initial=_item(item) | {"version": scheme.version})
        self.fields["indicator"].choices = _by_topic(self.offered)

    def clean(self):
        values = super().clean()
        kind, points = values.get("kind"), values.get("points")
        if kind != ItemKind.VETO and kind and not points and "points" not in self.errors:
            self.add_error("points", _("请填写分值，应大于 0。"))
        chosen = self.offered.get(values.get("indicator", ""))
        stepless = not values.get("steps") and "steps" not in self.errors
        if kind == ItemKind.SCORE and chosen and stepless and not chosen.judged:
            self.add_error("steps", _("“%(figure)s”没有规定标准，请填写分档。") % {"figure": chosen.label})
        return values

    def asked(self) -> dict:
        """The item's fields; steps name their bound by which way the figure should move."""
        given = {key: value for key, value in self.cleaned_data.items() if key != "version"}
        bound = bound_of(self.offered.get(given["indicator"]))
        pairs = sorted(given["steps"] or [], reverse=bound == "least")
        given["steps"] = [{bound: str(limit), "percent": str(percent)} for limit, percent in pairs]
        given["points"] = given["points"] or Decimal(0)
        return given


def _by_topic(offered: Mapping[str, Indicator]) -> list:
    groups: dict[str, list] = {}
    for key, one in offered.items():
        groups.setdefault(str(one.topic.label), []).append((key, str(one.label)))
    return [("", _("不取数，由人评分")), *groups.items()]


def _item(item: SchemeItem | None) -> dict:
    if item is None:
        return {"kind": ItemKind.SCORE}
    fields = ("kind", "label", "group", "cap", "indicator", "standard", "evidence", "order")
    pairs = (f"{s.get('least', s.get('most'))}:{two(Decimal(str(s['percent'])))}" for s in item.steps)
    points = two(item.points) if item.points else None
    return {name: getattr(item, name) for name in fields} | {"steps": ", ".join(pairs), "points": points}


class SchemeFilter(forms.Form):
    """Year and kind of unit; anything odd in the address is left out and the rest still holds."""

    year = forms.IntegerField(
        label=_L("年度"), required=False, min_value=2000, max_value=2100, widget=forms.TextInput(attrs=SHORT)
    )
    kind = forms.ChoiceField(label=_L("对象"), required=False, choices=[("", _L("全部")), *UnitKind.choices])

    def asked(self) -> dict:
        self.is_valid()
        return {"year": self.cleaned_data.get("year"), "kind": self.cleaned_data.get("kind", "")}


class TrialFilter(forms.Form):
    """Which units of a trial are listed."""

    MOVES = (
        ("moved", _L("星级有变化")),
        ("up", _L("升星")),
        ("down", _L("降星")),
        ("same", _L("不变")),
        ("unknown", _L("无法比较")),
    )
    move = forms.ChoiceField(label=_L("变化"), required=False, choices=[("", _L("全部")), *MOVES])
    after = forms.ChoiceField(label=_L("试算星级"), required=False, choices=[("", _L("全部")), *Star.choices])
    q = forms.CharField(label=_L("单位名称"), required=False, max_length=60)

    def asked(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
