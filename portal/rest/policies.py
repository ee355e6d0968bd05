"""`policies/`: the rule of every kind that is in force for a division on a day, with its source."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.accounts.roles import Perm, Scope
from portal.core.lib.clock import today
from portal.core.policy.kinds import KINDS
from portal.core.policy.queries import RuleInForce, rules_of
from portal.core.web.filters import ChoiceParameter, CodeParameter, DayParameter
from portal.core.web.operations import Operation
from portal.core.web.paging import ListSource
from portal.core.web.serializers import RowSerializer
from portal.core.web.viewsets import ListMixin, PortalViewSet

ORIGINS = [("rule", _("已录入的规则")), ("default", _("系统默认"))]
EXAMPLE = {
    "kind": "certificate.share_target",
    "label": "持证率目标",
    "division": "4205",
    "on": "2022-12-31",
    "in_force": True,
    "origin": "rule",
    "value": {"percent": 45, "due": "2022-12-31"},
    "in_words": "到 2022-12-31，持证人数不低于社区工作者的 45%",
    "source": "宜昌市社区治理队伍能力提升三年行动方案（2021-11-12） 到2022年底持证率不低于45%",
    "document": "宜昌市社区治理队伍能力提升三年行动方案（2021-11-12）",
    "article": "到2022年底持证率不低于45%",
    "set_for": "4205",
    "valid_from": "2022-01-01",
    "valid_to": "2023-01-01",
}


@dataclass(frozen=True)
class Answer:
    """A rule as it applies to the division and day that were asked for."""

    division: str | None
    on: dt.date
    applied: RuleInForce

    @property
    def kind(self) -> str:
        return self.applied.kind.key

    @property
    def origin(self) -> str | None:
        return "rule" if self.applied.rule else "default" if self.applied.value else None

    @property
    def in_force(self) -> bool:
        return self.applied.value is not None

    def of_rule(self, name: str):
        return getattr(self.applied.rule, name) if self.applied.rule else None


class RuleField(serializers.Field):
    """An attribute of the rule that applies; null where a default applies or nothing is in force."""

    def __init__(self, name: str, schema: dict, **kwargs):
        super().__init__(source="*", read_only=True, allow_null=True, **kwargs)
        self.name, self._spectacular_annotation = name, {"field": schema}

    def to_representation(self, answer: Answer):
        return answer.of_rule(self.name)


_TEXT = {"type": "string"}
_DAY = {"type": "string", "format": "date"}


class PolicySerializer(RowSerializer):
    kind = serializers.ChoiceField([(key, kind.label) for key, kind in KINDS.items()])
    label = serializers.CharField(source="applied.kind.label")
    division = serializers.CharField(allow_null=True, help_text=_("所问的区划；null 为全国。"))
    on = serializers.DateField()
    in_force = serializers.BooleanField(help_text=_("没有人录入、也没有默认值的规则为 false：未生效，而不是已达标。"))
    origin = serializers.ChoiceField(ORIGINS, allow_null=True)
    value = serializers.DictField(source="applied.value", allow_null=True, help_text=_("规则的内容，因类别而异。"))
    in_words = serializers.CharField(source="applied.words")
    source = serializers.CharField(source="applied.source", help_text=_("依据文件和条款。"))
    document = RuleField("document", _TEXT, help_text=_("依据文件。"))
    article = RuleField("article", _TEXT, help_text=_("条款。"))
    set_for = RuleField("division_id", _TEXT, help_text=_("规则为哪个区划而设；null 为全国。"))
    valid_from = RuleField("valid_from", _DAY, help_text=_("生效日期。"))
    valid_to = RuleField("valid_to", _DAY, help_text=_("失效日期，当天起不再有效；null 为长期。"))


class PolicyViewSet(ListMixin, PortalViewSet):
    tag = "policies"
    serializer_class = PolicySerializer
    operations = {
        "list": Operation(
            summary=_("生效的规则"),
            description=_("某区划某日适用的各类规则及其依据：本级或最近的上级所设的优先，其次全国的，最后是默认值。"),
            scope=Scope.POLICIES_READ,
            perm=Perm.VIEW_POLICY,
            parameters=(
                ChoiceParameter(
                    name="kind",
                    description=_("规则类别；空或缺省为全部。"),
                    example="staffing.per_population",
                    empty=True,
                    choices={key: key for key in KINDS},
                ),
                CodeParameter(description=_("适用于哪个区划；缺省为全国的规则。")),
                DayParameter(),
            ),
            example=EXAMPLE,
        ),
    }

    def source(self) -> ListSource:
        on, division = self.values["on"] or today(), self.division()
        code = division.code if division else None
        rules = rules_of(code or "", on)
        wanted = [self.values["kind"]] if self.values["kind"] else list(rules)
        return ListSource([Answer(code, on, rules[kind]) for kind in wanted], "kind")
