"""Suggestions of the whole check: stored with the error, asked as a question, and never a number of a person."""

import json

import pytest

from tests import rosters
from tests import world as w
from tests.rosters import line
from workforce.importers import ROSTER


@pytest.fixture
def issue(world):
    """`issue(**cells)` gives the only error of a row."""

    def found(**cells):
        batch = rosters.judged(
            world.users.street, world.divisions[w.STREET], rosters.as_xlsx([line(1, **cells)]), "a.xlsx"
        )
        (error,) = batch.rows.get(number=2).errors
        return error

    return found


@pytest.mark.parametrize(
    ("cells", "code", "suggestion"),
    [
        ({"tier": "正职岗位"}, "choice", "正职"),
        ({"valid_from": "2025-13-03", "contract_from": "2025-03-13"}, "date_swapped", "2025-03-13"),
        ({"grade": "五级"}, "grade_number", "5"),
        ({"code": None, "community": "春峰社区"}, "community_unknown_similar", "春风社区"),
        ({"code": None, "community": "春风社区居委回"}, "community_unknown_similar", "春风社区"),
        ({"code": "960101001999", "community": "春风社区"}, "community_code_unknown", w.SPRING),
    ],
)
def test_suggestion_is_stored_and_asked(issue, cells, code, suggestion):
    found = issue(**cells)
    assert (found["code"], found["params"]["suggestion"]) == (code, suggestion)
    assert ROSTER.sentence(code, found["params"]).endswith(f"您是否要填：{suggestion}？")


def test_near_communities_are_named_with_their_codes(issue):
    assert f"春风社区（{w.SPRING}）" in issue(code=None, community="春峰社区")["params"]["names"]


def test_letters_in_an_id_number_are_named_and_the_number_is_not(issue):
    number = rosters.number(1)
    found = issue(id_number=number.replace("0", "O", 1))
    assert (found["code"], found["params"]["letters"], found["params"]["digits"]) == ("id_characters", "O", "0")
    assert "suggestion" not in found["params"]
    assert number not in json.dumps(found)
