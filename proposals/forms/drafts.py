"""Forms of answers: the letter around its sections, and the reasons asked for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.letters.models import LetterStyle
from portal.core.lib.clock import today
from portal.core.policy.kinds import RESULT_CLASSES
from portal.core.policy.queries import rule_for
from proposals.actions.drafting import FIELDS
from proposals.classes import meanings
from proposals.enums import Disclosure
from proposals.models import Reply
from proposals.queries.drafts import co_handlers
from workforce.forms.fields import TextField
from workforce.forms.judged import HouseForm


def _long(label, length: int, rows: int, **more) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, widget=forms.Textarea(attrs={"rows": rows}), **more)


class ReplyForm(HouseForm):
    """Everything of a letter but its sections."""

    title = TextField(label=_("标题"), max_length=200)
    addressee = TextField(label=_("主送"), max_length=500, help_text=_("不写冒号；几人联名的写“甲某、乙某等2位委员”。"))
    opening = _long(_("开头"), 2000, 3)
    closing = _long(_("结尾"), 1000, 2, required=False)
    result = forms.ChoiceField(label=_("办理结果"), required=False)
    contact = TextField(label=_("联系人"), max_length=60, required=False)
    phone = TextField(label=_("联系电话"), max_length=30, required=False, help_text=_("办公电话，不写手机号码。"))
    disclosure = forms.ChoiceField(label=_("公开属性"), choices=Disclosure.choices)
    disclosure_reason = TextField(label=_("不主动公开的理由"), max_length=300, required=False)
    copies = _long(_("抄送"), 500, 2, required=False, help_text=_("一行一个单位。"))
    attachments = _long(
        _("附件名称"), 1000, 2, required=False,
        help_text=_("一行一个，不写序号。正文里选“附件”层次写的附件自动列入；在这里写出它的标题，可以调整先后。"),
    )  # fmt: skip
    style = forms.ChoiceField(label=_("公文格式"), choices=LetterStyle.choices)
    print_copies = forms.IntegerField(label=_("印数"), required=False, min_value=1, max_value=999)
    both_sides = forms.BooleanField(
        label=_("双面印制"), required=False, help_text=_("文件格式的版记排在最后一张纸的背面。")
    )
    issued_with = forms.TypedMultipleChoiceField(
        label=_("联合行文"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        help_text=_("与主办单位一同署名的会办单位；只编主办单位的文号。"),
    )  # fmt: skip

    def __init__(self, data=None, *, reply: Reply) -> None:
        super().__init__(data, initial={name: getattr(reply, name) for name in FIELDS})
        rule = rule_for(RESULT_CLASSES, reply.handling.division_id, today())
        words = meanings(rule.value["scheme"]) if rule.value else {}
        choices = [(key, f"{key} {said}") for key, said in words.items()]
        self.fields["result"].choices = [("", _("尚未选择")), *choices]
        parts = co_handlers(reply.handling)
        self.fields["issued_with"].choices = [(part.unit_id, part.unit.name) for part in parts]
        if not parts:
            del self.fields["issued_with"]


class ReasonForm(HouseForm):
    """Why an answer is corrected."""

    reason = forms.CharField(
        label=_("更正原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("留在审计记录里。")
    )
