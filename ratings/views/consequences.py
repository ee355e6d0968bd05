"""What follows from stars: the list of a place, of a person, and settling one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.policy.kinds import STAR_COEFFICIENTS, STAR_ELIGIBILITY, STAR_MEASURES
from portal.core.policy.queries import rules_of
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import BoundedPaginator
from ratings.actions.consequences import settle_consequence
from ratings.enums import ConsequenceKind
from ratings.exports.consequences import BONUSES, CONSEQUENCES
from ratings.forms.bonuses import SettleManyForm
from ratings.forms.consequences import ConsequenceFilter, SettleForm
from ratings.queries import consequences as reads
from ratings.views import consequence_words as words
from workforce.models import Person
from workforce.views.answers import attempt, form_page, may_change_now, page_or_part
from workforce.views.places import chosen_place

PAGE_ROWS = 50
RULES = (STAR_COEFFICIENTS, STAR_ELIGIBILITY, STAR_MEASURES)


def lines(request: HttpRequest, rows) -> list[dict]:
    """Rows of a list, each with whether the reader may settle it."""
    on, held = keep.day_of(request), request.user.territories(Perm.MANAGE_RATINGS) if may_change_now(request) else []
    return [words.line(row, on, settles=any(row.division_id.startswith(code) for code in held)) for row in rows]


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def consequences(request: HttpRequest) -> HttpResponse:
    """What followed in a place, what is due first on top; and which rules are not in force there."""
    place, form = chosen_place(request, Perm.VIEW_RATINGS), ConsequenceFilter(request.GET)
    under, on, asked = place.code if place else "", keep.day_of(request), form.asked()
    found = reads.listed(request.user, under=under, on=on, **asked)
    page = BoundedPaginator(found, PAGE_ROWS).get_page(request.GET.get("page"))
    shown = lines(request, page)
    context = {"place": place, "form": form, "page": page, "lines": shown, "query": request.GET.urlencode()}
    if any(line["settles"] and line["priced"] for line in shown):
        context["bulk_form"] = SettleManyForm(auto_id="many_%s")
    if not request.htmx:
        context |= _figures(request, under, asked["year"])
    return page_or_part(request, "ratings/consequences.html", "ratings/_consequence_rows.html", context)


def _figures(request: HttpRequest, under: str, year: int | None) -> dict:
    """Sums by kind, the rules that are missing, and where to go from here."""
    on = keep.day_of(request)
    sums, rules = reads.sums(request.user, under=under, on=on, year=year), rules_of(under, on)
    kinds = [
        {"label": label, "sum": sums[kind], "url": keep.page_url(request, "consequences", kind=kind, year=year)}
        for kind, label in ConsequenceKind.choices
        if kind in sums
    ]
    actions = [{"label": _("资格"), "icon": "award", "url": keep.page_url(request, "eligibilities")}]
    if request.user.can(Perm.MANAGE_RATINGS) or request.user.can(Perm.RATE_STREET):
        actions.append({"label": _("例外"), "icon": "card-checklist", "url": keep.page_url(request, "exceptions")})
    return {
        "kinds": kinds,
        "open": sum(one["open"] for one in sums.values()),
        "late": sum(one["late"] for one in sums.values()),
        "missing": [kind for kind in RULES if rules[kind.key].value is None],
        "actions": actions,
        "exports": [*export_menu(request, CONSEQUENCES), *_bonuses(request)],
    }


def _bonuses(request: HttpRequest) -> list[dict]:
    return [{**menu, "label": _("导出绩效")} for menu in export_menu(request, BONUSES)]


@require_safe
@requires(Perm.VIEW_RATINGS)
@never_cache
def consequences_person(request: HttpRequest, pk) -> HttpResponse:
    """Everything that followed for one person in the reader's territory."""
    person = get_object_or_404(Person.objects.for_user(request.user, Perm.VIEW_RATINGS), pk=pk)
    rows = lines(request, reads.of_person(request.user, person))
    return render(request, "ratings/consequences_person.html", {"person": person, "lines": rows})


@requires(Perm.MANAGE_RATINGS)
@never_cache
def consequence_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Records that one has been carried out, or why it no longer applies."""
    rows = reads.consequences(request.user, Perm.MANAGE_RATINGS).select_related("division", "person", "result")
    row = get_object_or_404(rows, pk=pk)
    form = SettleForm(request.POST or None, consequence=row)
    back = keep.page_url(request, "consequences", place=row.division_id)
    if form.is_valid() and attempt(form, settle_consequence, consequence=row, **form.cleaned_data, by=request.user):
        messages.success(request, _("已登记：%(kind)s，%(state)s。") % _told(row))
        return redirect(back)
    kind = f"{row.division.label} {row.person.name if row.person else ''}".strip()
    about = {"title": row.get_kind_display(), "kind": kind, "sentence": words.content(row), "back": back}
    return form_page(request, "workforce/plain_form.html", form, draft=request.path, **about)


def _told(row) -> dict:
    return {"kind": row.get_kind_display(), "state": row.get_state_display()}
