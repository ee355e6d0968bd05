"""Forms of households and shops."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from portal.core.lib.dated import end_of, last_day
from portal.core.lib.text import clean
from portal.core.territory.models import Division
from ratings.enums import PremisesKind
from ratings.models import Premises
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm
from workforce.models import Grid

ALL = ("", _L("全部"))
MOST_LINES = 2000


class PremisesFilter(forms.Form):
    """Search and filter; anything odd in the address is left out and the rest still holds."""

    SHOWS = (
        ("visited", _L("本期已走访")),
        ("waiting", _L("本期未走访")),
        ("later", _L("下期起走访")),
        ("gone", _L("已迁出或歇业")),
    )

    q = forms.CharField(label=_L("门牌或店名"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_L("类别"), required=False, choices=[ALL, *PremisesKind.choices])
    show = forms.ChoiceField(label=_L("走访情况"), required=False, choices=[ALL, *SHOWS])

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class GridField(forms.ChoiceField):
    """One of the grids of a community; the cleaned value is the grid or None."""

    def __init__(self, *, division: Division, **kwargs) -> None:
        self.grids = {
            str(one.pk): one for one in Grid.objects.filter(division=division).in_force(today()).order_by("name")
        }
        choices = [("", _("未分网格")), *((key, one.name) for key, one in self.grids.items())]
        super().__init__(label=_L("网格"), required=False, choices=choices, **kwargs)

    def clean(self, value) -> Grid | None:
        return self.grids.get(super().clean(value))


class PremisesForm(HouseForm):
    keys = ("kind", "label", "grid", "valid_from", "valid_to")
    kind = forms.ChoiceField(label=_L("类别"), choices=PremisesKind.choices)
    label = TextField(label=_L("门牌或店名"), max_length=80, help_text=_L("如 3号楼2门101。不写住户姓名。"))
    valid_from = DayField(label=_L("迁入或开业日期"), initial=today)
    valid_to = DayField(label=_L("迁出或歇业日期"), required=False, help_text=_L("最后一天；仍在的不填。"))

    def __init__(self, data=None, *, division: Division, held: Premises | None = None, **kwargs) -> None:
        if held is not None:
            kwargs["initial"] = {key: getattr(held, key) for key in self.keys}
            kwargs["initial"] |= {"grid": held.grid_id or "", "valid_to": last_day(held.valid_to)}
        super().__init__(data, **kwargs)
        self.fields["grid"] = GridField(division=division)
        self.order_fields(self.keys)

    def asked(self) -> dict:
        """Arguments of the action."""
        given = {key: self.cleaned_data[key] for key in self.keys}
        return {**given, "valid_to": end_of(given["valid_to"])}


class PremisesManyForm(HouseForm):
    """Many at once, one to a line."""

    kind = forms.ChoiceField(label=_L("类别"), choices=PremisesKind.choices)
    labels = forms.CharField(
        label=_L("门牌或店名，每行一个"),
        help_text=_L("可以从表格中整列粘贴；已登记的和重复的会自动跳过。"),
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off"}),
    )
    valid_from = DayField(
        label=_L("迁入或开业日期"), initial=today, help_text=_L("在这一天所在走访周期之后开始要求走访。")
    )

    def __init__(self, data=None, *, division: Division, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["grid"] = GridField(division=division)

    def clean_labels(self) -> list[str]:
        found = [text for line in self.cleaned_data["labels"].splitlines() if (text := clean(line))]
        if len(found) > MOST_LINES:
            raise forms.ValidationError(_("一次最多 %(most)s 行，请分几次录入。") % {"most": MOST_LINES})
        for number, text in enumerate(found, 1):
            if len(text) > 80:
                words = {"row": number, "text": text[:20]}
                raise forms.ValidationError(_("第 %(row)s 行“%(text)s…”超过 80 个字，请改短。") % words)
        return found


class PremisesEndForm(HouseForm):
    last_day = DayField(label=_L("最后一天"), help_text=_L("这一天仍在此居住或营业。"), initial=today)
