"""The page that says that this hour has had enough lists with personal data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.core.web import formats


def limited(request: HttpRequest, back: str, wait: int) -> HttpResponse:
    """When the next list may go, and the way back."""
    context = {"wait": formats.duration(wait), "back": back}
    response = render(request, "exports/export_limited.html", context, status=429)
    response["Retry-After"] = str(wait)
    return response
