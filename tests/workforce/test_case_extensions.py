"""An extension decided in a review case moves the certificate deadline; a corrected decision takes it back."""

import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from portal.registry import INSPECTIONS
from tests import factories
from tests import world as w
from tests.workforce.casework import opened, set_deadline, step
from workforce.actions.cases import clear_case, correct_case, open_due_cases
from workforce.actions.tallies import differences, recount
from workforce.models import ReviewCase, Tally

D = date
UNTIL = D(2026, 9, 30)


@pytest.fixture
def deadline(world):
    set_deadline()
    return world


@pytest.fixture
def case(deadline) -> ReviewCase:
    return opened(deadline)


def to_decision(case, by):
    for to in ("", "support", "decision"):
        step(case, by, to=to)


def extended(case, deadline, until=UNTIL) -> ReviewCase:
    """The case closed with an extension, issued on 2026-03-09."""
    to_decision(case, deadline.users.street)
    step(case, deadline.users.district, outcome="extended", extended_to=until, on=D(2026, 3, 5), note="病愈后补考")
    return step(case, deadline.users.district, document="示例决定〔2026〕3号", on=D(2026, 3, 9))


def seen(case, on) -> dict | None:
    """What the inspection sees of the person of a case on a day."""
    sql, params = INSPECTIONS["certificate_deadline"].problems(on)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT facts FROM ({sql}) p WHERE subject = %(person)s", {**params, "person": str(case.person_id)}
        )
        row = cursor.fetchone()
    return row and json.loads(row[0])


def test_extension_moves_the_deadline_from_the_day_of_its_document(case, deadline):
    extended(case, deadline)
    assert (case.state, case.extended_to, case.paper) == ("closed", D(2026, 9, 30), "示例决定〔2026〕3号")
    assert seen(case, D(2026, 3, 8))["due_on"] == "2026-01-01"
    assert [seen(case, D(2026, 3, 9))[name] for name in ("due_on", "stage")] == ["2026-09-30", 12]
    facts = seen(case, D(2026, 9, 15))
    told = ("due_on", "by_rule", "extended_to", "extension", "stage", "stopped_days")
    assert [facts[name] for name in told] == ["2026-09-30", "2026-01-01", "2026-09-30", "示例决定〔2026〕3号", 1, 0]
    lines = {str(line.label): (line.value, line.hint) for line in INSPECTIONS["certificate_deadline"].lines(facts)}
    assert lines["延长期限至"] == ("2026-09-30", "个案决定，文书：示例决定〔2026〕3号；不延长时应为 2026-01-01")
    assert seen(case, D(2026, 10, 1))["stage"] == 0


def overdue() -> int:
    return Tally.objects.get(pk=w.SPRING).certificate_overdue


def test_figures_follow_an_extension_and_its_correction(case, deadline):
    on = deadline.today
    recount()
    before = overdue()
    extended(case, deadline, until=D(2027, 6, 30))
    assert (before, overdue()) == (1, 0)
    assert differences() == []
    correct_case(case=case, version=case.version, note="登记错了人", by=deadline.users.district)
    assert overdue() == 1
    assert (case.state, case.outcome, case.extended_to, case.closed_on) == ("decision", "", None, None)
    assert seen(case, on)["due_on"] == "2026-01-01"
    last = case.steps.last()
    assert (last.stage, last.note, last.corrects, last.on) == ("closed", "登记错了人", True, on)


def test_extended_time_that_runs_out_opens_a_case_of_its_own(case, deadline):
    extended(case, deadline)
    assert open_due_cases(on=D(2026, 9, 30)) == 0
    assert open_due_cases(on=D(2026, 10, 1)) == 1
    assert sorted(case.person.cases.values_list("due_on", "state")) == [
        (D(2026, 1, 1), "closed"),
        (D(2026, 9, 30), "notice"),
    ]


@pytest.mark.parametrize("until", [None, D(2026, 3, 5), D(2025, 12, 31)])
def test_extension_names_a_day_after_its_decision(case, deadline, until):
    to_decision(case, deadline.users.street)
    with pytest.raises(ValidationError, match="须晚于决定日期"):
        step(case, deadline.users.district, outcome="extended", extended_to=until, on=D(2026, 3, 5))


def test_other_decisions_and_other_cases_extend_nothing(case, deadline):
    to_decision(case, deadline.users.street)
    step(case, deadline.users.district, outcome="kept", extended_to=D(2026, 9, 30))
    assert case.extended_to is None
    other = factories.review_case(deadline.people["李雨"], w.SUMMER, kind="assessment_bottom", state="decision")
    step(other, deadline.users.district, outcome="extended", extended_to=D(2026, 9, 30))
    assert (other.outcome, other.extended_to) == ("extended", None)


@pytest.mark.parametrize("who", ["street", "neighbour", "community", "outsider", "auditor"])
def test_decision_is_corrected_by_those_who_decide(case, deadline, who):
    extended(case, deadline)
    with pytest.raises(ValidationError, match="区级或市级可以更正"):
        correct_case(case=case, version=case.version, note="x", by=getattr(deadline.users, who))


def test_nothing_decided_is_nothing_to_correct(case, deadline):
    district = deadline.users.district
    with pytest.raises(ValidationError, match="区级或市级可以更正"):
        correct_case(case=case, version=case.version, note="x", by=district)
    factories.certificate(deadline.people["钱风"], "assistant", D(2026, 4, 10))
    clear_case(case=case, version=case.version, by=district)
    with pytest.raises(ValidationError, match="不能更正"):
        correct_case(case=case, version=case.version, note="x", by=district)


def test_decision_without_its_document_yet_is_corrected_too(case, deadline):
    to_decision(case, deadline.users.street)
    step(case, deadline.users.district, outcome="extended", extended_to=D(2026, 9, 30))
    correct_case(case=case, version=case.version, note="日期有误", by=deadline.users.district)
    step(case, deadline.users.district, outcome="extended", extended_to=D(2027, 8, 31), on=deadline.today)
    step(case, deadline.users.district, document="示例决定〔2026〕4号", on=deadline.today)
    assert (case.extended_to, case.paper) == (D(2027, 8, 31), "示例决定〔2026〕4号")
    assert [one.stage for one in case.steps.all()][3:] == ["decision", "document", "decision", "document"]
