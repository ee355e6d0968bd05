"""Counters of proposals: offices of any level with rows of their own, against what a reader counts by hand."""

from datetime import date, datetime, timedelta, timezone

import pytest

from portal.core.indicators.rolling import differences, recount, roll_figures
from portal.core.indicators.values import FigureQuery
from portal.core.lib.clock import today
from portal.core.territory.chosen import Chosen
from portal.registry import INDICATORS
from proposals.actions.tallies import refresh_tallies
from proposals.counters import BOOK
from proposals.models import ClassChange, Commitment, Contact, Deadline, Feedback, LedgerTask, Tally
from tests import world as w
from tests.proposals import cases

pytestmark = pytest.mark.django_db
BEIJING = timezone(timedelta(hours=8))


def january(day: int) -> date:
    return date(today().year, 1, day)


def deadline(handling, due: date, **fields):
    about = {
        "kind": "reply",
        "starts_on": handling.assigned_on,
        "months": 3,
        "unrolled_on": due,
        "due_on": due,
    } | fields
    return Deadline.objects.create(handling=handling, division_id=handling.division_id, **about)


def answered(number: str, on: date, result: str = "A", **fields):
    made = cases.handling(
        cases.proposal(number, received_on=january(2), **fields), assigned_on=january(3), replied_on=on, sent_on=on,
        stage="sent", result=result,
    )  # fmt: skip
    ClassChange.objects.create(handling=made, before="", after=result, on=on, changed_by=cases.user("office"))
    return made


def form(handling, result: str = "", name: str = "甲委员", round: int = 1):
    back = {"attitude": "satisfied", "result": result, "returned_at": datetime(today().year, 1, 9, 9, tzinfo=BEIJING)}
    Feedback.objects.create(
        handling=handling, proposer=handling.proposal.proposers.get(name=name), round=round, asked_on=january(8),
        expires_on=january(28), token_hash=f"{handling.pk}-{name}-{round}", **(back if result else {}),
    )  # fmt: skip


@pytest.fixture
def counted(world):
    """In the district: one answered in time, one late, one never; in the city one of its own that is new."""
    in_time = answered("1", january(7))
    deadline(in_time, january(7))
    Contact.objects.create(
        handling=in_time, when="during", mode="phone", on=january(6), people="甲委员", words="已沟通", entered_by=cases.user("office")
    )  # fmt: skip
    late = answered("2", january(9), "B", names=("甲委员", "乙委员"))
    deadline(late, january(8))
    never = cases.handling(cases.proposal("3", received_on=january(2)), assigned_on=january(3))
    deadline(never, january(8))
    cases.handling(never.proposal, cases.unit("区人社局"), "co", assigned_on=january(3))
    form(in_time, "satisfied")
    form(late, "dissatisfied")
    form(late, "basic", round=2)
    form(late, name="乙委员")
    Commitment.objects.create(
        handling=late, division_id=w.DISTRICT, unit=late.unit, year=today().year, text="增配", owner="科长", due_on=january(5),
        first_result="B", result="B", entered_by=cases.user("office"),
    )  # fmt: skip
    LedgerTask.objects.create(
        division_id=w.CITY, year=today().year, number=1, title="协同养老", leader="甲", chief="乙", officer="丙",
        posted_on=january(1), due_on=date(today().year, 12, 31), entered_by=cases.user("office"),
    )  # fmt: skip
    cases.proposal("1", session=cases.session(w.CITY, place_name="市政协"), received_on=january(4), state="received")
    refresh_tallies([w.DISTRICT, w.CITY])
    return in_time


def stored(code: str) -> dict[str, int]:
    row = Tally.objects.filter(division=code).values(*BOOK.names).first() or {}
    return {name: number for name, number in row.items() if number}


def figure(key: str, code: str):
    query = FigureQuery((INDICATORS[key],), Chosen(("",), today(), under=code, codes=(code,)))
    return query.lines()[0][key]


def test_counters_of_an_office_are_what_one_counts_by_hand(counted):
    assert stored(w.DISTRICT) == {
        "proposals": 3, "proposals_cppcc": 3, "proposals_filed": 3, "answers": 3, "answers_given": 2, "answers_judged": 3,
        "answers_on_time": 1, "answers_overdue": 1, "answers_contacted": 1, "answers_a": 1, "answers_b": 1,
        "feedback_asked": 3, "feedback_returned": 2, "feedback_satisfied": 1, "feedback_basic": 1, "feedback_content": 2,
        "promises": 1, "promises_judged": 1, "promises_overdue": 1,
    }  # fmt: skip


def test_city_has_its_own_rows_beside_those_of_its_districts(counted):
    assert stored(w.CITY)["proposals"] == 4
    assert (stored(w.CITY)["tasks"], stored(w.DISTRICT).get("tasks")) == (1, None)
    assert differences() == []


def test_refreshing_any_office_alone_or_all_again_changes_nothing(counted):
    before = {code: stored(code) for code in (w.CITY, w.DISTRICT)}
    for codes in ([w.CITY], [w.DISTRICT], [w.DISTRICT, w.CITY]):
        refresh_tallies(codes)
        assert {code: stored(code) for code in before} == before
    recount(w.DISTRICT)
    assert {code: stored(code) for code in before} == before
    assert differences() == []


def test_refresh_carries_a_new_case_of_the_city_to_the_city_alone(counted):
    cases.proposal("2", session=cases.session(w.CITY), received_on=january(4))
    refresh_tallies([w.CITY])
    assert (stored(w.CITY)["proposals"], stored(w.DISTRICT)["proposals"]) == (5, 3)
    assert differences() == []


def test_wrong_tally_is_found_and_mended(counted):
    Tally.objects.filter(division=w.DISTRICT).update(answers=9)
    assert [(code, now) for code, now, _right in differences()] == [(w.DISTRICT, {"answers": 9})]
    recount(w.DISTRICT)
    assert differences() == []


def test_rates_state_both_formulas(counted):
    assert figure("feedback_content_share", w.DISTRICT).text.startswith("100")
    assert (
        figure("feedback_satisfied_share", w.DISTRICT).numerator,
        figure("feedback_satisfied_share", w.DISTRICT).denominator,
    ) == (1, 2)
    assert figure("answers_on_time_share", w.DISTRICT).text.startswith("33.33")


def test_place_without_cases_has_no_data_rather_than_nought(counted):
    assert str(figure("answers_overdue", w.STREET).state) == "no_data"


def test_next_year_begins_anew_and_the_year_before_is_kept_as_it_was(counted):
    roll_figures(date(today().year + 1, 1, 1))
    assert stored(w.DISTRICT) == {}
    assert differences() == []
