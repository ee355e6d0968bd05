"""Forms of the dated records of a person: contracts, special statuses, grid posts, exits."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from portal.core.lib.dated import end_of, last_day
from workforce.enums import ContractKind, ExitReason, GridRole, PartyKind, SpecialStatusKind
from workforce.forms.fields import DayField, TextField
from workforce.forms.judged import VersionedForm

CHOOSE = [("", _L("请选择"))]


class RecordForm(VersionedForm):
    """A dated record; `fields_asked` gives the action its arguments, the end exclusive."""

    keys: tuple[str, ...] = ()

    def __init__(self, data=None, *, person, record=None, initial=None, **kwargs) -> None:
        self.record = record
        super().__init__(data, person=person, initial=(initial or self.initial_of(record)), **kwargs)

    @classmethod
    def initial_of(cls, record) -> dict:
        """What the form shows of a record: its fields, with the last day in place of the end."""
        if record is None:
            return {}
        shown = {key: getattr(record, key) for key in cls.keys}
        return {**shown, "valid_to": last_day(record.valid_to)} if "valid_to" in cls.keys else shown

    def asked(self) -> dict:
        """Arguments of the action."""
        given = {key: self.cleaned_data[key] for key in self.keys}
        if "valid_to" in given:
            given["valid_to"] = end_of(given["valid_to"])
        return {"version": self.cleaned_data["version"], **given}


class ContractForm(RecordForm):
    keys = ("kind", "number", "party", "party_kind", "valid_from", "valid_to", "probation_until")
    kind = forms.ChoiceField(label=_L("合同类型"), choices=[*CHOOSE, *ContractKind.choices])
    number = TextField(label=_L("合同编号"), required=False, max_length=60)
    party = TextField(label=_L("用工主体"), max_length=100, help_text=_L("签订合同的单位全称。"))
    party_kind = forms.ChoiceField(
        label=_L("用工主体类型"),
        required=False,
        choices=[("", _L("按单位名称判断")), *PartyKind.choices],
        help_text=_L("不选时按名称判断：含“事务所”“党群服务中心”“街道”“镇”等字样。"),
    )
    valid_from = DayField(label=_L("合同起始"))
    valid_to = DayField(label=_L("合同截止"), required=False, help_text=_L("合同的最后一天；无固定期限时不填。"))
    probation_until = DayField(label=_L("试用期截止"), required=False, help_text=_L("没有试用期时不填。"))


class RenewalForm(ContractForm):
    """A renewal begins where the last contract ends; no second probation."""

    keys = ("kind", "number", "party", "party_kind", "valid_to")
    valid_from = None
    probation_until = None


class StatusForm(RecordForm):
    keys = ("kind", "valid_from", "valid_to", "note")
    kind = forms.ChoiceField(
        label=_L("状态"),
        choices=[*CHOOSE, *SpecialStatusKind.choices],
        help_text=_L("哪些状态暂停持证期限、哪些不计入配备人数，由本地政策规定。"),
    )
    valid_from = DayField(label=_L("开始日期"))
    valid_to = DayField(label=_L("结束日期"), required=False, help_text=_L("最后一天；还不知道时不填。"))
    note = TextField(label=_L("说明"), required=False, max_length=200)


class GridPostForm(RecordForm):
    keys = ("role", "valid_from", "valid_to")
    role = forms.ChoiceField(label=_L("网格职务"), choices=[*CHOOSE, *GridRole.choices])
    valid_from = DayField(label=_L("任职起始"), initial=today)
    valid_to = DayField(label=_L("任职截止"), required=False, help_text=_L("最后一天；仍在任时不填。"))


class ExitForm(RecordForm):
    keys = ("left_on", "reason", "note")
    left_on = DayField(label=_L("离职日期"), help_text=_L("在岗的最后一天。当天截止的任职和合同一并改到新的日期。"))
    reason = forms.ChoiceField(label=_L("离职原因"), choices=[*CHOOSE, *ExitReason.choices])
    note = TextField(label=_L("说明"), required=False, max_length=200)

    def clean(self):
        values = super().clean()
        refuse_unexplained(self)
        return values


def refuse_unexplained(form: forms.Form) -> None:
    """A reason outside the list has to be written out."""
    if form.cleaned_data.get("reason") == ExitReason.OTHER and not form.cleaned_data.get("note"):
        form.add_error("note", _("选择“其他”时，请写明原因。"))


class RecordEndForm(VersionedForm):
    last_day = DayField(label=_L("最后一天"), help_text=_L("这一天仍算在内。"), initial=today)


class TakeBackForm(VersionedForm):
    """Nothing but the version: taking back needs no particulars, the act itself goes on record."""


class LeaveForm(VersionedForm):
    """Which relations of a person end on a day. Only when all of them do has the person left, and a reason is needed."""

    relations = forms.MultipleChoiceField(
        label=_L("到这一天结束的"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _L("请至少勾选一项。")},
    )
    last_day = DayField(label=_L("最后一天"), help_text=_L("这一天仍算在岗。"), initial=today)
    reason = forms.ChoiceField(
        label=_L("离职原因"),
        required=False,
        choices=[*CHOOSE, *ExitReason.choices],
        help_text=_L("上面各项全部勾选，才是离职，须选择原因；只勾选一部分时不填。"),
    )
    note = TextField(label=_L("说明"), required=False, max_length=200)

    def __init__(self, data=None, *, person, relations, labels, **kwargs) -> None:
        self.held = {one.key: one for one in relations}
        chosen = [one.key for one in relations if not one.elected]
        super().__init__(data, person=person, initial={"relations": chosen}, **kwargs)
        if not relations:
            del self.fields["relations"]
            return
        field = self.fields["relations"]
        field.choices = [(key, labels[key]) for key in self.held]
        field.error_messages["invalid_choice"] = _("任职或合同刚有变动，请核对后重新勾选。")

    def clean(self):
        values = super().clean()
        if self.whole and not self.cleaned_data.get("reason"):
            self.add_error("reason", _("全部结束就是离职，请选择离职原因。"))
        refuse_unexplained(self)
        return values

    @property
    def ended(self) -> list:
        """The rows that end."""
        return [self.held[key].row for key in self.cleaned_data.get("relations", [])]

    @property
    def whole(self) -> bool:
        """Whether nothing remains."""
        return len(self.cleaned_data.get("relations", [])) == len(self.held)
