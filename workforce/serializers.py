"""What REST clients read of staffing and roster. Personal data go out masked unless the view says otherwise."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.lib.codes import KEY_OF_LEVEL, LEVEL_KEYS
from portal.core.lib.identity import mask, mask_phone
from portal.core.territory.models import Basis, DivisionKind
from portal.core.web.serializers import RowSerializer
from workforce.enums import Body, Entry, Sex, StaffingStatus, Tier
from workforce.models import Person
from workforce.queries.staffing import Staffing

TIERS = {Tier.PRINCIPAL: "principal", Tier.DEPUTY: "deputy", Tier.STAFF: "staff"}
ORIGINS = [("own", _("本级记录")), ("summed", _("下级合计"))]
WARNINGS = [("basis", _("口径不是城镇常住人口")), ("outdated", _("人口时点距统计日过久"))]
PERSONAL = ("id_number", "phone", "birth_date")


class RuleValueSerializer(RowSerializer):
    heads = serializers.IntegerField(help_text=_("每 per 名居民配备的人数。"))
    per = serializers.IntegerField()


class RuleSerializer(RowSerializer):
    value = RuleValueSerializer()
    source = serializers.CharField(help_text=_("依据文件和条款。"))


class StaffingSerializer(RowSerializer):
    """One division's figure. Written out by hand below: at 500 rows field by field costs more than the query."""

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
        "rule": {"value": {"heads": 18, "per": 10000}, "source": "国办发〔2021〕61号 三（九）"},
        "certified": 245,
        "certified_share": "40.03",
        "warnings": ["outdated"],
    }
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.ChoiceField(list(LEVEL_KEYS))
    kind = serializers.ChoiceField(DivisionKind.choices)
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

    def to_representation(self, row: Staffing) -> dict:
        figure = _figure(row)
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


class WorkerSerializer(RowSerializer):
    """A person of the roster. `revealed` in the context holds the ids whose personal data go out in clear."""

    example = {
        "id": "0b6f1f0e-8a52-4a43-9d0c-1f3f5c7f9a10",
        "name": "张示例",
        "sex": "female",
        "birth_year": 1990,
        "birth_date": None,
        "id_number": "999***********0028",
        "phone": "138****0000",
        "ethnicity": "汉族",
        "political_status": "中共党员",
        "education": "大学本科",
        "degree": "学士",
        "major": "社会工作",
        "hired_on": "2020-07-01",
        "left_on": None,
        "leaving_reason": "",
        "masked": True,
    }
    id = serializers.UUIDField()
    name = serializers.CharField()
    sex = serializers.ChoiceField(Sex.choices)
    birth_year = serializers.IntegerField(source="birth_date.year")
    birth_date = serializers.SerializerMethodField(help_text=_("出生日期；不带 roster:personal 时为 null。"))
    id_number = serializers.SerializerMethodField(
        help_text=_("身份证号；不带 roster:personal 时只显示前 3 位和后 4 位。")
    )
    phone = serializers.SerializerMethodField(help_text=_("联系电话；不带 roster:personal 时遮去中间。"))
    ethnicity = serializers.CharField()
    political_status = serializers.CharField()
    education = serializers.CharField()
    degree = serializers.CharField()
    major = serializers.CharField()
    hired_on = serializers.DateField(allow_null=True)
    left_on = serializers.DateField(allow_null=True, help_text=_("离职日期。"))
    leaving_reason = serializers.CharField()
    masked = serializers.SerializerMethodField(help_text=_("个人信息是否已遮蔽。"))

    def _clear(self, person: Person) -> bool:
        return person.pk in self.context.get("revealed", ())

    def get_masked(self, person: Person) -> bool:
        return not self._clear(person)

    def get_birth_date(self, person: Person) -> str | None:
        return person.birth_date.isoformat() if self._clear(person) else None

    def get_id_number(self, person: Person) -> str:
        return str(person.id_number) if self._clear(person) else mask(person.id_number)

    def get_phone(self, person: Person) -> str | None:
        if not person.phone:
            return None
        return str(person.phone) if self._clear(person) else mask_phone(person.phone)


class TierField(serializers.ChoiceField):
    """Tiers are numbers in the roster, most senior first, and words out here."""

    def __init__(self, **kwargs):
        super().__init__(list(TIERS.values()), **kwargs)

    def to_representation(self, value: int) -> str:
        return TIERS[value]


class PostHolderSerializer(RowSerializer):
    id = serializers.UUIDField()
    name = serializers.CharField()


class PostDivisionSerializer(RowSerializer):
    code = serializers.CharField()
    name = serializers.CharField(source="label")


class AppointmentSerializer(RowSerializer):
    example = {
        "id": 1,
        "worker": {"id": "0b6f1f0e-8a52-4a43-9d0c-1f3f5c7f9a10", "name": "张示例"},
        "division": {"code": "120101001001", "name": "示例社区"},
        "body": "station",
        "title": "社区工作者",
        "tier": "staff",
        "grade": 5,
        "entry": "hired",
        "full_time": True,
        "managed": True,
        "grid_worker": False,
        "valid_from": "2020-07-01",
        "valid_to": None,
    }
    id = serializers.IntegerField()
    worker = PostHolderSerializer(source="person")
    division = PostDivisionSerializer()
    body = serializers.ChoiceField(Body.choices, help_text=_("任职机构。"))
    title = serializers.CharField(help_text=_("职务。"))
    tier = TierField(help_text=_("岗位层级：正职、副职、工作人员。"))
    grade = serializers.IntegerField(allow_null=True, help_text=_("岗位等级，1 到 18。"))
    entry = serializers.ChoiceField(Entry.choices, help_text=_("任职方式。"))
    full_time = serializers.BooleanField(help_text=_("是否专职。"))
    managed = serializers.BooleanField(help_text=_("是否纳入管理。"))
    grid_worker = serializers.BooleanField(help_text=_("是否兼任网格员。"))
    valid_from = serializers.DateField(help_text=_("任职起始。"))
    valid_to = serializers.DateField(allow_null=True, help_text=_("不再任职的第一天；null 为在任。"))
