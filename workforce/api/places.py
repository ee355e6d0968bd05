"""`establishments/`, `post-applications/`, `terms/`, `grids/`: records of communities for other systems (contract: REST)."""

from datetime import date

from django.db.models import F, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm, Scope
from portal.core.lib.clock import today
from portal.core.web.filters import ChoiceParameter, CodeParameter, DayParameter, IdParameter
from portal.core.web.operations import Operation
from workforce.api.roster import SEALED, RosterViewSet, choices_of
from workforce.enums import ApplicationState, Body, WorkerClass
from workforce.models import Establishment, Grid, GridPost, PostApplication, Term
from workforce.queries.establishment import taken_on
from workforce.serializers.places import (
    EstablishmentSerializer,
    GridSerializer,
    PostApplicationSerializer,
    TermSerializer,
)

_RIGHTS = {"scope": Scope.ROSTER_READ, "perm": Perm.VIEW_ROSTER}
_SHEETS = {**_RIGHTS, "sheet_perm": Perm.EXPORT_ROSTER}
_DIVISION = CodeParameter(description=_("只要该区划及其下级的。"))


class _PlaceViewSet(RosterViewSet):
    """Rows that belong to a community; a list narrows them by `division` and by the fields named in `narrowed`."""

    personal = False
    lookup_value_regex = "[0-9]{1,18}"
    narrowed: tuple[str, ...] = ()

    @property
    def on(self) -> date:
        return self.values.get("on") or today()

    def rows(self, model) -> QuerySet:
        rows = self.rows_of(model).select_related("division")
        if self.action != "list":
            return rows
        if division := self.division():
            rows = rows.under(division.code)
        return rows.filter(**{name: self.values[name] for name in self.narrowed if self.values[name]})

    def dated(self, model) -> QuerySet:
        """In a list the rows in force on the day; one record may be past, unless it was taken back."""
        rows = self.rows(model).exclude(valid_to=F("valid_from"))
        return rows.in_force(self.on) if self.action == "list" else rows


class EstablishmentViewSet(_PlaceViewSet):
    serializer_class = EstablishmentSerializer
    key = ("division_id", "id")
    narrowed = ("worker_class",)
    path_parameters = (IdParameter(description=_("核定编号（系统内）。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("核定员额"),
            description=_(
                "on 当天生效的核定员额，一个社区的一个人员类别一行，附当天的实有和空缺，按社区代码排列。"
                "没有核定的社区没有行。csv 和 xlsx 需要导出名册的权限。"
            ),
            parameters=(
                _DIVISION,
                DayParameter(),
                choices_of("worker_class", _("只要这一人员类别的。"), WorkerClass, "staff"),
            ),
            example=EstablishmentSerializer.example,
            **_SHEETS,
        ),
        "retrieve": Operation(
            summary=_("一项核定员额"),
            description=_("管理范围内的一项核定员额，已失效的也可读取；实有和空缺是今天的。"),
            example=EstablishmentSerializer.example,
            **_RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        return self.dated(Establishment)

    def represent(self, rows: list[Establishment]) -> list[dict]:
        taken = taken_on({row.division_id for row in rows}, self.on)
        for row in rows:
            row.taken = row.vacant = None
            if row.valid_from <= self.on and (row.valid_to is None or row.valid_to > self.on):
                row.taken = taken.get((row.division_id, row.worker_class), 0)
                row.vacant = max(row.posts - row.taken, 0)
        return super().represent(rows)


class PostApplicationViewSet(_PlaceViewSet):
    serializer_class = PostApplicationSerializer
    narrowed = ("state",)
    path_parameters = (IdParameter(description=_("申请编号。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("员额申请"),
            description=_("管理范围内的员额申请及审批结果，不限状态。csv 和 xlsx 需要导出名册的权限。"),
            parameters=(_DIVISION, choices_of("state", _("只要这一状态的。"), ApplicationState, "submitted")),
            example=PostApplicationSerializer.example,
            **_SHEETS,
        ),
        "retrieve": Operation(
            summary=_("一份员额申请"),
            description=_("管理范围内的一份员额申请。"),
            example=PostApplicationSerializer.example,
            **_RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        return self.rows(PostApplication)


class TermViewSet(_PlaceViewSet):
    serializer_class = TermSerializer
    narrowed = ("body",)
    path_parameters = (IdParameter(description=_("任期编号。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("两委任期"),
            description=_(
                "on 当天在任期内的社区党组织和居民委员会，一届一行；届满而未换届的不在内。"
                "csv 和 xlsx 需要导出名册的权限。"
            ),
            parameters=(
                _DIVISION,
                DayParameter(),
                ChoiceParameter(
                    name="body",
                    description=_("只要这一机构的。"),
                    example="committee",
                    choices={body.value: body.value for body in (Body.PARTY, Body.COMMITTEE)},
                ),
            ),
            example=TermSerializer.example,
            **_SHEETS,
        ),
        "retrieve": Operation(
            summary=_("一届任期"),
            description=_("管理范围内的一届任期，已届满的也可读取。"),
            example=TermSerializer.example,
            **_RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        return self.dated(Term)


class GridViewSet(_PlaceViewSet):
    serializer_class = GridSerializer
    personal = True
    path_parameters = (IdParameter(description=_("网格编号（系统内）。"), example="1"),)
    operations = {
        "list": Operation(
            summary=_("网格"),
            description=_(
                "on 当天的网格，附当天的网格长、网格员和网格指导员。在 csv 和 xlsx 中队伍为一格 JSON。"
                "csv 和 xlsx 需要导出名册的权限。"
            ),
            parameters=(_DIVISION, DayParameter()),
            example=GridSerializer.example,
            **_SHEETS,
        ),
        "retrieve": Operation(
            summary=_("一个网格"),
            description=_("管理范围内的一个网格，已撤销的也可读取；队伍是今天的。"),
            example=GridSerializer.example,
            **_RIGHTS,
        ),
    }

    def get_queryset(self) -> QuerySet:
        posts = self.rows_of(GridPost).in_force(self.on).select_related("person").defer(*SEALED)
        return self.dated(Grid).prefetch_related(Prefetch("posts", posts.order_by("role", "id")))
