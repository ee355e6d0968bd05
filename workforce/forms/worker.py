"""Forms of a worker: a new person, one more post, and the correction of what is on record."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.dated import end_of, last_day
from portal.core.lib.identity import mask, mask_phone, parse_id
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
from workforce.models import Appointment, Certificate, Contract, Person

PERSON = ("name", "id_number", "sex", "birth_date", "ethnicity", "political_status", "education", "degree", "major")
PERSON += ("phone", "no_phone", "hired_on")
POST = ("community", "body", "title", "tier", "grade", "entry", "full_time", "managed", "grid_worker")
POST += ("valid_from", "valid_to")
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
        parts = ((_("人员"), PERSON), (_("任职"), POST), (_("合同"), (*CONTRACT, "renewal")), (_("证书"), CERTIFICATE))
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


class ChangeForm(WorkerForm, VersionedForm):
    """Corrects a person together with one post. ID number and telephone stay as they are when left empty."""

    def __init__(self, data=None, *, by, post: Appointment, contract: Contract | None, certificate: Certificate | None):
        self.on_record, self.held = post, contract
        initial = initial_of(post, contract, certificate)
        super().__init__(data, by=by, kept=post.division, person=post.person, initial=initial)
        number, phone = self.fields["id_number"], self.fields["phone"]
        number.required = False
        number.help_text = _("现为 %(masked)s。不更正时不填。") % {"masked": mask(post.person.id_number)}
        if post.person.phone:
            phone.help_text = _("现为 %(masked)s。不更正时不填。") % {"masked": mask_phone(post.person.phone)}
            self.fields["no_phone"] = forms.BooleanField(label=_("删除已登记的联系电话"), required=False)
        self.fields["sex"].help_text = _("现为%(sex)s。") % {"sex": post.person.get_sex_display()}
        self.fields["level"].help_text = _(
            "选另一等级表示新增一本证书，原有证书保留；等级登记有误的，请在人员页的“证书”栏更正。"
        )
        if contract is not None:
            label = _("这是续签的新合同")
            hint = _("不勾选则更正 %(day)s 起的合同；勾选则保留原合同、新增一期。") % {
                "day": contract.valid_from.isoformat()
            }
            self.fields["renewal"] = forms.BooleanField(label=label, help_text=hint, required=False)
        self.order_fields([*PERSON, *POST, *CONTRACT, "renewal", *CERTIFICATE])

    def row_values(self) -> dict:
        given = dict(self.cleaned_data)
        if "id_number" not in self.errors:
            given["id_number"] = given.get("id_number") or parse_id(self.person.id_number)
        return given

    def clean(self):
        values = super().clean()
        if self.held is not None and not self.cleaned_data.get("contract_kind") and "contract_kind" not in self.errors:
            self.add_error("contract_kind", _("已登记的合同不能删除。合同终止时，请填写合同截止。"))
        return values

    def worker(self) -> dict:
        given = self.cleaned_data
        kept = None if given.get("no_phone") else self.person.phone
        return {**super().worker(), "phone": given["phone"] or kept}

    def asked(self) -> dict:
        corrects = None if self.cleaned_data.get("renewal") else self.held
        return {**super().asked(), "corrects": corrects, "version": self.cleaned_data["version"]}

    def differences(self) -> list[dict]:
        """Where what is on record now differs from what was typed, both in words."""
        skipped = {"version", "renewal", "no_phone", "sex", "birth_date", "id_number", "phone"}
        found = []
        for field in self:
            typed = self.cleaned_data.get(field.name)
            saved = self.initial.get(field.name)
            if field.name not in skipped and _words(field, typed) != _words(field, saved):
                found.append({"label": field.label, "old": _words(field, saved), "new": _words(field, typed)})
        return found


def _words(field, value) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value in (None, ""):
        return ""
    if field.name == "community":
        return str(getattr(value, "code", value))
    choices = dict(getattr(field.field, "choices", ()))
    return str(choices.get(value, value))


def initial_of(post: Appointment, contract: Contract | None, certificate: Certificate | None) -> dict:
    """What the correction form shows: everything on record but personal numbers."""
    person: Person = post.person
    found = {key: getattr(person, key) for key in ("name", *TEXTS, "hired_on")}
    found |= {key: getattr(post, key) for key in POST if key not in ("community", "valid_to")}
    found |= {"community": post.division_id, "valid_to": last_day(post.valid_to)}
    if contract is not None:
        found |= {"contract_kind": contract.kind, "party": contract.party, "contract_from": contract.valid_from}
        found["contract_to"] = last_day(contract.valid_to)
    if certificate is not None:
        found |= {key: getattr(certificate, key) for key in CERTIFICATE if key != "registered_on"}
        latest = certificate.registrations.order_by("registered_on").last()
        found["registered_on"] = latest and latest.registered_on
    return found
