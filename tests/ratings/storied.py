"""What the story of a rating starts from: rules, a scheme with an item read from a figure, the other units of the district."""

from decimal import Decimal

from portal.core.accounts.models import User
from portal.core.lib.clock import now
from portal.registry import INDICATORS
from ratings.actions import units
from ratings.actions.scoring import score_automatically
from ratings.actions.units import UnitPoints
from ratings.models import ItemScore, RatingCycle, RatingScheme, SchemeItem, UnitRating
from tests import factories
from tests import world as w
from tests.ratings import cycling
from tests.ratings.starred import COEFFICIENTS
from tests.workforce.paying import AMOUNTS

NAMES = {
    "community": "田文书", "street": "沈科员", "district": "韩科长", "city": "江处长",
    "scheme_maker": "唐科员", "scheme_approver": "江副处长",
}  # fmt: skip
FIELDS = ("group", "label", "points", "standard", "evidence")
ITEMS = (
    ("治理", "党建引领", 30, "党组织健全，“三会一课”有记录", True),
    ("服务", "服务群众", 30, "入户走访有台账，诉求按期办结", False),
    ("治理", "民主协商", 20, "每季度至少协商一次，结果公开", False),
)
CERTIFIED = {
    "group": "队伍", "label": "持证率", "points": 20, "indicator": "certified_share",
    "steps": [{"least": "50", "percent": "100"}, {"least": "30", "percent": "60"}],
}  # fmt: skip
# Of three stars with all points of the automatic item.
OTHERS = ("22", "20", "14")


def opened(world) -> RatingCycle:
    """The cycle of 东区 with its figures read; scores are public, and there is a guide for the grades."""
    factories.rule("pay.grade_amounts", AMOUNTS)
    factories.rule("pay.star_coefficients", COEFFICIENTS)
    factories.rule("rating.notice", {"working_days": 5, "answer_days": 5, "scores": True})
    factories.rule("rating.shares", {"five": 10, "four": 40, "three": 40, "none": 10})
    _scheme("community", "社区星级评定方案")
    _scheme("village", "村星级评定方案")
    for username, name in NAMES.items():
        User.objects.filter(username=username).update(name=name)
    cycle = cycling.opened(world, name="东区 2026 年度村（社区）星级评定")
    score_automatically(cycle=cycle, indicators=INDICATORS, by=world.users.district)
    return cycle


def _scheme(kind: str, name: str) -> None:
    made = cycling.scheme(kind)
    RatingScheme.objects.filter(pk=made.pk).update(name=name, document="示例发〔2026〕3号")
    made.items.filter(kind="score").delete()
    for order, item in enumerate(made.items.order_by("order"), 11):
        made.items.filter(pk=item.pk).update(order=order)
    rows = [*(dict(zip(FIELDS, item, strict=True)) for item in ITEMS), CERTIFIED]
    SchemeItem.objects.bulk_create(SchemeItem(scheme=made, order=order, **row) for order, row in enumerate(rows, 1))


def by_hand(unit: UnitRating) -> list[SchemeItem]:
    return list(unit.scheme.items.filter(kind="score", indicator="").order_by("order"))


def assessed(cycle: RatingCycle) -> list[str]:
    """All units but 春风社区 have assessed themselves; returns their codes."""
    others = cycle.units.exclude(division_id=w.SPRING)
    rows = [
        ItemScore(unit=one, item=item, self_points=points)
        for one in others
        for item, points in zip(by_hand(one), OTHERS, strict=True)
    ]
    ItemScore.objects.bulk_create(rows)
    others.update(stage="street", self_by=factories.user("others"), self_at=now())
    return list(others.values_list("division_id", flat=True))


def hand_on(cycle: RatingCycle, stage: str, by, points: tuple[str, ...], *codes: str) -> None:
    """Scores units alike at a stage and hands them on."""
    rows = []
    for unit in cycle.units.filter(division_id__in=codes):
        given = {item.pk: Decimal(one) for item, one in zip(by_hand(unit), points, strict=True)}
        rows.append(UnitPoints(unit.pk, unit.version, given))
    units.save_sheet(cycle=cycle, stage=stage, rows=rows, submit=True, by=by)
