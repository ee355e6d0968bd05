"""Choices that several kinds share.

Those of records that the apps above hold are spelled here, since policy knows no app; tests keep both equal.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Choices, Field

STATUSES: Choices = (
    ("maternity", gettext_lazy("产假")),
    ("sick", gettext_lazy("长期病假")),
    ("military", gettext_lazy("服兵役")),
    ("study", gettext_lazy("脱产学习")),
    ("other_leave", gettext_lazy("其他长假")),
    ("seconded", gettext_lazy("借调、挂职")),
    ("institution", gettext_lazy("事业编制")),
)
LEVELS: Choices = (
    ("assistant", gettext_lazy("助理社会工作师")),
    ("social_worker", gettext_lazy("社会工作师")),
    ("senior", gettext_lazy("高级社会工作师")),
    ("local", gettext_lazy("地方社区社会工作员")),
)
TIERS: Choices = ((1, gettext_lazy("正职")), (2, gettext_lazy("副职")), (3, gettext_lazy("工作人员")))
GRADES: Choices = (
    ("excellent", gettext_lazy("优秀")),
    ("qualified", gettext_lazy("合格")),
    ("basic", gettext_lazy("基本合格")),
    ("failed", gettext_lazy("不合格")),
)
RANK_GROUPS: Choices = (("street", gettext_lazy("街镇")), ("district", gettext_lazy("区")))
TRAINING_LEVELS: Choices = (
    ("city", gettext_lazy("市级")),
    ("district", gettext_lazy("区级")),
    ("street", gettext_lazy("街镇级")),
)
# Only rules speak of these; no record holds them.
DEGREES: Choices = (
    ("college", gettext_lazy("大专")),
    ("bachelor", gettext_lazy("本科（学士）")),
    ("master", gettext_lazy("硕士")),
    ("doctor", gettext_lazy("博士")),
)
STARS: Choices = (
    (5, gettext_lazy("五星")),
    (4, gettext_lazy("四星")),
    (3, gettext_lazy("三星")),
    (0, gettext_lazy("无星")),
)
ORGANISATION_KINDS: Choices = (
    ("health_committee", gettext_lazy("卫生健康委员会")),
    ("women_children", gettext_lazy("妇女儿童之家")),
    ("party_centre", gettext_lazy("党群服务中心")),
    ("civilisation", gettext_lazy("新时代文明实践站")),
    ("mediation", gettext_lazy("人民调解委员会")),
    ("veterans", gettext_lazy("退役军人服务站")),
)
ROUNDINGS: Choices = (
    ("nearest", gettext_lazy("四舍五入")),
    ("ceil", gettext_lazy("进一")),
    ("floor", gettext_lazy("舍去")),
)


def rounding_field(label: str | Promise) -> Field:
    """How a number of persons with a fraction becomes a whole one."""
    return Field("rounding", label, "choice", choices=ROUNDINGS)
