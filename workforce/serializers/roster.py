"""What REST clients read of the roster. Personal data go out masked unless the view says otherwise."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.lib.identity import mask, mask_phone
from portal.core.web.serializers import RowSerializer
from workforce.enums import Body, Entry, Sex, Tier
from workforce.models import Person

TIERS = {Tier.PRINCIPAL: "principal", Tier.DEPUTY: "deputy", Tier.STAFF: "staff"}
PERSONAL = ("id_number", "phone", "birth_date", "leaving_reason")


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
        "leaving_reason": None,
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
    leaving_reason = serializers.SerializerMethodField(help_text=_("离职原因；不带 roster:personal 时为 null。"))
    masked = serializers.SerializerMethodField(help_text=_("个人信息是否已遮蔽。"))

    def _clear(self, person: Person) -> bool:
        return person.pk in self.context.get("revealed", ())

    def get_masked(self, person: Person) -> bool:
        return not self._clear(person)

    def get_birth_date(self, person: Person) -> str | None:
        return person.birth_date.isoformat() if self._clear(person) else None

    def get_leaving_reason(self, person: Person) -> str | None:
        return person.leaving_reason if self._clear(person) else None

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
