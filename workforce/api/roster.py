"""`workers/`, `appointments/`: the roster for other systems (contract: REST)."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm, Scope
from portal.core.audit.actions import record
from portal.core.lib.clock import today
from portal.core.web.filters import ChoiceParameter, CodeParameter, DayParameter, IdParameter, Parameter
from portal.core.web.operations import Operation
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from workforce.models import Appointment, Person
from workforce.queries.roster import find_people
from workforce.serializers import PERSONAL, AppointmentSerializer, WorkerSerializer

# Fields of `person` that no row about somebody needs: the sealed ones are not even read.
SEALED = ("person__id_number", "person__phone", "person__id_number_index")


def choices_of(name: str, description, choices, example: str) -> ChoiceParameter:
    """A parameter that takes the keys of an enumeration as they are stored."""
    return ChoiceParameter(
        name=name, description=description, example=example, choices={key: key for key in choices.values}
    )


class RosterViewSet(ListMixin, RetrieveMixin, PortalViewSet):
    """What people and posts have in common: the scope, the territory, the record of every export."""

    tag = "roster"
    personal = True
    lookup_url_kwarg = "id"

    def list(self, request, *args, **kwargs):
        response = super().list(request, *args, **kwargs)
        if self.perm == Perm.EXPORT_ROSTER:
            record(
                "export_roster", by=request.user, subject=self.basename, division=request.user.home, **self._context()
            )
        return response

    def posts(self) -> QuerySet:
        """Posts that the parameters `division` and `on` leave."""
        posts = self.rows_of(Appointment)
        if division := self.division():
            posts = posts.under(division.code)
        return posts

    def _context(self) -> dict:
        return {"token": self.request.auth.prefix, "query": self.request.query_params.dict()}


class WorkerViewSet(RosterViewSet):
    serializer_class = WorkerSerializer
    lookup_value_regex = "[0-9a-f-]{36}"
    path_parameters = (IdParameter(description=_("人员编号。"), example=WorkerSerializer.example["id"], uuid=True),)
    operations = {
        "list": Operation(
            summary=_("名册人员"),
            description=_(
                "在管理范围内任职或曾任职的人员。身份证号、出生日期、电话和离职原因经过遮蔽；令牌带有 roster:personal 且账号有"
                "查看权限时给出原文，每次读取都记入审计。csv 和 xlsx 需要导出名册的权限。"
            ),
            scope=Scope.ROSTER_READ,
            perm=Perm.VIEW_ROSTER,
            sheet_perm=Perm.EXPORT_ROSTER,
            parameters=(
                CodeParameter(description=_("只要在该区划及其下级任职的。")),
                DayParameter(description=_("只要当天在任的；缺省不限。")),
                Parameter(name="search", description=_("姓名开头或姓名拼音首字母开头。"), example="zs"),
            ),
            example=WorkerSerializer.example,
        ),
        "retrieve": Operation(
            summary=_("一名人员"),
            description=_("管理范围内的一名人员；遮蔽规则同列表。"),
            scope=Scope.ROSTER_READ,
            perm=Perm.VIEW_ROSTER,
            example=WorkerSerializer.example,
        ),
    }

    def get_queryset(self) -> QuerySet:
        people = self.rows_of(Person)
        if self.action != "list":
            return people
        if self.values["division"] or self.values["on"]:
            posts = self.posts()
            if on := self.values["on"]:
                posts = posts.in_force(on)
            people = people.filter(Exists(posts.filter(person_id=OuterRef("pk"))))
        if search := self.values["search"]:
            people = people.filter(pk__in=find_people(self.request.user, search).values("pk"))
        return people

    def represent(self, rows: list[Person]) -> list[dict]:
        self.revealed = self._revealed(rows)
        return super().represent(rows)

    def get_serializer_context(self) -> dict:
        return {**super().get_serializer_context(), "revealed": getattr(self, "revealed", frozenset())}

    def _revealed(self, rows: list[Person]) -> frozenset:
        """Ids of the people whose personal data this answer shows; the audit trail has them before the caller does."""
        user, fields = self.request.user, self.values["fields"]
        wanted = PERSONAL if fields is None else set(fields) & set(PERSONAL)
        if not wanted or not rows or Scope.ROSTER_PERSONAL not in self.request.auth.scopes:
            return frozenset()
        people = Person.objects.for_user(user, Perm.REVEAL_PERSONAL).filter(pk__in=[row.pk for row in rows])
        found = frozenset(people.values_list("pk", flat=True))
        if found:
            shown = {"people": sorted(map(str, found)), "fields": sorted(wanted), **self._context()}
            record("reveal_personal", by=user, subject=self.basename, division=user.home, reason="REST", **shown)
        return found


class AppointmentViewSet(RosterViewSet):
    serializer_class = AppointmentSerializer
    key = ("division_id", "id")
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_("任职编号。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("任职"),
            description=_("管理范围内 on 当天在任的任职，按社区代码排列。csv 和 xlsx 需要导出名册的权限。"),
            scope=Scope.ROSTER_READ,
            perm=Perm.VIEW_ROSTER,
            sheet_perm=Perm.EXPORT_ROSTER,
            parameters=(CodeParameter(description=_("只要该区划及其下级的任职。")), DayParameter()),
            example=AppointmentSerializer.example,
        ),
        "retrieve": Operation(
            summary=_("一项任职"),
            description=_("管理范围内的一项任职，已结束的也可读取。"),
            scope=Scope.ROSTER_READ,
            perm=Perm.VIEW_ROSTER,
            example=AppointmentSerializer.example,
        ),
    }

    def get_queryset(self) -> QuerySet:
        if self.action != "list":
            return self.rows_of(Appointment).select_related("person", "division").defer(*SEALED)
        posts = self.posts().in_force(self.values["on"] or today())
        return posts.select_related("person", "division").defer(*SEALED)
