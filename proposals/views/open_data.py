"""Published replies for programs, without a log-in: an Atom feed, and all of them as JSON and CSV."""

import itertools
import json
from collections.abc import Iterator

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.sheets.writing import csv_lines
from proposals.forms.answered import PublicFilter
from proposals.models import Publication
from proposals.queries import publication as reads
from proposals.views.public import kept

ENTRIES = 50
_SUMMARY = 200
_CHUNK = 500
COLUMNS = (
    "id", "url", "pdf_url", "title", "proposal_title", "kind", "session", "number", "division_code", "division", "unit",
    "reply_kind", "document_number", "result", "replied_on", "published_at", "text",
)  # fmt: skip


def facts(one: Publication, request: HttpRequest) -> dict[str, str]:
    """What is given out of a published reply; every text is that of the public version."""
    case, unit, paper = one.reply.handling.proposal, one.reply.handling.unit, reads.paper_of(one)
    return {
        "id": str(one.pk),
        "url": request.build_absolute_uri(reverse("public_reply", args=[one.pk])),
        "pdf_url": request.build_absolute_uri(reverse("public_reply_pdf", args=[one.pk])),
        "title": paper.title.replace("\n", ""),
        "proposal_title": reads.case_title(one),
        "kind": case.session.body,
        "session": case.session.label,
        "number": case.number,
        "division_code": one.division_id,
        "division": one.division.label,
        "unit": unit.name,
        "reply_kind": one.reply.kind,
        "document_number": paper.number,
        "result": one.reply.result,
        "replied_on": one.reply.letter.issued_on.isoformat(),
        "published_at": one.published_at.isoformat(timespec="seconds"),
        "text": reads.text_of(paper),
    }


def _asked(request: HttpRequest):
    form = PublicFilter(request.GET, places=reads.places(), years=reads.years())
    return reads.listed(**form.asked())


@login_not_required
@require_safe
def public_feed(request: HttpRequest) -> HttpResponse:
    """The latest published replies as Atom, narrowed as the list is."""
    found = _asked(request)[:ENTRIES]
    home = request.build_absolute_uri(reverse("public_replies"))
    feed = Atom1Feed(
        title=_("已公开的提案、建议答复"), link=home, description="", language="zh-CN",
        feed_url=request.build_absolute_uri(), feed_guid=home,
    )  # fmt: skip
    for one in found:
        row = facts(one, request)
        feed.add_item(
            title=row["title"], link=row["url"], description=row["text"][:_SUMMARY], unique_id=f"urn:uuid:{one.pk}",
            pubdate=one.published_at, updateddate=one.published_at, author_name=row["unit"],
        )  # fmt: skip
    return kept(HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type))


@login_not_required
@require_safe
def public_json(request: HttpRequest) -> StreamingHttpResponse:
    """All published replies, narrowed as the list is, as one JSON document."""
    return _file(_json(request), "application/json", "published-replies.json")


def _json(request: HttpRequest) -> Iterator[str]:
    yield '{"results": ['
    for number, one in enumerate(_asked(request).iterator(chunk_size=_CHUNK)):
        yield (",\n" if number else "\n") + json.dumps(facts(one, request), ensure_ascii=False)
    yield "\n]}\n"


@login_not_required
@require_safe
def public_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same as CSV."""
    rows = (list(facts(one, request).values()) for one in _asked(request).iterator(chunk_size=_CHUNK))
    return _file(csv_lines(itertools.chain([list(COLUMNS)], rows)), "text/csv; charset=utf-8", "published-replies.csv")


def _file(pieces: Iterator[str], content_type: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse((piece.encode() for piece in pieces), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return kept(response)
