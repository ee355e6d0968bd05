"""`staffing/`: how many heads every division has and needs (contract: REST)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm, Scope
from portal.core.indicators.stamps import stamp_of
from portal.core.lib.clock import today
from portal.core.lib.codes import KEY_OF_LEVEL, Level, candidates
from portal.core.territory.models import Division
from portal.core.territory.queries import is_country
from portal.core.web.answers import KeptListMixin, right
from portal.core.web.filters import ChoiceParameter, CodeParameter, DayParameter, Parameter
from portal.core.web.operations import Operation
from portal.core.web.viewsets import ListMixin, PortalViewSet
from workforce.counters import BOOK
from workforce.enums import StaffingStatus
from workforce.queries.staffing import Staffing, StaffingQuery
from workforce.serializers import StaffingSerializer
from workforce.serializers.staffing import ROWS


class StaffingSource:
    """Figures as a source of pages, in the order of codes."""

    def __init__(self, query: StaffingQuery):
        self.query = query

    def after(self, key: Sequence | None, limit: int) -> list[Staffing]:
        return self.query.rows(limit=limit, after=key[0] if key else "")

    def before(self, key: Sequence | None, limit: int) -> list[Staffing]:
        return self.query.rows("-code", limit=limit, before=key[0] if key else "")[::-1]

    def key_of(self, row: Staffing) -> list[str]:
        return [row.code]

    def count(self) -> int:
        return self.query.count()


def _one_step_below(codes: Sequence[str], on: date) -> tuple[str, ...]:
    """Divisions shown below each of `codes`, formal nodes passed over; a community stands for itself."""
    wanted = Q(parent__in=codes) | Q(parent__parent__in=codes, parent__formal=True)
    wanted |= Q(code__in=[code for code in codes if len(code) == 12])
    if "" in codes:
        wanted |= Q(level=Level.PROVINCE)
    return tuple(Division.objects.filter(wanted, formal=False).in_force(on).values_list("code", flat=True))


class StaffingViewSet(KeptListMixin, ListMixin, PortalViewSet):
    tag = "staffing"
    serializer_class = StaffingSerializer
    operations = {
        "list": Operation(
            summary=_("配备情况"),
            description=_(
                "每个区划一行：应配、在岗、差额和每万人人数，附口径、时点、标准及其依据。\n\n"
                "不带 level 时，给出所问区划的下一级（“市辖区”这类只为编码而设的层级直接跳过，社区则给出其本身）；"
                "不带 division 时，以您的每个管理范围作为所问区划。带 level 时，给出该层级的全部区划，含所问区划本身。"
                "按代码排列。"
            ),
            scope=Scope.STATS_READ,
            perm=Perm.VIEW_STAFFING,
            parameters=(
                CodeParameter(description=_("所问区划；缺省为您的全部管理范围，000000 为全国。")),
                ChoiceParameter(
                    name="level",
                    description=_("区划层级；缺省为下一级，country 为全国合计一行。"),
                    example="district",
                    choices={key: int(number) for number, key in KEY_OF_LEVEL.items()},
                ),
                DayParameter(),
                Parameter(name="search", description=_("只要名称含有、代码或拼音首字母以此开头的。"), example="和平"),
                ChoiceParameter(
                    name="status",
                    description=_("只要这一状态的。"),
                    example="short",
                    choices={status: status for status in StaffingStatus.values},
                ),
            ),
            example=StaffingSerializer.example,
        )
    }

    def rights(self) -> list[str]:
        return [right(self.perm, self.request.user)]

    def get_serializer_context(self) -> dict[str, Any]:
        addresses = {name: reverse("api-indicators-rows", args=[key]) for name, (key, _part) in ROWS.items()}
        rows = {name: self.request.build_absolute_uri(address) for name, address in addresses.items()}
        return super().get_serializer_context() | {"rows": rows}

    def stamp(self) -> str | None:
        asked, territories = self.values["division"], self.request.user.territories(self.perm)
        return stamp_of(BOOK, candidates(asked) if asked else territories, self.values["on"] or today())

    def division(self, name: str = "division") -> Division | None:
        """Asked for the country, those who hold it get all they hold."""
        if is_country(self.values[name]) and "" in self.request.user.territories(self.perm):
            return None
        return super().division(name)

    def source(self) -> StaffingSource:
        values, territories = self.values, self.request.user.territories(self.perm)
        on, division = values["on"] or today(), self.division()
        asked = [division.code] if division else territories
        return StaffingSource(
            StaffingQuery(
                territories=tuple(territories),
                on=on,
                under=division.code if division else "",
                level=values["level"],
                codes=_one_step_below(asked, on) if values["level"] is None else None,
                search=values["search"] or "",
                status=values["status"] or "",
            )
        )
