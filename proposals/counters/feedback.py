"""Counters over the forms that proposers were asked to fill in, the last round of each answer (domain §2.2)."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from proposals.counters.words import local_day
from proposals.enums import Satisfaction

_RESULTS = (
    (Satisfaction.SATISFIED, _("结果满意的")),
    (Satisfaction.BASIC, _("结果基本满意的")),
    (Satisfaction.DISSATISFIED, _("结果不满意的")),
)


def rows(scope: Scope) -> str:
    """code, id (of the handling) and how many forms of it were asked for, came back, and with which result."""
    results = ", ".join(f"count(*) FILTER (WHERE f.result = '{one}') AS {one.value}" for one, _label in _RESULTS)
    return f"""
    SELECT f.code, f.id, count(*) AS asked, count(*) FILTER (WHERE f.result <> '') AS returned, {results}
    FROM (
        SELECT DISTINCT ON (f.handling_id, f.proposer_id) a.code, a.id,
            CASE WHEN {local_day("f.returned_at")} <= %(on)s THEN f.result ELSE '' END AS result
        FROM proposals_feedback f JOIN answering a ON a.id = f.handling_id
        WHERE f.asked_on <= %(on)s
        ORDER BY f.handling_id, f.proposer_id, f.round DESC
    ) f GROUP BY f.code, f.id"""


FEEDBACK = Family(
    name="feedback",
    row=RowKind.HANDLING,
    rows=rows,
    counters=(
        Counter(name="feedback_asked", label=_("发出的意见征询表"), add="r.asked"),
        Counter(name="feedback_returned", label=_("收回的意见征询表"), when="r.returned > 0", add="r.returned"),
        *(
            Counter(name=f"feedback_{one.value}", label=label, when=f"r.{one.value} > 0", add=f"r.{one.value}")
            for one, label in _RESULTS
        ),
        Counter(
            name="feedback_content",
            label=_("结果满意和基本满意的"),
            when="r.satisfied + r.basic > 0",
            add="r.satisfied + r.basic",
        ),
    ),
)
