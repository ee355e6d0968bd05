"""What residents bring forward, needs and projects, facilities, organisations, points, deliberation (domain §1.H, §1.I)."""

from datetime import date
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.declare import Better, Target, Unit
from portal.core.indicators.sources import CHAOYANG, TAIZHOU, TIANJIN, TIANJIN_FEATURE, YICHANG
from portal.core.policy.kinds import ALL_POST, FACILITY, ORGANISATIONS, PUBLIC_SPACE, TWO_HALLS
from portal.core.policy.kinds import NEEDS as NEEDS_RULE
from ratings.indicators.figure import figure, matters, places, share
from workforce.counters import BOOK as WORKFORCE


def _due(value: dict) -> date:
    return date.fromisoformat(value["due"])


REQUESTS = (
    matters(
        key="requests",
        label=_("本年受理的诉求和办事"),
        numerator="requests",
        formula=_("本年受理的诉求、窗口办事和代办；撤回的不计。"),
    ),
    share(
        key="requests_on_time",
        label=_("按期答复率"),
        numerator="requests_on_time",
        denominator="requests_judged",
        formula=_("本年受理的事项中，期限内答复的 ÷ 已答复或期限已过的；转办的以答复为准。"),
        citation=YICHANG,
        better=Better.HIGHER,
    ),
    share(
        key="requests_satisfied",
        label=_("居民满意率"),
        numerator="requests_satisfied",
        denominator="requests_answered",
        formula=_("本年受理、已答复的事项中，居民评价满意和基本满意的 ÷ 全部已答复的；没有评价的不算满意。"),
        better=Better.HIGHER,
    ),
    matters(
        key="requests_overdue",
        label=_("逾期未答复的事项"),
        numerator="requests_overdue",
        known="requests",
        formula=_("本年受理、期限已过而没有答复的事项。"),
        citation=YICHANG,
        better=Better.LOWER,
    ),
)

NEEDS = (
    figure(
        key="needs_found",
        label=_("发现的居民需求"),
        unit=Unit.PER_UNIT,
        numerator="needs_found",
        denominator="needs_units",
        formula=_("本年发现的居民需求 ÷ 社区数（加登记了需求的村）；一个社区就是它自己的个数。"),
        citation=TAIZHOU,
        target=Target(kind=NEEDS_RULE, of=lambda value: Fraction(value["needs"])),
        better=Better.HIGHER,
    ),
    figure(
        key="needs_converted",
        label=_("转化为项目的需求"),
        unit=Unit.PER_UNIT,
        numerator="needs_converted",
        denominator="needs_units",
        formula=_("本年发现、已有立项项目的需求 ÷ 社区数（加登记了需求的村）；按需求计，一个需求算一次。"),
        citation=TAIZHOU,
        target=Target(kind=NEEDS_RULE, of=lambda value: Fraction(value["projects"])),
        better=Better.HIGHER,
    ),
    share(
        key="needs_met_share",
        label=_("需求和项目都达标的村（社区）占比"),
        numerator="needs_met",
        denominator="needs_ruled",
        formula=_("本年需求数和转化数都达到规定的村（社区） ÷ 有规定的村（社区）。"),
        citation=TAIZHOU,
        better=Better.HIGHER,
    ),
    places(
        key="projects_approved",
        label=_("已立项的微治理项目"),
        numerator="projects_approved",
        formula=_("本年申报、到当天已经立项的微治理项目。"),
        citation=TAIZHOU,
    ),
    places(
        key="projects_finished",
        label=_("已完成的微治理项目"),
        numerator="projects_finished",
        formula=_("本年申报、到当天已经完成的微治理项目。"),
        citation=TAIZHOU,
    ),
)

