"""Forms of the steps of a part: signing for, words, opinions, talks, periods."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.core.lib.clock import today
from portal.core.policy.kinds import RESULT_CLASSES
from portal.core.policy.queries import rule_for
from proposals.actions.conditions import REASON_LENGTH
from proposals.classes import meanings
from proposals.enums import ContactMode, ContactWhen, Stage
from proposals.forms.tracked import SeenForm, long_text
from proposals.models import Extension, Handling
from workforce.forms.fields import DayField, TextField

CHOOSE = ("", _("请选择"))
_TOLD = _("须先告知提案者，再申请延期。")


class StepForm(SeenForm):
    """A step that needs no more than the version that was seen."""


class WordsForm(SeenForm):
    words = long_text(_("理由"), REASON_LENGTH)


class NoteForm(SeenForm):
    words = long_text(_("说明"), REASON_LENGTH, required=False)


class OfficerForm(SeenForm):
    """The division of the unit and the person who works on the proposal."""

    section = TextField(label=_("承办科室"), max_length=40)
    officer = TextField(label=_("经办人"), max_length=40)

    def initial_of(self, row: Handling) -> dict:
        return {"section": row.section, "officer": row.officer}


class SignForForm(OfficerForm):
    on = DayField(label=_("签收日期"))
    field_order = ("version", "on", "section", "officer")

    def initial_of(self, row: Handling) -> dict:
        return {"on": today(), **super().initial_of(row)}


class OpinionForm(SeenForm):
    """The opinion of a co-handler; it may be rewritten as long as the lead is writing."""

    words = long_text(_("会办意见"), 10_000, rows=10, help_text=_("交给主办单位，不直接答复提案者。"))
    result = forms.ChoiceField(label=_("建议办理结果"), required=False)
    number = TextField(label=_("会办意见文号"), max_length=60, required=False)

    def __init__(self, data=None, files=None, *, row: Handling, **options) -> None:
        super().__init__(data, files, row=row, **options)
        self.fields["result"].choices = [CHOOSE, *class_choices(row.division_id)]

    def initial_of(self, row: Handling) -> dict:
        given = getattr(row, "opinion", None)
        return {} if given is None else {"words": given.words, "result": given.result, "number": given.number}


def class_choices(division: str) -> list[tuple[str, str]]:
    """The classes of the place with what each means there."""
    scheme = (rule_for(RESULT_CLASSES, division, today()).value or {})["scheme"]
    return [(key, f"{key} {words}") for key, words in meanings(scheme).items()]


class ContactForm(SeenForm):
    """A talk with the proposer."""

    when = forms.ChoiceField(label=_("时段"), choices=[CHOOSE, *ContactWhen.choices])
    mode = forms.ChoiceField(label=_("方式"), choices=[CHOOSE, *ContactMode.choices])
    on = DayField(label=_("日期"))
    people = TextField(label=_("参加人员"), max_length=200)
    words = long_text(_("沟通情况"), 1000, rows=5)
    consultation = forms.BooleanField(label=_("这是再次答复仍不满意后的协商座谈"), required=False)

    def __init__(self, data=None, files=None, *, row: Handling, **options) -> None:
        super().__init__(data, files, row=row, **options)
        if row.stage != Stage.CONSULTATION:
            del self.fields["consultation"]

    def initial_of(self, row: Handling) -> dict:
        when = ContactWhen.DURING if row.replied_on is None else ContactWhen.AFTER
        return {"on": today(), "when": when, "consultation": row.stage == Stage.CONSULTATION}


class ExtensionForm(SeenForm):
    """A longer period for the answer."""

    months = forms.IntegerField(
        label=_("答复期限（自交办起的月数）"), min_value=1, max_value=24,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
    )  # fmt: skip
    reason = long_text(_("理由"), 300)
    told_on = DayField(label=_("告知提案者日期"), help_text=_TOLD)

    def initial_of(self, row: Handling) -> dict:
        return {"told_on": today()}


class DecisionForm(SeenForm):
    """What the office says to a request for a longer period."""

    agreed = forms.TypedChoiceField(
        label=_("审批"), choices=[("yes", _("同意延期")), ("no", _("不同意延期"))], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    decision = long_text(_("审批意见"), 300, required=False, help_text=_("不同意的，请写明理由。"))

    def __init__(self, data=None, files=None, *, row: Handling, extension: Extension, **options) -> None:
        super().__init__(data, files, row=row, **options)
        self.extension = extension


class SuspendForm(SeenForm):
    """The clock stands still, with the proposer's consent."""

    starts_on = DayField(label=_("中止日期"))
    reason = long_text(_("理由"), 300)
    consent = TextField(
        label=_("提案者同意情况"), max_length=200, help_text=_("谁、何时、以何种方式同意，如“2月18日电话同意”。")
    )

    def initial_of(self, row: Handling) -> dict:
        return {"starts_on": today()}


class ResumeForm(SeenForm):
    ends_on = DayField(label=_("恢复日期"), help_text=_("从这一天起重新计时。"))

    def initial_of(self, row: Handling) -> dict:
        return {"ends_on": today()}
