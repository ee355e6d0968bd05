"""`reports/{id}/document/`: a periodic report as a file (contract: REST)."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.roles import Perm, Scope
from portal.core.audit.actions import record
from portal.core.reports.files import TYPES, FileAltered, file_of
from portal.core.reports.models import FileForm, Report
from portal.core.web import conditional
from portal.core.web.filters import ChoiceParameter, IdParameter
from portal.core.web.operations import Operation
from portal.core.web.problems import ProblemError
from portal.core.web.renderers import FileRenderer
from portal.core.web.viewsets import PortalViewSet

_FORMS = {str(form): form for form in FileForm}


class ReportDocumentViewSet(PortalViewSet):
    """A published report byte for byte as it was published; an open one as it stands."""

    tag = "reports"
    operation_id = "reports_document"
    lookup_url_kwarg = "id"
    path_parameters = (IdParameter(description=_("报告的编号。"), example="1"),)
    operations = {
        "document": Operation(
            summary=_("报告的文件"),
            description=_(
                "Word 或 Excel 文件；已发布的逐字节不变，未发布的按现在的内容生成。format 与 Accept 任选其一，都不写时给"
                " Word。每次下载都有记录。"
            ),
            parameters=(ChoiceParameter(name="format", description=_("文件格式。"), example="docx", choices=_FORMS),),
            produces=", ".join(TYPES[form] for form in _FORMS.values()),
            refusals=(409,),
            scope=Scope.REPORTS_READ,
            perm=Perm.VIEW_REPORTS,
        )
    }

    def get_queryset(self) -> QuerySet[Report]:
        return self.rows_of(Report).select_related("division", "corrects")

    def get_renderers(self) -> list:
        """The format that the address names, else both for Accept to choose from."""
        asked = _FORMS.get(self.request.query_params.get("format", "")) if self.action else None
        return [FileRenderer.of(TYPES[form]) for form in _FORMS.values() if asked in (None, form)]

    def document(self, request, *args, **kwargs) -> HttpResponse:
        report = self.get_object()
        form = next(form for form in _FORMS.values() if TYPES[form] == request.accepted_media_type)
        tag = conditional.digest(conditional.state_of(report), form)
        known = conditional.answered(request, HttpResponse(), tag)
        if known.status_code == 304:
            return known
        try:
            name, content = file_of(report, form)
        except FileAltered as error:
            raise ProblemError(409, str(error)) from error
        about = {"form": form, "edition": report.edition, "token": request.auth.prefix}
        record("report_taken", by=request.user, subject=name, division=report.division_id, **about)
        headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
        return conditional.answered(request, HttpResponse(content, content_type=TYPES[form], headers=headers), tag)
