"""Careers: directed recruitment and institution staffing (domain §1.G)."""

from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic

DIRECTED_POSTS = Kind(
    key="careers.directed_posts",
    topic=Topic.CAREERS,
    label=gettext_lazy("定向招录岗位"),
    summary=gettext_lazy(
        "每区每年：面向“一肩挑”负责人不少于 %(heads_least)s 个，面向其他社区工作者不少于 %(workers_least)s 个"
    ),
    fields=(
        Field("heads_least", gettext_lazy("面向“一肩挑”负责人最少"), "integer", 0, 1000),
        Field("workers_least", gettext_lazy("面向其他社区工作者最少"), "integer", 0, 1000),
    ),
)
INSTITUTION_TERMS = Kind(
    key="careers.institution_terms",
    topic=Topic.CAREERS,
    label=gettext_lazy("书记使用事业编制的任职条件"),
    summary=gettext_lazy("连续任满 %(terms)s 届、表现优秀的社区党组织书记可以使用事业编制"),
    fields=(Field("terms", gettext_lazy("连续任满届数"), "integer", 1, 10),),
)
CAREERS_KINDS = (DIRECTED_POSTS, INSTITUTION_TERMS)
