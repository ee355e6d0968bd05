from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from portal.core.findings.models import State, Supervision
from portal.core.findings.supervision import (
    SupervisionChanged,
    awaiting,
    close_supervision,
    is_overdue,
    issue_supervision,
    issuing_office,
    reply_supervision,
    return_supervision,
    usual_days,
    visible_to,
)
from portal.core.lib.workdays import add_workdays
from portal.core.policy.models import PolicyRule
from portal.core.workdays.queries import specials
from tests import factories
from tests import world as w
from tests.core.findings.makers import finding


@pytest.fixture
def notice(world):
    findings = [finding(w.SPRING), finding(w.SUMMER)]
    return issue_supervision(findings=findings, text=" 请逐一核实 ", working_days=5, by=world.users.district)


def numbers(user) -> list[str]:
    return [notice.number for notice in awaiting(user)]


def test_notice_has_number_addressee_and_deadline_in_working_days(world, notice):
    assert (notice.issuer_id, notice.division_id, notice.number) == (
        w.DISTRICT, w.STREET, f"960101 督〔{world.today.year}〕1号",
    )  # fmt: skip
    assert (notice.state, notice.text, notice.issued_by) == ("issued", "请逐一核实", "district")
    assert notice.due_on == add_workdays(world.today, 5, specials())
    again = issue_supervision(findings=[finding(w.STREET)], text="再办", working_days=1, by=world.users.district)
    assert again.serial == 2


def test_city_asks_districts_and_district_asks_streets(world):
    assert issuing_office(world.users.city, [w.SPRING, w.DISTRICT]) == (w.CITY, w.DISTRICT)
    assert issuing_office(world.users.district, [w.SPRING, w.STREET]) == (w.DISTRICT, w.STREET)


@pytest.mark.parametrize(
    ("user", "codes", "sentence"),
    [
        ("street", [w.SPRING], "只有区级和市级可以"),
        ("community", [w.SPRING], "只有区级和市级可以"),
        ("district", [w.SNOW], "只有区级和市级可以"),
        ("district", [w.SPRING, w.AUTUMN], "只选同一个下级单位"),
        ("district", [w.DISTRICT], "只选同一个下级单位"),
        ("city", [w.SPRING, w.SNOW], "只选同一个下级单位"),
    ],
)
def test_notice_goes_one_level_down_to_one_office(world, user, codes, sentence):
    with pytest.raises(ValidationError, match=sentence):
        issue_supervision(
            findings=[finding(code) for code in codes], text="x", working_days=5, by=getattr(world.users, user)
        )


@pytest.mark.parametrize(("text", "days"), [(" ", 5), ("长" * 2001, 5), ("x", 0), ("x", 121)])
def test_text_and_days_are_checked(world, text, days):
    with pytest.raises(ValidationError):
        issue_supervision(findings=[finding(w.SPRING)], text=text, working_days=days, by=world.users.district)
    assert not Supervision.objects.exists()


def test_resolved_finding_is_not_supervised(world):
    gone = finding(w.SPRING, state=State.RESOLVED, resolved_on=world.today)
    with pytest.raises(ValidationError, match="请选择 1 到 200 条尚未消除的预警。"):
        issue_supervision(findings=[gone], text="x", working_days=5, by=world.users.district)


def test_usual_days_come_from_the_rule_of_the_place(world):
    assert usual_days(w.STREET, world.today) == 5
    PolicyRule.objects.create(
        kind="finding.supervision", division_id=w.DISTRICT, valid_from="2020-01-01", document="x", entered_by="test",
        value={"working_days": 8},
    )  # fmt: skip
    assert usual_days(w.STREET, world.today) == 8


def test_whole_way_of_a_notice(world, notice):
    users = world.users
    assert (numbers(users.street), numbers(users.district), numbers(users.neighbour)) == ([notice.number], [], [])
    reply_supervision(notice=notice, text="已报计划", version=1, by=users.street)
    assert (numbers(users.street), numbers(users.district), numbers(users.city)) == ([], [notice.number], [])
    return_supervision(notice=notice, text="缺名单", working_days=3, version=2, by=users.district)
    assert (notice.state, notice.due_on) == ("returned", add_workdays(world.today, 3, specials()))
    assert numbers(users.street) == [notice.number]
    reply_supervision(notice=notice, text="附名单", version=3, by=users.street)
    close_supervision(notice=notice, version=4, by=users.district)
    assert (notice.state, notice.closed_on) == ("closed", world.today)
    assert (numbers(users.street), numbers(users.district)) == ([], [])
    assert list(notice.steps.values_list("state", "text", "by_name")) == [
        ("issued", "请逐一核实", "district"), ("replied", "已报计划", "street"), ("returned", "缺名单", "district"),
        ("replied", "附名单", "street"), ("closed", "", "district"),
    ]  # fmt: skip


def test_only_the_office_asked_replies_and_only_the_issuer_judges(world, notice):
    for by in (world.users.district, world.users.city, world.users.neighbour, world.users.community):
        with pytest.raises(ValidationError, match="只有受办单位可以回复。"):
            reply_supervision(notice=notice, text="x", version=1, by=by)
    for by in (world.users.street, world.users.city, world.users.neighbour):
        with pytest.raises(ValidationError, match="只有发单单位可以退回或办结。"):
            close_supervision(notice=notice, version=1, by=by)


def test_stale_reader_changes_nothing(world, notice):
    stale = Supervision.objects.get(pk=notice.pk)
    reply_supervision(notice=notice, text="甲", version=1, by=world.users.street)
    with pytest.raises(SupervisionChanged):
        reply_supervision(notice=stale, text="乙", version=1, by=world.users.street)
    with pytest.raises(SupervisionChanged):
        close_supervision(notice=stale, version=1, by=world.users.district)
    close_supervision(notice=stale, version=2, by=world.users.district)
    with pytest.raises(SupervisionChanged):
        reply_supervision(notice=stale, text="迟", version=3, by=world.users.street)
    assert stale.steps.count() == 3


def test_overdue_is_a_reply_that_is_missing(world, notice):
    late = notice.due_on + timedelta(days=1)
    assert (is_overdue(notice, notice.due_on), is_overdue(notice, late)) == (False, True)
    reply_supervision(notice=notice, text="x", version=1, by=world.users.street)
    assert not is_overdue(notice, late)


def test_notice_is_seen_in_its_territory_alone(world, notice):
    seen = {name: visible_to(getattr(world.users, name)).count() for name in vars(world.users)}
    assert {name for name, count in seen.items() if count} == {"city", "district", "street"}
    both = factories.user("both", ("district", w.DISTRICT), ("street", w.STREET))
    assert visible_to(both).count() == 1
