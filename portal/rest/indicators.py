"""`indicators/`: the catalogue of every figure there is."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal import registry
from portal.core.indicators.declare import Indicator
from portal.core.web.filters import Parameter
from portal.core.web.operations import Operation
from portal.core.web.paging import ListSource
from portal.core.web.viewsets import ListMixin, PortalViewSet
from portal.rest.indicator_access import RIGHTS, TOPIC
from portal.rest.indicator_serializers import IndicatorSerializer


def catalogue_address(request) -> str:
    """Address of the catalogue, which those of the figures are made from."""
    return request.build_absolute_uri(reverse("api-indicators-list"))


@dataclass(frozen=True)
class Entry:
    """A figure at its place in the catalogue."""

    number: int
    indicator: Indicator


class IndicatorViewSet(ListMixin, PortalViewSet):
    tag = "indicators"
    serializer_class = IndicatorSerializer
    operations = {
        "list": Operation(
            summary=_("指标目录"),
            description=_(
                "每个指标的名称、单位、口径和出处，分子和分母是什么，按哪类规则判定。需要另外权限的指标（如薪酬）只对有该"
                "权限的账号列出。"
            ),
            parameters=(
                TOPIC,
                Parameter(name="search", description=_("只要标识、名称或公式里含有这些字的。"), example="交叉"),
            ),
            example=IndicatorSerializer.example,
            **RIGHTS,
        )
    }

    def source(self) -> ListSource:
        topic, text = self.values["topic"], (self.values["search"] or "").lower()
        found = [
            Entry(number, one)
            for number, one in enumerate(registry.INDICATORS.values())
            if topic in (None, one.topic)
            and text in f"{one.key} {one.label} {one.formula}".lower()
            and (one.perm is None or self.request.user.can(one.perm))
        ]
        return ListSource(found, "number")

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"base": catalogue_address(self.request)}

    def represent(self, rows: list[Entry]) -> list[dict]:
        return super().represent([row.indicator for row in rows])
