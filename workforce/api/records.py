"""`grades/`, `assessments/`, `review-cases/`: records of people for other systems (contract: REST).

Assessments and cases go out to those alone who see them on the pages: readers of pay, handlers of cases. A sheet asks
for the right to export besides.
"""

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm, Scope
from portal.core.lib.clock import today
from portal.core.web.filters import CodeParameter, DayParameter, IdParameter, IntegerParameter
from portal.core.web.operations import Operation
from workforce.api.roster import SEALED, RosterViewSet, choices_of
from workforce.enums import CaseKind, CaseState, SchemeState
from workforce.models import Assessment, GradeRecord, ReviewCase
from workforce.serializers.records import AssessmentSerializer, GradeSerializer, ReviewCaseSerializer


def _rights(perm: Perm) -> dict:
    return {"scope": Scope.ROSTER_READ, "perm": perm}


def _sheets(perm: Perm) -> dict:
    return {**_rights(perm), "sheet_perm": Perm.EXPORT_ROSTER}


class GradeViewSet(RosterViewSet):
    serializer_class = GradeSerializer
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_("等级记录编号。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("岗位等级记录"),
            description=_("on 当天在任人员当天执行的岗位等级。csv 和 xlsx 需要导出名册的权限。"),
            parameters=(CodeParameter(description=_("只要在该区划及其下级任职的。")), DayParameter()),
            example=GradeSerializer.example,
            **_sheets(Perm.VIEW_ROSTER),
        ),
        "retrieve": Operation(
            summary=_("一条岗位等级记录"),
            description=_("管理范围内人员的一条岗位等级记录，已不再执行的也可读取。"),
            example=GradeSerializer.example,
            **_rights(Perm.VIEW_ROSTER),
        ),
    }

    def get_queryset(self) -> QuerySet:
        rows = self.rows_of(GradeRecord).exclude(valid_to=F("valid_from"))
        rows = rows.select_related("person").defer("derivation", *SEALED)
        if self.action != "list":
            return rows
        on = self.values["on"] or today()
        posts = self.posts().in_force(on).filter(person_id=OuterRef("person_id"))
        return rows.in_force(on).filter(Exists(posts))


class _JudgedViewSet(RosterViewSet):
    """Rows walled by a right beyond the roster's; `wall` holds for sheets too, in the same place."""

    lookup_value_regex = "[0-9]{1,18}"
    wall: Perm

    def rows(self, model) -> QuerySet:
        rows = self.rows_of(model).for_user(self.request.user, self.wall)
        rows = rows.select_related("person", "division").defer(*SEALED)
        if self.action == "list" and (division := self.division()):
            rows = rows.under(division.code)
        return rows


class AssessmentViewSet(_JudgedViewSet):
    serializer_class = AssessmentSerializer
    wall = Perm.VIEW_PAY
    path_parameters = (IdParameter(description=_("考核结果编号。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("年度考核结果"),
            description=_(
                "已归档的考核方案中各人的得分和等次；进行中的考核不在内。需要查看薪酬和考核的权限，"
                "csv 和 xlsx 另需导出名册的权限。"
            ),
            parameters=(
                CodeParameter(description=_("只要考核时在该区划及其下级的。")),
                IntegerParameter(
                    name="year", description=_("只要这一考核年度的。"), example="2025", minimum=1990, maximum=2100
                ),
            ),
            example=AssessmentSerializer.example,
            **_sheets(Perm.VIEW_PAY),
        ),
        "retrieve": Operation(
            summary=_("一项考核结果"),
            description=_("管理范围内的一项已归档的考核结果。"),
            example=AssessmentSerializer.example,
            **_rights(Perm.VIEW_PAY),
        ),
    }

    def get_queryset(self) -> QuerySet:
        rows = self.rows(Assessment).filter(scheme__state=SchemeState.CLOSED).select_related("scheme")
        year = self.values.get("year")
        return rows.filter(scheme__year=year) if year else rows


class ReviewCaseViewSet(_JudgedViewSet):
    serializer_class = ReviewCaseSerializer
    wall = Perm.HANDLE_CASES
    path_parameters = (IdParameter(description=_("个案编号。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("复核个案"),
            description=_(
                "管理范围内的复核个案和现在的阶段，已办结的也在内；办理情况的文字不在内。立案不是决定：去留由人按程序决定。"
                "需要办理个案的权限，csv 和 xlsx 另需导出名册的权限。"
            ),
            parameters=(
                CodeParameter(description=_("只要立案时在该区划及其下级的。")),
                choices_of("state", _("只要现在处于这一阶段的。"), CaseState, "hearing"),
                choices_of("kind", _("只要这一事由的。"), CaseKind, "certificate_deadline"),
            ),
            example=ReviewCaseSerializer.example,
            **_sheets(Perm.HANDLE_CASES),
        ),
        "retrieve": Operation(
            summary=_("一件复核个案"),
            description=_("管理范围内的一件复核个案。"),
            example=ReviewCaseSerializer.example,
            **_rights(Perm.HANDLE_CASES),
        ),
    }

    def get_queryset(self) -> QuerySet:
        rows = self.rows(ReviewCase)
        given = {name: self.values[name] for name in ("state", "kind") if self.values.get(name)}
        return rows.filter(**given)
