"""Contracts of community workers (domain §1.A6)."""

from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic

CONTRACT_NOTICE = Kind(
    key="contract.ending_notice",
    topic=Topic.CONTRACTS,
    label=gettext_lazy("合同到期提醒"),
    summary=gettext_lazy("合同到期前 %(days)s 提醒"),
    fields=(Field("days", gettext_lazy("到期前天数"), "integers", 1, 730, unit=gettext_lazy("天")),),
    default={"days": [60, 30]},
)
CONTRACTS_KINDS = (CONTRACT_NOTICE,)
