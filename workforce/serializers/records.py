"""What REST clients read of grades, yearly assessments and review cases: records of a person."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.web.serializers import RowSerializer
from workforce.enums import AssessmentGrade, CaseKind, CaseOutcome, CaseRoute, CaseState, GradeReason
from workforce.serializers.roster import PostDivisionSerializer, PostHolderSerializer, TierField

_WORKER = {"id": "0b6f1f0e-8a52-4a43-9d0c-1f3f5c7f9a10", "name": "张示例"}
_DIVISION = {"code": "120101001001", "name": "示例社区"}


class GradeSerializer(RowSerializer):
    example = {
        "id": 1,
        "worker": _WORKER,
        "tier": "staff",
        "grade": 5,
        "reason": "years",
        "evidence": "示例定级〔2026〕2号",
        "valid_from": "2026-01-01",
        "valid_to": None,
    }
    id = serializers.IntegerField()
    worker = PostHolderSerializer(source="person")
    tier = TierField(help_text=_("定级时的岗位层级：正职、副职、工作人员。"))
    grade = serializers.IntegerField(help_text=_("岗位等级。"))
    reason = serializers.ChoiceField(GradeReason.choices, help_text=_("定级原因。"))
    evidence = serializers.CharField(help_text=_("依据；空为未登记。"))
    valid_from = serializers.DateField(help_text=_("执行日期。"))
    valid_to = serializers.DateField(allow_null=True, help_text=_("不再执行的第一天；null 为现行。"))


class SchemeSerializer(RowSerializer):
    id = serializers.IntegerField()
    year = serializers.IntegerField(help_text=_("考核年度。"))
    name = serializers.CharField(help_text=_("方案名称。"))


class AssessmentSerializer(RowSerializer):
    example = {
        "id": 1,
        "worker": _WORKER,
        "division": _DIVISION,
        "scheme": {"id": 1, "year": 2025, "name": "年度考核"},
        "grid_worker": True,
        "community": "88.50",
        "grid": "91.00",
        "total": "89.25",
        "grade": "qualified",
    }
    id = serializers.IntegerField()
    worker = PostHolderSerializer(source="person")
    division = PostDivisionSerializer(help_text=_("考核时所在的社区。"))
    scheme = SchemeSerializer()
    grid_worker = serializers.BooleanField(help_text=_("考核时是否兼任网格员。"))
    community = serializers.DecimalField(5, 2, allow_null=True, help_text=_("社区工作得分，满分 100。"))
    grid = serializers.DecimalField(
        5, 2, allow_null=True, help_text=_("网格工作得分，满分 100；不兼任网格员的为 null。")
    )
    total = serializers.DecimalField(5, 2, allow_null=True, help_text=_("总分，满分 100。"))
    grade = serializers.ChoiceField(AssessmentGrade.choices, allow_blank=True, help_text=_("考核等次。"))


class ReviewCaseSerializer(RowSerializer):
    example = {
        "id": 1,
        "kind": "certificate_deadline",
        "worker": _WORKER,
        "division": _DIVISION,
        "due_on": "2026-06-30",
        "route": "employer",
        "state": "hearing",
        "state_since": "2026-07-06",
        "outcome": "",
        "extended_to": None,
        "opened_on": "2026-07-01",
        "closed_on": None,
    }
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(CaseKind.choices, help_text=_("事由。"))
    worker = PostHolderSerializer(source="person")
    division = PostDivisionSerializer(help_text=_("立案时所在的社区。"))
    due_on = serializers.DateField(help_text=_("应满足日期：错过的期限。"))
    route = serializers.ChoiceField(CaseRoute.choices, help_text=_("程序：由用工单位，或按选举、罢免程序。"))
    state = serializers.ChoiceField(CaseState.choices, help_text=_("现在的阶段。"))
    state_since = serializers.DateField(help_text=_("进入本阶段的日期。"))
    outcome = serializers.ChoiceField(CaseOutcome.choices, allow_blank=True, help_text=_("结果；尚未作出决定的为空。"))
    extended_to = serializers.DateField(
        allow_null=True, help_text=_("决定把取证期限延长到的那一天，自办结日期起生效；没有延长的为 null。")
    )
    opened_on = serializers.DateField(help_text=_("立案日期。"))
    closed_on = serializers.DateField(allow_null=True, help_text=_("办结日期；未办结为 null。"))
