"""Which population a figure is measured by (domain §2.8)."""

from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic
from portal.core.territory.models import Basis

POPULATION_BASIS = Kind(
    key="population.basis",
    topic=Topic.POPULATION,
    label=gettext_lazy("人口口径优先顺序"),
    summary=gettext_lazy("依次采用 %(order)s"),
    fields=(Field("order", gettext_lazy("优先顺序"), "choices", choices=tuple(Basis.choices), ordered=True),),
    default={"order": [basis.value for basis in Basis]},
)
POPULATION_AGE = Kind(
    key="population.max_age",
    topic=Topic.POPULATION,
    label=gettext_lazy("人口数据有效时长"),
    summary=gettext_lazy("时点早于统计日 %(months)s 个月以上的人口数据予以提示"),
    fields=(Field("months", gettext_lazy("月数"), "integer", 1, 240),),
    default={"months": 12},
)
POPULATION_KINDS = (POPULATION_BASIS, POPULATION_AGE)
