"""What the forms of the roster share: the guard against lost updates, and the import's own check of one row."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.lib.clock import today
from workforce.actions.versions import Stale
from workforce.importers.checking import Ages, check_row
from workforce.importers.places import Place
from workforce.importers.rows import Row
from workforce.importers.sentences import sentence
from workforce.models import Person

# Warnings of the import that also make sense for one person; they are shown after saving and stop nothing.
NOTICED = {"age_unusual", "contract_expired", "start_future", "id_doubtful"}
REQUIRED = _("请填写“%(label)s”。")
CHOOSE = _("请选择“%(label)s”。")


class HouseForm(forms.Form):
    """A form whose errors are sentences that name the field."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            chosen = isinstance(field.widget, forms.Select)
            field.error_messages["required"] = (CHOOSE if chosen else REQUIRED) % {"label": field.label}


class VersionedForm(HouseForm):
    """A form about a person on record; `version` is the one its reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)

    def __init__(self, data=None, *, person: Person, **kwargs) -> None:
        kwargs["initial"] = {"version": person.version, **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)
        self.person = person
        self.stale = False

    def clean(self):
        """Refuses a version that is no longer the present one; sent again, the form counts as having seen that one."""
        values = super().clean()
        if self.cleaned_data.get("version") != self.person.version:
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(self.person.version)
            self.stale = True
            self.add_error(None, Stale())
        return values


class JudgedForm(HouseForm):
    """A form judged like a row of the roster sheet. Subclasses say in `row_values` what the row holds."""

    def clean(self):
        values = super().clean()
        self.notes: list[str] = []
        community = self.cleaned_data.get("community")
        if community is None:
            return values
        place = Place(community.code, community.label, community.level, community.urban, community.valid_to)
        filled = {key: value for key, value in self.row_values().items() if value not in (None, "")}
        row = Row(0, filled)
        check_row(row, place, Ages.of(community.code, today()))
        self.judged = row.values
        for error in row.errors:
            self._note(error)
        self.notes = [sentence(one["code"], one["params"]) for one in row.warnings if one["code"] in NOTICED]
        return values

    def row_values(self) -> dict:
        return self.cleaned_data

    def _note(self, error: dict) -> None:
        key = "community" if error["key"] == "code" else error["key"]
        if key not in self.errors:
            self.add_error(key if key in self.fields else None, sentence(error["code"], error["params"]))
