"""Grids, service norms and star rating (domain §1.A5, §1.H, §2.6)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic, percent
from portal.core.policy.kinds.choices import ORGANISATION_KINDS, STARS

GRID_TEAM = Kind(
    key="grid.team",
    topic=Topic.GRID,
    label=gettext_lazy("每个网格的力量配备"),
    summary=gettext_lazy("每个网格：网格长 %(chiefs)s 人，专职网格员 %(full_time)s 人，网格指导员 %(instructors)s 人"),
    fields=(
        Field("chiefs", gettext_lazy("网格长"), "integer", 0, 20),
        Field("full_time", gettext_lazy("专职网格员"), "integer", 0, 20),
        Field("instructors", gettext_lazy("网格指导员"), "integer", 0, 20),
    ),
    default={"chiefs": 1, "full_time": 1, "instructors": 1},
)
VISITS = Kind(
    key="service.visits",
    topic=Topic.SERVICE,
    label=gettext_lazy("入户走访"),
    summary=gettext_lazy("每 %(months)s 个月走访住户和商户的 %(percent)s"),
    fields=(
        Field("months", gettext_lazy("周期（月）"), "integer", 1, 24),
        percent("percent", gettext_lazy("走访覆盖率"), 1),
    ),
)
GRID_PRESENCE = Kind(
    key="service.grid_presence",
    topic=Topic.SERVICE,
    label=gettext_lazy("下沉网格"),
    summary=gettext_lazy(
        "每天不少于 %(staff_percent)s 的社区工作者下沉网格，走访时间不少于工作时间的 %(time_percent)s"
    ),
    fields=(
        percent("staff_percent", gettext_lazy("每天下沉人数占比")),
        percent("time_percent", gettext_lazy("走访时间占比")),
    ),
)
TIME_SPLIT = Kind(
    key="service.time_split",
    topic=Topic.SERVICE,
    label=gettext_lazy("工作时间分段"),
    summary=gettext_lazy("工作时间等分为 %(parts)s 段：轮岗值守、巡查网格、领办项目等"),
    fields=(Field("parts", gettext_lazy("等分段数"), "integer", 2, 10),),
)
TIME_TOLERANCE = Kind(
    key="service.time_tolerance",
    topic=Topic.SERVICE,
    label=gettext_lazy("工作时间分段的允许偏差"),
    summary=gettext_lazy("每段用时与等分的差距不超过 %(points)s"),
    fields=(Field("points", gettext_lazy("允许偏差"), "integer", 0, 50, unit=gettext_lazy("个百分点")),),
    default={"points": 5},
)
NEEDS = Kind(
    key="service.needs",
    topic=Topic.SERVICE,
    label=gettext_lazy("居民需求与微治理项目"),
    summary=gettext_lazy("每个社区每年发现居民需求不少于 %(needs)s 个，转化为微治理项目不少于 %(projects)s 个"),
    fields=(
        Field("needs", gettext_lazy("居民需求"), "integer", 0, 1000),
        Field("projects", gettext_lazy("微治理项目"), "integer", 0, 1000),
    ),
)
FACILITY = Kind(
    key="service.facility",
    topic=Topic.SERVICE,
    label=gettext_lazy("服务设施面积"),
    summary=gettext_lazy("到 %(due)s，每百户不少于 %(square_metres)s 平方米"),
    fields=(
        Field("square_metres", gettext_lazy("每百户平方米"), "integer", 1, 10_000),
        Field("due", gettext_lazy("达到目标的日期"), "date"),
    ),
)
PUBLIC_SPACE = Kind(
    key="service.public_space",
    topic=Topic.SERVICE,
    label=gettext_lazy("用于居民活动的面积"),
    summary=gettext_lazy("服务设施面积的 %(percent)s 以上用于居民活动"),
    fields=(percent("percent", gettext_lazy("占比"), 1),),
)
ALL_POST = Kind(
    key="service.all_post",
    topic=Topic.SERVICE,
    label=gettext_lazy("全岗通服务"),
    summary=gettext_lazy("到 %(due)s，全岗通服务覆盖 %(percent)s 的社区"),
    fields=(
        percent("percent", gettext_lazy("覆盖率"), 1),
        Field("due", gettext_lazy("达到目标的日期"), "date"),
    ),
)
TWO_HALLS = Kind(
    key="service.two_halls",
    topic=Topic.SERVICE,
    label=gettext_lazy("“两厅”建设"),
    summary=gettext_lazy("到 %(due)s，网上议事厅和社区会客厅覆盖 %(percent)s 的社区"),
    fields=(
        percent("percent", gettext_lazy("覆盖率"), 1),
        Field("due", gettext_lazy("达到目标的日期"), "date"),
    ),
)
STAR_GRADES = Kind(
    key="rating.grades",
    topic=Topic.RATING,
    label=gettext_lazy("星级设置"),
    summary=gettext_lazy("每 %(months)s 个月评定一次，分为 %(grades)s"),
    fields=(
        Field("grades", gettext_lazy("星级"), "choices", choices=STARS),
        Field("months", gettext_lazy("评定周期（月）"), "integer", 1, 60),
    ),
)


def _shares_are_whole(value: dict) -> str | None:
    return None if sum(value.values()) == 100 else _("各星级的占比合计应为 100%。")


STAR_SHARES = Kind(
    key="rating.shares",
    topic=Topic.RATING,
    label=gettext_lazy("星级分布"),
    summary=gettext_lazy("五星 %(five)s、四星 %(four)s、三星 %(three)s、无星 %(none)s 左右"),
    fields=(
        percent("five", gettext_lazy("五星占比")),
        percent("four", gettext_lazy("四星占比")),
        percent("three", gettext_lazy("三星占比")),
        percent("none", gettext_lazy("无星占比")),
    ),
    checks=(_shares_are_whole,),
)
STAGE_DAYS = Kind(
    key="rating.stages",
    topic=Topic.RATING,
    label=gettext_lazy("星级评定各阶段期限"),
    summary=gettext_lazy(
        "自评 %(self)s 天，街镇初评 %(street)s 天，区级复核 %(district)s 天，部门联审 %(joint)s 天，"
        "综合评定 %(calibration)s 天，公示后 %(decision)s 天内认定"
    ),
    fields=tuple(
        Field(name, label, "integer", 1, 180, unit=gettext_lazy("天"))
        for name, label in (
            ("self", gettext_lazy("自评")),
            ("street", gettext_lazy("街镇初评")),
            ("district", gettext_lazy("区级复核")),
            ("joint", gettext_lazy("部门联审")),
            ("calibration", gettext_lazy("综合评定")),
            ("decision", gettext_lazy("认定")),
        )
    ),
    default={"self": 15, "street": 15, "district": 20, "joint": 10, "calibration": 10, "decision": 30},
)
STAR_NOTICE = Kind(
    key="rating.notice",
    topic=Topic.RATING,
    label=gettext_lazy("星级公示"),
    summary=gettext_lazy("公示 %(working_days)s 个工作日，异议在 %(answer_days)s 个工作日内答复，公示分数：%(scores)s"),
    fields=(
        Field("working_days", gettext_lazy("公示工作日"), "integer", 1, 60),
        Field("answer_days", gettext_lazy("答复异议的工作日"), "integer", 1, 60),
        Field("scores", gettext_lazy("公示分数"), "boolean"),
    ),
    default={"working_days": 5, "answer_days": 5, "scores": False},
)
STAR_ELIGIBILITY = Kind(
    key="rating.eligibility",
    topic=Topic.RATING,
    label=gettext_lazy("与星级挂钩的资格"),
    summary=gettext_lazy(
        "评优评先和两代表一委员推荐：%(nomination)s；定向招录：%(recruitment)s；提拔使用：%(promotion)s"
    ),
    fields=(
        Field("nomination", gettext_lazy("评优评先、两代表一委员推荐"), "choices", choices=STARS),
        Field("recruitment", gettext_lazy("定向招录"), "choices", choices=STARS),
        Field("promotion", gettext_lazy("提拔使用"), "choices", choices=STARS),
    ),
)
STAR_MEASURES = Kind(
    key="rating.measures",
    topic=Topic.RATING,
    label=gettext_lazy("无星单位“一肩挑”的处理"),
    summary=gettext_lazy(
        "认定后 %(talk)s 天内谈话提醒；连续 %(admonition_years)s 年无星的诫勉；连续 %(removal_years)s 年无星的免去党内职务"
    ),
    fields=(
        Field("talk", gettext_lazy("谈话提醒期限（天）"), "integer", 1, 365, optional=True),
        Field("admonition_years", gettext_lazy("诫勉：连续无星年数"), "integer", 1, 10, optional=True),
        Field("removal_years", gettext_lazy("免去党内职务：连续无星年数"), "integer", 1, 10, optional=True),
    ),
)
STAR_REMOVAL = Kind(
    key="rating.removal",
    topic=Topic.RATING,
    label=gettext_lazy("年度内摘星的生效"),
    summary=gettext_lazy("年度内摘星自%(effect)s起影响绩效"),
    fields=(
        Field(
            "effect",
            gettext_lazy("生效"),
            "choice",
            choices=(
                ("next_month", gettext_lazy("决定的次月")),
                ("same_day", gettext_lazy("决定当日")),
                ("next_year", gettext_lazy("次年 1 月")),
            ),
        ),
    ),
    default={"effect": "next_month"},
)
ORGANISATIONS = Kind(
    key="service.organisations",
    topic=Topic.SERVICE,
    label=gettext_lazy("村（社区）应有的组织和阵地"),
    summary=gettext_lazy("每个村（社区）应有：%(kinds)s"),
    fields=(Field("kinds", gettext_lazy("组织和阵地"), "choices", choices=ORGANISATION_KINDS),),
)
PILOTS = Kind(
    key="service.pilots",
    topic=Topic.SERVICE,
    label=gettext_lazy("每个街道的试点社区"),
    summary=gettext_lazy("每个街道选 %(least)s 到 %(most)s 个试点社区"),
    fields=(
        Field("least", gettext_lazy("最少"), "integer", 0, 20),
        Field("most", gettext_lazy("最多"), "integer", 1, 50),
    ),
)
ACCESS = Kind(
    key="service.access",
    topic=Topic.SERVICE,
    label=gettext_lazy("社区工作事项准入"),
    summary=gettext_lazy("提前 %(days_ahead)s 个工作日申请，%(decision_days)s 个工作日内作出决定"),
    fields=(
        Field("days_ahead", gettext_lazy("提前申请的工作日"), "integer", 0, 250),
        Field("decision_days", gettext_lazy("作出决定的工作日"), "integer", 1, 120),
    ),
)
REQUESTS = Kind(
    key="service.requests",
    topic=Topic.SERVICE,
    label=gettext_lazy("居民诉求和办事的期限"),
    summary=gettext_lazy("诉求 %(appeal)s 个工作日、窗口办事 %(window)s 个工作日、代办 %(errand)s 个工作日内办结"),
    fields=(
        Field("appeal", gettext_lazy("诉求"), "integer", 1, 120),
        Field("window", gettext_lazy("窗口办事"), "integer", 1, 120),
        Field("errand", gettext_lazy("代办"), "integer", 1, 120),
    ),
    default={"appeal": 10, "window": 5, "errand": 5},
)
GRID_KINDS = (GRID_TEAM,)
SERVICE_KINDS = (
    VISITS, GRID_PRESENCE, TIME_SPLIT, TIME_TOLERANCE, NEEDS, FACILITY, PUBLIC_SPACE, ALL_POST, TWO_HALLS, ORGANISATIONS, PILOTS, ACCESS,
    REQUESTS,
)  # fmt: skip
RATING_KINDS = (
    STAR_GRADES, STAR_SHARES, STAGE_DAYS, STAR_NOTICE, STAR_ELIGIBILITY, STAR_MEASURES, STAR_REMOVAL,
)  # fmt: skip
