"""Points: entries of households and their confirmation by somebody else, balances, and the rules of a territory."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.codes import Level
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from ratings.actions import points as writes
from ratings.enums import PointState, PremisesKind
from ratings.exports.points import POINTS as EXPORT
from ratings.forms.points import PointFilter, PointForm
from ratings.models import Premises
from ratings.queries import points as reads
from ratings.queries.places import by_place, children, communities
from ratings.views import ledger as page
from workforce.views.places import at_place

COLUMNS = (
    page.Column(gettext_lazy("村和社区")),
    page.Column(gettext_lazy("使用积分的")),
    page.Column(gettext_lazy("积分住户（户）")),
    page.Column(gettext_lazy("所加积分（分）")),
    page.Column(gettext_lazy("待审核（条）")),
)


@require_safe
@at_place(Perm.VIEW_SERVICE)
@never_cache
def points(request: HttpRequest, division: Division) -> HttpResponse:
    """The entries of a year under a place, and how many places use points."""
    form = PointFilter(request.GET, on=keep.day_of(request))
    asked = form.asked()
    found = reads.entries(request.user, under=division.code, **asked)

    def whole() -> dict:
        rules = {"label": _("积分事项"), "icon": "journal-text"}
        rules["url"] = keep.page_url(request, "point_rules", division.code)
        return {
            **_figures(request, division, asked["year"]),
            "actions": [*page.new_act(request, "point_new", division, _("登记积分")), rules],
            "exports": export_menu(request, EXPORT, place=division.code),
        }

    return page.ledger(
        request, division, "points", _("积分"), "ratings/_point_rows.html", found, form, whole,
        changes=page.changes(request, division),
    )  # fmt: skip


def _figures(request: HttpRequest, division: Division, year: int) -> dict:
    on = keep.day_of(request)
    figures = reads.per_community(division.code, year)
    homes, gained, wait = (sum(one[index] for one in figures.values()) for index in range(3))
    words = {"year": year, "homes": homes, "gained": gained, "wait": wait}
    text = _("%(year)s 年有 %(homes)s 户积分，共加 %(gained)s 分；待审核 %(wait)s 条。") % words
    if division.level == Level.COMMUNITY:
        return {"sentence": text}
    values = {code: figures.get(code, (0, 0, 0)) for code in communities(division.code, on)}
    groups = by_place(places := children(division, on), values)
    lines = []
    for place in places:
        own = groups.get(place.code, [])
        sums = tuple(sum(one[index] for one in own) for index in range(3))
        lines.append((place, (len(own), sum(1 for one in own if one[0]), *sums), None))
    return {"sentence": text, "table": page.place_table(request, "points", _("各地积分"), COLUMNS, lines, year=year)}


@at_place(Perm.CHANGE_SERVICE)
@never_cache
def point_new(request: HttpRequest, division: Division) -> HttpResponse:
    """Enters points, or a redemption, of a household."""
    page.only_community(division)
    form = PointForm(request.POST or None, division=division)
    if form.is_valid() and (made := page.tried(form, writes.enter_points, **form.asked(), by=request.user)):
        words = {"place": made.premises.label, "points": f"{made.points:+d}"}
        sentence = _("已登记“%(place)s”%(points)s 分，由其他同事审核后生效。") % words
        return page.done(request, "points", division.code, sentence)
    lead = _("积分由另一人审核后才生效；兑换不能超过可用积分。")
    return page.row_form(request, form, division, "points", _("登记积分"), lead=lead)


@require_POST
@at_place(Perm.CHANGE_SERVICE)
def points_review(request: HttpRequest, division: Division) -> HttpResponse:
    """Confirms the ticked entries or turns them down, and says why when that cannot be."""
    chosen = [int(text) for text in request.POST.getlist("entry") if text.isascii() and text.isdigit()][:500]
    accept = request.POST.get("act") != "reject"
    try:
        rows = writes.review_points(entries=chosen, accept=accept, by=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        text = _("已确认 %(n)s 条积分。") if accept else _("%(n)s 条积分未通过。")
        messages.success(request, text % {"n": len(rows)})
    return redirect(keep.page_url(request, "points", division.code))


@require_safe
@requires(Perm.VIEW_SERVICE)
@never_cache
def point_household(request: HttpRequest, pk: int) -> HttpResponse:
    """The balance of a household, and every entry behind it."""
    homes = Premises.objects.filter(kind=PremisesKind.HOUSEHOLD).exclude(valid_to=F("valid_from"))
    home = page.fetched(request, homes, pk, Perm.VIEW_SERVICE)
    entries = home.points.select_related("rule", "entered_by", "reviewed_by").order_by("-on", "-pk")
    context = {
        "home": home,
        "balance": reads.balance_of(home),
        "entries": entries[:500],
        "gained": entries.filter(state=PointState.CONFIRMED, points__gt=0).aggregate(sum=Sum("points"))["sum"] or 0,
        "back": keep.page_url(request, "points", home.division_id),
    }
    return render(request, "ratings/point_household.html", context)
