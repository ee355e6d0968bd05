"""What REST clients read of figures: the catalogue, a figure, a row behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal import registry
from portal.core.indicators.arithmetic import rounded
from portal.core.indicators.counting import RowKind
from portal.core.indicators.declare import POPULATION, Better, Indicator, Topic, Unit
from portal.core.indicators.figures import Figure, Met, Origin, State
from portal.core.indicators.parts import DENOMINATOR, NUMERATOR, REST, Part, listed_parts
from portal.core.lib.codes import KEY_OF_LEVEL
from portal.core.territory.models import Basis, DivisionKind
from portal.core.territory.queries import COUNTRY_KIND, COUNTRY_NAME
from portal.core.web.serializers import RowSerializer

SUPPRESSED = "suppressed"
STATES = [*State.choices, (SUPPRESSED, _("为保护个人信息不予公布"))]
STATUSES = [*Met.choices, (SUPPRESSED, _("为保护个人信息不予公布"))]
PLACE_KINDS = [(COUNTRY_KIND, COUNTRY_NAME), *DivisionKind.choices]
ORIGINS = [("own", _("本级记录")), ("summed", _("下级合计"))]
MET = {Met.MET: True, Met.MISSED: False}


def rows_of(indicator: Indicator) -> dict[str, Part]:
    """The numbers of a figure whose rows can be asked for; the population by that name, also where it is the denominator."""
    return {key if part.counter else POPULATION: part for key, part in listed_parts(indicator).items()}


_USUAL = (NUMERATOR, DENOMINATOR, REST, POPULATION)
PARTS = (*_USUAL, *sorted({key for one in registry.INDICATORS.values() for key in rows_of(one)} - {*_USUAL}))
"""Every number whose rows any figure can give, by the name that it has in addresses."""
_LISTED = {key: tuple(rows_of(one)) for key, one in registry.INDICATORS.items()}

SHOWN = registry.INDICATORS["cross_appointment"]
"""The figure of the examples."""
BASE = "https://portal.example.gov.cn/api/v1/indicators/"


def _numerator_label(one: Indicator) -> str | Promise | None:
    return one.book.counters[one.numerator].label if one.numerator else None


def _denominator_label(one: Indicator) -> str | Promise | None:
    if one.denominator == POPULATION:
        return Basis(one.basis).label if one.basis else _("人口（按政策规定的口径顺序取用）")
    labels = [one.whole.counters[name].label for name in one.divisors]
    return format_lazy(" + ".join("{}" for _label in labels), *labels) if labels else None


class IndicatorSerializer(RowSerializer):
    """A figure as it is declared."""

    key = serializers.CharField(help_text=_("指标的标识，用于地址。"))
    label = serializers.CharField()
    topic = serializers.ChoiceField(Topic.choices)
    unit = serializers.ChoiceField(Unit.choices)
    unit_label = serializers.CharField(source="unit.label", help_text=_("单位的写法。"))
    decimals = serializers.IntegerField(source="places", help_text=_("数值的小数位数。"))
    numerator = serializers.SerializerMethodField(help_text=_("分子或计数是什么；null 为由公式得出。"))
    denominator = serializers.SerializerMethodField(help_text=_("分母是什么；null 为没有分母。"))
    formula = serializers.CharField(help_text=_("怎样算出，用文字说明。"))
    citation = serializers.CharField(allow_blank=True, help_text=_("口径的出处；空为本平台自定。"))
    target = serializers.SerializerMethodField(help_text=_("按哪一类政策规则判定是否达标；null 为不设目标。"))
    better = serializers.ChoiceField(Better.choices)
    urban = serializers.BooleanField(help_text=_("是否只适用于有社区居委会的区划；村为“不适用”。"))
    url = serializers.SerializerMethodField(help_text=_("取数的地址。"))

    # Of the declaration itself, so that the documentation says what the catalogue says.
    example: Mapping[str, Any] = {
        "key": SHOWN.key,
        "label": SHOWN.label,
        "topic": SHOWN.topic.value,
        "unit": SHOWN.unit.value,
        "unit_label": SHOWN.unit.label,
        "decimals": SHOWN.places,
        "numerator": _numerator_label(SHOWN),
        "denominator": _denominator_label(SHOWN),
        "formula": SHOWN.formula,
        "citation": SHOWN.citation,
        "target": None,
        "better": SHOWN.better.value,
        "urban": SHOWN.urban,
        "url": f"{BASE}{SHOWN.key}/",
    }

    def get_numerator(self, one: Indicator) -> str | None:
        return None if (label := _numerator_label(one)) is None else str(label)

    def get_denominator(self, one: Indicator) -> str | None:
        return None if (label := _denominator_label(one)) is None else str(label)

    def get_target(self, one: Indicator) -> str | None:
        return one.target.kind.key if one.target else None

    def get_url(self, one: Indicator) -> str:
        return f"{self.context['base']}{one.key}/"


class FigureRuleSerializer(RowSerializer):
    value = serializers.DictField(help_text=_("规则的内容，因类别而异。"))
    source = serializers.CharField(help_text=_("依据文件和条款。"))


ROWS = {
    NUMERATOR: _("分子所数的每一条记录；null 为列不出。"),
    DENOMINATOR: _("分母所数的每一条记录；null 为列不出。"),
    REST: _("计入分母、不计入分子的每一条记录；null 为没有或列不出。"),
    POPULATION: _("所用人口由哪些登记相加而成；null 为不用人口。"),
}


class FigureRowsSerializer(RowSerializer):
    """One address for every number that a figure is made of."""

    def get_fields(self) -> dict:
        other = _("公式用到的这个计数所数的每一条记录；null 为不用或列不出。")
        return {key: serializers.URLField(allow_null=True, help_text=ROWS.get(key, other)) for key in PARTS}


_NO_ROWS: dict[str, str | None] = dict.fromkeys(PARTS)


@dataclass(frozen=True)
class Shown:
    """A figure as it goes out. `number` is the place of its indicator among those asked for."""

    figure: Figure
    number: int = 0
    withheld: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Unique in a series, in its order."""
        return self.figure.code, self.figure.on.isoformat()


