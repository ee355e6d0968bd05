"""`ratings/results/`: decided grades of a year, with counts by grade that add up to the units rated."""

from dataclasses import asdict
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from portal.core.lib.clock import today
from portal.core.web.filters import ChoiceParameter, CodeParameter
from portal.core.web.operations import Operation
from portal.core.web.paging import CursorEnvelope
from portal.core.web.viewsets import ListMixin, PortalViewSet
from ratings.api.cycles import RIGHTS, YEAR
from ratings.models import StarGrade
from ratings.queries.results import STARS, counts, latest_year, results
from ratings.serializers import ResultSerializer

_COUNTS = {"rated": 86, "five": 9, "four": 34, "three": 34, "none": 9, "up": 12, "down": 8, "same": 60, "new": 6}


class ResultEnvelope(CursorEnvelope):
    """A page of results with `counts`."""

    def get_paginated_response_schema(self, schema: dict) -> dict:
        made = super().get_paginated_response_schema(schema)
        made["required"] = [*made["required"], "counts"]
        made["properties"]["counts"] = {
            "type": "object",
            "description": _gettext(
                "所问年度和区划的全部单位，与 grade 和分页无关：rated 是评定的单位数，五星、四星、三星、无星之和，"
                "以及升星、摘星、保持、首次评定之和，都等于它。"
            ),
            "required": list(_COUNTS),
            "properties": {name: {"type": "integer", "minimum": 0, "example": n} for name, n in _COUNTS.items()},
            "additionalProperties": False,
        }
        return made


class ResultViewSet(ListMixin, PortalViewSet):
    tag = "ratings"
    serializer_class = ResultSerializer
    pagination_class = ResultEnvelope
    key = ("division_id",)
    operations = {
        "list": Operation(
            summary=_("星级结果"),
            description=_(
                "一个年度已认定的星级，每个单位一行，按代码排列；年度内摘星或更正过的给出现行版本。counts 是各星级的单位数，"
                "合计等于评定的单位数。csv 和 xlsx 只含各行。"
            ),
            parameters=(
                YEAR,
                CodeParameter(description=_("所问区划；缺省为您的全部管理范围。")),
                ChoiceParameter(
                    name="grade",
                    description=_("只要这一星级的：5、4、3，0 为无星。不影响 counts。"),
                    example="5",
                    choices={str(int(grade)): int(grade) for grade in STARS.values()},
                ),
            ),
            example=ResultSerializer.example,
            **RIGHTS,
        )
    }

    @cached_property
    def under(self) -> str:
        place = self.division()
        return place.code if place else ""

    @cached_property
    def year(self) -> int:
        """The year asked for, else the latest that has results."""
        user = self.request.user
        return self.values["year"] or latest_year(user, self.under) or today().year - 1

    def get_queryset(self) -> QuerySet[StarGrade]:
        found = results(self.request.user, under=self.under, year=self.year).select_related("division")
        return found if self.values["grade"] is None else found.filter(grade=self.values["grade"])

    def list(self, request, *args, **kwargs):
        response = super().list(request, *args, **kwargs)
        if isinstance(getattr(response, "data", None), dict):
            response.data["counts"] = asdict(counts(self.year, self.under, request.user))
        return response
