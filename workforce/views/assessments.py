"""The yearly assessment: schemes, the scoring sheet, results and the list for review."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from workforce.actions import assessments as acts
from workforce.enums import AssessmentGrade, SchemeState
from workforce.exports.assessments import SCHEMES, SCORES
from workforce.forms.assessments import ActForm, SchemeForm, ScoreSheet
from workforce.forms.judged import HouseForm
from workforce.models import AssessmentScheme
from workforce.queries.assessments import renewal, results, scheme_rules, schemes, schemes_listed, sheet_rows
from workforce.views.answers import attempt, form_page, may_change_now
from workforce.views.places import chosen_place

SHEET_ROWS = 50


def _scheme(request: HttpRequest, pk: int, perm: Perm = Perm.VIEW_PAY) -> AssessmentScheme:
    """A scheme of the reader's territory; readers also see those set above it for it."""
    rows = schemes(request.user) if perm == Perm.VIEW_PAY else AssessmentScheme.objects.for_user(request.user, perm)
    return get_object_or_404(rows.select_related("division"), pk=pk)


@require_safe
@requires(Perm.VIEW_PAY)
@never_cache
def assessments(request: HttpRequest) -> HttpResponse:
    """The schemes of the reader's territory, the latest first."""
    page = Paginator(schemes_listed(request.user), SHEET_ROWS).get_page(request.GET.get("page"))
    actions, exports = [], export_menu(request, SCHEMES)
    if may_change_now(request) and _new_place(request):
        actions = [
            {"label": _("新建方案"), "icon": "plus-lg", "url": keep.page_url(request, "scheme_new"), "primary": True}
        ]
    return render(request, "workforce/assessments.html", {"page": page, "actions": actions, "exports": exports})


def _new_place(request: HttpRequest) -> Division | None:
    """The district or street that a new scheme is for; None where the reader sets up none."""
    if not request.user.can(Perm.CHANGE_ASSESSMENT):
        return None
    place = chosen_place(request, Perm.CHANGE_ASSESSMENT)
    if place is not None and place.level == Level.COMMUNITY:
        place = Division.objects.for_user(request.user, Perm.CHANGE_ASSESSMENT).filter(pk=place.parent_id).first()
    return place if place is not None and place.level >= Level.DISTRICT else None


@requires(Perm.CHANGE_ASSESSMENT)
@never_cache
def scheme_new(request: HttpRequest) -> HttpResponse:
    """Sets up a scheme for a street or district."""
    place = _new_place(request)
    if place is None:
        raise Http404
    rules = scheme_rules(place.code, today())
    group = (rules.bottom.value or {}).get("group", "street")
    form = SchemeForm(request.POST or None, demands=rules.demands, group=group)
    if form.is_valid():
        fields = {**form.asked(), "division_id": place.code}
        if scheme := attempt(form, acts.add_scheme, fields=fields, by=request.user):
            return _done(request, scheme.pk, _("已保存方案草稿。核对无误后启用，即可打分。"))
    return _scheme_form(request, form, place, rules, _("新建考核方案"), keep.page_url(request, "assessments"))


