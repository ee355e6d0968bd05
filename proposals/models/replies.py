"""Replies as they are written: sections, live figures, and the letter they become (domain §1.L, §2.3)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.letters.models import Letter, LetterStyle
from portal.core.territory.models import Division
from proposals.enums import Disclosure, ReplyKind, ResultClass
from proposals.models.handling import Handling
from proposals.models.sessions import HandlingUnit, user_key


@tracked()
class Reply(models.Model):
    """One answer of a handling: a draft until signed, then bound to its letter, which never changes again.

    `opening`, `closing` and `addressee` are proposed by the rules of wording and may be rewritten. `copies` is one body a
    line. `issued_with` holds the keys of the co-handlers that issue the letter jointly (联合行文). A correction is a new
    reply with `corrects`.
    """

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="replies", db_index=False)
    kind = models.CharField(_("文种"), max_length=14, choices=ReplyKind.choices, default=ReplyKind.REPLY)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="correction", verbose_name=_("更正的答复")
    )
    style = models.CharField(_("公文格式"), max_length=6, choices=LetterStyle.choices, default=LetterStyle.LETTER)
    title = models.CharField(_("标题"), max_length=200)
    addressee = models.CharField(_("主送"), max_length=500)
    opening = models.TextField(_("开头"), max_length=2000)
    closing = models.TextField(_("结尾"), max_length=1000, blank=True)
    result = models.CharField(_("办理结果"), max_length=1, choices=ResultClass.choices, blank=True)
    disclosure = models.CharField(_("公开属性"), max_length=10, choices=Disclosure.choices, default=Disclosure.PUBLIC)
    disclosure_reason = models.CharField(_("不主动公开的理由"), max_length=300, blank=True)
    contact = models.CharField(_("联系人"), max_length=60, blank=True)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    attachments = models.TextField(_("附件名称"), max_length=1000, blank=True)
    copies = models.TextField(_("抄送"), max_length=500, blank=True)
    print_copies = models.PositiveSmallIntegerField(_("印数"), null=True, blank=True)
    both_sides = models.BooleanField(_("双面印制"), default=False, db_default=False)
    issued_with = ArrayField(
        models.BigIntegerField(), verbose_name=_("联合行文"), default=list, db_default=[], blank=True
    )
    drafted_by = user_key(_("起草人"))
    drafted_at = models.DateTimeField(auto_now_add=True)
    letter = models.OneToOneField(Letter, models.PROTECT, null=True, blank=True, related_name="reply")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handling", "kind", "round"], condition=Q(corrects__isnull=True), name="reply_once"
            ),
            models.CheckConstraint(
                condition=Q(disclosure="public") | ~Q(disclosure_reason=""), name="reply_disclosure_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked(exclude=["search"])
class ReplySection(models.Model):
    """A heading or paragraph of a reply, in order. `level` 0 is a paragraph, 1 to 4 are 一、（一）1.（1）.

    With level 5 an annex begins, whose title the text is: what follows stands on its pages. Level 6 is a table, a row a
    line, with bars or tabs between its cells; the first row is its head.

    Text may hold figures as [[12]], the key of a live figure of the same reply, and their day as [[12:day]]. `unit` is the
    co-handler whose contribution it is, `taken_from` the earlier answer it was taken over from. `search` is set when the
    letter is issued: from then on the paragraph is in the library.
    """

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="sections", db_index=False)
    position = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField(_("层次"), default=0)
    text = models.TextField(_("文字"), max_length=5000)
    unit = models.ForeignKey(
        HandlingUnit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("来源单位"),
        db_index=False,
    )
    taken_from = models.ForeignKey(Reply, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["position"]
        indexes = [GinIndex(fields=["search"], name="section_search", fastupdate=False)]
        constraints = [
            models.UniqueConstraint(
                fields=["reply", "position"], name="section_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(level__lte=6), name="section_level"),
        ]

    def __str__(self) -> str:
        return self.text[:20]


@tracked()
class LiveFigure(models.Model):
    """A figure of the catalogue inside a reply: of which place and day, how many decimals, and as it was when inserted.

    `inserted` and `frozen` hold value, text, numerator, denominator, basis, rule, definition and time. `frozen` is what
    was signed; later differences are shown beside it and never rewrite it.
    """

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="figures")
    indicator = models.CharField(_("指标"), max_length=60)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("范围"), related_name="+", db_index=False)
    on = models.DateField(_("时点"))
    decimals = models.PositiveSmallIntegerField(_("小数位数"), default=1)
    inserted = models.JSONField(encoder=DjangoJSONEncoder)
    inserted_by = user_key(_("插入人"))
    inserted_at = models.DateTimeField(auto_now_add=True)
    frozen = models.JSONField(encoder=DjangoJSONEncoder, null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(decimals__lte=4), name="figure_decimals")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.division_id} {self.on}"
