"""One training class: its particulars, who is in it, attendance and results."""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from workforce.actions.training import change_class, enrol, enrol_place, mark, open_class
from workforce.exports.training import ENROLMENTS
from workforce.forms.training import ClassForm, Marked, MarkForm, PeopleSearch
from workforce.models import TrainingClass
from workforce.queries import training as reads
from workforce.queries.roster import find_people, units_of
from workforce.views.answers import attempt, form_page, may_change_now

FOUND = 50
PAGE_ROWS = 100
# Conditions of the enrolments that the page lists, by `?show=`.
MARKED = {
    "came": {"attended": True},
    "passed": {"result": "passed"},
    "open": {"attended__isnull": True},
}
_LINE = re.compile("e([0-9]{1,18})-attended")


def _seen(request: HttpRequest, pk: int) -> TrainingClass:
    """A class that concerns the reader's people."""
    found = reads.classes(request.user, on=keep.day_of(request)).select_related("division")
    return get_object_or_404(found, pk=pk)


def _own(request: HttpRequest, pk: int) -> TrainingClass:
    """A class held in the territory in which the reader keeps training."""
    return get_object_or_404(TrainingClass.objects.for_user(request.user, Perm.CHANGE_TRAINING), pk=pk)


def _enrols(request: HttpRequest) -> bool:
    return may_change_now(request) and request.user.can(Perm.CHANGE_TRAINING)


@require_safe
@requires(Perm.VIEW_ROSTER)
@never_cache
def training_class(request: HttpRequest, pk: int) -> HttpResponse:
    """A class with those of the reader's people who are in it."""
    held = _seen(request, pk)
    rows = reads.enrolments(request.user, held)
    show = request.GET.get("show", "")
    page = Paginator(rows.filter(**MARKED.get(show, {})), PAGE_ROWS).get_page(request.GET.get("page"))
    forms = _forms([row.pk for row in page], request, held) if _enrols(request) else {}
    lines = [{"row": row, "form": forms.get(row.pk)} for row in page]
    context = {"held": held, "page": page, "lines": lines, "fills": bool(forms)}
    context |= {"chips": _chips(request, held, rows, show), "show": show if show in MARKED else ""}
    context |= {"actions": _actions(request, held), "exports": export_menu(request, ENROLMENTS, pk=pk) if lines else []}
    return render(request, "workforce/training_class.html", context)


def _chips(request: HttpRequest, held: TrainingClass, rows: QuerySet, show: str = "") -> list[dict]:
    """How many of the reader's people are in the class, came, passed, are not marked yet; each with its list."""
    values = list(rows.values_list("attended", "result"))
    counts = {
        "": len(values),
        Marked.CAME: [attended for attended, _result in values].count(True),
        Marked.PASSED: [result for _attended, result in values].count("passed"),
        Marked.OPEN: [attended for attended, _result in values].count(None),
    }
    return [
        {
            "label": label,
            "count": counts[key],
            "current": key == (show if show in MARKED else ""),
            "url": keep.page_url(request, "training_class", held.pk, show=str(key)),
        }
        for key, label in (("", _("报名")), *Marked.choices)
    ]


def _actions(request: HttpRequest, held: TrainingClass) -> list[dict]:
    found = []
    if _enrols(request):
        url = keep.page_url(request, "training_enrol", held.pk)
        found.append({"label": _("报名"), "icon": "person-plus", "url": url, "primary": True})
        if request.user.can(Perm.CHANGE_TRAINING, held.division_id):
            url = keep.page_url(request, "training_edit", held.pk)
            found.append({"label": _("更正班次"), "icon": "pencil-square", "url": url})
    return found


def _forms(ids: list[int], request: HttpRequest, held: TrainingClass, data=None) -> dict[int, MarkForm]:
    """The lines of the attendance sheet among `ids` that the reader may fill in."""
    rows = reads.enrolments(request.user, held, Perm.CHANGE_TRAINING).filter(pk__in=ids)
    return {row.pk: MarkForm(data, enrolment=row) for row in rows}


