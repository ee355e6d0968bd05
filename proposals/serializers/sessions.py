"""What REST clients read and enter of sessions and of the units that handle what comes from them."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.web.serializers import BodySerializer, RowSerializer, TextField
from proposals.enums import Body
from proposals.serializers.cases import SessionSerializer
from workforce.serializers.roster import PostDivisionSerializer

_SESSION = {
    "body": "cppcc",
    "place_name": "区政协",
    "term": 14,
    "meeting": 5,
    "opened_on": "2026-01-10",
    "closed_on": "2026-01-14",
    "reply_by": "2026-06-30",
}
_UNIT = {
    "name": "示例区民政局",
    "short": "区民政局",
    "heading": "示例区民政局",
    "word": "示民函",
    "contact": "办公室",
    "phone": "0000-0000000",
    "postcode": "000000",
}
_DIVISION = {"code": "120101", "name": "示例区"}


class SessionRowSerializer(SessionSerializer):
    example = {
        "id": 1,
        **_SESSION,
        "name": "区政协十四届五次会议",
        "division": _DIVISION,
        "party_reply_by": None,
        "proposals": 86,
    }
    division = PostDivisionSerializer(help_text=_("地区。"))
    place_name = serializers.CharField(help_text=_("机构在公文中的叫法。"))
    opened_on = serializers.DateField(help_text=_("开幕日期。"))
    closed_on = serializers.DateField(help_text=_("闭幕日期。"))
    reply_by = serializers.DateField(allow_null=True, help_text=_("统一答复期限；空为按政策计算。"))
    party_reply_by = serializers.DateField(allow_null=True, help_text=_("党派、团体提案答复期限；空为没有另定。"))
    proposals = serializers.IntegerField(source="counted", help_text=_("有权查看的提案、建议件数。"))


class SessionChange(BodySerializer):
    example = _SESSION
    body = serializers.ChoiceField(Body.choices, help_text=_("政协（提案）或人大（建议）。"))
    place_name = TextField(max_length=40, help_text=_("机构在公文中的叫法，如区政协、区人大。"))
    term = serializers.IntegerField(min_value=1, max_value=99, help_text=_("届。"))
    meeting = serializers.IntegerField(min_value=1, max_value=99, help_text=_("次。"))
    opened_on = serializers.DateField(help_text=_("开幕日期。"))
    closed_on = serializers.DateField(help_text=_("闭幕日期。"))
    reply_by = serializers.DateField(required=False, allow_null=True, help_text=_("统一答复期限。"))
    party_reply_by = serializers.DateField(required=False, allow_null=True, help_text=_("党派、团体提案答复期限。"))


class SessionBody(SessionChange):
    example = {"division": "120101", **_SESSION}
    division = TextField(max_length=12, help_text=_("地区的区划代码。"))


class UnitRowSerializer(RowSerializer):
    example = {"id": 1, "division": _DIVISION, **_UNIT, "closed_on": None}
    id = serializers.IntegerField()
    division = PostDivisionSerializer(help_text=_("地区。"))
    name = serializers.CharField(help_text=_("落款用的全称。"))
    short = serializers.CharField(help_text=_("简称。"))
    heading = serializers.CharField(help_text=_("发文机关标志。"))
    word = serializers.CharField(help_text=_("机关代字；空为不编号。"))
    contact = serializers.CharField(help_text=_("联系科室。"))
    phone = serializers.CharField(help_text=_("印在公文上的办公电话。"))
    postcode = serializers.CharField(help_text=_("邮编。"))
    closed_on = serializers.DateField(allow_null=True, help_text=_("停用日期；空为在用。"))


class UnitChange(BodySerializer):
    example = _UNIT
    name = TextField(max_length=60, help_text=_("落款用的全称，本地不得重名。"))
    short = TextField(max_length=20, help_text=_("简称。"))
    heading = TextField(max_length=60, help_text=_("发文机关标志。"))
    word = TextField(required=False, allow_blank=True, max_length=12, help_text=_("机关代字。"))
    contact = TextField(required=False, allow_blank=True, max_length=40, help_text=_("联系科室。"))
    phone = TextField(required=False, allow_blank=True, max_length=30, help_text=_("办公电话，不填个人手机。"))
    postcode = serializers.RegexField(
        "^([0-9]{6})?$", required=False, allow_blank=True, help_text=_("邮编，6 位数字。")
    )


class UnitBody(UnitChange):
    example = {"division": "120101", **_UNIT}
    division = TextField(max_length=12, help_text=_("地区的区划代码。"))
