"""Service records of the demonstration: households and shops of one street with their visits, the rest for whole districts.

Made by a few statements from divisions, populations and the roster that are in the database. All of it is invented; what
looks like chance comes out of a hash of the code and a number, so that it is the same every time.
"""

from datetime import date, timedelta

from django.db import connection

from portal.core.accounts.models import User
from portal.core.audit.actions import action
from portal.demo.plan import SHOWCASE
from portal.demo.service_sql import DISTRICT_STATEMENTS, STREET_STATEMENTS, TABLES
from ratings.enums import AccessState
from ratings.models import AccessApplication, ItemRefusal, ListItem, PointRule
from ratings.norms import visit_period

CITY = SHOWCASE[:2]
DISTRICT = SHOWCASE[:6]
_SINCE = date(2022, 1, 1)
_BEHAVIOURS = (
    ("参加志愿服务一次", 10, False),
    ("参加议事协商一次", 5, False),
    ("楼道堆物清理达标", 8, False),
    ("垃圾分类月度合格", 3, False),
    ("占用消防通道", -10, False),
    ("兑换洗衣液一瓶", -30, True),
    ("兑换理发服务一次", -20, True),
)
_ITEMS = (
    ("statutory", "办理居民公共事务和公益事业", ""),
    ("statutory", "调解民间纠纷", ""),
    ("statutory", "协助维护社会治安", ""),
    ("statutory", "反映居民意见、要求和建议", ""),
    ("assist", "协助开展养老服务需求登记", "演示区民政局"),
    ("assist", "协助开展居民健康档案更新", "演示区卫生健康委员会"),
    ("assist", "协助开展退役军人信息采集", "演示区退役军人事务局"),
    ("plate", "社区党群服务中心", ""),
    ("plate", "新时代文明实践站", ""),
    ("barred", "代收物业管理费", ""),
    ("barred", "承担行政执法和招商引资任务", ""),
    ("seal", "出具居民养老机构入住意见", "演示区民政局"),
    ("no_proof", "居民无犯罪记录证明", ""),
    ("no_proof", "家庭经济状况证明", ""),
)


@action
def fill(*, day: date, by) -> None:
    """Enters the service records; call it once, when roster and accounts are there."""
    current, following = visit_period(day, 6)
    before, _current = visit_period(current - timedelta(days=1), 6)
    street, district = (User.objects.get(username=name) for name in ("street-admin", "district-staff"))
    _rules_of_points()
    given = {
        "day": day, "current": current, "following": following, "before": before, "year": date(day.year, 1, 1),
        "street": f"{SHOWCASE}%", "district": f"{DISTRICT}%", "city": f"{CITY}%",
        "enterer": street.pk, "reviewer": district.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (*STREET_STATEMENTS, *DISTRICT_STATEMENTS):
            cursor.execute(statement, given)
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
    _access(day, street, district)


def _rules_of_points() -> None:
    for behaviour, points, redemption in _BEHAVIOURS:
        PointRule.objects.create(
            division_id=DISTRICT, behaviour=behaviour, points=points, redemption=redemption, valid_from=_SINCE
        )


def _access(day: date, street: User, district: User) -> None:
    """The item lists of the city, applications at every step, and what communities refused."""
    for kind, title, department in _ITEMS:
        ListItem.objects.create(
            division_id=CITY,
            list=kind,
            title=title,
            department=department,
            basis="演示清单〔2024〕1号",
            valid_from=_SINCE,
            villages=title != "社区党群服务中心",
        )
    city = User.objects.get(username="city-admin")
    for title, ago, state in (
        ("协助开展垃圾分类入户宣传", 6, AccessState.APPLIED),
        ("协助开展燃气安全入户检查", 16, AccessState.REVIEWED),
        ("协助统计沿街商铺用工情况", 40, AccessState.APPLIED),
        ("协助推广手机应用注册", 60, AccessState.WITHDRAWN),
    ):
        applied = day - timedelta(days=ago)
        AccessApplication.objects.create(
            division_id=DISTRICT,
            title=title,
            department="演示区有关部门",
            basis="演示文件（虚构）",
            reason="需要社区协助入户。（演示）",
            funds="每社区每年 2,000 元（演示）",
            applied_on=applied,
            starts_on=applied + timedelta(days=50),
            due_on=applied + timedelta(days=21),
            state=state,
            entered_by=district,
            reviewed_by=city if state == AccessState.REVIEWED else None,
            review="依据充分，拟同意。（演示）" if state == AccessState.REVIEWED else "",
        )
    for number, reply in ((1, ""), (2, "不在清单内，由交办部门自行办理。（演示）")):
        ItemRefusal.objects.create(
            division_id=f"{SHOWCASE}{number:03}",
            title="协助推广手机应用注册",
            department="演示区有关部门",
            asked_on=day - timedelta(days=20),
            reason="没有列入清单，也没有准入文件。（演示）",
            refused_on=day - timedelta(days=19),
            reply=reply,
            replied_on=day - timedelta(days=12) if reply else None,
            entered_by=street,
        )
