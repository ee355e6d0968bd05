"""Every kind of rule there is. A number of a rule stands nowhere else: 18 becomes 20 by one row on the policy page."""

from dataclasses import dataclass
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.territory.models import Basis

FieldType = Literal["integer", "boolean", "choices"]


@dataclass(frozen=True)
class Field:
    """One value of a rule; limits are inclusive. `choices`: a list picked from them, by preference where `ordered`."""

    name: str
    label: str | Promise
    type: FieldType
    minimum: int = 0
    maximum: int = 1_000_000
    choices: tuple[tuple[str, str | Promise], ...] = ()
    ordered: bool = False
    help: str | Promise = ""

    def clean(self, value: Any) -> Any:
        """The value as stored. Raises ValidationError with a sentence for the person who entered it."""
        if self.type == "integer":
            if isinstance(value, bool) or not isinstance(value, int) or not self.minimum <= value <= self.maximum:
                raise ValidationError(
                    _("“%(label)s”应为 %(minimum)s 到 %(maximum)s 之间的整数。")
                    % {"label": self.label, "minimum": self.minimum, "maximum": self.maximum}
                )
        elif self.type == "boolean":
            if not isinstance(value, bool):
                raise ValidationError(_("“%(label)s”应为是或否。") % {"label": self.label})
        elif (
            not isinstance(value, list)
            or not value
            or len(set(map(str, value))) != len(value)
            or not set(map(str, value)) <= {key for key, _label in self.choices}
        ):
            raise ValidationError(_("“%(label)s”应从所列选项中选择，不能重复。") % {"label": self.label})
        return value


@dataclass(frozen=True)
class Kind:
    """A kind of rule. Without `default` a rule that nobody set is not in force; with one, the default applies."""

    key: str
    label: str | Promise
    summary: str | Promise
    fields: tuple[Field, ...]
    default: dict | None = None

    def clean(self, value: Any) -> dict:
        """The checked value of a rule. Raises ValidationError naming the field."""
        if not isinstance(value, dict) or set(value) != {field.name for field in self.fields}:
            names = _("、").join(str(field.label) for field in self.fields)
            raise ValidationError(_("规则内容应包含且只包含：%(names)s。") % {"names": names})
        return {field.name: field.clean(value[field.name]) for field in self.fields}

    def in_words(self, value: dict) -> str:
        """The value as a sentence part, for tables and findings."""
        return str(self.summary) % {field.name: _in_words(field, value[field.name]) for field in self.fields}


def _in_words(field: Field, value: Any) -> str:
    if field.type == "boolean":
        return _("是") if value else _("否")
    if field.type == "choices":
        labels = dict(field.choices)
        return (" › " if field.ordered else "、").join(str(labels[item]) for item in value)
    return f"{value:,}"


STAFFING = Kind(
    key="staffing.per_population",
    label=gettext_lazy("社区工作者配备标准"),
    summary=gettext_lazy("每 %(per)s 名城镇常住人口不少于 %(heads)s 人"),
    fields=(
        Field("heads", gettext_lazy("配备人数"), "integer", 1, 1000),
        Field("per", gettext_lazy("每多少名居民"), "integer", 1, 1_000_000),
    ),
)
ELIGIBILITY = Kind(
    key="staffing.counted",
    label=gettext_lazy("计入配备人数的条件"),
    summary=gettext_lazy(
        "年满 %(age_from)s 周岁，男未满 %(male_until)s、女未满 %(female_until)s 周岁；服务协议计入：%(service_agreement)s"
    ),
    fields=(
        Field("age_from", gettext_lazy("最低年龄"), "integer", 14, 30),
        Field("male_until", gettext_lazy("男性未满"), "integer", 50, 80),
        Field("female_until", gettext_lazy("女性未满"), "integer", 50, 80),
        Field("service_agreement", gettext_lazy("签订服务协议的计入"), "boolean"),
    ),
    default={"age_from": 16, "male_until": 63, "female_until": 58, "service_agreement": False},
)
POPULATION_BASIS = Kind(
    key="population.basis",
    label=gettext_lazy("人口口径优先顺序"),
    summary=gettext_lazy("依次采用 %(order)s"),
    fields=(Field("order", gettext_lazy("优先顺序"), "choices", choices=tuple(Basis.choices), ordered=True),),
    default={"order": [basis.value for basis in Basis]},
)
POPULATION_AGE = Kind(
    key="population.max_age",
    label=gettext_lazy("人口数据有效时长"),
    summary=gettext_lazy("时点早于统计日 %(months)s 个月以上的人口数据予以提示"),
    fields=(Field("months", gettext_lazy("月数"), "integer", 1, 240),),
    default={"months": 12},
)
CERTIFICATES = Kind(
    key="certificate.accepted",
    label=gettext_lazy("认可的职业水平证书"),
    summary=gettext_lazy("认可 %(levels)s"),
    fields=(
        Field(
            "levels",
            gettext_lazy("证书等级"),
            "choices",
            choices=(
                ("assistant", gettext_lazy("助理社会工作师")),
                ("social_worker", gettext_lazy("社会工作师")),
                ("senior", gettext_lazy("高级社会工作师")),
                ("local", gettext_lazy("地方社区社会工作员")),
            ),
        ),
    ),
    default={"levels": ["assistant", "social_worker", "senior", "local"]},
)

KINDS: dict[str, Kind] = {
    kind.key: kind for kind in (STAFFING, ELIGIBILITY, POPULATION_BASIS, POPULATION_AGE, CERTIFICATES)
}
