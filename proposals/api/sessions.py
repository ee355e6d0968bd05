"""`proposals/sessions/` and `proposals/units/`: meetings from which proposals come, and who handles them."""

from collections.abc import Callable
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.core.accounts.roles import Perm, Scope
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division
from portal.core.web.acting import ActMixin, faulty, tried
from portal.core.web.filters import ChoiceParameter, CodeParameter, IdParameter, Parameter
from portal.core.web.idempotency import idempotent
from portal.core.web.operations import Operation
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from proposals.actions import sessions as acts
from proposals.enums import Body
from proposals.models import HandlingUnit, Session
from proposals.queries.cases import counts_of_sessions
from proposals.serializers import sessions as bodies

_READ = {"scope": Scope.PROPOSALS_READ, "perm": Perm.VIEW_PROPOSALS}
_WRITE = {"scope": Scope.PROPOSALS_WRITE, "perm": Perm.MANAGE_PROPOSALS}


class KeptViewSet(ActMixin, ListMixin, RetrieveMixin, PortalViewSet):
    """Records that the office of a place keeps: entered, and corrected as a whole."""

    tag = "proposals"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    called: ClassVar[str]
    add: ClassVar[Callable]
    alter: ClassVar[Callable]

    @idempotent
    def create(self, request, *args, **kwargs) -> Response:
        given = self.given()
        place = self._place(given.pop("division"))
        row = tried(type(self).add, division=place, by=request.user, **given)
        return self.made(row, f"{self.basename}-detail")

    @action(detail=True, methods=["post"])
    @idempotent
    def change(self, request, *args, **kwargs) -> Response:
        held, given = self.seen()
        tried(type(self).alter, **{self.called: held}, by=request.user, **given)
        return self.told()

    def _place(self, code: str) -> Division:
        offices = self.rows_of(Division).filter(formal=False, level__lte=Level.DISTRICT)
        found = find_division(code, within=offices) if code.isascii() and code.isdigit() else None
        if found is None:
            raise faulty("division", _gettext("管理范围内没有这个地区。请核对代码。"))
        return found


def _operations(row: type, body: type, change: type, words: dict, parameters: tuple[Parameter, ...]) -> dict:
    """The four operations of such records; `words` are summary and description of each."""
    told = {key: {"summary": summary, "description": text} for key, (summary, text) in words.items()}
    shown = {"example": row.example}
    guard = {"guarded": True, "must_match": True}
    return {
        "list": Operation(parameters=parameters, **told["list"], **shown, **_READ),
        "retrieve": Operation(**told["retrieve"], **shown, **_READ),
        "create": Operation(body=body, body_example=body.example, status=201, **told["create"], **shown, **_WRITE),
        "change": Operation(body=change, body_example=change.example, **guard, **told["change"], **shown, **_WRITE),
    }


class SessionViewSet(KeptViewSet):
    serializer_class = bodies.SessionRowSerializer
    path_parameters = (IdParameter(description=_("会议的编号（session.id）。"), example="1"),)
    called, add, alter = "session", acts.add_session, acts.change_session
    operations = _operations(
        bodies.SessionRowSerializer,
        bodies.SessionBody,
        bodies.SessionChange,
        {
            "list": (_("会议"), _("管理范围内登记的政协、人大会议，按编号排列。")),
            "retrieve": (_("一次会议"), _("管理范围内登记的一次会议。")),
            "create": (_("登记会议"), _("同一地区、类别、届次只登记一次，重复的答 400。")),
            "change": (_("更正会议"), _("整体更正；已有提案、建议的会议不能改类别。没有给出的期限不变。")),
        },
        (
            CodeParameter(description=_("只要该区划及其下级的。"), example="120101"),
            ChoiceParameter(
                name="body", description=_("只要政协的或人大的。"), example="cppcc",
                choices={one: one for one in Body.values},
            ),
        ),
    )  # fmt: skip

    def get_queryset(self) -> QuerySet[Session]:
        rows = self.rows_of(Session).select_related("division")
        if self.action != "list":
            return rows
        place = self.division()
        rows = rows.under(place.code if place else "")
        return rows.filter(body=self.values["body"]) if self.values["body"] else rows

    def represent(self, rows: list[Session]) -> list[dict]:
        counts = counts_of_sessions(self.request.user, [one.pk for one in rows])
        for one in rows:
            one.counted = counts.get(one.pk, 0)
        return super().represent(rows)


class UnitViewSet(KeptViewSet):
    serializer_class = bodies.UnitRowSerializer
    path_parameters = (IdParameter(description=_("承办单位的编号（unit.id）。"), example="1"),)
    called, add, alter = "unit", acts.add_unit, acts.change_unit
    operations = _operations(
        bodies.UnitRowSerializer,
        bodies.UnitBody,
        bodies.UnitChange,
        {
            "list": (_("承办单位"), _("管理范围内办理提案、建议的单位，按编号排列，停用的也在内。")),
            "retrieve": (_("一个承办单位"), _("管理范围内的一个承办单位。")),
            "create": (_("登记承办单位"), _("本地已有同名单位的答 400。经办人员在页面上指定。")),
            "change": (_("更正承办单位"), _("整体更正；以前发出的公文不变。")),
        },
        (
            CodeParameter(description=_("只要该区划及其下级的。"), example="120101"),
            ChoiceParameter(
                name="state", description=_("只要在用的或停用的。"), example="open",
                choices={"open": True, "closed": False},
            ),
        ),
    )  # fmt: skip

    def get_queryset(self) -> QuerySet[HandlingUnit]:
        rows = self.rows_of(HandlingUnit).select_related("division")
        if self.action != "list":
            return rows
        place, in_use = self.division(), self.values["state"]
        rows = rows.under(place.code if place else "")
        return rows if in_use is None else rows.filter(closed_on__isnull=in_use)
