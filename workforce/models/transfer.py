from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.audit.history import tracked
from portal.core.lib.scope import union
from portal.core.territory.models import Division
from workforce.enums import TransferState
from workforce.models.person import Person


class TransferQuerySet(models.QuerySet):
    def for_user(self, user, perm: str) -> Self:
        """Moves out of or into the user's territory."""
        held = user.territories(perm)
        leaving, joining = union("from_division_id", held), union("to_division_id", held)
        return self.none() if leaving is None else self.filter(leaving | joining)


@tracked()
class Transfer(models.Model):
    """The move of a person from one street's community to another's: both sides agree, then both posts are written.

    `post` is the new post as the receiving side wants it (the columns of an appointment, without person, place and
    dates). `effective_on` is the first day at the new place. Whoever proposes has agreed for the own side.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="transfers")
    from_division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("调出社区"))
    to_division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("调入社区"))
    effective_on = models.DateField(_("生效日期"))
    post = models.JSONField(_("新职务"))
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=TransferState.choices, default=TransferState.PROPOSED)
    proposed_by = models.CharField(_("提出人"), max_length=60)
    proposed_at = models.DateTimeField(_("提出时间"), auto_now_add=True)
    from_agreed_by = models.CharField(_("调出方同意人"), max_length=60, blank=True)
    from_agreed_at = models.DateTimeField(null=True)
    to_agreed_by = models.CharField(_("调入方同意人"), max_length=60, blank=True)
    to_agreed_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(_("答复"), max_length=200, blank=True)
    batch = models.ForeignKey("core.ImportBatch", models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = TransferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state=TransferState.PROPOSED), name="transfer_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(state=TransferState.AGREED) | Q(from_agreed_at__isnull=False, to_agreed_at__isnull=False),
                name="transfer_both_agreed",
            ),
            models.CheckConstraint(condition=~Q(from_division=models.F("to_division")), name="transfer_between_places"),
        ]

    def __str__(self) -> str:
        return f"{self.from_division_id} > {self.to_division_id} {self.effective_on}"
