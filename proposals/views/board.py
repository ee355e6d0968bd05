"""The traffic-light board of what is under way, and reminding a unit from it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.clock import today
from portal.core.web import formats, keep
from portal.core.web.access import requires
from portal.core.web.paginator import BoundedPaginator, found_by
from portal.core.workdays.queries import calendar_from
from proposals.actions.reminders import remind_unit
from proposals.deadlines import soon_until
from proposals.forms.board import LIGHT_LABELS, BoardFilter, ReminderForm
from proposals.models import Deadline, Handling
from proposals.queries import board as reads
from proposals.queries.cases import place_of_cases
from proposals.views.case_page import kind_of
from proposals.views.deadline_panel import BADGES
from proposals.views.handling_steps import part_or_404
from ratings.views.ledger import gone, tried
from workforce.views.answers import form_page, may_change_now, page_or_part

PAGE_ROWS = 50
TICK = {"key": "tick", "label": _L("勾选"), "hidden": True}
COLUMNS = (
    {"key": "left", "label": _L("剩余时间")},
    {"key": "case", "label": _L("提案")},
    {"key": "unit", "label": _L("承办单位")},
    {"key": "stage", "label": _L("阶段")},
    {"key": "due", "label": _L("期限")},
    {"key": "reminders", "label": _L("催办次数")},
)


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def proposal_board(request: HttpRequest) -> HttpResponse:
    """What the reader may see of what is under way, fewest days left first, then by stage."""
    code, on = place_of_cases(keep.place_of(request)), today()
    soon_on = soon_until(on, calendar_from(on))
    form = BoardFilter(request.GET, units=list(reads.units(request.user, code)))
    asked, rows = form.asked(), reads.board(request.user, code)
    found = reads.keys(reads.narrowed(rows, request.user, on, soon_on, **asked))
    counts = {} if request.htmx else reads.lights(rows, on, soon_on)
    pages = BoundedPaginator(found, PAGE_ROWS, found=found_by(counts, asked, "light"))
    page = pages.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "narrowed": asked,
        "lines": _lines(request, page, soon_on),
    }
    context["reminds"] = any(line["remind"] for line in context["lines"])
    context["columns"] = (TICK, *COLUMNS) if context["reminds"] else COLUMNS
    if not request.htmx:
        context |= {"lights": _lights(request, counts), "soon_on": soon_on}
    return page_or_part(request, "proposals/board.html", "proposals/_board_rows.html", context)


def _lights(request: HttpRequest, counts: dict[str, int]) -> list[dict]:
    """Every colour with its number and the board narrowed to it."""
    asked = request.GET.get("light", "")
    return [
        {
            "label": LIGHT_LABELS[colour],
            "count": counts[colour],
            "current": colour == asked,
            "url": keep.page_url(request, "proposal_board", light=None if colour == asked else colour),
        }
        for colour in reads.LIGHTS
    ]


def _lines(request: HttpRequest, page, soon_on) -> list[dict]:
    parts = reads.shown(request.user, page)
    held = reads.first_deadlines(parts)
    managed = request.user.territories(Perm.MANAGE_PROPOSALS) if may_change_now(request) else []
    urls = {name: keep.row_urls(request, name) for name in ("proposal", "deadline", "proposal_remind")}
    return [_line(one, held.get(one.pk), soon_on, managed, urls) for one in parts]


def _line(part: Handling, held: Deadline | None, soon_on, managed: list[str], urls: dict) -> dict:
    colour = reads.lit(part, today(), soon_on)
    reminds = not part.suspended and any(part.division_id.startswith(code) for code in managed)
    return {
        "row": part,
        "url": urls["proposal"](part.proposal_id),
        "badge": BADGES[colour],
        "word": _("中止计时") if part.suspended else formats.days_left((part.due_on - today()).days),
        "held": held,
        "explain": urls["deadline"](held.pk) if held else "",
        "remind": urls["proposal_remind"](part.pk) if reminds else "",
    }


@requires(Perm.MANAGE_PROPOSALS)
@never_cache
def proposal_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Reminds the unit of the last day that its part is on the board for."""
    part = part_or_404(request, pk, Perm.MANAGE_PROPOSALS)
    form = ReminderForm(request.POST or None, row=part)
    back = keep.page_url(request, "proposal_board")
    given = form.asked() if form.is_valid() and may_change_now(request) else None
    if given and tried(form, remind_unit, handling=part, by=request.user, **given):
        return gone(request, back, _("已催办%(unit)s。") % {"unit": part.unit.short})
    about = {
        "title": _("催办%(unit)s") % {"unit": part.unit.short},
        "kind": kind_of(part.proposal),
        "button": _("催办"),
    }
    return form_page(
        request, "workforce/plain_form.html", form, draft=request.path, back=back, **about | _due_words(part)
    )


def _due_words(part: Handling) -> dict:
    if part.due_on is None:
        return {"sentence": _("这个单位没有尚未完成的期限，不用催办。")}
    words = {"kind": part.get_due_kind_display(), "day": part.due_on.isoformat(), "count": part.reminders}
    return {"sentence": _("%(kind)s应在 %(day)s 前完成，此前已催办 %(count)s 次。") % words}
