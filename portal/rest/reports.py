"""`reports/`: periodic reports from the draft to the published edition and its correction (contract: REST)."""

from collections.abc import Callable

from django.db.models import F, Func, JSONField, QuerySet, Value
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.core.accounts.roles import Perm, Scope
from portal.core.lib.codes import Level
from portal.core.reports import actions as acts
from portal.core.reports import signing
from portal.core.reports.cadence import period_named
from portal.core.reports.models import Report, ReportState
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division
from portal.core.web.acting import ActMixin, faulty, tried
from portal.core.web.filters import ChoiceParameter, CodeParameter, IdParameter, IntegerParameter
from portal.core.web.idempotency import idempotent
from portal.core.web.operations import Operation
from portal.core.web.problems import ProblemError
from portal.core.web.serializers import BodySerializer
from portal.core.web.viewsets import ListMixin, PortalViewSet, RetrieveMixin
from portal.registry import REPORTS
from portal.rest import report_bodies as bodies
from portal.rest.report_bodies import EXAMPLE, ReportSerializer

_READ = {"scope": Scope.REPORTS_READ, "perm": Perm.VIEW_REPORTS, "example": EXAMPLE}
_WRITE = {"scope": Scope.REPORTS_WRITE, "example": EXAMPLE}


def _act(summary, description, perm: Perm, body: type = BodySerializer, **more) -> Operation:
    about = {"summary": summary, "description": description, "body": body, "guarded": True, "must_match": True}
    return Operation(perm=perm, body_example=getattr(body, "example", {}), **about, **_WRITE, **more)


