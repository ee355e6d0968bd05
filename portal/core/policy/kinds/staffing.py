"""How many workers there must be, who counts, and how posts are given out (domain §1.A1, §1.B, §2.5)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core.policy.kinds.base import Field, Kind, Topic
from portal.core.policy.kinds.choices import STATUSES, rounding_field

STAFFING = Kind(
    key="staffing.per_population",
    topic=Topic.STAFFING,
    label=gettext_lazy("社区工作者配备标准"),
    summary=gettext_lazy("每 %(per)s 名城镇常住人口不少于 %(heads)s 人"),
    fields=(
        Field("heads", gettext_lazy("配备人数"), "integer", 1, 1000),
        Field("per", gettext_lazy("每多少名居民"), "integer", 1, 1_000_000),
    ),
)
ALLOTMENT = Kind(
    key="staffing.allotment",
    topic=Topic.STAFFING,
    label=gettext_lazy("按户数核定职数（4+N）"),
    summary=gettext_lazy(
        "每个社区 %(base)s 人，另按每 %(households_per)s 户 1 人配备（%(rounding)s），这部分最少 %(least)s 人"
    ),
    fields=(
        Field("base", gettext_lazy("固定人数"), "integer", 0, 100),
        Field("households_per", gettext_lazy("每多少户增加 1 人"), "integer", 1, 100_000),
        rounding_field(gettext_lazy("不足一人时")),
        Field("least", gettext_lazy("按户数增加的最少人数"), "integer", 0, 100),
    ),
)


def _starts_at_zero(value: dict) -> str | None:
    return None if value["rows"][0]["households_from"] == 0 else _("第一档应从 0 户起。")


BRACKETS = Kind(
    key="staffing.brackets",
    topic=Topic.STAFFING,
    label=gettext_lazy("按户数分档核定职数"),
    summary=gettext_lazy("%(rows)s；超过最后一档起点的，每满 %(further_households)s 户增加 %(further_heads)s 人"),
    fields=(
        Field(
            "rows",
            gettext_lazy("户数分档"),
            "table",
            1,
            20,
            columns=(
                Field("households_from", gettext_lazy("户数从"), "integer", 0, 1_000_000),
                Field("heads", gettext_lazy("人数"), "integer", 0, 1000),
            ),
            row=gettext_lazy("%(households_from)s 户起 %(heads)s 人"),
            help=gettext_lazy("每档从所填户数起，到下一档之前；第一档从 0 户起。"),
        ),
        Field("further_households", gettext_lazy("最后一档以上每满多少户"), "integer", 1, 1_000_000),
        Field(
            "further_heads",
            gettext_lazy("增加人数"),
            "integer",
            0,
            100,
            help=gettext_lazy("最后一档以上不再增加的填 0。"),
        ),
    ),
    checks=(_starts_at_zero,),
)
STAFFING_CAP = Kind(
    key="staffing.cap",
    topic=Topic.STAFFING,
    label=gettext_lazy("每个社区人数上限"),
    summary=gettext_lazy("每个社区最多 %(heads)s 人"),
    fields=(Field("heads", gettext_lazy("最多人数"), "integer", 1, 1000),),
)
COMBINATION = Kind(
    key="staffing.combination",
    topic=Topic.STAFFING,
    label=gettext_lazy("几种配备办法并存时"),
    summary=gettext_lazy("各办法算出的人数中取%(choose)s，再受上限约束"),
    fields=(
        Field(
            "choose",
            gettext_lazy("取哪一个"),
            "choice",
            choices=(("largest", gettext_lazy("最大的")), ("smallest", gettext_lazy("最小的"))),
        ),
    ),
    default={"choose": "largest"},
)
ELIGIBILITY = Kind(
    key="staffing.counted",
    topic=Topic.STAFFING,
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
EXCLUDED_STATUSES = Kind(
    key="staffing.excluded_statuses",
    topic=Topic.STAFFING,
    label=gettext_lazy("不计入配备人数的状态"),
    summary=gettext_lazy("处于下列状态的不计入：%(statuses)s"),
    fields=(Field("statuses", gettext_lazy("不计入的状态"), "choices", choices=STATUSES, optional=True),),
    default={"statuses": ["seconded"]},
)
CORE_POSTS = Kind(
    key="staffing.core_posts",
    topic=Topic.STAFFING,
    label=gettext_lazy("固定职务的设置"),
    summary=gettext_lazy(
        "书记 %(secretaries)s 人、专职副书记 %(deputy_secretaries)s 人、居委会专职副主任 %(vice_chairs)s 人；"
        "书记兼任居委会主任：%(one_shoulder)s"
    ),
    fields=(
        Field("secretaries", gettext_lazy("书记"), "integer", 0, 10),
        Field("deputy_secretaries", gettext_lazy("专职副书记"), "integer", 0, 10),
        Field("vice_chairs", gettext_lazy("居委会专职副主任"), "integer", 0, 10),
        Field("one_shoulder", gettext_lazy("书记兼任居委会主任"), "boolean"),
    ),
)
POSITION_CONTROL = Kind(
    key="staffing.position_control",
    topic=Topic.STAFFING,
    label=gettext_lazy("超出核定职数的任用"),
    summary=gettext_lazy("超出核定职数时%(mode)s（登记了核定职数的社区）"),
    fields=(
        Field(
            "mode",
            gettext_lazy("怎样处理"),
            "choice",
            choices=(
                ("off", gettext_lazy("不检查")),
                ("warn", gettext_lazy("提示")),
                ("enforce", gettext_lazy("不予办理，另行批准的除外")),
            ),
        ),
    ),
    default={"mode": "enforce"},
)
STAFFING_NOTICE = Kind(
    key="staffing.deadline_notice",
    topic=Topic.STAFFING,
    label=gettext_lazy("新配备标准提前多久预警"),
    summary=gettext_lazy("新标准开始执行前 %(months)s 个月起，按新标准提前预警"),
    fields=(Field("months", gettext_lazy("提前月数"), "integer", 1, 60),),
    default={"months": 12},
)
YOUNG_AGE = Kind(
    key="staffing.young",
    topic=Topic.STAFFING,
    label=gettext_lazy("“年轻”的年龄界限"),
    summary=gettext_lazy("不超过 %(age)s 周岁（含 %(age)s 周岁）"),
    fields=(Field("age", gettext_lazy("周岁"), "integer", 25, 45),),
    default={"age": 35},
)
STAFFING_KINDS = (
    STAFFING,
    ALLOTMENT,
    BRACKETS,
    STAFFING_CAP,
    COMBINATION,
    ELIGIBILITY,
    EXCLUDED_STATUSES,
    CORE_POSTS,
    POSITION_CONTROL,
    STAFFING_NOTICE,
    YOUNG_AGE,
)
