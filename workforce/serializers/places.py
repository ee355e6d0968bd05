"""What REST clients read of positions, applications, terms and grids: records of a community."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.web.serializers import RowSerializer
from workforce.enums import ApplicationState, Body, GridRole, PartyForm, WorkerClass
from workforce.serializers.roster import PostDivisionSerializer, PostHolderSerializer

_DIVISION = {"code": "120101001001", "name": "示例社区"}
_CLASS = _("人员类别：社区“两委”专职成员、社区专职工作人员。")


class EstablishmentSerializer(RowSerializer):
    example = {
        "id": 1,
        "division": _DIVISION,
        "worker_class": "staff",
        "posts": 8,
        "taken": 6,
        "vacant": 2,
        "document": "示例核〔2024〕1号",
        "valid_from": "2024-01-01",
        "valid_to": None,
    }
    id = serializers.IntegerField()
    division = PostDivisionSerializer()
    worker_class = serializers.ChoiceField(WorkerClass.choices, help_text=_CLASS)
    posts = serializers.IntegerField(help_text=_("核定员额。"))
    taken = serializers.IntegerField(
        allow_null=True, help_text=_("当天实有：占用员额的人数，同一类别一人只计一次；当天不生效的核定为 null。")
    )
    vacant = serializers.IntegerField(
        allow_null=True, help_text=_("当天空缺：核定减实有，超出时为 0；当天不生效的核定为 null。")
    )
    document = serializers.CharField(help_text=_("依据文件。"))
    valid_from = serializers.DateField(help_text=_("启用日期。"))
    valid_to = serializers.DateField(allow_null=True, help_text=_("不再有效的第一天；null 为现行。"))


class PostApplicationSerializer(RowSerializer):
    example = {
        "id": 1,
        "division": _DIVISION,
        "worker_class": "staff",
        "posts": 2,
        "starts_on": "2026-07-01",
        "reason": "新建小区入住，工作量增加。",
        "state": "approved",
        "approved_posts": 1,
        "decision_reason": "按常住人口核定。",
        "document": "示例核〔2026〕3号",
        "applied_by": "street-admin",
        "applied_at": "2026-06-01T09:30:00+08:00",
        "decided_by": "district-staff",
        "decided_at": "2026-06-05T15:00:00+08:00",
    }
    id = serializers.IntegerField()
    division = PostDivisionSerializer()
    worker_class = serializers.ChoiceField(WorkerClass.choices, help_text=_CLASS)
    posts = serializers.IntegerField(help_text=_("申请员额。"))
    starts_on = serializers.DateField(help_text=_("申请的启用日期。"))
    reason = serializers.CharField(help_text=_("申请理由。"))
    state = serializers.ChoiceField(ApplicationState.choices)
    approved_posts = serializers.IntegerField(allow_null=True, help_text=_("批准员额；未批准为 null。"))
    decision_reason = serializers.CharField(help_text=_("审批意见。"))
    document = serializers.CharField(help_text=_("批准文件。"))
    applied_by = serializers.CharField(help_text=_("申请人。"))
    applied_at = serializers.DateTimeField(help_text=_("申请时间。"))
    decided_by = serializers.CharField(help_text=_("审批人；待审批为空。"))
    decided_at = serializers.DateTimeField(allow_null=True, help_text=_("审批时间；待审批为 null。"))


class TermSerializer(RowSerializer):
    example = {
        "id": 1,
        "division": _DIVISION,
        "body": "committee",
        "number": 11,
        "form": "",
        "elected_on": "2024-03-20",
        "valid_from": "2024-03-20",
        "valid_to": "2029-03-20",
        "seats": 7,
    }
    id = serializers.IntegerField()
    division = PostDivisionSerializer()
    body = serializers.ChoiceField(
        [(body.value, body.label) for body in (Body.PARTY, Body.COMMITTEE)],
        help_text=_("机构：社区党组织、居民委员会。"),
    )
    number = serializers.IntegerField(allow_null=True, help_text=_("届次；null 为未登记。"))
    form = serializers.ChoiceField(
        PartyForm.choices, allow_blank=True, help_text=_("党组织形式；居民委员会和未登记的为空。")
    )
    elected_on = serializers.DateField(help_text=_("选举日期。"))
    valid_from = serializers.DateField(help_text=_("任期起始。"))
    valid_to = serializers.DateField(
        allow_null=True, help_text=_("任期不再有效的第一天：最迟在这一天换届，已提前换届的为新一届起始；null 为未定。")
    )
    seats = serializers.IntegerField(allow_null=True, help_text=_("职数；null 为未登记。"))


class GridMemberSerializer(RowSerializer):
    role = serializers.ChoiceField(GridRole.choices, help_text=_("网格职务。"))
    worker = PostHolderSerializer(source="person")
    valid_from = serializers.DateField(help_text=_("任职起始。"))
    valid_to = serializers.DateField(allow_null=True, help_text=_("不再任职的第一天；null 为在任。"))


class GridSerializer(RowSerializer):
    example = {
        "id": 1,
        "division": _DIVISION,
        "name": "第一网格",
        "households": 420,
        "micro_grids": 6,
        "valid_from": "2024-01-01",
        "valid_to": None,
        "team": [
            {
                "role": "full_time",
                "worker": {"id": "0b6f1f0e-8a52-4a43-9d0c-1f3f5c7f9a10", "name": "张示例"},
                "valid_from": "2024-01-01",
                "valid_to": None,
            }
        ],
    }
    id = serializers.IntegerField()
    division = PostDivisionSerializer()
    name = serializers.CharField(help_text=_("网格名称。"))
    households = serializers.IntegerField(allow_null=True, help_text=_("户数；null 为未登记。"))
    micro_grids = serializers.IntegerField(allow_null=True, help_text=_("微网格数；null 为未登记。"))
    valid_from = serializers.DateField(help_text=_("设立日期。"))
    valid_to = serializers.DateField(allow_null=True, help_text=_("撤销后的第一天；null 为现有。"))
    team = GridMemberSerializer(
        source="posts", many=True, help_text=_("当天的网格队伍。网格员不计入社区工作者，同时在社区任职的除外。")
    )
