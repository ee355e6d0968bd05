"""What REST clients read and report of the tasks of the ledger."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.core.lib.clock import today
from portal.core.web.serializers import BodySerializer, RowSerializer, TextField
from proposals import ledger
from proposals.actions.conditions import REASON_LENGTH
from proposals.enums import TaskDomain, TaskState
from proposals.models import LedgerTask
from proposals.queries.ledger import OPEN
from proposals.serializers.promises import EvidenceField, EvidenceSerializer, shown
from workforce.serializers.roster import PostDivisionSerializer

_DIVISION = {"code": "120101", "name": "示例区"}
_FACTS = {
    "title": "养老机构互认互通",
    "domain": "elderly",
    "agreement": "合作协议〔2026〕1号",
    "regions": "京津冀",
    "leader": "甲局长",
    "chief": "乙处长",
    "officer": "丙专员",
    "posted_on": "2026-11-02",
    "due_on": "2026-12-20",
}
_STANDINGS = (
    (ledger.Standing.AHEAD, _("期间还没有结束")),
    (ledger.Standing.WAITING, _("待报")),
    (ledger.Standing.MISSING, _("未报")),
    (ledger.Standing.IN_TIME, _("按期")),
    (ledger.Standing.LATE, _("迟报")),
)


class OwedSerializer(RowSerializer):
    """A report that the task owes."""

    period = serializers.CharField(help_text=_("期间：2026-11 为月，2026-Q4 为季，2026-H2 为半年，2026 为全年。"))
    standing = serializers.ChoiceField([(str(key), words) for key, words in _STANDINGS], help_text=_("情况。"))
    due_on = serializers.DateField(help_text=_("报送期限。"))
    reported_on = serializers.DateField(allow_null=True, help_text=_("报送日期；空为没有报。"))
    percent = serializers.IntegerField(allow_null=True, help_text=_("完成进度，百分数；空为没有报。"))
    words = serializers.CharField(help_text=_("进展。"))
    problems = serializers.CharField(help_text=_("存在问题。"))
    version = serializers.IntegerField(allow_null=True, help_text=_("报告的版本，更正时带上；空为没有报。"))


class TaskSerializer(RowSerializer):
    example = {
        "id": 1,
        "division": _DIVISION,
        "year": 2026,
        "number": 1,
        **_FACTS,
        "state": "open",
        "overdue": False,
        "commitment": None,
        "evidence": "",
        "evidence_file": None,
        "asked_on": None,
        "struck_on": None,
        "reports": [
            {
                "period": "2026-11",
                "standing": "in_time",
                "due_on": "2026-12-05",
                "reported_on": "2026-12-01",
                "percent": 60,
                "words": "完成两家机构备案。",
                "problems": "",
                "version": 1,
            }
        ],
    }
    id = serializers.IntegerField()
    division = PostDivisionSerializer(help_text=_("地区。"))
    year = serializers.IntegerField(help_text=_("清单年度。"))
    number = serializers.IntegerField(help_text=_("清单中的序号。"))
    title = serializers.CharField(help_text=_("任务。"))
    domain = serializers.ChoiceField(TaskDomain.choices, help_text=_("领域。"))
    agreement = serializers.CharField(help_text=_("依据文件或协议。"))
    regions = serializers.CharField(help_text=_("涉及地区。"))
    leader = serializers.CharField(help_text=_("分管领导。"))
    chief = serializers.CharField(help_text=_("第一责任人。"))
    officer = serializers.CharField(help_text=_("具体承办人。"))
    posted_on = serializers.DateField(help_text=_("挂账日期。"))
    due_on = serializers.DateField(help_text=_("完成期限。"))
    state = serializers.ChoiceField(TaskState.choices, help_text=_("状态。"))
    overdue = serializers.SerializerMethodField(help_text=_("过了期限仍未销号。"))
    commitment = serializers.IntegerField(
        source="commitment_id", allow_null=True, help_text=_("来源承诺事项的编号；空为没有。")
    )
    evidence = serializers.CharField(help_text=_("申请销号时写明的完成情况和佐证。"))
    evidence_file = serializers.SerializerMethodField(help_text=_("佐证文件；空为没有。"))
    asked_on = serializers.DateField(allow_null=True, help_text=_("申请销号的日期。"))
    struck_on = serializers.DateField(allow_null=True, help_text=_("销号或取消的日期。"))
    reports = serializers.SerializerMethodField(help_text=_("应报的每一期报告，按期间的最后一天排列。"))

    def get_overdue(self, task: LedgerTask) -> bool:
        return task.state in OPEN and task.due_on < today()

    @extend_schema_field(EvidenceSerializer(allow_null=True))
    def get_evidence_file(self, task: LedgerTask) -> dict | None:
        return shown(task.evidence_file)

    @extend_schema_field(OwedSerializer(many=True))
    def get_reports(self, task: LedgerTask) -> list[dict]:
        came = {one.period: one for one in task.reports.all()}
        return [_owed(one, came.get(one.period.key)) for one in task.owed]


def _owed(one: ledger.Owed, report) -> dict:
    said = {name: getattr(report, name, None) for name in ("percent", "version")}
    said |= {name: getattr(report, name, "") for name in ("words", "problems")}
    days = {"due_on": one.due_on.isoformat(), "reported_on": one.reported_on and one.reported_on.isoformat()}
    return {"period": one.period.key, "standing": str(one.standing), **days, **said}


class TaskBody(BodySerializer):
    example = {"division": "120101", "year": 2026, **_FACTS}
    division = TextField(max_length=12, help_text=_("地区的区划代码。"))
    year = serializers.IntegerField(min_value=2000, max_value=2100, help_text=_("清单年度。"))
    title = TextField(max_length=200, help_text=_("任务。"))
    domain = serializers.ChoiceField(TaskDomain.choices, help_text=_("领域。"))
    agreement = TextField(required=False, allow_blank=True, max_length=200, help_text=_("依据文件或协议。"))
    regions = TextField(required=False, allow_blank=True, max_length=100, help_text=_("涉及地区。"))
    leader = TextField(max_length=40, help_text=_("分管领导。"))
    chief = TextField(max_length=40, help_text=_("第一责任人。"))
    officer = TextField(max_length=40, help_text=_("具体承办人。"))
    posted_on = serializers.DateField(help_text=_("挂账日期，从这一天所在的期间起应报报告。"))
    due_on = serializers.DateField(help_text=_("完成期限。"))


class PeriodField(TextField):
    """The key of a month, quarter, half-year or year."""

    def __init__(self) -> None:
        super().__init__(help_text=_("期间，如 2026-11、2026-Q4、2026-H2、2026。"))
        self._spectacular_annotation = {"field": {"type": "string", "pattern": "^[0-9]{4}(-([0-9]{2}|Q[1-4]|H[12]))?$"}}

    def to_internal_value(self, data):
        try:
            return ledger.period_of_key(super().to_internal_value(data))
        except ValueError as error:
            raise serializers.ValidationError(_("应为 2026-11、2026-Q4、2026-H2、2026 这样的期间。")) from error


class ReportBody(BodySerializer):
    example = {"period": "2026-11", "words": "完成两家机构备案。", "percent": 60}
    period = PeriodField()
    words = TextField(max_length=2000, help_text=_("进展。"))
    percent = serializers.IntegerField(min_value=0, max_value=100, help_text=_("完成进度。"))
    problems = TextField(required=False, allow_blank=True, default="", max_length=1000, help_text=_("存在问题。"))


class ReportChange(ReportBody):
    example = {**ReportBody.example, "version": 1}
    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647, help_text=_("所更正报告的版本。"))


class AskBody(BodySerializer):
    example = {"evidence": "协议已签署，两家机构挂牌。"}
    evidence = TextField(max_length=2000, help_text=_("完成情况和佐证。"))
    file = EvidenceField()


class ReasonBody(BodySerializer):
    example = {"reason": "佐证不足以说明已经完成。"}
    reason = TextField(max_length=REASON_LENGTH, help_text=_("理由。"))
