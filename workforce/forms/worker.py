"""Forms of a worker: a new person, and one more post."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.dated import end_of
from portal.core.lib.identity import parse_id
from workforce.enums import Body, CertificateLevel, ContractKind, Entry, Sex, Tier
from workforce.forms.fields import (
    PRIVATE,
    CommunityField,
    DayField,
    GradeField,
    IdNumberField,
    NameField,
    PhoneField,
    TextField,
)
from workforce.forms.judged import JudgedForm, VersionedForm

PERSON = ("name", "id_number", "sex", "birth_date", "ethnicity", "political_status", "education", "degree", "major")
PERSON += ("phone", "no_phone", "hired_on")
POST = ("community", "body", "title", "tier", "grade", "entry", "full_time", "managed", "grid_worker")
POST += ("valid_from", "valid_to")
MANNER = ("manner", "changed_on")
CONTRACT = ("contract_kind", "party", "contract_from", "contract_to")
CERTIFICATE = ("level", "number", "obtained_on", "registered_on")
TEXTS = ("ethnicity", "political_status", "education", "degree", "major")


def _with_empty(choices, word) -> list:
    return [("", word), *choices]


class PostFields(JudgedForm):
    """One post in a community."""

    body = forms.ChoiceField(label=_L("任职机构"), choices=_with_empty(Body.choices, _L("请选择")))
    title = TextField(label=_L("职务"), max_length=60, help_text=_L("如 社区党组织书记、居委会主任、委员、工作人员。"))
    tier = forms.TypedChoiceField(label=_L("岗位层级"), coerce=int, choices=_with_empty(Tier.choices, _L("请选择")))
    grade = GradeField(label=_L("岗位等级"), required=False, help_text=_L("1 到 18。"))
    entry = forms.ChoiceField(label=_L("任职方式"), choices=_with_empty(Entry.choices, _L("请选择")))
    full_time = forms.BooleanField(label=_L("专职"), required=False, initial=True)
    managed = forms.BooleanField(label=_L("纳入社区工作者管理"), required=False, initial=True)
    grid_worker = forms.BooleanField(label=_L("兼任网格员"), required=False)
    valid_from = DayField(label=_L("任职起始"), help_text=_L("担任本职务的第一天。"))
    valid_to = DayField(label=_L("任职截止"), required=False, help_text=_L("担任本职务的最后一天；仍在任时不填。"))

    def __init__(self, data=None, *, by, kept=None, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["community"] = CommunityField(user=by, kept=kept, label=_("社区"))
        self.fields["community"].error_messages["required"] = _("请选择“社区”。")
        self.order_fields([*PERSON, *POST, *CONTRACT, "renewal", *CERTIFICATE])

    def post(self) -> dict:
        """Fields of the appointment, its end exclusive."""
        values = {key: self.cleaned_data[key] for key in POST if key not in ("community", "valid_to")}
        return {**values, "division": self.cleaned_data["community"], "valid_to": end_of(self.cleaned_data["valid_to"])}

    def sections(self) -> list[dict]:
        parts = (
            (_("人员"), PERSON),
            (_("任职"), (*POST, *MANNER)),
            (_("合同"), (*CONTRACT, "renewal")),
            (_("证书"), CERTIFICATE),
        )
        found = [{"title": title, "fields": [self[k] for k in keys if k in self.fields]} for title, keys in parts]
        return [part for part in found if part["fields"]]


class PostForm(PostFields, VersionedForm):
    """One more post of a person on record."""

    def row_values(self) -> dict:
        known = {"id_number": parse_id(self.person.id_number), "hired_on": self.person.hired_on}
        return {**known, **self.cleaned_data}

    def asked(self) -> dict:
        return {"version": self.cleaned_data["version"], "post": self.post()}


class WorkerForm(PostFields):
    """A person with a post, and with a contract and a certificate where there are any."""

    name = NameField(
        label=_L("姓名"), max_length=60, help_text=_L("与身份证一致。"), widget=forms.TextInput(attrs=PRIVATE)
    )
    id_number = IdNumberField(label=_L("身份证号"), help_text=_L("18 位。加密保存，页面上只显示头尾几位。"))
    sex = forms.ChoiceField(label=_L("性别"), required=False, choices=_with_empty(Sex.choices, _L("由身份证号得出")))
    birth_date = DayField(label=_L("出生日期"), required=False, attrs=PRIVATE, help_text=_L("可不填，由身份证号得出。"))
    ethnicity = TextField(label=_L("民族"), required=False, max_length=20)
    political_status = TextField(label=_L("政治面貌"), required=False, max_length=20)
    education = TextField(label=_L("学历"), required=False, max_length=20)
    degree = TextField(label=_L("学位"), required=False, max_length=20)
    major = TextField(label=_L("专业"), required=False, max_length=60)
    phone = PhoneField(
        label=_L("联系电话"), required=False, help_text=_L("手机 11 位；座机带区号，如 022-27301234。加密保存。")
    )
    hired_on = DayField(label=_L("入职日期"), required=False, help_text=_L("进入社区工作者队伍的日期。"))
    contract_kind = forms.ChoiceField(
        label=_L("合同类型"), required=False, choices=_with_empty(ContractKind.choices, _L("无"))
    )
    party = TextField(label=_L("用工主体"), required=False, max_length=100, help_text=_L("签订合同的单位。"))
    contract_from = DayField(label=_L("合同起始"), required=False, help_text=_L("有合同时必填。"))
    contract_to = DayField(label=_L("合同截止"), required=False, help_text=_L("合同的最后一天；无固定期限时不填。"))
    level = forms.ChoiceField(
        label=_L("证书等级"), required=False, choices=_with_empty(CertificateLevel.choices, _L("没有证书"))
    )
    number = TextField(label=_L("证书编号"), required=False, max_length=60)
    obtained_on = DayField(label=_L("证书取得日期"), required=False, help_text=_L("有证书时必填。"))
    registered_on = DayField(label=_L("登记日期"), required=False, help_text=_L("最近一次登记的日期。"))

    def clean(self):
        values = super().clean()
        given = self.cleaned_data
        if given.get("level") and not given.get("obtained_on") and "obtained_on" not in self.errors:
            self.add_error("obtained_on", _("填写了证书等级，请同时填写证书取得日期。"))
        return values

    def worker(self) -> dict:
        """Fields of the person; birth date and sex follow from the ID number, which has been compared with them."""
        given, number = self.cleaned_data, self.judged["id_number"]
        texts = {key: given[key] for key in ("name", *TEXTS, "hired_on")}
        told = {"id_number": number.number, "sex": self.judged["sex"], "birth_date": number.birth}
        return {**texts, **told, "phone": given["phone"] or None}

    def contract(self) -> dict | None:
        given = self.cleaned_data
        if not given["contract_kind"]:
            return None
        period = {"valid_from": given["contract_from"], "valid_to": end_of(given["contract_to"])}
        return {"kind": given["contract_kind"], "party": given["party"], **period}

    def certificate(self) -> dict | None:
        given = self.cleaned_data
        return {key: given[key] for key in CERTIFICATE} if given["level"] else None

    def asked(self) -> dict:
        """Arguments of the action."""
        parts = {"person": self.worker(), "post": self.post()}
        return {**parts, "contract": self.contract(), "certificate": self.certificate()}
