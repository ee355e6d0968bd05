"""A street applies for two posts and gets one; then the new post may be filled, and the one after it may not."""

import pytest

from tests import factories
from tests import world as w
from workforce.models import Establishment, PostApplication

pytestmark = [pytest.mark.browser]


def test_street_applies_for_two_posts_and_gets_one(visit, live_world):
    world = live_world
    factories.establishment(w.SUMMER, posts=2)

    street = visit(world.users.street, f"/positions/of/{w.STREET}/")
    street.get_by_role("link", name="申请员额").click()
    street.get_by_label("社区", exact=True).select_option(w.SUMMER)
    street.get_by_label("申请员额（人）").fill("2")
    street.get_by_label("申请理由").fill("新建小区入住")
    street.get_by_role("button", name="提交申请").click()
    street.get_by_text("已为夏雨社区申请社区专职工作人员员额 2 人，等待区里审批。").wait_for()

    district = visit(world.users.district, "/")
    district.get_by_role("link", name="去审批 待审批员额申请").click()
    district.get_by_label("批准（可以只批准一部分）").check()
    district.get_by_label("批准员额（人）").fill("1")
    district.get_by_label("批准文件").fill("东区〔2026〕1号")
    district.get_by_role("button", name="提交审批").click()
    district.get_by_text("已批准夏雨社区员额 1 人（申请 2 人），核定员额已相应增加。").wait_for()

    street.goto(f"/positions/of/{w.SUMMER}/")
    assert "核定员额 3 人，实有 2 人，空缺 1 人。" in street.locator("main").inner_text()
    assert PostApplication.objects.get().approved_posts == 1
    assert Establishment.objects.get(valid_to=None).posts == 3


def test_pages_are_clean_and_fit(all_sound, live_world):
    world = live_world
    factories.rule("staffing.allotment", {"base": 4, "households_per": 300, "rounding": "ceil", "least": 0})
    factories.establishment(w.SPRING, posts=1)
    factories.term(w.SPRING, number=11)
    post = world.people["冯约"].appointments.get()
    application = PostApplication.objects.create(
        division_id=w.SPRING,
        worker_class="staff",
        posts=2,
        starts_on=world.today,
        reason="新建小区",
        applied_by="street",
    )
    term = factories.term(w.SUMMER)
    addresses = {
        "street": (
            f"/positions/of/{w.STREET}/",
            f"/positions/of/{w.STREET}/apply/",
            f"/terms/of/{w.STREET}/",
            f"/terms/of/{w.SPRING}/",
            f"/terms/of/{w.SPRING}/new/",
            f"/terms/{term.pk}/edit/",
        ),
        "district": (
            f"/divisions/{w.SPRING}/",
            f"/positions/of/{w.SPRING}/",
            f"/positions/of/{w.DISTRICT}/set/",
            f"/positions/applications/{application.pk}/",
            f"/positions/exceptions/{post.pk}/",
        ),
    }
    all_sound({address: (getattr(world.users, who), address) for who, pages in addresses.items() for address in pages})
