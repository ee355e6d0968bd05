"""`findings/`: what the checks have found in the caller's territory, and what people do with it."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.core.accounts.roles import Perm, Scope
from portal.core.findings import actions
from portal.core.findings.models import Finding, Holder, State
from portal.core.findings.queries import held_by, may_act
from portal.core.web import conditional
from portal.core.web.filters import ChoiceParameter, CodeParameter, DayParameter, IdParameter
from portal.core.web.idempotency import idempotent
from portal.core.web.operations import Operation
from portal.core.web.problems import ProblemError
from portal.core.web.serializers import BodySerializer
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from portal.pages.finding_texts import holders_of, people_of, with_looks
from portal.registry import INSPECTIONS
from portal.rest.finding_rows import (
    EXAMPLE,
    HOLDERS,
    AcknowledgeSerializer,
    ExcuseSerializer,
    FindingSerializer,
    PlanSerializer,
    ReopenSerializer,
)


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
                ChoiceParameter(
                    name="holder",
                    description=_("归哪一级处理；mine 为归令牌账号所在的一级。"),
                    example="street",
                    choices={"mine": "mine", **HOLDERS},
                ),
                DayParameter(
                    name="due_before", description=_("只要期限早于这一天的；没有期限的不算。"), example="2026-12-31"
                ),
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
        "plan": Operation(
            summary=_("列入计划"),
            description=_("承诺在某天前消除。到期之前不上报；到期没有消除的，重新待处理。"),
            scope=Scope.FINDINGS_WRITE,
            perm=Perm.HANDLE_FINDINGS,
            body=PlanSerializer,
            body_example={"planned_for": "2026-12-20", "note": "已报名，成绩公布后登记。"},
            example=EXAMPLE,
            guarded=True,
            must_match=True,
        ),
        "excuse": Operation(
            summary=_("暂不处理"),
            description=_("有理由暂不处理，到某天为止（含）；之后重新待处理。"),
            scope=Scope.FINDINGS_WRITE,
            perm=Perm.HANDLE_FINDINGS,
            body=ExcuseSerializer,
            body_example={"excused_until": "2026-12-31", "note": "本人休产假。"},
            example={
                **EXAMPLE,
                "state": "excused",
                "planned_for": None,
                "excused_until": "2026-12-31",
                "note": "本人休产假。",
            },
            guarded=True,
            must_match=True,
        ),
        "reopen": Operation(
            summary=_("撤回计划或暂缓"),
            description=_("撤回后继续处理，上报前的天数接着算。"),
            scope=Scope.FINDINGS_WRITE,
            perm=Perm.HANDLE_FINDINGS,
            body=ReopenSerializer,
            body_example={"note": "提前办理。"},
            example={**EXAMPLE, "state": "acknowledged", "planned_for": None, "note": "提前办理。"},
            guarded=True,
            must_match=True,
        ),
    }

    def get_queryset(self):
        # Seen first, handled after: who may look but not sign is told so, and outside the territory nothing is there.
        findings = Finding.objects.for_user(self.request.user, Perm.VIEW_FINDINGS).select_related("division")
        if self.action != "list":
            return findings
        if division := self.division():
            findings = findings.under(division.code)
        if holder := self.values["holder"]:
            findings = findings.filter(held_by(self.request.user) if holder == "mine" else Q(held_level=holder))
        if before := self.values["due_before"]:
            findings = findings.filter(due_on__lt=before)
        return findings.filter(**{name: self.values[name] for name in ("kind", "state") if self.values[name]})

    def represent(self, rows: list) -> list[dict]:
        """Rows with the holder's name, the person and the last look; a query for each, however many rows."""
        holders = holders_of(rows)
        may_see = Scope.ROSTER_READ in self.request.auth.scopes
        people = people_of(rows, self.request.user if may_see else None)
        for finding in with_looks(rows):
            code = finding.holder_code
            level = Holder(finding.held_level).name.lower()
            finding.holder = {"level": level, "code": code, "name": holders.get(code, ""), "since": finding.held_since}
            finding.person = people.get(finding.facts.get("person"))
        return super().represent(rows)

    @action(detail=True, methods=["post"])
    @idempotent
    def acknowledge(self, request, *args, **kwargs) -> Response:
        return self._act(AcknowledgeSerializer, actions.acknowledge)

    @action(detail=True, methods=["post"])
    @idempotent
    def plan(self, request, *args, **kwargs) -> Response:
        return self._act(PlanSerializer, actions.plan)

    @action(detail=True, methods=["post"])
    @idempotent
    def excuse(self, request, *args, **kwargs) -> Response:
        return self._act(ExcuseSerializer, _excuse)

    @action(detail=True, methods=["post"])
    @idempotent
    def reopen(self, request, *args, **kwargs) -> Response:
        return self._act(ReopenSerializer, actions.reopen)

    def _act(self, serializer: type[BodySerializer], act: Callable) -> Response:
        """One act on one finding, guarded by If-Match and by the version that the guard has judged."""
        finding = self.get_object()
        if not self.request.user.can(Perm.HANDLE_FINDINGS, finding.division_id):
            raise ProblemError(403)
        if not may_act(self.request.user, finding):
            raise ProblemError(403, _("这条预警已经上报，由上级处理。"))
        body = serializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        state = conditional.state_of(finding)
        conditional.require_match(self.request, state, obligatory=self.operation.must_match)
        try:
            finding = act(finding=finding, version=finding.version, by=self.request.user, **body.validated_data)
        except ValidationError as error:
            raise ProblemError(409, " ".join(error.messages)) from error
        return Response(self.represent([finding])[0])


def _excuse(*, note: str, **arguments) -> Finding:
    return actions.excuse(reason=note, **arguments)
