"""Forms that answer a proposed move."""

from django import forms
from django.utils.translation import gettext_lazy as _L

from workforce.forms.judged import HouseForm
from workforce.forms.worker import PostFields
from workforce.queries.transfers import POST_KEYS


class AnswerForm(HouseForm):
    """Nothing but the version that its reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)


class AgreeForm(AnswerForm):
    """The receiving side may amend the post that the giving side has suggested."""

    body = PostFields.declared_fields["body"]
    title = PostFields.declared_fields["title"]
    tier = PostFields.declared_fields["tier"]
    grade = PostFields.declared_fields["grade"]
    entry = PostFields.declared_fields["entry"]
    full_time = PostFields.declared_fields["full_time"]
    managed = PostFields.declared_fields["managed"]
    grid_worker = PostFields.declared_fields["grid_worker"]

    def asked(self) -> dict:
        return {
            "version": self.cleaned_data["version"],
            "post": {key: self.cleaned_data[key] for key in POST_KEYS},
        }


class RefuseForm(AnswerForm):
    reason = forms.CharField(
        label=_L("不同意的理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 200}),
        help_text=_L("对方会看到。"),
    )


class WithdrawForm(AnswerForm):
    reason = forms.CharField(label=_L("撤回的理由"), max_length=200, required=False, help_text=_L("对方会看到。"))
