"""One street asks for somebody of another; refused with a reason, then agreed, and the figures of both move."""

import pytest

from tests import factories
from tests import world as w
from workforce.models import Appointment, Tally, Transfer

pytestmark = [pytest.mark.browser]


def propose(page, number: str) -> None:
    """Fills in the form as somebody would who has only the ID card in hand."""
    page.goto("/transfers/")
    page.get_by_role("link", name="提出调入").click()
    form = page.locator("main form")
    form.get_by_label("姓名").fill("周秋")
    form.get_by_label("身份证号").fill(number)
    form.get_by_label("调入社区").select_option(w.SUMMER)
    form.get_by_label("任职机构").select_option("station")
    form.get_by_label("职务", exact=True).fill("工作人员")
    form.get_by_label("岗位层级").select_option("3")
    form.get_by_label("任职方式").select_option("hired")
    form.get_by_label("调动理由").fill("家庭住址变化")
    page.get_by_role("button", name="提出申请").click()
    page.get_by_text("已提出调动申请，等待对方答复。").wait_for()


def workers() -> dict[str, int]:
    return dict(Tally.objects.filter(division__in=(w.STREET, w.NEIGHBOUR)).values_list("division_id", "workers"))


def test_street_asks_is_refused_asks_again_and_gets_the_person(visit, live_world):
    world, before = live_world, workers()
    number = str(world.people["周秋"].id_number)
    street = visit(world.users.street, "/transfers/")
    propose(street, number)
    assert "秋叶" not in street.locator("main").inner_text()

    neighbour = visit(world.users.neighbour, "/", width=390)
    neighbour.get_by_role("link", name="去答复 调动申请待答复").click()
    neighbour.get_by_role("link", name="不同意").click()
    neighbour.get_by_label("不同意的理由").fill("本社区换届在即，年底前不宜调动")
    neighbour.get_by_role("button", name="不同意调动").click()
    neighbour.get_by_text("已答复不同意，理由已告知对方。").wait_for()
    street.goto("/transfers/")
    assert "本社区换届在即，年底前不宜调动" in street.locator("main").inner_text()
    assert workers() == before

    propose(street, number)
    neighbour.goto("/transfers/")
    neighbour.locator("#mine-title + table").get_by_role("link", name="周秋").click()
    neighbour.get_by_role("link", name="同意调动").click()
    neighbour.get_by_role("button", name="同意调动").click()
    neighbour.get_by_text("双方已同意，调动已写入名册。").wait_for()

    assert workers() == {w.STREET: before[w.STREET] + 1, w.NEIGHBOUR: before[w.NEIGHBOUR] - 1}
    street.goto("/transfers/")
    street.get_by_role("link", name="周秋").first.click()
    street.locator("main dd").get_by_role("link", name="周秋").click()
    assert "夏雨社区 工作人员" in street.locator("main").inner_text()
    assert sorted(Transfer.objects.values_list("state", flat=True)) == ["agreed", "refused"]
    assert Appointment.objects.filter(person=world.people["周秋"]).count() == 2


def test_pages_are_clean_and_fit(all_sound, live_world):
    world = live_world
    asked = factories.transfer(world.people["周秋"], w.AUTUMN, w.SUMMER, reason="家庭住址变化")
    given = {"to_agreed_at": None, "to_agreed_by": "", "from_agreed_at": asked.proposed_at, "from_agreed_by": "street"}
    offered = factories.transfer(world.people["李雨"], w.SUMMER, w.UNKNOWN, **given)
    factories.transfer(world.people["王邻"], w.FAR, w.SUMMER, state="refused", decision_reason="本社区人手不足")
    person = world.people["孙夏"]
    pages = {
        "street": (
            "/transfers/",
            "/transfers/new/",
            f"/transfers/{asked.pk}/",
            f"/transfers/{asked.pk}/withdraw/",
            f"/roster/{person.pk}/move/",
            f"/roster/{person.appointments.get().pk}/edit/",
            f"/roster/{person.pk}/?show=changes",
        ),
        "neighbour": (
            "/transfers/",
            f"/transfers/{asked.pk}/",
            f"/transfers/{asked.pk}/agree/",
            f"/transfers/{asked.pk}/refuse/",
            f"/transfers/{offered.pk}/agree/",
        ),
    }
    all_sound(
        {
            (who, address): (getattr(world.users, who), address)
            for who, addresses in pages.items()
            for address in addresses
        }
    )