@requires(Perm.CHANGE_ASSESSMENT)
@never_cache
def scheme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes a draft."""
    scheme = _scheme(request, pk, Perm.CHANGE_ASSESSMENT)
    if scheme.state != SchemeState.DRAFT:
        messages.warning(request, _("方案已启用，指标和权重不能再改。"))
        return redirect(keep.page_url(request, "scheme", pk))
    rules = scheme_rules(scheme.division_id, today())
    form = SchemeForm(request.POST or None, demands=rules.demands, scheme=scheme)
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        if attempt(form, acts.change_scheme, scheme=scheme, version=version, fields=form.asked(), by=request.user):
            return _done(request, pk, _("已保存方案草稿。"))
    return _scheme_form(request, form, scheme.division, rules, _("更改考核方案"), keep.page_url(request, "scheme", pk))


def _scheme_form(request: HttpRequest, form, place, rules, title: str, back: str) -> HttpResponse:
    draft = f"{request.path}-{form.scheme.version if form.scheme else place.code}"
    context = {"place": place, "rules": rules, "title": title, "back": back, "draft": draft}
    return form_page(request, "workforce/scheme_form.html", form, **context)


def _done(request: HttpRequest, pk: int, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(keep.page_url(request, "scheme", pk))


@require_safe
@requires(Perm.VIEW_PAY)
@never_cache
def scheme(request: HttpRequest, pk: int) -> HttpResponse:
    """A scheme with the results so far: ranks within groups, grades, and the list for review."""
    found = _scheme(request, pk)
    under = keep.place_of(request)
    shown = results(request.user, found, today(), under)
    page = Paginator(shown.rows, SHEET_ROWS).get_page(request.GET.get("page"))
    context = {
        "scheme": found,
        "results": shown,
        "page": page,
        "actions": _scheme_actions(request, found, bool(shown.rows)),
        "exports": export_menu(request, SCORES, pk=pk) if shown.rows else [],
        "grades": [{"label": AssessmentGrade(key).label, "n": n} for key, n in shown.grades.items() if key],
        "scored": sum(1 for one in shown.rows if one.row.total is not None),
        "renewal": renewal(found) if found.state == SchemeState.CLOSED else None,
        "may_open_cases": _may(request, "cases", found) and bool(shown.review),
    }
    return render(request, "workforce/scheme.html", context)


# What a person may do to a scheme in a state: key, label, sentence that says what happens, action, what is then said.
ACTS = {
    "open": (
        SchemeState.DRAFT, Perm.CHANGE_ASSESSMENT, _L("启用"), acts.open_scheme,
        _L("启用后指标和权重不能再改；考核年度末（或今天）在岗的专职人员列入考核，即可打分。"), _L("方案已启用，列入 %(n)s 人。"),
    ),
    "people": (
        SchemeState.OPEN, Perm.CHANGE_ASSESSMENT, _L("补入人员"), acts.take_in_people,
        _L("补入启用之后登记的在岗人员；已列入的人员和得分不变。"), _L("补入 %(n)s 人。"),
    ),
    "close": (
        SchemeState.OPEN, Perm.CHANGE_ASSESSMENT, _L("归档"), acts.close_scheme,
        _L("归档后得分和等次不能再改；结果从次年起用于晋级年限，并列入薪酬表。"), _L("考核已归档。"),
    ),
}  # fmt: skip


def _may(request: HttpRequest, act: str, found: AssessmentScheme) -> bool:
    if not may_change_now(request):
        return False
    if act == "cases":
        return found.state == SchemeState.CLOSED and request.user.can(Perm.HANDLE_CASES)
    state, perm, *_rest = ACTS[act]
    return found.state == state and request.user.can(perm, found.division_id)


def _scheme_actions(request: HttpRequest, found: AssessmentScheme, people: bool) -> list[dict]:
    """What can be done now, the next step as the main one."""
    links = []
    if may_change_now(request) and found.state == SchemeState.DRAFT and _may(request, "open", found):
        links.append(
            {"label": _("更改"), "icon": "pencil-square", "url": keep.page_url(request, "scheme_edit", found.pk)}
        )
    if found.state == SchemeState.OPEN and may_change_now(request) and request.user.can(Perm.CHANGE_ASSESSMENT):
        url = keep.page_url(request, "scheme_scores", found.pk)
        links.append({"label": _("打分"), "icon": "pencil-square", "url": url, "primary": people})
    first = "open" if found.state == SchemeState.DRAFT else "" if people else "people"
    for act, (_state, _perm, label, *_rest) in ACTS.items():
        if _may(request, act, found):
            url = keep.page_url(request, "scheme_act", found.pk, act)
            links.append({"label": label, "url": url, "primary": act == first})
    return links


@requires(Perm.CHANGE_ASSESSMENT)
@never_cache
def scheme_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Opens a scheme, takes in people, or closes it, after saying what will happen."""
    if act not in ACTS:
        raise Http404
    found = _scheme(request, pk, Perm.CHANGE_ASSESSMENT)
    _state, _perm, label, action, sentence, said = ACTS[act]
    form = ActForm(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        done = attempt(form, action, scheme=found, version=form.cleaned_data["version"], by=request.user)
        if done is not None:
            return _done(request, pk, str(said) % {"n": done} if isinstance(done, int) else str(said))
    return _confirm(request, form, found, str(label), str(sentence))


@requires(Perm.HANDLE_CASES)
@never_cache
def scheme_cases(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a review case for everybody on the list for review."""
    found = _scheme(request, pk)
    form = ActForm(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        opened = attempt(form, acts.open_bottom_cases, scheme=found, by=request.user)
        if opened is not None:
            return _done(request, pk, _("新立案 %(n)s 件。已有个案的人不重复立案。") % {"n": opened})
    sentence = _(
        "为末位名单上的每个人立一件复核个案：先告知、听取意见、培训或调岗，再由人作出决定。末位不等于不能胜任，不能仅凭末位解除合同。"
    )
    return _confirm(request, form, found, _("立案复核"), sentence)


def _confirm(request: HttpRequest, form, found: AssessmentScheme, label: str, sentence: str) -> HttpResponse:
    context = {"title": label, "kind": str(found), "sentence": sentence, "button": label, "draft": request.path}
    return form_page(
        request, "workforce/plain_form.html", form, back=keep.page_url(request, "scheme", found.pk), **context
    )


@requires(Perm.CHANGE_ASSESSMENT)
@never_cache
def scheme_scores(request: HttpRequest, pk: int) -> HttpResponse:
    """The scoring sheet: fifty people at a time, one input per indicator, made for the keyboard."""
    found = get_object_or_404(schemes(request.user, Perm.CHANGE_ASSESSMENT).select_related("division"), pk=pk)
    if found.state != SchemeState.OPEN:
        messages.warning(request, _("方案未在进行中，不能打分。"))
        return redirect(keep.page_url(request, "scheme", pk))
    page = Paginator(sheet_rows(request.user, found, keep.place_of(request)), SHEET_ROWS).get_page(
        request.GET.get("page")
    )
    sheet = ScoreSheet(found, list(page), request.POST if request.method == "POST" else None)
    form = HouseForm(request.POST if request.method == "POST" else None)
    if sheet.is_valid() and form.is_valid():
        done = attempt(form, acts.save_scores, scheme=found, rows=sheet.scored(), by=request.user)
        if done is not None:
            messages.success(request, _("已保存，%(n)s 人的得分有变动。") % {"n": done})
            return redirect(request.get_full_path())
        sheet.show_stored()
    errors = [*sheet.errors, *({"text": text} for text in form.non_field_errors())] if form.is_bound else []
    context = {"scheme": found, "page": page, "sheet": sheet, "errors": errors}
    return render(request, "workforce/scheme_scores.html", context, status=422 if errors else 200)
