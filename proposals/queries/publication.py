"""Reads of published replies: what the public may see, how it is searched, and what still waits for review.

Only a published row that was not taken back exists for the public; drafts and unsigned replies never get a row.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime, time

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from portal.core.accounts.roles import Perm
from portal.core.letters.paper import Paper
from portal.core.lib import clock
from portal.core.lib.bigrams import bigrams
from portal.core.lib.clock import today
from portal.core.lib.scope import subtree
from portal.core.territory.models import Division
from proposals.enums import Disclosure, ProposerType, ResultClass, Stage
from proposals.models import Handling, Proposer, Publication, Reply
from proposals.queries.cases import search_query
from proposals.redaction import Known, redact, redact_paper, texts_of

PEOPLE = (ProposerType.MEMBER, ProposerType.JOINT)
_LEAST_NAME = 2
_TITLES = ("委员", "代表")
_WITH = ("division", "reply__handling__proposal__session", "reply__handling__unit", "reply__letter")


def published() -> QuerySet[Publication]:
    """Published replies, the latest first."""
    out = Publication.objects.filter(published_at__isnull=False, taken_back_at__isnull=True)
    return out.select_related(*_WITH).order_by("-published_at", "id")


def listed(
    *, q: str = "", under: str = "", year: int | None = None, result: str = "", body: str = ""
) -> QuerySet[Publication]:
    """Published replies by words of their text, place, year of the letter, class and body."""
    found = published()
    if q:
        query = search_query(q)
        found = found.none() if query is None else found.filter(search=query)
    if under:
        found = found.filter(subtree("division_id", under))
    if year:
        found = found.filter(
            reply__letter__issued_on__gte=date(year, 1, 1), reply__letter__issued_on__lte=date(year, 12, 31)
        )
    if result in ResultClass.values:
        found = found.filter(reply__result=result)
    if body:
        found = found.filter(reply__handling__proposal__session__body=body)
    return found


def places() -> list[Division]:
    """Places that have published replies, by code."""
    codes = published().order_by().values("division_id").distinct()
    return list(Division.objects.filter(code__in=codes).order_by("code"))


def years() -> list[int]:
    """Years that published letters may be of, the latest first: from the one before the first publication."""
    first = published().order_by("published_at").values_list("published_at", flat=True).first()
    return list(range(today().year, first.year - 2, -1)) if first else []


def paper_of(publication: Publication) -> Paper:
    """The published letter."""
    return Paper.from_data(publication.content)


def case_title(publication: Publication) -> str:
    """The title of the proposal as the public may read it."""
    return redact(publication.reply.handling.proposal.title).text


def text_of(paper: Paper) -> str:
    """The words of a published letter, a piece a line."""
    return "\n".join(texts_of(paper))


def search_terms(publication: Publication) -> str:
    """What a published reply is found by: its letter, the title and number of the proposal, the unit."""
    case, unit = publication.reply.handling.proposal, publication.reply.handling.unit
    pieces = (case.number, case_title(publication), unit.name, unit.short, text_of(paper_of(publication)))
    return " ".join(bigrams("\n".join(pieces)))


def known_of(reply: Reply, further: Iterable[str] = (), *, keep_names: bool = False) -> Known:
    """What is on file about the proposers of a reply, to be taken out of its public version.

    Names of people go unless they agreed; Parties and organisations keep theirs.
    """
    proposal = reply.handling.proposal
    signers = list(Proposer.objects.filter(proposal=proposal))
    names = [_bare(one.name) for one in signers] if proposal.proposer_type in PEOPLE and not keep_names else []
    return Known(
        phones=tuple(one.phone for one in signers if one.phone),
        addresses=tuple(one.address for one in signers if one.address),
        names=tuple(name for name in names if len(name) >= _LEAST_NAME),
        further=tuple(further),
    )


def _bare(name: str) -> str:
    for title in _TITLES:
        name = name.removesuffix(title)
    return name


def preview(reply: Reply, further: Iterable[str] = (), *, keep_names: bool = False) -> tuple[Paper, list[dict]]:
    """The public version of a signed reply, and what was left out of it as rows of kind and number."""
    paper = Paper.from_data(reply.letter.paper)
    public, counts = redact_paper(paper, known_of(reply, further, keep_names=keep_names))
    return public, [{"kind": kind, "n": counts[kind]} for kind in sorted(counts)]


def mark_of(publication: Publication) -> str:
    """A mark of what the checker decided, so that nobody releases another version than they saw."""
    content = json.dumps(publication.content, sort_keys=True, cls=DjangoJSONEncoder)
    parts = (content, publication.disclosure, publication.reason, str(publication.checked_by_id))
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


def waiting(user, code: str = "") -> QuerySet[Handling]:
    """Handlings that wait for publication review where the user manages proposals, those due first."""
    found = Handling.objects.for_user(user, Perm.MANAGE_PROPOSALS).under(code).filter(stage=Stage.PUBLICATION)
    return found.select_related("proposal__session", "unit").order_by("due_on", "pk")


def managed(user) -> QuerySet[Publication]:
    """Reviews and publications of the places where the user manages proposals."""
    found = Publication.objects.for_user(user, Perm.MANAGE_PROPOSALS)
    return found.select_related(*_WITH, "checked_by", "published_by")


def day_start(day: date) -> datetime:
    """The first moment of a day in the portal's time."""
    return datetime.combine(day, time(), clock.zone())


def is_out(publication: Publication) -> bool:
    """Whether the public sees it."""
    return publication.published_at is not None and publication.taken_back_at is None


def decided(publication: Publication) -> bool:
    """Whether a second person settled the review: published, or withheld for good."""
    return publication.published_by_id is not None


def correction_of(publication: Publication) -> Publication | None:
    """The published reply that corrects this one."""
    return published().filter(reply__corrects=publication.reply_id).first()


def is_public(disclosure: str) -> bool:
    return disclosure == Disclosure.PUBLIC
