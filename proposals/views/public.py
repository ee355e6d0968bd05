"""Pages without a log-in: published replies, their list and search, each at its permanent address, as page and as PDF.

Nothing here asks for a session or needs scripts; what is not published does not exist, what was taken back says why.
"""

import functools
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from portal.core.letters.fonts import NoChineseFont
from portal.core.letters.paper import (
    Block,
    Paper,
    annex_mark,
    annex_title,
    attachment_lines,
    chinese_day,
    copies_line,
    note_line,
    numbered,
    signatures,
)
from portal.core.letters.pdf import CannotShow, pdf
from portal.core.web.paginator import BoundedPaginator
from proposals.forms.answered import PublicFilter
from proposals.models import Publication
from proposals.queries import publication as reads

PAGE_ROWS = 30
FRESH = 300  # seconds for which caches may keep an answer: what is taken back is gone everywhere soon after
_GONE = 410


@login_not_required
@require_safe
def public_replies(request: HttpRequest) -> HttpResponse:
    """Published replies, the latest first, with search."""
    form = PublicFilter(request.GET, places=reads.places(), years=reads.years())
    asked = form.asked()
    page = BoundedPaginator(reads.listed(**asked), PAGE_ROWS).get_page(request.GET.get("page"))
    rows = [{"one": one, "title": reads.case_title(one)} for one in page]
    context = {"form": form, "page": page, "rows": rows, "narrowed": bool(asked)}
    return render(request, "proposals/public_replies.html", context)


def found(pk: UUID) -> Publication:
    """A publication that is or was out; anything else is missing."""
    rows = Publication.objects.filter(published_at__isnull=False)
    near = ("division", "reply__handling__proposal__session", "reply__handling__unit", "reply__letter")
    return get_object_or_404(rows.select_related(*near), pk=pk)


@login_not_required
@require_safe
def public_reply(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One published reply as an accessible page; taken back, the day and the reason."""
    held = found(pk)
    if not reads.is_out(held):
        return render(request, "proposals/public_taken_back.html", {"held": held}, status=_GONE)
    paper = reads.paper_of(held)
    context = {
        "held": held,
        "handling": held.reply.handling,
        "case": held.reply.handling.proposal,
        "case_title": reads.case_title(held),
        "correction": reads.correction_of(held),
        **shown(paper),
    }
    return render(request, "proposals/public_reply.html", context)


def shown(paper: Paper) -> dict:
    """A letter as the page shows it: every element in the order of the paper, headings by their depth."""
    return {
        "paper": paper,
        "heading": paper.title.replace("\n", ""),
        "blocks": [_block(*one) for one in numbered(paper)],
        "dated": chinese_day(paper.dated) if paper.dated else "",
        "attachments": ["".join(line) for line in attachment_lines(paper)],
        "signatures": signatures(paper),
        "annexes": [
            {
                "mark": annex_mark(paper, one),
                "title": annex_title(paper, one),
                "blocks": [_block(*block) for block in numbered(one)],
            }
            for one in paper.annexes
        ],
        "note": note_line(paper),
        "copies": f"抄送：{copies_line(paper)}" if paper.copies else "",
        "addressee": f"{paper.addressee}：" if paper.addressee else "",
    }


def _block(block: Block, number: str, depth: int) -> dict:
    """Headings begin at h2, below the title; a heading that runs on into its text is a paragraph."""
    table = block.table
    return {
        "depth": min(depth + 1, 6) if depth else 0,
        "number": number,
        "text": block.text,
        "follows": block.follows,
        "lines": [line.strip() for line in block.text.splitlines() if line.strip()],
        "table": table and {
            "caption": table.caption,
            "head": table.rows[: table.header_rows],
            "rows": table.rows[table.header_rows :],
        },
    }  # fmt: skip


@login_not_required
@require_safe
def public_reply_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The public version as PDF. A letter that this server cannot set is still readable as a page."""
    held = found(pk)
    if not reads.is_out(held):
        return render(request, "proposals/public_taken_back.html", {"held": held}, status=_GONE)
    paper = reads.paper_of(held)
    tag = paper.digest()
    if request.headers.get("If-None-Match") == f'"{tag}"':
        return _tagged(HttpResponse(status=304), tag)
    try:
        content = _printed(paper.to_json())
    except (NoChineseFont, CannotShow) as problem:
        return HttpResponse(str(problem), status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{pk}.pdf"'
    return _tagged(response, tag)


@functools.lru_cache(maxsize=64)
def _printed(text: str) -> bytes:
    return pdf(Paper.from_json(text))


def _tagged(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = f'"{tag}"'
    return kept(response)


def kept(response: HttpResponse) -> HttpResponse:
    """A file that is the same for everybody: caches on the way may keep it for some minutes."""
    patch_cache_control(response, public=True, max_age=FRESH)
    return response
