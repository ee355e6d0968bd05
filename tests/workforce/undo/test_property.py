"""Whatever roster and whatever sheet: applied and taken back, every row of every table is what it was."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.core.sheets.actions import cancel
from tests import rosters
from tests import world as w
from tests.rosters import line
from tests.workforce.undo.doing import contents, undone
from workforce.actions.tallies import differences

_DAY = date(2024, 1, 1)
_days = st.integers(0, 700).map(lambda days: (_DAY + timedelta(days=days)).isoformat())


@st.composite
def _line(draw) -> dict:
    """A valid row of one of six people with one of three posts; what it leaves open stays as it is."""
    seq = draw(st.integers(1, 6))
    began = draw(_days)
    ended = draw(st.one_of(st.none(), st.integers(1, 400)))
    post = draw(st.sampled_from([("社区工作站", "工作人员", "聘用"), ("居民委员会", "委员", "选举")]))
    last = ended and (date.fromisoformat(began) + timedelta(days=ended)).isoformat()
    levels = st.sampled_from([None, "助理社会工作师", "社会工作师"])
    level = draw(levels)
    return line(
        seq,
        code=draw(st.sampled_from([w.SPRING, w.SUMMER])),
        body=post[0],
        title=post[1],
        entry=post[2],
        valid_from=began,
        valid_to=last,
        contract_from=f"202{seq % 3 + 2}-01-01",
        phone=draw(st.sampled_from([None, "13812345678", "13900000009"])),
        education=draw(st.sampled_from([None, "本科", "大专"])),
        grade=draw(st.sampled_from([None, "5", "6"])),
        level=level,
        obtained_on=draw(_days) if level else None,
        left_on=last if last and draw(st.booleans()) else None,
        leaving_reason=None,
    )


_sheets = st.lists(_line(), min_size=1, max_size=8)


def _applied(world, lines: list[dict], name: str):
    """The sheet without its rows in error; None where nothing is left of it."""
    street, place = world.users.street, world.divisions[w.STREET]
    while lines:
        batch = rosters.judged(street, place, lines, name)
        wrong = {row.number for row in batch.rows.filter(status="error")}
        if not wrong:
            rosters.request_apply(batch=batch, importer=rosters.ROSTER, by=street)
            return rosters.apply_batch(batch.pk, street, rosters.ROSTER)
        cancel(batch=batch, by=street)
        lines = [cells for number, cells in enumerate(lines, 2) if number not in wrong]
    return None


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sheets=st.lists(_sheets, min_size=1, max_size=3))
def test_undo_in_reverse_order_gives_back_every_row(world, sheets):
    with transaction.atomic():
        _there_and_back(world, sheets)
        transaction.set_rollback(True)


def _there_and_back(world, sheets) -> None:
    left = []
    for number, lines in enumerate(sheets):
        before = contents()
        if (batch := _applied(world, lines, f"{number}.csv")) is not None:
            assert batch.state == "applied", batch.problem
            left.append((batch, before))
    for batch, before in reversed(left):
        undone(batch, world.users.street)
        assert contents() == before
        assert differences() == []
