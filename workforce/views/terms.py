"""Terms and elections 换届 of the two committees, with what they came to against the term before."""

from datetime import date
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.indicators.days import TooManyRows
from portal.core.lib.codes import Level
from portal.core.lib.dated import ONE_DAY, last_day
from portal.core.policy.kinds import COMMITTEE_TERM
from portal.core.policy.queries import rule_for
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.later import counting
from workforce.actions.committees import change_term, record_term
from workforce.counters import BOOK
from workforce.exports.terms import TERMS
from workforce.forms.terms import TermChangeForm, TermForm
from workforce.indicators.committees import COMMITTEES as FIGURES
from workforce.models import Term
from workforce.queries.committees import (
    next_number,
    previous_of,
    re_elected,
    sitting,
    terms_of,
)
from workforce.queries.lines import Line, lines_under
from workforce.queries.term_before import MEMBERS, place_of, term_before
from workforce.views.answers import attempt, form_page, may_change_now
from workforce.views.figure_cells import BOTH, Column, cells_of, rows_of
from workforce.views.places import at_place
from workforce.views.term_words import COMPARED, committees_sentence, compared
from workforce.views.terms_before import INDICATORS, before_url

_COLUMNS = (
    Column("party_members_seated", gettext_lazy("党组织成员"), gettext_lazy("（人）")),
    Column("committee_members_seated", gettext_lazy("居委会成员"), gettext_lazy("（人）")),
    Column("cross_appointment", gettext_lazy("交叉任职"), gettext_lazy("（人）")),
    Column("one_shoulder_rate", gettext_lazy("一肩挑"), parts=BOTH),
    Column("communities_without_secretary", gettext_lazy("书记空缺")),
    Column("communities_without_chair", gettext_lazy("主任空缺")),
    Column("terms_ended", gettext_lazy("届满未换届")),
)


@require_safe
@at_place(Perm.VIEW_STAFFING)
@never_cache
def terms(request: HttpRequest, division: Division) -> HttpResponse:
    """The terms of a community, or both committees under a division as a table against the previous term."""
    on = keep.day_of(request)
    # The term before is counted from the records on every day, from those of the members of the committees.
    page = counting(request, BOOK, division.code, on) or counting(request, MEMBERS, division.code, on, kept=False)
    if page is not None:
        return page
    context = {"division": division, "on": on, "rule": rule_for(COMMITTEE_TERM, division.code, on)}
    line, children = lines_under(division, on, FIGURES)
    context["sentence"] = committees_sentence(line, rows_of(request, division.code))
    context["exports"] = export_menu(request, TERMS, place=division.code)
    if division.level == Level.COMMUNITY:
        return render(request, "workforce/terms.html", {**context, **_of_community(request, division, on)})
    context |= {
        "columns": _COLUMNS,
        "lines": [{"division": one.division, "cells": cells_of(request, one, _COLUMNS)} for one in children],
    }
    return render(request, "workforce/terms_list.html", {**context, **_against_before(request, line, on)})


def _against_before(request: HttpRequest, line: Line, on: date) -> dict:
    """The shares beside those of the term before, or why there is nothing to compare with."""
    code = line.division.code
    try:
        before = term_before([INDICATORS[key] for key in COMPARED], place_of(line.division), on)
    except TooManyRows as error:
        return {"before_sorry": str(error)}
    if before is None or not before.seated or not line.figures:
        return {"before": before}
    urls = rows_of(request, code), partial(before_url, request, code)
    return {"before": before, "comparison": compared(line, before, *urls)}


def _of_community(request: HttpRequest, division: Division, on) -> dict:
    changes = may_change_now(request) and request.user.can(Perm.CHANGE_ROSTER, division.code)
    url = keep.page_url(request, "term_new", division.code)
    add = {"label": _("登记换届"), "icon": "plus-lg", "url": url, "primary": True}
    return {
        "terms": [_term(term, on) for term in terms_of(request.user, division.code, on)],
        "changes": changes,
        "actions": [add] if changes and division.urban else [],
    }


def _term(term: Term, on) -> dict:
    """A term with who sat at its end (or sits on the day), and how many of the term before stayed, where that is known."""
    last = on if term.valid_to is None or term.valid_to > on else term.valid_to - ONE_DAY
    at_end = sitting(term.division_id, last)
    before = previous_of(term)
    stayed = None
    if before is not None and getattr(sitting(term.division_id, term.valid_from - ONE_DAY), term.body):
        stayed = re_elected(term.division_id, term.body, term.valid_from, term.valid_from - ONE_DAY)
    overdue = term.valid_to is not None and term.valid_to <= on
    followed = Term.objects.filter(division=term.division_id, body=term.body, valid_from__gt=term.valid_from)
    overdue = overdue and not followed.filter(valid_from__lte=on).exists()
    state = "overdue" if overdue else "ended" if term.valid_to is not None and term.valid_to <= on else "in_force"
    return {
        "term": term,
        "last_day": last_day(term.valid_to),
        "state": state,
        "members": len(getattr(at_end, term.body)),
        "last": last,
        "stayed": stayed,
    }


def _done(request: HttpRequest, code: str, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(keep.page_url(request, "terms", code))


def _form(request: HttpRequest, form, division: Division, title: str) -> HttpResponse:
    back = keep.page_url(request, "terms", division.code)
    lead = _("登记后，上一届到新一届任期起始为止。成员仍在名册中逐人登记任职。")
    context = {"title": title, "kind": division.label, "back": back, "draft": request.path, "lead": lead}
    return form_page(request, "workforce/plain_form.html", form, **context)


@at_place(Perm.CHANGE_ROSTER)
@never_cache
def term_new(request: HttpRequest, division: Division) -> HttpResponse:
    """Records the term that an election began."""
    body = request.GET.get("body", "")
    form = TermForm(request.POST or None, initial={"body": body, "number": next_number(division.code, body)})
    if form.is_valid() and (term := attempt(form, record_term, division=division, **form.asked(), by=request.user)):
        return _done(request, division.code, _("已登记%(body)s换届。") % {"body": term.get_body_display()})
    return _form(request, form, division, _("登记换届"))


@requires(Perm.CHANGE_ROSTER)
@never_cache
def term_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a recorded term."""
    rows = Term.objects.for_user(request.user, Perm.CHANGE_ROSTER).select_related("division")
    term = get_object_or_404(rows, pk=pk)
    form = TermChangeForm(request.POST or None, term=term)
    if form.is_valid() and attempt(form, change_term, term=term, **form.asked(), by=request.user):
        return _done(request, term.division_id, _("已保存%(body)s换届的更正。") % {"body": term.get_body_display()})
    return _form(request, form, term.division, _("更正换届"))
