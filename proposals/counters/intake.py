"""Counters over the proposals and suggestions received in the calendar year."""

from django.utils.translation import gettext_lazy as _

from portal.core.indicators.counting import Counter, Family, RowKind, Scope
from proposals.counters.words import this_year
from proposals.enums import Body, ProposalState


def rows(scope: Scope) -> str:
    """code, id (of the proposal), body of the session, state, key."""
    return f"""
    SELECT p.division_id AS code, p.id, s.body, p.state, p.key FROM proposals_proposal p
    JOIN proposals_session s ON s.id = p.session_id
    WHERE {this_year("p.received_on")} AND {scope.of("p.division_id")}"""


_TAKEN = f"r.state NOT IN ('{ProposalState.RECEIVED}', '{ProposalState.REFUSED}', '{ProposalState.WITHDRAWN}')"

INTAKE = Family(
    name="intake",
    row=RowKind.PROPOSAL,
    rows=rows,
    counters=(
        Counter(name="proposals", label=_("本年收到的提案和建议")),
        Counter(name="proposals_cppcc", label=_("本年收到的提案"), when=f"r.body = '{Body.CPPCC}'"),
        Counter(name="proposals_npc", label=_("本年收到的建议"), when=f"r.body = '{Body.NPC}'"),
        Counter(name="proposals_filed", label=_("本年立案的"), when=_TAKEN),
        Counter(name="proposals_refused", label=_("不予立案的"), when=f"r.state = '{ProposalState.REFUSED}'"),
        Counter(name="proposals_merged", label=_("并案的"), when=f"r.state = '{ProposalState.MERGED}'"),
        Counter(name="proposals_key", label=_("重点提案"), when=f"r.key AND {_TAKEN}"),
    ),
)
