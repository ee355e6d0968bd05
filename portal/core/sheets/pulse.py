"""Progress and sign of life of a running import, written beside the work by a thread with a connection of its own.

The work is one long transaction; what it would write itself nobody could see before the end. A batch without a sign of
life for a minute is taken over by another worker (`actions.claim`).
"""

import logging
import threading
import time
from types import TracebackType
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils import timezone

from portal.core.sheets.models import ImportBatch

log = logging.getLogger(__name__)

_TICK_SECONDS = 0.7
_BEAT_SECONDS = 10


class Pulse:
    """`with Pulse(batch) as pulse: pulse("checking", 500, 2000)`: calling it costs nothing."""

    def __init__(self, pk: UUID, claim: str, first: dict) -> None:
        self.pk = pk
        self.claim = claim
        self.progress = dict(first)
        self._written = dict(first)
        self._beat = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"pulse-{pk}", daemon=True)

    def __call__(self, phase: str, done: int = 0, total: int = 0) -> None:
        began = self.progress.get("began") if phase == self.progress.get("phase") else timezone.now().isoformat()
        self.progress = {**self.progress, "phase": phase, "done": done, "total": total, "began": began}

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._over.wait(_TICK_SECONDS):
                self._write()
        finally:
            connection.close()

    def _write(self) -> None:
        current, due = self.progress, time.monotonic() - self._beat >= _BEAT_SECONDS
        if current == self._written and not due:
            return
        try:
            mine = ImportBatch.objects.filter(pk=self.pk, progress__claim=self.claim)
            mine.update(progress=current, heartbeat=timezone.now())
        except DatabaseError:
            log.warning("Progress of import %s could not be written.", self.pk, exc_info=True)
            connection.close()
        self._written, self._beat = current, time.monotonic()
