"""The two committees in queries and writes: who sits (domain §1.A1-A4), terms and elections, on any day."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from portal.core.indicators.parts import DENOMINATOR, NUMERATOR
from tests import factories
from tests import world as w
from workforce.actions.committees import change_term, record_term
from workforce.actions.tallies import recount
from workforce.actions.versions import Stale
from workforce.committee import OneShoulder
from workforce.indicators.committees import COMMITTEES
from workforce.models import Term
from workforce.queries.committees import (
    next_due,
    next_number,
    re_elected,
    sitting,
    terms_of,
)
from workforce.queries.lines import Line, lines_under
from workforce.queries.staffing import staffing_of
from workforce.queries.term_before import place_of, term_before
from workforce.views.term_words import committees_sentence, compared


def member(name: str, code=w.SUMMER, *, bodies=("committee",), sex="male", **fields):
    """A member of one or both committees; without a contract no head of the ratio, unless elected and full-time."""
    person = factories.person(name, sex=sex)
    for body in bodies:
        factories.appointment(person, code, **{"body": body, "title": "委员", "entry": "elected", **fields})
    return person


def of(code, world, on=None) -> Line:
    """The line of a place; of today as the tallies have it."""
    recount()
    return lines_under(world.divisions[code], on or world.today, COMMITTEES)[0]


def counts(line: Line, *named: str) -> tuple[int, ...]:
    """Numerators of figures; with a slash the denominator."""
    return tuple(line.count(name.strip("/"), DENOMINATOR if name.startswith("/") else NUMERATOR) for name in named)


MEMBERS = ("party_members_seated", "committee_members_seated", "cross_appointment", "committee_members")
LED = ("one_shoulder_rate", "communities_apart", "communities_without_secretary", "communities_without_chair")


def test_one_shoulder_person_is_one_head_and_two_posts_and_one_member(world):
    """§A1 T: secretary + chair -> 1 head, 2 posts."""
    found = of(w.SPRING, world)
    assert counts(found, *MEMBERS) == (1, 1, 1, 1)
    assert counts(found, "/one_shoulder_rate", "one_shoulder_rate") == (1, 1)
    assert found.figures["one_shoulder_rate"].value == Decimal("100.0")
    assert sitting(w.SPRING, world.today).state is OneShoulder.YES
    assert world.people["赵春"].appointments.count() == 2


def test_part_time_member_fills_a_seat_and_is_no_head(world):
    """§A1 T: part-time committee member -> 0 for the ratio, 1 for committee size."""
    before = staffing_of(w.SUMMER, world.today).workers
    member("兼职", full_time=False)
    assert counts(of(w.SUMMER, world), "committee_members_seated") == (1,)
    assert staffing_of(w.SUMMER, world.today).workers == before


def test_seconded_and_absent_members_keep_their_seat(world):
    person = member("借调")
    factories.status(person, "seconded")
    assert counts(of(w.SUMMER, world), "committee_members_seated") == (1,)


def test_cross_appointment_counts_distinct_persons_and_women(world):
    member("甲", bodies=("party", "committee"), sex="female")
    member("乙", bodies=("party",))
    member("丙")
    found = of(w.SUMMER, world)
    assert counts(found, *MEMBERS, "committee_women_share") == (2, 2, 1, 3, 1)
    assert found.figures["cross_appointment"].value == Decimal("33.3")


@pytest.mark.parametrize(
    ("posts", "state", "sums"),
    [
        ([("party", "committee")], OneShoulder.YES, (1, 0, 0, 0)),
        ([("party",), ("committee",)], OneShoulder.APART, (0, 1, 0, 0)),
        ([("party",)], OneShoulder.NO_CHAIR, (0, 0, 0, 1)),
        ([("committee",)], OneShoulder.NO_SECRETARY, (0, 0, 1, 0)),
        ([], OneShoulder.NEITHER, (0, 0, 0, 0)),
    ],
)
def test_states_and_their_sums_agree(world, posts, state, sums):
    for number, bodies in enumerate(posts):
        member(f"正{number}", bodies=bodies, tier=1)
    found = of(w.SUMMER, world)
    assert sitting(w.SUMMER, world.today).state is state
    assert counts(found, *LED) == sums


def test_deputies_are_full_time(world):
    member("专", bodies=("party",), tier=2)
    member("兼", bodies=("committee",), tier=2, full_time=False)
    seats = sitting(w.SUMMER, world.today)
    assert (len(seats.deputies), len(seats.vice_chairs), len(seats.committee)) == (1, 0, 1)


def test_sums_leave_villages_out_and_nest(world):
    member("村官", w.VILLAGE, tier=1)
    recount()
    line, children = lines_under(world.divisions[w.DISTRICT], world.today, COMMITTEES)
    assert counts(line, *MEMBERS, *LED, "/one_shoulder_rate") == (1, 1, 1, 1, 1, 0, 0, 0, 1)
    formed = [(child.division.code, *counts(child, "/one_shoulder_rate")) for child in children]
    assert formed == [(w.STREET, 1), (w.NEIGHBOUR, 0)]


def test_formal_division_has_the_sums_of_those_below(world):
    member("甲", w.SNOW, bodies=("party", "committee"), tier=1)
    line = of("9601", world)
    assert counts(line, *MEMBERS, *LED, "/one_shoulder_rate") == (2, 2, 2, 2, 2, 0, 0, 0, 2)


def test_past_day_answers_as_it_was(world):
    person = member("旧", tier=1)
    person.appointments.update(valid_to=date(2026, 5, 1))
    assert counts(of(w.SUMMER, world, date(2026, 4, 30)), "committee_members_seated") == (1,)
    assert counts(of(w.SUMMER, world, date(2026, 5, 1)), "committee_members_seated") == (0,)


def test_comparison_with_the_term_before_is_in_percentage_points(world):
    """Before: two persons, one of them in both; now: one person in both and a secretary of one's own."""
    start = date(2026, 3, 1)
    factories.term(w.SUMMER, valid_from=date(2021, 3, 1), valid_to=start)
    factories.term(w.SUMMER, valid_from=start, valid_to=date(2031, 3, 1), elected_on=start)
    one = member("留任", bodies=("party", "committee"), tier=1, sex="female")
    two = member("离任")
    two.appointments.update(valid_to=start)
    member("新任", valid_from=start)
    member("另新", valid_from=start, sex="female")
    line = of(w.SUMMER, world)
    before = term_before(COMMITTEES, place_of(line.division), world.today)
    assert (before.communities, before.seated, before.last) == (1, 1, start - timedelta(days=1))
    assert counts(Line(line.division, before.figures), *MEMBERS) == (1, 2, 1, 2)
    assert counts(line, *MEMBERS) == (1, 3, 1, 3)
    rows = compared(line, before, "{}/{}".format, "before/{}".format)
    assert [(row["label"], row["now"].text, row["before"].text, row["change"]) for row in rows] == [
        ("交叉任职", "33.3%", "50.0%", "−16.7 个百分点"),
        ("女性", "66.7%", "50.0%", "+16.7 个百分点"),
        ("“一肩挑”", "100.0%", "100.0%", "0.0 个百分点"),
    ]
    assert (rows[0]["now_url"], rows[0]["before_url"]) == ("cross_appointment/numerator", "before/cross_appointment")
    assert re_elected(w.SUMMER, "committee", start, start - timedelta(days=1)) == 1
    assert one.appointments.count() == 2


