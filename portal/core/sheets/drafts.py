"""Drafts of the grid: what somebody has typed and not yet applied, kept sealed, one per user and division.

A draft is over when an import that was made from it has been applied; it is then shown to nobody and swept away.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.core.audit.actions import action
from portal.core.lib.codes import ancestors
from portal.core.lib.scope import subtree
from portal.core.sheets.models import BatchState, ImportBatch, SheetDraft, Source
from portal.core.territory.models import Division

RECENT = timedelta(minutes=10)
_KEPT = timedelta(days=30)


class DraftMoved(Exception):
    """Another window of the same user has saved meanwhile; `draft` is what it saved."""

    def __init__(self, draft: SheetDraft) -> None:
        super().__init__(str(draft.pk))
        self.draft = draft


def _applied() -> Exists:
    """Whether an import of the grid, made after the draft was saved, has been applied."""
    return Exists(
        ImportBatch.objects.filter(
            kind=OuterRef("kind"),
            division=OuterRef("division"),
            uploaded_by=OuterRef("user"),
            source=Source.GRID,
            state__in=[BatchState.APPLIED, BatchState.UNDOING, BatchState.UNDONE],
            uploaded_at__gte=OuterRef("saved_at"),
        )
    )


def _open() -> QuerySet[SheetDraft]:
    return SheetDraft.objects.filter(~_applied())


def draft_of(user, kind: str, division: Division) -> SheetDraft | None:
    """The user's draft for a division, unless it has been applied."""
    return _open().filter(kind=kind, division=division, user=user).first()


def others_at_work(user, kind: str, division: Division) -> list[SheetDraft]:
    """Drafts that other people saved within ten minutes for the division, one inside it or one around it; latest first."""
    overlapping = subtree("division_id", division.code) | Q(division__in=ancestors(division.code))
    recent = _open().filter(overlapping, kind=kind, saved_at__gte=timezone.now() - RECENT)
    found = recent.exclude(user=user).select_related("user", "division").defer("content")
    return list(found.order_by("-saved_at"))


@action
def save_draft(*, kind: str, division: Division, content: str, rows: int, version: int, by) -> SheetDraft:
    """Keeps what was typed in place of the draft of that `version` (0: there was none).

    Raises DraftMoved where the draft is no longer the one that the window had read.
    """
    mine = SheetDraft.objects.select_for_update().filter(kind=kind, division=division, user=by)
    draft = mine.first()
    if draft is None:
        draft = SheetDraft(kind=kind, division=division, user=by, version=0)
    elif draft.version != version and draft_of(by, kind, division) is not None:
        raise DraftMoved(draft)
    draft.content, draft.rows, draft.version = content, rows, max(draft.version, version) + 1
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        raise DraftMoved(mine.get()) from None
    return draft


@action
def discard_draft(*, kind: str, division: Division, version: int, by) -> bool:
    """Throws the draft of that version away; False where another window has saved meanwhile."""
    mine = SheetDraft.objects.filter(kind=kind, division=division, user=by)
    return bool(mine.filter(version=version).delete()[0]) or not mine.exists()


def sweep() -> int:
    """Removes drafts that were applied, and those nobody has touched for a month; returns their number."""
    over = Q(saved_at__lt=timezone.now() - _KEPT) | Q(_applied())
    return SheetDraft.objects.filter(over).delete()[0]
