"""What comes in with an upload and with the acts on an import."""

import json

from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.core.web.serializers import BodySerializer, FlagField, TextField
from portal.pages.import_work import REASON_LENGTH

_DIGEST = "^[0-9a-f]{64}$"


class DigestField(TextField):
    def __init__(self, **kwargs) -> None:
        super().__init__(validators=[RegexValidator(_DIGEST, _("应为 64 位十六进制的指纹。"))], **kwargs)
        self._spectacular_annotation = {"field": {"type": "string", "pattern": _DIGEST}}


class OptionsSerializer(BodySerializer):
    leaving_on = serializers.DateField(
        required=False,
        allow_null=True,
        help_text=gettext_lazy("表中没有的人任职截止到哪天（含）；空为保留不动（缺省）。"),
    )
    leaving_reason = TextField(
        required=False,
        allow_blank=True,
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("截止的原因，会记入每个人的离职记录；有截止日期时必填。"),
    )


@extend_schema_field(OptionsSerializer)
class OptionsField(serializers.Field):
    """Options as JSON text, for a multipart body has no other form for them."""

    def to_internal_value(self, data) -> dict:
        try:
            given = json.loads(data) if isinstance(data, str) else data
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict):
            raise serializers.ValidationError(_('应为 JSON 对象，如 {"leaving_on": "2026-11-30"}。'))
        body = OptionsSerializer(data=given)
        body.is_valid(raise_exception=True)
        return body.validated_data


class UploadSerializer(BodySerializer):
    file = serializers.FileField(
        allow_empty_file=True,
        max_length=255,
        help_text=gettext_lazy(".xlsx、.xls 或 .csv；列与名册导出的相同。"),
    )
    division = serializers.RegexField(r"^[0-9]{2,12}$", help_text=gettext_lazy("导入范围的区划代码。"))
    options = OptionsField(required=False, help_text=gettext_lazy("JSON，内容与 options/ 的相同。"))


class ApplySerializer(BodySerializer):
    digest = DigestField(required=False, help_text=gettext_lazy("所核对的预览的 digest；没有请求头 If-Match 时必填。"))


class UndoSerializer(BodySerializer):
    rest = FlagField(
        required=False,
        default=False,
        help_text=gettext_lazy("导入之后又被改动过的人保持现状，撤销其余的人。"),
    )
