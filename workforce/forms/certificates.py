"""Forms of certificates, registrations and hours of continuing education of one person."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.dated import last_day
from workforce.enums import CertificateLevel, EducationKind
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import VersionedForm
from workforce.models import Certificate, ContinuingEducation, Registration

CHOOSE = ("", _L("请选择"))


class CertificateForm(VersionedForm):
    """A certificate, new or to be corrected; its level can be corrected too."""

    level = forms.ChoiceField(label=_L("证书等级"), choices=[CHOOSE, *CertificateLevel.choices])
    number = TextField(label=_L("证书编号"), required=False, max_length=60)
    obtained_on = DayField(label=_L("证书取得日期"), help_text=_L("批准（考试通过）日期。"))
    issued_on = DayField(
        label=_L("证书签发日期"), required=False, help_text=_L("当地以签发日期判断取证期限的填写；不填按取得日期。")
    )

    @staticmethod
    def initial_of(record: Certificate) -> dict:
        return {name: getattr(record, name) for name in ("level", "number", "obtained_on", "issued_on")}


class RegistrationForm(VersionedForm):
    """A first or renewed registration of a certificate."""

    registered_on = DayField(label=_L("登记日期"))
    until = DayField(
        label=_L("有效期至"), required=False, help_text=_L("有效期的最后一天；不填按当地登记规则的年限计算。")
    )
    number = TextField(label=_L("登记证号"), required=False, max_length=60)

    @staticmethod
    def initial_of(record: Registration) -> dict:
        return {
            "registered_on": record.registered_on,
            "until": last_day(record.valid_to),
            "number": record.number,
        }


class EducationForm(VersionedForm):
    """Hours of continuing education; a social-work degree is entered with its own kind and counts once a period."""

    kind = forms.ChoiceField(label=_L("类别"), choices=EducationKind.choices, widget=forms.RadioSelect)
    title = TextField(label=_L("内容"), max_length=100, help_text=_L("课程、活动或学历学位的名称。"))
    done_on = DayField(label=_L("完成日期"))
    hours = forms.DecimalField(
        label=_L("学时"),
        min_value=0,
        max_digits=5,
        decimal_places=1,
        help_text=_L("最多一位小数。学历学位按规则折算，这里填证书所载或 1。"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short", "autocomplete": "off"}),
        error_messages={"invalid": _L("学时应为数字，如 12 或 4.5。")},
    )
    provider = TextField(label=_L("举办单位"), required=False, max_length=100)

    def __init__(self, data=None, **kwargs) -> None:
        kwargs["initial"] = {"kind": EducationKind.COURSE, **kwargs.get("initial", {})}
        super().__init__(data, **kwargs)

    def clean_hours(self):
        hours = self.cleaned_data["hours"]
        if not hours:
            raise forms.ValidationError(_("学时应大于 0。"))
        return hours

    @staticmethod
    def initial_of(record: ContinuingEducation) -> dict:
        return {name: getattr(record, name) for name in ("kind", "title", "done_on", "hours", "provider")}
