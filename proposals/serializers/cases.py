"""What REST clients read and bring of proposals and suggestions."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.web.serializers import BodySerializer, RowSerializer, TextField
from proposals.actions.intake import Signer
from proposals.enums import Body, HandlingRole, ProposalState, ProposerType, RefusalGround, ResultClass, Stage
from proposals.models import Proposal
from workforce.serializers.roster import PostDivisionSerializer

MOST_SIGNERS = 300


class SessionSerializer(RowSerializer):
    id = serializers.IntegerField()
    body = serializers.ChoiceField(Body.choices, help_text=_("政协（提案）或人大（建议）。"))
    term = serializers.IntegerField(help_text=_("届。"))
    meeting = serializers.IntegerField(help_text=_("次。"))
    name = serializers.CharField(source="label", help_text=_("公文中的叫法，届次为汉字数字。"))


class UnitSerializer(RowSerializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PartSerializer(RowSerializer):
    """The part of a unit."""

    id = serializers.IntegerField(help_text=_("编号，用于查看和办理这个单位的一份。"))
    unit = UnitSerializer(help_text=_("承办单位。"))
    role = serializers.ChoiceField(HandlingRole.choices, help_text=_("主办、分办、会办。"))
    stage = serializers.ChoiceField(Stage.choices, help_text=_("所在阶段。"))
    result = serializers.ChoiceField(["", *ResultClass.values], help_text=_("办理结果类别；空为未定。含义见当地政策。"))
    due_on = serializers.DateField(allow_null=True, help_text=_("最近一项未完成期限的最后一天。"))
    replied_on = serializers.DateField(allow_null=True, help_text=_("首次答复日期。"))


class ProposalSerializer(RowSerializer):
    example = {
        "id": 1,
        "division": {"code": "120101", "name": "示例区"},
        "session": {"id": 1, "body": "cppcc", "term": 14, "meeting": 5, "name": "区政协十四届五次会议"},
        "number": "0023",
        "title": "关于加强社区工作者队伍建设的提案",
        "text": "建议充实社区工作者队伍。",
        "proposer_type": "joint",
        "proposers": ["甲某", "乙某"],
        "first_signer_forwards": False,
        "between_sessions": False,
        "key": False,
        "field": "民政",
        "received_on": "2026-01-12",
        "filed_on": "2026-01-14",
        "state": "handling",
        "ground": "",
        "merged_into": None,
        "assigned_on": "2026-02-10",
        "closed_on": None,
        "source_key": "ta-0023",
        "handlings": [
            {
                "id": 1,
                "unit": {"id": 1, "name": "示例区民政局"},
                "role": "lead",
                "stage": "handling",
                "result": "",
                "due_on": "2026-05-11",
                "replied_on": None,
            }
        ],
    }
    id = serializers.IntegerField()
    division = PostDivisionSerializer(help_text=_("地区。"))
    session = SessionSerializer(help_text=_("会议。"))
    number = serializers.CharField(help_text=_("编号，文本，保留前面的零。"))
    title = serializers.CharField(help_text=_("案由。"))
    text = serializers.CharField(help_text=_("内容。"))
    proposer_type = serializers.ChoiceField(ProposerType.choices, help_text=_("提案者类别。"))
    proposers = serializers.SerializerMethodField(help_text=_("提案者，第一提案人在前；不含联系方式。"))
    first_signer_forwards = serializers.BooleanField(help_text=_("由第一提案人转告其他提案者。"))
    between_sessions = serializers.BooleanField(help_text=_("闭会期间提出。"))
    key = serializers.BooleanField(help_text=_("重点提案。"))
    field = serializers.CharField(help_text=_("分类。"))
    received_on = serializers.DateField(help_text=_("收到日期。"))
    filed_on = serializers.DateField(allow_null=True, help_text=_("立案日期。"))
    state = serializers.ChoiceField(ProposalState.choices, help_text=_("状态。"))
    ground = serializers.ChoiceField(["", *RefusalGround.values], help_text=_("不予立案的理由；空为没有。"))
    merged_into = serializers.IntegerField(
        source="merged_into_id", allow_null=True, help_text=_("并入哪一件的编号（id）；分别答复。")
    )
    assigned_on = serializers.DateField(allow_null=True, help_text=_("交办日期。"))
    closed_on = serializers.DateField(allow_null=True, help_text=_("办结日期。"))
    source_key = serializers.CharField(help_text=_("来源系统中的标识。"))
    handlings = PartSerializer(many=True, source="taking_part", help_text=_("各承办单位；已退办、收回的不在内。"))

    def get_proposers(self, one: Proposal) -> list[str]:
        return [signer.name for signer in one.signers]


class SignerBody(BodySerializer):
    name = TextField(max_length=60, help_text=_("姓名（不写称谓）或单位名称。"))
    phone = TextField(
        required=False, allow_blank=True, max_length=30, help_text=_("联系电话，加密保存；不给则保留原有的。")
    )
    address = TextField(
        required=False, allow_blank=True, max_length=120, help_text=_("通信地址，加密保存；不给则保留原有的。")
    )


class ProposalBody(BodySerializer):
    """A proposal as another system brings it; session and number say which one it is."""

    example = {
        "division": "120101",
        "body": "cppcc",
        "term": 14,
        "meeting": 5,
        "number": "0023",
        "title": "关于加强社区工作者队伍建设的提案",
        "text": "建议充实社区工作者队伍。",
        "proposer_type": "joint",
        "proposers": [{"name": "甲某", "phone": "0000-0000000"}, {"name": "乙某"}],
        "proposers_count": 2,
        "received_on": "2026-01-12",
        "filed_on": "2026-01-14",
        "source_key": "ta-0023",
    }
    division = TextField(max_length=12, help_text=_("召开会议的地区的区划代码。"))
    body = serializers.ChoiceField(Body.choices, help_text=_("政协（提案）或人大（建议）。"))
    term = serializers.IntegerField(min_value=1, max_value=99, help_text=_("届。"))
    meeting = serializers.IntegerField(min_value=1, max_value=99, help_text=_("次。"))
    number = TextField(max_length=20, help_text=_("编号，文本，保留前面的零。"))
    title = TextField(max_length=200, help_text=_("案由；提案称提案，建议称建议。"))
    text = TextField(required=False, allow_blank=True, max_length=20_000, help_text=_("内容。"))
    proposer_type = serializers.ChoiceField(
        ProposerType.choices, help_text=_("提案者类别；人大只有个人、联名、代表团。")
    )
    proposers = serializers.ListField(
        child=SignerBody(), min_length=1, max_length=MOST_SIGNERS, help_text=_("提案者，第一提案人在前。")
    )
    proposers_count = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_SIGNERS, help_text=_("提案者数；给出时应与 proposers 一致。")
    )
    first_signer_forwards = serializers.BooleanField(required=False, help_text=_("由第一提案人转告其他提案者。"))
    between_sessions = serializers.BooleanField(required=False, help_text=_("闭会期间提出。"))
    key = serializers.BooleanField(required=False, help_text=_("重点提案。"))
    field = TextField(required=False, allow_blank=True, max_length=40, help_text=_("分类。"))
    received_on = serializers.DateField(help_text=_("收到日期。"))
    filed_on = serializers.DateField(required=False, help_text=_("立案日期；给出的直接待交办，不给的待审查。"))
    source_key = TextField(required=False, allow_blank=True, max_length=60, help_text=_("来源系统中的标识。"))

    def validate_proposers(self, given: list[dict]) -> list[Signer]:
        return [Signer(**one) for one in given]
