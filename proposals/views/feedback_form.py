"""The form of a proposer, by a link and without an account. The address holds the key, so nothing of it may leave here.

No referrer with a path, no cache, no frame, no search engine; after sending, the address without the key.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.lib.clock import today
from proposals.actions.feedback import LinkOver, TooManyLinks, open_link, return_feedback
from proposals.forms.answered import FeedbackForm
from proposals.models import Feedback
from proposals.queries.feedback import still_asked
from workforce.views.answers import form_page

_GONE = 410


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def feedback_form(request: HttpRequest, token: str) -> HttpResponse:
    """The form, once; afterwards and after its last day a sentence instead. An unknown link counts against the address."""
    try:
        found = open_link(token=token, by=None)
    except TooManyLinks as error:
        response = _closed(request, "many", 429, minutes=-(-error.wait // 60))
        response["Retry-After"] = str(error.wait)
        return response
    if found is None:
        return _closed(request, "unknown", 404)
    if not still_asked(found, found.handling, today()):
        return _closed(request, "returned" if found.returned_at else "over", _GONE, feedback=found)
    return _asked(request, token, found)


def _asked(request: HttpRequest, token: str, found: Feedback) -> HttpResponse:
    form = FeedbackForm(request.POST or None)
    if form.is_valid():
        try:
            return_feedback(token=token, **form.asked(), by=None)
        except LinkOver:
            found.refresh_from_db()
            return _closed(request, "returned" if found.returned_at else "over", _GONE, feedback=found)
        return _kept(redirect("feedback_received"))
    case = found.handling.proposal
    return _kept(form_page(request, "proposals/feedback_form.html", form, feedback=found, case=case))


@login_not_required
@require_safe
@never_cache
def feedback_received(request: HttpRequest) -> HttpResponse:
    """Thanks, at an address without the key."""
    return _kept(render(request, "proposals/feedback_received.html"))


def _closed(request: HttpRequest, why: str, status: int, **context) -> HttpResponse:
    return _kept(render(request, "proposals/feedback_closed.html", {"why": why, **context}, status=status))


def _kept(response: HttpResponse) -> HttpResponse:
    # Only the site's name goes along; without any referrer browsers would hide where the form comes from.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
