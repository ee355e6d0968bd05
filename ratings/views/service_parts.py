"""What the pages of service records share: places small enough to list, who may change now, forms and their answers."""

import functools
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.web import keep
from workforce.views.answers import form_page, may_change_now
from workforce.views.places import at_place


def at_community(perm: Perm, *, least: Level = Level.COMMUNITY) -> Callable:
    """As `at_place`, for a community, or from a level on; the page of a larger place leads to its table instead."""

    def decorate(view: Callable) -> Callable:
        @functools.wraps(view)
        def placed(request: HttpRequest, division: Division, **kwargs) -> HttpResponse:
            if division.level < least:
                messages.info(request, _("请先选择一个社区，再查看这里的明细。"))
                return redirect(keep.page_url(request, "service_place", division.code))
            return view(request, division, **kwargs)

        return at_place(perm)(placed)

    return decorate


def changes(request: HttpRequest, division: Division, perm: Perm = Perm.CHANGE_SERVICE) -> bool:
    """Whether the reader may enter service records of the place now: today, and of a community."""
    return division.level == Level.COMMUNITY and may_change_now(request) and request.user.can(perm, division.code)


def done(request: HttpRequest, url: str, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(url)


def service_form(request: HttpRequest, form, division: Division, title: str, back: str, **context) -> HttpResponse:
    """A page with one form about a community."""
    context = {"title": title, "kind": division.label, "back": back, "draft": request.path, **context}
    return form_page(request, "workforce/plain_form.html", form, **context)


def optional_url(request: HttpRequest, name: str, *args) -> str:
    """Address of a page of another part of the site; empty where there is none."""
    try:
        return keep.page_url(request, name, *args)
    except NoReverseMatch:
        return ""
