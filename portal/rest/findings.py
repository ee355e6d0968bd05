"""`findings/`: what the checks have found in the caller's territory, and signing for it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.core.accounts.roles import Perm, Scope
from portal.core.findings import actions
from portal.core.findings.models import Finding, State
from portal.core.web import conditional
from portal.core.web.filters import ChoiceParameter, CodeParameter, IdParameter
from portal.core.web.idempotency import idempotent
from portal.core.web.operations import Operation
from portal.core.web.problems import ProblemError
from portal.core.web.serializers import BodySerializer, RowSerializer, TextField
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from portal.registry import INSPECTIONS

EXAMPLE = {
    "id": 17,
    "kind": "staffing",
    "kind_label": "社区工作者缺员",
    "division": {"code": "120101001001", "name": "示例社区"},
    "state": "open",
    "headline": "应配 8 人，在岗 6 人，缺 2 人（社区台账人口 4,200 人，每 10000 人配 18 人）。",
    "remedy": "补足在岗人数后，下一次检查会自动消除本预警。",
    "facts": {"required": 8, "workers": 6, "gap": 2, "on": "2026-01-31"},
    "opened_on": "2026-01-15",
    "seen_on": "2026-01-31",
    "resolved_on": None,
    "acknowledged_at": None,
    "acknowledged_by": "",
    "note": "",
}


class FindingDivisionSerializer(RowSerializer):
    code = serializers.CharField()
    name = serializers.CharField(source="label")


class FindingSerializer(RowSerializer):
    id = serializers.IntegerField()
    kind = serializers.CharField(help_text=_("检查项的键，如 staffing。"))
    kind_label = serializers.SerializerMethodField()
    division = FindingDivisionSerializer()
    state = serializers.ChoiceField(State.choices)
    headline = serializers.SerializerMethodField(help_text=_("一句话说明。"))
    remedy = serializers.SerializerMethodField(help_text=_("怎样消除。"))
    facts = serializers.DictField(help_text=_("最近一次检查时的数据、标准和依据。"))
    opened_on = serializers.DateField()
    seen_on = serializers.DateField(help_text=_("最近一次检查的日期。"))
    resolved_on = serializers.DateField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = serializers.CharField(help_text=_("签收人的用户名。"))
    note = serializers.CharField(help_text=_("签收时的说明。"))

    def get_kind_label(self, finding: Finding) -> str:
        return str(INSPECTIONS[finding.kind].label) if finding.kind in INSPECTIONS else finding.kind

    def get_headline(self, finding: Finding) -> str:
        return INSPECTIONS[finding.kind].headline(finding.facts) if finding.kind in INSPECTIONS else ""

    def get_remedy(self, finding: Finding) -> str:
        return str(INSPECTIONS[finding.kind].remedy) if finding.kind in INSPECTIONS else ""


class AcknowledgeSerializer(BodySerializer):
    note = TextField(required=False, allow_blank=True, max_length=500, help_text=_("处理说明，可不填。"))


class FindingViewSet(ListMixin, RetrieveMixin, PortalViewSet):
    tag = "findings"
    serializer_class = FindingSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_("预警编号。"), example="17"),)
    operations = {
        "list": Operation(
            summary=_("预警列表"),
            description=_("管理范围内的预警，不限状态，按编号排列。"),
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
                    description=_("状态。"),
                    example="open",
                    choices={state: state for state in State.values},
                ),
                CodeParameter(description=_("只要该区划及其下级的预警。")),
            ),
            example=EXAMPLE,
        ),
        "retrieve": Operation(
            summary=_("一条预警"),
            description=_("管理范围内的一条预警。"),
            scope=Scope.FINDINGS_READ,
            perm=Perm.VIEW_FINDINGS,
            example=EXAMPLE,
        ),
        "acknowledge": Operation(
            summary=_("签收预警"),
            description=_("由负责人签收。已签收或已消除的预警答 409。签收不会消除预警：问题解决后由检查自动消除。"),
            scope=Scope.FINDINGS_WRITE,
            perm=Perm.HANDLE_FINDINGS,
            body=AcknowledgeSerializer,
            body_example={"note": "已通知街道补员，本月底到岗。"},
            example={**EXAMPLE, "state": "acknowledged", "acknowledged_by": "district-staff"},
            guarded=True,
        ),
    }

    def get_queryset(self):
        # Seen first, handled after: who may look but not sign is told so, and outside the territory nothing is there.
        findings = Finding.objects.for_user(self.request.user, Perm.VIEW_FINDINGS).select_related("division")
        if self.action != "list":
            return findings
        if division := self.division():
            findings = findings.under(division.code)
        return findings.filter(**{name: self.values[name] for name in ("kind", "state") if self.values[name]})

    @action(detail=True, methods=["post"])
    @idempotent
    def acknowledge(self, request, *args, **kwargs) -> Response:
        finding = self.get_object()
        if not request.user.can(Perm.HANDLE_FINDINGS, finding.division_id):
            raise ProblemError(403)
        body = AcknowledgeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        conditional.require_match(request, conditional.state_of(finding), obligatory=False)
        try:
            finding = actions.acknowledge(finding=finding, note=body.validated_data.get("note", ""), by=request.user)
        except ValidationError as error:
            raise ProblemError(409, " ".join(error.messages)) from error
        return Response(self.represent([finding])[0])