def test_chaoyang_sentence(world):
    """S3: 1004 + 1341 - 704 = 1641, cross 42.9 %, women 82.9 % (domain §1.M)."""
    line = of(w.STREET, world)
    chaoyang = {
        "committee_members": (1641, None),
        "party_members_seated": (1004, None),
        "committee_members_seated": (1341, None),
        "cross_appointment": (704, 1641),
        "committee_women_share": (1360, 1641),
        "one_shoulder_rate": (202, 202),
    }
    figures = {
        key: line.figures[key]._replace(numerator=numerator, denominator=denominator)
        for key, (numerator, denominator) in chaoyang.items()
    }
    said = str(committees_sentence(Line(line.division, figures), "/{}/{}".format))
    assert re.sub(r"<.*?>", "", said) == (
        "“两委”成员 1,641 人，其中党组织 1,004 人、居委会 1,341 人，交叉任职 704 人（42.9%），女性 82.9%；"
        "已产生居委会的 202 个社区中，书记、主任“一肩挑” 202 个（100.0%）。"
    )
    assert '<a href="/cross_appointment/numerator">42.9%</a>' in said


def recorded(world, **fields) -> Term:
    given = {"body": "committee", "elected_on": date(2026, 3, 1), "valid_from": date(2026, 3, 1), "valid_to": None}
    given |= {"division": world.divisions[w.SUMMER], "by": world.users.street}
    return record_term(**{**given, **fields})


