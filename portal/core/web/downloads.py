"""Sealed files handed out: as a download and on record, never shown by the browser itself."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header


def hand_out(
    request: HttpRequest, found: Any | None, taken_out: Callable[[Any, Any], Iterator[bytes]]
) -> StreamingHttpResponse:
    """The file `found`, whose bytes `taken_out(found, user)` opens; 404 for one that is not there for the reader."""
    if found is None:
        raise Http404
    try:
        content = taken_out(found, request.user)
    except FileNotFoundError:
        raise Http404 from None
    response = StreamingHttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.filename)
    response["Content-Length"] = str(found.size)
    return response
