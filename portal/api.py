"""The REST interface under /api/v1/: every viewset, listed by hand."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from portal.rest import root
from portal.rest.divisions import DivisionViewSet
from portal.rest.findings import FindingViewSet
from portal.rest.import_lines import ImportRowViewSet
from portal.rest.imports import ImportViewSet
from portal.rest.indicator_figures import FigureListViewSet, FigureSeriesViewSet, ManyFiguresViewSet
from portal.rest.indicator_rows import FigureRowViewSet
from portal.rest.indicators import IndicatorViewSet
from portal.rest.policies import PolicyViewSet
from portal.rest.publications import ComparisonViewSet, PublicationViewSet
from portal.rest.published_replies import PublishedReplyViewSet
from portal.rest.report_documents import ReportDocumentViewSet
from portal.rest.reports import ReportViewSet
from portal.rest.supervisions import RunViewSet, SupervisionViewSet
from proposals.api import (
    CommitmentViewSet,
    HandlingViewSet,
    ProposalViewSet,
    ReplyDocumentViewSet,
    SessionViewSet,
    TaskViewSet,
    UnitViewSet,
)
from ratings.api import CycleViewSet, ResultViewSet, ScoreViewSet
from workforce.api import (
    AppointmentViewSet,
    AssessmentViewSet,
    AwardViewSet,
    CertificateViewSet,
    ContractViewSet,
    DirectedPostsViewSet,
    EnrolmentViewSet,
    EstablishmentViewSet,
    GradeViewSet,
    GridViewSet,
    NominationViewSet,
    PostApplicationViewSet,
    RegistrationViewSet,
    ReviewCaseViewSet,
    StaffingViewSet,
    TermViewSet,
    TrainingClassViewSet,
    TransferViewSet,
    WorkerViewSet,
)

router = SimpleRouter()
router.register("divisions", DivisionViewSet, basename="api-divisions")
router.register("staffing", StaffingViewSet, basename="api-staffing")
router.register("indicators", IndicatorViewSet, basename="api-indicators")
router.register("workers", WorkerViewSet, basename="api-workers")
router.register("appointments", AppointmentViewSet, basename="api-appointments")
router.register("contracts", ContractViewSet, basename="api-contracts")
router.register("transfers", TransferViewSet, basename="api-transfers")
router.register("certificates", CertificateViewSet, basename="api-certificates")
router.register("registrations", RegistrationViewSet, basename="api-registrations")
router.register("training/classes", TrainingClassViewSet, basename="api-training-classes")
router.register("training/enrolments", EnrolmentViewSet, basename="api-training-enrolments")
router.register("establishments", EstablishmentViewSet, basename="api-establishments")
router.register("post-applications", PostApplicationViewSet, basename="api-post-applications")
router.register("terms", TermViewSet, basename="api-terms")
router.register("grids", GridViewSet, basename="api-grids")
router.register("grades", GradeViewSet, basename="api-grades")
router.register("assessments", AssessmentViewSet, basename="api-assessments")
router.register("review-cases", ReviewCaseViewSet, basename="api-review-cases")
router.register("directed-posts", DirectedPostsViewSet, basename="api-directed-posts")
router.register("awards", AwardViewSet, basename="api-awards")
router.register("nominations", NominationViewSet, basename="api-nominations")
router.register("imports", ImportViewSet, basename="api-imports")
router.register("findings", FindingViewSet, basename="api-findings")
router.register("supervisions", SupervisionViewSet, basename="api-supervisions")
router.register("inspection-runs", RunViewSet, basename="api-inspection-runs")
router.register("ratings/cycles", CycleViewSet, basename="api-ratings-cycles")
router.register("ratings/results", ResultViewSet, basename="api-ratings-results")
router.register("ratings/scores", ScoreViewSet, basename="api-ratings-scores")
router.register("proposals", ProposalViewSet, basename="api-proposals")
router.register("proposals/sessions", SessionViewSet, basename="api-sessions")
router.register("proposals/units", UnitViewSet, basename="api-units")
router.register("commitments", CommitmentViewSet, basename="api-commitments")
router.register("ledger/tasks", TaskViewSet, basename="api-ledger-tasks")
router.register("reports", ReportViewSet, basename="api-reports")
router.register("publications", PublicationViewSet, basename="api-publications")
router.register("policies", PolicyViewSet, basename="api-policies")

RESOURCES = (
    *((prefix, f"{basename}-list") for prefix, _viewset, basename in router.registry),
    ("published-replies", "api-published-replies-list"),
)

urlpatterns = [
    path("v1/", root.RootViewSet.as_view({"get": "index"}, resources=RESOURCES), name="api-root"),
    path("v1/schema/", root.SchemaViewSet.as_view({"get": "document"}), name="api-schema"),
    path("v1/docs/", root.docs, name="api-docs"),
    path(
        "v1/imports/<uuid:id>/rows/",
        ImportRowViewSet.as_view({"get": "list"}, basename="api-import-rows"),
        name="api-imports-rows",
    ),
    *(
        path(f"v1/indicators/{rest}", viewset.as_view({"get": "list"}, basename=name), name=name)
        for rest, viewset, name in (
            ("values/", ManyFiguresViewSet, "api-indicators-values"),
            ("<slug:key>/", FigureListViewSet, "api-indicators-figures"),
            ("<slug:key>/series/", FigureSeriesViewSet, "api-indicators-series"),
            ("<slug:key>/rows/", FigureRowViewSet, "api-indicators-rows"),
        )
    ),
    path(
        "v1/proposals/<int:id>/handlings/<int:handling>/",
        HandlingViewSet.as_view({"get": "retrieve"}, basename="api-handlings"),
        name="api-handlings-detail",
    ),
    *(
        path(
            f"v1/proposals/<int:id>/handlings/<int:handling>/{rest}/",
            HandlingViewSet.as_view({"post": act}, basename="api-handlings"),
            name=f"api-handlings-{act}",
        )
        for rest, act in (
            ("steps", "step"),
            ("opinion", "opinion"),
            ("waive", "waive"),
            ("contacts", "contact"),
            ("officer", "officer"),
            ("extensions", "extension"),
            ("extensions/decision", "decision"),
            ("suspend", "suspend"),
            ("resume", "resume"),
        )
    ),
    path(
        "v1/proposals/<int:id>/reply/document/",
        ReplyDocumentViewSet.as_view({"get": "document"}, basename="api-reply-document"),
        name="api-reply-document",
    ),
    path(
        "v1/reports/<int:id>/document/",
        ReportDocumentViewSet.as_view({"get": "document"}, basename="api-report-document"),
        name="api-report-document",
    ),
    path(
        "v1/publications/<int:id>/comparison/",
        ComparisonViewSet.as_view({"get": "retrieve"}, basename="api-publication-comparison"),
        name="api-publication-comparison",
    ),
    # Open to everybody, so not among the resources of the router, each of which asks for a token.
    path(
        "v1/published-replies/",
        PublishedReplyViewSet.as_view({"get": "list"}, basename="api-published-replies"),
        name="api-published-replies-list",
    ),
    path(
        "v1/published-replies/<uuid:id>/",
        PublishedReplyViewSet.as_view({"get": "retrieve"}, basename="api-published-replies"),
        name="api-published-replies-detail",
    ),
    path("v1/", include(router.urls)),
    re_path("", root.unknown, name="api-unknown"),
]
