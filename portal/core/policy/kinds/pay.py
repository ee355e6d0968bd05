"""Pay: ladder, allowances, amounts and bounds (domain §1.C, §2.5). An amount that the sources do not give is null."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic, least_to_most, money
from portal.core.policy.kinds.choices import DEGREES, GRADES, LEVELS, STARS, TIERS

GRADE_LIMITS = (1, 60)


def _level() -> Field:
    return Field("level", gettext_lazy("证书等级"), "choice", choices=LEVELS)


CERTIFICATE_ALLOWANCE = Kind(
    key="pay.certificate_allowance",
    topic=Topic.PAY,
    label=gettext_lazy("证书津贴"),
    summary=gettext_lazy(
        "每月：%(rows)s；幅度：最少 %(least)s、最多 %(most)s；"
        "只发最高一级：%(highest_only)s；须已登记：%(registered_only)s"
    ),
    fields=(
        Field(
            "rows",
            gettext_lazy("各级证书每月津贴"),
            "table",
            0,
            len(LEVELS),
            columns=(_level(), money("amount", gettext_lazy("每月金额"))),
            row="%(level)s %(amount)s",
        ),
        money("least", gettext_lazy("每月最少")),
        money("most", gettext_lazy("每月最多")),
        Field("highest_only", gettext_lazy("只发最高一级"), "boolean"),
        Field("registered_only", gettext_lazy("须已登记"), "boolean"),
    ),
    checks=(least_to_most,),
)


def _steps(name: str, label) -> Field:
    return Field(name, label, "integer", 0, 20, optional=True, unit=gettext_lazy("级"))


CERTIFICATE_STEPS = Kind(
    key="pay.certificate_steps",
    topic=Topic.PAY,
    label=gettext_lazy("持证晋级"),
    summary=gettext_lazy("%(rows)s；幅度：最少 %(least)s、最多 %(most)s；须经专业水平聘任：%(needs_appointment)s"),
    fields=(
        Field(
            "rows",
            gettext_lazy("各级证书增加的岗位等级"),
            "table",
            0,
            len(LEVELS),
            columns=(_level(), _steps("steps", gettext_lazy("增加等级"))),
            row="%(level)s %(steps)s",
        ),
        _steps("least", gettext_lazy("最少增加")),
        _steps("most", gettext_lazy("最多增加")),
        Field("needs_appointment", gettext_lazy("须经专业水平聘任"), "boolean"),
    ),
    checks=(least_to_most,),
)


def _ranges_run_up(value: dict) -> str | None:
    labels = dict(TIERS)
    wrong = [str(labels[row["tier"]]) for row in value["rows"] if row["low"] > row["high"]]
    return _("%(tiers)s的最高等级不能低于最低等级。") % {"tiers": _("、").join(wrong)} if wrong else None


def _every_tier(value: dict) -> str | None:
    return None if len(value["rows"]) == len(TIERS) else _("正职、副职、工作人员各应有一行。")


LADDER = Kind(
    key="pay.ladder",
    topic=Topic.PAY,
    label=gettext_lazy("岗位等级序列（三岗十八级）"),
    summary=gettext_lazy("%(rows)s；每 %(years_per_step)s 年晋一级；岗位变动时%(on_tier_change)s"),
    fields=(
        Field(
            "rows",
            gettext_lazy("各岗位的等级范围"),
            "table",
            1,
            len(TIERS),
            columns=(
                Field("tier", gettext_lazy("岗位层级"), "choice", choices=TIERS),
                Field("low", gettext_lazy("最低等级"), "integer", *GRADE_LIMITS),
                Field("high", gettext_lazy("最高等级"), "integer", *GRADE_LIMITS),
            ),
            row=gettext_lazy("%(tier)s %(low)s–%(high)s 级"),
        ),
        Field("years_per_step", gettext_lazy("几年晋一级"), "integer", 1, 20),
        Field(
            "on_tier_change",
            gettext_lazy("岗位变动时"),
            "choice",
            choices=(
                ("recompute", gettext_lazy("按新岗位重新核定")),
                ("keep", gettext_lazy("保留原等级，不低于新岗位起点")),
            ),
        ),
    ),
    default={
        "rows": [
            {"tier": 1, "low": 7, "high": 18},
            {"tier": 2, "low": 4, "high": 15},
            {"tier": 3, "low": 1, "high": 12},
        ],
        "years_per_step": 3,
        "on_tier_change": "recompute",
    },
    checks=(_every_tier, _ranges_run_up),
)
EDUCATION_CREDIT = Kind(
    key="pay.education_credit",
    topic=Topic.PAY,
    label=gettext_lazy("学历折算"),
    summary=gettext_lazy("学历学位（取最高）折算为%(as)s：%(rows)s"),
    fields=(
        Field(
            "rows",
            gettext_lazy("各级学历学位"),
            "table",
            1,
            len(DEGREES),
            columns=(
                Field("degree", gettext_lazy("学历学位"), "choice", choices=DEGREES),
                Field("steps", gettext_lazy("折算数"), "integer", 0, 40),
            ),
            row="%(degree)s +%(steps)s",
        ),
        Field(
            "as",
            gettext_lazy("折算为"),
            "choice",
            choices=(("grades", gettext_lazy("等级")), ("years", gettext_lazy("工作年限"))),
        ),
    ),
)
YEARS_NOT_COUNTED = Kind(
    key="pay.years_not_counted",
    topic=Topic.PAY,
    label=gettext_lazy("不计入晋级年限的年度"),
    summary=gettext_lazy("年度考核结果为下列等次的年度不计入晋级年限：%(grades)s"),
    fields=(Field("grades", gettext_lazy("考核等次"), "choices", choices=GRADES, optional=True),),
    default={"grades": ["failed"]},
)
GRADE_AMOUNTS = Kind(
    key="pay.grade_amounts",
    topic=Topic.PAY,
    label=gettext_lazy("各等级工资标准"),
    summary=gettext_lazy("每月：%(rows)s"),
    fields=(
        Field(
            "rows",
            gettext_lazy("各等级每月金额"),
            "table",
            1,
            60,
            columns=(
                Field("grade", gettext_lazy("岗位等级"), "integer", *GRADE_LIMITS, unit=gettext_lazy("级")),
                money("amount", gettext_lazy("每月金额")),
            ),
            row="%(grade)s %(amount)s",
        ),
    ),
)
POST_AMOUNTS = Kind(
    key="pay.post_amounts",
    topic=Topic.PAY,
    label=gettext_lazy("各职务补贴标准"),
    summary=gettext_lazy("每月：%(rows)s"),
    fields=(
        Field(
            "rows",
            gettext_lazy("各职务每月补贴"),
            "table",
            1,
            3,
            columns=(
                Field(
                    "post",
                    gettext_lazy("职务"),
                    "choice",
                    choices=(
                        ("secretary_chair", gettext_lazy("书记兼居委会主任")),
                        ("deputy", gettext_lazy("副书记、副主任")),
                        ("member", gettext_lazy("委员")),
                    ),
                ),
                money("amount", gettext_lazy("每月金额")),
                money("raise", gettext_lazy("其中本次提高")),
            ),
            row=gettext_lazy("%(post)s %(amount)s（本次提高 %(raise)s）"),
        ),
    ),
)
PAY_BOUNDS = Kind(
    key="pay.bounds",
    topic=Topic.PAY,
    label=gettext_lazy("薪酬上下限"),
    summary=gettext_lazy("每月起点 %(start)s，最高 %(cap)s，经批准最高 %(exceptional_cap)s"),
    fields=(
        money("start", gettext_lazy("起点（新录用公务员应发工资）")),
        money("cap", gettext_lazy("最高（一级主任科员应发工资）")),
        money("exceptional_cap", gettext_lazy("经批准最高（四级调研员）")),
    ),
)


def _whole(value: dict) -> str | None:
    parts = (value["basic_percent"], value["performance_percent"])
    return None if None in parts or sum(parts) == 100 else _("基本工资与绩效工资的占比合计应为 100%。")


PAY_COMPOSITION = Kind(
    key="pay.composition",
    topic=Topic.PAY,
    label=gettext_lazy("薪酬构成"),
    summary=gettext_lazy("基本工资占比 %(basic_percent)s，绩效工资占比 %(performance_percent)s"),
    fields=(
        Field("basic_percent", gettext_lazy("基本工资占比"), "percent", 0, 100, optional=True, unit="%"),
        Field("performance_percent", gettext_lazy("绩效工资占比"), "percent", 0, 100, optional=True, unit="%"),
    ),
    checks=(_whole,),
)
STAR_COEFFICIENTS = Kind(
    key="pay.star_coefficients",
    topic=Topic.PAY,
    label=gettext_lazy("星级绩效系数"),
    summary=gettext_lazy("绩效按社区星级发放：%(rows)s"),
    fields=(
        Field(
            "rows",
            gettext_lazy("各星级绩效系数"),
            "table",
            1,
            len(STARS),
            columns=(
                Field("star", gettext_lazy("星级"), "choice", choices=STARS),
                Field(
                    "coefficient",
                    gettext_lazy("系数"),
                    "percent",
                    0,
                    1000,
                    optional=True,
                    unit="%",
                ),
            ),
            row="%(star)s %(coefficient)s",
            help=gettext_lazy("系数以百分数填写：1.2 倍填 120。"),
        ),
    ),
)
PAY_KINDS = (
    LADDER,
    EDUCATION_CREDIT,
    CERTIFICATE_STEPS,
    YEARS_NOT_COUNTED,
    GRADE_AMOUNTS,
    POST_AMOUNTS,
    CERTIFICATE_ALLOWANCE,
    STAR_COEFFICIENTS,
    PAY_BOUNDS,
    PAY_COMPOSITION,
)
