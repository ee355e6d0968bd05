"""Forms of grids and their teams."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.dated import end_of, last_day
from workforce.enums import GridRole, Sex
from workforce.forms.fields import PRIVATE, DayField, IdNumberField, NameField, PhoneField, TextField
from workforce.forms.judged import HouseForm
from workforce.models import Appointment, Grid, GridPost, Person

MOST_CHOICES = 500


class CountField(forms.IntegerField):
    """A whole number that is not negative; empty is "not known"."""

    def __init__(self, *, least: int = 0, most: int = 1_000_000, **kwargs) -> None:
        wrong = _L("请填 %(least)s 到 %(most)s 之间的整数。") % {"least": least, "most": most}
        messages = {"invalid": wrong, "min_value": wrong, "max_value": wrong}
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"})
        super().__init__(min_value=least, max_value=most, error_messages=messages, widget=widget, **kwargs)


class GridForm(HouseForm):
    keys = ("name", "households", "micro_grids", "valid_from", "valid_to")
    name = TextField(label=_L("网格名称"), max_length=60, help_text=_L("如 第一网格。"))
    households = CountField(label=_L("户数"), required=False)
    micro_grids = CountField(label=_L("微网格数"), required=False, most=1000)
    valid_from = DayField(label=_L("设立日期"), initial=today)
    valid_to = DayField(label=_L("撤销日期"), required=False, help_text=_L("最后一天；仍在运行时不填。"))

    @classmethod
    def initial_of(cls, grid: Grid) -> dict:
        return {**{key: getattr(grid, key) for key in cls.keys}, "valid_to": last_day(grid.valid_to)}

    def asked(self) -> dict:
        """Arguments of the action."""
        given = {key: self.cleaned_data[key] for key in self.keys}
        return {**given, "valid_to": end_of(given["valid_to"])}


class GridEndForm(HouseForm):
    last_day = DayField(label=_L("最后一天"), help_text=_L("这一天网格仍在运行。"), initial=today)


class GridWorkerForm(HouseForm):
    """Somebody for a grid's team: chosen among those in post around, or entered by ID number."""

    role = forms.ChoiceField(label=_L("网格职务"), choices=[("", _L("请选择")), *GridRole.choices])
    person = forms.ChoiceField(label=_L("从在册人员中选择"), required=False)
    name = NameField(
        label=_L("姓名"), required=False, max_length=60, widget=forms.TextInput(attrs=PRIVATE),
        help_text=_L("不在上面名单中的，请填姓名和身份证号；已在名册的会对上同一人，不会重复建档。"),
    )  # fmt: skip
    id_number = IdNumberField(label=_L("身份证号"), required=False)
    phone = PhoneField(label=_L("联系电话"), required=False)
    valid_from = DayField(label=_L("任职起始"), initial=today)
    valid_to = DayField(label=_L("任职截止"), required=False, help_text=_L("最后一天；仍在任时不填。"))

    def __init__(self, data=None, *, grid: Grid, by, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.around = people_around(grid, by)
        choices = [(str(person.pk), f"{person.name}（{place}）") for person, place in self.around.values()]
        self.fields["person"].choices = [("", _("不在名单中")), *choices]

    def clean(self):
        values = super().clean()
        given = self.cleaned_data
        if given.get("person"):
            if given.get("name") or given.get("id_number"):
                self.add_error("person", _("已填写姓名和身份证号，请不要同时选择名单中的人。"))
        elif "name" not in self.errors and "id_number" not in self.errors:
            for key in ("name", "id_number"):
                if not given.get(key):
                    self.add_error(key, _("请从名单中选择，或填写姓名和身份证号。"))
        return values

    @property
    def chosen(self) -> Person | None:
        found = self.around.get(self.cleaned_data["person"])
        return found and found[0]

    def entered(self) -> dict:
        """Fields of a new person; birth date and sex follow from the ID number."""
        number = self.cleaned_data["id_number"]
        return {
            "name": self.cleaned_data["name"],
            "id_number": number.number,
            "sex": Sex.MALE if number.sex == "M" else Sex.FEMALE,
            "birth_date": number.birth,
            "phone": self.cleaned_data["phone"] or None,
        }

    def post(self) -> dict:
        given = self.cleaned_data
        return {"role": given["role"], "valid_from": given["valid_from"], "valid_to": end_of(given["valid_to"])}


def people_around(grid: Grid, by) -> dict[str, tuple[Person, str]]:
    """People with a post or grid post in the street of a grid, its own community first, by id."""
    street, found = grid.division_id[:9], {}
    for model in (Appointment, GridPost):
        rows = model.objects.for_user(by, Perm.CHANGE_ROSTER).under(street).in_force(today())
        for row in rows.select_related("person", "division").order_by("person__name_pinyin", "id"):
            found.setdefault(str(row.person_id), (row.person, row.division))
    ordered = sorted(found.items(), key=lambda item: item[1][1].code != grid.division_id)
    return {key: (person, place.label) for key, (person, place) in ordered[:MOST_CHOICES]}