FACILITIES = (
    figure(
        key="facility_area_per_100",
        label=_("每百户服务设施面积"),
        unit=Unit.AREA_PER_100,
        numerator="facility_area",
        denominator="grid_households",
        divisor_book=WORKFORCE,
        decimals=2,
        formula=_("在用服务设施面积（平方米） × 100 ÷ 网格登记的户数；上级按合计数计算。"),
        citation=TAIZHOU,
        target=Target(kind=FACILITY, of=lambda value: Fraction(value["square_metres"]), due=_due),
        better=Better.HIGHER,
    ),
    share(
        key="public_space_share",
        label=_("居民活动面积占比"),
        numerator="public_area",
        denominator="facility_area_split",
        formula=_("居民活动面积 ÷ 服务设施面积；没有登记居民活动面积的设施不计。"),
        citation=TAIZHOU,
        target=Target(kind=PUBLIC_SPACE, of=lambda value: Fraction(value["percent"])),
        better=Better.HIGHER,
    ),
    places(
        key="facilities",
        label=_("服务设施"),
        numerator="facilities",
        formula=_("当天在用的服务设施数。"),
    ),
    share(
        key="complexes_rated_share",
        label=_("综合体评级率"),
        numerator="complexes_rated",
        denominator="complexes",
        formula=_("评定了等级的综合体（邻距里） ÷ 综合体。"),
        citation=TAIZHOU,
        better=Better.HIGHER,
    ),
)

FEATURES = (
    share(
        key="organisations_complete",
        label=_("组织和阵地齐全率"),
        numerator="organisations_complete",
        denominator="units",
        formula=_("应有的组织和阵地都有的村（社区） ÷ 全部村（社区）；没有规则的按六类计。"),
        citation=CHAOYANG,
        target=Target(kind=ORGANISATIONS, of=lambda value: Fraction(100)),
        better=Better.HIGHER,
    ),
    share(
        key="all_post_share",
        label=_("全岗通服务覆盖率"),
        numerator="all_post",
        denominator="communities",
        formula=_("实行全岗通服务的社区 ÷ 全部社区。"),
        citation=YICHANG,
        target=Target(kind=ALL_POST, of=lambda value: Fraction(value["percent"]), due=_due),
        better=Better.HIGHER,
        urban=True,
    ),
    share(
        key="two_halls_share",
        label=_("“两厅”覆盖率"),
        numerator="two_halls",
        denominator="communities",
        formula=_("网上议事厅和社区会客厅都有的社区 ÷ 全部社区。"),
        citation=YICHANG,
        target=Target(kind=TWO_HALLS, of=lambda value: Fraction(value["percent"]), due=_due),
        better=Better.HIGHER,
        urban=True,
    ),
    places(
        key="pilots",
        label=_("试点社区"),
        numerator="pilots",
        formula=_("当天是试点的村（社区）。"),
        citation=YICHANG,
    ),
    places(
        key="demonstrations",
        label=_("示范村（社区）"),
        numerator="demonstrations",
        formula=_("当天是示范的村（社区）。"),
        citation=TIANJIN,
    ),
    places(
        key="beautiful",
        label=_("美丽社区"),
        numerator="beautiful",
        formula=_("当天是美丽社区的社区。"),
        citation=TIANJIN_FEATURE,
    ),
    share(
        key="points_share",
        label=_("积分制覆盖率"),
        numerator="points_used",
        denominator="units",
        formula=_("本年有已确认积分的村（社区） ÷ 全部村（社区）。"),
        citation=TIANJIN,
        better=Better.HIGHER,
    ),
    places(
        key="points_villages",
        label=_("实行积分制的村"),
        numerator="points_villages",
        formula=_("本年有已确认积分的村。"),
        citation=TIANJIN,
    ),
)

DELIBERATION = (
    matters(
        key="deliberations",
        label=_("议定的事项"),
        numerator="deliberations",
        formula=_("本年议事协商、已有议定结果的事项。"),
        citation=YICHANG,
    ),
    share(
        key="deliberation_done",
        label=_("议定事项按期落实率"),
        numerator="deliberations_on_time",
        denominator="deliberations_judged",
        formula=_("本年议定的事项中，按期落实的 ÷ 已落实或期限已过的。"),
        citation=YICHANG,
        better=Better.HIGHER,
    ),
    matters(
        key="deliberations_overdue",
        label=_("逾期未落实的议定事项"),
        numerator="deliberations_overdue",
        known="deliberations",
        formula=_("本年议定、期限已过而没有落实的事项。"),
        citation=YICHANG,
        better=Better.LOWER,
    ),
)