def test_election_ends_the_term_before_and_the_rule_gives_the_next_due_day(world):
    factories.rule("committee.term", {"years": 5}, since=date(2018, 12, 29))
    before = factories.term(w.SUMMER, valid_from=date(2021, 6, 1), valid_to=None, number=10)
    term = recorded(world, number=next_number(w.SUMMER, "committee"))
    before.refresh_from_db()
    assert (before.valid_to, term.valid_to, term.number) == (date(2026, 3, 1), date(2031, 3, 1), 11)
    assert list(terms_of(world.users.street, w.SUMMER, world.today)) == [term, before]
    assert terms_of(world.users.neighbour, w.SUMMER, world.today).count() == 0


def test_term_length_is_that_of_election_day(world):
    factories.rule("committee.term", {"years": 3}, since=date(1990, 1, 1), valid_to=date(2018, 12, 29))
    factories.rule("committee.term", {"years": 5}, since=date(2018, 12, 29))
    for elected, due in ((date(2018, 12, 28), date(2021, 12, 28)), (date(2018, 12, 29), date(2023, 12, 29))):
        assert next_due(w.SUMMER, elected, elected) == due
    assert next_due(w.SUMMER, date(1980, 1, 1), date(1980, 1, 1)) is None
    assert recorded(world, elected_on=date(2020, 2, 29), valid_from=date(2020, 2, 29)).valid_to == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"elected_on": date(2099, 1, 1)}, "选举日期不能晚于今天"),
        ({"valid_from": date(2026, 2, 1)}, "任期起始不能早于选举日期"),
        ({"valid_to": date(2026, 3, 1)}, "任期届满应晚于任期起始"),
        ({"body": "party"}, "请选择党组织形式"),
        ({"by": "neighbour"}, "您的角色不能登记"),
        ({"division": w.VILLAGE}, "是村"),
        ({"elected_on": date(2022, 1, 1), "valid_from": date(2022, 1, 1), "valid_to": date(2027, 1, 1)}, "重叠"),
    ],
)
def test_term_is_refused_in_words(world, fields, sentence):
    factories.term(w.SUMMER, valid_from=date(2024, 1, 1), valid_to=date(2026, 1, 1))
    if "by" in fields:
        fields = {"by": getattr(world.users, fields["by"])}
    if "division" in fields:
        fields = {"division": world.divisions[fields["division"]]}
    with pytest.raises(ValidationError, match=sentence):
        recorded(world, **fields)


def test_form_belongs_to_the_party_organisation_alone(world):
    assert recorded(world, form="branch").form == ""
    assert recorded(world, body="party", form="general_branch").form == "general_branch"


def test_correction_is_guarded_by_the_version(world):
    term = factories.term(w.SUMMER)
    fields = {"number": 12, "form": "", "seats": 7, "elected_on": date(2024, 1, 1), "valid_from": date(2024, 1, 1)}
    fields |= {"valid_to": date(2029, 6, 1), "by": world.users.street}
    assert change_term(term=term, version=1, **fields).number == 12
    with pytest.raises(Stale):
        change_term(term=Term.objects.get(), version=1, **fields)
