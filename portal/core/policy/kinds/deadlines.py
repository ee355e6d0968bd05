"""How deadlines are counted and what happens when a finding is left alone (domain §2.10)."""

from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic

ROLLING = Kind(
    key="deadline.rolling",
    topic=Topic.DEADLINES,
    label=gettext_lazy("期限最后一天不是工作日时"),
    summary=gettext_lazy("期限最后一天不是工作日的，%(mode)s"),
    fields=(
        Field(
            "mode",
            gettext_lazy("怎样处理"),
            "choice",
            choices=(("none", gettext_lazy("不顺延")), ("next_workday", gettext_lazy("顺延到下一个工作日"))),
        ),
    ),
    default={"mode": "next_workday"},
)
ESCALATION = Kind(
    key="finding.escalation",
    topic=Topic.DEADLINES,
    label=gettext_lazy("预警逐级上报"),
    summary=gettext_lazy("街镇 %(street_days)s 天未处理的报区，区 %(district_days)s 天未处理的报市"),
    fields=(
        Field("street_days", gettext_lazy("街镇未处理天数"), "integer", 1, 365),
        Field("district_days", gettext_lazy("区未处理天数"), "integer", 1, 365),
    ),
    default={"street_days": 15, "district_days": 15},
)
SUPERVISION = Kind(
    key="finding.supervision",
    topic=Topic.DEADLINES,
    label=gettext_lazy("督办单回复期限"),
    summary=gettext_lazy("收到督办单后 %(working_days)s 个工作日内回复"),
    fields=(Field("working_days", gettext_lazy("工作日"), "integer", 1, 120),),
    default={"working_days": 5},
)
DEADLINES_KINDS = (ROLLING, ESCALATION, SUPERVISION)
