"""`proposals/{id}/handlings/{handling}/`: the part of a unit, and the steps of the state table (contract: REST)."""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from portal.core.accounts.roles import Perm, Scope
from portal.core.web import conditional
from portal.core.web.filters import IdParameter
from portal.core.web.idempotency import idempotent
from portal.core.web.operations import Operation
from portal.core.web.problems import ProblemError, at_pointer
from portal.core.web.viewsets import PortalViewSet, RetrieveMixin
from proposals.actions.steps import sign_for, take_proposal_step
from proposals.models import Handling
from proposals.serializers.parts import HandlingSerializer, StepBody

_UNIT_FACTS = ("section", "officer")


class HandlingViewSet(RetrieveMixin, PortalViewSet):
    tag = "proposals"
    personal = True
    serializer_class = HandlingSerializer
    path_parameters = (
        IdParameter(description=_("提案或建议的编号（id）。"), example="1"),
        IdParameter(name="handling", description=_("承办单位那一份的编号（handlings.id）。"), example="1"),
    )
    operations = {
        "retrieve": Operation(
            summary=_("一个单位的办理情况"),
            description=_("所在阶段、期限，以及从这一阶段可以办理的步骤。"),
            scope=Scope.PROPOSALS_READ,
            perm=Perm.VIEW_PROPOSALS,
            example=HandlingSerializer.example,
        ),
        "step": Operation(
            summary=_("办理一步"),
            description=_(
                "按状态表办理一步，条件与页面相同：不在这一阶段、没有权限、由同一人经办、缺会办意见或沟通记录的，"
                "答 409 并说明缺什么。签发、寄发、反馈和公开审查在页面上办理。"
            ),
            scope=Scope.PROPOSALS_WRITE,
            perm=Perm.MANAGE_PROPOSALS,
            body=StepBody,
            body_example=StepBody.example,
            example=HandlingSerializer.example,
            guarded=True,
            must_match=True,
        ),
    }

    def get_queryset(self) -> QuerySet[Handling]:
        return self.rows_of(Handling).filter(proposal=self.kwargs["id"]).select_related("unit")

    def get_object(self) -> Handling:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["handling"])

    @idempotent
    def step(self, request, *args, **kwargs) -> Response:
        part = self.get_object()
        body = StepBody(data=request.data)
        body.is_valid(raise_exception=True)
        conditional.require_match(request, conditional.state_of(part))
        try:
            done = self._take(part, dict(body.validated_data))
        except ValidationError as error:
            raise _problem(error) from error
        return Response(self.represent([done])[0])

    def _take(self, part: Handling, given: dict) -> Handling:
        about = {"handling": part, "version": part.version, "by": self.request.user, "on": given.get("on")}
        if given["step"] == "sign_for":
            return sign_for(**about, **{name: given.get(name, "") for name in _UNIT_FACTS})
        return take_proposal_step(**about, step=given["step"], words=given.get("words", ""))


def _problem(error: ValidationError) -> ProblemError:
    """A member that is missing stands by its name (400); what the case does not allow is a conflict (409)."""
    if not hasattr(error, "error_dict"):
        return ProblemError(409, " ".join(error.messages))
    told = [at_pointer([name], sentence) for name, found in error.message_dict.items() for sentence in found]
    return ProblemError(400, " ".join(error.messages), slug="invalid-content", errors=told)
