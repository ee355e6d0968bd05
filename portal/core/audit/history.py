"""Row history of a model: every insert, update and delete leaves a row in its `*Event` table, bulk and COPY included."""

import pghistory


def tracked(**options):
    """Class decorator for models whose every change is kept.

    The events are made anew for each model: pghistory's default trackers are copied, which breaks statement level.
    """
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options)
