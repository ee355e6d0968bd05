"""`ratings/scores/`: what every item gave a unit, stage by stage, with the figure an automatic one was scored from."""

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from portal.core.web.filters import CodeParameter, IntegerParameter
from portal.core.web.operations import Operation
from portal.core.web.viewsets import ListMixin, PortalViewSet
from ratings.api.cycles import RIGHTS
from ratings.models import ItemScore, UnitRating
from ratings.serializers import ScoreSerializer


class ScoreViewSet(ListMixin, PortalViewSet):
    tag = "ratings"
    serializer_class = ScoreSerializer
    operations = {
        "list": Operation(
            summary=_("星级评分明细"),
            description=_(
                "每个单位每个评分项一行，按编号排列：各级评分、计入总分的分，自动取数的附冻结的指标值。不带 cycle 时为"
                "管理范围内的全部周期。"
            ),
            parameters=(
                IntegerParameter(
                    name="cycle",
                    description=_("只要这个评定周期的。"),
                    example="1",
                    minimum=1,
                    refers=True,
                ),
                CodeParameter(description=_("只要该区划及其下级的。")),
            ),
            example=ScoreSerializer.example,
            **RIGHTS,
        )
    }

    def get_queryset(self) -> QuerySet[ItemScore]:
        units = self.rows_of(UnitRating)
        if (cycle := self.values["cycle"]) is not None:
            units = units.filter(cycle=cycle)
            if not units.exists():
                raise Http404
        if place := self.division():
            units = units.under(place.code)
        return ItemScore.objects.filter(unit__in=units).select_related("unit__division", "item")
