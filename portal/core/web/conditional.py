"""ETags: every answer to GET carries one, a copy still true is answered 304, a change can be guarded by If-Match.

A list or figure has `"<digest of the answer>"`. A single record has `"<state>.<digest of the answer>"`: If-None-Match
compares the whole, If-Match only the state, which is the same in every language, format and selection of fields.
"""

import hashlib
from collections.abc import Iterable, Mapping

from django.http import FileResponse, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags
from django.utils.translation import gettext as _

from portal.core.web.problems import NotModified, ProblemError, at_header

_KEPT = ("ETag", "Cache-Control", "Vary", "Content-Location", "Expires", "Link", "RateLimit", "RateLimit-Policy")


def digest(*parts: bytes | str) -> str:
    made = hashlib.sha256()
    for part in parts:
        made.update(part.encode() if isinstance(part, str) else part)
        made.update(b"\x00")
    return made.hexdigest()[:24]


def state_of(record) -> str:
    """Digest of all stored values of a row: changes with every change, and with nothing else.

    Keyed, because it goes to readers who see personal data masked and could otherwise guess values against it.
    """
    values = [getattr(record, field.attname) for field in record._meta.concrete_fields]
    values = [bytes(value) if isinstance(value, memoryview) else value for value in values]
    text = "\x00".join(f"{type(value).__name__} {value}" for value in values)
    return salted_hmac(f"portal.rest.state.{record._meta.label}", text, algorithm="sha256").hexdigest()[:24]


def answered(request, response: HttpResponse, tag: str, *, weak: bool = False) -> HttpResponse:
    """`response` with its ETag, or 304 where If-None-Match names it already.

    `weak` for files that say the same in other bytes when written again.
    """
    response["ETag"] = f'W/"{tag}"' if weak else f'"{tag}"'
    if remember := getattr(request, "remember", None):
        remember(response)
    if not matches(request, response["ETag"]):
        return response
    if isinstance(response, FileResponse):
        response.file_to_stream.close()  # not response.close(), which would end the request before its time
    return not_modified({name: response[name] for name in _KEPT if response.has_header(name)})


def not_modified(headers: Mapping[str, str]) -> HttpResponse:
    """The answer to a reader whose copy is still true."""
    return NotModified(headers).response()


def require_match(request, states: str | Iterable[str], *, obligatory: bool = True) -> None:
    """Guards a change: the caller must name (If-Match) the state it has read. Raises 428 without, 412 for a past."""
    given = request.headers.get("If-Match")
    if given is None:
        if obligatory:
            raise ProblemError(428, errors=[at_header("If-Match", _("缺少请求头 If-Match。"))])
        return
    current = {states} if isinstance(states, str) else set(states)
    tags = parse_etags(given)
    # If-Match compares strongly: a weak tag never matches (RFC 9110, 13.1.1).
    if tags != ["*"] and not any(tag.strip('"').split(".")[0] in current for tag in tags if tag[0] == '"'):
        raise ProblemError(412, errors=[at_header("If-Match", _("不是对象现在的 ETag。"))])


def matches(request, tag: str) -> bool:
    """Whether If-None-Match names the ETag `tag`."""
    given = parse_etags(request.headers.get("If-None-Match", ""))
    return given == ["*"] or tag.removeprefix("W/") in (known.removeprefix("W/") for known in given)
