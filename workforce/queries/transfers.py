"""Reads of moves between streets: who stands on which side, what each side may know, what waits for whom.

The receiving side learns nothing of the person's file, nor where the person works, before the giving side has agreed.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.findings.duties import Duty
from portal.core.lib.codes import LENGTHS
from portal.core.lib.dated import ONE_DAY, in_force
from portal.core.lib.fields import index_candidates
from portal.core.lib.identity import mask
from portal.core.lib.scope import subtree, union
from workforce.enums import TransferState
from workforce.models import Appointment, GridPost, Person, Transfer

# Who may write the roster of a place, by form or by sheet, speaks for it.
SPEAKS = Perm.IMPORT_ROSTER
GIVING, RECEIVING = "from", "to"
POST_KEYS = ("body", "title", "tier", "grade", "entry", "full_time", "managed", "grid_worker")
_STREET = LENGTHS[3]


def waits_for(transfer: Transfer) -> str:
    """The side whose consent is missing: GIVING or RECEIVING; empty where the case is decided."""
    if transfer.state != TransferState.PROPOSED:
        return ""
    return GIVING if transfer.from_agreed_at is None else RECEIVING


@dataclass(frozen=True)
class Standing:
    """What a user is to a transfer: on which sides, what may be done, and what may be known."""

    transfer: Transfer
    giving: bool
    receiving: bool

    @classmethod
    def of(cls, user, transfer: Transfer) -> "Standing":
        codes = (transfer.from_division_id, transfer.to_division_id)
        return cls(transfer, *(user.can(SPEAKS, code) for code in codes))

    def holds(self, side: str) -> bool:
        return self.giving if side == GIVING else self.receiving

    @property
    def answers(self) -> bool:
        """Whether the case waits for a side of the user's."""
        side = waits_for(self.transfer)
        return bool(side) and self.holds(side)

    @property
    def withdraws(self) -> bool:
        """Whether the case was proposed by a side of the user's and is still open."""
        side = waits_for(self.transfer)
        return bool(side) and self.holds(RECEIVING if side == GIVING else GIVING)

    @property
    def sees_place(self) -> bool:
        """Whether the user may know where the person works: the own place, or the giving side has spoken."""
        return self.giving or self.transfer.from_agreed_at is not None

    @property
    def sees_file(self) -> bool:
        return self.giving or self.transfer.state == TransferState.AGREED

    @property
    def name(self) -> str:
        """The name on record, or what the proposal calls the person until the file may be seen."""
        return self.transfer.person.name if self.sees_file else self.transfer.post.get("name", "")

    @property
    def masked(self) -> str:
        return mask(self.transfer.person.id_number)


def transfers_of(user) -> QuerySet[Transfer]:
    """Transfers out of or into the user's territory, with what a line shows."""
    return Transfer.objects.for_user(user, SPEAKS).select_related("person", "from_division", "to_division")


def _waiting(user, perm: str) -> Q:
    held = user.territories(perm)
    leaving, joining = union("from_division_id", held), union("to_division_id", held)
    if leaving is None:
        return Q(pk__in=[])
    missing = Q(from_agreed_at__isnull=True) & leaving | Q(to_agreed_at__isnull=True) & joining
    return Q(state=TransferState.PROPOSED) & missing


def to_answer(user) -> QuerySet[Transfer]:
    """Open transfers that wait for a street of the user's; districts and cities may step in, but are not waited for."""
    return transfers_of(user).filter(_waiting(user, Perm.CHANGE_ROSTER)).order_by("proposed_at", "id")


def unanswered(user) -> QuerySet[Transfer]:
    """Open transfers of the user's territory that wait for somebody else, oldest first."""
    others = transfers_of(user).filter(state=TransferState.PROPOSED).exclude(_waiting(user, Perm.CHANGE_ROSTER))
    return others.order_by("proposed_at", "id")


def decided(user) -> QuerySet[Transfer]:
    """Transfers that were agreed, refused or withdrawn, latest first."""
    return transfers_of(user).exclude(state=TransferState.PROPOSED).order_by("-id")


def person_by_number(number: str) -> Person | None:
    """Whoever bears the ID number, wherever: for proposing a move, never for showing."""
    return Person.objects.filter(id_number_index__in=index_candidates(number)).first()


def place_left(user, person: Person, on: date, *, own: bool) -> str:
    """The community that a move on a day would be out of, inside the user's territory (`own`) or outside; empty for none.

    That of the most senior post running the day before, else of the latest; who serves in grids alone leaves a grid.
    """
    for rows in (person.appointments, person.grid_posts):
        held = [row for row in rows.exclude(valid_to=F("valid_from")) if user.can(SPEAKS, row.division_id) is own]
        if held:
            return main_place(held, on)
    return ""


def main_place(rows: list[Appointment] | list[GridPost], on: date) -> str:
    """Of these posts, the community of the most senior one that runs the day before `on`, else of the latest."""
    running = [row for row in rows if in_force(row.valid_from, row.valid_to, on - ONE_DAY)]
    if running:
        return min(running, key=_seniority).division_id
    latest = max(rows, key=lambda row: (row.valid_to or date.max, row.pk), default=None)
    return latest.division_id if latest else ""


def _seniority(row: Appointment | GridPost) -> tuple:
    if isinstance(row, GridPost):
        return (row.valid_from, row.pk)
    return (not (row.full_time and row.managed), row.tier, row.valid_from, row.pk)


def left_behind(transfer: Transfer) -> list[Appointment | GridPost]:
    """Posts and grid posts in the giving street that a move would end, running or still to begin on its first day.

    Between two communities of one street only those in the community left.
    """
    source, target = transfer.from_division_id, transfer.to_division_id
    area = source[:_STREET] if source[:_STREET] != target[:_STREET] else source
    rows = subtree("division_id", area)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=transfer.effective_on) & Q(valid_to__gt=F("valid_from"))
    person = transfer.person
    posts = person.appointments.filter(rows, lasting).select_related("division").order_by("tier", "id")
    grid_posts = person.grid_posts.filter(rows, lasting).select_related("division", "grid").order_by("id")
    return [*posts, *grid_posts]


_DUTIES_SHOWN = 5


def duties(user) -> list[Duty]:
    """Transfers that wait for the user's street, oldest first; many of them as one line."""
    found = list(to_answer(user)[: _DUTIES_SHOWN + 1])
    if len(found) > _DUTIES_SHOWN:
        return [Duty(_("调动申请待答复"), to_answer(user).count(), reverse("transfers"), button=_("去答复"))]
    return [
        Duty(
            _("调动申请待答复"),
            1,
            reverse("transfer", args=[one.pk]),
            who=(one.from_division if waits_for(one) == GIVING else one.to_division).label,
            button=_("去答复"),
        )
        for one in found
    ]
