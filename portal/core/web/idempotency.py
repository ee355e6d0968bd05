"""Idempotency-Key on POST: one effect however often a client retries (IETF draft httpapi-idempotency-key-header).

The act and the record of its answer are one transaction under an advisory lock, so there is no "running" row that a
dead process could leave behind: either both are there and the answer is repeated, or neither and the act runs.
Refusals are not kept: a corrected or later try with the same key runs again.
"""

import functools
import hashlib
import re
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer

from portal.core.web.models import IdempotencyRecord
from portal.core.web.problems import ProblemError, at_header

HEADER = "Idempotency-Key"
KEY_PATTERN = r"^[\x21-\x7e]{1,255}$"
KEPT_FOR = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_KEPT_HEADERS = ("Location", "ETag")


def idempotent(handler):
    """Marks the action of a viewset that answers POST. Its answer must be a REST framework Response."""

    @functools.wraps(handler)
    def once(view, request, *args, **kwargs):
        key = _key_of(request)
        fingerprint = _fingerprint(request)
        with transaction.atomic():
            _lock(request.auth.pk, key)
            record = _kept(request.auth, key)
            if record is not None:
                return _repeated(record, fingerprint)
            response = handler(view, request, *args, **kwargs)
            _keep(request.auth, key, fingerprint, response)
            return response

    once.idempotent = True
    return once


def purge() -> int:
    """Deletes answers older than a day; for the nightly task. Returns their number."""
    return IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _key_of(request) -> str:
    key = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        message = _(
            "每个 POST 都要带请求头 Idempotency-Key：1 到 255 个可见 ASCII 字符，例如一个 UUID；重试时用同一个。"
        )
        raise ProblemError(400, message, slug="idempotency-key", errors=[at_header(HEADER, message)])
    return key


def _fingerprint(request) -> str:
    # The boundary between the parts of a multipart body is another in every attempt.
    kind = request.content_type.partition(";")[0]
    made = hashlib.sha256(f"{request.method} {request.get_full_path()} {kind}\n".encode())
    files = request.FILES
    made.update(
        JSONRenderer().render({k: v for k, v in request.data.items() if k not in files} if files else request.data)
    )
    for name, file in files.items():
        made.update(f"\n{name} {file.name} {file.size}\n".encode())
        for piece in file.chunks():
            made.update(piece)
        file.seek(0)
    return made.hexdigest()


def _lock(token: int, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 20))", [f"{token} {key}"])
        if not cursor.fetchone()[0]:
            raise ProblemError(
                409,
                _("同一 Idempotency-Key 的请求正在处理，请稍后重试。"),
                slug="in-progress",
                headers={"Retry-After": "1"},
            )


def _kept(token, key: str) -> IdempotencyRecord | None:
    IdempotencyRecord.objects.filter(token=token, key=key, created_at__lt=timezone.now() - KEPT_FOR).delete()
    return IdempotencyRecord.objects.filter(token=token, key=key).first()


def _repeated(record: IdempotencyRecord, fingerprint: str) -> HttpResponse:
    if record.fingerprint != fingerprint:
        message = _("这个 Idempotency-Key 已用于另一个内容的请求，请换一个新的。")
        raise ProblemError(422, message, slug="idempotency-mismatch", errors=[at_header(HEADER, message)])
    headers = {**record.headers, "Idempotency-Replayed": "true"}
    return HttpResponse(bytes(record.body), status=record.status, headers=headers, content_type="application/json")


def _keep(token, key: str, fingerprint: str, response) -> None:
    IdempotencyRecord.objects.create(
        token=token,
        key=key,
        fingerprint=fingerprint,
        status=response.status_code,
        headers={name: response[name] for name in _KEPT_HEADERS if response.has_header(name)},
        body=JSONRenderer().render(response.data),
    )
