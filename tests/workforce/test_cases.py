"""The course of a review case: no dead end, no end of service without the steps before it, no end made by a job."""

from itertools import combinations

import pytest

from workforce import cases


def reachable(start):
    seen, todo = set(), [start]
    while todo:
        stage = todo.pop()
        if stage not in seen:
            seen.add(stage)
            todo += cases.next_stages(stage)
    return seen


def walks(stage=cases.FIRST, taken=()):
    """Every way through a case, each support at most twice, as the stages whose steps were recorded."""
    if not cases.next_stages(stage):
        yield taken
    for after in cases.next_stages(stage):
        if (*taken, stage).count(cases.SUPPORT) <= 2:
            yield from walks(after, (*taken, stage))


def test_every_stage_can_be_reached_and_leads_to_the_end():
    assert reachable(cases.FIRST) == set(cases.STAGES)
    assert all(cases.CLOSED in reachable(stage) for stage in cases.STAGES)
    assert [stage for stage in cases.STAGES if not cases.next_stages(stage)] == [cases.CLOSED]


def test_every_way_through_has_decision_and_document():
    ways = list(walks())
    assert len(ways) == 3
    for way in ways:
        assert way[0] == cases.NOTICE and way[-2:] == (cases.DECISION, cases.DOCUMENT)
    assert cases.DOCUMENT in cases.DOCUMENTED


@pytest.mark.parametrize("route", [cases.EMPLOYER, cases.ELECTION])
def test_an_ending_comes_only_after_notice_hearing_and_support(route):
    stages = cases.STAGES[:3]
    for size in range(4):
        for taken in combinations(stages, size):
            allowed = cases.outcomes(route, frozenset(taken))
            assert (cases.ENDING[route] in allowed) is (len(taken) == 3)
            assert allowed[0] == cases.KEPT


def test_no_employer_ends_an_elected_office():
    for way in walks():
        assert cases.CONTRACT_ENDED not in cases.outcomes(cases.ELECTION, frozenset(way))
        assert cases.REMOVED not in cases.outcomes(cases.EMPLOYER, frozenset(way))


def test_outcomes_after_a_hearing_that_settles_the_matter():
    assert cases.outcomes(cases.EMPLOYER, frozenset({cases.NOTICE, cases.HEARING})) == ("kept", "extended")


def test_outcomes_after_support():
    taken = frozenset({cases.NOTICE, cases.HEARING, cases.SUPPORT, cases.DECISION})
    assert cases.outcomes(cases.EMPLOYER, taken) == ("kept", "extended", "trained", "transferred", "contract_ended")
    assert cases.outcomes(cases.ELECTION, taken) == ("kept", "extended", "trained", "transferred", "removed")


def test_a_certificate_settles_a_case_until_it_is_decided():
    assert {*cases.STAGES} - cases.CLEARABLE == {cases.DOCUMENT, cases.CLOSED}
    assert cases.CLEARED not in cases.outcomes(cases.EMPLOYER, frozenset(cases.STAGES))


@pytest.mark.parametrize(
    ("entry", "body", "route"),
    [
        ("elected", "committee", "election"),
        ("elected", "party", "election"),
        ("elected", "station", "employer"),
        ("appointed", "party", "employer"),
        ("hired", "station", "employer"),
    ],
)
def test_route_of_a_post(entry, body, route):
    assert cases.route_of(entry, body) == route
