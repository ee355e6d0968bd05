"""`suppress`: small numbers are withheld with all that would give them away, whatever is asked beside them."""

import pytest

from portal.core.accounts.roles import Scope
from portal.core.indicators.values import FigureQuery
from portal.core.lib.clock import today
from portal.core.territory.chosen import Chosen
from portal.registry import COMPOSITIONS, DISCLOSURE
from tests import factories
from tests import world as w
from workforce.actions.tallies import recount
from workforce.models import Appointment

URL = "/api/v1/indicators/"
TIERS = ("tier_principal_share", "tier_deputy_share", "tier_staff_share")


@pytest.fixture
def city(world, api):
    return api(world.users.city, Scope.STATS_READ)


@pytest.fixture
def forty(world):
    """A district of 40: 38 certified, 3 principals, 10 deputies; half of them men."""
    for at in range(40):
        tier = 1 if at < 3 else 2 if at < 13 else 3
        person = factories.worker(
            f"四{at}",
            w.SNOW,
            certified=at >= 2,
            sex="male" if at % 2 else "female",
            number=factories.numbered(100 + at),
        )
        person.appointments.update(tier=tier)
    Appointment.objects.filter(division=w.SAME_NAME).update(valid_to=factories.STARTED)
    recount()


def published(client, *keys: str, **query) -> dict[str, dict]:
    """The figures of one place by key, or by key and code."""
    query = {"keys": ",".join(keys), "suppress": 5, "page_size": 500} | query
    response = client.get(f"{URL}values/", query)
    assert response.status_code == 200, response.content
    return {row["indicator"]: row for row in response.json()["results"]}


def shown(rows: dict[str, dict]) -> dict[str, int | None]:
    return {key: row["numerator"] for key, row in rows.items()}


def test_those_without_a_certificate_do_not_follow_from_those_with_one(city, forty):
    found = published(city, "workers", "certified", "certified_share", "uncertified_share", division=w.SNOW)
    assert shown(found) == {"workers": 40, "certified": None, "certified_share": None, "uncertified_share": None}


def test_third_part_does_not_follow_from_the_other_two(api, forty):
    found = published(api(factories.user("west", ("district", "960102"))), *TIERS, division=w.SNOW)
    assert shown(found) == {"tier_principal_share": None, "tier_deputy_share": None, "tier_staff_share": 27}
    assert found["tier_staff_share"]["denominator"] == 40


def test_what_is_withheld_does_not_depend_on_what_is_asked_beside_it(city, forty):
    keys = ("workers", "certified", "uncertified_share", *TIERS, "women_share", "men_share", "mean_age")
    for place in (w.SNOW, "960102001", "960102", w.CITY):
        together = published(city, *keys, division=place)
        for key in keys:
            (alone,) = city.get(f"{URL}{key}/", {"division": place, "suppress": 5}).json()["results"]
            assert alone == together[key]


@pytest.mark.parametrize("key", [key for key, one in COMPOSITIONS.items() if one.topic not in ("ratings", "proposals")])
@pytest.mark.parametrize("level", ["community", "street", "district"])
def test_no_composition_has_one_part_withheld_alone(city, forty, key, level):
    parts = COMPOSITIONS[key].parts
    query = {"keys": ",".join(parts), "level": level, "suppress": 5, "page_size": 500}
    rows = city.get(f"{URL}values/", query).json()["results"]
    for code in {row["code"] for row in rows}:
        those = [row for row in rows if row["code"] == code]
        withheld = [row for row in those if row["state"] == "suppressed"]
        assert len(withheld) != 1 and len(those) == len(parts)
        for row in those:
            if row["state"] == "value":
                assert not {row["numerator"], row["denominator"] - row["numerator"]} & {1, 2, 3, 4}


def test_sums_hold_in_the_records(city, forty):
    """What is declared as a sum is one, in every division."""
    numbers = list(dict.fromkeys(number for one in DISCLOSURE.sums for number in one))
    lines = FigureQuery(tuple(number.plain for number in numbers), Chosen(("",), today())).lines()
    assert len(lines) > 10
    for line in lines:
        for *parts, whole in DISCLOSURE.sums:
            assert sum(line[part.key].numerator or 0 for part in parts) == (line[whole.key].numerator or 0), whole.key
