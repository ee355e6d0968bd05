"""The service norms on the page of a community: figure, what is asked, reached or not, or not in force."""

from decimal import Decimal

import pytest
from django.urls import reverse

from portal.core.lib.clock import today
from tests import factories
from tests import world as w
from tests.pages.reading import rows_of
from workforce.actions.tallies import recount

NORMS = (
    "住户走访覆盖率", "商户走访覆盖率", "每天下沉网格人数占比", "走访时间占比", "发现的居民需求", "转化为项目的需求",
    "每百户服务设施面积", "居民活动面积占比", "全岗通服务覆盖率", "“两厅”覆盖率", "组织和阵地齐全率",
    "工作时间分段（值守、巡查、领办项目）",
)  # fmt: skip


def panel(client, code: str = w.SPRING) -> dict[str, list[str]]:
    response = client.get(reverse("division", args=[code]))
    assert response.status_code == 200
    return {cells[0]: cells[1:] for cells in rows_of(response) if cells and cells[0] in NORMS}


@pytest.fixture
def reader(world, login):
    return login(world.users.community)


def test_every_norm_without_a_rule_is_not_in_force(reader):
    found = panel(reader)
    assert tuple(found) == NORMS
    assert {line[1] for line in found.values()} == {"未生效"}
    assert {line[2] for line in found.values()} == {"未生效"}


def test_norms_in_force_say_what_is_asked_and_whether_it_is_reached(reader):
    factories.rule("service.visits", {"months": 6, "percent": 100}, w.CITY)
    factories.rule("service.needs", {"needs": 2, "projects": 1}, w.CITY)
    first, _second = factories.premises(w.SPRING, "1号"), factories.premises(w.SPRING, "2号")
    factories.visit(first)
    needs = [factories.need(w.SPRING, f"需求{number}", today()) for number in range(2)]
    factories.project(w.SPRING, needs[0], state="approved", approved_on=today(), proposed_on=today())
    recount()
    found = panel(reader)
    assert found["住户走访覆盖率"] == ["50.0%", "不少于 100%", "未达标"]
    assert found["商户走访覆盖率"] == ["无数据", "不少于 100%", "无数据"]
    assert found["发现的居民需求"] == ["2.0 个/村（社区）", "不少于 2 个/村（社区）", "达标"]
    assert found["转化为项目的需求"] == ["1.0 个/村（社区）", "不少于 1 个/村（社区）", "达标"]


@pytest.mark.parametrize("hours, met", [((8, 8, 8), "达标"), ((12, 8, 4), "未达标")])
def test_parts_of_the_time_are_judged_together(world, reader, hours, met):
    factories.rule("service.time_split", {"parts": 3}, w.CITY)
    for work, number in zip(("duty", "grid", "project"), hours, strict=True):
        factories.shift(world.people["钱风"], w.SPRING, today(), work, str(Decimal(number)))
    recount()
    value, asked, reached = panel(reader)["工作时间分段（值守、巡查、领办项目）"]
    assert (asked, reached) == ("各占 3 分之一", met)
    assert value.startswith("33.3%" if met == "达标" else "50.0%")


def test_a_village_has_no_norms_that_are_for_communities_alone(world, login):
    found = panel(login(world.users.city), w.VILLAGE)
    assert not {"全岗通服务覆盖率", "“两厅”覆盖率"} & set(found)
    assert "组织和阵地齐全率" in found
