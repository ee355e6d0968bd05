"""Forms of acts that ask for little: ending a post, leaving, looking at personal data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.lib.clock import today
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import HouseForm, VersionedForm


class EndForm(VersionedForm):
    last_day = DayField(label=_("任职截止"), help_text=_("担任本职务的最后一天，这一天仍算在岗。"), initial=today)


class RevealForm(HouseForm):
    """Why somebody needs to see personal data in clear."""

    reason = TextField(
        label=_("查看理由"),
        min_length=2,
        max_length=200,
        help_text=_("理由、时间和您的账号会记入审计记录。"),
        error_messages={"min_length": _("请写明查看理由，至少两个字。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
