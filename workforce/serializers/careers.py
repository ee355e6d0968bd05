"""What REST clients read of careers: directed posts, honours, and who was put forward for one."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.web.serializers import RowSerializer
from workforce.enums import AwardLevel, NominationStage, RecruitmentGroup, RecruitmentKind
from workforce.serializers.roster import PostDivisionSerializer, PostHolderSerializer

_DISTRICT = {"code": "120101", "name": "和平区"}


class DirectedPostsSerializer(RowSerializer):
    example = {
        "id": 1,
        "division": _DISTRICT,
        "year": 2026,
        "kind": "institution",
        "group": "heads",
        "posts": 3,
        "applicants": 21,
        "hired": 2,
        "document": "示例人社〔2026〕5号",
    }
    id = serializers.IntegerField()
    division = PostDivisionSerializer(help_text=_("设岗的区。"))
    year = serializers.IntegerField(help_text=_("年度。"))
    kind = serializers.ChoiceField(RecruitmentKind.choices, help_text=_("岗位性质：公务员、事业单位。"))
    group = serializers.ChoiceField(RecruitmentGroup.choices, help_text=_("面向对象：“一肩挑”负责人、其他社区工作者。"))
    posts = serializers.IntegerField(help_text=_("岗位数；0 为登记了没有设岗。"))
    applicants = serializers.IntegerField(allow_null=True, help_text=_("报名人数；null 为未登记。"))
    hired = serializers.IntegerField(allow_null=True, help_text=_("录用人数；null 为未登记。"))
    document = serializers.CharField(help_text=_("公告或文件；空为未登记。"))


def _stage(stage: NominationStage) -> serializers.IntegerField:
    return serializers.IntegerField(help_text=format_lazy(_("管理范围内的人选中现为“{}”的人数。"), stage.label))


class AwardSerializer(RowSerializer):
    example = {
        "id": 1,
        "division": _DISTRICT,
        "name": "最美社区工作者",
        "level": "district",
        "year": 2026,
        "quota": 5,
        "put_forward": 3,
        "nominated": 4,
        "selected": 2,
        "recommended": 2,
        "awarded": 1,
        "declined": 1,
    }
    id = serializers.IntegerField()
    division = PostDivisionSerializer(help_text=_("推荐地区。"))
    name = serializers.CharField(help_text=_("荣誉名称。"))
    level = serializers.ChoiceField(AwardLevel.choices, help_text=_("荣誉的层级。"))
    year = serializers.IntegerField(help_text=_("年度。"))
    quota = serializers.IntegerField(allow_null=True, help_text=_("可以上报的人数；null 为不限。"))
    put_forward = serializers.IntegerField(
        source="used", help_text=_("占用名额的人数：已上报和已授予的，不限管理范围。")
    )
    nominated = _stage(NominationStage.NOMINATED)
    selected = _stage(NominationStage.SELECTED)
    recommended = _stage(NominationStage.RECOMMENDED)
    awarded = _stage(NominationStage.AWARDED)
    declined = _stage(NominationStage.DECLINED)


class NominatedForSerializer(RowSerializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    level = serializers.ChoiceField(AwardLevel.choices)
    year = serializers.IntegerField()


class NominationSerializer(RowSerializer):
    example = {
        "id": 1,
        "award": {"id": 1, "name": "最美社区工作者", "level": "district", "year": 2026},
        "worker": {"id": "0b6f1f0e-8a52-4a43-9d0c-1f3f5c7f9a10", "name": "张示例"},
        "division": {"code": "120101001001", "name": "示例社区"},
        "stage": "recommended",
        "decided_on": "2026-05-20",
        "reason": "在社区工作十二年，居民满意度居全区前列。",
    }
    id = serializers.IntegerField()
    award = NominatedForSerializer()
    worker = PostHolderSerializer(source="person")
    division = PostDivisionSerializer(help_text=_("推荐时所在的社区。"))
    stage = serializers.ChoiceField(
        NominationStage.choices, help_text=_("推荐进度：已推荐、已遴选、已上报、已授予、未入选。")
    )
    decided_on = serializers.DateField(allow_null=True, help_text=_("进入这一进度的日期；null 为未登记。"))
    reason = serializers.CharField(help_text=_("事迹或理由；空为未登记。"))
