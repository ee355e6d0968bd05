"""What REST clients read of the part of a unit, and the step they take with it."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.core.lib.clock import today
from portal.core.web.serializers import BodySerializer, FlagField, RowSerializer, TextField
from proposals import stages
from proposals.actions.conditions import REASON_LENGTH
from proposals.actions.steps import PLAIN
from proposals.enums import ContactMode, ContactWhen, DueKind, HandlingRole, ResultClass, Stage
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


class ContactSerializer(RowSerializer):
    id = serializers.IntegerField()
    when = serializers.ChoiceField(ContactWhen.choices, help_text=_("办前、办中、办后。"))
    mode = serializers.ChoiceField(ContactMode.choices, help_text=_("方式。"))
    on = serializers.DateField(help_text=_("日期。"))
    people = serializers.CharField(help_text=_("参加人员。"))
    words = serializers.CharField(help_text=_("沟通情况。"))
    consultation = serializers.BooleanField(help_text=_("再次答复仍不满意后的协商座谈。"))


class OpinionSerializer(RowSerializer):
    words = serializers.CharField(help_text=_("会办意见；免于会办意见的为空。"))
    result = serializers.ChoiceField(["", *ResultClass.values], help_text=_("建议的办理结果类别；空为没有。"))
    number = serializers.CharField(help_text=_("会办意见文号；空为没有。"))
    given_on = serializers.DateField(help_text=_("提出日期。"))
    waived_because = serializers.CharField(help_text=_("免于会办意见的理由；空为没有免。"))


class ExtensionSerializer(RowSerializer):
    id = serializers.IntegerField()
    months = serializers.IntegerField(help_text=_("答复期限，自交办起的月数。"))
    reason = serializers.CharField(help_text=_("理由。"))
    told_on = serializers.DateField(help_text=_("告知提案者的日期。"))
    asked_on = serializers.DateField(help_text=_("申请日期。"))
    agreed = serializers.BooleanField(allow_null=True, help_text=_("是否同意；空为待审批。"))
    decision = serializers.CharField(help_text=_("审批意见。"))


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
        "contacts": [
            {
                "id": 1,
                "when": "before",
                "mode": "visit",
                "on": "2026-02-20",
                "people": "甲委员",
                "words": "面商提案内容。",
                "consultation": False,
            }
        ],
        "opinion": None,
        "extensions": [],
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
    contacts = ContactSerializer(many=True, help_text=_("与提案者的沟通，按日期；撤回的不在内。"))
    opinion = serializers.SerializerMethodField(help_text=_("会办意见；空为没有。"))
    extensions = ExtensionSerializer(many=True, help_text=_("延期申请，先后为序。"))
    steps = serializers.SerializerMethodField(help_text=_("从这一阶段可以办理的步骤，与页面同出一张表。"))

    @extend_schema_field(OpinionSerializer(allow_null=True))
    def get_opinion(self, part: Handling) -> dict | None:
        given = getattr(part, "opinion", None)
        return None if given is None else OpinionSerializer(given).data

    @extend_schema_field(NextStepSerializer(many=True))
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


_LONG = 10_000


class OpinionBody(BodySerializer):
    example = {
        "words": "社区食堂选址由我局会同街道核实，同意主办单位意见。",
        "result": "A",
        "number": "示人函〔2026〕3号",
    }
    words = TextField(max_length=_LONG, help_text=_("会办意见，交给主办单位，不直接答复提案者。"))
    result = serializers.ChoiceField(ResultClass.values, required=False, help_text=_("建议的办理结果类别。"))
    number = TextField(required=False, allow_blank=True, max_length=60, help_text=_("会办意见文号。"))


class WaiveBody(BodySerializer):
    example = {"words": "该单位职能已经划转。"}
    words = TextField(max_length=REASON_LENGTH, help_text=_("理由。"))


class ContactBody(BodySerializer):
    example = {"when": "during", "mode": "visit", "on": "2026-03-02", "people": "甲委员", "words": "面商办理思路。"}
    when = serializers.ChoiceField(ContactWhen.choices, help_text=_("办前、办中、办后。"))
    mode = serializers.ChoiceField(ContactMode.choices, help_text=_("方式。"))
    on = serializers.DateField(help_text=_("日期，不晚于今天。"))
    people = TextField(max_length=200, help_text=_("参加人员。"))
    words = TextField(max_length=1000, help_text=_("沟通情况。"))
    consultation = FlagField(required=False, help_text=_("再次答复仍不满意后的协商座谈。"))


class OfficerBody(BodySerializer):
    example = {"section": "基层政权科", "officer": "科员乙"}
    section = TextField(max_length=40, help_text=_("承办科室。"))
    officer = TextField(max_length=40, help_text=_("经办人。"))


class ExtensionBody(BodySerializer):
    example = {"months": 6, "reason": "需要会同三个部门实地核查。", "told_on": "2026-04-20"}
    months = serializers.IntegerField(min_value=1, max_value=24, help_text=_("答复期限，自交办起的月数。"))
    reason = TextField(max_length=REASON_LENGTH, help_text=_("理由。"))
    told_on = serializers.DateField(help_text=_("告知提案者的日期；须先告知再申请。"))


class DecisionBody(BodySerializer):
    example = {"agreed": True}
    agreed = FlagField(help_text=_("是否同意。"))
    decision = TextField(
        required=False, allow_blank=True, max_length=REASON_LENGTH, help_text=_("审批意见；不同意的必须写明理由。")
    )


class SuspendBody(BodySerializer):
    example = {"starts_on": "2026-03-10", "reason": "等待现场勘察结果。", "consent": "3月9日电话同意。"}
    starts_on = serializers.DateField(help_text=_("中止日期。"))
    reason = TextField(max_length=REASON_LENGTH, help_text=_("理由。"))
    consent = TextField(max_length=200, help_text=_("提案者何时、以何种方式同意。"))


class ResumeBody(BodySerializer):
    example = {"ends_on": "2026-03-24"}
    ends_on = serializers.DateField(help_text=_("恢复日期，从这一天起重新计时。"))
