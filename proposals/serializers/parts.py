"""What REST clients read of the part of a unit, and the step they take with it."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.lib.clock import today
from portal.core.web.serializers import BodySerializer, RowSerializer, TextField
from proposals import stages
from proposals.actions.conditions import REASON_LENGTH
from proposals.actions.steps import PLAIN
from proposals.enums import DueKind, HandlingRole, ResultClass, Stage
from proposals.models import Handling
from proposals.queries.gates import facts_of, requirements
from proposals.serializers.cases import UnitSerializer

# What a client may take: the steps that stand for themselves, and signing for.
STEPS = ("sign_for", *sorted(PLAIN))
_WHO = {stages.UNIT: _("承办单位"), stages.OFFICE: _("管理提案的单位"), stages.LEADER: _("签发公文的领导")}


class NextStepSerializer(RowSerializer):
    key = serializers.ChoiceField(stages.KEYS, help_text=_("步骤。"))
    to = serializers.ChoiceField(Stage.choices, help_text=_("办理后到哪个阶段。"))
    who = serializers.ChoiceField(list(_WHO.items()), help_text=_("由谁办理。"))


class HandlingSerializer(RowSerializer):
    example = {
        "id": 1,
        "proposal": 1,
        "unit": {"id": 1, "name": "示例区民政局"},
        "role": "lead",
        "stage": "handling",
        "round": 1,
        "assigned_on": "2026-02-10",
        "signed_for_on": "2026-02-11",
        "section": "基层政权科",
        "officer": "科员甲",
        "result": "",
        "due_on": "2026-05-11",
        "due_kind": "reply",
        "suspended": False,
        "replied_on": None,
        "closed_on": None,
        "steps": [{"key": "submit_draft", "to": "office_check", "who": "unit"}],
    }
    id = serializers.IntegerField()
    proposal = serializers.IntegerField(source="proposal_id", help_text=_("提案或建议的编号（id）。"))
    unit = UnitSerializer(help_text=_("承办单位。"))
    role = serializers.ChoiceField(HandlingRole.choices, help_text=_("主办、分办、会办。"))
    stage = serializers.ChoiceField(Stage.choices, help_text=_("所在阶段。"))
    round = serializers.IntegerField(help_text=_("第几次答复。"))
    assigned_on = serializers.DateField(help_text=_("交办日期。"))
    signed_for_on = serializers.DateField(allow_null=True, help_text=_("签收日期。"))
    section = serializers.CharField(help_text=_("承办科室。"))
    officer = serializers.CharField(help_text=_("经办人。"))
    result = serializers.ChoiceField(["", *ResultClass.values], help_text=_("办理结果类别；空为未定。"))
    due_on = serializers.DateField(allow_null=True, help_text=_("最近一项未完成期限的最后一天。"))
    due_kind = serializers.ChoiceField(["", *DueKind.values], help_text=_("那一项期限是什么；空为没有。"))
    suspended = serializers.BooleanField(help_text=_("是否中止计时。"))
    replied_on = serializers.DateField(allow_null=True, help_text=_("首次答复日期。"))
    closed_on = serializers.DateField(allow_null=True, help_text=_("办结日期。"))
    steps = serializers.SerializerMethodField(help_text=_("从这一阶段可以办理的步骤，与页面同出一张表。"))

    def get_steps(self, part: Handling) -> list[dict]:
        facts = facts_of(part, requirements(part.division_id, today()))
        rows = stages.steps_from(part.stage, part.role, facts)
        return NextStepSerializer(rows, many=True).data


class StepBody(BodySerializer):
    """The step to take, with what it needs."""

    example = {"step": "send_back", "words": "第二段的人数与附表不一致。"}
    step = serializers.ChoiceField(STEPS, help_text=_("步骤。签发、寄发、反馈、公开审查另有办法，不在其内。"))
    words = TextField(
        required=False, allow_blank=True, max_length=REASON_LENGTH, help_text=_("理由或说明；退办、退回等须写。")
    )
    on = serializers.DateField(required=False, help_text=_("办理日期；缺省为今天。"))
    section = TextField(required=False, allow_blank=True, max_length=40, help_text=_("签收时：承办科室。"))
    officer = TextField(required=False, allow_blank=True, max_length=40, help_text=_("签收时：经办人。"))
