"""What REST clients read of periodic reports, and what they write in a draft."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.core.reports.actions import REMARK_LENGTH, REMARKS
from portal.core.reports.changing import REASON_LENGTH
from portal.core.reports.declare import kind_label
from portal.core.reports.models import Report, ReportState
from portal.core.reports.words import CadenceWord
from portal.core.web.serializers import BodySerializer, RowSerializer, TextField
from portal.registry import REPORTS
from workforce.serializers.roster import PostDivisionSerializer

EXAMPLE = {
    "id": 1,
    "kind": next(iter(REPORTS)),
    "label": "月度报告",
    "division": {"code": "120101", "name": "示例区"},
    "cadence": "month",
    "period": "2026-10",
    "starts_on": "2026-10-01",
    "ends_on": "2026-10-31",
    "due_on": "2026-11-05",
    "edition": 1,
    "corrects": None,
    "correction_reason": "",
    "state": "published",
    "figures_at": "2026-11-01T02:00:00+08:00",
    "made_by": "portal",
    "signed_by": "district-staff",
    "signed_at": "2026-11-03T09:00:00+08:00",
    "kept_reason": "",
    "published_by": "district-staff",
    "published_at": "2026-11-03T10:00:00+08:00",
    "withdrawn_at": None,
    "digest": "0" * 64,
    "seal": "0" * 64,
    "remarks": [{"section": "staffing", "title": "人员配备", "causes": "两个社区换届后空缺。", "next": "12 月补齐。"}],
}


class RemarkSerializer(RowSerializer):
    """What people say to a section."""

    section = serializers.CharField(help_text=_("哪一部分。"))
    title = serializers.CharField(help_text=_("这一部分的标题。"))
    causes = serializers.CharField(help_text=_("原因分析。"))
    next = serializers.CharField(help_text=_("下一步措施。"))


class ReportSerializer(RowSerializer):
    example = EXAMPLE
    id = serializers.IntegerField()
    kind = serializers.CharField(help_text=_("哪一种报告。"))
    label = serializers.SerializerMethodField(help_text=_("报告的名称。"))
    division = PostDivisionSerializer(help_text=_("区划。"))
    cadence = serializers.ChoiceField(CadenceWord.choices, help_text=_("周期。"))
    period = serializers.CharField(help_text=_("期间，如 2026-W47、2026-10、2026-Q3、2026-H2、2026。"))
    starts_on = serializers.DateField(help_text=_("期初。"))
    ends_on = serializers.DateField(help_text=_("期末。"))
    due_on = serializers.DateField(help_text=_("发布期限。"))
    edition = serializers.IntegerField(help_text=_("版次，更正一次加一。"))
    corrects = serializers.IntegerField(source="corrects_id", allow_null=True, help_text=_("更正的是哪一份（id）。"))
    correction_reason = serializers.CharField(help_text=_("更正原因。"))
    state = serializers.ChoiceField(ReportState.choices, help_text=_("状态。"))
    figures_at = serializers.DateTimeField(help_text=_("统计时间。"))
    made_by = serializers.CharField(help_text=_("编制人。"))
    signed_by = serializers.CharField(help_text=_("签发人；空为没有签发。"))
    signed_at = serializers.DateTimeField(allow_null=True, help_text=_("签发时间。"))
    kept_reason = serializers.CharField(help_text=_("沿用原数据的理由。"))
    published_by = serializers.CharField(help_text=_("发布人；空为没有发布。"))
    published_at = serializers.DateTimeField(allow_null=True, help_text=_("发布时间。"))
    withdrawn_at = serializers.DateTimeField(allow_null=True, help_text=_("被更正的时间。"))
    digest = serializers.CharField(help_text=_("数据的 SHA-256。"))
    seal = serializers.CharField(help_text=_("签发时数据和说明的 SHA-256；空为没有签发。"))
    remarks = serializers.SerializerMethodField(help_text=_("各部分的说明，按报告的顺序；没有写的为空。"))

    @extend_schema_field(RemarkSerializer(many=True))
    def get_remarks(self, report: Report) -> list[dict]:
        return [
            {"section": key, "title": title, **{name: report.remarks.get(key, {}).get(name, "") for name in REMARKS}}
            for key, title in zip(report.section_keys, report.section_titles, strict=True)
        ]

    def get_label(self, report: Report) -> str:
        return str(kind_label(report.kind, REPORTS))


class NewReportBody(BodySerializer):
    example = {"division": "120101", "kind": EXAMPLE["kind"], "period": "2026-W46"}
    division = TextField(max_length=12, help_text=_("为哪个区划编制（区划代码）。"))
    kind = serializers.ChoiceField([(key, kind.label) for key, kind in REPORTS.items()], help_text=_("哪一种报告。"))
    period = TextField(max_length=8, help_text=_("已经结束的期间，如 2026-W47、2026-10、2026-Q3、2026-H2、2026。"))


class RemarkBody(BodySerializer):
    section = TextField(max_length=60, help_text=_("哪一部分，见报告的 remarks。"))
    causes = TextField(max_length=REMARK_LENGTH, allow_blank=True, default="", help_text=_("原因分析。"))
    next = TextField(max_length=REMARK_LENGTH, allow_blank=True, default="", help_text=_("下一步措施。"))


class RemarksBody(BodySerializer):
    example = {"remarks": [{"section": "staffing", "causes": "两个社区换届后空缺。", "next": "12 月补齐。"}]}
    remarks = RemarkBody(many=True, max_length=50, help_text=_("全部说明；没有写到的部分不再有说明。"))


class SignBody(BodySerializer):
    example = {"keep_reason": "以期末台账为准。"}
    keep_reason = TextField(
        max_length=REASON_LENGTH,
        allow_blank=True,
        default="",
        help_text=_("统计以后数字有变化、仍沿用原数据的理由，会印在报告上。"),
    )


class ReportReasonBody(BodySerializer):
    example = {"reason": "数据来源有误。"}
    reason = TextField(max_length=REASON_LENGTH, help_text=_("原因。"))
