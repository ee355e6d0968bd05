"""The words of steps and stages: buttons, history, and who must do what next."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.utils.translation import pgettext_lazy

from proposals import stages
from proposals.models import Handling

LABELS: dict[str, str | Promise] = {
    "sign_for": pgettext_lazy("proposal", "签收"),
    "request_return": _L("申请退办"),
    "accept_return": _L("同意退办"),
    "refuse_return": _L("不同意退办"),
    "give_opinion": _L("提出会办意见"),
    "waive_opinion": _L("免于会办意见"),
    "submit_draft": _L("送核"),
    "pass_office": _L("核稿通过"),
    "pass_supervision": _L("督查复核通过"),
    "send_back": _L("退回修改"),
    "sign": _L("签发"),
    "send": _L("寄发"),
    "close_satisfied": _L("提案者已反馈"),
    "close_unanswered": _L("到期未反馈"),
    "rehandle": _L("不满意，重新办理"),
    "consult": _L("仍不满意，协商座谈"),
    "close_consulted": _L("协商后办结"),
    "rehandle_again": _L("协商后再次办理"),
    "publish": _L("公开审查：公开"),
    "withhold": _L("公开审查：不公开"),
    "archive": _L("归档"),
    "withdraw": _L("收回交办"),
}
_NEXT: dict[str, str | Promise] = {
    stages.ASSIGNED: _L("由%(unit)s签收；不属于本单位职责的，在退办期限内申请退办。"),
    stages.RETURN_REQUESTED: _L("由交办单位决定是否同意%(unit)s退办。"),
    stages.RETURNED: _L("%(unit)s已退办，由交办单位改派。"),
    stages.HANDLING: _L("由%(unit)s与提案者沟通、起草答复并送核。"),
    stages.REHANDLING: _L("提案者不满意，由%(unit)s重新办理，起草第 %(round)s 次答复。"),
    stages.OFFICE_CHECK: _L("由%(unit)s起草人以外的人核稿。"),
    stages.SUPERVISION_CHECK: _L("由督查机构复核，不能是起草人或核稿人。"),
    stages.SIGNATURE: _L("由领导签发，不能是前面各步的经办人。"),
    stages.SIGNED: _L("由%(unit)s把签发的答复寄发提案者。"),
    stages.SENT: _L("等待提案者反馈意见；到期未反馈的，按未反馈办结。"),
    stages.CONSULTATION: _L("由%(unit)s与提案者协商座谈，登记结果。"),
    stages.PUBLICATION: _L("由交办单位完成公开审查。"),
    stages.ANSWERED: _L("已办结，由交办单位归档。"),
    stages.ARCHIVED: _L("已归档。"),
    stages.OPINION: _L("由%(unit)s向主办单位提出会办意见。"),
    stages.OPINION_GIVEN: _L("会办意见已交主办单位。"),
    stages.WITHDRAWN: _L("交办已收回。"),
}
# What a stage of the line is called as a step that is done, under way or to come.
_LINE: dict[str, str | Promise] = {
    stages.ASSIGNED: pgettext_lazy("proposal", "签收"),
    stages.HANDLING: _L("起草答复"),
    stages.OFFICE_CHECK: _L("核稿"),
    stages.SUPERVISION_CHECK: _L("督查复核"),
    stages.SIGNATURE: _L("签发"),
    stages.SIGNED: _L("寄发"),
    stages.SENT: _L("征询意见"),
    stages.PUBLICATION: _L("公开审查"),
    stages.ANSWERED: _L("办结"),
    stages.ARCHIVED: _L("归档"),
    stages.OPINION: _L("提出会办意见"),
    stages.OPINION_GIVEN: _L("主办单位收到"),
}
# What each of the four who put their name to an answer does.
SIGNERS: dict[str, str | Promise] = {
    "drafted_by": _L("起草"),
    "checked_by": _L("核稿"),
    "supervised_by": _L("督查复核"),
    "signed_by": _L("签发"),
}
# Shape and colour of a stage's badge.
_BADGES = {
    stages.RETURN_REQUESTED: "issued",
    stages.RETURNED: "ended",
    stages.WITHDRAWN: "ended",
    stages.REHANDLING: "warning",
    stages.CONSULTATION: "warning",
    stages.ASSIGNED: "open",
    stages.OPINION: "open",
    stages.OPINION_GIVEN: "closed",
    stages.ANSWERED: "closed",
    stages.ARCHIVED: "closed",
}


def label_of(key: str) -> str:
    """A step in words; one that is no longer known shows by its own name."""
    return str(LABELS.get(key, key))


def line_label(stage: str) -> str:
    return str(_LINE[stage])


def badge_of(stage: str) -> str:
    return _BADGES.get(stage, "running")


def next_of(part: Handling) -> str:
    """Who must do what next, in a sentence."""
    if part.suspended:
        return _("计时已中止，等待恢复。")
    if part.stage == stages.OPINION_GIVEN and getattr(part, "opinion", None) and part.opinion.waived_because:
        return _("交办单位已免于会办意见：%(why)s") % {"why": part.opinion.waived_because}
    return str(_NEXT[part.stage]) % {"unit": part.unit.short, "round": part.round}
