"""How findings go out over REST, and what comes in with an act on one."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.findings.models import Finding, Holder, State
from portal.core.web.serializers import BodySerializer, RowSerializer, TextField
from portal.pages.finding_texts import headline_of
from portal.registry import INSPECTIONS

HOLDERS = {holder.name.lower(): holder for holder in Holder}
EXAMPLE = {
    "id": 17,
    "kind": "certificate_deadline",
    "kind_label": "两年内取得证书",
    "division": {"code": "120101001001", "name": "示例社区"},
    "person": {"id": "8e03978e-40d5-43e8-bc93-6894a57f9324", "name": "张某"},
    "state": "planned",
    "headline": "2026-12-31 前应取得证书，还有 38 天。",
    "remedy": "登记证书后，下一次检查会自动消除本预警。",
    "facts": {"person": "8e03978e-40d5-43e8-bc93-6894a57f9324", "on": "2026-11-23"},
    "due_on": "2026-12-31",
    "holder": {"level": "street", "code": "120101001", "name": "示例街道", "since": "2026-11-15"},
    "opened_on": "2026-11-15",
    "seen_on": "2026-11-23",
    "resolved_on": None,
    "planned_for": "2026-12-20",
    "excused_until": None,
    "acknowledged_at": "2026-11-16T09:30:00+08:00",
    "acknowledged_by": "street-admin",
    "note": "已报名，成绩公布后登记。",
}


class FindingDivisionSerializer(RowSerializer):
    code = serializers.CharField()
    name = serializers.CharField(source="label")


class FindingHolderSerializer(RowSerializer):
    """Whose turn it is: the offices of a division."""

    level = serializers.ChoiceField([(key, holder.label) for key, holder in HOLDERS.items()])
    code = serializers.CharField()
    name = serializers.CharField()
    since = serializers.DateField(help_text=_("从哪天起归该级处理（列计划、暂缓的日子不计）。"))


class FindingPersonSerializer(RowSerializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class FindingSerializer(RowSerializer):
    id = serializers.IntegerField()
    kind = serializers.CharField(help_text=_("检查项的键，如 staffing。"))
    kind_label = serializers.SerializerMethodField()
    division = FindingDivisionSerializer()
    person = FindingPersonSerializer(
        allow_null=True, help_text=_("所涉人员；令牌没有 roster:read 或预警不涉及个人时为空。")
    )
    state = serializers.ChoiceField(State.choices)
    headline = serializers.SerializerMethodField(help_text=_("一句话说明。"))
    remedy = serializers.SerializerMethodField(help_text=_("怎样消除。"))
    facts = serializers.DictField(help_text=_("最近一次检查时的数据、标准和依据。"))
    due_on = serializers.DateField(allow_null=True, help_text=_("期限；规则没有期限时为空。"))
    holder = FindingHolderSerializer(help_text=_("归哪一级处理。"))
    opened_on = serializers.DateField()
    seen_on = serializers.DateField(source="looked_on", help_text=_("最近一次检查的日期。"))
    resolved_on = serializers.DateField(allow_null=True)
    planned_for = serializers.DateField(allow_null=True, help_text=_("计划完成日期。"))
    excused_until = serializers.DateField(allow_null=True, help_text=_("暂不处理到哪天（含）。"))
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = serializers.CharField(help_text=_("签收人或最近处理人的用户名。"))
    note = serializers.CharField(help_text=_("签收、计划的说明，或暂不处理的理由。"))

    def get_kind_label(self, finding: Finding) -> str:
        return str(INSPECTIONS[finding.kind].label) if finding.kind in INSPECTIONS else finding.kind

    def get_headline(self, finding: Finding) -> str:
        return headline_of(finding)

    def get_remedy(self, finding: Finding) -> str:
        return str(INSPECTIONS[finding.kind].remedy) if finding.kind in INSPECTIONS else ""


class NoteSerializer(BodySerializer):
    note = TextField(required=False, allow_blank=True, max_length=500, help_text=_("处理说明，可不填。"))


class AcknowledgeSerializer(NoteSerializer):
    """Signing for a finding."""


class PlanSerializer(NoteSerializer):
    planned_for = serializers.DateField(help_text=_("计划完成日期：今天起一年之内。"))


class ExcuseSerializer(BodySerializer):
    excused_until = serializers.DateField(help_text=_("暂缓到哪天（含）：今天起一年之内。"))
    note = TextField(max_length=500, help_text=_("理由。"))


class ReopenSerializer(NoteSerializer):
    """Taking a plan or an excuse back."""
