"""A community: its people by post with empty chairs for the missing, allotment, positions, terms, populations, findings."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.findings.models import Finding
from portal.core.lib.clock import today
from portal.core.territory.models import Division
from portal.core.web import keep
from portal.pages.community_panels import allotment_panel, positions_panel, stars_panel, terms_panel
from portal.pages.dashboard import slots
from portal.pages.division_head import head, reasons_in_words
from portal.pages.empty_chairs import empty_chairs
from portal.pages.finding_texts import with_texts
from portal.pages.norms_panel import norms_panel
from portal.pages.populations import records_of
from portal.pages.staffing_table import StaffingTable
from workforce.enums import Body, NotCounted
from workforce.models import Appointment
from workforce.queries.committees import sitting
from workforce.queries.community import Head, heads_in, posts_in
from workforce.queries.establishment import positions_of


def community(request: HttpRequest, division: Division) -> HttpResponse:
    """The page of a community, as far as the reader's rights go."""
    table = StaffingTable(request, division)
    on, code = table.on, division.code
    heads = heads_in(code, on)
    posts, positions = posts_in(request.user, code, on), positions_of([code], on, code)[code]
    sits = sitting(code, on)
    vacant = empty_chairs(code, on, sits, positions) if division.urban and posts else {}
    context = head(request, table) | {
        "bodies": _bodies(posts, heads, code, vacant),
        "allotment": allotment_panel(request, code, on),
        "slots": slots(request, division) if division.urban else [],
        "positions": positions_panel(request, division, positions),
        "terms": terms_panel(request, division, sits, on) if division.urban else None,
        "stars": stars_panel(request, division, on),
        "norms": norms_panel(request, division, on),
        "sees_people": request.user.can(Perm.VIEW_ROSTER, code),
        "uncounted": _uncounted(request, heads, division.code),
        "records": records_of(request.user, division, table.figure),
        "findings": _findings(request, division),
    }
    return render(request, "portal/community.html", context)


def _bodies(posts: list[Appointment], heads: dict[UUID, Head], code: str, vacant: dict[str, list[str]]) -> list[dict]:
    """Posts by body in the order of `Body`, each with what the reader should know of its counting, then empty chairs."""
    order = list(Body.values)
    groups: dict[str, list[dict]] = {body: [] for body in order}
    seen: set[UUID] = set()
    for post in sorted(posts, key=lambda post: order.index(post.body)):
        head_of = heads.get(post.person_id)
        note = _("同一人，只计 1 人") if post.person_id in seen else _note(head_of, code)
        seen.add(post.person_id)
        line = {"post": post, "note": note, "certified": head_of is not None and head_of.certified}
        groups[post.body].append(line)
    return [
        {"label": Body(key).label, "lines": lines, "vacant": vacant.get(key, [])}
        for key, lines in groups.items()
        if lines or vacant.get(key)
    ]


def _note(head_of: Head | None, code: str) -> str:
    if head_of is None:
        return ""
    if head_of.reason:
        return _("未计入：%(reason)s") % {"reason": NotCounted(head_of.reason).label}
    return "" if head_of.division_id == code else _("在其他社区计入")


def _uncounted(request: HttpRequest, heads: dict[UUID, Head], code: str) -> dict:
    counts: dict[str, int] = {}
    for head_of in heads.values():
        if head_of.reason and head_of.division_id == code:
            counts[head_of.reason] = counts.get(head_of.reason, 0) + 1
    return {"count": sum(counts.values()), "reasons": reasons_in_words(request, code, counts)}


def _findings(request: HttpRequest, division: Division) -> list[Finding] | None:
    """Active findings of the community; None where the reader may not see them or looks at another day."""
    if not request.user.can(Perm.VIEW_FINDINGS, division.code) or keep.day_of(request) != today():
        return None
    found = Finding.objects.for_user(request.user, Perm.VIEW_FINDINGS).under(division.code).active()
    return with_texts(found.order_by("opened_on", "id"))
