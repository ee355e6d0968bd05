"""Reads of a person's service: what runs on, who may end which part of it, and the unit that somebody leaves."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from workforce.enums import Body, Entry
from workforce.models import Appointment, Contract, GridPost, Person

# Acts that end one relation on its own: what they ended is not reopened when an exit is taken back.
ENDED_APART = frozenset({"end_post", "end_contract", "end_grid_post", "end_relations"})
ENDED_APART |= {"move_worker", "agree_transfer", "propose_transfer"}
ENDED_BY_EXIT = frozenset({"leave", "change_exit"})


def lasting_after(person: Person, day: date) -> tuple[QuerySet, QuerySet, QuerySet]:
    """Posts, grid posts and contracts still in force on `day` or beginning later; later contracts are left out."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=day) & Q(valid_to__gt=F("valid_from"))
    posts, grid_posts = person.appointments.filter(lasting), person.grid_posts.filter(lasting)
    return posts, grid_posts, person.contracts.filter(lasting, valid_from__lte=day)


def serves_elsewhere(user, person: Person, on: date) -> bool:
    """Whether the person has posts that last beyond a day, and none of them where the user keeps the roster."""
    posts, _grid_posts, _contracts = lasting_after(person, on)
    codes = set(posts.values_list("division_id", flat=True))
    return bool(codes) and not any(user.can(Perm.CHANGE_ROSTER, code) for code in codes)


@dataclass(frozen=True)
class Relation:
    """One tie of a person to the work: a post, a grid post or a contract. `key` names it in a form."""

    key: str
    row: Appointment | Contract | GridPost

    @property
    def elected(self) -> bool:
        """Ended by those who elected, never by the employer (domain §2.11)."""
        return isinstance(self.row, Appointment) and self.row.entry == Entry.ELECTED

    @property
    def party(self) -> bool:
        """A post in the Party organisation: ended by Party procedure."""
        return isinstance(self.row, Appointment) and self.row.body == Body.PARTY


def relations_of(person: Person, on: date) -> list[Relation]:
    """Everything that ties the person to the work on a day or later: contracts, posts, grid posts."""
    posts, grid_posts, contracts = lasting_after(person, on)
    rows = (
        *contracts.order_by("valid_from"),
        *posts.select_related("division").order_by("tier", "id"),
        *grid_posts.select_related("grid", "division").order_by("id"),
    )
    return [Relation(f"{row._meta.model_name}-{row.pk}", row) for row in rows]


def unit_left(person: Person, day: date) -> str:
    """The community of the latest post by `day`, else of the latest grid post. ValidationError where there is none."""
    for rows in (person.appointments, person.grid_posts):
        begun = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), valid_from__lte=day)
        found = begun.order_by(F("valid_to").desc(nulls_first=True), "-valid_from", "id").first()
        if found is not None:
            return found.division_id
    raise ValidationError(_("此人在该日期之前没有任职，无法确定所在单位。"))


def ended_with(person: Person, day: date) -> list[tuple[Appointment | Contract | GridPost, date | None]]:
    """What an exit on `day` ended, each with the end that it had before; what was ended by an act of its own is not."""
    found = []
    for rows in (person.appointments, person.grid_posts, person.contracts):
        for row in rows.filter(valid_to=day, valid_from__lt=day):
            events = list(type(row).pgh_event_model.objects.filter(pgh_obj_id=row.pk).order_by("-pgh_id"))
            before = next((e for e in events if e.valid_to != day and _act(e) not in ENDED_BY_EXIT), None)
            if before is not None and _act(events[0]) not in ENDED_APART:
                found.append((row, before.valid_to))
    return found


def _act(event) -> str:
    return (event.pgh_context or {}).get("act", "")
