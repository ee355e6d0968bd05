"""Households and shops visited (domain §1.H1), and the time and people in the grids (§1.H2 to H4)."""

from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Target
from portal.core.indicators.sources import TAIZHOU, TIANJIN, YICHANG
from portal.core.policy.kinds import GRID_PRESENCE, TIME_SPLIT
from portal.core.policy.kinds import VISITS as VISITS_RULE
from ratings.indicators.figure import places, share

_COVERAGE = Target(kind=VISITS_RULE, of=lambda value: Fraction(value["percent"]))

VISITS = (
    share(
        key="visit_coverage_households",
        label=_("住户走访覆盖率"),
        numerator="households_visited",
        denominator="households_due",
        formula=_(
            "本期已走访住户 ÷ 本期应走访住户；见到本人的走访才算，期中迁入的从下一期起计。没有规定周期的按半年。"
        ),
        citation=TIANJIN,
        target=_COVERAGE,
        better=Better.HIGHER,
    ),
    share(
        key="visit_coverage_shops",
        label=_("商户走访覆盖率"),
        numerator="shops_visited",
        denominator="shops_due",
        formula=_(
            "本期已走访商户 ÷ 本期应走访商户；见到本人的走访才算，期中开业的从下一期起计。没有规定周期的按半年。"
        ),
        citation=TIANJIN,
        target=_COVERAGE,
        better=Better.HIGHER,
    ),
    share(
        key="visits_met_share",
        label=_("走访全覆盖的村（社区）占比"),
        numerator="visits_met",
        denominator="visits_units",
        formula=_("本期应走访的住户和商户都已走访的村（社区） ÷ 本期有应走访住户或商户的村（社区）。"),
        citation=TIANJIN,
        better=Better.HIGHER,
    ),
    places(
        key="households",
        label=_("登记的住户"),
        numerator="households",
        formula=_("当天登记在册的住户数。"),
    ),
    places(
        key="shops",
        label=_("登记的商户"),
        numerator="shops",
        formula=_("当天登记在册的商户数。"),
    ),
)

_SPLIT = {
    "duty_time_share": (_("窗口值守时间占比"), "duty_hours"),
    "patrol_time_share": (_("网格巡查时间占比"), "patrol_hours"),
    "project_time_share": (_("领办项目时间占比"), "project_hours"),
}

SHIFTS = (
    share(
        key="grid_presence_share",
        label=_("每天下沉网格人数占比"),
        numerator="grid_days",
        denominator="roster_days",
        formula=_("本月到当天为止，下沉网格（巡查或走访）的人·天 ÷ 排了班的人·天；轮休不计。"),
        citation=TAIZHOU,
        target=Target(kind=GRID_PRESENCE, of=lambda value: Fraction(value["staff_percent"])),
        better=Better.HIGHER,
    ),
    share(
        key="grid_presence_days_share",
        label=_("下沉网格达标天数占比"),
        numerator="presence_days_met",
        denominator="presence_days",
        formula=_("本月各社区每天下沉网格人数达到规定比例（进一取整）的天数 ÷ 有规定且排了班的天数。"),
        citation=TAIZHOU,
        better=Better.HIGHER,
    ),
    share(
        key="visit_time_share",
        label=_("走访时间占比"),
        numerator="visit_hours",
        denominator="worked_hours",
        formula=_("本月到当天为止，入户走访的时间 ÷ 全部工作时间。"),
        citation=TAIZHOU,
        target=Target(kind=GRID_PRESENCE, of=lambda value: Fraction(value["time_percent"])),
        better=Better.HIGHER,
    ),
    *(
        share(
            key=key,
            label=label,
            numerator=numerator,
            denominator="worked_hours",
            formula=_("本月到当天为止，这一类工作的时间 ÷ 全部工作时间；“三三分段”各占三分之一左右。"),
            citation=YICHANG,
            # What is asked is judged of all parts together (`ratings.norms.split_met`).
            target=Target(kind=TIME_SPLIT, of=lambda value: None, judging=False),
        )
        for key, (label, numerator) in _SPLIT.items()
    ),
)
