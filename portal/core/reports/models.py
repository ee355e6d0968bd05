import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.reports.cadence import Period, period_named
from portal.core.reports.words import CadenceWord, period_name
from portal.core.territory.models import Division


class ReportState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SIGNED = "signed", _("已签发")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已被更正")


# What may follow what. A published report goes only when its correction is published.
REPORT_NEXT = {
    ReportState.DRAFT: {ReportState.SIGNED},
    ReportState.SIGNED: {ReportState.DRAFT, ReportState.PUBLISHED},
    ReportState.PUBLISHED: {ReportState.WITHDRAWN},
    ReportState.WITHDRAWN: set(),
}
OPEN = (ReportState.DRAFT, ReportState.SIGNED)
OUT = (ReportState.PUBLISHED, ReportState.WITHDRAWN)


class FileForm(models.TextChoices):
    DOCX = "docx", _("Word 文档（docx）")
    XLSX = "xlsx", _("Excel 表格（xlsx）")


_CLOSED = "OLD.state <> 'draft'"
_OUT = "OLD.state IN ('published', 'withdrawn')"
_SAID = (
    "kind",
    "division_id",
    "period",
    "starts_on",
    "ends_on",
    "edition",
    "corrects_id",
    "content",
    "digest",
    "remarks",
)
_SIGNATURES = ("signed_by", "signed_at", "seal", "kept_reason", "published_by", "published_at")


def _kept(state: str, columns: tuple[str, ...]) -> pgtrigger.Condition:
    """Condition: a row in that state of which one of the columns would change."""
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return pgtrigger.Condition(f"{state} AND ({changed})")


@tracked(exclude=["content"])
class Report(models.Model):
    """A report of a kind for a place and a period, with its figures as frozen when they were last taken.

    `content` holds everything printed except the remarks: figures with numerator, denominator, rule, source and
    definition; `digest` is its SHA-256, which the row history keeps. `edition` counts the corrections of a period's report;
    `corrects` names the one that this replaces. `seal` is the SHA-256 of content and remarks as signed; `kept_reason` says
    why the signer let figures stand that a fresh count contradicts. The database refuses every change of content, remarks
    and signature once signed, and every change of a published report but its being corrected.
    """

    kind = models.CharField(_("报告"), max_length=30)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("区划"), related_name="+")
    cadence = models.CharField(_("周期"), max_length=10, choices=CadenceWord.choices)
    period = models.CharField(_("期间"), max_length=8)
    starts_on = models.DateField(_("期初"))
    ends_on = models.DateField(_("期末"))
    due_on = models.DateField(_("发布期限"))
    edition = models.PositiveSmallIntegerField(_("版次"), default=1)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="correction", verbose_name=_("更正的报告")
    )
    correction_reason = models.CharField(_("更正原因"), max_length=500, blank=True)
    state = models.CharField(_("状态"), max_length=9, choices=ReportState.choices, default=ReportState.DRAFT)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)
    figures_at = models.DateTimeField(_("统计时间"))
    remarks = models.JSONField(_("说明"), default=dict)
    made_by = models.CharField(_("编制人"), max_length=60)
    made_at = models.DateTimeField(_("编制时间"), auto_now_add=True)
    signed_by = models.CharField(_("签发人"), max_length=60, blank=True)
    signed_at = models.DateTimeField(_("签发时间"), null=True)
    seal = models.CharField(max_length=64, blank=True)
    kept_reason = models.CharField(_("沿用原数据的理由"), max_length=500, blank=True)
    published_by = models.CharField(_("发布人"), max_length=60, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True)
    withdrawn_at = models.DateTimeField(_("被更正的时间"), null=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "division", "period", "edition"], name="report_once"),
            models.UniqueConstraint(
                fields=["kind", "division", "period"],
                condition=Q(state__in=["draft", "signed"]),
                name="report_open_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "division", "period"], condition=Q(state="published"), name="report_published_once"
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on"), due_on__gte=F("ends_on")), name="report_period"
            ),
            models.CheckConstraint(
                condition=Q(edition=1, corrects__isnull=True, correction_reason="")
                | (Q(edition__gt=1, corrects__isnull=False) & ~Q(correction_reason="")),
                name="report_correction",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", signed_at__isnull=True, signed_by="", seal="")
                | (~Q(state="draft") & Q(signed_at__isnull=False) & ~Q(signed_by="") & ~Q(seal="")),
                name="report_signed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "signed"], published_at__isnull=True, published_by="")
                | (Q(state__in=["published", "withdrawn"], published_at__isnull=False) & ~Q(published_by="")),
                name="report_published",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="report_withdrawn",
            ),
        ]
        indexes = [models.Index(fields=["division", "-ends_on"], name="report_list")]
        triggers = [
            pgtrigger.Protect(name="signed_is_kept", operation=pgtrigger.Update, condition=_kept(_CLOSED, _SAID)),
            pgtrigger.Protect(name="published_is_kept", operation=pgtrigger.Update, condition=_kept(_OUT, _SIGNATURES)),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete, condition=pgtrigger.Condition(_CLOSED)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.division_id} {self.period} {self.edition}"

    @property
    def span(self) -> Period:
        return period_named(CadenceWord(self.cadence).cadence, self.period)

    @property
    def period_label(self) -> str:
        return period_name(self.span)


class ReportFile(models.Model):
    """A published report as a file, byte for byte as it was published; `sha256` stands in the audit trail as well."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="files")
    form = models.CharField(max_length=4, choices=FileForm.choices)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "form"], name="report_file_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.name


@tracked()
class ReportSubscription(models.Model):
    """Whether a division makes a kind of report, from the first period that ends on or after `since`.

    A division without a line for a kind follows the kind's default for its level (`ReportKind.levels`).
    """

    division = models.ForeignKey(Division, models.CASCADE, verbose_name=_("区划"), related_name="+")
    kind = models.CharField(_("报告"), max_length=30)
    on = models.BooleanField(_("编制"))
    since = models.DateField(_("起始日期"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "kind"], name="report_subscription_once")]

    def __str__(self) -> str:
        return f"{self.division_id} {self.kind} {self.on}"
