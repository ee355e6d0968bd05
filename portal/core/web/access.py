"""Who may open a page: `@requires(Perm.X)` on a view.

Lacking the permission everywhere gives the 403 page that says whom to ask. A row outside the reader's territory is a
different matter: views fetch it through `.for_user(user, perm)`, so it is a 404 like any row that does not exist.
"""

import functools
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.core.accounts.roles import Perm
from portal.core.audit.actions import record
from portal.core.audit.models import Outcome

View = Callable[..., HttpResponse]


def requires(*perms: Perm) -> Callable[[View], View]:
    """Lets in users who hold any of `perms` somewhere; a refusal is written to the audit trail.

    The permissions stay readable as `view.requires`, for the navigation and for the permission matrix.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not any(map(request.user.can, perms)):
                refuse(request)
            return view(request, *args, **kwargs)

        guarded.requires = perms
        return guarded

    return decorate


def refuse(request: HttpRequest, sentence: str = "") -> None:
    """Records that the user was refused, then raises PermissionDenied with a sentence for the 403 page."""
    record(
        "access_refused",
        by=request.user,
        subject=request.path,
        division=request.user.home,
        outcome=Outcome.REFUSED,
        method=request.method,
    )
    raise PermissionDenied(sentence or _("您的角色不包含此项操作。"))
