"""`proposals/{id}/reply/document/`: the issued letter of a proposal as a file (contract: REST)."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm, Scope
from portal.core.letters.files import TYPES, LetterAltered, file_of
from portal.core.letters.fonts import NoChineseFont
from portal.core.letters.models import Letter, LetterForm
from portal.core.letters.pdf import CannotShow
from portal.core.web import conditional
from portal.core.web.filters import ChoiceParameter, IdParameter, IntegerParameter
from portal.core.web.operations import Operation
from portal.core.web.problems import ProblemError
from portal.core.web.renderers import FileRenderer
from portal.core.web.viewsets import PortalViewSet
from proposals.enums import ReplyKind
from proposals.models import Handling, Reply

_FORMS = {str(form): form for form in (LetterForm.PDF, LetterForm.DOCX)}


class ReplyDocumentViewSet(PortalViewSet):
    """The newest letter, a correction before what it corrects. Drafts are nobody's but the unit's and have no address here."""

    tag = "proposals"
    operation_id = "proposals_reply_document"
    personal = True
    path_parameters = (IdParameter(description=_("提案或建议的编号（id）。"), example="1"),)
    operations = {
        "document": Operation(
            summary=_("答复的公文"),
            description=_(
                "已签发的答复，PDF 或 Word 文件，逐字节不变；有更正件的给更正件。format 与 Accept 任选其一，都不写时给 PDF。"
                "几个单位分别答复的，用 unit 指明单位，不写时给最近签发的。还没有签发的答 404。"
            ),
            scope=Scope.PROPOSALS_READ,
            perm=Perm.VIEW_PROPOSALS,
            parameters=(
                ChoiceParameter(name="format", description=_("文件格式。"), example="pdf", choices=_FORMS),
                ChoiceParameter(
                    name="kind",
                    description=_("只要这种答复；不写时不含落实答复。"),
                    example="reply",
                    choices={kind: kind for kind in ReplyKind.values},
                ),
                IntegerParameter(name="unit", description=_("只要这个单位的答复（unit.id）。"), example="1", minimum=1),
            ),
            produces=", ".join(TYPES[form] for form in _FORMS.values()),
            refusals=(409,),
        )
    }

    def get_renderers(self) -> list:
        """The format that the address names, else both for Accept to choose from."""
        asked = _FORMS.get(self.request.query_params.get("format", "")) if self.action else None
        return [FileRenderer.of(TYPES[form]) for form in _FORMS.values() if asked in (None, form)]

    def document(self, request, *args, **kwargs) -> HttpResponse:
        letter = self._letter()
        form = next(form for form in _FORMS.values() if TYPES[form] == request.accepted_media_type)
        known = conditional.answered(request, HttpResponse(), conditional.digest(letter.sha256, form))
        if known.status_code == 304:
            return known
        try:
            name, content = file_of(letter, form)
        except (NoChineseFont, CannotShow, LetterAltered) as error:
            raise ProblemError(409, str(error)) from error
        headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
        response = HttpResponse(content, content_type=TYPES[form], headers=headers)
        return conditional.answered(request, response, conditional.digest(letter.sha256, form))

    def _letter(self) -> Letter:
        rows = Reply.objects.filter(
            handling__in=self.rows_of(Handling).filter(proposal=self.kwargs["id"]),
            letter__isnull=False,
        ).exclude(correction__letter__isnull=False)
        kind, unit = self.values["kind"], self.values["unit"]
        rows = rows.filter(kind=kind) if kind else rows.exclude(kind=ReplyKind.IMPLEMENTATION)
        if unit:
            rows = rows.filter(handling__unit=unit)
        newest = rows.select_related("letter").order_by("-letter__issued_at", "-pk").first()
        if newest is None:
            raise Http404
        return newest.letter
