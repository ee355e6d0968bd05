"""A district officer follows one overdue certificate from the finding to the closed case; the street does its part."""

from datetime import date

import pytest

from portal.core.findings.reconcile import reconcile
from portal.registry import INSPECTIONS
from tests import factories
from tests import world as w
from workforce.actions.cases import open_due_cases
from workforce.models import ReviewCase

pytestmark = [pytest.mark.browser]
TWO_YEARS = {"months": 24, "starts_on": "2018-01-01", "restart_after_months": 6, "judged_by": "obtained"}


def record(page, note: str, *, document: str = "", choose: str = "") -> None:
    """Fills in the step that the case waits for."""
    page.get_by_label("办理情况").fill(note)
    if document:
        page.get_by_label("文书编号").fill(document)
    if choose:
        page.get_by_label(choose).check()
    page.get_by_role("button", name="登记这一步").click()
    page.get_by_text("已登记。").wait_for()


def test_overdue_certificate_from_finding_to_closed_case(visit, live_world):
    world = live_world
    factories.rule("certificate.deadline", TWO_YEARS, w.CITY)
    reconcile(inspection=INSPECTIONS["certificate_deadline"], on=world.today, by=None)
    open_due_cases(on=world.today)
    case = ReviewCase.objects.get(person=world.people["钱风"])

    district = visit(world.users.district, f"/findings/?kind=certificate_deadline&place={w.SPRING}")
    district.get_by_role("link", name="钱风 · 春风社区").click()
    district.get_by_role("link", name="查看个案").click()
    district.get_by_role("heading", name="下一步：告知").wait_for()
    assert "2024-01-01 入职。" in district.locator("main").inner_text()

    street = visit(world.users.street, f"/roster/cases/{case.pk}/", width=390)
    record(street, "已书面告知本人，可在十日内陈述意见。", document="示例通知〔2026〕1号")
    record(street, "本人陈述因病未能参加考试。", choose="安排培训或调岗")
    record(street, "参加区级考前培训 24 学时。", choose="支持措施已完成，提请决定")
    assert "这一步由区级或市级办理。" in street.locator("main").inner_text()

    district.goto(f"/roster/cases/{case.pk}/")
    record(district, "经研究，同意培训后留用。", choose="培训后留用")
    record(district, "决定书已送达本人。", document="示例决定〔2026〕2号")
    main = district.locator("main")
    assert "已办结" in main.inner_text() and "培训后留用" in main.inner_text()
    case.refresh_from_db()
    assert (case.state, case.outcome, case.closed_on) == ("closed", "trained", world.today)

    district.get_by_role("link", name="查看预警").click()
    district.get_by_role("link", name="查看个案").wait_for()


def test_certificate_that_came_in_closes_the_case_with_one_button(visit, live_world):
    world = live_world
    factories.rule("certificate.deadline", TWO_YEARS, w.CITY)
    open_due_cases(on=world.today)
    factories.certificate(world.people["钱风"], "assistant", date(2026, 8, 10))
    case = ReviewCase.objects.get(person=world.people["钱风"])
    page = visit(world.users.street, f"/roster/cases/{case.pk}/")
    page.get_by_role("button", name="以“情形已消除”结案").click()
    page.get_by_text("已登记。").wait_for()
    assert "情形已消除，结案" in page.locator("main").inner_text()


def test_pages_of_certificates_and_cases_under_axe(all_sound, live_world):
    world = live_world
    factories.rule("certificate.deadline", TWO_YEARS, w.CITY)
    factories.rule("certificate.share_target", {"percent": 60, "due": "2026-12-31"}, w.CITY)
    open_due_cases(on=world.today)
    person = world.people["钱风"]
    factories.registration(factories.certificate(person))
    case = ReviewCase.objects.get(person=person)
    addresses = (
        "/roster/certificates/",
        "/roster/certificates/?show=registration",
        "/roster/cases/",
        f"/roster/cases/{case.pk}/",
        f"/roster/{person.pk}/",
        f"/roster/{person.pk}/papers/certificate/new/",
        f"/roster/{person.pk}/papers/education/new/",
    )
    all_sound({address: (world.users.street, address) for address in addresses})
