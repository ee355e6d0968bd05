"""The page of a case: where it stands, who must do what next, who is missing, everything that happened."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.accounts.roles import Perm
from portal.core.web.access import requires
from proposals.models import Proposal
from proposals.views import case_parts, intake
from proposals.views.panels import panels_of


@require_safe
@requires(Perm.VIEW_PROPOSALS)
@never_cache
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one proposal or suggestion that the reader may see."""
    held = intake.case_or_404(request, pk)
    parts = case_parts.parts_of(request, held)
    for part in parts:
        part["panels"] = panels_of(request, part["row"])
    manages = request.user.can(Perm.MANAGE_PROPOSALS, held.division_id)
    context = {
        "case": held,
        "kind": kind_of(held),
        "parts": parts,
        "story": case_parts.story(parts),
        "actions": case_parts.case_acts(request, held, manages),
        "intake": intake.panel(request, held),
    }
    return render(request, "proposals/case.html", context)


def kind_of(held: Proposal) -> str:
    """Session and number, as the heads of pages name a case."""
    return _("%(session)s %(number)s 号") % {"session": held.session.label, "number": held.number}
