"""Who calls: a token in the Authorization header, and nowhere else."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from portal.core.accounts.models import ApiToken
from portal.core.web.problems import ProblemError, at_parameter

TOKEN_PARAMETERS = {"token", "access_token", "api_key", "apikey", "key", "authorization", "bearer"}
USED_EVERY = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`. Unknown, expired, revoked and disabled tokens get one and the same answer."""

    def authenticate(self, request):
        _refuse_token_in_address(request)
        parts = get_authorization_header(request).split()
        if not parts:
            return None
        if len(parts) != 2 or parts[0].lower() != b"bearer":
            raise AuthenticationFailed(_("请求头应写作 Authorization: Bearer 加令牌。"))
        now = timezone.now()
        digest = ApiToken.digest_of(parts[1].decode("latin-1"))
        token = ApiToken.objects.usable(now).with_rights().filter(digest=digest).order_by().first()
        if token is None:
            raise AuthenticationFailed(_("令牌无效、已过期或已撤销，请向管理员申请新令牌。"))
        _mark_used(token, now)
        return token.owner, token

    def authenticate_header(self, request) -> str:
        return 'Bearer realm="api"'


def _refuse_token_in_address(request) -> None:
    """Addresses end up in logs and histories; a token found there is answered without looking at it."""
    for name, values in request.query_params.lists():
        if name.lower() in TOKEN_PARAMETERS or any(value.startswith(ApiToken.PREFIX) for value in values):
            raise ProblemError(
                400,
                _("令牌不能写在地址里。请放入请求头 Authorization，并请管理员撤销这个已经暴露的令牌。"),
                slug="token-in-address",
                errors=[at_parameter(name if name.lower() in TOKEN_PARAMETERS else "", _("地址中不能有令牌。"))],
            )


def _mark_used(token: ApiToken, now) -> None:
    """Keeps the time of the last use to the minute, so that a busy client does not write at every request."""
    if token.last_used_at is None or token.last_used_at < now - USED_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=now - USED_EVERY)
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
