"""Forms of a proposal itself and of its screening."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.text import clean, clean_name
from proposals import bodies
from proposals.actions.intake import Signer
from proposals.enums import RefusalGround
from proposals.models import Proposal, Session
from proposals.queries import cases as reads
from workforce.forms.fields import PRIVATE, DayField, TextField
from workforce.forms.judged import HouseForm

_MOST_SIGNERS = 300
_PARTS = 3


class SignersField(forms.CharField):
    """Who signs, one a line, first signer first: name, telephone, address, separated by commas."""

    limits = (60, 30, 120)

    def __init__(self, **kwargs) -> None:
        widget = forms.Textarea(attrs={"rows": 5, **PRIVATE})
        hint = _L(
            "一行一位，第一提案人在前，不写称谓。需要时在姓名后用逗号隔开写电话、通信地址，如：甲某，0000-0000000，某路 1 号。"
        )
        super().__init__(label=_L("提案者"), widget=widget, help_text=hint, max_length=20_000, **kwargs)

    def clean(self, value) -> list[Signer]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > _MOST_SIGNERS:
            raise forms.ValidationError(_("最多 %(n)s 位提案者。") % {"n": _MOST_SIGNERS})
        return [self._signer(number, line) for number, line in enumerate(lines, 1)]

    def _signer(self, number: int, line: str) -> Signer:
        parts = [clean(part) for part in line.replace("，", ",").split(",", _PARTS - 1)]
        parts[0] = clean_name(parts[0])
        if any(len(part) > limit for part, limit in zip(parts, self.limits, strict=False)) or not parts[0]:
            raise forms.ValidationError(
                _("第 %(n)s 行写法不对：应为姓名，或“姓名，电话，通信地址”。几位提案者请分行写。") % {"n": number}
            )
        return Signer(*parts)


def signer_lines(proposal: Proposal) -> str:
    """The signers of a proposal as the field shows them."""
    lines = []
    for one in proposal.proposers.order_by("position"):
        parts = [one.name, one.phone or "", one.address or ""]
        lines.append("，".join(parts).rstrip("，"))
    return "\n".join(lines)


class ProposalForm(HouseForm):
    """A proposal or suggestion; whether all agrees with the body of the session is for the action to say."""

    keys = (
        "session", "number", "title", "proposer_type", "signers", "proposers_count", "first_signer_forwards", "received_on",
        "between_sessions", "key", "field", "text",
    )  # fmt: skip
    number = TextField(label=_L("编号"), max_length=20, help_text=_L("按原编号填写，保留前面的零，如 0023。"))
    title = TextField(label=_L("案由"), max_length=200)
    proposer_type = forms.ChoiceField(
        label=_L("提案者类别"), choices=lambda: [("", _("请选择")), *reads.type_choices()]
    )
    signers = SignersField()
    proposers_count = forms.IntegerField(
        label=_L("提案者数"), min_value=1, max_value=_MOST_SIGNERS, widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
        help_text=_L("应与写出的提案者一致。"),
    )  # fmt: skip
    first_signer_forwards = forms.BooleanField(label=_L("由第一提案人转告其他提案者"), required=False)
    received_on = DayField(label=_L("收到日期"), initial=today)
    between_sessions = forms.BooleanField(label=_L("平时（闭会期间）提出"), required=False)
    key = forms.BooleanField(label=_L("重点提案或重点建议"), required=False)
    field = TextField(label=_L("分类"), max_length=40, required=False, help_text=_L("如民政、教育，按本地习惯。"))
    text = forms.CharField(
        label=_L("内容"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 12})
    )

    def __init__(self, data=None, *, user, held: Proposal | None = None, **kwargs) -> None:
        if held is not None:
            kwargs["initial"] = {key: getattr(held, key) for key in self.keys if key not in ("session", "signers")}
            kwargs["initial"] |= {"signers": signer_lines(held), "version": held.version}
        super().__init__(data, **kwargs)
        if held is None:
            self.fields["session"] = SessionField(user=user)
        else:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)
            types = bodies.types_of(held.session.body)
            self.fields["proposer_type"].choices = [(one, reads.type_label(held.session.body, one)) for one in types]
        self.order_fields(self.keys)

    def asked(self) -> dict:
        """Arguments of the action."""
        return dict(self.cleaned_data)


class SessionField(forms.ModelChoiceField):
    """The session a proposal belongs to, of those whose proposals the user manages, latest first."""

    def __init__(self, *, user) -> None:
        super().__init__(
            queryset=reads.sessions(user, perm=Perm.MANAGE_PROPOSALS), label=_L("会议"), empty_label=_("请选择")
        )

    def label_from_instance(self, one: Session) -> str:
        return _("%(session)s（%(document)s）") % {"session": one.label, "document": one.document}


class ActForm(HouseForm):
    """An act of screening; `version` is the one its reader has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)

    def __init__(self, data=None, *, proposal: Proposal, user, **kwargs) -> None:
        super().__init__(data, initial={"version": proposal.version}, **kwargs)
        self.proposal, self.user = proposal, user


class FileForm(ActForm):
    filed_on = DayField(label=_L("立案日期"), initial=today)


class RefuseForm(ActForm):
    ground = forms.ChoiceField(label=_L("不予立案的理由"), choices=RefusalGround.choices, widget=forms.RadioSelect)
    ground_words = TextField(label=_L("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawForm(ActForm):
    ground_words = TextField(label=_L("撤回的情况"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class MergeForm(ActForm):
    """Into which one: by its number in the same session, or in another as 会议 and 编号 say."""

    number = TextField(label=_L("并入哪一件（编号）"), max_length=20)
    session = forms.ModelChoiceField(queryset=Session.objects.none(), label=_L("会议"), empty_label=None)

    def __init__(self, data=None, *, proposal: Proposal, user, **kwargs) -> None:
        super().__init__(data, proposal=proposal, user=user, **kwargs)
        meetings = reads.sessions(user, perm=Perm.MANAGE_PROPOSALS)
        same = meetings.filter(division_id=proposal.division_id, body=proposal.session.body)
        self.fields["session"].queryset = same
        self.fields["session"].label_from_instance = lambda one: one.label
        self.initial["session"] = proposal.session_id
        self.order_fields(["session", "number"])

    def clean(self):
        values = super().clean()
        session, number = self.cleaned_data.get("session"), self.cleaned_data.get("number")
        if session and number:
            bare = number.removeprefix("第").removesuffix("号")
            values["into"] = Proposal.objects.filter(session=session, number=bare).first()
            if values["into"] is None:
                self.add_error("number", _("这次会议没有 %(number)s 号。请核对编号。") % {"number": bare})
        return values


class UploadForm(HouseForm):
    file = forms.FileField(label=_L("文件"), help_text=_L("PDF、JPG、PNG、DOCX 或 XLSX，不超过 20 MB，不含宏。"))

    def asked(self) -> dict:
        """Arguments of the action."""
        given = self.cleaned_data["file"]
        return {"file": given.file, "name": given.name, "size": given.size}
