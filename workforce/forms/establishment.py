"""Forms of positions: applying, deciding, recording what is established, letting somebody in beyond it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from workforce.enums import WorkerClass
from workforce.forms.fields import DayField, TextField
from workforce.forms.grids import CountField
from workforce.forms.judged import HouseForm, VersionedForm
from workforce.models import PostApplication

_AREA = {"rows": 3, "maxlength": 500}


class PlacedForm(HouseForm):
    """A form about one community: the page's own, or one chosen among those under the page's division."""

    def __init__(self, data=None, *, division: Division, **kwargs) -> None:
        self.division = division
        super().__init__(data, **kwargs)
        if division.level < Level.COMMUNITY:
            communities = Division.objects.under(division.code).filter(level=Level.COMMUNITY, urban=True)
            found = {one.pk: one for one in communities.in_force(today()).order_by("code")}
            choices = [("", _("请选择")), *((code, one.label) for code, one in found.items())]
            field = forms.TypedChoiceField(label=_("社区"), choices=choices, coerce=found.get)
            field.error_messages["required"] = _("请选择“社区”。")
            self.fields = {"community": field, **self.fields}

    def asked(self) -> dict:
        """Arguments of the action."""
        given = dict(self.cleaned_data)
        return {"division": given.pop("community", self.division), **given}


class ApplyForm(PlacedForm):
    worker_class = forms.ChoiceField(label=_L("人员类别"), choices=WorkerClass.choices, initial=WorkerClass.STAFF)
    posts = CountField(label=_L("申请员额（人）"), least=1, most=200, help_text=_L("要增加几个员额。"))
    starts_on = DayField(label=_L("启用日期"), initial=today, help_text=_L("从哪一天起需要；不能早于今天。"))
    reason = forms.CharField(
        label=_L("申请理由"),
        max_length=500,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_L("如 新建小区入住、辖区扩大、承接的事项增加。"),
    )


class EstablishForm(PlacedForm):
    worker_class = forms.ChoiceField(label=_L("人员类别"), choices=WorkerClass.choices, initial=WorkerClass.STAFF)
    posts = CountField(label=_L("核定员额（人）"), most=1000, help_text=_L("从启用日期起这一类共有几个员额。"))
    starts_on = DayField(label=_L("启用日期"), initial=today)
    document = TextField(label=_L("依据文件"), max_length=200, help_text=_L("核定员额的文件名称和文号。"))


class DecideForm(HouseForm):
    """Approval of all or part, or refusal with a reason."""

    APPROVE, REFUSE = "approve", "refuse"
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)
    decision = forms.ChoiceField(
        label=_L("审批决定"),
        choices=[(APPROVE, _L("批准（可以只批准一部分）")), (REFUSE, _L("不予批准"))],
        widget=forms.RadioSelect,
    )
    posts = CountField(
        label=_L("批准员额（人）"), least=1, most=200, required=False, help_text=_L("批准时必填，可以少于申请数。")
    )
    document = TextField(label=_L("批准文件"), max_length=200, required=False, help_text=_L("文件名称和文号。"))
    reason = forms.CharField(
        label=_L("审批意见"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_L("不予批准、或者少于申请数时，申请单位会看到这里的说明。"),
    )

    def __init__(self, data=None, *, application: PostApplication) -> None:
        self.application = application
        super().__init__(data, initial={"version": application.version, "posts": application.posts})

    @property
    def approves(self) -> bool:
        return self.cleaned_data.get("decision") == self.APPROVE

    def clean(self):
        values = super().clean()
        if self.approves and values.get("posts") is None and "posts" not in self.errors:
            self.add_error("posts", _("请填写批准几个员额。"))
        return values

    def asked(self) -> dict:
        given = self.cleaned_data
        common = {"application": self.application, "version": given["version"], "reason": given["reason"]}
        return {**common, "posts": given["posts"], "document": given["document"]} if self.approves else common


class WithdrawForm(HouseForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2_147_483_647)


class ExceptionForm(VersionedForm):
    starts_on = DayField(label=_L("生效日期"), initial=today, help_text=_L("从这一天起纳入管理，占用员额。"))
    reason = forms.CharField(label=_L("理由"), max_length=500, widget=forms.Textarea(attrs=_AREA))
    document = TextField(label=_L("批准文件"), max_length=200, help_text=_L("文件名称和文号。"))
