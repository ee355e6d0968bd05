"""How pages answer: whole, or only the part that htmx asked for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def page_or_part(request: HttpRequest, page: str, part: str, context: dict, status: int = 200) -> HttpResponse:
    """The template `page`, or `part` of it for htmx; a browser's cache keeps the two apart."""
    response = render(request, part if request.htmx else page, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
