"""Reads of proposals and suggestions: the list with its filters and search, who answers, what was merged (domain §2.2)."""

from collections.abc import Iterable

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Value
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.lib.bigrams import bigrams
from proposals.enums import Body, HandlingRole, ProposerType, Stage
from proposals.models import CaseFile, Handling, HandlingUnit, Proposal, Proposer, Session

GONE = (Stage.RETURNED, Stage.WITHDRAWN)
# A reader who asks for more words than this gets what the first ones find.
_MOST_TERMS = 40
SORTS = {"id": "id", "received": "received_on"}


def search_text(number: str, title: str, text: str, names: Iterable[str] = ()) -> str:
    """The terms under which a proposal is found: its number, title, text and who signed it."""
    return " ".join(bigrams("\n".join((number, title, text, *names))))


def search_vector(terms: str) -> SearchVector:
    """The value of `Proposal.search` for terms that `search_text` made."""
    return SearchVector(Value(terms), config="simple")


def search_query(words: str) -> SearchQuery | None:
    """The question for words that a reader typed; None where there is nothing to look for. All of them have to occur.

    A character that stands alone, as in 18名, begins a pair of the text.
    """
    terms = list(dict.fromkeys(bigrams(words)))[:_MOST_TERMS]
    if not terms:
        return None
    asked = (f"'{term}':*" if len(term) == 1 and not term.isascii() else f"'{term}'" for term in terms)
    return SearchQuery(" & ".join(asked), search_type="raw", config="simple")


def type_label(body: str, proposer_type: str) -> str:
    """What a type of proposers is called: members of the CPPCC are 委员, those of the people's congress 代表."""
    if (body, proposer_type) == (Body.NPC, ProposerType.MEMBER):
        return _("代表个人")
    return str(ProposerType(proposer_type).label)


def type_choices() -> list[tuple[str, str]]:
    """The types of both bodies."""
    return [
        (value, _("委员或代表个人") if value == ProposerType.MEMBER else label) for value, label in ProposerType.choices
    ]


def place_of_cases(code: str) -> str:
    """The code whose cases a place shows: streets and communities have none of their own, so their district's."""
    return code[:6]


def listed(
    user,
    code: str = "",
    *,
    q: str = "",
    session: int | None = None,
    body: str = "",
    state: str = "",
    lead: int | None = None,
    proposer_type: str = "",
    key: bool = False,
    perm: str = Perm.VIEW_PROPOSALS,
) -> QuerySet[Proposal]:
    """Proposals that the user may see under a place, newest first, with what a line of the list shows."""
    rows = Proposal.objects.for_user(user, perm).under(code)
    for name, value in (
        ("session_id", session),
        ("session__body", body),
        ("state", state),
        ("proposer_type", proposer_type),
        ("key", key),
    ):
        if value:
            rows = rows.filter(**{name: value})
    if lead:
        rows = rows.filter(Exists(answering().filter(proposal=OuterRef("pk"), unit=lead)))
    if (query := search_query(q)) is not None:
        rows = rows.filter(search=query)
    elif q:
        rows = rows.none()
    return rows.defer("text", "search", "ground_words").order_by("-id")


def answering() -> QuerySet[Handling]:
    """The parts of units that answer proposers, without those given back or withdrawn."""
    return Handling.objects.filter(role__in=(HandlingRole.LEAD, HandlingRole.SEPARATE)).exclude(stage__in=GONE)


def with_line(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Adds what a line shows: the session, who answers, who signed."""
    units = answering().select_related("unit").order_by("id")
    signers = Proposer.objects.defer("phone", "address").order_by("position")
    return rows.select_related("session").prefetch_related(
        Prefetch("handlings", queryset=units, to_attr="answering"),
        Prefetch("proposers", queryset=signers, to_attr="signers"),
    )


def counts(user, code: str = "") -> dict[str, int]:
    """How many proposals under a place stand in each state; a state without any is missing."""
    rows = Proposal.objects.for_user(user, Perm.VIEW_PROPOSALS).under(code).order_by()
    return dict(rows.values_list("state").annotate(Count("pk")))


def counts_of_sessions(user, keys: list[int]) -> dict[int, int]:
    """How many proposals of these sessions the user may see."""
    rows = Proposal.objects.for_user(user, Perm.VIEW_PROPOSALS).filter(session__in=keys).order_by()
    return dict(rows.values_list("session").annotate(Count("pk")))


def sessions(user, code: str = "", perm: str = Perm.VIEW_PROPOSALS) -> QuerySet[Session]:
    """Sessions that the user may know of, latest first."""
    rows = Session.objects.for_user(user, perm).under(code).select_related("division")
    return rows.order_by("-opened_on", "division_id", "body", "-id")


def units(user, code: str = "", perm: str = Perm.VIEW_PROPOSALS) -> QuerySet[HandlingUnit]:
    """Units that handle proposals, by place and name."""
    rows = HandlingUnit.objects.for_user(user, perm).under(code).select_related("division")
    return rows.order_by("division_id", "name")


def files_of(proposal: Proposal) -> QuerySet[CaseFile]:
    """Files of a proposal that were not taken back, in the order in which they came."""
    return proposal.files.filter(taken_back=False).select_related("added_by").order_by("added_at", "id")
