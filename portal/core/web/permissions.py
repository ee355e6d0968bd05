"""What a call may do: the scope of its token first, then the permission of its user."""

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission

from portal.core.audit.actions import record
from portal.core.audit.models import Outcome
from portal.core.web.problems import ProblemError


class HasScope(BasePermission):
    """Asks for what the view's `Operation` declares. An action without a declaration is a fault, never open."""

    def has_permission(self, request, view) -> bool:
        if request.auth is None:
            return False
        if view.action is None:
            return True  # a method the address does not know: answered 405 next
        scope, perm = view.operation.scope, view.perm
        if scope and scope not in request.auth.scopes:
            _refused(request, scope=scope.value)
            raise ProblemError(
                403,
                _("令牌缺少范围 %(scope)s。请让管理员签发带有该范围的令牌。") % {"scope": scope.value},
                slug="missing-scope",
            )
        if perm and not request.user.can(perm):
            _refused(request, perm=perm.value)
            raise ProblemError(
                403,
                _("账号没有权限 %(perm)s。请让管理员授予相应角色。") % {"perm": perm.value},
                slug="missing-permission",
            )
        return True


def _refused(request, **missing: str) -> None:
    """Refusals by rights are on record, as they are for pages."""
    record(
        "access_refused",
        by=request.user,
        subject=request.path,
        division=request.user.home,
        outcome=Outcome.REFUSED,
        method=request.method,
        token=request.auth.prefix,
        **missing,
    )
