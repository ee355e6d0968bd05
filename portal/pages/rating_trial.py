"""A scheme tried on last year's data: who would move, and by which items; as a page and as a file. Writes nothing."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.policy.kinds import STAR_SHARES
from portal.core.policy.queries import rule_for
from portal.core.sheets.columns import Column, Kind
from portal.core.sheets.exporting import Asked, Export, Found
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import Paginator
from portal.registry import INDICATORS
from ratings.enums import Star
from ratings.forms.schemes import TrialFilter
from ratings.models import RatingScheme
from ratings.queries.trial import Part, Trial, Tried, try_scheme
from ratings.scoring import GRADES, Deviation, deviation

ROWS = 50
MOVES = {"up": _L("升星"), "down": _L("降星"), "same": _L("不变"), "unknown": _L("无法比较")}


def _trial(user, pk: int, under: str) -> Trial:
    """The trial of a scheme of the reader's territory, for the units under the place they chose in it."""
    scheme = get_object_or_404(
        RatingScheme.objects.for_user(user, Perm.MANAGE_RATINGS).select_related("division"), pk=pk
    )
    inside = under.startswith(scheme.division_id) and len(under) > len(scheme.division_id)
    return try_scheme(scheme, INDICATORS, under if inside else "")


def chosen_rows(trial: Trial, asked: dict[str, str]) -> list[Tried]:
    """The units that the filters leave, those that would move furthest first."""
    move, after, q = asked["move"], asked["after"], asked["q"].strip()
    rows = [
        one
        for one in trial.rows
        if (not move or one.move == move or (move == "moved" and one.move in ("up", "down")))
        and (not after or str(one.after) == after)
        and (not q or q in one.division.label or q in one.division.parent.label)
    ]
    return sorted(rows, key=lambda one: (one.move not in ("up", "down"), -_distance(one), one.division.code))


def _distance(one: Tried) -> int:
    return 0 if one.before is None or one.after is None else abs(one.before - one.after)


@require_safe
@requires(Perm.MANAGE_RATINGS)
@never_cache
def rating_trial(request: HttpRequest, pk: int) -> HttpResponse:
    """The units under the scheme's division with their grade now and under the trial."""
    trial = _trial(request.user, pk, keep.place_of(request))
    form = TrialFilter(request.GET)
    rows = chosen_rows(trial, form.asked())
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    rule = rule_for(STAR_SHARES, trial.scheme.division_id, trial.on)
    context = {
        "trial": trial,
        "scheme": trial.scheme,
        "form": form,
        "page": page,
        "lines": [_line(one) for one in page],
        "moves": trial.moves,
        "grades": _grades(trial, rule.value),
        "rule": rule,
        "left_out": sum(one.points for one in trial.untried),
        "exports": export_menu(request, TRIAL, pk=pk),
    }
    return render(request, "ratings/scheme_trial.html", context)


def _grades(trial: Trial, shares: dict | None) -> list[dict]:
    """Units by grade last year and under the trial, with the guide beside them."""
    guide = shares and {grade: shares[Star(grade).name.lower()] for grade in GRADES}
    before = trial.grades("before")
    found: tuple[Deviation, ...] = deviation(trial.grades("after"), guide)
    return [{"label": Star(one.grade).label, "before": before.get(one.grade, 0), "deviation": one} for one in found]


def _line(one: Tried) -> dict:
    return {
        "row": one,
        "before": _star(one.before),
        "after": _star(one.after),
        "move": str(MOVES[one.move]),
        "reasons": [reason(part) for part in one.reasons],
    }


def _star(grade: int | None) -> str:
    return "" if grade is None else str(Star(grade).label)


def reason(part: Part) -> str:
    """What one item adds or takes, in words."""
    words = {"label": part.label, "points": f"{abs(part.difference):f}"}
    if part.before is None:
        return _("新增“%(label)s”，得 %(points)s 分") % words
    if part.after is None:
        return (
            _("取消“%(label)s”，去年得 %(points)s 分") % words
            if part.before >= 0
            else _("取消“%(label)s”，去年扣 %(points)s 分") % words
        )
    return (_("“%(label)s”多 %(points)s 分") if part.difference > 0 else _("“%(label)s”少 %(points)s 分")) % words


def find_trial(asked: Asked) -> Found:
    """The units as the page lists them."""
    trial = _trial(asked.user, asked.key, asked.under)
    rows = chosen_rows(trial, TrialFilter(asked.params).asked())
    return Found(len(rows), _rows(rows), about=f"{trial.scheme.division.label} {trial.scheme} ")


def _rows(rows: list[Tried]) -> Iterator[list[Any]]:
    for one in rows:
        why = _("；").join(reason(part) for part in one.reasons)
        totals = [None if value is None else float(value) for value in (one.total_before, one.total_after)]
        place = [one.division.code, one.division.label, one.division.parent.label]
        yield [*place, totals[0], _star(one.before), totals[1], _star(one.after), str(MOVES[one.move]), why]


TRIAL = Export(
    key="rating-trial",
    label=_L("星级方案试算"),
    perm=Perm.MANAGE_RATINGS,
    page="rating_trial",
    page_needs=("pk",),
    columns=(
        Column("code", _L("区划代码"), width=14),
        Column("unit", _L("单位"), width=20),
        Column("street", _L("街镇"), width=18),
        Column("total_before", _L("去年总分"), kind=Kind.NUMBER, width=10),
        Column("before", _L("去年星级"), width=10),
        Column("total_after", _L("试算总分"), kind=Kind.NUMBER, width=10),
        Column("after", _L("试算星级"), width=10),
        Column("move", _L("变化"), width=10),
        Column("why", _L("主要原因"), width=60),
    ),
    find=find_trial,
)
routes = [path("ratings/schemes/<int:pk>/trial/", rating_trial, name="rating_trial")]
