"""What REST clients read of star ratings: cycles, results, scores with the figures they were made from."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.web.serializers import RowSerializer
from ratings.enums import Change, ItemKind, ResultCause, Stage, Star, UnitKind
from ratings.models import ItemScore, RatingCycle
from ratings.queries.public import is_published
from ratings.scoring import in_force
from workforce.serializers.roster import PostDivisionSerializer

_DISTRICT = {"code": "120101", "name": "示例区"}
_COMMUNITY = {"code": "120101001001", "name": "示例社区"}


class StageDaysSerializer(serializers.Serializer):
    """The last day of each stage."""

    self_assessment = serializers.DateField(source="self_due", help_text=_("自评。"))
    street = serializers.DateField(source="street_due", help_text=_("街镇初评。"))
    district = serializers.DateField(source="district_due", help_text=_("区级复核。"))
    joint = serializers.DateField(source="joint_due", help_text=_("部门联审。"))
    calibration = serializers.DateField(source="calibration_due", help_text=_("综合评定。"))
    decision = serializers.DateField(source="decision_due", help_text=_("认定。"))


class CycleSerializer(RowSerializer):
    example = {
        "id": 1,
        "division": _DISTRICT,
        "year": 2025,
        "name": "2025年度村（社区）星级评定",
        "stage": "decided",
        "reference_on": "2025-12-31",
        "opened_on": "2026-01-05",
        "due": {
            "self_assessment": "2026-01-20",
            "street": "2026-02-04",
            "district": "2026-02-24",
            "joint": "2026-03-06",
            "calibration": "2026-03-16",
            "decision": "2026-04-15",
        },
        "units": 86,
        "notice_from": "2026-03-17",
        "notice_until": "2026-03-23",
        "show_scores": False,
        "decision_number": "示例组发〔2026〕8号",
        "decided_on": "2026-03-30",
        "filing_number": "",
        "filed_on": None,
        "public_url": "https://portal.example/public/ratings/8c0f9c1e-52b1-4f0a-9a8e-1b7d4f2f6a10/",
    }
    id = serializers.IntegerField()
    division = PostDivisionSerializer(help_text=_("评定范围。"))
    year = serializers.IntegerField(help_text=_("年度。"))
    name = serializers.CharField(help_text=_("名称。"))
    stage = serializers.ChoiceField(Stage.choices, help_text=_("所在阶段。"))
    reference_on = serializers.DateField(help_text=_("自动取数的时点。"))
    opened_on = serializers.DateField(help_text=_("启动日期。"))
    due = StageDaysSerializer(source="*", help_text=_("各阶段的最后一天。"))
    units = serializers.IntegerField(source="units_rated", help_text=_("管理范围内参评的单位数。"))
    notice_from = serializers.DateField(allow_null=True, help_text=_("公示第一天。"))
    notice_until = serializers.DateField(allow_null=True, help_text=_("公示最后一天。"))
    show_scores = serializers.BooleanField(help_text=_("是否公示分数。"))
    decision_number = serializers.CharField(help_text=_("认定文号；空为未认定。"))
    decided_on = serializers.DateField(allow_null=True, help_text=_("认定日期。"))
    filing_number = serializers.CharField(help_text=_("备案号；空为未备案。"))
    filed_on = serializers.DateField(allow_null=True, help_text=_("备案日期。"))
    public_url = serializers.SerializerMethodField(help_text=_("公开页面，无需登录；公示以前为 null。"))

    def get_public_url(self, cycle: RatingCycle) -> str | None:
        if not is_published(cycle):
            return None
        return self.context["request"].build_absolute_uri(reverse("public_rating", args=[cycle.public_key]))


class ResultSerializer(RowSerializer):
    example = {
        "id": 1,
        "division": _COMMUNITY,
        "unit_kind": "community",
        "year": 2025,
        "grade": 4,
        "previous": 5,
        "change": "down",
        "score": "86.50",
        "cause": "cycle",
        "event": "",
        "event_on": None,
        "decision_number": "示例组发〔2026〕8号",
        "decided_on": "2026-03-30",
        "effective_from": "2026-03-30",
        "version": 1,
    }
    id = serializers.IntegerField()
    division = PostDivisionSerializer(help_text=_("单位。"))
    unit_kind = serializers.ChoiceField(UnitKind.choices, help_text=_("社区或村。"))
    year = serializers.IntegerField(help_text=_("年度。"))
    grade = serializers.ChoiceField(Star.choices, help_text=_("星级：5、4、3，0 为无星。"))
    previous = serializers.ChoiceField(Star.choices, allow_null=True, help_text=_("上年星级；null 为上年未评定。"))
    change = serializers.ChoiceField(Change.choices, help_text=_("升星、摘星、保持、首次评定。"))
    score = serializers.DecimalField(6, 2, allow_null=True, help_text=_("总分。"))
    cause = serializers.ChoiceField(ResultCause.choices, help_text=_("由来：年度评定、年度内摘星、更正。"))
    event = serializers.CharField(help_text=_("摘星或更正的事由。"))
    event_on = serializers.DateField(allow_null=True, help_text=_("事由发生日期。"))
    decision_number = serializers.CharField(help_text=_("文号。"))
    decided_on = serializers.DateField(help_text=_("决定日期。"))
    effective_from = serializers.DateField(help_text=_("生效的第一天。"))
    version = serializers.IntegerField(source="number", help_text=_("这一年度的第几版。"))


class ScoredItemSerializer(serializers.Serializer):
    order = serializers.IntegerField(help_text=_("次序。"))
    label = serializers.CharField(help_text=_("指标名称。"))
    kind = serializers.ChoiceField(ItemKind.choices, help_text=_("性质。"))
    points = serializers.DecimalField(5, 2, help_text=_("满分。"))
    indicator = serializers.CharField(help_text=_("自动取数的指标；空为人工评分。"))


class ScoreSerializer(RowSerializer):
    example = {
        "id": 1,
        "cycle": 1,
        "division": _COMMUNITY,
        "item": {
            "order": 3,
            "label": "入户走访覆盖率",
            "kind": "score",
            "points": "10.00",
            "indicator": "visit_coverage_households",
        },
        "points": "8.00",
        "auto_points": "8.00",
        "self_points": None,
        "street_points": None,
        "district_points": None,
        "figure": {"indicator": "visit_coverage_households", "value": "0.912", "numerator": 912, "denominator": 1000},
    }
    id = serializers.IntegerField()
    cycle = serializers.IntegerField(source="unit.cycle_id", help_text=_("评定周期的编号。"))
    division = PostDivisionSerializer(source="unit.division", help_text=_("单位。"))
    item = ScoredItemSerializer(help_text=_("评分项。"))
    points = serializers.SerializerMethodField(help_text=_("计入总分的分：自动得分，否则为最近一级的评分。"))
    auto_points = serializers.DecimalField(5, 2, allow_null=True, help_text=_("自动得分。"))
    self_points = serializers.DecimalField(5, 2, allow_null=True, help_text=_("自评分。"))
    street_points = serializers.DecimalField(5, 2, allow_null=True, help_text=_("街镇初评分。"))
    district_points = serializers.DecimalField(5, 2, allow_null=True, help_text=_("区级复核分。"))
    figure = serializers.DictField(
        allow_null=True, help_text=_("取数时点冻结的指标值：指标、值、分子、分母、目标、公式和依据；人工评分为 null。")
    )

    def get_points(self, score: ItemScore) -> str | None:
        points = in_force(score)
        return None if points is None else f"{points:.2f}"
