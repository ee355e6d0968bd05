"""Heads and what the rules ask for (domain §1.B)."""

from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import POPULATION, Better, Target, Topic, Unit
from portal.core.indicators.sources import OPINION, STAFFING_PLAN, TIANJIN_MEASURE, cited
from portal.core.policy.kinds import STAFFING as PER_POPULATION
from portal.core.territory.models import Basis
from workforce.counters import BOOK
from workforce.enums import NotCounted
from workforce.indicators.figure import figure, persons

_WHO = cited(STAFFING_PLAN, TIANJIN_MEASURE, OPINION)
_REQUIRED = "ceil({population} * ({rule}->>'heads')::numeric / ({rule}->>'per')::int)"
_RATIO = {
    "topic": Topic.STAFFING,
    "unit": Unit.PER_10K,
    "numerator": "workers",
    "denominator": POPULATION,
    "decimals": 2,
    "floor": True,
    "better": Better.HIGHER,
}


def _per_10k(value: dict) -> Fraction:
    return Fraction(value["heads"] * 10_000, value["per"])


_OTHER_BASES = {
    Basis.URBAN_PERMANENT: _("每万城镇常住人口社区工作者"),
    Basis.PERMANENT: _("每万常住人口社区工作者"),
    Basis.ACTUAL: _("每万实有人口社区工作者"),
    Basis.LEDGER: _("每万台账人口社区工作者"),
    Basis.REGISTERED: _("每万户籍人口社区工作者"),
}

STAFFING = (
    persons(
        key="workers",
        label=_("社区工作者"),
        topic=Topic.STAFFING,
        numerator="workers",
        formula=_("计入配备人数的在岗人数：专职、纳入管理、有合同或经选举、在就业年龄段；一人多岗算一人。"),
        citation=_WHO,
    ),
    persons(
        key="in_post",
        label=_("任职人数"),
        topic=Topic.STAFFING,
        numerator="in_post",
        formula=_("当天有任职的人数，不论是否计入配备人数；一人多岗算一人。"),
        urban=False,
    ),
    *(
        persons(
            key=f"uncounted_{reason}",
            label=BOOK.counters[f"uncounted_{reason}"].label,
            topic=Topic.STAFFING,
            numerator=f"uncounted_{reason}",
            formula=_(
                "当天有任职而不计入配备人数的人数。每人只记一个原因，依次看：在村任职、非专职、未纳入管理、无有效劳动合同、"
                "不在就业年龄段、处于不计入的状态。"
            ),
            citation=_WHO,
            urban=reason != NotCounted.VILLAGE,
        )
        for reason in NotCounted.values
    ),
    figure(
        key="staffing_ratio",
        label=_("每万人社区工作者"),
        formula=_("在岗人数 × 10000 ÷ 人口；人口按政策规定的口径顺序取用。截去两位以后的小数，按整数判定是否达标。"),
        citation=STAFFING_PLAN,
        target=Target(kind=PER_POPULATION, of=_per_10k),
        **_RATIO,
    ),
    *(
        figure(
            key=f"staffing_ratio_{basis}",
            label=label,
            formula=_("在岗人数 × 10000 ÷ 该口径的人口；不同口径的数据不可相比。"),
            citation=STAFFING_PLAN,
            basis=basis,
            **_RATIO,
        )
        for basis, label in _OTHER_BASES.items()
    ),
    persons(
        key="staffing_required",
        label=_("应配人数"),
        topic=Topic.STAFFING,
        sql=_REQUIRED,
        formula=_("人口 × 标准人数 ÷ 标准居民数，进位取整。各下级的应配人数之和可能大于本级。"),
        citation=STAFFING_PLAN,
        target=Target(kind=PER_POPULATION, of=lambda value: None, judging=False),
    ),
    persons(
        key="staffing_gap",
        label=_("缺员人数"),
        topic=Topic.STAFFING,
        sql=_REQUIRED + " - coalesce({t}.workers, 0)",
        uses=("workers",),
        formula=_("应配人数减在岗人数；负数为超出。"),
        citation=STAFFING_PLAN,
        target=Target(kind=PER_POPULATION, of=lambda value: Fraction(0), at_least=False),
        better=Better.LOWER,
    ),
)
