"""What a kind of sheet brings so that its imports can be taken back; the machinery is in `undoing.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import models

from portal.core.audit.rewind import events_of

SHOWN = 200
"""Kept people that a preview names; the others are counted."""


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What taking an import back does: `people` and `rows` that return to what they were, and who is kept.

    `kept` names the first of the `kept_count` people who were edited since, as label, url and reason.
    """

    people: int
    rows: int
    kept_count: int
    kept: list[dict[str, str]] = field(default_factory=list)


class Edited(Exception):
    """People of the import were edited since and only a part of it could be taken back; nothing was written."""

    def __init__(self, preview: UndoPreview) -> None:
        super().__init__(preview.kept_count)
        self.preview = preview


@dataclass(frozen=True)
class Undo:
    """`models()` are the tracked tables whose history tells what a batch wrote and what came after it.

    `look(batch)` gives the preview and writes nothing. `write(batch=, rest=, by=, progress=)` takes the batch back
    inside the caller's transaction and returns what it did; without `rest` it raises `Edited` where somebody is kept.
    """

    models: Callable[[], Sequence[type[models.Model]]]
    look: Callable[..., UndoPreview]
    write: Callable[..., UndoPreview]

    def tables(self) -> list[str]:
        """The history tables of the models: applying notes in `ImportBatch.written` how far each had come."""
        return [events_of(model) for model in self.models()]
