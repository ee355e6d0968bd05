"""`publications/`: figures as they were told to others, frozen, and what they are by today's records (contract: REST)."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from portal.core.indicators.declare import Unit
from portal.core.indicators.figures import Met, Origin
from portal.core.indicators.models import Publication
from portal.core.indicators.revisions import PartRevision, Revision
from portal.core.web.filters import ChoiceParameter, CodeParameter, DayParameter, IdParameter
from portal.core.web.operations import Operation
from portal.core.web.serializers import RowSerializer
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from portal.pages.indicator_figures import published_for
from portal.registry import INDICATORS
from portal.rest.indicator_access import RIGHTS

_EXAMPLE = {
    "id": 1,
    "indicator": "workers",
    "label": "社区工作者",
    "unit": "persons",
    "division": {"code": "120101", "name": "示例区"},
    "on": "2026-09-30",
    "value": "3310",
    "numerator": 3310,
    "denominator": None,
    "met": "no_target",
    "rule": None,
    "population": None,
    "origin": "today",
    "title": "2026年第三季度通报",
    "document": "示民〔2026〕12号",
    "corrects": None,
    "reason": "",
    "corrected": False,
    "published_by": "district-staff",
    "published_at": "2026-10-08T09:00:00+08:00",
    "digest": "0" * 64,
}
_NUMBERS = {"value": "3310", "numerator": 3310, "denominator": None}
_COMPARISON = {
    "id": 1,
    "same": False,
    "then": _NUMBERS,
    "now": {"value": "3297", "numerator": 3297, "denominator": None},
    "parts": [{"key": "numerator", "label": "社区工作者", "then": 3310, "now": 3297, "came": 2, "went": 15}],
    "population_changed": False,
    "rule_changed": False,
    "words_changed": False,
    "counting_changed": False,
}
_ID = IdParameter(description=_("发布的编号。"), example="1")


class FrozenPlaceSerializer(RowSerializer):
    code = serializers.CharField(source="division_id")
    name = serializers.CharField(source="place", help_text=_("发布时的名称。"))


class FrozenRuleSerializer(RowSerializer):
    document = serializers.CharField(help_text=_("文件。"))
    article = serializers.CharField(help_text=_("条款。"))
    target = serializers.CharField(help_text=_("目标，精确的数或分数；空为没有目标。"))
    due = serializers.CharField(help_text=_("期限；空为没有。"))


class FrozenPopulationSerializer(RowSerializer):
    value = serializers.IntegerField(help_text=_("人口数。"))
    basis = serializers.CharField(help_text=_("口径。"))
    on = serializers.DateField(help_text=_("时点。"))
    source = serializers.CharField(help_text=_("来源。"))


class PublicationSerializer(RowSerializer):
    example = _EXAMPLE
    id = serializers.IntegerField()
    indicator = serializers.CharField(help_text=_("指标的 key。"))
    label = serializers.SerializerMethodField(help_text=_("发布时的指标名称。"))
    unit = serializers.ChoiceField(Unit.choices, source="method.unit", help_text=_("单位。"))
    division = FrozenPlaceSerializer(source="*", help_text=_("区划。"))
    on = serializers.DateField(help_text=_("统计日。"))
    value = serializers.CharField(help_text=_("发布的数，十进制文本。"))
    numerator = serializers.IntegerField(help_text=_("分子。"))
    denominator = serializers.IntegerField(allow_null=True, help_text=_("分母；空为不是比率。"))
    met = serializers.ChoiceField(Met.choices, help_text=_("是否达标。"))
    rule = FrozenRuleSerializer(allow_null=True, help_text=_("当时的规则；空为没有。"))
    population = FrozenPopulationSerializer(allow_null=True, help_text=_("当时的人口；空为不用人口。"))
    origin = serializers.ChoiceField(Origin.choices, help_text=_("数据来源。"))
    title = serializers.CharField(help_text=_("用途或场合。"))
    document = serializers.CharField(help_text=_("文号。"))
    corrects = serializers.IntegerField(
        source="corrects_id", allow_null=True, help_text=_("更正的是哪一次发布（id）。")
    )
    reason = serializers.CharField(help_text=_("更正理由。"))
    corrected = serializers.SerializerMethodField(help_text=_("是否已被更正。"))
    published_by = serializers.CharField(help_text=_("发布人。"))
    published_at = serializers.DateTimeField(help_text=_("发布时间。"))
    digest = serializers.CharField(help_text=_("全部内容的 SHA-256。"))

    def get_label(self, row: Publication) -> str:
        return row.words["label"]

    def get_corrected(self, row: Publication) -> bool:
        return getattr(row, "correction", None) is not None


class FigureNumbersSerializer(RowSerializer):
    value = serializers.CharField(allow_null=True, help_text=_("数，十进制文本；空为算不出来。"))
    numerator = serializers.IntegerField(allow_null=True, help_text=_("分子。"))
    denominator = serializers.IntegerField(allow_null=True, help_text=_("分母；空为不是比率。"))


class FigurePartSerializer(RowSerializer):
    key = serializers.CharField(source="part.key", help_text=_("哪一个数。"))
    label = serializers.CharField(source="part.label", help_text=_("数的名称。"))
    then = serializers.IntegerField(allow_null=True, help_text=_("发布时。"))
    now = serializers.IntegerField(allow_null=True, help_text=_("现在。"))
    came = serializers.SerializerMethodField(help_text=_("新计入的行数；空为名单没有留存。"))
    went = serializers.SerializerMethodField(help_text=_("不再计入的行数；空为名单没有留存。"))

    def get_came(self, one: PartRevision) -> int | None:
        return None if one.changes is None else len(one.came)

    def get_went(self, one: PartRevision) -> int | None:
        return None if one.changes is None else len(one.went)


class ComparisonSerializer(RowSerializer):
    example = _COMPARISON
    id = serializers.IntegerField(source="publication.pk")
    same = serializers.BooleanField(help_text=_("与发布时完全一致。"))
    then = FigureNumbersSerializer(source="publication", help_text=_("发布的数。"))
    now = FigureNumbersSerializer(
        source="today", allow_null=True, help_text=_("用今天的记录重算同一天；空为算不出来。")
    )
    parts = FigurePartSerializer(many=True, help_text=_("构成这个数的各项，名单留存的才有增减。"))
    population_changed = serializers.BooleanField(help_text=_("人口数是否变了。"))
    rule_changed = serializers.BooleanField(help_text=_("规则是否变了。"))
    words_changed = serializers.BooleanField(help_text=_("说明的文字是否变了。"))
    counting_changed = serializers.BooleanField(help_text=_("计算方法是否变了。"))


class SeenPublications(PortalViewSet):
    """Publications in the caller's territory; of figures that the caller may not see there is none."""

    tag = "indicators"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (_ID,)

    def seen(self) -> QuerySet[Publication]:
        rows = published_for(self.request.user)
        return rows.select_related("correction").defer("correction__rows", "correction__children")


