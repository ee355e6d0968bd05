"""Earlier answers to write from: their paragraphs by words, and proposals like the one in hand."""

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Prefetch, Q, QuerySet

from portal.core.accounts.roles import Perm
from portal.core.lib.bigrams import bigrams
from proposals.models import Handling, Proposal, Reply, ReplySection
from proposals.queries.cases import search_query
from proposals.queries.drafts import replies

# Words that every title has say nothing of what it is about.
_EMPTY = frozenset(bigrams("关于加强进一步推进完善的提案的建议工作"))
_MOST_TERMS = 24
# Ranking reads every row found: of words that are everywhere the latest are ranked.
_RANKED = 2000
SHOWN = 20
ALIKE = 5


def paragraphs(user, words: str, *, without: Reply | None = None) -> QuerySet[ReplySection]:
    """Paragraphs of issued answers that the user may see and that hold all the words, best first."""
    query = search_query(words)
    if query is None:
        return ReplySection.objects.none()
    seen = Reply.objects.filter(
        handling__in=Handling.objects.for_user(user, Perm.VIEW_PROPOSALS), letter__isnull=False, correction__isnull=True
    )
    found = ReplySection.objects.filter(search=query, reply__in=seen).exclude(reply=without.pk if without else None)
    rows = ReplySection.objects.filter(pk__in=found.order_by("-pk").values("pk")[:_RANKED])
    rows = rows.select_related("reply__letter", "reply__handling__unit", "reply__handling__proposal__session")
    rows = rows.prefetch_related("reply__figures").annotate(rank=SearchRank(F("search"), query))
    return rows.defer("search", "reply__handling__proposal__search").order_by("-rank", "-pk")


def alike(user, proposal: Proposal, limit: int = ALIKE) -> list[Proposal]:
    """Proposals whose title and text share most with this one's, with their issued answers, of those the user may see."""
    terms = [term for term in dict.fromkeys(bigrams(proposal.title)) if term not in _EMPTY][:_MOST_TERMS]
    if not terms:
        return []
    query = SearchQuery(" | ".join(f"'{term}'" for term in terms), search_type="raw", config="simple")
    found = Proposal.objects.for_user(user, Perm.VIEW_PROPOSALS).filter(search=query).exclude(pk=proposal.pk)
    answers = Reply.objects.filter(letter__isnull=False).select_related("letter").order_by("-pk")
    rows = Proposal.objects.filter(pk__in=found.order_by("-pk").values("pk")[:_RANKED])
    rows = rows.annotate(rank=SearchRank(F("search"), query)).select_related("session").defer("search", "text")
    rows = rows.prefetch_related(
        Prefetch(
            "handlings", queryset=Handling.objects.filter(~Q(role="co")).select_related("unit"), to_attr="answering"
        ),
        Prefetch("answering__replies", queryset=answers, to_attr="issued"),
    )
    return list(rows.order_by("-rank", "-pk")[:limit])


def together(user, reply: Reply) -> list[Reply]:
    """Answers of the same unit to the proposals merged with this one: handled as one, answered each by a letter."""
    root = root_of(reply.handling.proposal)
    merged = Q(handling__proposal=root) | Q(handling__proposal__merged_into=root)
    rows = replies(user, Perm.VIEW_PROPOSALS).filter(merged, handling__unit=reply.handling.unit_id)
    return list(rows.exclude(handling=reply.handling_id).order_by("pk"))


def root_of(proposal: Proposal) -> int:
    """The proposal that others were merged into, or itself."""
    return proposal.merged_into_id or proposal.pk
