"""What REST clients read and write of moves between streets; each side reads what it may know."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.lib.identity import IdError, parse_id
from portal.core.sheets.errors import message_of
from portal.core.web.serializers import BodySerializer, RowSerializer, TextField
from workforce.enums import Body, Entry, TransferState
from workforce.models import Transfer
from workforce.queries.transfers import Standing, waits_for
from workforce.serializers.roster import TIERS, PostDivisionSerializer, TierField

_TIER_OF = {word: tier for tier, word in TIERS.items()}
POST = {
    "body": "station",
    "title": "社区工作者",
    "tier": "staff",
    "grade": 5,
    "entry": "hired",
    "full_time": True,
    "managed": True,
    "grid_worker": False,
}
SIDES = {"from": "giving", "to": "receiving"}


class TransferPostSerializer(RowSerializer):
    body = serializers.ChoiceField(Body.choices, help_text=_("任职机构。"))
    title = serializers.CharField(help_text=_("职务。"))
    tier = TierField(help_text=_("岗位层级：正职、副职、工作人员。"))
    grade = serializers.IntegerField(allow_null=True, help_text=_("岗位等级，1 到 18。"))
    entry = serializers.ChoiceField(Entry.choices, help_text=_("任职方式。"))
    full_time = serializers.BooleanField(help_text=_("是否专职。"))
    managed = serializers.BooleanField(help_text=_("是否纳入管理。"))
    grid_worker = serializers.BooleanField(help_text=_("是否兼任网格员。"))


class TransferWorkerSerializer(RowSerializer):
    id = serializers.UUIDField(allow_null=True, help_text=_("人员编号；调出方同意以前，调入方读到的是 null。"))
    name = serializers.CharField(help_text=_("姓名；调出方同意以前，调入方读到的是申请中填写的姓名。"))
    id_number = serializers.CharField(help_text=_("身份证号，只显示前 3 位和后 4 位。"))


class TransferSerializer(RowSerializer):
    """A transfer that `shown_to` has prepared for its reader."""

    example = {
        "id": 1,
        "worker": {"id": None, "name": "张示例", "id_number": "999***********0024"},
        "from_division": None,
        "to_division": {"code": "120101001001", "name": "示例社区"},
        "effective_on": "2026-12-01",
        "post": POST,
        "reason": "家庭住址变化。",
        "state": "proposed",
        "waits_for": "giving",
        "proposed_by": "street-admin",
        "proposed_at": "2026-11-20T09:30:00+08:00",
        "from_agreed_at": None,
        "to_agreed_at": "2026-11-20T09:30:00+08:00",
        "decision_reason": "",
    }
    id = serializers.IntegerField()
    worker = TransferWorkerSerializer()
    from_division = PostDivisionSerializer(
        source="place_left", allow_null=True, help_text=_("调出社区；调出方同意以前，调入方读到的是 null。")
    )
    to_division = PostDivisionSerializer(help_text=_("调入社区。"))
    effective_on = serializers.DateField(help_text=_("在新社区任职的第一天；原任职到前一天为止。"))
    post = TransferPostSerializer(help_text=_("新任职。"))
    reason = serializers.CharField(help_text=_("调动理由。"))
    state = serializers.ChoiceField(TransferState.choices)
    waits_for = serializers.ChoiceField(
        list(SIDES.values()),
        source="side",
        allow_null=True,
        help_text=_("等哪一方答复：调出方、调入方；已办结为 null。"),
    )
    proposed_by = serializers.CharField(help_text=_("提出人。"))
    proposed_at = serializers.DateTimeField(help_text=_("提出时间。"))
    from_agreed_at = serializers.DateTimeField(allow_null=True, help_text=_("调出方同意的时间。"))
    to_agreed_at = serializers.DateTimeField(allow_null=True, help_text=_("调入方同意的时间。"))
    decision_reason = serializers.CharField(help_text=_("不同意或撤回的理由。"))


def shown_to(user, transfers: list[Transfer]) -> list[Transfer]:
    """The transfers with what the user may know of person and place."""
    for transfer in transfers:
        standing = Standing.of(user, transfer)
        identifier = transfer.person_id if standing.sees_file else None
        transfer.worker = {"id": identifier, "name": standing.name, "id_number": standing.masked}
        transfer.place_left = transfer.from_division if standing.sees_place else None
        transfer.side = SIDES.get(waits_for(transfer))
    return transfers


class TransferPostBody(BodySerializer):
    body = serializers.ChoiceField(Body.choices, help_text=_("任职机构。"))
    title = TextField(max_length=60, help_text=_("职务。"))
    tier = serializers.ChoiceField(list(_TIER_OF), help_text=_("岗位层级：正职、副职、工作人员。"))
    grade = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=18, help_text=_("岗位等级，1 到 18。")
    )
    entry = serializers.ChoiceField(Entry.choices, help_text=_("任职方式。"))
    full_time = serializers.BooleanField(default=True, help_text=_("是否专职。"))
    managed = serializers.BooleanField(default=True, help_text=_("是否纳入管理。"))
    grid_worker = serializers.BooleanField(default=False, help_text=_("是否兼任网格员。"))

    def validate_tier(self, word: str) -> int:
        return int(_TIER_OF[word])


class ProposeBody(BodySerializer):
    """By ID number for somebody of another street, by `worker` for one's own."""

    example = {
        "id_number": "999999199001010024",
        "name": "张示例",
        "division": "120101001001",
        "effective_on": "2026-12-01",
        "post": POST,
        "reason": "家庭住址变化。",
    }
    worker = serializers.UUIDField(required=False, help_text=_("人员编号；由调出方提出时填写。"))
    id_number = TextField(required=False, max_length=18, help_text=_("身份证号；由调入方提出时填写。"))
    name = TextField(required=False, max_length=60, help_text=_("姓名；由调入方提出时填写。"))
    division = TextField(max_length=12, help_text=_("调入社区的代码。"))
    effective_on = serializers.DateField(help_text=_("在新社区任职的第一天。"))
    post = TransferPostBody(help_text=_("新任职。"))
    reason = TextField(required=False, max_length=200, help_text=_("调动理由。"))

    def validate_id_number(self, text: str) -> str:
        read = parse_id(text)
        if isinstance(read, IdError):
            raise serializers.ValidationError(message_of(read.value))
        return read.number

    def validate(self, given: dict) -> dict:
        if ("worker" in given) == ("id_number" in given):
            raise serializers.ValidationError(_("worker 和 id_number 填写其中一项。"))
        if "id_number" in given and "name" not in given:
            raise serializers.ValidationError({"name": [_("按身份证号提出时，请填写姓名。")]})
        return given


class AgreeBody(BodySerializer):
    post = TransferPostBody(required=False, help_text=_("调入方同意时可改新任职；不填则照申请。"))


class RefuseBody(BodySerializer):
    reason = TextField(min_length=2, max_length=200, help_text=_("不同意的理由，对方会看到。"))


class WithdrawBody(BodySerializer):
    reason = TextField(required=False, max_length=200, help_text=_("撤回的理由，可不填；对方会看到。"))
