"""Search of the audit trail."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.audit.acts import EVENTS
from portal.core.audit.change_labels import CHANGES
from portal.core.audit.object_labels import OBJECTS
from portal.core.audit.queries import Asked
from portal.core.lib.clock import today

DEFAULT_DAYS = 30
ALL = [("", gettext_lazy("全部"))]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "short"}, format="%Y-%m-%d")


class EventFilter(forms.Form):
    """Day range (the last 30 days when none is given), actor and act."""

    since = forms.DateField(label=gettext_lazy("起"), required=False, widget=DayInput)
    until = forms.DateField(label=gettext_lazy("止"), required=False, widget=DayInput)
    actor = forms.CharField(label=gettext_lazy("操作人用户名"), required=False, max_length=60)
    act = forms.ChoiceField(label=gettext_lazy("操作"), required=False, choices=[*ALL, *EVENTS.items()])

    def __init__(self, data) -> None:
        until = today()
        since = until - timedelta(days=DEFAULT_DAYS)
        filled = data.copy()
        for name, day in (("since", since), ("until", until)):
            if not filled.get(name):
                filled[name] = day.isoformat()
        super().__init__(filled)

    def clean_until(self) -> date:
        since, until = self.cleaned_data.get("since"), self.cleaned_data["until"]
        if since and until and until < since:
            raise ValidationError(_("止日不能早于起日。"))
        if until == date.max:
            raise ValidationError(_("日期太晚。"))
        return until

    def asked(self, place: str) -> Asked | None:
        """What to look for, or None while the form has errors."""
        return Asked(place=place, **self.cleaned_data) if self.is_valid() else None


class ChangeFilter(EventFilter):
    """The same for row changes, with the kind of object."""

    act = forms.ChoiceField(label=gettext_lazy("操作"), required=False, choices=[*ALL, *CHANGES.items()])
    object = forms.ChoiceField(label=gettext_lazy("对象"), required=False, choices=[*ALL, *OBJECTS.items()])
