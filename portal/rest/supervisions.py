"""`supervisions/` and `inspection-runs/`: notices to the level below, and the log of the checks; read only."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.accounts.roles import Perm, Scope
from portal.core.findings.models import InspectionRun, RunState, Supervision, SupervisionState, Trigger
from portal.core.findings.queries import sees_all
from portal.core.findings.supervision import is_overdue
from portal.core.lib.clock import today
from portal.core.web.filters import ChoiceParameter, CodeParameter, DayParameter, IdParameter
from portal.core.web.operations import Operation
from portal.core.web.serializers import RowSerializer
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from portal.registry import INSPECTIONS
from portal.rest.finding_rows import FindingDivisionSerializer

SUPERVISION = {
    "id": 3,
    "number": "120101 督〔2026〕3号",
    "issuer": {"code": "120101", "name": "示例区"},
    "division": {"code": "120101001", "name": "示例街道"},
    "state": "issued",
    "text": "请逐一核实并报补员计划。",
    "issued_on": "2026-11-23",
    "working_days": 5,
    "due_on": "2026-11-30",
    "overdue": False,
    "closed_on": None,
    "findings": [17, 18],
    "steps": [
        {
            "state": "issued",
            "text": "请逐一核实并报补员计划。",
            "by": "district-staff",
            "at": "2026-11-23T09:30:00+08:00",
        }
    ],
}
RUN = {
    "id": 120,
    "key": "staffing",
    "label": "社区工作者缺员",
    "on": "2026-11-23",
    "trigger": "nightly",
    "state": "done",
    "started_at": "2026-11-23T01:30:00+08:00",
    "finished_at": "2026-11-23T01:30:01+08:00",
    "subjects": 5617,
    "problems": 812,
    "opened": 4,
    "refreshed": 808,
    "resolved": 7,
    "seconds": "0.21",
    "error": "",
}


class StepSerializer(RowSerializer):
    state = serializers.ChoiceField(SupervisionState.choices)
    text = serializers.CharField()
    by = serializers.CharField(source="by_name")
    at = serializers.DateTimeField()


class SupervisionSerializer(RowSerializer):
    id = serializers.IntegerField()
    number = serializers.CharField(help_text=_("文号。"))
    issuer = FindingDivisionSerializer(help_text=_("发单单位。"))
    division = FindingDivisionSerializer(help_text=_("受办单位。"))
    state = serializers.ChoiceField(SupervisionState.choices)
    text = serializers.CharField(help_text=_("督办要求。"))
    issued_on = serializers.DateField()
    working_days = serializers.IntegerField(help_text=_("回复期限，工作日。"))
    due_on = serializers.DateField()
    overdue = serializers.SerializerMethodField()
    closed_on = serializers.DateField(allow_null=True)
    findings = serializers.SerializerMethodField(help_text=_("所督办预警的编号。"))
    steps = StepSerializer(many=True, help_text=_("经过，先后为序。"))

    def get_overdue(self, notice: Supervision) -> bool:
        return is_overdue(notice, today())

    def get_findings(self, notice: Supervision) -> list[int]:
        return sorted(item.finding_id for item in notice.items.all())


class SupervisionViewSet(ListMixin, RetrieveMixin, PortalViewSet):
    tag = "findings"
    serializer_class = SupervisionSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_("督办单编号。"), example="3"),)
    operations = {
        "list": Operation(
            summary=_("督办单列表"),
            description=_("发给管理范围内单位的督办单，不限状态。"),
            scope=Scope.FINDINGS_READ,
            perm=Perm.VIEW_FINDINGS,
            parameters=(
                ChoiceParameter(
                    name="state",
                    description=_("状态。"),
                    example="issued",
                    choices={state: state for state in SupervisionState.values},
                ),
                CodeParameter(description=_("只要发给该区划及其下级的。")),
            ),
            example=SUPERVISION,
        ),
        "retrieve": Operation(
            summary=_("一份督办单"),
            description=_("发给管理范围内单位的一份督办单，连同经过。"),
            scope=Scope.FINDINGS_READ,
            perm=Perm.VIEW_FINDINGS,
            example=SUPERVISION,
        ),
    }

    def get_queryset(self):
        found = self.rows_of(Supervision).select_related("division", "issuer").prefetch_related("items", "steps")
        if self.action != "list":
            return found
        if division := self.division():
            found = found.under(division.code)
        return found.filter(state=self.values["state"]) if self.values["state"] else found


class RunSerializer(RowSerializer):
    id = serializers.IntegerField()
    key = serializers.CharField(help_text=_("检查项的键。"))
    label = serializers.SerializerMethodField()
    on = serializers.DateField(help_text=_("检查日。"))
    trigger = serializers.ChoiceField(Trigger.choices)
    state = serializers.ChoiceField(RunState.choices)
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    subjects = serializers.IntegerField(allow_null=True, help_text=_("检查对象数；只有管理全部辖区的账号可见。"))
    problems = serializers.IntegerField(allow_null=True)
    opened = serializers.IntegerField(allow_null=True)
    refreshed = serializers.IntegerField(allow_null=True)
    resolved = serializers.IntegerField(allow_null=True)
    seconds = serializers.DecimalField(max_digits=8, decimal_places=2, allow_null=True)
    error = serializers.CharField()

    def get_label(self, run: InspectionRun) -> str:
        return str(INSPECTIONS[run.key].label) if run.key in INSPECTIONS else run.key


class RunViewSet(ListMixin, PortalViewSet):
    """Numbers of a run are over all territories, so they go only to those from whom no territory is hidden."""

    tag = "findings"
    serializer_class = RunSerializer
    operations = {
        "list": Operation(
            summary=_("检查记录"),
            description=_("每次检查一行，按编号排列。"),
            scope=Scope.FINDINGS_READ,
            perm=Perm.VIEW_FINDINGS,
            parameters=(
                ChoiceParameter(
                    name="kind",
                    description=_("检查项。"),
                    example="staffing",
                    choices={key: key for key in INSPECTIONS},
                ),
                ChoiceParameter(
                    name="state",
                    description=_("结果。"),
                    example="done",
                    choices={state: state for state in RunState.values},
                ),
                DayParameter(description=_("只要这一天的检查。")),
            ),
            example=RUN,
        ),
    }

    def get_queryset(self):
        names = {"kind": "key", "state": "state", "on": "on"}
        given = {names[name]: self.values[name] for name in names if self.values[name]}
        return InspectionRun.objects.filter(**given)

    def represent(self, rows: list) -> list[dict]:
        if not sees_all(self.request.user):
            for run in rows:
                run.subjects = run.problems = run.opened = run.refreshed = run.resolved = None
        return super().represent(rows)