class ReportViewSet(ActMixin, ListMixin, RetrieveMixin, PortalViewSet):
    tag = "reports"
    serializer_class = ReportSerializer
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    path_parameters = (IdParameter(description=_("报告的编号。"), example="1"),)
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
            **_READ,
        ),
        "retrieve": Operation(
            summary=_("一份定期报告"), description=_("管理范围内的一份报告。"), **_READ
        ),
        "create": Operation(
            summary=_("编制报告"),
            description=_("为一个区划编制一期报告的草稿，数据按现在的记录统计。期间还没有结束，或者这一期已经有了的，答 409。"),
            perm=Perm.MAKE_REPORTS,
            body=bodies.NewReportBody,
            body_example=bodies.NewReportBody.example,
            status=201,
            **_WRITE,
        ),
        "refresh": _act(
            _("更新草稿的数据"), _("按现在的记录重新统计期末的数字；说明保留。"), Perm.MAKE_REPORTS
        ),
        "remarks": _act(
            _("写草稿的说明"), _("替换各部分的原因分析和下一步措施。"), Perm.MAKE_REPORTS, bodies.RemarksBody
        ),
        "sign": _act(
            _("签发"),
            _("签发以后，数据和说明不能再改。统计以后数字有变化而没有写沿用理由的，答 409，可以先更新数据。"),
            Perm.SIGN_REPORTS,
            bodies.SignBody,
        ),
        "reopen": _act(
            _("退回修改"), _("已签发、未发布的报告退回为草稿。"), Perm.SIGN_REPORTS, bodies.ReportReasonBody
        ),
        "publish": _act(
            _("发布"),
            _("生成 Word 和 Excel 文件并永久保存，不能修改或撤回；更正的新版发布时，原版标为已被更正。"),
            Perm.SIGN_REPORTS,
        ),
        "correct": _act(
            _("更正已发布的报告"),
            _("编制更正的新版，答新版的草稿；原版在新版发布以前仍然有效。已在更正的答 409。"),
            Perm.MAKE_REPORTS,
            bodies.ReportReasonBody,
            status=201,
        ),
        "discard": _act(
            _("作废草稿"), _("删除草稿和其中的说明，答作废前的样子；本单位按期编制的，下次会再自动编制。"), Perm.MAKE_REPORTS
        ),
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Report]:
        rows = self.rows_of(Report).select_related("division").annotate(
            section_keys=_of_sections("key"), section_titles=_of_sections("title")
        )  # fmt: skip
        if self.action != "list":
            return rows
        place, year = self.division(), self.values["year"]
        rows = rows.under(place.code if place else "").defer("content")
        rows = rows.filter(**{name: self.values[name] for name in ("kind", "state") if self.values[name]})
        return rows.filter(ends_on__year=year) if year else rows

    def _kind_of(self, report: Report):
        """The declaration of a report's kind; one of an earlier release can only be read."""
        if report.kind not in REPORTS:
            raise ProblemError(409, _gettext("这种报告已经不再编制，只能查阅。"))
        return REPORTS[report.kind]

    def _taken(self, act: Callable, *, counts: bool = False) -> Response:
        """An act on the report; one that counts figures is told the kind."""
        report, given = self.seen()
        more = {"kind": self._kind_of(report)} if counts else {}
        tried(act, report=report, version=report.version, by=self.request.user, **more, **given)
        return self.told()

    @idempotent
    def create(self, request, *args, **kwargs) -> Response:
        given = self.given()
        code, kind = given["division"], REPORTS[given["kind"]]
        places = self.rows_of(Division).filter(formal=False, level__lt=Level.COMMUNITY)
        place = find_division(code, within=places) if code.isascii() and code.isdigit() else None
        if place is None:
            raise faulty("division", _gettext("管理范围内没有这个地区。请核对代码。"))
        try:
            period = period_named(kind.cadence, given["period"])
        except ValueError as error:
            raise faulty("period", _gettext("期间与报告的周期不符。")) from error
        made = tried(acts.make_report, kind=kind, division=place, period=period, by=request.user)
        return self.made(made, "api-reports-detail")

    @action(detail=True, methods=["post"])
    @idempotent
    def refresh(self, request, *args, **kwargs) -> Response:
        return self._taken(acts.refresh_report, counts=True)

    @action(detail=True, methods=["post"])
    @idempotent
    def remarks(self, request, *args, **kwargs) -> Response:
        report, given = self.seen()
        said = {one.pop("section"): one for one in map(dict, given["remarks"])}
        if unknown := sorted(said.keys() - set(report.section_keys)):
            raise faulty("remarks", _gettext("报告没有这个部分：%(keys)s。") % {"keys": "、".join(unknown)})
        tried(acts.write_remarks, report=report, remarks=said, version=report.version, by=request.user)
        return self.told()

    @action(detail=True, methods=["post"])
    @idempotent
    def sign(self, request, *args, **kwargs) -> Response:
        return self._taken(signing.sign_report, counts=True)

    @action(detail=True, methods=["post"])
    @idempotent
    def reopen(self, request, *args, **kwargs) -> Response:
        return self._taken(signing.return_report)

    @action(detail=True, methods=["post"])
    @idempotent
    def publish(self, request, *args, **kwargs) -> Response:
        return self._taken(signing.publish_report)

    @action(detail=True, methods=["post"])
    @idempotent
    def correct(self, request, *args, **kwargs) -> Response:
        report, given = self.seen()
        kind = self._kind_of(report)
        made = tried(acts.correct_report, report=report, kind=kind, by=request.user, **given)
        return self.made(made, "api-reports-detail")

    @action(detail=True, methods=["post"])
    @idempotent
    def discard(self, request, *args, **kwargs) -> Response:
        report, _given = self.seen()
        last = self.represent([report])[0]
        tried(acts.discard_report, report=report, version=report.version, by=request.user)
        return Response(last)


def _of_sections(name: str) -> Func:
    """One member of all sections, without bringing the whole content here."""
    path = Value(f"$.sections[*].{name}")
    return Func(
        F("content"),
        path,
        function="jsonb_path_query_array",
        template="%(function)s(%(expressions)s::jsonpath)",
        output_field=JSONField(),
    )
