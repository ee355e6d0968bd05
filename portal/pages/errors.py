"""Error pages: what happened and how to go on, as a page for people and as a problem document under /api/."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error

from portal.core.indicators.days import TooManyRows
from portal.core.web.problems import is_api, problem_response


def _answer(request: HttpRequest, status: int, template: str, **context) -> HttpResponse:
    return problem_response(request, status) if is_api(request) else render(request, template, context, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403, "csrf.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TooManyRows):
        return _answer(request, 422, "422.html", reason=str(exception))
    return _answer(request, 400, "400.html")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403, "403.html", reason=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 404, "404.html")


def failed(request: HttpRequest) -> HttpResponse:
    """500 for a fault of ours; 503 with Retry-After while PostgreSQL restarts or is out of reach."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request)
    return problem_response(request, 500) if is_api(request) else server_error(request, "500.html")


def unavailable(request: HttpRequest) -> HttpResponse:
    response = _answer(request, 503, "503.html")
    response["Retry-After"] = "2"
    return response
