"""The review case that tests carry on: 钱风, 李雨 and 吴同, hired 2024-01-01, miss the two-year rule on 2026-01-01."""

from datetime import date

from tests import factories
from tests import world as w
from workforce.actions.cases import open_due_cases, take_step
from workforce.models import ReviewCase

TWO_YEARS = {"months": 24, "starts_on": "2018-01-01", "restart_after_months": 6, "judged_by": "obtained"}


def set_deadline() -> None:
    """The two-year rule for the city."""
    factories.rule("certificate.deadline", TWO_YEARS, w.CITY)


def opened(world) -> ReviewCase:
    """The case of 钱风."""
    open_due_cases(on=date(2026, 2, 1))
    return ReviewCase.objects.get(person=world.people["钱风"])


def step(case: ReviewCase, by, **fields) -> ReviewCase:
    given = {"on": date(2026, 3, 1), "note": "示例说明", "document": "示例通知〔2026〕1号", "version": case.version}
    return take_step(case=case, by=by, **{**given, **fields})
