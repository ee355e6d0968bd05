"""Forms about one unit: points with notes, files, events, visits, moves."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from ratings.actions.evidence import ENDINGS
from ratings.actions.units import UnitPoints
from ratings.enums import ItemKind, Stage, Star
from ratings.forms.cycles import ReasonForm, VersionForm, reason_field
from ratings.models import ItemScore, SchemeItem, UnitRating
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm


class PointsField(forms.DecimalField):
    """Points of an item, from 0 to its most, with at most two decimals; empty is not scored yet."""

    def __init__(self, item: SchemeItem, **kwargs) -> None:
        most = f"{item.points.normalize():f}"
        wrong = _("应为 0 到 %(most)s 分，最多两位小数。") % {"most": most}
        messages = dict.fromkeys(("invalid", "min_value", "max_value", "max_decimal_places", "max_digits"), wrong)
        attrs = {"class": "short", "inputmode": "decimal", "autocomplete": "off", "maxlength": "6", "data-most": most}
        super().__init__(
            label=_("得分（满分 %(most)s）") % {"most": most}, min_value=0, max_value=item.points, decimal_places=2,
            required=False, error_messages=messages, widget=forms.TextInput(attrs=attrs), **kwargs,
        )  # fmt: skip


class AssessForm(HouseForm):
    """One unit at its stage: points and a note for every item by hand."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)

    def __init__(
        self, data=None, *, unit: UnitRating, stage: str, items: list[SchemeItem], scores: dict[int, ItemScore]
    ):
        self.unit, self.items = unit, items
        initial: dict = {"version": unit.version}
        for item in items:
            held = scores.get(item.pk)
            points = getattr(held, f"{stage}_points", None)
            initial[f"points_{item.pk}"] = "" if points is None else f"{points.normalize():f}"
            initial[f"note_{item.pk}"] = getattr(held, f"{stage}_note", "")
        super().__init__(data, initial=initial)
        for item in items:
            self.fields[f"points_{item.pk}"] = PointsField(item)
            self.fields[f"note_{item.pk}"] = TextField(label=_("说明"), max_length=300, required=False)

    def rows(self) -> list[dict]:
        return [
            {"item": item, "points": self[f"points_{item.pk}"], "note": self[f"note_{item.pk}"]} for item in self.items
        ]

    def asked(self) -> UnitPoints:
        given = self.cleaned_data
        points = {item.pk: given[f"points_{item.pk}"] for item in self.items}
        notes = {item.pk: given[f"note_{item.pk}"] for item in self.items}
        return UnitPoints(self.unit.pk, given["version"], points, notes)


class EvidenceForm(HouseForm):
    """A file for an item."""

    item = forms.ModelChoiceField(SchemeItem.objects.none(), label=_L("指标"), empty_label=None)
    file = forms.FileField(
        label=_L("文件"), max_length=250, help_text=_L("PDF、JPG、PNG、DOCX 或 XLSX，不超过 10 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(sum(ENDINGS.values(), ()))}),
    )  # fmt: skip

    def __init__(self, *args, unit: UnitRating, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = unit.scheme.items.filter(kind=ItemKind.SCORE)

    def asked(self) -> dict:
        file = self.cleaned_data["file"]
        return {"item": self.cleaned_data["item"], "file": file.file, "name": file.name, "size": file.size}


class _ItemChoice(forms.ModelChoiceField):
    def label_from_instance(self, item: SchemeItem) -> str:
        return _("%(kind)s：%(label)s") % {"kind": item.get_kind_display(), "label": item.label}


class IncidentForm(HouseForm):
    """A bonus, penalty or veto."""

    item = _ItemChoice(SchemeItem.objects.none(), label=_L("事项"), empty_label=None)
    happened_on = DayField(label=_L("发生日期"))
    text = TextField(label=_L("事由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    document = TextField(label=_L("依据文件"), max_length=120, required=False)

    def __init__(self, *args, unit: UnitRating, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = unit.scheme.items.exclude(kind=ItemKind.SCORE)


class VisitForm(VersionForm):
    """The district's visit, with the survey of residents."""

    visited_on = DayField(label=_L("走访日期"))
    findings = TextField(label=_L("走访情况"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    asked = forms.IntegerField(label=_L("调查居民人数"), required=False, min_value=1, max_value=32_000)
    satisfied = forms.IntegerField(label=_L("满意人数"), required=False, min_value=0, max_value=32_000)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visited_on"].initial = today()


class SendBackForm(ReasonForm):
    """A way back, with its reason."""

    to = forms.ChoiceField(label=_L("退回到"))

    def __init__(self, *args, stages, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(stage, Stage(stage).label) for stage in stages]
        self.order_fields(["version", "to", "reason"])


class LeaveOutForm(VersionForm):
    reason = reason_field(_L("不参评的理由"), 200)


class MoveForm(VersionForm):
    """A grade moved in the session."""

    after = forms.TypedChoiceField(label=_L("调整为"), choices=Star.choices, coerce=int)
    reason = reason_field(_L("调整的理由"))
