"""The form that takes in a sheet."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.models import User
from portal.core.lib.codes import Level
from portal.core.sheets.errors import MESSAGES
from portal.core.territory.models import Division

_MOST_CHOICES = 500
_MEGABYTE = 1024 * 1024


class UploadForm(forms.Form):
    """A file, and the division it is for where the user has several."""

    division = forms.CharField(label=_("导入范围"))
    file = forms.FileField(
        label=_("名册文件"),
        help_text=_("Excel 文件（.xlsx、.xls）或 .csv，最多 12 万行、40 MB。"),
        error_messages={"empty": MESSAGES["file_empty"]},
        max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, by: User, perm: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        offices = Q(formal=False, level__lt=Level.COMMUNITY) | Q(code__in=by.territories(perm))
        mine = Division.objects.for_user(by, perm).filter(offices)
        self._divisions = mine.order_by("code")
        found = list(self._divisions[: _MOST_CHOICES + 1])
        if len(found) == 1:
            self.fields["division"].widget = forms.HiddenInput()
            self.fields["division"].initial = found[0].code
        elif len(found) <= _MOST_CHOICES:
            choices = [(d.code, "　" * (d.level - found[0].level) + d.label) for d in found]
            self.fields["division"].widget = forms.Select(choices=[("", _("请选择")), *choices])
        else:
            self.fields["division"].help_text = _("区划代码，如 120101001。")
        self.only = found[0] if len(found) == 1 else None

    def clean_division(self) -> Division:
        code = self.cleaned_data["division"].strip()
        division = self._divisions.filter(code=code).first() if code.isascii() and code.isdigit() else None
        if division is None:
            raise ValidationError(_("请从您负责的范围中选择。"))
        return division

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.IMPORT_MAX_BYTES:
            size = {"size": f"{file.size / _MEGABYTE:.1f}", "limit": settings.IMPORT_MAX_BYTES // _MEGABYTE}
            raise ValidationError(MESSAGES["file_too_large"], params=size)
        return file
