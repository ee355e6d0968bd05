"""Grids, service norms and star rating (domain §1.A5, §1.H, §2.6)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic, percent
from portal.core.policy.kinds.choices import STARS

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
GRID_KINDS = (GRID_TEAM,)
SERVICE_KINDS = (VISITS, GRID_PRESENCE, TIME_SPLIT, NEEDS, FACILITY, PUBLIC_SPACE, ALL_POST, TWO_HALLS)
RATING_KINDS = (STAR_GRADES, STAR_SHARES)