class FigureSerializer(RowSerializer):
    """A figure of a division on a day. Written out by hand: at 500 rows field by field costs more than the query.

    `base` in the context is the address of the catalogue.
    """

    indicator = serializers.CharField(help_text=_("指标的 key。"))
    label = serializers.CharField(help_text=_("指标名称。"))
    code = serializers.CharField(help_text=_("区划代码。"))
    name = serializers.CharField(help_text=_("区划名称。"))
    level = serializers.ChoiceField(list(KEY_OF_LEVEL.values()))
    kind = serializers.ChoiceField(PLACE_KINDS)
    on = serializers.DateField(help_text=_("统计日。"))
    state = serializers.ChoiceField(STATES, help_text=_("有没有数值；没有数值不等于 0。"))
    value = serializers.DecimalField(
        20, 2, allow_null=True, help_text=_("数值，按指标的小数位数四舍五入；每万人的截去。null 见 state。")
    )
    unit = serializers.ChoiceField(Unit.choices)
    numerator = serializers.IntegerField(allow_null=True, help_text=_("分子，或没有分母的计数。"))
    denominator = serializers.IntegerField(allow_null=True, help_text=_("分母；null 为没有分母或没有数据。"))
    population = serializers.IntegerField(allow_null=True, help_text=_("所用的人口；null 为不用或没有数据。"))
    population_origin = serializers.ChoiceField(ORIGINS, allow_null=True)
    population_source = serializers.CharField(allow_null=True)
    basis = serializers.ChoiceField(Basis.choices, allow_null=True, help_text=_("人口口径；口径不同的数据不可相比。"))
    population_date = serializers.DateField(allow_null=True, help_text=_("人口时点；合计的取最早的一个。"))
    rule = FigureRuleSerializer(allow_null=True, help_text=_("判定所依据的规则；null 为未生效或不设目标。"))
    target = serializers.DecimalField(20, 4, allow_null=True, help_text=_("目标值，单位同数值。"))
    due = serializers.DateField(allow_null=True, help_text=_("应在哪天之前达到目标。"))
    met = serializers.BooleanField(allow_null=True, help_text=_("是否达标，按未经舍入的数判定；null 见 status。"))
    status = serializers.ChoiceField(STATUSES, help_text=_("是否达标，或为什么不判定。"))
    origin = serializers.ChoiceField(Origin.choices, help_text=_("怎样得出。"))
    counted_at = serializers.DateTimeField(allow_null=True, help_text=_("留存的数据是什么时候统计的。"))
    rows = FigureRowsSerializer(help_text=_("所数的记录。读取另需 roster:read。"))

    example: Mapping[str, Any] = {
        "indicator": SHOWN.key,
        "label": SHOWN.label,
        "code": "2113",
        "name": "朝阳市",
        "level": "city",
        "kind": "city",
        "on": "2021-03-27",
        "state": "value",
        "value": "42.9",
        "unit": SHOWN.unit.value,
        "numerator": 704,
        "denominator": 1641,
        "population": None,
        "population_origin": None,
        "population_source": None,
        "basis": None,
        "population_date": None,
        "rule": None,
        "target": None,
        "due": None,
        "met": None,
        "status": "no_target",
        "origin": "rows",
        "counted_at": None,
        "rows": _NO_ROWS
        | {part: f"{BASE}{SHOWN.key}/rows/?division=2113&on=2021-03-27&part={part}" for part in _LISTED[SHOWN.key]},
    }

    def to_representation(self, row: Shown) -> dict:
        found = self._written(row.figure)
        if row.withheld:
            found |= _withheld(row.figure)
        return found if len(self.fields) == len(found) else {name: found[name] for name in self.fields}

    def _written(self, figure: Figure) -> dict[str, Any]:
        one, place, value, state = figure.indicator, figure.place, figure.value, figure.state
        known = figure.has_numbers
        return {
            "indicator": one.key,
            "label": str(one.label),
            "code": place.code,
            "name": place.name,
            "level": KEY_OF_LEVEL[place.level],
            "kind": place.kind,
            "on": figure.on.isoformat(),
            "state": state.value,
            "value": None if value is None else f"{value:f}",
            "unit": one.unit.value,
            "numerator": figure.numerator if known else None,
            "denominator": figure.denominator if known else None,
            **_population(figure),
            **_judged(figure),
            "origin": str(figure.origin),
            "counted_at": timezone.localtime(figure.counted_at).isoformat() if figure.counted_at else None,
            "rows": _NO_ROWS if state == State.NOT_APPLICABLE else self._links(figure),
        }

    def _links(self, figure: Figure) -> dict[str, str | None]:
        key = figure.indicator.key
        address = f"{self.context['base']}{key}/rows/?division={figure.code}&on={figure.on.isoformat()}&part="
        return _NO_ROWS | {part: address + part for part in _LISTED[key]}


