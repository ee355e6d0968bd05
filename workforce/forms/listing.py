"""What the address asks of the roster list."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from workforce.enums import NotCounted

SORTS = ("name", "place", "tier", "start")


class Status(models.TextChoices):
    """Which posts the list shows: those in force on the day, counted or not, or those that ended."""

    IN_POST = "in_post", _("在岗")
    COUNTED = "counted", _("计入配备")
    NOT_COUNTED = "not_counted", _("未计入（全部原因）")
    LEFT = "left", _("已离任")


def status_choices() -> list[tuple[str, str]]:
    reasons = [(value, _("未计入：%(reason)s") % {"reason": label}) for value, label in NotCounted.choices]
    return [*Status.choices[:3], *reasons, *Status.choices[3:]]


class RosterFilter(forms.Form):
    """Search and filter; anything odd in the address is left out and the rest still holds."""

    q = forms.CharField(label=_("姓名或拼音首字母"), required=False, max_length=60)
    status = forms.ChoiceField(label=_("状态"), required=False, choices=status_choices)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {
            "q": self.cleaned_data.get("q", ""),
            "status": self.cleaned_data.get("status") or Status.IN_POST,
        }
