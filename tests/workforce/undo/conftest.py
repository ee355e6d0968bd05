import pytest

from tests import rosters
from tests import world as w


@pytest.fixture
def apply(world):
    """`apply(*lines)` imports a sheet for 一号街道 and gives the applied batch."""

    def applied(*lines, division=w.STREET, by=None, filename="名册.csv"):
        batch = rosters.applied(by or world.users.street, world.divisions[division], list(lines), filename)
        assert batch.state == "applied", (batch.problem, rosters.errors(batch))
        return batch

    return applied


@pytest.fixture
def street(world):
    return world.users.street
