"""The two-committee table of domain §1.M, with its denominators; "大专以上" and "35岁以下" take in the boundary.

Where no committee was ever recorded nothing is vacant, and nobody serves apart.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Composition, Topic, Unit
from portal.core.indicators.sources import CHAOYANG, TIANJIN_MEASURE, cited
from workforce.indicators.figure import figure, persons, places, share

_ONE_SHOULDER = cited(CHAOYANG, TIANJIN_MEASURE)
_persons = partial(persons, topic=Topic.COMMITTEES)
_places = partial(places, topic=Topic.COMMITTEES)
_of_members = partial(share, topic=Topic.COMMITTEES, denominator="members")
_of_secretaries = partial(share, topic=Topic.COMMITTEES, denominator="secretaries")

COMMITTEES = (
    _persons(
        key="committee_members",
        label=_("“两委”成员"),
        numerator="members",
        formula=_("党组织成员 + 居委会成员 − 交叉任职人数：同一社区内一人算一次。"),
        citation=CHAOYANG,
    ),
    _persons(
        key="party_members_seated",
        label=_("社区党组织成员"),
        numerator="members_party",
        formula=_("当天在社区党组织任职的人数。"),
        citation=CHAOYANG,
    ),
    _persons(
        key="committee_members_seated",
        label=_("居民委员会成员"),
        numerator="members_committee",
        formula=_("当天在居民委员会任职的人数。"),
        citation=CHAOYANG,
    ),
    _of_members(
        key="cross_appointment",
        label=_("交叉任职率"),
        numerator="members_both",
        formula=_("同时任党组织成员和居委会成员的人数 ÷ “两委”成员总人数（两者之和减去交叉任职人数）。"),
        citation=CHAOYANG,
        better=Better.HIGHER,
    ),
    _of_members(
        key="committee_party_only_share",
        label=_("只在党组织任职的占比"),
        numerator="members_party_only",
        formula=_("只任党组织成员的人数 ÷ “两委”成员总人数。"),
    ),
    _of_members(
        key="committee_only_share",
        label=_("只在居委会任职的占比"),
        numerator="members_committee_only",
        formula=_("只任居委会成员的人数 ÷ “两委”成员总人数。"),
    ),
    _of_members(
        key="committee_women_share",
        label=_("“两委”成员女性比例"),
        numerator="members_women",
        formula=_("女性“两委”成员 ÷ “两委”成员总人数。"),
        citation=CHAOYANG,
    ),
    _of_members(
        key="committee_young_share",
        label=_("“两委”成员年轻人员比例"),
        numerator="members_young",
        formula=_("不超过规定年轻年龄（缺省35周岁，含）的“两委”成员 ÷ “两委”成员总人数。"),
        citation=CHAOYANG,
        better=Better.HIGHER,
    ),
    _of_members(
        key="committee_college_share",
        label=_("“两委”成员大专以上比例"),
        numerator="members_college",
        formula=_("大专及以上学历的“两委”成员 ÷ “两委”成员总人数；未登记学历的算作不具备。"),
        citation=CHAOYANG,
        better=Better.HIGHER,
    ),
    _of_members(
        key="committee_cpc_share",
        label=_("“两委”成员中共党员比例"),
        numerator="members_cpc",
        formula=_("中共党员“两委”成员 ÷ “两委”成员总人数。"),
    ),
    figure(
        key="committee_mean_age",
        label=_("“两委”成员平均年龄"),
        topic=Topic.COMMITTEES,
        unit=Unit.AGE,
        numerator="members_age_sum",
        denominator="members",
        formula=_("“两委”成员周岁之和 ÷ “两委”成员总人数。"),
        citation=CHAOYANG,
    ),
    _persons(
        key="secretaries",
        label=_("社区书记"),
        numerator="secretaries",
        formula=_("当天任社区党组织书记的人数；同一人在两个社区任职的各算一次。"),
    ),
    _persons(
        key="secretaries_women",
        label=_("女书记"),
        numerator="secretaries_women",
        known="secretaries",
        formula=_("当天任社区党组织书记的女性人数。"),
        citation=CHAOYANG,
    ),
    _of_secretaries(
        key="secretaries_women_share",
        label=_("女书记占比"),
        numerator="secretaries_women",
        formula=_("女书记人数 ÷ 书记人数。"),
    ),
    _of_secretaries(
        key="secretaries_college_share",
        label=_("书记大专以上比例"),
        numerator="secretaries_college",
        formula=_("大专及以上学历的书记 ÷ 书记人数；未登记学历的算作不具备。"),
        citation=CHAOYANG,
        better=Better.HIGHER,
    ),
    figure(
        key="secretaries_mean_age",
        label=_("书记平均年龄"),
        topic=Topic.COMMITTEES,
        unit=Unit.AGE,
        numerator="secretaries_age_sum",
        denominator="secretaries",
        formula=_("书记周岁之和 ÷ 书记人数。"),
        citation=CHAOYANG,
    ),
    share(
        key="one_shoulder_rate",
        label=_("“一肩挑”比例"),
        topic=Topic.COMMITTEES,
        numerator="one_shoulder",
        denominator="formed",
        formula=_("书记兼任居委会主任的社区 ÷ 已组建居委会的社区；书记或主任空缺的不算“一肩挑”。"),
        citation=_ONE_SHOULDER,
        better=Better.HIGHER,
    ),
    _places(
        key="communities_apart",
        label=_("书记、主任分设的社区"),
        numerator="apart",
        known="formed",
        formula=_("书记和居委会主任都有、但不是同一人的社区。"),
        citation=TIANJIN_MEASURE,
    ),
    _places(
        key="communities_without_secretary",
        label=_("书记空缺的社区"),
        numerator="without_secretary",
        known="seated",
        formula=_("登记了“两委”成员、没有书记的社区。"),
        better=Better.LOWER,
    ),
    _places(
        key="communities_without_chair",
        label=_("居委会主任空缺的社区"),
        numerator="without_chair",
        known="seated",
        formula=_("登记了“两委”成员、没有居委会主任的社区。"),
        better=Better.LOWER,
    ),
    _places(
        key="terms_ended",
        label=_("任期已届满未换届"),
        numerator="terms_ended",
        known="terms",
        formula=_("最近一届任期已满、还没有登记新一届的社区党组织和居委会。"),
        better=Better.LOWER,
    ),
    _places(
        key="terms_due_90",
        label=_("90天内任期届满"),
        numerator="terms_due_90",
        known="terms",
        formula=_("最近一届任期在今后90天内届满的社区党组织和居委会。"),
    ),
)

MEMBERSHIP = Composition(
    key="membership",
    label=_("“两委”任职构成"),
    topic=Topic.COMMITTEES,
    parts=("committee_party_only_share", "cross_appointment", "committee_only_share"),
)
