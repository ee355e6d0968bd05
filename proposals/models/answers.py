"""What comes back of an answer, and what the public sees of it (domain §2.2)."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from proposals.enums import ContactMode, Disclosure, Satisfaction
from proposals.models.cases import Proposer
from proposals.models.handling import Handling
from proposals.models.replies import Reply
from proposals.models.sessions import user_key


@tracked(exclude=["token_hash"])
class Feedback(models.Model):
    """The form 征询意见表 of one proposer for one answer; unreturned is not satisfied.

    The link holds a token of which only the hash is kept; it works once and until `expires_on`. `entered_by` is who typed
    in a form that came back on paper.
    """

    handling = models.ForeignKey(Handling, models.PROTECT, related_name="feedback", db_index=False)
    proposer = models.ForeignKey(Proposer, models.PROTECT, related_name="feedback", db_index=False)
    round = models.PositiveSmallIntegerField(_("轮次"), default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    asked_on = models.DateField(_("发出日期"))
    expires_on = models.DateField(_("有效期至"))
    contact_mode = models.CharField(_("联系方式"), max_length=8, choices=ContactMode.choices, blank=True)
    attitude = models.CharField(_("办理态度"), max_length=12, choices=Satisfaction.choices, blank=True)
    result = models.CharField(_("办理结果"), max_length=12, choices=Satisfaction.choices, blank=True)
    words = models.CharField(_("意见"), max_length=1000, blank=True)
    returned_at = models.DateTimeField(_("反馈时间"), null=True, blank=True)
    entered_by = user_key(_("登记人"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["handling", "proposer", "round"], name="feedback_once"),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, result="", attitude="")
                | (Q(returned_at__isnull=False) & ~Q(result="") & ~Q(attitude="")),
                name="feedback_returned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handling_id} {self.proposer_id}"


@tracked(exclude=["search"])
class Publication(models.Model):
    """The public version of a reply: what was left out, who checked it, who let it out; another person each.

    `content` is the redacted paper of the letter, `id` its permanent address. One taken back keeps its row and reason.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reply = models.OneToOneField(Reply, models.PROTECT, related_name="publication")
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("地区"), related_name="+", db_index=False)
    disclosure = models.CharField(_("公开属性"), max_length=10, choices=Disclosure.choices)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    content = models.JSONField(encoder=DjangoJSONEncoder, null=True, blank=True)
    removed = models.JSONField(_("已隐去的内容"), default=list)
    checked_by = user_key(_("审查人"))
    checked_on = models.DateField(_("审查日期"))
    published_by = user_key(_("发布人"), null=True, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)
    taken_back_because = models.CharField(_("撤下理由"), max_length=300, blank=True)
    search = SearchVectorField(null=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["-published_at", "id"],
                condition=Q(published_at__isnull=False, taken_back_at__isnull=True),
                name="publication_out",
            ),
            GinIndex(fields=["search"], name="publication_search", fastupdate=False),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("checked_by")), name="publication_checker"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True)
                | Q(disclosure="public", content__isnull=False, published_by__isnull=False),
                name="publication_only_public",
            ),
            models.CheckConstraint(condition=Q(disclosure="public") | ~Q(reason=""), name="publication_says_why"),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | ~Q(taken_back_because=""), name="publication_taken_back"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
