"""`divisions/`: the tree of divisions within the caller's territory."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.accounts.roles import Perm, Scope
from portal.core.lib.clock import today
from portal.core.lib.codes import LEVEL_KEYS
from portal.core.territory.models import Division, DivisionKind
from portal.core.territory.queries import find_division, search_divisions
from portal.core.web.filters import ChoiceParameter, CodeParameter, DayParameter, Parameter
from portal.core.web.operations import Operation
from portal.core.web.serializers import RowSerializer
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin

LEVEL = ChoiceParameter(
    name="level",
    description=_("只要这一层级。"),
    example="district",
    choices={key: int(n) for key, n in LEVEL_KEYS.items()},
)
EXAMPLE = {
    "code": "120101",
    "name": "和平区",
    "official_name": "和平区",
    "level": "district",
    "kind": "district",
    "parent": "1201",
    "formal": False,
    "urban": True,
    "valid_from": None,
    "valid_to": None,
    "successor": None,
}


class DivisionSerializer(RowSerializer):
    code = serializers.CharField(help_text=_("统计用区划代码，2、4、6、9 或 12 位，不补零。"))
    name = serializers.CharField(source="label", help_text=_("界面上显示的名称。"))
    official_name = serializers.CharField(source="name", help_text=_("统计用区划代码表中的名称。"))
    level = serializers.ChoiceField(list(LEVEL_KEYS), source="level_key")
    kind = serializers.ChoiceField(DivisionKind.choices)
    parent = serializers.CharField(source="parent_id", allow_null=True, help_text=_("上级的代码。"))
    formal = serializers.BooleanField(help_text=_("是否只为编码而设、本身不是一级管理单位（如“市辖区”）。"))
    urban = serializers.BooleanField(help_text=_("是否为居委会或含有居委会；社区工作者配备标准只适用于这些区划。"))
    valid_from = serializers.DateField(allow_null=True, help_text=_("启用日期；null 为有记录以来。"))
    valid_to = serializers.DateField(allow_null=True, help_text=_("撤销日期，当天起不再有效；null 为仍有效。"))
    successor = serializers.CharField(source="successor_id", allow_null=True, help_text=_("撤销后并入的区划的代码。"))


class DivisionViewSet(ListMixin, RetrieveMixin, PortalViewSet):
    tag = "divisions"
    serializer_class = DivisionSerializer
    key = ("code",)
    lookup_field = "code"
    lookup_value_regex = "[0-9]{2,12}"
    path_parameters = (CodeParameter(name="code", description=_("区划代码，补零与否均可。")),)
    operations = {
        "list": Operation(
            summary=_("区划列表"),
            description=_("管理范围内在 on 当天有效的区划，按代码排列。"),
            scope=Scope.STATS_READ,
            perm=Perm.VIEW_STAFFING,
            parameters=(
                CodeParameter(name="under", description=_("只要该区划及其下级。")),
                LEVEL,
                Parameter(name="search", description=_("名称、代码开头或拼音首字母。"), example="hpq"),
                DayParameter(),
            ),
            example=EXAMPLE,
        ),
        "retrieve": Operation(
            summary=_("一个区划"),
            description=_("管理范围内的一个区划，已撤销的也可读取。"),
            scope=Scope.STATS_READ,
            perm=Perm.VIEW_STAFFING,
            example=EXAMPLE,
        ),
    }

    def get_queryset(self):
        divisions = self.rows_of(Division).in_force(self.values["on"] or today())
        if under := self.division("under"):
            divisions = divisions.under(under.code)
        if level := self.values["level"]:
            divisions = divisions.filter(level=level)
        if search := self.values["search"]:
            divisions = search_divisions(divisions, search)
        return divisions

    def get_object(self) -> Division:
        found = find_division(self.kwargs["code"], within=self.rows_of(Division))
        if found is None:
            raise Http404
        return found
