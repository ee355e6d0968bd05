"""The roster as a list."""

from functools import cached_property
from uuid import UUID

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.lib.dated import last_day
from portal.core.lib.identity import mask
from portal.core.territory.models import Division
from portal.core.territory.queries import find_division
from portal.core.web import keep
from portal.core.web.access import requires
from portal.core.web.export_menu import export_menu
from portal.core.web.paginator import BoundedPaginator
from workforce.enums import NotCounted
from workforce.exports.roster import ROSTER
from workforce.forms import RosterFilter, Status
from workforce.forms.listing import SORTS
from workforce.models import Appointment
from workforce.queries.community import Head
from workforce.queries.people import best, heads_among, posts_listed, sorted_at_once, with_details
from workforce.views.answers import may_change_now, page_or_part, url_of

PAGE_ROWS = 50
SORTED_AT_ONCE = 5_000  # posts
COLUMNS = (
    {"key": "name", "label": gettext_lazy("姓名"), "sort": True},
    {"key": "place", "label": gettext_lazy("社区"), "sort": True},
    {"key": "title", "label": gettext_lazy("任职机构与职务")},
    {"key": "tier", "label": gettext_lazy("层级与等级"), "sort": True},
    {"key": "entry", "label": gettext_lazy("任职方式")},
    {"key": "counted", "label": gettext_lazy("计入情况")},
    {"key": "certificate", "label": gettext_lazy("证书")},
    {"key": "start", "label": gettext_lazy("任职起始"), "sort": True},
)


class RosterTable:
    """The list as the address asks for it."""

    columns = COLUMNS

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.on = request, keep.day_of(request)
        self.place = place_or_404(request)
        self.form = RosterFilter(request.GET)
        self.asked = self.form.asked()
        sort = request.GET.get("sort", "")
        self.sort = sort if sort.removeprefix("-") in SORTS else "name"
        under = self.place.code if self.place else ""
        self.posts = posts_listed(request.user, under=under, on=self.on, sort=self.sort, **self.asked)

    @cached_property
    def page(self) -> Page:
        paginator = BoundedPaginator(with_details(self.posts), PAGE_ROWS)
        if paginator.found <= SORTED_AT_ONCE:
            paginator.object_list = sorted_at_once(paginator.object_list, self.sort)
        return paginator.get_page(self.request.GET.get("page"))

    @cached_property
    def people(self) -> int | None:
        """How many people the posts are held by; None where there are more than are counted."""
        if self.page.paginator.more:
            return None
        return self.posts.order_by().values("person_id").distinct().count()

    @cached_property
    def lines(self) -> list[dict]:
        posts = list(self.page)
        left = self.asked["status"] == Status.LEFT
        heads = {} if left else heads_among({post.division_id for post in posts}, self.on)
        return [_line(post, heads, left) for post in posts]

    @property
    def narrowed(self) -> bool:
        return bool(self.asked["q"]) or self.asked["status"] != Status.IN_POST


def _line(post: Appointment, heads: dict[UUID, Head], left: bool) -> dict:
    return {
        "post": post,
        "id_number": mask(post.person.id_number),
        "certificate": best(post.person.certificates.all()),
        "note": counting_note(post, heads),
        "left": last_day(post.valid_to) if left else None,
    }


def counting_note(post: Appointment, heads: dict[UUID, Head]) -> str:
    """Why the post adds no head here; empty where it does or where the day does not say."""
    head = heads.get(post.person_id)
    if head is None or (head.reason is None and head.division_id == post.division_id):
        return ""
    if head.reason:
        return _("未计入：%(reason)s") % {"reason": NotCounted(head.reason).label}
    return _("在其他社区计入")


def place_or_404(request: HttpRequest) -> Division | None:
    """The place chosen in the address, within the reader's territory; None without a choice."""
    code = request.GET.get("place", "")
    found = find_division(code, Division.objects.for_user(request.user, Perm.VIEW_ROSTER)) if code else None
    if code and found is None:
        raise Http404
    return found


@require_safe
@requires(Perm.VIEW_ROSTER)
def roster(request: HttpRequest) -> HttpResponse:
    """People in post under a place on a day."""
    table = RosterTable(request)
    may_change = may_change_now(request) and request.user.can(Perm.CHANGE_ROSTER, table.place and table.place.code)
    context = {"table": table, "may_change": may_change, "imports_url": url_of("imports"), "actions": []}
    if not request.htmx:
        context |= {"actions": _actions(request, may_change), "exports": _exports(request, table)}
    return page_or_part(request, "workforce/roster.html", "workforce/_roster_rows.html", context)


def _actions(request: HttpRequest, may_change: bool) -> list[dict]:
    found = []
    if may_change:
        new = keep.page_url(request, "worker_new")
        found.append({"label": _("新增人员"), "icon": "person-plus", "url": new, "primary": True})
        if url_of("roster_grid_home"):
            found.append({"label": _("表格录入"), "icon": "table", "url": keep.page_url(request, "roster_grid_home")})
        if imports := url_of("imports"):
            found.append({"label": _("导入"), "icon": "upload", "url": imports})
    return found


def _exports(request: HttpRequest, table: RosterTable) -> list[dict]:
    """The menu of files; the whole country is not taken out at once."""
    whole = table.place is None and "" in request.user.territories(Perm.VIEW_ROSTER)
    return [] if whole else export_menu(request, ROSTER)
