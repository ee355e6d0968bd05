"""Row history of a model: every insert, update and delete leaves a row in its `*Event` table, bulk and COPY included."""

import re

import pghistory
import pgtrigger
from pghistory import trigger

_CONTEXT = re.compile(r"COALESCE\(NULLIF\(CURRENT_SETTING\(.+?\), NULL\)::\w+")


def tracked(*, many: bool = False, **options):
    """Class decorator for models whose every change is kept; `many` where one statement inserts very many rows.

    The events are made anew for each model: pghistory's default trackers are copied, which breaks statement level.
    """
    inserted = _ManyInserted() if many else pghistory.InsertEvent()
    return pghistory.track(inserted, pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options)


class _ManyInserted(pghistory.InsertEvent):
    """An insert whose trigger reads who acts once for the statement, which is the same for all its rows (a fifth)."""

    def add_event_trigger(self, event_model):
        once = _ReadOnce(event_model=event_model, label=self.label, name=self.trigger_name, operation=self.operation)
        pgtrigger.register(once)(event_model.pgh_tracked_model)


class _ReadOnce(trigger.Event):
    def get_func(self, model):
        """The library's statement, the context in it as a query of its own."""
        return pgtrigger.Func(_CONTEXT.sub(r"(SELECT \g<0>)", super().get_func(model).func))
