"""Per-request plumbing: an id that runs through log, audit and answer, and the address of the caller."""

import re
import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.core.audit.origin import client_ip
from portal.core.lib.logs import request_id

_GIVEN_ID = re.compile(r"^[0-9A-Za-z-]{8,36}$")


def address_of(request: HttpRequest) -> str:
    """Address of the caller; behind our own proxy the last entry of X-Forwarded-For."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.HTTPS else ""
    return (forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", ""))[:45]


class RequestIdMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        identifier = given if _GIVEN_ID.match(given) else uuid.uuid4().hex
        request.id = identifier
        id_token, ip_token = request_id.set(identifier), client_ip.set(address_of(request))
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(id_token)
            client_ip.reset(ip_token)
        response["X-Request-ID"] = identifier
        return response
