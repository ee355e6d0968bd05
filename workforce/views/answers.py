"""How the roster's forms run an action and answer."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers

from portal.core.lib.clock import today
from portal.core.web import keep


def attempt(form, action: Callable, /, **arguments) -> Any:
    """What the action returns; None when it refuses, its reasons then stand in the form.

    A reason that names a field the form does not show stands above the form.
    """
    try:
        return action(**arguments)
    except ValidationError as error:
        by_field = getattr(error, "error_dict", {NON_FIELD_ERRORS: error})
        for name, reasons in by_field.items():
            form.add_error(name if name in form.fields else None, reasons)
    return None


def form_page(request: HttpRequest, template: str, form, **context) -> HttpResponse:
    """A page with a form: 422 when the form has errors, so that htmx shows it too."""
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def page_or_part(request: HttpRequest, page: str, part: str, context: dict) -> HttpResponse:
    """The template `page`, or `part` of it for htmx; a browser's cache keeps the two apart."""
    response = render(request, part if request.htmx else page, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def may_change_now(request: HttpRequest) -> bool:
    """Whether the page shows today: past and future days are read only."""
    return keep.day_of(request) == today()


def url_of(name: str) -> str:
    """Address of a page that another part of the site provides; empty where there is none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
