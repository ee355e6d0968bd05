"""The acts about a part of a proposal, a promise or a task: what each does in words, and what is then said."""

from collections.abc import Callable
from dataclasses import dataclass

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from proposals import stages
from workforce.views.answers import form_page


@dataclass(frozen=True)
class Act:
    """One act: `sentence` says what will happen, `said` what has happened.

    `who` may take it: a permission, or the side of a case as `proposals.stages` names it.
    """

    action: Callable
    form: type
    label: str | Promise
    sentence: str | Promise
    said: str | Promise
    who: str = stages.UNIT


def act_page(request: HttpRequest, act: Act, form: BaseForm, *, back: str, version: int, **more) -> HttpResponse:
    """The page of an act; `more` is the rest of what `proposals/act_form.html` shows."""
    context = {"title": str(act.label), "sentence": act.sentence, "button": act.label, "back": back} | more
    return form_page(request, "proposals/act_form.html", form, draft=f"{request.path}-{version}", **context)
