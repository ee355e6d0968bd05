"""Two addresses for machines: is the process alive, and can it serve. They name no host, version or path."""

import functools
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg2
import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import broker
from portal.core.findings.runs import outlook
from portal.registry import INSPECTIONS

MIN_FREE_BYTES = 512 * 1024 * 1024
# A hanging server must not hang the answer: libpq waits at least two seconds.
PATIENCE = {"connect_timeout": 2, "options": "-c statement_timeout=2000"}


@require_safe
@never_cache
@login_not_required
def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
@login_not_required
def readyz(_request: HttpRequest) -> JsonResponse:
    """Everything a request needs is there: 200, else 503 with a word on each part."""
    checks = {name: check() for name, check in CHECKS.items()}
    ready = set(checks.values()) == {"ok"}
    answer = {"status": "ready" if ready else "not ready", "checks": checks}
    if checks["database"] == "ok":
        answer["inspections"] = inspections()
    return JsonResponse(answer, status=200 if ready else 503)


def database() -> str:
    """PostgreSQL answers on a new connection and every migration of this release is applied."""
    try:
        parameters = connection.get_connection_params() | PATIENCE
        fresh = connection.get_new_connection(parameters)
        try:
            with fresh.cursor() as cursor:
                cursor.execute("SELECT app, name FROM django_migrations")
                applied = set(cursor.fetchall())
        finally:
            fresh.close()
    except psycopg2.errors.UndefinedTable:
        return "migrations missing"
    except psycopg2.Error:
        return "unreachable"
    return "ok" if _migrations() <= applied else "migrations missing"


def message_broker() -> str:
    """Redis answers; where messages go through files there is nothing to ask."""
    client = broker.client()
    try:
        return "ok" if client is None or client.ping() else "unreachable"
    except redis.RedisError:
        return "unreachable"


def disk() -> str:
    """Room for uploads and, with the embedded database, for the database."""
    folder = next(path for path in (settings.DATA_DIR, *Path(settings.DATA_DIR).parents) if path.exists())
    return "ok" if shutil.disk_usage(folder).free >= MIN_FREE_BYTES else "almost full"


def beat() -> str:
    """The timetable ticked within the last minutes."""
    try:
        age = broker.beat_age()
    except redis.RedisError:
        return "unknown"
    if age is None:
        return "ok" if broker.client() is None else "never ticked"
    return "ok" if age <= broker.BEAT_MAX_AGE else "late"


def inspections() -> str:
    """Whether the night's checks are through. Late ones are caught up; requests are served all the same."""
    return "ok" if outlook(INSPECTIONS.values()).ok else "late"


CHECKS: dict[str, Callable[[], str]] = {"database": database, "broker": message_broker, "disk": disk, "beat": beat}


@functools.cache
def _migrations() -> frozenset[tuple[str, str]]:
    """The migrations that this release consists of; read once, they do not change under a running process."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(key for key in loader.disk_migrations if key in loader.graph.nodes)
