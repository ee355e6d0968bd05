"""`transfers/`: moves between streets for other systems, each side with its own rights and view (contract: REST)."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.core.accounts.roles import Perm, Scope
from portal.core.lib.codes import Level
from portal.core.lib.scope import subtree
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division
from portal.core.web import conditional
from portal.core.web.filters import CodeParameter, IdParameter
from portal.core.web.idempotency import idempotent
from portal.core.web.operations import Operation
from portal.core.web.problems import ProblemError, at_pointer
from portal.core.web.serializers import BodySerializer
from workforce.actions.transfers import agree_transfer, propose_transfer, refuse_transfer, withdraw_transfer
from workforce.api.roster import RosterViewSet, choices_of
from workforce.enums import TransferState
from workforce.models import Person, Transfer
from workforce.queries.transfers import SPEAKS, Standing, person_by_number
from workforce.serializers.transfers import (
    AgreeBody,
    ProposeBody,
    RefuseBody,
    TransferSerializer,
    WithdrawBody,
    shown_to,
)

_READ = {"scope": Scope.ROSTER_READ, "perm": SPEAKS}
_WRITE = {"scope": Scope.ROSTER_WRITE, "perm": SPEAKS, "guarded": True, "must_match": True}
_EXAMPLE = TransferSerializer.example
_AGREED = {
    **_EXAMPLE,
    "worker": {**_EXAMPLE["worker"], "id": "0b6f1f0e-8a52-4a43-9d0c-1f3f5c7f9a10"},
    "from_division": {"code": "120102001001", "name": "另一社区"},
    "state": "agreed",
    "waits_for": None,
    "from_agreed_at": "2026-11-21T10:00:00+08:00",
}


class TransferViewSet(RosterViewSet):
    serializer_class = TransferSerializer
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_L("调动申请的编号。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_L("调动申请"),
            description=_L(
                "调出或调入管理范围的调动申请，不限状态，按编号排列。调出方同意以前，调入方读不到此人的编号和所在社区。"
                "csv 和 xlsx 需要导出名册的权限。"
            ),
            parameters=(
                CodeParameter(description=_L("只要调出或调入该区划及其下级的。")),
                choices_of("state", _L("只要这一状态的。"), TransferState, "proposed"),
            ),
            example=_EXAMPLE,
            sheet_perm=Perm.EXPORT_ROSTER,
            **_READ,
        ),
        "retrieve": Operation(
            summary=_L("一份调动申请"),
            description=_L("调出或调入管理范围的一份调动申请。"),
            example=_EXAMPLE,
            **_READ,
        ),
        "create": Operation(
            summary=_L("提出调动"),
            description=_L(
                "由调入方凭身份证号提出，或由调出方按人员编号提出；提出即表示本方同意，对方同意后才写入名册。"
                "双方都在管理范围内的，立即写入。"
            ),
            scope=Scope.ROSTER_WRITE,
            perm=SPEAKS,
            body=ProposeBody,
            body_example=ProposeBody.example,
            example=_EXAMPLE,
            status=201,
        ),
        "agree": Operation(
            summary=_L("同意调动"),
            description=_L("由未表态的一方同意；调动随即写入名册。员额已满或生效日期不合的，答 409，申请仍待答复。"),
            body=AgreeBody,
            body_example={},
            example=_AGREED,
            **_WRITE,
        ),
        "refuse": Operation(
            summary=_L("不同意调动"),
            description=_L("由未表态的一方写明理由；双方名册都不变。"),
            body=RefuseBody,
            body_example={"reason": "本社区人手不足。"},
            example={**_EXAMPLE, "state": "refused", "waits_for": None, "decision_reason": "本社区人手不足。"},
            **_WRITE,
        ),
        "withdraw": Operation(
            summary=_L("撤回调动申请"),
            description=_L("由提出的一方在对方答复以前撤回。"),
            body=WithdrawBody,
            body_example={"reason": "本人决定留任。"},
            example={**_EXAMPLE, "state": "withdrawn", "waits_for": None, "decision_reason": "本人决定留任。"},
            **_WRITE,
        ),
    }

    def get_queryset(self) -> QuerySet:
        # Seen first, answered after: who may look but not answer is told so, and outside there is nothing.
        rows = self.rows_of(Transfer).select_related("person", "from_division", "to_division")
        if self.action != "list":
            return rows
        if division := self.division():
            rows = rows.filter(subtree("from_division_id", division.pk) | subtree("to_division_id", division.pk))
        return rows.filter(state=self.values["state"]) if self.values["state"] else rows

    def represent(self, rows: list[Transfer]) -> list[dict]:
        return super().represent(shown_to(self.request.user, rows))

    @idempotent
    def create(self, request, *args, **kwargs) -> Response:
        given = self._given(ProposeBody)
        code, worker, number = (given.pop(name, None) for name in ("division", "worker", "id_number"))
        person = self._person(worker, number)
        made = self._try(propose_transfer, person=person, division=_place(code), **given)
        answer = Response(self.represent([made])[0], status=201)
        answer["Location"] = request.build_absolute_uri(reverse("api-transfers-detail", args=[made.pk]))
        return answer

    def _person(self, worker, number: str | None) -> Person:
        """One's own person by key, anybody by ID number."""
        found = self.rows_of(Person).filter(pk=worker).first() if worker is not None else person_by_number(number or "")
        if found is None:
            name = "worker" if worker is not None else "id_number"
            raise _faulty(name, _("管理范围内没有此人。") if worker is not None else _("名册中没有此人。"))
        return found

    @action(detail=True, methods=["post"])
    @idempotent
    def agree(self, request, *args, **kwargs) -> Response:
        return self._act(AgreeBody, agree_transfer, lambda standing: standing.answers)

    @action(detail=True, methods=["post"])
    @idempotent
    def refuse(self, request, *args, **kwargs) -> Response:
        return self._act(RefuseBody, refuse_transfer, lambda standing: standing.answers)

    @action(detail=True, methods=["post"])
    @idempotent
    def withdraw(self, request, *args, **kwargs) -> Response:
        return self._act(WithdrawBody, withdraw_transfer, lambda standing: standing.withdraws)

    def _act(self, body: type[BodySerializer], act: Callable, allowed: Callable) -> Response:
        """One answer, guarded by If-Match and by the version that the guard has judged."""
        found = self.get_object()
        given = self._given(body)
        conditional.require_match(self.request, conditional.state_of(found))
        if found.state == TransferState.PROPOSED and not allowed(Standing.of(self.request.user, found)):
            raise ProblemError(403, _("这一步由另一方办理。"))
        done = self._try(act, transfer=found, version=found.version, **given)
        return Response(self.represent([done])[0])

    def _given(self, body: type[BodySerializer]) -> dict:
        given = body(data=self.request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data

    def _try(self, act: Callable, **arguments) -> Transfer:
        try:
            return act(by=self.request.user, **arguments)
        except ValidationError as error:
            raise ProblemError(409, " ".join(error.messages)) from error


def _place(code: str) -> Division:
    """The community of the new post, which may be anywhere."""
    found = find_division(code, Division.objects.filter(level=Level.COMMUNITY))
    if found is None:
        raise _faulty("division", _("没有这个社区。请核对代码。"))
    return found


def _faulty(name: str, sentence: str) -> ProblemError:
    return ProblemError(400, sentence, slug="invalid-content", errors=[at_pointer([name], sentence)])
