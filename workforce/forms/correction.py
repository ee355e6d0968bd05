"""The correction of what is on record of a person and one post."""

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.dated import last_day
from portal.core.lib.identity import mask, mask_phone, parse_id
from workforce.forms.fields import DayField
from workforce.forms.judged import VersionedForm
from workforce.forms.worker import CERTIFICATE, CONTRACT, MANNER, PERSON, POST, TEXTS, WorkerForm
from workforce.models import Appointment, Certificate, Contract, Person


class Manner(models.TextChoices):
    """Why the record of a post is touched: it was never right, or it was right until a day."""

    WRONG = "wrong", _L("原来就错了：直接更正这条记录")
    CHANGED = "changed", _L("从某日起变了：原记录到前一天为止，从这一天起另立一条")


class ChangeForm(WorkerForm, VersionedForm):
    """Corrects a person together with one post. ID number and telephone stay as they are when left empty.

    What changes in the post was either wrong before or changed on a day, and the user says which: nothing is assumed.
    """

    manner = forms.ChoiceField(
        label=_L("任职信息有改动时"),
        required=False,
        choices=Manner.choices,
        widget=forms.RadioSelect,
        help_text=_L("改了上面任职的任何一项，请选一种；只更正人员、合同或证书的不用选。"),
    )
    changed_on = DayField(
        label=_L("变化日期"), required=False, help_text=_L("新情况的第一天；选“从某日起变了”时填写。")
    )

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
        self.order_fields([*PERSON, *POST, *MANNER, *CONTRACT, "renewal", *CERTIFICATE])

    def row_values(self) -> dict:
        given = dict(self.cleaned_data)
        if "id_number" not in self.errors:
            given["id_number"] = given.get("id_number") or parse_id(self.person.id_number)
        return given

    def clean(self):
        values = super().clean()
        if self.held is not None and not self.cleaned_data.get("contract_kind") and "contract_kind" not in self.errors:
            self.add_error("contract_kind", _("已登记的合同不能删除。合同终止时，请填写合同截止。"))
        if not self.errors:
            self._check_manner()
        return values

    def _check_manner(self) -> None:
        given = self.cleaned_data
        if given["manner"] != Manner.CHANGED:
            if not given["manner"] and any(getattr(self.on_record, k) != v for k, v in self.post().items()):
                self.add_error("manner", _("任职信息有改动，请说明是原来就错了，还是从某日起变了。"))
            return
        if given["changed_on"] is None:
            self.add_error("changed_on", _("请填写从哪一天起变了。"))
        if given["valid_from"] != self.on_record.valid_from:
            sentence = _("选“从某日起变了”时，任职起始保持 %(day)s 不变，新情况的第一天填在“变化日期”。")
            self.add_error("valid_from", sentence % {"day": self.on_record.valid_from.isoformat()})

    def worker(self) -> dict:
        given = self.cleaned_data
        kept = None if given.get("no_phone") else self.person.phone
        return {**super().worker(), "phone": given["phone"] or kept}

    def asked(self) -> dict:
        corrects = None if self.cleaned_data.get("renewal") else self.held
        given = self.cleaned_data
        changed_on = given["changed_on"] if given["manner"] == Manner.CHANGED else None
        return {**super().asked(), "corrects": corrects, "version": given["version"], "changed_on": changed_on}

    def differences(self) -> list[dict]:
        """Where what is on record now differs from what was typed, both in words."""
        skipped = {"version", "renewal", "manner", "changed_on", "no_phone", "sex", "birth_date", "id_number", "phone"}
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