class PublicationViewSet(ListMixin, RetrieveMixin, SeenPublications):
    serializer_class = PublicationSerializer
    operations = {
        "list": Operation(
            summary=_("已发布的数"),
            description=_("管理范围内的区划发布过的数，连同当时的规则和人口，按编号排列；发布以后不再改变，更正另发一次。"),
            parameters=(
                CodeParameter(description=_("只要该区划及其下级的。"), example="120101"),
                ChoiceParameter(
                    name="indicator", description=_("只要这个指标的。"), example="workers",
                    choices={key: key for key in INDICATORS},
                ),
                ChoiceParameter(
                    name="state", description=_("只要现行的，或已被更正的。"), example="valid",
                    choices={"valid": True, "corrected": False},
                ),
                DayParameter(description=_("只要这一统计日的。"), example="2026-09-30"),
            ),
            example=_EXAMPLE,
            **RIGHTS,
        ),
        "retrieve": Operation(
            summary=_("一个已发布的数"),
            description=_("发布时冻结的数和依据。"),
            example=_EXAMPLE,
            **RIGHTS,
        ),
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Publication]:
        rows = self.seen()
        if self.action != "list":
            return rows
        place, valid = self.division(), self.values["state"]
        rows = rows.defer("rows", "children", "correction__rows", "correction__children")
        rows = rows.under(place.code if place else "")
        rows = rows.filter(**{name: self.values[name] for name in ("indicator", "on") if self.values[name]})
        return rows if valid is None else rows.filter(correction__isnull=valid)


class ComparisonViewSet(SeenPublications):
    """One publication against the same day counted again from today's records."""

    operation_id = "publications_comparison"
    serializer_class = ComparisonSerializer
    operations = {
        "retrieve": Operation(
            summary=_("与今日数据对比"),
            description=_("发布的数，和用今天的记录重算同一天的数；名单留存的，给出新计入和不再计入的行数。"),
            example=_COMPARISON,
            **RIGHTS,
        )
    }

    def get_queryset(self) -> QuerySet[Publication]:
        return self.seen()

    def retrieve(self, request, *args, **kwargs) -> Response:
        row = self.get_object()
        revision = Revision(row, INDICATORS.get(row.indicator))
        revision.today = _numbers(revision)
        return Response(self.represent([revision])[0])


def _numbers(revision: Revision) -> dict | None:
    now = revision.now
    if now is None:
        return None
    divided = revision.indicator is not None and revision.indicator.divided
    value = None if now.value is None else str(now.value)
    return {"value": value, "numerator": now.numerator, "denominator": now.denominator if divided else None}
