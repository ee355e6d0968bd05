"""Issued letters: the register, one letter with its hash and its files."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.core.audit.actions import record
from portal.core.letters.batches import MOST, PERM, letters_of
from portal.core.letters.files import TYPES, LetterAltered, file_of, paper_of
from portal.core.letters.fonts import NoChineseFont
from portal.core.letters.models import Letter, LetterForm
from portal.core.letters.pdf import CannotShow
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import Paginator
from portal.pages import letter_batches
from portal.pages.answers import page_or_part
from portal.pages.letter_list import COLUMNS, LETTERS, corrected_by, listing_of, shown

PAGE_ROWS = 50


@require_safe
@requires(PERM)
def letters(request: HttpRequest) -> HttpResponse:
    """The register of the reader's territory, the latest letter first."""
    form, found = listing_of(request.user, request.GET, keep.place_of(request))
    page = Paginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    page.object_list = shown(page.object_list)
    context = {
        "page": page,
        "columns": COLUMNS,
        "form": form,
        "narrowed": any(form.given(name) for name in form.fields),
        "most": MOST,
        "forms": LetterForm.choices,
        "batches": letter_batches.latest(request.user),
        "exports": export_menu(request, LETTERS),
    }
    return page_or_part(request, "letters/letter_list.html", "letters/_list.html", context)


@require_safe
@requires(PERM)
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One letter: what the register says of it, whether its text is still what was issued, its files."""
    found = _letter(request, pk)
    problem = ""
    try:
        paper_of(found)
    except LetterAltered as error:
        problem = str(error)
    context = {"letter": found, "facts": _facts(request, found), "problem": problem, "files": _files(request, found)}
    return render(request, "letters/letter.html", context)


def _facts(request: HttpRequest, found: Letter) -> list[dict]:
    others = [(_("更正的是"), found.corrects), (_("更正件"), corrected_by(found))]
    reply = getattr(found, "reply", None)
    return [
        {"label": _("发文字号"), "value": found.number or _("不编文号")},
        {"label": _("地区"), "value": found.division.label},
        {"label": _("成文日期"), "value": formats.day(found.issued_on)},
        {"label": _("签发人"), "value": str(found.issued_by)},
        {"label": _("签发时间"), "value": formats.moment(found.issued_at)},
        *(
            {"label": label, "value": str(other), "url": keep.page_url(request, "letter", other.pk)}
            for label, other in others
            if other
        ),
        *([{"label": _("答复"), "value": _("查看成稿和数据"), "url": _of(request, reply)}] if reply else []),
    ]


def _of(request: HttpRequest, reply) -> str:
    return keep.page_url(request, "reply_letter", reply.pk)


def _files(request: HttpRequest, found: Letter) -> list[dict]:
    return [
        {"label": label, "icon": "download", "url": keep.page_url(request, "letter_file", found.pk, form)}
        for form, label in ((LetterForm.PDF, _("下载 PDF")), (LetterForm.DOCX, _("下载 Word 文档")))
    ]


@require_safe
@requires(PERM)
def letter_file(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """The letter as a file, byte for byte as it was first made."""
    found = _letter(request, pk)
    if form not in LetterForm.values:
        raise Http404
    try:
        name, content = file_of(found, form)
    except (LetterAltered, NoChineseFont, CannotShow) as error:
        messages.error(request, str(error))
        return redirect(keep.page_url(request, "letter", found.pk))
    record("letter_taken", by=request.user, subject=str(found), division=found.division_id, form=form)
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=TYPES[LetterForm(form)], headers=headers)


def _letter(request: HttpRequest, pk: UUID) -> Letter:
    related = letters_of(request.user).select_related("division", "issued_by", "corrects", "correction", "reply")
    return get_object_or_404(related, pk=pk)


routes = [
    path("letters/", letters, name="letters"),
    path("letters/<uuid:pk>/", letter, name="letter"),
    path("letters/<uuid:pk>/letter.<slug:form>", letter_file, name="letter_file"),
    *letter_batches.routes,
]
