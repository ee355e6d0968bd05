"""`ledger/tasks/`: the task ledger 任务台账 with the reports that its tasks owe, and striking off (domain §1.K)."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.core.accounts.roles import Perm, Scope
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division
from portal.core.web.acting import ActMixin, faulty, tried
from portal.core.web.filters import ChoiceParameter, CodeParameter, IdParameter, IntegerParameter
from portal.core.web.idempotency import idempotent
from portal.core.web.operations import Operation
from portal.core.web.serializers import BodySerializer
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from proposals.actions import tasks as acts
from proposals.actions.ledger_reports import Entry, change_task_report, report_task
from proposals.enums import TaskDomain, TaskState
from proposals.models import LedgerTask
from proposals.queries.ledger import OPEN, standings
from proposals.serializers import tasks as bodies
from proposals.serializers.tasks import TaskSerializer

_READ = {"scope": Scope.REPORTS_READ, "perm": Perm.VIEW_REPORTS, "example": TaskSerializer.example}
_WRITE = {"scope": Scope.REPORTS_WRITE, "example": TaskSerializer.example}


def _act(summary, description, body: type, perm: Perm = Perm.SIGN_REPORTS, **more) -> Operation:
    about = {"summary": summary, "description": description, "body": body, "guarded": True}
    return Operation(perm=perm, body_example=getattr(body, "example", {}), **about, **_WRITE, **more)


class TaskViewSet(ActMixin, ListMixin, RetrieveMixin, PortalViewSet):
    tag = "reports"
    serializer_class = TaskSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_("任务的编号。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("任务台账"),
            description=_("管理范围内各年度清单上的任务，按编号排列，连同应报的月报、季报、半年报和年报。"),
            parameters=(
                CodeParameter(description=_("只要该区划及其下级的。"), example="120101"),
                IntegerParameter(
                    name="year", description=_("只要这一年度清单的。"), example="2026", minimum=2000, maximum=2100
                ),
                ChoiceParameter(
                    name="state", description=_("只要这一状态的；overdue 为过了期限仍未销号的。"), example="open",
                    choices={one: one for one in (*TaskState.values, "overdue")},
                ),
                ChoiceParameter(
                    name="domain", description=_("只要这一领域的。"), example="elderly",
                    choices={one: one for one in TaskDomain.values},
                ),
            ),
            **_READ,
        ),
        "retrieve": Operation(
            summary=_("一项任务"), description=_("管理范围内的一项任务，连同应报的报告。"), **_READ
        ),
        "create": Operation(
            summary=_("任务挂账"),
            description=_("列入一个地区一个年度的清单，序号接着排。"),
            perm=Perm.SIGN_REPORTS,
            body=bodies.TaskBody,
            body_example=bodies.TaskBody.example,
            status=201,
            **_WRITE,
        ),
        "reports": _act(
            _("报送一期报告"),
            _("期间结束前 10 天起可以报送，每期一份；不应报、还太早或者已经报过的，答 409。"),
            bodies.ReportBody,
            Perm.MAKE_REPORTS,
        ),
        "correct": _act(
            _("更正一期报告"),
            _("报送日期不变；version 不是报告现在的版本，或者任务已经销号、取消的，答 409。"),
            bodies.ReportChange,
            Perm.MAKE_REPORTS,
        ),
        "ask": _act(
            _("申请销号"),
            _("写明完成情况并附佐证，由另一个人审核；审核前任务仍在台账上。multipart/form-data，file 为佐证。"),
            bodies.AskBody,
            Perm.MAKE_REPORTS,
            must_match=True,
            multipart=True,
        ),
        "strike": _act(
            _("审核销号"), _("由申请人以外的人审核；本人申请的答 409。"), BodySerializer, must_match=True
        ),
        "refuse": _act(
            _("不予销号"), _("任务留在台账上，理由记录在案。"), bodies.ReasonBody, must_match=True
        ),
        "cancel": _act(
            _("取消任务"), _("不再推进，也不再要求报告；理由记录在案。"), bodies.ReasonBody, must_match=True
        ),
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[LedgerTask]:
        rows = self.rows_of(LedgerTask).select_related("division", "evidence_file").prefetch_related("reports")
        if self.action != "list":
            return rows
        place, state = self.division(), self.values["state"]
        rows = rows.under(place.code if place else "")
        rows = rows.filter(**{name: self.values[name] for name in ("year", "domain") if self.values[name] is not None})
        asked = Q(state__in=OPEN, due_on__lt=today()) if state == "overdue" else Q(state=state)
        return rows.filter(asked) if state else rows

    def represent(self, rows: list[LedgerTask]) -> list[dict]:
        owed = standings(rows, today()).reports
        for task in rows:
            task.owed = owed[task.pk]
        return super().represent(rows)

    @idempotent
    def create(self, request, *args, **kwargs) -> Response:
        given = self.given()
        code = given.pop("division")
        place = find_division(code, within=self.rows_of(Division)) if code.isascii() and code.isdigit() else None
        if place is None:
            raise faulty("division", _gettext("管理范围内没有这个地区。请核对代码。"))
        row = tried(acts.post_task, division=place, by=request.user, **given)
        return self.made(row, "api-ledger-tasks-detail")

    @action(detail=True, methods=["post"])
    @idempotent
    def reports(self, request, *args, **kwargs) -> Response:
        task, given = self.seen()
        period = given.pop("period")
        tried(report_task, entry=Entry(task, **given), period=period, by=request.user)
        return self.told()

    @action(detail=True, methods=["post"])
    @idempotent
    def correct(self, request, *args, **kwargs) -> Response:
        task, given = self.seen()
        key = given.pop("period").key
        report = next((one for one in task.reports.all() if one.period == key), None)
        if report is None:
            raise faulty("period", _gettext("这一期没有报送过。请先报送。"))
        tried(change_task_report, report=report, by=request.user, **given)
        return self.told()

    @action(detail=True, methods=["post"])
    @idempotent
    def ask(self, request, *args, **kwargs) -> Response:
        return self.take(acts.ask_strike, "task")

    @action(detail=True, methods=["post"])
    @idempotent
    def strike(self, request, *args, **kwargs) -> Response:
        return self.take(acts.strike_off, "task")

    @action(detail=True, methods=["post"])
    @idempotent
    def refuse(self, request, *args, **kwargs) -> Response:
        return self.take(acts.refuse_strike, "task")

    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request, *args, **kwargs) -> Response:
        return self.take(acts.cancel_task, "task")
