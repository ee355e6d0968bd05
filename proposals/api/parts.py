"""`proposals/{id}/handlings/{handling}/`: the part of a unit, the steps of the state table, and what stands beside them."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from portal.core.accounts.roles import Perm, Scope
from portal.core.web.acting import ActMixin
from portal.core.web.filters import IdParameter
from portal.core.web.idempotency import idempotent
from portal.core.web.operations import Operation
from portal.core.web.problems import ProblemError
from portal.core.web.viewsets import PortalViewSet, RetrieveMixin
from proposals.actions import contacts, extensions, opinions, steps, suspensions
from proposals.models import Contact, Extension, Handling
from proposals.serializers import parts as bodies
from proposals.serializers.parts import HandlingSerializer


def _act(summary, description, body: type, perm: Perm = Perm.HANDLE_PROPOSALS) -> Operation:
    """An act on a part: by somebody of the unit, or by the office that manages the proposals of the place."""
    return Operation(
        summary=summary,
        description=description,
        scope=Scope.PROPOSALS_WRITE,
        perm=perm,
        body=body,
        body_example=body.example,
        example=HandlingSerializer.example,
        guarded=True,
        must_match=True,
    )


class HandlingViewSet(ActMixin, RetrieveMixin, PortalViewSet):
    """Who works for a unit of the proposal sees all its parts and acts for the own one."""

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
            description=_("所在阶段、期限、沟通记录、会办意见，以及从这一阶段可以办理的步骤。"),
            scope=Scope.PROPOSALS_READ,
            perm=Perm.VIEW_PROPOSALS,
            example=HandlingSerializer.example,
        ),
        "step": _act(
            _("办理一步"),
            _(
                "按状态表办理一步，条件与页面相同：不在这一阶段、由同一人经办、缺会办意见或沟通记录的，答 409 并说明缺什么；"
                "不是承办单位的人员，或者这一步由管理提案的单位办理的，答 403。签发、寄发、反馈和公开审查在页面上办理。"
            ),
            bodies.StepBody,
        ),
        "opinion": _act(
            _("提出会办意见"),
            _("由会办单位提出，交给主办单位；主办单位送核之前可以再次提交，以最后一次为准。"),
            bodies.OpinionBody,
        ),
        "waive": _act(
            _("免于会办意见"),
            _("由管理提案的单位写明理由，主办单位不再等待这个单位的意见。"),
            bodies.WaiveBody,
            Perm.MANAGE_PROPOSALS,
        ),
        "contact": _act(
            _("登记沟通"), _("办前、办中、办后与提案者的沟通，由主办或分办单位逐次登记。"), bodies.ContactBody
        ),
        "officer": _act(_("改经办人"), _("同一单位换科室或换人办理。"), bodies.OfficerBody),
        "extension": _act(
            _("申请延期"), _("由承办单位申请，另一个人审批；同意后答复期限重新计算。"), bodies.ExtensionBody
        ),
        "decision": _act(
            _("审批延期"),
            _("由管理提案的单位审批待批的延期申请；没有待批的，或者申请是本人提出的，答 409。"),
            bodies.DecisionBody,
            Perm.MANAGE_PROPOSALS,
        ),
        "suspend": _act(
            _("中止计时"),
            _("由管理提案的单位经提案者同意登记；恢复时各项期限顺延。"),
            bodies.SuspendBody,
            Perm.MANAGE_PROPOSALS,
        ),
        "resume": _act(_("恢复计时"), _("各项未完成的期限顺延中止的天数。"), bodies.ResumeBody, Perm.MANAGE_PROPOSALS),
    }

    def get_queryset(self) -> QuerySet[Handling]:
        rows = self.rows_of(Handling).filter(proposal=self.kwargs["id"]).select_related("unit", "opinion")
        return rows.prefetch_related(
            Prefetch("contacts", Contact.objects.filter(taken_back=False).order_by("on", "pk")),
            Prefetch("extensions", Extension.objects.order_by("pk")),
        )

    def get_object(self) -> Handling:
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["handling"])

    def _take(self, act: Callable[..., Any]) -> Response:
        return self.take(act, "handling")

    @idempotent
    def step(self, request, *args, **kwargs) -> Response:
        return self._take(_step)

    @idempotent
    def opinion(self, request, *args, **kwargs) -> Response:
        return self._take(opinions.give_opinion)

    @idempotent
    def waive(self, request, *args, **kwargs) -> Response:
        return self._take(opinions.waive_opinion)

    @idempotent
    def contact(self, request, *args, **kwargs) -> Response:
        return self._take(contacts.add_contact)

    @idempotent
    def officer(self, request, *args, **kwargs) -> Response:
        return self._take(steps.name_officer)

    @idempotent
    def extension(self, request, *args, **kwargs) -> Response:
        return self._take(extensions.ask_extension)

    @idempotent
    def decision(self, request, *args, **kwargs) -> Response:
        return self._take(_decide)

    @idempotent
    def suspend(self, request, *args, **kwargs) -> Response:
        return self._take(suspensions.suspend_handling)

    @idempotent
    def resume(self, request, *args, **kwargs) -> Response:
        return self._take(suspensions.resume_handling)


def _step(*, step: str, section: str = "", officer: str = "", words: str = "", **about) -> Handling:
    """One step of the table; only signing for names who will work on it."""
    if step == "sign_for":
        return steps.sign_for(section=section, officer=officer, **about)
    return steps.take_proposal_step(step=step, words=words, **about)


def _decide(*, handling: Handling, **about) -> Extension:
    waiting = next((one for one in handling.extensions.all() if one.agreed is None), None)
    if waiting is None:
        raise ProblemError(409, _gettext("没有待审批的延期申请。"))
    return extensions.decide_extension(extension=waiting, **about)
