"""`commitments/`: promises of replies, what became of them, and who confirms that they are kept."""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.core.accounts.roles import Perm, Scope
from portal.core.lib.clock import today
from portal.core.web.acting import ActMixin, faulty, tried
from portal.core.web.filters import ChoiceParameter, CodeParameter, IdParameter, IntegerParameter
from portal.core.web.idempotency import idempotent
from portal.core.web.operations import Operation
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from proposals.actions import commitments as acts
from proposals.enums import CommitmentState, ResultClass
from proposals.models import Commitment, CommitmentStep, Handling
from proposals.queries.promises import late
from proposals.serializers import promises as bodies
from proposals.serializers.promises import CommitmentSerializer

_READ = {"scope": Scope.PROPOSALS_READ, "perm": Perm.VIEW_PROPOSALS, "example": CommitmentSerializer.example}
_WRITE = {"scope": Scope.PROPOSALS_WRITE, "example": CommitmentSerializer.example}


def _act(summary, description, body: type, perm: Perm = Perm.MANAGE_PROPOSALS, **more) -> Operation:
    about = {"summary": summary, "description": description, "body": body, "body_example": body.example}
    return Operation(perm=perm, guarded=True, must_match=True, **about, **_WRITE, **more)


class CommitmentViewSet(ActMixin, ListMixin, RetrieveMixin, PortalViewSet):
    tag = "proposals"
    serializer_class = CommitmentSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_("承诺事项的编号。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("承诺事项"),
            description=_("有权查看的提案、建议的答复中承诺的事项，按编号排列；转入下年度的另立一项，以 rolled_from 相连。"),
            parameters=(
                CodeParameter(description=_("只要该区划及其下级的。"), example="120101"),
                IntegerParameter(
                    name="year", description=_("只要这一年度台账的。"), example="2026", minimum=2000, maximum=2100
                ),
                ChoiceParameter(
                    name="state", description=_("只要这一状态的；late 为过了期限仍在推进的。"), example="open",
                    choices={one: one for one in (*CommitmentState.values, "late")},
                ),
                ChoiceParameter(
                    name="result", description=_("只要现为这一类的。"), example="B",
                    choices={one: one for one in ResultClass.values},
                ),
                IntegerParameter(name="unit", description=_("只要这个单位负责的（unit.id）。"), example="1", minimum=1),
                IntegerParameter(name="proposal", description=_("只要这件提案、建议的（id）。"), example="1", minimum=1),
            ),
            **_READ,
        ),
        "retrieve": Operation(summary=_("一项承诺"), description=_("有权查看的一项承诺，连同进展。"), **_READ),
        "create": Operation(
            summary=_("登记承诺事项"),
            description=_("由主办或分办单位按 B 类、C 类答复登记；其他类别、会办单位的，答 409。"),
            perm=Perm.HANDLE_PROPOSALS,
            body=bodies.CommitmentBody,
            body_example=bodies.CommitmentBody.example,
            status=201,
            **_WRITE,
        ),
        "progress": _act(
            _("登记进展"),
            _("由承办单位登记；全部完成的填 100 并上传佐证，由另一个人确认落实。multipart/form-data，file 为佐证。"),
            bodies.ProgressBody,
            Perm.HANDLE_PROPOSALS,
            multipart=True,
        ),
        "kept": _act(
            _("确认落实"),
            _("由管理提案的单位确认；进度不到 100、没有佐证，或者完成情况是本人登记的，答 409。"),
            bodies.KeptBody,
        ),
        "reclass": _act(_("变更类别"), _("由管理提案的单位变更；原类别、日期和理由留在历史里。"), bodies.ReclassBody),
        "roll": _act(
            _("转入下年度"),
            _("当年 12 月起可以转入；本项到此为止，rolled_to 是下年度另立的一项。"),
            bodies.RollBody,
        ),
        "cancel": _act(_("取消承诺"), _("不再推进，也不计入落实率；理由留在历史里。"), bodies.CancelBody),
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Commitment]:
        steps = CommitmentStep.objects.select_related("evidence").order_by("pk")
        near = ("division", "unit", "handling", "rolled_to")
        rows = self.rows_of(Commitment).select_related(*near)
        rows = rows.prefetch_related(Prefetch("steps", steps, to_attr="noted"))
        return self._narrowed(rows) if self.action == "list" else rows

    def _narrowed(self, rows: QuerySet[Commitment]) -> QuerySet[Commitment]:
        place, state = self.division(), self.values["state"]
        rows = rows.under(place.code if place else "")
        names = {"year": "year", "result": "result", "unit": "unit", "proposal": "handling__proposal"}
        rows = rows.filter(**{names[name]: self.values[name] for name in names if self.values[name] is not None})
        if state == "late":
            return rows.filter(late(today()))
        return rows.filter(state=state) if state else rows

    @idempotent
    def create(self, request, *args, **kwargs) -> Response:
        given = self.given()
        handling = self.rows_of(Handling).select_related("unit").filter(pk=given.pop("handling")).first()
        if handling is None:
            raise faulty("handling", _gettext("您承办的提案、建议中没有这一份。请核对编号。"))
        reply, key = None, given.pop("reply", None)
        if key is not None and (reply := handling.replies.filter(pk=key).first()) is None:
            raise faulty("reply", _gettext("这个单位没有这份答复。请核对编号。"))
        row = tried(acts.promise, handling=handling, reply=reply, by=request.user, **given)
        return self.made(row, "api-commitments-detail")

    @action(detail=True, methods=["post"])
    @idempotent
    def progress(self, request, *args, **kwargs) -> Response:
        return self.take(acts.report_progress, "commitment")

    @action(detail=True, methods=["post"])
    @idempotent
    def kept(self, request, *args, **kwargs) -> Response:
        return self.take(acts.confirm_kept, "commitment")

    @action(detail=True, methods=["post"])
    @idempotent
    def reclass(self, request, *args, **kwargs) -> Response:
        return self.take(acts.reclass_promise, "commitment")

    @action(detail=True, methods=["post"])
    @idempotent
    def roll(self, request, *args, **kwargs) -> Response:
        return self.take(acts.roll_over, "commitment")

    @action(detail=True, methods=["post"])
    @idempotent
    def cancel(self, request, *args, **kwargs) -> Response:
        return self.take(acts.cancel_promise, "commitment")
