"""Entering a street's roster in the browser: the page, and the addresses that its script asks.

Answers to the script are JSON; a refusal carries its sentence as `message`. Nothing here writes the roster: applying
makes an import of the typed rows, which goes on through preview and confirmation like a file.
"""

import functools
import json
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.sheets import drafts
from portal.core.sheets.models import BatchState, ImportBatch, SheetDraft, Source
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.formats import moment
from portal.pages import grid_check, grid_places, grid_rows, grid_texts, import_work
from portal.pages.grid_input import BadInput, number_of, read_body, read_rows
from portal.pages.import_page import in_the_way
from workforce.importers import ROSTER


def _division(request: HttpRequest, code: str) -> Division:
    found = find_division(code, Division.objects.for_user(request.user, Perm.CHANGE_ROSTER))
    if found is None or found.formal:
        raise Http404
    return found


def _answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the script: the division of the address, and refusals as JSON with their sentence."""

    @functools.wraps(view)
    def answered(request: HttpRequest, code: str) -> HttpResponseBase:
        try:
            return view(request, _division(request, code))
        except BadInput as error:
            return JsonResponse({"message": str(error)}, status=error.status)

    return answered


@require_safe
@requires(Perm.CHANGE_ROSTER)
def grid_home(request: HttpRequest) -> HttpResponse:
    """The grid of the place chosen, where the reader keeps its roster, else of the reader's own."""
    mine = Division.objects.for_user(request.user, Perm.CHANGE_ROSTER)
    chosen = find_division(keep.place_of(request), mine)
    code = chosen.code if chosen else request.user.territories(Perm.CHANGE_ROSTER)[0]
    if not code:
        return redirect(keep.page_url(request, "roster"))
    return redirect(keep.page_url(request, "roster_grid", code))


@require_safe
@requires(Perm.CHANGE_ROSTER)
@never_cache
def grid(request: HttpRequest, code: str) -> HttpResponse:
    """The page of the grid; its rows come by a second request."""
    division = _division(request, code)
    posts = grid_rows.posts_of(request.user, division).count()
    context = {
        "division": division,
        "posts": posts,
        "most": grid_rows.MOST_POSTS,
        "places": grid_places.choices(request, division),
        "today_url": keep.page_url(request, "roster_grid", division.code, on=None),
        "open": keep.day_of(request) == today() and posts <= grid_rows.MOST_POSTS,
        "settings": grid_texts.settings_of(division, request),
    }
    return render(request, "workforce/roster_grid.html", context)


@require_safe
@requires(Perm.CHANGE_ROSTER)
@never_cache
@_answering
def grid_data(request: HttpRequest, division: Division) -> HttpResponse:
    """The rows on record, the reader's draft, who else is at work, and an import of the grid that waits for its reader."""
    draft = drafts.draft_of(request.user, ROSTER.kind, division)
    posts = grid_rows.posts_of(request.user, division)
    if posts.count() > grid_rows.MOST_POSTS:
        raise BadInput(_("这个地方的任职太多，请选择小一些的范围。"), 413)
    waiting = _waiting(request, division)
    return JsonResponse(
        {
            "rows": grid_rows.rows_of(request.user, posts),
            "draft": {**_draft(draft), "typed": json.loads(draft.content)} if draft else None,
            "others": _others(request, division),
            "waiting": keep.page_url(request, "import", waiting.pk) if waiting else "",
        }
    )


def _waiting(request: HttpRequest, division: Division) -> ImportBatch | None:
    """The reader's own rows of this grid that were checked and neither applied nor abandoned."""
    return ImportBatch.objects.filter(
        kind=ROSTER.kind, division=division, uploaded_by=request.user, source=Source.GRID, state=BatchState.JUDGED
    ).first()


def _others(request: HttpRequest, division: Division) -> list[dict]:
    found = drafts.others_at_work(request.user, ROSTER.kind, division)
    return [
        {"who": str(one.user), "at": moment(one.saved_at), "rows": one.rows, "place": one.division.label}
        for one in found
    ]


def _draft(draft: SheetDraft) -> dict:
    return {"version": draft.version, "rows": draft.rows, "at": moment(draft.saved_at)}


@require_POST
@requires(Perm.CHANGE_ROSTER)
@_answering
def grid_check_rows(request: HttpRequest, division: Division) -> HttpResponse:
    """The full judgement of the rows given; those that somebody else has changed meanwhile are told apart."""
    resolved = grid_check.resolve(request.user, division, read_rows(read_body(request)))
    return JsonResponse(_judged(division, resolved))


def _judged(division: Division, resolved: grid_check.Resolved) -> dict:
    found = grid_check.judge(division, resolved) if resolved.rows else {"rows": {}, "sentence": ""}
    return {**found, "conflicts": resolved.conflicts}


@require_POST
@requires(Perm.CHANGE_ROSTER)
@_answering
def grid_apply(request: HttpRequest, division: Division) -> HttpResponse:
    """Makes an import of the rows and says where its preview is; 422 with the check's answer while something is wrong."""
    resolved = grid_check.resolve(request.user, division, read_rows(read_body(request)))
    found = _judged(division, resolved)
    if found["conflicts"] or not found["rows"] or any(row["errors"] for row in found["rows"].values()):
        return JsonResponse(found, status=422)
    try:
        batch = import_work.take_in(
            division=division,
            filename=_("表格录入 %(place)s") % {"place": division.label},
            content=resolved.content,
            replaces=_waiting(request, division),
            source=Source.GRID,
            options=grid_check.OPTIONS,
            by=request.user,
        )
    except ValidationError as error:
        status = 503 if getattr(error, "code", "") == "storage" else 409
        link = in_the_way(request, error)
        return JsonResponse({"message": " ".join(error.messages), "link": link}, status=status)
    return JsonResponse({"url": keep.page_url(request, "import", batch.pk)})


@require_http_methods(["GET", "POST", "DELETE"])
@requires(Perm.CHANGE_ROSTER)
@never_cache
@_answering
def grid_draft(request: HttpRequest, division: Division) -> HttpResponse:
    """Keeps what was typed, or throws it away; 409 where another window has saved meanwhile. GET: who else is at work."""
    if request.method == "GET":
        return JsonResponse({"others": _others(request, division)})
    body = read_body(request)
    asked = {"kind": ROSTER.kind, "division": division, "version": number_of(body, "version"), "by": request.user}
    if request.method == "DELETE":
        gone = drafts.discard_draft(**asked)
        return JsonResponse({"version": 0} if gone else _moved(), status=200 if gone else 409)
    rows = read_rows(body)
    content = json.dumps([row.as_json() for row in rows], ensure_ascii=False)
    try:
        draft = drafts.save_draft(**asked, content=content, rows=len(rows))
    except drafts.DraftMoved as error:
        return JsonResponse({**_moved(), "draft": _draft(error.draft)}, status=409)
    return JsonResponse({**_draft(draft), "others": _others(request, division)})


def _moved() -> dict:
    return {"message": _("这份草稿在另一个窗口里又存过。请刷新页面，从最新的草稿接着录入。")}


routes = [
    path("roster/grid/", grid_home, name="roster_grid_home"),
    path("roster/grid/<str:code>/", grid, name="roster_grid"),
    path("roster/grid/<str:code>/data/", grid_data, name="roster_grid_data"),
    path("roster/grid/<str:code>/check/", grid_check_rows, name="roster_grid_check"),
    path("roster/grid/<str:code>/apply/", grid_apply, name="roster_grid_apply"),
    path("roster/grid/<str:code>/draft/", grid_draft, name="roster_grid_draft"),
]
