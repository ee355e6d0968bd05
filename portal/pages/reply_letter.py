"""An answer as the letter it makes: draft or issued, page by page, with its figures as they stand now."""

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.letters import files
from portal.core.letters.fonts import NoChineseFont
from portal.core.letters.models import LetterForm
from portal.core.letters.paper import (
    Annex,
    Paper,
    annex_mark,
    annex_title,
    attachment_lines,
    copies_line,
    numbered,
    signatures,
)
from portal.core.letters.pdf import CannotShow, pdf, png_pages
from portal.core.letters.word import docx
from portal.core.web import keep
from portal.core.web.access import requires
from portal.pages import reply_words
from portal.pages.reply_editor import may_write, reply_or_404
from portal.registry import INDICATORS
from proposals import stages
from proposals.actions import course, drafting
from proposals.enums import Stage
from proposals.models import Reply, ReplySection
from proposals.queries import drafts
from workforce.views.answers import may_change_now

DRAFT = "草稿"
_DPI = 96
_KEPT = 8
_MAKERS = {LetterForm.DOCX: docx, LetterForm.PDF: pdf}


def paper_of(reply: Reply, sections: list[ReplySection] | None = None) -> Paper:
    """The letter as issued, or the draft with its stamp."""
    return files.paper_of(reply.letter) if reply.letter_id else drafts.paper_of(reply, sections, stamp=DRAFT)


@lru_cache(maxsize=_KEPT)
def _pictures(paper: str) -> tuple[bytes, ...]:
    """The pages of a paper as pictures; the last few are kept, for a reader asks for one after the other."""
    return tuple(png_pages(Paper.from_json(paper), _DPI))


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def reply_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter as it prints, its words, and how its figures stand now."""
    reply = reply_or_404(request, pk)
    sections = drafts.sections_of(reply)
    paper = paper_of(reply, sections)
    pages, problem = 0, ""
    try:
        pages = len(_pictures(paper.to_json()))
    except NoChineseFont as error:
        problem = str(error)
    context = {
        "reply": reply,
        "proposal": reply.handling.proposal,
        "letter": reply.letter,
        "corrected_by": Reply.objects.filter(corrects=reply).first(),
        "pages": range(1, pages + 1),
        "problem": problem,
        "words": words_of(paper),
        "sources": reply_words.source_rows(sections),
        "actions": _acts(request, reply),
        **reply_words.beside(reply, sections, INDICATORS),
    }
    return render(request, "proposals/reply_letter.html", context)


def words_of(paper: Paper) -> list[dict]:
    """The text of a letter for who does not see pictures: headings with their numbers, paragraphs, what follows, annexes."""
    lines = [_line(f"{paper.addressee}："), *_block_lines(paper)]
    lines += [_line("".join(line)) for line in attachment_lines(paper)]
    lines += [_line(text) for text in (*(paper.contact.lines() if paper.contact else ()), *signatures(paper))]
    for annex in paper.annexes:
        lines += [_line(f"{annex_mark(paper, annex)} {annex_title(paper, annex)}", 3), *_block_lines(annex)]
    lines += [_line(f"抄送：{copies_line(paper)}")] if paper.copies else []
    return [line for line in lines if line["text"]]


def _block_lines(part: Paper | Annex) -> list[dict]:
    lines = []
    for block, number, depth in numbered(part):
        if block.table:
            rows = ((block.table.caption,), *block.table.rows)
            lines += [_line("　".join(row)) for row in rows]
        else:
            lines.append(_line(f"{number}{block.text}{block.follows}", min(depth + 2, 6) if depth else 0))
    return lines


def _line(text: str, level: int = 0) -> dict:
    return {"text": text, "level": level}


def _acts(request: HttpRequest, reply: Reply) -> list[dict]:
    """Files, and what may be done next with the answer."""
    acts = []
    if may_change_now(request):
        if may_write(request, reply):
            acts.append(_act(request, _("修改"), "pencil-square", "reply_draft", reply))
        elif may_sign(request.user, reply):
            acts.append(_act(request, _("签发"), "patch-check", "reply_sign", reply) | {"primary": True})
        elif may_correct(request.user, reply):
            acts.append(_act(request, _("更正"), "pencil-square", "reply_correct", reply))
        if not drafting.is_regular(reply) and may_sign(request.user, reply) and may_write(request, reply):
            acts.append(_act(request, _("签发"), "patch-check", "reply_sign", reply) | {"primary": True})
    choices = [
        {"label": label, "icon": "file-earmark-text", "url": keep.page_url(request, "reply_file", reply.pk, form)}
        for form, label in LetterForm.choices
    ]
    return [*acts, {"label": _("下载"), "icon": "download", "choices": choices}]


def _act(request: HttpRequest, label: str, icon: str, name: str, reply: Reply) -> dict:
    return {"label": label, "icon": icon, "url": keep.page_url(request, name, reply.pk)}


def may_sign(user, reply: Reply) -> bool:
    """Whether the answer waits for a signature that this reader may give."""
    if reply.letter_id or not course.may_act(user, reply.handling, stages.LEADER):
        return False
    return reply.handling.stage == Stage.SIGNATURE if drafting.is_regular(reply) else reply.drafted_by_id != user.pk


def may_correct(user, reply: Reply) -> bool:
    """Whether the reader may begin a correction: of a signed answer that has none yet."""
    if not reply.letter_id or not course.may_act(user, reply.handling, stages.UNIT):
        return False
    return not Reply.objects.filter(corrects=reply).exists()


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def reply_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One page of the letter as a picture."""
    try:
        pages = _pictures(paper_of(reply_or_404(request, pk)).to_json())
    except NoChineseFont as error:
        raise Http404 from error
    if not 1 <= number <= len(pages):
        raise Http404
    return HttpResponse(pages[number - 1], content_type="image/png")


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def reply_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The letter as Word document or PDF; a draft bears its stamp on every page."""
    if form not in LetterForm.values:
        raise Http404
    reply = reply_or_404(request, pk)
    try:
        name, content = file_of(reply, form)
    except (NoChineseFont, CannotShow, files.LetterAltered) as error:
        return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=files.TYPES[LetterForm(form)], headers=headers)


def file_of(reply: Reply, form: str) -> tuple[str, bytes]:
    """Name and content: of a letter as kept, of a draft as it stands."""
    if reply.letter_id:
        return files.file_of(reply.letter, form)
    return f"{DRAFT} {reply.title}"[:80] + f".{form}", _MAKERS[LetterForm(form)](paper_of(reply))


routes = [
    path("proposals/replies/<int:pk>/letter/", reply_letter, name="reply_letter"),
    path("proposals/replies/<int:pk>/pages/<int:number>.png", reply_page, name="reply_page"),
    path("proposals/replies/<int:pk>/letter.<str:form>", reply_file, name="reply_file"),
]
