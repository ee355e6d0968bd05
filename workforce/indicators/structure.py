"""Who the community workers are: age, sex, schooling, tiers, Party membership, years in service (domain §1.M, §1.O).

Unknown schooling, political status or day of entry stays out of the denominator and is counted by itself.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Composition, Topic, Unit
from portal.core.indicators.sources import TAIZHOU
from workforce.indicators.figure import figure, persons, share

_of_workers = partial(share, topic=Topic.STRUCTURE, denominator="workers")
_of_schooled = partial(share, topic=Topic.STRUCTURE, denominator="schooling_known", decimals=1)
_of_served = partial(share, topic=Topic.STRUCTURE, denominator="tenure_known")
_OF_WORKERS = _("这一部分的人数 ÷ 社区工作者人数。")
_OF_SCHOOLED = _("这一学历的人数 ÷ 登记了学历的社区工作者人数。")
_OF_SERVED = _("这一工龄段的人数 ÷ 登记了入职日期的社区工作者人数；工龄按整年计。")

_AGES = {
    "young": _("年轻人员占比"),
    "aged_to_45": _("超过年轻年龄至45岁占比"),
    "aged_46_55": _("46至55岁占比"),
    "aged_over_55": _("56岁以上占比"),
}
_SCHOOLING = {
    "schooling_doctor": _("博士研究生占比"),
    "schooling_master": _("硕士研究生占比"),
    "schooling_bachelor": _("本科占比"),
    "schooling_college": _("大专占比"),
    "schooling_below": _("大专以下占比"),
}
_TIERS = {"tier_principal": _("正职占比"), "tier_deputy": _("副职占比"), "tier_staff": _("工作人员占比")}
_TENURE = {
    "tenure_under_1": _("工龄不满1年占比"),
    "tenure_1_3": _("工龄1至3年占比"),
    "tenure_3_5": _("工龄3至5年占比"),
    "tenure_5_10": _("工龄5至10年占比"),
    "tenure_10_up": _("工龄10年以上占比"),
}
_BODIES = {
    "body_party": _("在社区党组织任职占比"),
    "body_committee": _("在居民委员会任职占比"),
    "body_station": _("在社区工作站任职占比"),
    "body_centre": _("在党群服务中心任职占比"),
}


def _shares(declare, labels: dict, formula) -> tuple:
    return tuple(declare(key=f"{n}_share", label=label, numerator=n, formula=formula) for n, label in labels.items())


STRUCTURE = (
    figure(
        key="mean_age",
        label=_("平均年龄"),
        topic=Topic.STRUCTURE,
        unit=Unit.AGE,
        numerator="age_sum",
        denominator="workers",
        formula=_("社区工作者周岁之和 ÷ 社区工作者人数。"),
    ),
    *_shares(_of_workers, _AGES, _("这一年龄段的人数 ÷ 社区工作者人数；周岁按统计日计算，“年轻”的界限由政策规定。")),
    _of_workers(key="women_share", label=_("女性占比"), numerator="women", formula=_OF_WORKERS),
    _of_workers(key="men_share", label=_("男性占比"), numerator="men", formula=_OF_WORKERS),
    share(
        key="college_up_share",
        label=_("大专以上占比"),
        topic=Topic.STRUCTURE,
        numerator="college_up",
        denominator="schooling_known",
        formula=_("大专及以上学历的人数 ÷ 登记了学历的社区工作者人数。"),
        better=Better.HIGHER,
    ),
    share(
        key="bachelor_up_share",
        label=_("本科以上占比"),
        topic=Topic.STRUCTURE,
        numerator="bachelor_up",
        denominator="schooling_known",
        formula=_("本科及以上学历的人数 ÷ 登记了学历的社区工作者人数。"),
        citation=TAIZHOU,
        better=Better.HIGHER,
    ),
    *_shares(_of_schooled, _SCHOOLING, _OF_SCHOOLED),
    persons(
        key="schooling_unknown",
        label=_("未登记学历的人数"),
        topic=Topic.STRUCTURE,
        numerator="schooling_unknown",
        known="workers",
        formula=_("名册上没有学历的社区工作者人数。"),
        better=Better.LOWER,
    ),
    share(
        key="cpc_share",
        label=_("中共党员占比"),
        topic=Topic.STRUCTURE,
        numerator="cpc_members",
        denominator="politics_known",
        formula=_("中共党员（含预备党员）人数 ÷ 登记了政治面貌的社区工作者人数。"),
    ),
    *_shares(_of_workers, _TIERS, _OF_WORKERS),
    *_shares(_of_workers, _BODIES, _("主要岗位在这一机构的人数 ÷ 社区工作者人数。")),
    figure(
        key="mean_tenure",
        label=_("平均工龄"),
        topic=Topic.STRUCTURE,
        unit=Unit.YEARS,
        numerator="tenure_sum",
        denominator="tenure_known",
        formula=_("本次入职以来的整年数之和 ÷ 登记了入职日期的社区工作者人数。"),
    ),
    *_shares(_of_served, _TENURE, _OF_SERVED),
)


def _composition(key: str, label, names) -> Composition:
    return Composition(key=key, label=label, topic=Topic.STRUCTURE, parts=tuple(f"{name}_share" for name in names))


STRUCTURES = (
    _composition("age", _("年龄构成"), _AGES),
    _composition("sex", _("性别构成"), ("women", "men")),
    _composition("schooling", _("学历构成"), _SCHOOLING),
    _composition("tiers", _("岗位层级构成"), _TIERS),
    _composition("bodies", _("任职机构构成"), _BODIES),
    _composition("tenure", _("工龄构成"), _TENURE),
)
