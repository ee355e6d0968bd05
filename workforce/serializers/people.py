"""What REST clients read of contracts and training."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.web.serializers import RowSerializer
from workforce.enums import ContractKind, PartyKind, TrainingKind, TrainingLevel, TrainingResult
from workforce.models import Contract
from workforce.queries.contracts import renewals
from workforce.serializers.roster import PostDivisionSerializer, PostHolderSerializer

_WORKER = {"id": "0b6f1f0e-8a52-4a43-9d0c-1f3f5c7f9a10", "name": "张示例"}


class ContractSerializer(RowSerializer):
    example = {
        "id": 1,
        "worker": _WORKER,
        "kind": "labour",
        "number": "示例合同2024-001",
        "party": "示例街道社区工作者事务所",
        "party_kind": "office",
        "valid_from": "2024-07-01",
        "valid_to": "2027-07-01",
        "probation_until": None,
        "renewals": 1,
    }
    id = serializers.IntegerField()
    worker = PostHolderSerializer(source="person")
    kind = serializers.ChoiceField(ContractKind.choices, help_text=_("合同类型：劳动合同、服务协议。"))
    number = serializers.CharField(help_text=_("合同编号；空为未登记。"))
    party = serializers.CharField(help_text=_("用工主体。"))
    party_kind = serializers.ChoiceField(PartyKind.choices, allow_blank=True, help_text=_("用工主体类型；空为未登记。"))
    valid_from = serializers.DateField(help_text=_("合同起始。"))
    valid_to = serializers.DateField(allow_null=True, help_text=_("合同失效的第一天；null 为无固定期限。"))
    probation_until = serializers.DateField(allow_null=True, help_text=_("试用期的最后一天。"))
    renewals = serializers.SerializerMethodField(help_text=_("到这一份为止连续续签的次数；首份为 0。"))

    def get_renewals(self, contract: Contract) -> int:
        return renewals(contract.person.contracts.all()).get(contract.pk, 0)


class TrainingClassSerializer(RowSerializer):
    example = {
        "id": 1,
        "division": {"code": "120101", "name": "和平区"},
        "level": "district",
        "kind": "rotation",
        "title": "社区工作者全员轮训班",
        "topic": "党建引领基层治理",
        "organiser": "示例区民政局",
        "starts_on": "2026-04-01",
        "ends_on": "2026-04-03",
        "hours": "24.0",
        "cost": 60000,
        "enrolled": 120,
        "attended": 116,
    }
    id = serializers.IntegerField()
    division = PostDivisionSerializer()
    level = serializers.ChoiceField(TrainingLevel.choices, help_text=_("培训层级。"))
    kind = serializers.ChoiceField(TrainingKind.choices, help_text=_("培训类别。"))
    title = serializers.CharField(help_text=_("班次名称。"))
    topic = serializers.CharField(help_text=_("主题；空为未登记。"))
    organiser = serializers.CharField(help_text=_("举办单位。"))
    starts_on = serializers.DateField(help_text=_("开班日期。"))
    ends_on = serializers.DateField(help_text=_("结业日期。"))
    hours = serializers.DecimalField(5, 1, help_text=_("学时。"))
    cost = serializers.IntegerField(allow_null=True, help_text=_("经费（元）；null 为未登记。"))
    enrolled = serializers.IntegerField(help_text=_("管理范围内的报名人数。"))
    attended = serializers.IntegerField(help_text=_("管理范围内的到课人数。"))


class AttendedClassSerializer(RowSerializer):
    id = serializers.IntegerField()
    title = serializers.CharField()
    level = serializers.ChoiceField(TrainingLevel.choices)
    kind = serializers.ChoiceField(TrainingKind.choices)
    starts_on = serializers.DateField()


class EnrolmentSerializer(RowSerializer):
    example = {
        "id": 1,
        "worker": _WORKER,
        "division": {"code": "120101001001", "name": "示例社区"},
        "training_class": {
            "id": 1,
            "title": "社区工作者全员轮训班",
            "level": "district",
            "kind": "rotation",
            "starts_on": "2026-04-01",
        },
        "attended": True,
        "hours": "24.0",
        "result": "passed",
    }
    id = serializers.IntegerField()
    worker = PostHolderSerializer(source="person")
    division = PostDivisionSerializer(help_text=_("报名时所在的社区。"))
    training_class = AttendedClassSerializer()
    attended = serializers.BooleanField(allow_null=True, help_text=_("是否到课；null 为未登记。"))
    hours = serializers.DecimalField(5, 1, allow_null=True, help_text=_("学时；null 为按班次的学时计。"))
    result = serializers.ChoiceField(TrainingResult.choices, allow_blank=True, help_text=_("结业结果；空为没有。"))
