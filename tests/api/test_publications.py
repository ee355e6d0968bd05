"""`publications/`: what was published of a figure is for those who may see that figure at that place."""

from portal.core.indicators.publishing import publish
from portal.registry import INDICATORS
from tests import factories
from tests import world as w
from tests.api.conftest import refused

URL = "/api/v1/publications/"


def test_pay_that_was_published_is_for_those_who_may_see_pay_there(world, api):
    """Who may see figures of the city and pay in one street reads what was published of pay in that street alone."""
    made = {
        (key, code): publish(
            indicator=INDICATORS[key],
            division=world.divisions[code],
            on=world.today,
            title="季度通报",
            by=world.users.district,
        ).pk
        for key, code in (("mean_grade", w.STREET), ("mean_grade", w.NEIGHBOUR), ("workers", w.NEIGHBOUR))
    }
    inside, outside, plain = made.values()
    readers = {
        world.users.city: {inside, outside, plain},
        factories.user("part", ("auditor", w.CITY), ("street", w.STREET)): {inside, plain},
        world.users.auditor: {plain},
    }
    for user, shown in readers.items():
        client = api(user)
        assert {row["id"] for row in client.get(URL).json()["results"]} == shown
        for pk in made.values():
            for address in (f"{URL}{pk}/", f"{URL}{pk}/comparison/"):
                answer = client.get(address)
                assert answer.status_code == 200 if pk in shown else refused(answer, 404, "not-found")
