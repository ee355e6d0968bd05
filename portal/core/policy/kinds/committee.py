"""Sizes and terms of the community Party organisation and the residents' committee (domain §1.B2, §2.1)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic, least_to_most


def _size(key: str, label: str | Promise) -> Kind:
    return Kind(
        key=key,
        topic=Topic.COMMITTEE,
        label=label,
        summary=gettext_lazy("一般 %(least)s 至 %(most)s 人"),
        fields=(
            Field("least", gettext_lazy("最少"), "integer", 1, 50),
            Field("most", gettext_lazy("最多"), "integer", 1, 50),
        ),
        checks=(least_to_most,),
    )


PARTY_COMMITTEE_SIZE = _size("committee.size_party_committee", gettext_lazy("社区党委、党总支委员人数"))
PARTY_BRANCH_SIZE = _size("committee.size_party_branch", gettext_lazy("社区党支部委员人数"))
RESIDENTS_COMMITTEE_SIZE = _size("committee.size_residents", gettext_lazy("居民委员会成员人数"))
COMMITTEE_TERM = Kind(
    key="committee.term",
    topic=Topic.COMMITTEE,
    label=gettext_lazy("“两委”每届任期"),
    summary=gettext_lazy("每届任期 %(years)s 年"),
    fields=(Field("years", gettext_lazy("年数"), "integer", 1, 10),),
)
COMMITTEE_HOUSEHOLDS = Kind(
    key="committee.households",
    topic=Topic.COMMITTEE,
    label=gettext_lazy("设立居民委员会的户数"),
    summary=gettext_lazy("一般 %(least)s 至 %(most)s 户设立一个居民委员会"),
    fields=(
        Field("least", gettext_lazy("最少"), "integer", 1, 100_000),
        Field("most", gettext_lazy("最多"), "integer", 1, 100_000),
    ),
    checks=(least_to_most,),
)
COMMITTEE_KINDS = (
    PARTY_COMMITTEE_SIZE,
    PARTY_BRANCH_SIZE,
    RESIDENTS_COMMITTEE_SIZE,
    COMMITTEE_TERM,
    COMMITTEE_HOUSEHOLDS,
)
