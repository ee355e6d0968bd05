"""The Celery application. Its settings (crash safety, timetable) stand in settings.py, its tasks in tasks.py."""

import os

from celery import Celery
from celery.signals import beat_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["portal"])


@beat_init.connect
def beat_began(**_kwargs) -> None:
    """Beat is alive from its first second on, not only after the first heartbeat has gone through a worker."""
    from portal import broker  # noqa: PLC0415 - reads the settings, which are not ready while this module loads

    broker.record_beat()
