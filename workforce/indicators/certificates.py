"""Certificates: persons with at least one that is accepted, by level and against the targets set (domain §1.D).

Where no rule sets a time for getting one, nobody is late or in time: that is not in force, and never 0.
"""

from datetime import date
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Composition, Target, Topic
from portal.core.indicators.sources import TAIZHOU, TIANJIN_MEASURE, YICHANG, cited
from portal.core.policy.kinds import CERTIFICATE_DEADLINE, SHARE_TARGET
from workforce.indicators.figure import persons, share

_TARGET = Target(
    kind=SHARE_TARGET,
    of=lambda value: Fraction(value["percent"]),
    due=lambda value: date.fromisoformat(value["due"]),
)
_DEADLINE = {
    "topic": Topic.CERTIFICATES,
    "citation": TIANJIN_MEASURE,
    "target": Target(kind=CERTIFICATE_DEADLINE, of=lambda value: None, judging=False),
    "ruled": "certificate_running+certificate_overdue",
    "known": "workers",
    "better": Better.LOWER,
}
_SHARES = cited(YICHANG, TAIZHOU)
_LEVELS = {
    "certified_senior": _("高级社会工作师占比"),
    "certified_social_worker": _("社会工作师占比"),
    "certified_assistant": _("助理社会工作师占比"),
    "certified_local": _("只有地方证书的占比"),
}

CERTIFICATES = (
    persons(
        key="certified",
        label=_("持证人数"),
        topic=Topic.CERTIFICATES,
        numerator="certified",
        formula=_("社区工作者中至少持有一种认可证书的人数；按人计，不按证书计。"),
        citation=_SHARES,
    ),
    share(
        key="certified_share",
        label=_("持证率"),
        topic=Topic.CERTIFICATES,
        numerator="certified",
        denominator="workers",
        formula=_("持证人数 ÷ 社区工作者人数，同一天的人。"),
        citation=_SHARES,
        target=_TARGET,
        better=Better.HIGHER,
    ),
    share(
        key="certified_national_share",
        label=_("持全国证书率"),
        topic=Topic.CERTIFICATES,
        numerator="certified_national",
        denominator="workers",
        formula=_("持有全国社会工作者职业资格证书的人数 ÷ 社区工作者人数；地方证书不计。"),
        better=Better.HIGHER,
    ),
    *(
        share(
            key=f"{name}_share",
            label=label,
            topic=Topic.CERTIFICATES,
            numerator=name,
            denominator="workers",
            formula=_("最高证书为这一级的人数 ÷ 社区工作者人数；一人只计最高一级。"),
        )
        for name, label in _LEVELS.items()
    ),
    share(
        key="uncertified_share",
        label=_("未持证的占比"),
        topic=Topic.CERTIFICATES,
        numerator="uncertified",
        denominator="workers",
        formula=_("没有认可证书的人数 ÷ 社区工作者人数。"),
        better=Better.LOWER,
    ),
    persons(
        key="certificate_overdue",
        label=_("逾期未取得证书的人数"),
        numerator="certificate_overdue",
        formula=_("取证期限已过、尚无认可证书的在岗人数；期限按规则计算，长假按规则顺延；没有期限规则的为未生效。"),
        **_DEADLINE,
    ),
    persons(
        key="certificate_due_90",
        label=_("90天内取证期限届满的人数"),
        numerator="certificate_due_90",
        formula=_("尚无认可证书、取证期限在今后90天内届满的在岗人数；没有期限规则的为未生效。"),
        **_DEADLINE,
    ),
)

CERTIFICATE_LEVELS = Composition(
    key="certificates",
    label=_("证书等级构成"),
    topic=Topic.CERTIFICATES,
    parts=(*(f"{name}_share" for name in _LEVELS), "uncertified_share"),
)
