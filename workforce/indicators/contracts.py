"""Contracts of those who should have one: full-time and managed (domain §1.A6).

Where no contract was ever registered none ends.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Composition, Topic
from portal.core.indicators.sources import TAIZHOU, TIANJIN_MEASURE, cited
from workforce.indicators.figure import persons, share

_persons = partial(persons, topic=Topic.CONTRACTS)
_of_employed = partial(share, topic=Topic.CONTRACTS, denominator="employed", citation=cited(TIANJIN_MEASURE, TAIZHOU))

_KINDS = {
    "contract_labour": _("劳动合同签订率"),
    "contract_service": _("服务协议占比"),
    "contract_none": _("无书面合同占比"),
}
_BETTER = {"contract_labour": Better.HIGHER, "contract_service": Better.LOWER}

CONTRACTS = (
    *(
        _of_employed(
            key=f"{name}_share",
            label=label,
            numerator=name,
            formula=_("这一种合同在当天有效的人数 ÷ 专职并纳入管理的人数。"),
            better=_BETTER.get(name, Better.NEITHER),
        )
        for name, label in _KINDS.items()
    ),
    _persons(
        key="contract_missing",
        label=_("应签未签书面合同的人数"),
        numerator="contract_missing",
        known="employed",
        formula=_("专职并纳入管理、没有有效书面合同、也不是选举任职的人数。"),
        citation=cited(TIANJIN_MEASURE, TAIZHOU),
        better=Better.LOWER,
    ),
    *(
        _persons(
            key=f"contract_ends_{days}",
            label=label,
            numerator=f"contract_ends_{days}",
            known="contract_labour+contract_service",
            formula=_("有效合同在今后这些天内到期、没有登记续签的人数。"),
            better=Better.LOWER,
        )
        for days, label in (
            (30, _("合同30天内到期未续")),
            (60, _("合同60天内到期未续")),
            (90, _("合同90天内到期未续")),
        )
    ),
)

CONTRACT_KINDS = Composition(
    key="contracts",
    label=_("合同类型构成"),
    topic=Topic.CONTRACTS,
    parts=tuple(f"{name}_share" for name in _KINDS),
)
