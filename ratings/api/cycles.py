"""`ratings/cycles/`: the yearly ratings that concern the caller's territory."""

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm, Scope
from portal.core.web.filters import ChoiceParameter, CodeParameter, IdParameter, IntegerParameter
from portal.core.web.operations import Operation
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from ratings.enums import Stage
from ratings.models import RatingCycle, UnitRating
from ratings.serializers import CycleSerializer

RIGHTS = {"scope": Scope.RATINGS_READ, "perm": Perm.VIEW_RATINGS}
YEAR = IntegerParameter(name="year", description=_("年度。"), example="2025", minimum=2000, maximum=2100)


class CycleViewSet(ListMixin, RetrieveMixin, PortalViewSet):
    tag = "ratings"
    serializer_class = CycleSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_("评定周期的编号。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("星级评定周期"),
            description=_(
                "管理范围内有单位参评的年度评定，不限阶段，按编号排列；units 只数管理范围内的单位。星级在认定以后从"
                "“星级结果”读取，公示期间见 public_url。"
            ),
            parameters=(
                CodeParameter(description=_("只要有该区划及其下级的单位参评的。")),
                YEAR,
                ChoiceParameter(
                    name="stage",
                    description=_("只要在这一阶段的。"),
                    example="notice",
                    choices={stage: stage for stage in Stage.values},
                ),
            ),
            example=CycleSerializer.example,
            **RIGHTS,
        ),
        "retrieve": Operation(
            summary=_("一个评定周期"),
            description=_("管理范围内有单位参评的一个年度评定。"),
            example=CycleSerializer.example,
            **RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        units = self.rows_of(UnitRating).filter(cycle=OuterRef("pk"), left_out_because="")
        place = self.division() if self.action == "list" else None
        if place:
            units = units.under(place.code)
        own = self.rows_of(RatingCycle).under(place.code if place else "").filter(pk=OuterRef("pk"))
        counted = units.order_by().values("cycle").annotate(n=Count("pk")).values("n")
        found = RatingCycle.objects.filter(Exists(units) | Exists(own))
        found = found.select_related("division").annotate(
            units_rated=Coalesce(Subquery(counted, output_field=IntegerField()), 0)
        )
        if self.action == "list":
            asked = {name: self.values[name] for name in ("year", "stage") if self.values[name] is not None}
            found = found.filter(**asked)
        return found
