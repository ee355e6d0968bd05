"""Drafts of the grid: whose they are, when they are over, and what becomes of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.core.sheets.drafts import DraftMoved, discard_draft, draft_of, others_at_work, save_draft, sweep
from portal.core.sheets.models import ImportBatch, SheetDraft
from tests import factories
from tests import world as w


@pytest.fixture
def street(world):
    return world.divisions[w.STREET]


@pytest.fixture
def save(world, street):
    def saved(version=0, by=None, content="[]", division=street):
        by = by or world.users.street
        return save_draft(kind="roster", division=division, content=content, rows=1, version=version, by=by)

    return saved


def applied(world, street, state="applied", **more):
    return ImportBatch.objects.create(
        kind="roster", division=street, filename="x", sha256="0" * 64, size=1, source="grid", state=state,
        uploaded_by=world.users.street, **more,
    )  # fmt: skip


def test_versions_count_the_savings(world, street, save):
    assert [save(0).version, save(1).version, save(2).version] == [1, 2, 3]
    assert draft_of(world.users.street, "roster", street).content == "[]"


def test_saving_over_another_window_is_refused(save):
    save(0)
    save(1, content="[1]")
    with pytest.raises(DraftMoved) as refused:
        save(1, content="[2]")
    assert (refused.value.draft.version, SheetDraft.objects.get().content) == (2, "[1]")


def test_draft_thrown_away_in_another_window_is_begun_anew(world, street, save):
    save(0)
    assert discard_draft(kind="roster", division=street, version=1, by=world.users.street)
    assert save(1).version == 2


def test_each_user_and_place_has_a_draft_of_its_own(world, street, save):
    colleague = factories.user("colleague", ("street", w.STREET), division=w.STREET)
    save(0)
    save(0, by=colleague)
    save(0, division=world.divisions[w.SPRING])
    assert SheetDraft.objects.count() == 3
    assert others_at_work(world.users.street, "roster", street) == [draft_of(colleague, "roster", street)]


@pytest.mark.parametrize("state", ["applied", "undoing", "undone"])
def test_applied_draft_is_over(world, street, save, state):
    save(0)
    applied(world, street, state)
    assert draft_of(world.users.street, "roster", street) is None
    assert (sweep(), SheetDraft.objects.count()) == (1, 0)


@pytest.mark.parametrize("state", ["uploaded", "judged", "failed", "cancelled"])
def test_draft_lives_on_until_it_is_applied(world, street, save, state):
    draft = save(0)
    applied(world, street, state)
    assert (draft_of(world.users.street, "roster", street), sweep()) == (draft, 0)


def test_what_was_typed_after_the_import_was_made_is_kept(world, street, save):
    save(0)
    applied(world, street)
    assert save(1).version == 2
    assert (draft_of(world.users.street, "roster", street).version, sweep()) == (2, 0)


def test_old_drafts_are_swept_away(save):
    save(0)
    SheetDraft.objects.update(saved_at=timezone.now() - timedelta(days=31))
    assert (sweep(), SheetDraft.objects.count()) == (1, 0)
