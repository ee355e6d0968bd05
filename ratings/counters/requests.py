"""Counters over what residents brought forward in the calendar year: answered, on time, with which verdict (domain §1.H10)."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from ratings.enums import RequestKind, Verdict
from workforce.counters.words import this_year

_VERDICTS = ", ".join(f"'{one}'" for one in (Verdict.SATISFIED, Verdict.BASIC))


def rows(scope: Scope) -> str:
    """code, id (of the request), kind, and how it stood on the day; withdrawn ones are left out."""
    return f"""
    SELECT q.division_id AS code, q.id, q.kind, a.answered, a.answered AND q.answered_on <= q.due_on AS on_time,
        NOT a.answered AND q.due_on < %(on)s AS overdue,
        CASE WHEN q.verdict_on IS NULL OR q.verdict_on <= %(on)s THEN q.verdict ELSE '' END AS verdict
    FROM ratings_servicerequest q JOIN units u ON u.code = q.division_id
    CROSS JOIN LATERAL (SELECT coalesce(q.state = 'answered' AND q.answered_on <= %(on)s, false) AS answered) a
    WHERE q.state <> 'withdrawn' AND {this_year("q.received_on")} AND {scope.of("q.division_id")}"""


REQUESTS = Family(
    name="requests",
    row=RowKind.REQUEST,
    rows=rows,
    counters=(
        Counter(name="requests", label=_("本年受理的诉求和办事")),
        *(
            Counter(name=f"requests_{kind}", label=label, when=f"r.kind = '{kind}'")
            for kind, label in (
                (RequestKind.APPEAL, _("本年受理的诉求")),
                (RequestKind.WINDOW, _("本年窗口办事")),
                (RequestKind.ERRAND, _("本年代办")),
            )
        ),
        Counter(name="requests_answered", label=_("本年受理、已答复的"), when="r.answered"),
        Counter(name="requests_judged", label=_("已答复或已到期的"), when="r.answered OR r.overdue"),
        Counter(name="requests_on_time", label=_("按期答复的"), when="r.on_time"),
        Counter(name="requests_overdue", label=_("逾期未答复的"), when="r.overdue"),
        Counter(name="requests_rated", label=_("居民作了评价的"), when="r.answered AND r.verdict <> ''"),
        Counter(name="requests_satisfied", label=_("居民满意的"), when=f"r.answered AND r.verdict IN ({_VERDICTS})"),
    ),
)
