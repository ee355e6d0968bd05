"""Form fields of the roster: what people type, read by the same rules as a sheet, with the same sentences."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.lib.dates import DateError, parse_date
from portal.core.lib.identity import IdError, IdNumber, PhoneError, parse_id, parse_phone
from portal.core.lib.text import clean, clean_name
from portal.core.sheets.errors import message_of
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division

PRIVATE = {"data-private": "", "autocomplete": "off"}
MOST_CHOICES = 500


class TextField(forms.CharField):
    """A line of text, cleaned as the import cleans a cell."""

    def to_python(self, value) -> str:
        return clean(super().to_python(value))


class NameField(forms.CharField):
    def to_python(self, value) -> str:
        return clean_name(super().to_python(value))


class IdNumberField(forms.CharField):
    """A citizen ID number; the cleaned value also knows birth date and sex. Empty is None."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={**PRIVATE, "class": "id", "maxlength": "30"}))
        super().__init__(**kwargs)

    def to_python(self, value) -> IdNumber | None:
        read = parse_id(super().to_python(value))
        if read is IdError.EMPTY:
            return None
        if isinstance(read, IdError):
            raise ValidationError(message_of(read.value), code=read.value)
        return read

    def run_validators(self, value) -> None:
        """The length is judged together with everything else."""


class PhoneField(forms.CharField):
    def __init__(self, **kwargs) -> None:
        attrs = {**PRIVATE, "class": "id", "inputmode": "tel", "maxlength": "30"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value) -> str:
        read = parse_phone(super().to_python(value))
        if read is PhoneError.EMPTY:
            return ""
        if isinstance(read, PhoneError):
            raise ValidationError(message_of(read.value), code=read.value)
        return read


class DayField(forms.DateField):
    """One day, in any of the spellings of the import; what names no single day is refused."""

    def __init__(self, *, attrs: dict | None = None, **kwargs) -> None:
        widget = forms.DateInput(attrs={"type": "date", "class": "short", **(attrs or {})}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value) -> date | None:
        read = parse_date(value or "")
        if read is DateError.EMPTY:
            return None
        if isinstance(read, DateError):
            raise ValidationError(message_of(read.value), code=read.value)
        if read.from_serial:
            raise ValidationError(message_of(DateError.UNREADABLE.value), code=DateError.UNREADABLE.value)
        if read.approximate:
            raise ValidationError(_("只有年月。请写到日，如 2026-11-22。"), code="month_only")
        return read.value


class GradeField(forms.IntegerField):
    def __init__(self, **kwargs) -> None:
        wrong = _("岗位等级应为 1 到 18 的整数。")
        messages = {"invalid": wrong, "min_value": wrong, "max_value": wrong}
        widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"})
        super().__init__(min_value=1, max_value=18, error_messages=messages, widget=widget, **kwargs)


class Suggesting(forms.TextInput):
    """Free text beside which the likeliest answers are offered."""

    template_name = "django/forms/widgets/suggesting.html"
    offered: Iterable[str] = ()

    def get_context(self, name, value, attrs) -> dict:
        context = super().get_context(name, value, {**(attrs or {}), "list": f"{name}-offered"})
        context["widget"]["offered"] = self.offered
        return context


class CommunityField(forms.CharField):
    """A community of the user's territory, chosen from a list; code and name are understood as well.

    A foreign community answers like one that does not exist. `kept` is the community of a post that is being
    corrected: it stays allowed though it be a village.
    """

    def __init__(self, *, user, kept: Division | None = None, **kwargs) -> None:
        self.kept = kept
        self.within = Division.objects.for_user(user, Perm.CHANGE_ROSTER).filter(level=Level.COMMUNITY)
        choices = self._choices()
        widget = forms.Select(choices=choices) if choices else forms.TextInput(attrs={"autocomplete": "off"})
        hint = "" if choices else _("填 12 位社区代码，或不会重名的社区名称。")
        super().__init__(widget=widget, help_text=hint, max_length=60, **kwargs)

    def _choices(self) -> list:
        """Communities by street; none where there are too many for a list."""
        found = list(self.within.in_force(today()).filter(urban=True).order_by("code")[: MOST_CHOICES + 1])
        if self.kept is not None and self.kept not in found:
            found.append(self.kept)
        if len(found) > MOST_CHOICES:
            return []
        streets = Division.objects.in_bulk({one.parent_id for one in found})
        groups: dict[str, list] = {}
        for one in found:
            groups.setdefault(streets[one.parent_id].label, []).append((one.code, one.label))
        return (
            [("", _("请选择")), *groups.items()] if len(groups) > 1 else [("", _("请选择")), *sum(groups.values(), [])]
        )

    def clean(self, value) -> Division | None:
        text = clean(super().clean(value))
        if not text:
            return None
        found = [find_division(text, self.within)] if text.isdigit() else list(self.within.filter(label=text)[:2])
        if not found or found[0] is None:
            raise ValidationError(_("您的辖区内没有这个社区。请核对代码或名称。"), code="community_unknown")
        if len(found) > 1:
            raise ValidationError(_("您的辖区内不止一个社区叫这个名称，请改填社区代码。"), code="community_ambiguous")
        if not found[0].urban and found[0] != self.kept:
            raise ValidationError(
                _("“%(name)s”是村，不适用社区工作者名册。请改选社区。") % {"name": found[0].label}, code="village"
            )
        return found[0]
