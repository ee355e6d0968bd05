import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division


class LetterStyle(models.TextChoices):
    """The two forms of GB/T 9704-2012 that a reply may take."""

    LETTER = "letter", _("信函格式")
    FILE = "file", _("文件格式")


class LetterForm(models.TextChoices):
    DOCX = "docx", _("Word 文档（docx）")
    PDF = "pdf", _("PDF 文件")


class BatchState(models.TextChoices):
    WAITING = "waiting", _("等待中")
    RUNNING = "running", _("生成中")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")
    FAILED = "failed", _("未完成")


@tracked()
class NumberRegister(models.Model):
    """The last document number given out under a word (朝民函) in a year. Locked while a letter is issued: a signature
    that fails gives its number back, so there is neither gap nor double."""

    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("地区"), related_name="+", db_index=False)
    word = models.CharField(_("机关代字"), max_length=12)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("最后编号"), default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["division", "word", "year"], name="register_once")]

    def __str__(self) -> str:
        return f"{self.word}〔{self.year}〕{self.last}号"


class Letter(models.Model):
    """An official letter as issued: its whole text, its number, its SHA-256. The database refuses every later change.

    `paper` is the letter in the form of `letters.paper`, `figures` the live figures frozen with it. One that was wrong is
    answered by a new letter with `corrects`; it keeps its number and text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("地区"), related_name="+", db_index=False)
    word = models.CharField(_("机关代字"), max_length=12, blank=True)
    year = models.PositiveSmallIntegerField(_("年度"))
    sequence = models.PositiveIntegerField(_("编号"), null=True, blank=True)
    number = models.CharField(_("发文字号"), max_length=40, blank=True)
    title = models.CharField(_("标题"), max_length=200)
    issued_on = models.DateField(_("成文日期"))
    issued_at = models.DateTimeField(_("签发时间"), auto_now_add=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("签发人"), related_name="+", db_index=False
    )
    paper = models.JSONField(encoder=DjangoJSONEncoder)
    figures = models.JSONField(encoder=DjangoJSONEncoder, default=list)
    sha256 = models.CharField(_("校验值"), max_length=64)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction", verbose_name=_("更正的是")
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["division", "-issued_at"], name="letter_list")]
        constraints = [
            models.UniqueConstraint(fields=["division", "word", "year", "sequence"], name="letter_number_once"),
            models.CheckConstraint(
                condition=Q(sequence__isnull=True, number="") | (Q(sequence__gte=1) & ~Q(number="") & ~Q(word="")),
                name="letter_number",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.number or self.title


class LetterFile(models.Model):
    """A letter as a file, made once and kept byte for byte."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="files", db_index=False)
    form = models.CharField(max_length=4, choices=LetterForm.choices)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "form"], name="letter_file_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.form}"


class LetterBatch(models.Model):
    """Many letters made into files in the background and handed out as one archive; only its maker sees it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="letter_batches")
    asked_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    form = models.CharField(_("格式"), max_length=4, choices=LetterForm.choices, default=LetterForm.PDF)
    letters = ArrayField(models.UUIDField())
    done = models.PositiveIntegerField(_("已生成"), default=0)
    state = models.CharField(_("状态"), max_length=9, choices=BatchState.choices, default=BatchState.WAITING)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    problem = models.CharField(_("问题"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "cancelled", "failed"]) | Q(ended_at__gte=F("asked_at")),
                name="letter_batch_ended",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
