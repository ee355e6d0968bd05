"""What REST clients read and note of promises."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.core.lib.clock import today
from portal.core.web.serializers import BodySerializer, RowSerializer, TextField
from proposals.actions.conditions import REASON_LENGTH
from proposals.actions.evidence import Upload
from proposals.enums import CommitmentState, ResultClass
from proposals.models import CaseFile, Commitment, CommitmentStep
from proposals.serializers.cases import UnitSerializer
from workforce.serializers.roster import PostDivisionSerializer

_DIVISION = {"code": "120101", "name": "示例区"}


class EvidenceSerializer(RowSerializer):
    name = serializers.CharField(source="filename", help_text=_("文件名。"))
    size = serializers.IntegerField(help_text=_("字节数。"))
    sha256 = serializers.CharField(help_text=_("文件的指纹。"))


def shown(file: CaseFile | None) -> dict | None:
    """A file that proves something; None where there is none, or it was taken back."""
    return None if file is None or file.taken_back else EvidenceSerializer(file).data


class EvidenceField(serializers.FileField):
    """A file as the actions take it."""

    def __init__(self) -> None:
        super().__init__(
            required=False, allow_empty_file=True, max_length=255, source="upload",
            help_text=_("佐证：PDF、JPG、PNG、DOCX 或 XLSX，不超过 20 MB，加密保存。"),
        )  # fmt: skip

    def to_internal_value(self, data) -> Upload:
        file = super().to_internal_value(data)
        return Upload(file.file, file.name, file.size)


class CommitmentStepSerializer(RowSerializer):
    on = serializers.DateField(help_text=_("日期。"))
    words = serializers.CharField(help_text=_("进展或理由。"))
    percent = serializers.IntegerField(help_text=_("完成进度，百分数。"))
    result_before = serializers.ChoiceField(["", *ResultClass.values], help_text=_("原类别；空为没有变更。"))
    result_after = serializers.ChoiceField(["", *ResultClass.values], help_text=_("新类别；空为没有变更。"))
    evidence = serializers.SerializerMethodField(help_text=_("佐证材料；空为没有。"))

    @extend_schema_field(EvidenceSerializer(allow_null=True))
    def get_evidence(self, step: CommitmentStep) -> dict | None:
        return shown(step.evidence)


class CommitmentSerializer(RowSerializer):
    example = {
        "id": 1,
        "division": _DIVISION,
        "proposal": 1,
        "handling": 1,
        "unit": {"id": 1, "name": "示例区民政局"},
        "year": 2026,
        "text": "年底前充实社区工作者20名。",
        "owner": "科员甲",
        "due_on": "2026-12-20",
        "first_result": "B",
        "result": "B",
        "state": "open",
        "late": False,
        "percent": 40,
        "rolled_from": None,
        "rolled_to": None,
        "ended_on": None,
        "steps": [
            {
                "on": "2026-09-01",
                "words": "已公开招聘8名。",
                "percent": 40,
                "result_before": "",
                "result_after": "",
                "evidence": None,
            }
        ],
    }
    id = serializers.IntegerField()
    division = PostDivisionSerializer(help_text=_("地区。"))
    proposal = serializers.IntegerField(source="handling.proposal_id", help_text=_("提案或建议的编号（id）。"))
    handling = serializers.IntegerField(source="handling_id", help_text=_("承办单位那一份的编号。"))
    unit = UnitSerializer(help_text=_("责任单位。"))
    year = serializers.IntegerField(help_text=_("所在台账的年度。"))
    text = serializers.CharField(help_text=_("承诺事项。"))
    owner = serializers.CharField(help_text=_("责任人。"))
    due_on = serializers.DateField(help_text=_("完成期限。"))
    first_result = serializers.ChoiceField(ResultClass.values, help_text=_("答复时的办理结果类别。"))
    result = serializers.ChoiceField(ResultClass.values, help_text=_("现办理结果类别。"))
    state = serializers.ChoiceField(CommitmentState.choices, help_text=_("状态。"))
    late = serializers.SerializerMethodField(help_text=_("过了期限仍在推进。"))
    percent = serializers.SerializerMethodField(help_text=_("完成进度，百分数。"))
    rolled_from = serializers.IntegerField(
        source="rolled_from_id", allow_null=True, help_text=_("转自上年度的哪一项（id）；空为本年度登记。")
    )
    rolled_to = serializers.SerializerMethodField(help_text=_("转入下年度的哪一项（id）；空为没有转。"))
    ended_on = serializers.DateField(allow_null=True, help_text=_("结束日期。"))
    steps = CommitmentStepSerializer(many=True, source="noted", help_text=_("在本年度台账中登记的全部进展，先后为序。"))

    def get_late(self, one: Commitment) -> bool:
        return one.state == CommitmentState.OPEN and one.due_on < today()

    def get_percent(self, one: Commitment) -> int:
        return one.noted[-1].percent if one.noted else 0

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_rolled_to(self, one: Commitment) -> int | None:
        later = getattr(one, "rolled_to", None)
        return later.pk if later else None


class CommitmentBody(BodySerializer):
    example = {"handling": 1, "text": "年底前充实社区工作者20名。", "owner": "科员甲", "due_on": "2026-12-20"}
    handling = serializers.IntegerField(min_value=1, help_text=_("主办或分办单位那一份的编号（handlings.id）。"))
    reply = serializers.IntegerField(
        required=False, min_value=1, help_text=_("所依据的答复的编号；不给出的，按现办理结果登记。")
    )
    text = TextField(max_length=500, help_text=_("承诺事项，照答复原文，一项一条。"))
    owner = TextField(max_length=40, help_text=_("责任人。"))
    due_on = serializers.DateField(help_text=_("完成期限。"))


_ON = {"help_text": _("日期，不晚于今天；缺省为今天。"), "default": today}


class ProgressBody(BodySerializer):
    example = {"words": "已公开招聘8名。", "percent": 40, "on": "2026-09-01"}
    on = serializers.DateField(**_ON)
    words = TextField(max_length=1000, help_text=_("进展。"))
    percent = serializers.IntegerField(min_value=0, max_value=100, help_text=_("完成进度；全部完成的填 100。"))
    file = EvidenceField()


class KeptBody(BodySerializer):
    example = {"words": "已核对名册，20名全部到岗。", "result": "A", "on": "2026-12-10"}
    on = serializers.DateField(**_ON)
    words = TextField(max_length=REASON_LENGTH, help_text=_("核实情况。"))
    result = serializers.ChoiceField(ResultClass.values, required=False, help_text=_("落实后的类别；缺省为 A。"))


class ReclassBody(BodySerializer):
    example = {"result": "B", "reason": "已列入本年度计划。", "on": "2026-06-01"}
    result = serializers.ChoiceField(ResultClass.values, help_text=_("新类别。"))
    on = serializers.DateField(**_ON)
    reason = TextField(max_length=REASON_LENGTH, help_text=_("变更的理由。"))


class RollBody(BodySerializer):
    example = {"due_on": "2027-06-30", "owner": "科员甲", "reason": "项目跨年度实施。", "on": "2026-12-15"}
    on = serializers.DateField(**_ON)
    due_on = serializers.DateField(help_text=_("新的完成期限。"))
    owner = TextField(max_length=40, help_text=_("责任人。"))
    reason = TextField(max_length=500, help_text=_("未能按期完成的原因和下一步打算。"))


class CancelBody(BodySerializer):
    example = {"reason": "项目已由上级统一实施。", "on": "2026-06-01"}
    on = serializers.DateField(**_ON)
    reason = TextField(max_length=REASON_LENGTH, help_text=_("取消的理由。"))
