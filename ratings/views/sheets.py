"""The scoring sheet: the units of a place down, the items by hand across, made for the keyboard."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import keep
from portal.core.web.access import requires
from ratings import stages
from ratings.actions.units import Saved, hand_items, save_sheet
from ratings.forms.sheets import PointSheet
from ratings.models import RatingCycle, UnitRating
from ratings.queries import cycles as reads
from ratings.views.cycle_parts import NAMES
from ratings.views.cycles import cycle_or_404
from workforce.forms.judged import HouseForm
from workforce.views.answers import attempt, may_change_now

SHEET_ROWS = 50
RATERS = (Perm.RATE_SELF, Perm.RATE_STREET, Perm.RATE_DISTRICT)


def _stage(request: HttpRequest) -> str:
    """The stage asked for, if its points are the reader's; else the highest that are."""
    mine = [stage for stage in stages.SCORING if request.user.can(Perm(stages.RATERS[stage]))]
    asked = request.GET.get("stage", "")
    return asked if asked in mine else mine[-1]


@requires(*RATERS)
@never_cache
def rating_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Fifty units at a time; saved as one act with the version of each, on request handed on as well."""
    cycle, stage = cycle_or_404(request, pk), _stage(request)
    found = reads.sheet_units(request.user, cycle, stage, keep.place_of(request))
    schemes = _schemes(request, found)
    scheme = next((one for one in schemes if one["on"]), None)
    page = Paginator(reads.with_scores(found.filter(scheme=scheme["pk"] if scheme else None)), SHEET_ROWS)
    page = page.get_page(request.GET.get("page"))
    items = list(hand_items({scheme["pk"]})[scheme["pk"]].values()) if scheme else []
    posted = request.method == "POST" and may_change_now(request)
    sheet = PointSheet(stage, items, _rows(page, request if posted else None), request.POST if posted else None)
    form = HouseForm(request.POST if posted else None)
    if posted and sheet.is_valid() and form.is_valid():
        submit = "submit" in request.POST
        done = attempt(form, save_sheet, cycle=cycle, stage=stage, rows=sheet.asked(), submit=submit, by=request.user)
        if done is not None:
            _say(request, done, submit)
            return redirect(request.get_full_path())
        sheet.show_stored()
    errors = [*sheet.errors, *({"text": text} for text in form.non_field_errors())] if posted else []
    context = {
        "cycle": cycle,
        "stage": stage,
        "stage_name": NAMES[stage],
        "page": page,
        "sheet": sheet,
        "errors": errors,
    }
    context |= _about(request, cycle, stage) | {
        "before_name": NAMES[sheet.before[0]] if sheet.before else "",
        "schemes": schemes,
        "items": items,
        "beside": _beside(stage, sheet, cycle),
    }
    return render(request, "ratings/sheet.html", context, status=422 if errors else 200)


def _rows(page, posted: HttpRequest | None) -> list[UnitRating]:
    """The units of the page; of a sheet sent back only those that it held, whatever has moved on since."""
    return [one for one in page if posted is None or f"v-{one.pk}" in posted.POST]


def _schemes(request: HttpRequest, found) -> list[dict]:
    """The schemes of the units that wait, one of which is shown: villages and communities have columns of their own."""
    rows = found.order_by().values("scheme", "scheme__name", "unit_kind").distinct().order_by("unit_kind", "scheme")
    rows = [{"pk": row["scheme"], "name": row["scheme__name"]} for row in rows]
    asked = request.GET.get("scheme", "")
    chosen = next((row["pk"] for row in rows if str(row["pk"]) == asked), rows[0]["pk"] if rows else None)
    for row in rows:
        row["on"] = row["pk"] == chosen
        row["url"] = keep.page_url(
            request, "rating_sheet", request.resolver_match.kwargs["pk"], **_kept(request, row["pk"])
        )
    return rows


def _kept(request: HttpRequest, scheme: int) -> dict:
    return {"stage": request.GET.get("stage"), "place": request.GET.get("place"), "scheme": scheme}


def _about(request: HttpRequest, cycle: RatingCycle, stage: str) -> dict:
    due = reads.due_of(cycle, stage)
    late = due is not None and today() > due
    closed = cycle.stage != stages.SELF
    return {"due": due, "late": late, "closed": closed, "writable": may_change_now(request) and not (late or closed)}


def _say(request: HttpRequest, done: Saved, submit: bool) -> None:
    messages.success(request, _("已保存，%(n)s 个单位的得分有变动。") % {"n": done.changed})
    if submit:
        messages.success(request, _("已提交 %(n)s 个单位。") % {"n": done.submitted})
    if done.open:
        words = {"n": len(done.open), "names": _("、").join(done.open[:5])}
        messages.info(request, _("%(n)s 个单位还没有打满分项，没有提交：%(names)s。") % words)


def _beside(stage: str, sheet: PointSheet, cycle: RatingCycle) -> list[dict]:
    """What stands beside the sheet for the unit in hand: earlier points with notes, files, frozen figures."""
    earlier = stages.scorers_before(stage)
    found = []
    for line in sheet.lines:
        unit = line["unit"]
        scores = {score.item_id: score for score in unit.scores.all()}
        files: dict[int, list] = {}
        for one in unit.files:
            files.setdefault(one.item_id, []).append(one)
        rows = [_beside_row(item, scores.get(item.pk), files.get(item.pk, []), earlier) for item in sheet.items]
        figures = [score for score in scores.values() if score.figure is not None]
        found.append({"unit": unit, "rows": rows, "figures": sorted(figures, key=lambda score: score.item.order)})
    return found


def _beside_row(item, score, files: list, earlier: tuple[str, ...]) -> dict:
    said = []
    for stage in earlier:
        points = getattr(score, f"{stage}_points", None)
        if points is not None:
            said.append({"stage": NAMES[stage], "points": points, "note": getattr(score, f"{stage}_note")})
    return {"item": item, "said": said, "files": files}
