"""`contracts/`, `training/classes/`, `training/enrolments/`: records of working life for other systems (contract: REST).

Leave and other special statuses are not given out here: some of them are health data (domain §2.12).
"""

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm, Scope
from portal.core.lib.clock import today
from portal.core.lib.scope import union
from portal.core.web.filters import CodeParameter, DayParameter, IdParameter, IntegerParameter
from portal.core.web.operations import Operation
from workforce.api.roster import SEALED, RosterViewSet, choices_of
from workforce.enums import ContractKind, TrainingKind, TrainingLevel
from workforce.models import Contract, Enrolment, TrainingClass
from workforce.serializers.people import ContractSerializer, EnrolmentSerializer, TrainingClassSerializer

_RIGHTS = {"scope": Scope.ROSTER_READ, "perm": Perm.VIEW_ROSTER}
_SHEETS = {**_RIGHTS, "sheet_perm": Perm.EXPORT_ROSTER}
_YEAR = IntegerParameter(name="year", description=_("只要这一年开班的。"), example="2026", minimum=1990, maximum=2100)


class ContractViewSet(RosterViewSet):
    serializer_class = ContractSerializer
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_("合同编号（系统内）。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("合同"),
            description=_("on 当天在任人员当天生效的劳动合同和服务协议。csv 和 xlsx 需要导出名册的权限。"),
            parameters=(
                CodeParameter(description=_("只要在该区划及其下级任职的。")),
                DayParameter(),
                choices_of("kind", _("只要这一类型的。"), ContractKind, "labour"),
            ),
            example=ContractSerializer.example,
            **_SHEETS,
        ),
        "retrieve": Operation(
            summary=_("一份合同"),
            description=_("管理范围内人员的一份合同，已终止的也可读取。"),
            example=ContractSerializer.example,
            **_RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        rows = self.rows_of(Contract).exclude(valid_to=F("valid_from"))
        rows = rows.select_related("person").prefetch_related("person__contracts").defer(*SEALED)
        if self.action != "list":
            return rows
        on = self.values["on"] or today()
        posts = self.posts().in_force(on).filter(person_id=OuterRef("person_id"))
        rows = rows.in_force(on).filter(Exists(posts))
        return rows.filter(kind=self.values["kind"]) if self.values["kind"] else rows


class TrainingClassViewSet(RosterViewSet):
    serializer_class = TrainingClassSerializer
    personal = False
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_("班次编号。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("培训班次"),
            description=_("管理范围内各单位举办的培训班次，附管理范围内的报名和到课人数。"),
            parameters=(
                CodeParameter(description=_("只要该区划及其下级举办的。")),
                _YEAR,
                choices_of("level", _("只要这一层级的。"), TrainingLevel, "district"),
                choices_of("kind", _("只要这一类别的。"), TrainingKind, "rotation"),
            ),
            example=TrainingClassSerializer.example,
            **_SHEETS,
        ),
        "retrieve": Operation(
            summary=_("一个班次"),
            description=_("管理范围内举办的一个培训班次。"),
            example=TrainingClassSerializer.example,
            **_RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        mine = union("enrolments__division_id", self.request.user.territories(self.perm)) or Q()
        rows = self.rows_of(TrainingClass).select_related("division")
        rows = rows.annotate(
            enrolled=Count("enrolments", filter=mine or None),
            attended=Count("enrolments", filter=mine & Q(enrolments__attended=True)),
        )
        if self.action != "list":
            return rows
        if division := self.division():
            rows = rows.under(division.code)
        names = (("starts_on__year", "year"), ("level", "level"), ("kind", "kind"))
        return rows.filter(**{field: self.values[name] for field, name in names if self.values[name]})


class EnrolmentViewSet(RosterViewSet):
    serializer_class = EnrolmentSerializer
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_("报名编号。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("培训报名与到课"),
            description=_(
                "管理范围内人员的培训报名、到课和结果，一人一班一行：行数是人次，不同人员的个数才是人数。"
                "csv 和 xlsx 需要导出名册的权限。"
            ),
            parameters=(
                CodeParameter(description=_("只要报名时在该区划及其下级的。")),
                _YEAR,
                IntegerParameter(name="training_class", description=_("只要这个班次的。"), example="1", minimum=1),
            ),
            example=EnrolmentSerializer.example,
            **_SHEETS,
        ),
        "retrieve": Operation(
            summary=_("一次报名"),
            description=_("管理范围内人员的一次培训报名。"),
            example=EnrolmentSerializer.example,
            **_RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        rows = self.rows_of(Enrolment).select_related("person", "division", "training_class").defer(*SEALED)
        if self.action != "list":
            return rows
        if division := self.division():
            rows = rows.under(division.code)
        names = (("training_class__starts_on__year", "year"), ("training_class_id", "training_class"))
        return rows.filter(**{field: self.values[name] for field, name in names if self.values[name]})
