"""`directed-posts/`, `awards/`, `nominations/`: careers for other systems (contract: REST; domain §1.G, §1.O)."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm, Scope
from portal.core.web.filters import CodeParameter, IdParameter, IntegerParameter
from portal.core.web.operations import Operation
from workforce.api.roster import SEALED, RosterViewSet, choices_of
from workforce.enums import AwardLevel, NominationStage, RecruitmentGroup, RecruitmentKind
from workforce.models import Award, DirectedRecruitment, Nomination
from workforce.queries.careers import counted
from workforce.serializers.careers import AwardSerializer, DirectedPostsSerializer, NominationSerializer

_RIGHTS = {"scope": Scope.ROSTER_READ, "perm": Perm.VIEW_ROSTER}
_SHEETS = {**_RIGHTS, "sheet_perm": Perm.EXPORT_ROSTER}
_YEAR = IntegerParameter(name="year", description=_("只要这一年度的。"), example="2026", minimum=1990, maximum=2100)


class _CareerViewSet(RosterViewSet):
    """Rows of a year; a list narrows them by `division` and by the parameters named in `narrowed`, field by parameter."""

    personal = False
    lookup_value_regex = "[0-9]{1,18}"
    narrowed: dict[str, str] = {"year": "year"}

    def rows(self, model) -> QuerySet:
        rows = self.rows_of(model).select_related("division")
        if self.action != "list":
            return rows
        if division := self.division():
            rows = rows.under(division.code)
        return rows.filter(**{field: self.values[name] for field, name in self.narrowed.items() if self.values[name]})


class DirectedPostsViewSet(_CareerViewSet):
    serializer_class = DirectedPostsSerializer
    narrowed = {"year": "year", "kind": "kind", "group": "group"}
    path_parameters = (IdParameter(description=_("定向岗位编号（系统内）。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("定向招录岗位"),
            description=_(
                "各区每年面向社区工作者设置的定向岗位，一区、一年、一种岗位性质、一种面向对象一行；没有登记的没有行。"
                "csv 和 xlsx 需要导出名册的权限。"
            ),
            parameters=(
                CodeParameter(description=_("只要该区划及其下级的。")),
                _YEAR,
                choices_of("kind", _("只要这一岗位性质的。"), RecruitmentKind, "institution"),
                choices_of("group", _("只要这一面向对象的。"), RecruitmentGroup, "heads"),
            ),
            example=DirectedPostsSerializer.example,
            **_SHEETS,
        ),
        "retrieve": Operation(
            summary=_("一行定向招录岗位"),
            description=_("管理范围内的一行定向招录岗位。"),
            example=DirectedPostsSerializer.example,
            **_RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        return self.rows(DirectedRecruitment)


class AwardViewSet(_CareerViewSet):
    serializer_class = AwardSerializer
    narrowed = {"year": "year", "level": "level"}
    path_parameters = (IdParameter(description=_("荣誉编号（系统内）。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("荣誉"),
            description=_("管理范围内各地登记的荣誉和名额，附管理范围内各进度的人数。csv 和 xlsx 需要导出名册的权限。"),
            parameters=(
                CodeParameter(description=_("只要该区划及其下级登记的。")),
                _YEAR,
                choices_of("level", _("只要这一层级的。"), AwardLevel, "city"),
            ),
            example=AwardSerializer.example,
            **_SHEETS,
        ),
        "retrieve": Operation(
            summary=_("一项荣誉"),
            description=_("管理范围内登记的一项荣誉。"),
            example=AwardSerializer.example,
            **_RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        return counted(self.rows(Award), self.request.user.territories(self.perm))


class NominationViewSet(_CareerViewSet):
    serializer_class = NominationSerializer
    personal = True
    narrowed = {"award__year": "year", "award_id": "award", "stage": "stage"}
    path_parameters = (IdParameter(description=_("推荐编号（系统内）。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("荣誉推荐人选"),
            description=_(
                "管理范围内的人员被推荐参评的荣誉和进度；荣誉可以是上级登记的。csv 和 xlsx 需要导出名册的权限。"
            ),
            parameters=(
                CodeParameter(description=_("只要推荐时在该区划及其下级的。")),
                _YEAR,
                IntegerParameter(name="award", description=_("只要这项荣誉的。"), example="1", minimum=1),
                choices_of("stage", _("只要现在处于这一进度的。"), NominationStage, "recommended"),
            ),
            example=NominationSerializer.example,
            **_SHEETS,
        ),
        "retrieve": Operation(
            summary=_("一次荣誉推荐"),
            description=_("管理范围内人员的一次荣誉推荐。"),
            example=NominationSerializer.example,
            **_RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        return self.rows(Nomination).select_related("person", "division", "award").defer(*SEALED)
