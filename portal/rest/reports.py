"""`reports/`: periodic reports as they stand, and as the files that were published (contract: REST)."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from portal.core.accounts.roles import Perm, Scope
from portal.core.audit.actions import record
from portal.core.reports.declare import kind_label
from portal.core.reports.files import TYPES, FileAltered, file_of
from portal.core.reports.models import FileForm, Report, ReportState
from portal.core.reports.words import CadenceWord
from portal.core.web import conditional
from portal.core.web.filters import ChoiceParameter, CodeParameter, IdParameter, IntegerParameter
from portal.core.web.operations import Operation
from portal.core.web.problems import ProblemError
from portal.core.web.renderers import FileRenderer
from portal.core.web.serializers import RowSerializer
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from portal.registry import REPORTS
from workforce.serializers.roster import PostDivisionSerializer

_EXAMPLE = {
    "id": 1,
    "kind": next(iter(REPORTS)),
    "label": "月度报告",
    "division": {"code": "120101", "name": "示例区"},
    "cadence": "month",
    "period": "2026-10",
    "starts_on": "2026-10-01",
    "ends_on": "2026-10-31",
    "due_on": "2026-11-05",
    "edition": 1,
    "corrects": None,
    "correction_reason": "",
    "state": "published",
    "figures_at": "2026-11-01T02:00:00+08:00",
    "made_by": "portal",
    "signed_by": "district-staff",
    "signed_at": "2026-11-03T09:00:00+08:00",
    "kept_reason": "",
    "published_by": "district-staff",
    "published_at": "2026-11-03T10:00:00+08:00",
    "withdrawn_at": None,
    "digest": "0" * 64,
    "seal": "0" * 64,
}
_RIGHTS = {"scope": Scope.REPORTS_READ, "perm": Perm.VIEW_REPORTS}
_ID = IdParameter(description=_("报告的编号。"), example="1")
_FORMS = {str(form): form for form in FileForm}


class ReportSerializer(RowSerializer):
    example = _EXAMPLE
    id = serializers.IntegerField()
    kind = serializers.CharField(help_text=_("哪一种报告。"))
    label = serializers.SerializerMethodField(help_text=_("报告的名称。"))
    division = PostDivisionSerializer(help_text=_("区划。"))
    cadence = serializers.ChoiceField(CadenceWord.choices, help_text=_("周期。"))
    period = serializers.CharField(help_text=_("期间，如 2026-W47、2026-10、2026-Q3、2026-H2、2026。"))
    starts_on = serializers.DateField(help_text=_("期初。"))
    ends_on = serializers.DateField(help_text=_("期末。"))
    due_on = serializers.DateField(help_text=_("发布期限。"))
    edition = serializers.IntegerField(help_text=_("版次，更正一次加一。"))
    corrects = serializers.IntegerField(source="corrects_id", allow_null=True, help_text=_("更正的是哪一份（id）。"))
    correction_reason = serializers.CharField(help_text=_("更正原因。"))
    state = serializers.ChoiceField(ReportState.choices, help_text=_("状态。"))
    figures_at = serializers.DateTimeField(help_text=_("统计时间。"))
    made_by = serializers.CharField(help_text=_("编制人。"))
    signed_by = serializers.CharField(help_text=_("签发人；空为没有签发。"))
    signed_at = serializers.DateTimeField(allow_null=True, help_text=_("签发时间。"))
    kept_reason = serializers.CharField(help_text=_("沿用原数据的理由。"))
    published_by = serializers.CharField(help_text=_("发布人；空为没有发布。"))
    published_at = serializers.DateTimeField(allow_null=True, help_text=_("发布时间。"))
    withdrawn_at = serializers.DateTimeField(allow_null=True, help_text=_("被更正的时间。"))
    digest = serializers.CharField(help_text=_("数据的 SHA-256。"))
    seal = serializers.CharField(help_text=_("签发时数据和说明的 SHA-256；空为没有签发。"))

    def get_label(self, report: Report) -> str:
        return str(kind_label(report.kind, REPORTS))


class ReportViewSet(ListMixin, RetrieveMixin, PortalViewSet):
    tag = "reports"
    serializer_class = ReportSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (_ID,)
    operations = {
        "list": Operation(
            summary=_("定期报告"),
            description=_("管理范围内编制的周报、月报、季报、半年报和年报，不限状态，按编号排列。内容见报告的文件。"),
            parameters=(
                CodeParameter(description=_("只要该区划及其下级的。"), example="120101"),
                ChoiceParameter(
                    name="kind", description=_("只要这一种报告。"), example=next(iter(REPORTS)),
                    choices={key: key for key in REPORTS},
                ),
                ChoiceParameter(
                    name="state", description=_("只要这一状态的。"), example="published",
                    choices={one: one for one in ReportState.values},
                ),
                IntegerParameter(
                    name="year", description=_("只要期末在这一年的。"), example="2026", minimum=2000, maximum=2100
                ),
            ),
            example=_EXAMPLE,
            **_RIGHTS,
        ),
        "retrieve": Operation(
            summary=_("一份定期报告"), description=_("管理范围内的一份报告。"), example=_EXAMPLE, **_RIGHTS
        ),
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Report]:
        rows = self.rows_of(Report).select_related("division")
        if self.action != "list":
            return rows
        place, year = self.division(), self.values["year"]
        rows = rows.under(place.code if place else "").defer("content", "remarks")
        rows = rows.filter(**{name: self.values[name] for name in ("kind", "state") if self.values[name]})
        return rows.filter(ends_on__year=year) if year else rows


class ReportDocumentViewSet(PortalViewSet):
    """A published report byte for byte as it was published; an open one as it stands."""

    tag = "reports"
    operation_id = "reports_document"
    lookup_url_kwarg = "id"
    path_parameters = (_ID,)
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
            **_RIGHTS,
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
