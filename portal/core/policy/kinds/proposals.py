"""Periods and forms of answers to proposals and suggestions (domain §2.2): no national number, so a rule of each place.

The defaults are examples met in several places, to be confirmed locally.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Choices, Field, Kind, Topic

_EXAMPLE = gettext_lazy("默认值取自若干地方的做法，仅为示例，请按本地规定确认。")
_MONTHS = {"type": "integer", "minimum": 1, "maximum": 24, "unit": gettext_lazy("个月")}
_DAYS = {"type": "integer", "minimum": 1, "maximum": 120, "unit": gettext_lazy("个工作日")}

DAY_UNITS: Choices = (("working", gettext_lazy("个工作日")), ("calendar", gettext_lazy("天")))
CONTACT_TIMES: Choices = (
    ("before", gettext_lazy("办前")),
    ("during", gettext_lazy("办中")),
    ("after", gettext_lazy("办后")),
)
# What A, B, C and D mean; the words stand in proposals.classes.
CLASS_SCHEMES: Choices = (
    ("npc", gettext_lazy("A 已解决或基本解决，B 正在解决或列入计划，C 目前难以解决，D 留作参考")),
    ("three", gettext_lazy("A 已解决或基本解决，B 部分解决或列入计划，C 受条件限制留作参考")),
    ("started", gettext_lazy("A 已解决或已用其他办法解决，B 正在解决，C 列入计划")),
    ("adopted", gettext_lazy("A 已采纳解决，B 工作参考，C 暂时难以采纳")),
)


def _within_most(value: dict) -> str | None:
    periods = (value["proposal_months"], value["suggestion_months"], value["between_months"])
    return _("“最长期限”不能短于任何一项答复期限。") if value["most_months"] < max(periods) else None


REPLY = Kind(
    key="proposal.reply",
    topic=Topic.PROPOSALS,
    label=gettext_lazy("答复期限"),
    summary=gettext_lazy(
        "自交办起，大会提案 %(proposal_months)s内、代表建议 %(suggestion_months)s内、平时提案 %(between_months)s内答复，"
        "经同意延期的不超过 %(most_months)s"
    ),
    fields=(
        Field("proposal_months", gettext_lazy("大会提案"), **_MONTHS, help=_EXAMPLE),
        Field("suggestion_months", gettext_lazy("代表建议"), **_MONTHS),
        Field("between_months", gettext_lazy("平时提案"), **_MONTHS),
        Field("most_months", gettext_lazy("最长期限"), **_MONTHS),
    ),
    default={"proposal_months": 3, "suggestion_months": 3, "between_months": 3, "most_months": 6},
    checks=(_within_most,),
)
RETURN = Kind(
    key="proposal.return",
    topic=Topic.PROPOSALS,
    label=gettext_lazy("退办期限"),
    summary=gettext_lazy("收到交办后 %(days)s %(unit)s内可以申请退办，逾期不再受理"),
    fields=(
        Field("days", gettext_lazy("天数"), "integer", 1, 60, help=_EXAMPLE),
        Field("unit", gettext_lazy("单位"), "choice", choices=DAY_UNITS),
    ),
    default={"days": 7, "unit": "working"},
)
OPINION = Kind(
    key="proposal.opinion",
    topic=Topic.PROPOSALS,
    label=gettext_lazy("会办意见期限"),
    summary=gettext_lazy("自交办起 %(months)s内向主办单位提出会办意见"),
    fields=(Field("months", gettext_lazy("期限"), **_MONTHS, help=_EXAMPLE),),
    default={"months": 1},
)
FEEDBACK = Kind(
    key="proposal.feedback",
    topic=Topic.PROPOSALS,
    label=gettext_lazy("征询意见期限"),
    summary=gettext_lazy("寄发答复后 %(working_days)s内反馈意见；未反馈不算满意"),
    fields=(Field("working_days", gettext_lazy("期限"), **_DAYS, help=_EXAMPLE),),
    default={"working_days": 15},
)
REHANDLING = Kind(
    key="proposal.rehandling",
    topic=Topic.PROPOSALS,
    label=gettext_lazy("重新办理期限"),
    summary=gettext_lazy("提案者不满意的，%(months)s内再次答复"),
    fields=(Field("months", gettext_lazy("期限"), **_MONTHS, help=_EXAMPLE),),
    default={"months": 1},
)
PUBLICATION = Kind(
    key="proposal.publication",
    topic=Topic.PROPOSALS,
    label=gettext_lazy("答复公开期限"),
    summary=gettext_lazy("答复后 %(working_days)s内完成公开审查，应当公开的公开"),
    fields=(Field("working_days", gettext_lazy("期限"), **_DAYS, help=_EXAMPLE),),
    default={"working_days": 20},
)
IMPLEMENTATION = Kind(
    key="proposal.implementation",
    topic=Topic.PROPOSALS,
    label=gettext_lazy("落实答复期限"),
    summary=gettext_lazy("办复后 %(months)s内以落实答复报告承诺事项的落实情况"),
    fields=(Field("months", gettext_lazy("期限"), **_MONTHS),),
)
HANDLING = Kind(
    key="proposal.handling",
    topic=Topic.PROPOSALS,
    label=gettext_lazy("办理要求"),
    summary=gettext_lazy("签发前由督查机构复核：%(supervision)s；应与提案者沟通：%(contact)s"),
    fields=(
        Field("supervision", gettext_lazy("签发前由督查机构复核"), "boolean"),
        Field("contact", gettext_lazy("应沟通的时段"), "choices", choices=CONTACT_TIMES, optional=True, help=_EXAMPLE),
    ),
    default={"supervision": True, "contact": ["during"]},
)
RESULT_CLASSES = Kind(
    key="proposal.classes",
    topic=Topic.PROPOSALS,
    label=gettext_lazy("办理结果分类"),
    summary=gettext_lazy("采用的办法：%(scheme)s"),
    fields=(Field("scheme", gettext_lazy("分类办法"), "choice", choices=CLASS_SCHEMES, help=_EXAMPLE),),
    default={"scheme": "npc"},
)
COMMITMENTS = Kind(
    key="proposal.commitments",
    topic=Topic.PROPOSALS,
    label=gettext_lazy("承诺事项回头看"),
    summary=gettext_lazy("未落实的承诺事项每 %(months)s更新一次进展"),
    fields=(Field("months", gettext_lazy("间隔"), **_MONTHS, help=_EXAMPLE),),
    default={"months": 3},
)
PROPOSALS_KINDS = (
    REPLY,
    RETURN,
    OPINION,
    FEEDBACK,
    REHANDLING,
    PUBLICATION,
    IMPLEMENTATION,
    HANDLING,
    RESULT_CLASSES,
    COMMITMENTS,
)
