"""What REST clients read of staffing figures."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.lib.codes import KEY_OF_LEVEL
from portal.core.territory.models import Basis, DivisionKind
from portal.core.territory.queries import COUNTRY_KIND, COUNTRY_NAME
from portal.core.web.serializers import RowSerializer
from workforce.enums import StaffingStatus
from workforce.queries.staffing import Staffing

ORIGINS = [("own", _("本级记录")), ("summed", _("下级合计"))]
# The figure and the part of it whose rows are behind each number.
ROWS = {
    "workers": ("workers", "numerator"),
    "certified": ("certified", "numerator"),
    "population": ("staffing_ratio", "population"),
}
WARNINGS = [("basis", _("口径不是城镇常住人口")), ("outdated", _("人口时点距统计日过久"))]


class RuleValueSerializer(RowSerializer):
    heads = serializers.IntegerField(help_text=_("每 per 名居民配备的人数。"))
    per = serializers.IntegerField()


class RuleSerializer(RowSerializer):
    value = RuleValueSerializer()
    source = serializers.CharField(help_text=_("依据文件和条款。"))


class StaffingRowsSerializer(RowSerializer):
    workers = serializers.URLField(help_text=_("在岗人数所数的每一个人。"))
    certified = serializers.URLField(help_text=_("持证人数所数的每一个人。"))
    population = serializers.URLField(help_text=_("所用人口由哪些登记相加而成。"))


class StaffingSerializer(RowSerializer):
    """One division's figure. Written out by hand below: at 500 rows field by field costs more than the query.

    `rows` in the context gives the address of the rows behind a number, up to its query.
    """

    example = {
        "code": "120101",
        "name": "和平区",
        "level": "district",
        "kind": "district",
        "on": "2026-01-31",
        "status": "short",
        "workers": 612,
        "required": 640,
        "gap": 28,
        "compliant": False,
        "ratio_per_10k": "17.23",
        "population": 355000,
        "population_origin": "own",
        "population_source": "天津市第七次全国人口普查公报",
        "basis": "urban_permanent",
        "population_date": "2020-11-01",
        "rule": {
            "value": {"heads": 18, "per": 10000},
            "source": "中组发[2022]2号 到“十四五”末每万城镇常住人口配备社区工作者18人",
        },
        "certified": 245,
        "certified_share": "40.03",
        "warnings": ["outdated"],
        "rows": {
            name: f"https://portal.example.gov.cn/api/v1/indicators/{key}/rows/"
            f"?division=120101&on=2026-01-31&part={part}"
            for name, (key, part) in ROWS.items()
        },
    }
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(list(KEY_OF_LEVEL.values()))
    kind = serializers.ChoiceField([(COUNTRY_KIND, COUNTRY_NAME), *DivisionKind.choices])
    on = serializers.DateField(help_text=_("统计日。"))
    status = serializers.ChoiceField(StaffingStatus.choices)
    workers = serializers.IntegerField(help_text=_("计入配备人数的在岗人数；一人多岗算一人。"))
    required = serializers.IntegerField(allow_null=True, help_text=_("应配人数，进位取整；null 为无法计算。"))
    gap = serializers.IntegerField(allow_null=True, help_text=_("应配减在岗；负数为超出。"))
    compliant = serializers.BooleanField(
        allow_null=True, help_text=_("按整数判定，不看四舍五入后的比例；null 为无数据、未生效或不适用。")
    )
    ratio_per_10k = serializers.DecimalField(
        14, 2, allow_null=True, help_text=_("每万人人数，截去两位以后的小数，从不进位成达标。")
    )
    population = serializers.IntegerField(allow_null=True, help_text=_("null 为无数据，不是 0。"))
    population_origin = serializers.ChoiceField(ORIGINS, allow_null=True)
    population_source = serializers.CharField(allow_null=True)
    basis = serializers.ChoiceField(Basis.choices, allow_null=True, help_text=_("人口口径；口径不同的数据不可相比。"))
    population_date = serializers.DateField(allow_null=True, help_text=_("人口时点；合计的取最早的一个。"))
    rule = RuleSerializer(allow_null=True, help_text=_("生效的标准；null 为未生效或不适用。"))
    certified = serializers.IntegerField(help_text=_("在岗人数中持证的人数。"))
    certified_share = serializers.DecimalField(5, 2, allow_null=True, help_text=_("持证人数占在岗人数的百分比。"))
    warnings = serializers.ListField(child=serializers.ChoiceField(WARNINGS), help_text=_("读数时要留意的事。"))

    rows = StaffingRowsSerializer(help_text=_("所数的记录。读取另需 roster:read。"))

    def to_representation(self, row: Staffing) -> dict:
        query = f"?division={row.code}&on={row.on.isoformat()}&part="
        rows = {name: f"{self.context['rows'][name]}{query}{part}" for name, (_key, part) in ROWS.items()}
        figure = _figure(row) | {"rows": rows}
        return figure if len(self.fields) == len(figure) else {name: figure[name] for name in self.fields}


def _figure(row: Staffing) -> dict:
    warnings = ["basis"] if row.basis and not row.basis_is_urban else []
    if row.population_outdated:
        warnings.append("outdated")
    ratio, share = row.ratio, row.certified_share
    applies = row.heads and row.status != StaffingStatus.NOT_APPLICABLE
    rule = {"value": {"heads": row.heads, "per": row.per}, "source": row.rule_source} if applies else None
    return {
        "code": row.code,
        "name": row.name,
        "level": KEY_OF_LEVEL[row.level],
        "kind": row.kind,
        "on": row.on.isoformat(),
        "status": row.status,
        "workers": row.workers,
        "required": row.required,
        "gap": row.gap,
        "compliant": row.compliant,
        "ratio_per_10k": None if ratio is None else str(ratio),
        "population": row.population,
        "population_origin": None if row.population is None else "own" if row.population_own else "summed",
        "population_source": row.population_source,
        "basis": row.basis,
        "population_date": row.population_on.isoformat() if row.population_on else None,
        "rule": rule,
        "certified": row.certified,
        "certified_share": None if share is None else str(share),
        "warnings": warnings,
    }
