"""What the address asks of the lists of people: roster, certificates, contracts."""

from collections.abc import Mapping
from datetime import date

from django import forms
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workforce.enums import CertificateLevel, ContractKind, NotCounted
from workforce.queries.certificate_ledger import SHOWS

SORTS = ("name", "place", "tier", "start")


class Status(models.TextChoices):
    """Which posts the list shows: those in force on the day, counted or not, or those that ended."""

    IN_POST = "in_post", _("在岗")
    COUNTED = "counted", _("计入配备")
    NOT_COUNTED = "not_counted", _("未计入（全部原因）")
    POSITION = "position", _("占用员额")
    POSITION_COMMITTEE = "position_committee", _("占用员额：“两委”专职成员")
    POSITION_STAFF = "position_staff", _("占用员额：专职工作人员")
    LEFT = "left", _("已离任")


def status_choices() -> list[tuple[str, str]]:
    reasons = [(value, _("未计入：%(reason)s") % {"reason": label}) for value, label in NotCounted.choices]
    return [*Status.choices[:3], *reasons, *Status.choices[3:]]


class RosterFilter(forms.Form):
    """Search and filter; anything odd in the address is left out and the rest still holds."""

    q = forms.CharField(label=_("姓名或拼音首字母"), required=False, max_length=60)
    status = forms.ChoiceField(label=_("状态"), required=False, choices=status_choices)

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {
            "q": self.cleaned_data.get("q", ""),
            "status": self.cleaned_data.get("status") or Status.IN_POST,
        }


class LedgerFilter:
    """Which people the ledger of certificates lists: `show`, and of those without one the deadlines of a month."""

    LABELS = {
        "lacking": _("未持证"),
        "overdue": _("取证逾期"),
        "registration": _("待办登记"),
        "held": _("全部证书"),
        **dict(CertificateLevel.choices),
    }

    def __init__(self, params: Mapping[str, str]) -> None:
        asked = params.get("show", "")
        self.show = asked if asked in SHOWS else "lacking"
        self.month = _month(params.get("month", "")) if self.show == "lacking" else None

    @property
    def title(self) -> str:
        if self.month is None:
            return str(self.LABELS[self.show])
        return gettext("%(month)s 到期的未持证人员") % {"month": f"{self.month:%Y-%m}"}


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


class ContractState(models.TextChoices):
    """How somebody in post stands with a contract on the day."""

    NONE = "none", _("没有合同")
    LAPSED = "lapsed", _("合同已到期")
    SOON = "soon", _("90 天内到期")
    RUNNING = "running", _("履行中")
    OPEN = "open", _("无固定期限")


class ContractFilter(forms.Form):
    """Search and filter of the contract ledger; anything odd in the address is left out and the rest still holds."""

    q = forms.CharField(label=_("姓名或拼音首字母"), required=False, max_length=60)
    show = forms.ChoiceField(label=_("合同情况"), required=False, choices=[("", _("全部")), *ContractState.choices])
    kind = forms.ChoiceField(label=_("合同类型"), required=False, choices=[("", _("全部")), *ContractKind.choices])

    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}
