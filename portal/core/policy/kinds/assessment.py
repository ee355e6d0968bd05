"""Annual assessment (domain §1.E)."""

from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic, percent
from portal.core.policy.kinds.choices import RANK_GROUPS, rounding_field

BOTTOM_SHARE = Kind(
    key="assessment.bottom_share",
    topic=Topic.ASSESSMENT,
    label=gettext_lazy("末位复核比例"),
    summary=gettext_lazy("以%(group)s为单位排名，末位 %(percent)s 列入复核名单（人数%(rounding)s）"),
    fields=(
        percent("percent", gettext_lazy("末位比例"), 1),
        rounding_field(gettext_lazy("人数不足一人时")),
        Field("group", gettext_lazy("排名范围"), "choice", choices=RANK_GROUPS),
    ),
)
DUAL_LINE = Kind(
    key="assessment.dual_line",
    topic=Topic.ASSESSMENT,
    label=gettext_lazy("双线考核"),
    summary=gettext_lazy("兼任网格员的，社区工作考核占比不低于 %(community_least)s"),
    fields=(percent("community_least", gettext_lazy("社区工作最低占比"), 0),),
)
ASSESSMENT_INDICATORS = Kind(
    key="assessment.indicators",
    topic=Topic.ASSESSMENT,
    label=gettext_lazy("考核必备指标"),
    summary=gettext_lazy("考核方案须包含持证：%(certificate)s；须包含居民满意度：%(satisfaction)s"),
    fields=(
        Field("certificate", gettext_lazy("须包含持证指标"), "boolean"),
        Field("satisfaction", gettext_lazy("须包含居民满意度指标"), "boolean"),
    ),
)
ASSESSMENT_KINDS = (BOTTOM_SHARE, DUAL_LINE, ASSESSMENT_INDICATORS)