@requires(Perm.CHANGE_TRAINING)
@never_cache
def training_marks(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a page of the attendance sheet: all of it, or none with the errors beside the lines."""
    asked = {name: request.GET.get(name) for name in ("page", "show")}
    held, here = _seen(request, pk), keep.page_url(request, "training_class", pk, **asked)
    ids = [int(found[1]) for key in request.POST if (found := _LINE.fullmatch(key))][:PAGE_ROWS]
    forms = _forms(ids, request, held, request.POST)
    if not forms:
        return redirect(here)
    if all([form.is_valid() for form in forms.values()]):
        marks = [form.mark() for form in forms.values()]
        written = attempt(next(iter(forms.values())), mark, training_class=held, marks=marks, by=request.user)
        if written is not None:
            messages.success(request, _("已保存，%(n)s 人的记录有变化。") % {"n": written})
            return redirect(here)
    lines = [{"row": form.enrolment, "form": form} for form in forms.values()]
    chips = _chips(request, held, reads.enrolments(request.user, held))
    context = {"held": held, "lines": lines, "fills": True, "chips": chips, "failed": True}
    return render(request, "workforce/training_class.html", context, status=422)


@requires(Perm.CHANGE_TRAINING)
@never_cache
def training_new(request: HttpRequest) -> HttpResponse:
    """Enters a class."""
    form = ClassForm(request.POST or None, by=request.user)
    if form.is_valid() and (held := attempt(form, open_class, **form.asked(), by=request.user)):
        messages.success(request, _("已新增班次，可以报名了。"))
        return redirect(keep.page_url(request, "training_class", held.pk))
    context = {"title": _("新增班次"), "back": keep.page_url(request, "training"), "draft": "training-new"}
    return form_page(request, "workforce/plain_form.html", form, **context)


@requires(Perm.CHANGE_TRAINING)
@never_cache
def training_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Corrects a class."""
    held = _own(request, pk)
    form = ClassForm(request.POST or None, by=request.user, held=held)
    back = keep.page_url(request, "training_class", pk)
    if form.is_valid() and attempt(form, change_class, training_class=held, **form.asked(), by=request.user):
        messages.success(request, _("已保存班次。"))
        return redirect(back)
    context = {"title": _("更正班次"), "kind": held.title, "back": back, "draft": f"class-{pk}-{held.version}"}
    return form_page(request, "workforce/plain_form.html", form, **context)


@requires(Perm.CHANGE_TRAINING)
@never_cache
def training_enrol(request: HttpRequest, pk: int) -> HttpResponse:
    """Enrols people of the reader's territory: those ticked, or everybody of a street or community at once."""
    held = _seen(request, pk)
    if request.method == "POST":
        return _enrol(request, held)
    search = PeopleSearch(request.GET)
    q = search.cleaned_data["q"] if search.is_valid() else ""
    people = find_people(request.user, q)[:FOUND] if q else []
    inside = set(
        held.enrolments.filter(person__in=[person.pk for person in people]).values_list("person_id", flat=True)
    )
    places = units_of(request.user, people, keep.day_of(request))
    lines = [{"person": one, "inside": one.pk in inside, "place": places.get(one.pk, "")} for one in people]
    context = {"held": held, "search": search, "lines": lines, "q": q, "places": _places(request)}
    return render(request, "workforce/training_enrol.html", context)


def _places(request: HttpRequest) -> list[Division]:
    """Streets of the reader's territory, or its communities where it is a street or less: what is enrolled at once."""
    mine = (
        Division.objects.for_user(request.user, Perm.CHANGE_TRAINING).filter(urban=True).in_force(keep.day_of(request))
    )
    deep = all(len(code) >= 9 for code in request.user.territories(Perm.CHANGE_TRAINING))
    return list(mine.filter(level=5 if deep else 4).order_by("code")[: FOUND * 10])


def _enrol(request: HttpRequest, held: TrainingClass) -> HttpResponse:
    if code := request.POST.get("place"):
        place = get_object_or_404(Division.objects.for_user(request.user, Perm.CHANGE_TRAINING), pk=code)
        count = enrol_place(training_class=held, code=place.code, by=request.user)
    else:
        count = enrol(training_class=held, people=_ids(request.POST.getlist("person")), by=request.user)
    messages.success(request, _("新报名 %(n)s 人；已在名单中的不重复。") % {"n": count})
    return redirect(keep.page_url(request, "training_class", held.pk))


def _ids(texts: list[str]) -> list[str]:
    """Ids as the page sent them; anything else is no person."""
    return [text for text in texts if len(text) == 36 and set(text) <= set("0123456789abcdef-")][:FOUND]
