"""Certificates, their registration and the share of certified workers (domain §1.D, §2.4)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic, percent
from portal.core.policy.kinds.choices import LEVELS, STATUSES

CERTIFICATES = Kind(
    key="certificate.accepted",
    topic=Topic.CERTIFICATES,
    label=gettext_lazy("认可的职业水平证书"),
    summary=gettext_lazy("认可 %(levels)s"),
    fields=(Field("levels", gettext_lazy("证书等级"), "choices", choices=LEVELS),),
    default={"levels": ["assistant", "social_worker", "senior", "local"]},
)
CERTIFICATE_DEADLINE = Kind(
    key="certificate.deadline",
    topic=Topic.CERTIFICATES,
    label=gettext_lazy("入职后取得证书的期限"),
    summary=gettext_lazy(
        "入职 %(months)s 个月内取得证书（以%(judged_by)s为准）；%(starts_on)s 以前入职的从这一天起算；"
        "中断超过 %(restart_after_months)s 个月再入职的重新起算"
    ),
    fields=(
        Field("months", gettext_lazy("期限月数"), "integer", 1, 120),
        Field(
            "starts_on",
            gettext_lazy("规定施行日期"),
            "date",
            help=gettext_lazy("以前入职的人从这一天起算。"),
        ),
        Field("restart_after_months", gettext_lazy("中断几个月以上重新起算"), "integer", 0, 120),
        Field(
            "judged_by",
            gettext_lazy("以哪一天为准"),
            "choice",
            choices=(("obtained", gettext_lazy("证书批准（考试）日期")), ("issued", gettext_lazy("证书签发日期"))),
        ),
    ),
)
CLOCK_STOPS = Kind(
    key="certificate.clock_stops",
    topic=Topic.CERTIFICATES,
    label=gettext_lazy("暂停计算取证期限的状态"),
    summary=gettext_lazy("处于下列状态的期间不计入期限：%(statuses)s"),
    fields=(Field("statuses", gettext_lazy("暂停计算的状态"), "choices", choices=STATUSES, optional=True),),
    default={"statuses": ["maternity", "military"]},
)
CERTIFICATE_ALERTS = Kind(
    key="certificate.alerts",
    topic=Topic.CERTIFICATES,
    label=gettext_lazy("取证期限提醒"),
    summary=gettext_lazy("取证期限前 %(months)s 提醒"),
    fields=(Field("months", gettext_lazy("提前月数"), "integers", 1, 60, unit=gettext_lazy("个月")),),
    default={"months": [12, 6, 3, 1]},
)
SHARE_TARGET = Kind(
    key="certificate.share_target",
    topic=Topic.CERTIFICATES,
    label=gettext_lazy("持证率目标"),
    summary=gettext_lazy("到 %(due)s，持证人数不低于社区工作者的 %(percent)s"),
    fields=(
        percent("percent", gettext_lazy("持证率"), 1),
        Field("due", gettext_lazy("达到目标的日期"), "date"),
    ),
)
HIRING_CONDITION = Kind(
    key="certificate.hiring_condition",
    topic=Topic.CERTIFICATES,
    label=gettext_lazy("持证作为招录条件"),
    summary=gettext_lazy("招录社区工作者以持有证书为基本条件：%(required)s"),
    fields=(Field("required", gettext_lazy("须持有证书"), "boolean"),),
)


def _real_day(value: dict) -> str | None:
    longest = 30 if value["month"] in (4, 6, 9, 11) else 28 if value["month"] == 2 else 31
    return _("%(month)s 月没有 %(day)s 日。") % value if value["day"] > longest else None


EXAM = Kind(
    key="certificate.exam",
    topic=Topic.CERTIFICATES,
    label=gettext_lazy("全国社会工作者职业资格考试"),
    summary=gettext_lazy("每年 %(month)s 月 %(day)s 日前后考试，约 %(result_months)s 个月后公布成绩"),
    fields=(
        Field("month", gettext_lazy("考试月份"), "integer", 1, 12),
        Field("day", gettext_lazy("考试日"), "integer", 1, 31),
        Field("result_months", gettext_lazy("几个月后出成绩"), "integer", 0, 12),
    ),
    default={"month": 5, "day": 24, "result_months": 2},
    checks=(_real_day,),
)
REGISTRATION = Kind(
    key="certificate.registration",
    topic=Topic.CERTIFICATES,
    label=gettext_lazy("证书登记与继续教育"),
    summary=gettext_lazy(
        "取得证书后 %(first_months)s 个月内首次登记，有效期 %(years)s 年，期满前 %(window_months)s 个月内再登记；"
        "每个登记周期继续教育：助理社会工作师 %(hours_assistant)s 学时，其他 %(hours_other)s 学时，"
        "取得社会工作专业学历学位折算 %(degree_hours)s 学时；登记过期仍计入持证：%(lapsed_counts)s"
    ),
    fields=(
        Field("first_months", gettext_lazy("首次登记期限（月）"), "integer", 1, 60),
        Field("years", gettext_lazy("登记有效期（年）"), "integer", 1, 10),
        Field("window_months", gettext_lazy("再登记提前月数"), "integer", 1, 24),
        Field("hours_assistant", gettext_lazy("助理社会工作师学时"), "integer", 0, 1000),
        Field("hours_other", gettext_lazy("社会工作师、高级社会工作师学时"), "integer", 0, 1000),
        Field("degree_hours", gettext_lazy("学历学位折算学时"), "integer", 0, 1000),
        Field("lapsed_counts", gettext_lazy("登记过期的仍计入持证"), "boolean"),
    ),
    default={
        "first_months": 12,
        "years": 3,
        "window_months": 3,
        "hours_assistant": 72,
        "hours_other": 90,
        "degree_hours": 90,
        "lapsed_counts": True,
    },
)
CERTIFICATES_KINDS = (
    CERTIFICATES,
    CERTIFICATE_DEADLINE,
    CLOCK_STOPS,
    CERTIFICATE_ALERTS,
    SHARE_TARGET,
    HIRING_CONDITION,
    EXAM,
    REGISTRATION,
)
