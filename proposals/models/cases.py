"""Proposals and suggestions as they come in (domain §2.2)."""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.fields import EncryptedTextField
from portal.core.lib.scope import ScopedQuerySet
from portal.core.territory.models import Division
from proposals.enums import ProposalState, ProposerType, RefusalGround
from proposals.models.sessions import CaseQuerySet, Session, user_key


@tracked(exclude=["search"])
class Proposal(models.Model):
    """A proposal of the CPPCC, or a suggestion of deputies: which of both is the body of its session.

    `number` is text: 0023 keeps its zeros. `division` is the session's. `assigned_on` is the day of 交办, from which
    periods run. `first_signer_forwards` says that a joint proposal is answered to its first signer, who by agreement tells
    the others. `search` holds the bigrams of title and text (`portal.core.lib.bigrams`).
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="proposals", db_index=False)
    division = models.ForeignKey(Division, models.PROTECT, verbose_name=_("地区"), related_name="+", db_index=False)
    number = models.CharField(_("编号"), max_length=20)
    title = models.CharField(_("案由"), max_length=200)
    text = models.TextField(_("内容"), max_length=20_000, blank=True)
    proposer_type = models.CharField(_("提案者类别"), max_length=12, choices=ProposerType.choices)
    proposers_count = models.PositiveSmallIntegerField(_("提案者数"), default=1)
    first_signer_forwards = models.BooleanField(_("由第一提案人转告"), default=False)
    between_sessions = models.BooleanField(_("平时提案"), default=False)
    key = models.BooleanField(_("重点提案"), default=False)
    field = models.CharField(_("分类"), max_length=40, blank=True)
    received_on = models.DateField(_("收到日期"))
    state = models.CharField(_("状态"), max_length=10, choices=ProposalState.choices, default=ProposalState.RECEIVED)
    ground = models.CharField(_("不予立案理由"), max_length=16, choices=RefusalGround.choices, blank=True)
    ground_words = models.CharField(_("说明"), max_length=300, blank=True)
    filed_on = models.DateField(_("立案日期"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("并入"), db_index=False
    )
    assigned_on = models.DateField(_("交办日期"), null=True, blank=True)
    closed_on = models.DateField(_("办结日期"), null=True, blank=True)
    source_key = models.CharField(_("来源标识"), max_length=60, blank=True)
    entered_by = user_key(_("登记人"))
    entered_at = models.DateTimeField(auto_now_add=True)
    search = SearchVectorField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["division", "state", "-id"], name="proposal_state"),
            models.Index(fields=["division", "-id"], name="proposal_division"),
            GinIndex(fields=["search"], name="proposal_search", fastupdate=False),
        ]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="proposal_once"),
            models.CheckConstraint(condition=Q(proposers_count__gte=1), name="proposal_has_proposer"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(ground=""), name="proposal_ground"),
            models.CheckConstraint(
                condition=(Q(state="merged") & Q(merged_into__isnull=False))
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="proposal_merged",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="proposal_not_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["handling", "closed", "archived"]) | Q(assigned_on__isnull=False),
                name="proposal_assigned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


@tracked()
class Proposer(models.Model):
    """Who signs a proposal, first signer first: a member or deputy by name, or an organisation. Contact data are sealed."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="proposers", db_index=False)
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(_("姓名或名称"), max_length=60)
    phone = EncryptedTextField(_("联系电话"), null=True, blank=True)
    address = EncryptedTextField(_("通信地址"), null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "position"], name="proposer_position"),
            models.UniqueConstraint(fields=["proposal", "name"], name="proposer_once"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class CaseFile(models.Model):
    """A file of a proposal, or of a task of the ledger; its content lies sealed under ATTACHMENT_DIR.

    `sha256` is that of the clear bytes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    division = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, blank=True, related_name="files")
    filename = models.CharField(_("文件名"), max_length=120)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    added_by = user_key(_("上传人"))
    added_at = models.DateTimeField(auto_now_add=True)
    taken_back = models.BooleanField(default=False)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.filename
