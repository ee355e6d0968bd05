"""Review cases: opened once by the portal, carried on by people, never decided by a job."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tests import factories
from tests import world as w
from tests.workforce.casework import opened, set_deadline, step
from workforce import cases
from workforce.actions.cases import clear_case, open_due_cases
from workforce.actions.versions import Stale
from workforce.models import Person, ReviewCase, ReviewStep
from workforce.queries.cases import case_of, cases_listed, cases_on, duties, may_decide

D = date


@pytest.fixture
def deadline(world):
    set_deadline()
    return world


@pytest.fixture
def case(deadline) -> ReviewCase:
    return opened(deadline)


def to_decision(case, by):
    for _n in range(3):
        step(case, by, to="" if case.state != "support" else "decision")
    return case


def test_opens_one_case_for_everybody_overdue(deadline):
    assert open_due_cases(on=D(2026, 1, 1)) == 0
    assert open_due_cases(on=D(2026, 1, 2)) == 3
    rows = ReviewCase.objects.order_by("person__name").values_list(
        "person__name", "division", "due_on", "route", "state", "state_since", "opened_on", "outcome", "version"
    )
    day = (D(2026, 1, 1), "employer", "notice", D(2026, 1, 2), D(2026, 1, 2), "", 1)
    assert sorted(rows) == sorted([("吴同", w.SAME_NAME, *day), ("李雨", w.SUMMER, *day), ("钱风", w.SPRING, *day)])
    assert ReviewStep.objects.count() == 0


def test_opens_nothing_twice_or_late(deadline):
    open_due_cases(on=D(2026, 2, 1))
    assert open_due_cases(on=D(2026, 2, 1)) == 0
    assert open_due_cases(on=D(2026, 5, 1)) == 0
    # The missed day moves while the case is open: the case goes on, there is no second one.
    factories.status(deadline.people["钱风"], valid_from=D(2024, 5, 1), valid_to=D(2024, 6, 1))
    assert open_due_cases(on=D(2026, 5, 1)) == 0


def test_opens_nothing_for_a_missed_day_that_was_decided(case, deadline):
    ReviewCase.objects.filter(pk=case.pk).update(state="closed", closed_on=D(2026, 4, 1), outcome="extended")
    assert open_due_cases(on=D(2026, 5, 1)) == 0


def test_opens_nothing_without_a_rule(world):
    assert open_due_cases(on=D(2026, 5, 1)) == 0


def test_elected_members_go_the_election_route(deadline):
    factories.appointment(deadline.people["钱风"], w.SPRING, body="committee", title="委员", entry="elected")
    open_due_cases(on=D(2026, 2, 1))
    routes = dict(ReviewCase.objects.values_list("person__name", "route"))
    assert routes == {"钱风": "election", "李雨": "employer", "吴同": "employer"}


def test_a_case_goes_its_course_to_the_end(case, deadline):
    street, district = deadline.users.street, deadline.users.district
    to_decision(case, street)
    assert (case.state, case.version, case.state_since) == ("decision", 4, D(2026, 3, 1))
    step(case, district, outcome="trained", on=D(2026, 3, 5))
    assert (case.state, case.outcome, case.closed_on) == ("document", "trained", None)
    step(case, district, document=" 示例决定〔2026〕2号 ", on=D(2026, 3, 9))
    assert (case.state, case.outcome, case.closed_on, case.state_since) == (
        "closed",
        "trained",
        D(2026, 3, 9),
        D(2026, 3, 9),
    )
    steps = list(case.steps.values_list("stage", "on", "taken_by"))
    assert steps == [
        ("notice", D(2026, 3, 1), "street"),
        ("hearing", D(2026, 3, 1), "street"),
        ("support", D(2026, 3, 1), "street"),
        ("decision", D(2026, 3, 5), "district"),
        ("document", D(2026, 3, 9), "district"),
    ]
    assert case.steps.last().document == "示例决定〔2026〕2号"
    with pytest.raises(ValidationError, match="已办结"):
        step(case, district)
    assert Person.objects.get(pk=case.person_id).left_on is None  # nobody is dismissed by a case


def test_support_can_be_given_again(case, deadline):
    street = deadline.users.street
    step(case, street)
    step(case, street, to="support")
    step(case, street, to="support")
    assert case.state == "support"
    step(case, street, to="decision")
    assert [one.stage for one in case.steps.all()] == ["notice", "hearing", "support", "support"]


def test_hearing_that_settles_the_matter_allows_no_ending(case, deadline):
    step(case, deadline.users.street)
    step(case, deadline.users.street, to="decision")
    for outcome in ("contract_ended", "removed", "trained", "cleared", "", "nonsense"):
        with pytest.raises(ValidationError, match="还不足以"):
            step(case, deadline.users.district, outcome=outcome)
    step(case, deadline.users.district, outcome="kept")
    assert case.outcome == "kept"


def test_an_elected_member_cannot_be_dismissed_by_the_employer(case, deadline):
    ReviewCase.objects.filter(pk=case.pk).update(route="election")
    case.refresh_from_db()
    to_decision(case, deadline.users.street)
    with pytest.raises(ValidationError, match="还不足以"):
        step(case, deadline.users.district, outcome="contract_ended")
    step(case, deadline.users.district, outcome="removed")
    assert case.outcome == "removed"


@pytest.mark.parametrize("who", ["street", "neighbour", "community", "outsider", "nobody"])
def test_decision_and_document_need_a_district(case, deadline, who):
    to_decision(case, deadline.users.street)
    with pytest.raises(ValidationError, match="区级或市级"):
        step(case, getattr(deadline.users, who), outcome="kept")
    case.refresh_from_db()
    assert (case.state, case.version) == ("decision", 4)


def test_who_may_decide(case, deadline):
    users = deadline.users
    deciding = [name for name in vars(users) if may_decide(getattr(users, name), case)]
    assert deciding == ["city", "district"]


@pytest.mark.parametrize("who", ["neighbour", "community", "outsider", "nobody", "auditor"])
def test_no_step_by_people_who_do_not_handle_the_place(case, deadline, who):
    with pytest.raises(ValidationError):
        step(case, getattr(deadline.users, who))
    assert ReviewStep.objects.count() == 0


def test_stages_are_not_passed_over(case, deadline):
    for to in ("support", "decision", "document", "closed", "notice", "nonsense"):
        with pytest.raises(ValidationError, match="不能转到"):
            step(case, deadline.users.district, to=to)


def test_notice_and_document_need_a_document(case, deadline):
    with pytest.raises(ValidationError, match="文书编号"):
        step(case, deadline.users.street, document="  ")
    to_decision(case, deadline.users.street)
    step(case, deadline.users.district, outcome="kept", document="")
    with pytest.raises(ValidationError, match="文书编号"):
        step(case, deadline.users.district, document="")


def test_days_of_steps_are_in_order_and_not_in_the_future(case, deadline):
    for day, sentence in ((D(2026, 1, 31), "不能早于上一步"), (D(2999, 1, 1), "不能晚于今天")):
        with pytest.raises(ValidationError, match=sentence):
            step(case, deadline.users.street, on=day)
    step(case, deadline.users.street, on=D(2026, 3, 5))
    with pytest.raises(ValidationError, match="2026-03-05"):
        step(case, deadline.users.street, on=D(2026, 3, 4))


def test_lost_updates_are_refused(case, deadline):
    other = ReviewCase.objects.get(pk=case.pk)
    step(case, deadline.users.street)
    with pytest.raises(Stale):
        step(other, deadline.users.district)
    assert ReviewStep.objects.count() == 1


def test_certificate_clears_a_case_with_its_number(case, deadline):
    with pytest.raises(ValidationError, match="仍然存在"):
        clear_case(case=case, version=case.version, by=deadline.users.street)
    held = factories.certificate(deadline.people["钱风"], "assistant", D(2026, 4, 10))
    step(case, deadline.users.street)
    clear_case(case=case, version=case.version, note="已核对原件。", by=deadline.users.street)
    assert (case.state, case.outcome, case.closed_on) == ("closed", "cleared", deadline.today)
    last = case.steps.last()
    assert (last.stage, last.document) == ("hearing", held.number)
    assert last.note == "已取得助理社会工作师证书（2026-04-10）。已核对原件。"


@pytest.mark.parametrize("who", ["neighbour", "community", "nobody", None])
def test_case_is_cleared_only_by_those_who_handle_it(case, deadline, who):
    factories.certificate(deadline.people["钱风"], "assistant", D(2026, 4, 10))
    with pytest.raises(ValidationError, match="不由您办理"):
        clear_case(case=case, version=case.version, by=who and getattr(deadline.users, who))


def test_certificate_clears_nothing_that_was_decided(case, deadline):
    to_decision(case, deadline.users.street)
    step(case, deadline.users.district, outcome="kept")
    factories.certificate(deadline.people["钱风"], "assistant", D(2026, 4, 10))
    with pytest.raises(ValidationError, match="仍然存在"):
        clear_case(case=case, version=case.version, by=deadline.users.district)


def test_leave_entered_late_clears_a_case(case, deadline):
    factories.status(deadline.people["钱风"], valid_from=D(2024, 5, 1), valid_to=None)
    clear_case(case=case, version=case.version, by=deadline.users.street)
    assert "没有逾期" in case.steps.last().note


def test_leaving_clears_a_case(case, deadline):
    Person.objects.filter(pk=case.person_id).update(left_on=D(2026, 5, 1), leaving_reason="辞职")
    case.person.refresh_from_db()
    clear_case(case=case, version=case.version, by=deadline.users.street)
    assert (case.steps.last().note, case.steps.last().document) == ("已于 2026-05-01 离职。", "辞职")


def test_no_post_any_more_clears_a_case(case, deadline):
    deadline.people["钱风"].appointments.update(full_time=False)
    clear_case(case=case, version=case.version, by=deadline.users.street)
    assert "不计入" in case.steps.last().note


def test_moving_to_another_community_clears_nothing(case, deadline):
    deadline.people["钱风"].appointments.update(division=w.SUMMER)
    with pytest.raises(ValidationError, match="仍然存在"):
        clear_case(case=case, version=case.version, by=deadline.users.street)


def test_list_holds_the_territory_and_the_stage(case, deadline):
    users = deadline.users

    def names(user, **asked):
        found = cases_listed(user, under="", on=deadline.today, **asked)
        return {one.person.name for one in found}

    assert names(users.city) == {"钱风", "李雨", "吴同"}
    assert names(users.district) == names(users.street) == {"钱风", "李雨"}
    assert names(users.neighbour) == names(users.outsider) == names(users.community) == set()
    step(case, users.street)
    assert names(users.street, stage="hearing") == {"钱风"}
    assert names(users.street, q="李") == {"李雨"}
    assert names(users.street, q="ly") == {"李雨"}
    assert names(users.street, kind="assessment_bottom") == set()
    ReviewCase.objects.filter(pk=case.pk).update(state="closed", closed_on=D(2026, 3, 2), outcome="kept")
    assert names(users.street) == {"李雨"}
    assert names(users.street, stage="all") == {"钱风", "李雨"}
    assert names(users.street, stage="closed") == {"钱风"}


def test_past_day_shows_the_stage_of_that_day(case, deadline):
    street, district = deadline.users.street, deadline.users.district
    step(case, street, on=D(2026, 3, 1))
    step(case, street, on=D(2026, 3, 10), to="decision")
    step(case, district, on=D(2026, 3, 20), outcome="kept")
    step(case, district, on=D(2026, 3, 30))

    def stood(day):
        return cases_on(street, day).filter(pk=case.pk).values_list("stage", "since").first()

    assert stood(D(2026, 1, 31)) is None
    assert stood(D(2026, 2, 1)) == ("notice", D(2026, 2, 1))
    assert stood(D(2026, 3, 9)) == ("hearing", D(2026, 3, 1))
    assert stood(D(2026, 3, 10)) == ("decision", D(2026, 3, 10))
    assert stood(D(2026, 3, 29)) == ("document", D(2026, 3, 20))
    assert stood(D(2026, 3, 30)) == ("closed", D(2026, 3, 30))


def test_duties_are_those_of_the_own_level(case, deadline):
    users = deadline.users

    def lines(user):
        return [(str(one.label), one.count, one.url) for one in duties(user)]

    assert lines(users.street) == [("个案待告知", 2, "/roster/cases/?stage=notice")]
    assert lines(users.district) == lines(users.city) == lines(users.neighbour) == lines(users.community) == []
    to_decision(case, users.street)
    assert lines(users.street) == [("个案待告知", 1, "/roster/cases/?stage=notice")]
    assert lines(users.district) == [("个案待作出决定", 1, "/roster/cases/?stage=decision")]


def test_case_of_a_finding(case, deadline):
    facts = {"person": str(case.person_id)}
    assert case_of(deadline.users.street, "certificate_deadline", facts) == case
    assert case_of(deadline.users.neighbour, "certificate_deadline", facts) is None
    assert case_of(deadline.users.street, "staffing", facts) is None
    assert case_of(deadline.users.street, "certificate_deadline", {}) is None


def test_no_job_takes_a_step(case):
    for stage in cases.STAGES[:-1]:
        ReviewCase.objects.filter(pk=case.pk).update(state=stage)
        case.refresh_from_db()
        with pytest.raises(ValidationError, match="区级或市级"):
            step(case, None, outcome="kept")
    assert ReviewStep.objects.count() == 0