def _population(figure: Figure) -> dict[str, Any]:
    people = figure.population
    names = ("population", "population_origin", "population_source", "basis", "population_date")
    if people is None:
        return dict.fromkeys(names)
    origin = "own" if people.own else "summed"
    found = (people.value, origin, people.source or None, people.basis, people.on.isoformat() if people.on else None)
    return dict(zip(names, found, strict=True))


def _judged(figure: Figure) -> dict[str, Any]:
    rule, met = figure.rule, figure.met
    target = figure.target
    return {
        "rule": {"value": rule.value, "source": rule.source} if rule else None,
        "target": None if target is None else f"{rounded(target, 4).normalize():f}",
        "due": figure.due.isoformat() if figure.due else None,
        "met": MET.get(met),
        "status": met.value,
    }


def _withheld(figure: Figure) -> dict[str, Any]:
    """What takes the place of a small cell; the population is published anyhow."""
    people = figure.indicator.denominator == POPULATION
    return {
        "state": SUPPRESSED,
        "value": None,
        "numerator": None,
        "denominator": figure.denominator if people else None,
        "met": None,
        "status": SUPPRESSED,
        "rows": _NO_ROWS,
    }


class RowDivisionSerializer(RowSerializer):
    code = serializers.CharField()
    name = serializers.CharField(allow_null=True)


class RowPopulationSerializer(RowSerializer):
    """What a record of a population is beside its number."""

    basis = serializers.ChoiceField(Basis.choices, help_text=_("人口口径；口径不同的数据不可相比。"))
    on = serializers.DateField(help_text=_("人口时点。"))
    source = serializers.CharField(help_text=_("来源：文件、公报或台账的名称。"))
    own = serializers.BooleanField(help_text=_("是否所问区划自己的登记；false 为其下级的，合计时相加。"))


class FigureRowSerializer(RowSerializer):
    """One row behind a number."""

    kind = serializers.ChoiceField(
        [(kind, kind) for kind in (*map(str, RowKind), POPULATION)], help_text=_("是什么记录。")
    )
    id = serializers.CharField(help_text=_("记录的编号；社区为其代码。"))
    name = serializers.CharField(
        allow_null=True, help_text=_("人员姓名或社区、网格等的名称；null 为不在您的查看范围。")
    )
    division = RowDivisionSerializer(help_text=_("计入哪个社区。"))
    amount = serializers.DecimalField(20, 2, help_text=_("在这个数里计多少：按条计数的为 1，合计的为所加的数。"))
    url = serializers.URLField(
        allow_null=True, help_text=_("这条记录的地址（人口为所属区划的）；null 为没有接口或不在您的查看范围。")
    )
    population = RowPopulationSerializer(allow_null=True, help_text=_("人口登记的口径、时点和来源；其他记录为 null。"))

    example: Mapping[str, Any] = {
        "kind": "person",
        "id": "0b6f1f0e-8a52-4a43-9d0c-1f3f5c7f9a10",
        "name": "张示例",
        "division": {"code": "211302001001", "name": "示例社区"},
        "amount": "1",
        "url": "https://portal.example.gov.cn/api/v1/workers/0b6f1f0e-8a52-4a43-9d0c-1f3f5c7f9a10/",
        "population": None,
    }
