"""Grades and monthly pay by tier (domain §1.C): of those whose grade, or whole pay, is known."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm
from portal.core.indicators.declare import Topic, Unit
from portal.core.indicators.sources import CHAOYANG, TIANJIN_MEASURE
from workforce.indicators.figure import figure

_grade = partial(figure, topic=Topic.PAY, unit=Unit.GRADE, citation=TIANJIN_MEASURE, perm=Perm.VIEW_PAY)
_pay = partial(figure, topic=Topic.PAY, unit=Unit.YUAN, decimals=0, citation=CHAOYANG, perm=Perm.VIEW_PAY)
_TIERS = (
    ("", _("平均岗位等级"), _("平均月薪酬")),
    ("_principal", _("正职平均岗位等级"), _("正职平均月薪酬")),
    ("_deputy", _("副职平均岗位等级"), _("副职平均月薪酬")),
    ("_staff", _("工作人员平均岗位等级"), _("工作人员平均月薪酬")),
)

PAY = (
    *(
        _grade(
            key=f"mean_grade{tier}",
            label=label,
            numerator=f"grade_sum{tier}",
            denominator=f"graded{tier}",
            formula=_("岗位等级之和 ÷ 有岗位等级的社区工作者人数。"),
        )
        for tier, label, _pay_label in _TIERS
    ),
    *(
        _pay(
            key=f"mean_pay{tier}",
            label=label,
            numerator=f"pay_sum{tier}",
            denominator=f"paid{tier}",
            formula=_("按薪酬规则能完整算出的月应发之和 ÷ 这些人的人数；规则没有给出金额的人不计。"),
        )
        for tier, _grade_label, label in _TIERS
    ),
)
